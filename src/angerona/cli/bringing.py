"""`angerona import`: bring in notes or files, and say what became of every one."""

from __future__ import annotations

import contextlib
import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from angerona.cli.entrance import inside, now
from angerona.cli.files import place_of
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.progress import Bar
from angerona.errors import BadInput, one_of
from angerona.practice.importing import import_notes
from angerona.practice.importing_files import found_in, notes_of_files
from angerona.practice.importing_notes import notes_of
from angerona.practice.importing_rows import Rejected, read_table
from angerona.sealed.private_files import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.cli.entrance import Entry
    from angerona.practice.importing import Taken

KINDS: Final = ("notes", "files")
SHOWN_MAX: Final = 5


@dataclass(slots=True)
class _Sum:
    """What became of the rows so far."""

    kept: int = 0
    there: int = 0
    clients: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    """By their number, where files were brought."""

    def add(self, taken: Taken | Rejected) -> None:
        """Count one."""
        if isinstance(taken, Rejected):
            self.rejected.append(taken)
            return
        self.kept += taken.kept
        self.there += not taken.kept
        self.clients += taken.enrolled


def bring(entry: Entry, file: str, *, kind: str, wanted: str, rejects: str | None) -> None:
    """Bring a file in. What was taken stays, however it ends; running it again goes on from there.

    What could not be taken is written beside it, each as line (or file) and reason.
    """
    if kind not in KINDS:
        raise BadInput("--as", "no kind that can be imported", one_of(KINDS, kind))
    beside = Path(rejects) if rejects else Path(f"{file.rstrip('/')}.rejects.csv")
    if not beside.parent.is_dir():
        raise BadInput("--rejects", "no such folder", "a file in a folder that exists")
    if kind == "files":
        _bring_files(entry, Path(file), wanted, beside)
    else:
        _bring_notes(entry, file, beside)


def _bring_notes(entry: Entry, file: str, beside: Path) -> None:
    found, whole = _Sum(), False
    with _source(file) as source:
        notes = notes_of(read_table(source))
        with inside(entry) as here:
            try:
                with Bar("Bringing in", _size(source)) as bar:
                    for taken in import_notes(here.door, here.visit, notes, clock=now):
                        found.add(taken)
                        bar.at(source.tell())
                whole = True
            finally:
                _report(found, beside, whole=whole)


def _bring_files(entry: Entry, folder: Path, wanted: str, beside: Path) -> None:
    files = found_in(folder)
    found, whole = _Sum(files=[str(one.relative_to(folder)) for one in files]), False
    notes = notes_of_files(folder, files, wanted)
    with inside(entry) as here:
        try:
            with Bar("Bringing in", len(files)) as bar:
                for taken in import_notes(here.door, here.visit, notes, clock=now):
                    found.add(taken)
                    bar.at(taken.line)
            whole = True
        finally:
            _report(found, beside, whole=whole)


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


def _report(found: _Sum, beside: Path, *, whole: bool) -> None:
    if found.rejected:
        _write_rejects(found, beside)
    what, row, line = ("file", "file", "file") if found.files else ("note", "row", "line")
    page = Page()
    if not whole:
        page.headline("Stopped before the end. Run it again to go on from here.", "bold yellow")
    page.paragraph(
        f"{_many(found.kept, what)} brought in, for {_many(found.clients, 'new client')}"
        f"{f'; {found.there} there already' if found.there else ''}."
    )
    if found.rejected:
        page.paragraph(f"{_many(len(found.rejected), row)} could not be taken:")
        for one in found.rejected[:SHOWN_MAX]:
            page.item(f"{line} {one.line}: {one.reason}")
        page.paragraph(
            f"All of them, by {line} and reason: {place_of(beside.name)}. Mend them in "
            f"the {'folder' if found.files else 'file'} and run it again: nothing is brought in "
            "twice."
        )
    say_styled(page.lines(width_now()))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _write_rejects(found: _Sum, beside: Path) -> None:
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("file" if found.files else "line", "reason"))
    for one in found.rejected:
        rows.writerow((found.files[one.line - 1] if found.files else one.line, one.reason))
    write_private(beside, text.getvalue().encode(), _refused, replace=True)


def _refused(wrong: str, allowed: str) -> BadInput:
    return BadInput("the file of rejected rows", wrong, f"{allowed}; --rejects names another")
