"""`angerona import`: bring in clients, notes or files, and say what became of every one."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from angerona.cli.entrance import inside, now
from angerona.cli.files import place_of
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.progress import Bar
from angerona.errors import BadInput, one_of
from angerona.practice.bringing import Tally
from angerona.practice.importing import import_clients, import_notes
from angerona.practice.importing_clients import clients_of, matched
from angerona.practice.importing_files import found_in, notes_of_files
from angerona.practice.importing_notes import notes_of
from angerona.practice.importing_rows import read_table
from angerona.sealed.private_files import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from angerona.cli.entrance import Entry
    from angerona.practice.importing_clients import Listed
    from angerona.practice.importing_rows import Rejected, Table

KINDS: Final = ("notes", "files", "clients")
SHOWN_MAX: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody says of a file: what it holds, the class of files, a list's columns and days.

    `rejects` is where to list what is not taken, if not beside the file.
    """

    kind: str
    wanted: str
    columns: Sequence[str]
    dates: str
    rejects: str | None


def bring(entry: Entry, file: str, told: Told) -> None:
    """Bring a file in. What was taken stays, however it ends; running it again goes on from there.

    What could not be taken is written beside it, each as line (or file) and reason.
    """
    kind, rejects = told.kind, told.rejects
    if kind not in KINDS:
        raise BadInput("--as", "no kind that can be imported", one_of(KINDS, kind))
    beside = Path(rejects) if rejects else Path(f"{file.rstrip('/')}.rejects.csv")
    if not beside.parent.is_dir():
        raise BadInput("--rejects", "no such folder", "a file in a folder that exists")
    if kind == "files":
        _bring_files(entry, Path(file), told.wanted, beside)
    else:
        _bring_rows(entry, file, told, beside)


def _bring_rows(entry: Entry, file: str, told: Told, beside: Path) -> None:
    found, whole, noun = Tally(), False, "note" if told.kind == "notes" else "client"
    with _source(file) as source:
        table = read_table(source)
        listed = _listed(table, told) if told.kind == "clients" else None
        notes = notes_of(table) if listed is None else ()
        with inside(entry) as here:
            try:
                taking = (
                    import_notes(here.door, here.visit, notes, clock=now)
                    if listed is None
                    else import_clients(here.door, here.visit, listed, clock=now)
                )
                with Bar("Bringing in", _size(source)) as bar:
                    for taken in taking:
                        found.add(taken, str(taken.line))
                        bar.at(source.tell())
                whole = True
            finally:
                _report(found, noun, beside, whole=whole)


def _listed(table: Table, told: Told) -> Iterator[Listed | Rejected]:
    """The people of a list, its columns matched by their names and by what was said of them."""
    columns = {name: meaning for name, meaning in matched(table.columns).items() if meaning}
    for one in told.columns:
        name, given, meaning = one.rpartition("=")
        if not given or name.strip().lower() not in table.columns:
            raise BadInput("--column", "names no column of the list", "“its name=what it says”")
        columns[name.strip().lower()] = meaning.strip()
    return clients_of(table, columns, dates=told.dates)


def _bring_files(entry: Entry, folder: Path, wanted: str, beside: Path) -> None:
    files = found_in(folder)
    found, whole = Tally(), False
    notes = notes_of_files(folder, files, wanted)
    with inside(entry) as here:
        try:
            with Bar("Bringing in", len(files)) as bar:
                for taken in import_notes(here.door, here.visit, notes, clock=now):
                    found.add(taken, str(files[taken.line - 1].relative_to(folder)))
                    bar.at(taken.line)
            whole = True
        finally:
            _report(found, "file", beside, whole=whole)


@contextlib.contextmanager
def _source(file: str) -> Iterator[BinaryIO]:
    place = place_of(file)
    with contextlib.ExitStack() as stack:
        try:
            source = stack.enter_context(Path(file).open("rb"))
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or "not a file name"
            raise BadInput(place, "cannot be read", reason) from None
        if not source.seekable():
            raise BadInput(place, "cannot be read twice", "a file, no pipe")
        yield source


def _size(source: BinaryIO) -> int:
    here = source.tell()
    size = source.seek(0, io.SEEK_END)
    source.seek(here)
    return size


def _report(found: Tally, noun: str, beside: Path, *, whole: bool) -> None:
    row, line = ("file", "file") if noun == "file" else ("row", "line")
    if found.rejected:
        write_private(beside, found.rejects(line), _refused, replace=True)
    page = Page()
    if not whole:
        page.headline("Stopped before the end. Run it again to go on from here.", "bold yellow")
    new = "" if noun == "client" else f", for {_many(found.clients, 'new client')}"
    there = f"; {found.there} there already" if found.there else ""
    page.paragraph(f"{_many(found.kept, noun)} brought in{new}{there}.")
    if found.rejected:
        page.paragraph(f"{_many(len(found.rejected), row)} could not be taken:")
        for number, one in enumerate(found.rejected[:SHOWN_MAX], 1):
            page.item(f"{line} {number if noun == 'file' else one.where}: {one.reason}")
        page.paragraph(
            f"All of them, by {line} and reason: {place_of(beside.name)}. Mend them in "
            f"the {'folder' if noun == 'file' else 'file'} and run it again: nothing is brought in "
            "twice."
        )
    say_styled(page.lines(width_now()))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _refused(wrong: str, allowed: str) -> BadInput:
    return BadInput("the file of rejected rows", wrong, f"{allowed}; --rejects names another")
