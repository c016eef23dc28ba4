"""Files out of a folder that somebody brings: scans, letters, reports, a folder for each client.

`FOLDER/NAME OF THE CLIENT/any/file.pdf`: each file becomes an entry of its own with that file, of
the one class that was chosen for all. What is hidden, a link, no document or too large is rejected
by its number in the list, which `found_in` gives.
"""

from __future__ import annotations

import datetime
import stat
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, one_of
from angerona.practice.documents import UNKNOWN, kind_of
from angerona.practice.importing_notes import (
    CLASSES_TAKEN,
    CLIENT_CHARACTERS_MAX,
    YEAR_LEAST,
    Note,
)
from angerona.practice.importing_rows import Rejected
from angerona.sealed.entries import HEADING_CHARACTERS_MAX

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FILES_MAX: Final = 100_000
FILE_BYTES_MAX: Final = 100_000_000
PLACE: Final = "the folder"


def found_in(folder: Path) -> list[Path]:
    """Every file below the folders of a folder, in the order of their names.

    Raises `BadInput` for no folder, for files that lie beside the folders of the clients, and for
    more than 100,000.
    """
    try:
        beside = [one for one in folder.iterdir() if one.is_file() and not _is_hidden(one, folder)]
        found = sorted(
            one for one in folder.rglob("*") if one.is_file() and not _is_hidden(one, folder)
        )
    except OSError:
        raise BadInput(PLACE, "cannot be read", "a folder with a folder for each client") from None
    if beside:
        raise BadInput(PLACE, "holds files of nobody", "a folder for each client, and files in it")
    if not found:
        raise BadInput(PLACE, "holds no files", "a folder for each client, and files in it")
    if len(found) > FILES_MAX:
        raise BadInput(PLACE, f"holds more than {FILES_MAX} files", "bring it in parts")
    return found


def notes_of_files(folder: Path, files: Sequence[Path], wanted: str) -> Iterator[Note | Rejected]:
    """A note for each file, of the class chosen, dated when the file was last changed.

    Raises `BadInput` for a class that cannot be brought.
    """
    if wanted not in CLASSES_TAKEN:
        raise BadInput("class", "cannot be brought in", one_of(CLASSES_TAKEN, wanted))
    for number, path in enumerate(files, 1):
        yield _note(number, path, path.relative_to(folder).parts[0], wanted)


def _note(number: int, path: Path, client: str, wanted: str) -> Note | Rejected:
    try:
        found = path.lstat()
        if wrong := _wrong_with(path, found):
            return Rejected(number, wrong)
    except OSError:
        return Rejected(number, "cannot be read")
    name = " ".join(client.split())
    if len(name) > CLIENT_CHARACTERS_MAX or not name.isprintable() or not path.name.isprintable():
        return Rejected(number, "its name, or its folder's, is not one plain line")
    written = datetime.datetime.fromtimestamp(int(found.st_mtime), datetime.UTC)
    return Note(
        line=number,
        client=name,
        born=None,
        written=written if written.year >= YEAR_LEAST else None,
        wanted=wanted,
        heading=path.stem[:HEADING_CHARACTERS_MAX],
        text=path.name,
        file=path,
    )


def _wrong_with(path: Path, found: os.stat_result) -> str:
    """Why a file cannot be taken; nothing where it can."""
    if not stat.S_ISREG(found.st_mode):
        return "no plain file"
    if not found.st_size:
        return "empty"
    if found.st_size > FILE_BYTES_MAX:
        return f"larger than {FILE_BYTES_MAX} bytes"
    if kind_of(path.read_bytes()) == UNKNOWN:
        return "no document: PDF, Word, OpenDocument, plain text, PNG, JPEG, TIFF"
    return ""


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
