"""`angerona note` and `leave`: keeping what stands on standard input, and a file with it."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from angerona.cli.clients import entry_of
from angerona.cli.deciding import stop_inside, told_of
from angerona.cli.entrance import inside
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.talking import tell
from angerona.errors import BadInput, one_line
from angerona.gate.gathering import Wish
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept
from angerona.practice.caseload import client_of, short_id
from angerona.sealed.attachments import NAME_CHARACTERS_MAX
from angerona.sealed.compartments import CLASS_NUMBERS
from angerona.sealed.entries import TEXT_BYTES_MAX
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.cli.entrance import Entry

_FILE: Final = "--file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What is written: its class and heading, what for, and the file that goes with it."""

    wanted: str
    heading: str
    purpose: str
    file: str | None


def note(entry: Entry, client: str, leaf: Leaf, *, amends: str | None) -> None:
    """Keep what stands on standard input as an entry."""
    _check(leaf)
    with _file(leaf) as (file, name), inside(entry) as here:
        client_id = client_of(here.now(), client)
        amended = None
        if amends is not None:
            amended = entry_of(here.door.vault.places(client_id), amends)
        draft = _draft(leaf, file, name, amended)
        kept = here.door.keep(here.now(), client_id, draft)
        if not isinstance(kept, Kept):
            wish = Wish(wants=(leaf.wanted,), purpose=leaf.purpose, as_author=True)
            stop_inside("Nothing was kept.", told_of(here, client_id, wish), kept)
    page = Page()
    page.paragraph(f"Kept as {short_id(kept.entry_id)}, version {kept.version}.")
    say_styled(page.lines(width_now()))


def leave(entry: Entry, client: str, leaf: Leaf) -> None:
    """Leave in a record what one may not read there again."""
    _check(leaf)
    with _file(leaf) as (file, name), inside(entry) as here:
        client_id = client_of(here.now(), client)
        kept = here.door.deposit(here.now(), client_id, _draft(leaf, file, name, None))
    page = Page()
    page.paragraph(f"Left as {short_id(kept.entry_id)}. Whoever may read the class finds it there.")
    say_styled(page.lines(width_now()))


def _check(leaf: Leaf) -> None:
    if leaf.wanted not in CLASS_NUMBERS:
        raise BadInput(
            "--class", "no class of the record", f"such as {', '.join(list(CLASSES)[6:9])}"
        )


@contextlib.contextmanager
def _file(leaf: Leaf) -> Iterator[tuple[BinaryIO | None, str]]:
    """The file that goes with it, opened, and its name. Raises `BadInput`."""
    if leaf.file is None:
        yield None, ""
        return
    path = Path(leaf.file)
    name = one_line(_FILE, path.name, NAME_CHARACTERS_MAX)
    try:
        if not path.is_file():
            raise BadInput(_FILE, "is no plain file", "a file that exists")
        file = path.open("rb")
    except (OSError, ValueError):
        raise BadInput(_FILE, "cannot be read", "a file that exists") from None
    with file:
        yield file, name


def _draft(leaf: Leaf, file: BinaryIO | None, name: str, amends: bytes | None) -> Draft:
    """A file without a word beside it is kept with its name for a text."""
    return Draft(
        wanted=leaf.wanted,
        heading=leaf.heading,
        text=_typed() or name,
        amends=amends,
        purpose=leaf.purpose,
        file=file,
        file_name=name,
    )


def _typed() -> str:
    """The text on standard input, strictly UTF-8."""
    if sys.stdin is None:
        raise BadInput("standard input", "there is none", "the text of the note")
    if sys.stdin.isatty():
        tell("Write the note; end it with Ctrl-D on a line of its own.")
    data = sys.stdin.buffer.read(TEXT_BYTES_MAX + 1)
    if len(data) > TEXT_BYTES_MAX:
        raise BadInput("standard input", "too long", f"at most {TEXT_BYTES_MAX} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("standard input", "not UTF-8 text") from None
    if "\0" in text:
        raise BadInput("standard input", "holds a NUL character", "plain text")
    return text.replace("\r\n", "\n").strip()
