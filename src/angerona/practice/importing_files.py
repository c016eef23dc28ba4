"""Files out of a folder that somebody brings: scans, letters, reports, a folder for each client.

`FOLDER/NAME OF THE CLIENT/any/file.pdf`: each file becomes an entry of its own with that file, of
the one class that was chosen for all. A list `clients.csv` in the folder may say for single files
whose they are. What is hidden, a link, no document or too large is rejected by its number in the
list, which `found_in` gives.
"""

from __future__ import annotations

import datetime
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from angerona.errors import BadInput, one_of
from angerona.practice.documents import UNKNOWN, kind_of
from angerona.practice.importing_notes import (
    CLASSES_TAKEN,
    CLIENT_CHARACTERS_MAX,
    YEAR_LEAST,
    Note,
    born_on,
)
from angerona.practice.importing_rows import Rejected, Row, Wrong, plain_line, read_table
from angerona.sealed.entries import HEADING_CHARACTERS_MAX

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from angerona.practice.importing_notes import BroughtFile

FILES_MAX: Final = 100_000
FILE_BYTES_MAX: Final = 100_000_000
PLACE: Final = "the folder"
LIST: Final = "clients.csv"
"""The list beside the files that says whose they are."""
LIST_COLUMNS: Final = ("file", "client")
LIST_OPTIONAL: Final = "born"
NOBODYS: Final = f"belongs to nobody: it lies in no folder of a client, and is not in {LIST}"
NO_DOCUMENT: Final = "no document: PDF, Word, OpenDocument, plain text, PNG, JPEG, TIFF"
NOT_PLAIN: Final = "its name, or its folder's, is not one plain line"
NO_FILE: Final = "no plain file"
EMPTY: Final = "empty"


@dataclass(frozen=True, slots=True, repr=False)
class Whose:
    """Whose a file is: by name, and day of birth if known, or by the client's id (16 bytes)."""

    name: str
    born: datetime.date | None = None
    client_id: bytes | None = None


def found_in(folder: Path) -> list[Path]:
    """Every file below the folders of a folder, in the order of their names.

    Raises `BadInput` for no folder, for files that lie beside the folders of the clients without a
    list that says whose they are, and for more than 100,000.
    """
    try:
        found = sorted(
            one for one in folder.rglob("*") if one.is_file() and not _is_hidden(one, folder)
        )
    except OSError:
        raise BadInput(PLACE, "cannot be read", "a folder with a folder for each client") from None
    listing = folder / LIST
    if listing not in found and any(one.parent == folder for one in found):
        raise BadInput(PLACE, "holds files of nobody", f"a folder for each client, or {LIST}")
    found = [one for one in found if one != listing]
    if not found:
        raise BadInput(PLACE, "holds no files", "a folder for each client, and files in it")
    if len(found) > FILES_MAX:
        raise BadInput(PLACE, f"holds more than {FILES_MAX} files", "bring it in parts")
    return found


def listed_owners(source: BinaryIO) -> dict[str, Whose]:
    """Whose each file is, by its path in the folder, out of the list beside the files.

    Raises `BadInput` for a list that cannot be used, by its first line that cannot be.
    """
    table = read_table(source)
    columns = set(table.columns)
    if not columns.issuperset(LIST_COLUMNS) or len(columns - {*LIST_COLUMNS, LIST_OPTIONAL}):
        allowed = f"{', '.join(LIST_COLUMNS)}, and {LIST_OPTIONAL} if it is known"
        raise BadInput(LIST, "has other columns", allowed)
    found: dict[str, Whose] = {}
    for row in table.rows:
        if isinstance(row, Rejected):
            raise BadInput(f"{LIST}, line {row.line}", row.reason)
        path = row.fields["file"].strip().replace("\\", "/")
        if path in found:
            raise BadInput(f"{LIST}, line {row.line}", "names a file once more", "each file once")
        found[path] = _listed(row)
    return found


def _listed(row: Row) -> Whose:
    try:
        name = plain_line("client", row.fields["client"], CLIENT_CHARACTERS_MAX)
        return Whose(name, born_on(row.fields.get(LIST_OPTIONAL, "")))
    except Wrong as wrong:
        raise BadInput(f"{LIST}, line {row.line}", str(wrong)) from None


def check_class(wanted: str) -> None:
    """Raise `BadInput` for a class that cannot be brought."""
    if wanted not in CLASSES_TAKEN:
        raise BadInput("class", "cannot be brought in", one_of(CLASSES_TAKEN, wanted))


def notes_of_files(folder: Path, files: Sequence[Path], wanted: str) -> Iterator[Note | Rejected]:
    """A note for each file, of the class chosen, dated when the file was last changed.

    Raises `BadInput` for a class that cannot be brought, and for a list that cannot be used.
    """
    check_class(wanted)
    owners: Mapping[str, Whose] = {}
    if (folder / LIST).is_file():
        with (folder / LIST).open("rb") as source:
            owners = listed_owners(source)
    for number, path in enumerate(files, 1):
        inside = path.relative_to(folder)
        whose = owners.get(inside.as_posix())
        if whose is None and len(inside.parts) > 1:
            whose = Whose(inside.parts[0])
        yield _note(number, path, whose, wanted)


def note_of_file(
    number: int,
    file: BroughtFile,
    whose: Whose,
    wanted: str,
    written: datetime.datetime | None,
) -> Note | Rejected:
    """The note that a file becomes; rejected where its name, or its client's, is no plain line."""
    name = " ".join(whose.name.split())
    if len(name) > CLIENT_CHARACTERS_MAX or not name.isprintable() or not file.name.isprintable():
        return Rejected(number, NOT_PLAIN)
    stem, dot, _ = file.name.rpartition(".")
    return Note(
        line=number,
        client=name,
        born=whose.born,
        written=written if written is not None and written.year >= YEAR_LEAST else None,
        wanted=wanted,
        heading=(stem if dot and stem else file.name)[:HEADING_CHARACTERS_MAX],
        text=file.name,
        file=file,
        client_id=whose.client_id,
    )


def _note(number: int, path: Path, whose: Whose | None, wanted: str) -> Note | Rejected:
    try:
        found = path.lstat()
        wrong = _wrong_with(path, found)
    except OSError:
        return Rejected(number, "cannot be read")
    if wrong or whose is None:
        return Rejected(number, wrong or NOBODYS)
    written = datetime.datetime.fromtimestamp(int(found.st_mtime), datetime.UTC)
    return note_of_file(number, path, whose, wanted, written)


def _wrong_with(path: Path, found: os.stat_result) -> str:
    """Why a file cannot be taken; nothing where it can."""
    if not stat.S_ISREG(found.st_mode):
        return NO_FILE
    if not found.st_size:
        return EMPTY
    if found.st_size > FILE_BYTES_MAX:
        return f"larger than {FILE_BYTES_MAX} bytes"
    return NO_DOCUMENT if kind_of(path.read_bytes()) == UNKNOWN else ""


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
