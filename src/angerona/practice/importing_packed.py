"""Files that come packed, as one .zip out of a browser: what lies within, and what must not.

Nothing is ever unpacked to a disk: a file is read by itself, within bounds that its packing cannot
move, when it is taken. What would blow up, lead elsewhere, hide behind a password or is no file is
rejected by its name and a reason; what is no .zip, or packs too much, is refused whole.
"""

from __future__ import annotations

import datetime
import io
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from angerona.errors import BadInput
from angerona.practice.documents import UNKNOWN, kind_of
from angerona.practice.importing_files import (
    EMPTY,
    NO_DOCUMENT,
    NO_FILE,
    NOT_PLAIN,
    check_class,
    note_of_file,
)
from angerona.practice.importing_rows import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from angerona.practice.importing_files import Whose
    from angerona.practice.importing_notes import Note

FILES_MAX: Final = 2_000
FILE_BYTES_MAX: Final = 25_000_000
UNPACKED_BYTES_MAX: Final = 500_000_000
"""Of all files together, as the packing says; no more of a file is read than it says."""
DIRECTORY_BYTES_MAX: Final = 1_000_000
"""Of the list of files at the end, which is read into memory whole."""
PLACE: Final = "the packed file"
_HIDDEN: Final = frozenset({"__MACOSX"})
_KINDS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_LOCKED: Final = 0x1
_UTF_8: Final = 0x800
_NO_DATE: Final = (1980, 1, 1)
"""What packers write where they know no day."""
_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x07"
_END_BYTES: Final = 22
_END_64_BYTES: Final = 20
_REMARK_BYTES_MAX: Final = 65_535
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What reading a hostile file can raise; NotImplementedError is a RuntimeError."""


@dataclass(frozen=True, slots=True, repr=False)
class PackedFile:
    """A file within: the parts of its path, the day it was changed if known, what is wrong."""

    parts: tuple[str, ...]
    changed: datetime.datetime | None
    wrong: str
    _packed: zipfile.ZipFile
    _info: zipfile.ZipInfo

    @property
    def name(self) -> str:
        """Its own name, without a folder."""
        return self.parts[-1]

    @property
    def path(self) -> str:
        """Its whole path, parted by slashes."""
        return "/".join(self.parts)

    def read(self) -> bytes:
        """What it holds, unpacked as far as it says. Raises `OSError` where it is damaged."""
        try:
            with self._packed.open(self._info) as file:
                return file.read(min(self._info.file_size, FILE_BYTES_MAX) + 1)
        except _BROKEN:
            raise OSError from None


@dataclass(frozen=True, slots=True, repr=False)
class HeldFile:
    """A file in memory, as `BroughtFile` has it."""

    name: str
    data: bytes

    def open(self, _mode: Literal["rb"], /) -> BinaryIO:
        """The file, to be read."""
        return io.BytesIO(self.data)


def files_in(data: bytes) -> tuple[PackedFile, ...]:
    """The files within a .zip, in the order of their paths; what is hidden is passed over.

    Raises `BadInput` for what is no .zip, for a broken one, and for one that packs too much.
    """
    _check_end(data)
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        infos = [one for one in packed.infolist() if not one.is_dir()]
    except _BROKEN:
        raise BadInput(PLACE, "cannot be unpacked", "a plain .zip file") from None
    if len(infos) > FILES_MAX:
        raise BadInput(PLACE, f"holds more than {FILES_MAX} files", "bring it in parts")
    if sum(one.file_size for one in infos) > UNPACKED_BYTES_MAX:
        most = UNPACKED_BYTES_MAX // 1_000_000
        raise BadInput(PLACE, f"holds more than {most} MB when it is unpacked", "bring it in parts")
    found = [_file(packed, info) for info in infos]
    return tuple(sorted((one for one in found if not _is_hidden(one)), key=lambda one: one.parts))


def packed_up(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Single files as one .zip, each under its name; two of one name get a number each."""
    target, names = io.BytesIO(), set[str]()
    with zipfile.ZipFile(target, "w") as packed:
        for name, data in files:
            stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
            called, number = name, 2
            while called in names:
                called, number = f"{stem} ({number}){dot}{ending}", number + 1
            names.add(called)
            packed.writestr(zipfile.ZipInfo(called), data)
    return target.getvalue()


def _check_end(data: bytes) -> None:
    """Refuse a list of files that is larger than it may be before anybody reads it.

    The end is found where the library finds it: at the very end, else by its last mark.
    """
    at = len(data) - _END_BYTES
    if at < 0:
        raise BadInput(PLACE, "is no .zip file", "a .zip file, or the files themselves")
    if not (data.startswith(_END, at) and data.endswith(b"\0\0")):
        at = data.rfind(_END, max(0, at - _REMARK_BYTES_MAX))
    if at < 0 or at + _END_BYTES > len(data):
        raise BadInput(PLACE, "is no .zip file", "a .zip file, or the files themselves")
    if data.startswith(_END_64, max(0, at - _END_64_BYTES)):
        raise BadInput(PLACE, "is packed as a very large file", "a smaller .zip file")
    (size,) = struct.unpack_from("<L", data, at + 12)
    if size > DIRECTORY_BYTES_MAX:
        raise BadInput(PLACE, f"holds more than {FILES_MAX} files", "bring it in parts")


def notes_of_packed(
    files: Iterable[PackedFile],
    wanted: str,
    whose: Callable[[PackedFile], Whose | str],
    at: datetime.datetime,
) -> Iterator[Note | Rejected]:
    """A note for each file, of the class chosen; `whose` says whose a file is, or why nobody's.

    It is dated when the file was last changed, where that is known and does not lie ahead of `at`:
    a .zip names no zone. Raises `BadInput` for a class that cannot be brought.
    """
    check_class(wanted)
    for number, file in enumerate(files, 1):
        yield _note(number, file, wanted, whose(file), at)


def _note(
    number: int, file: PackedFile, wanted: str, whose: Whose | str, at: datetime.datetime
) -> Note | Rejected:
    if file.wrong:
        return Rejected(number, file.wrong)
    if isinstance(whose, str):
        return Rejected(number, whose)
    try:
        held = HeldFile(file.name, file.read())
    except OSError:
        return Rejected(number, "damaged")
    if kind_of(held.data) == UNKNOWN:
        return Rejected(number, NO_DOCUMENT)
    written = file.changed if file.changed is not None and file.changed <= at else None
    return note_of_file(number, held, whose, wanted, written)


def _file(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> PackedFile:
    name = _name(info).replace("\\", "/")
    parts = tuple(name.split("/"))
    return PackedFile(parts, _changed(info), _wrong(info, name, parts), packed, info)


def _name(info: zipfile.ZipInfo) -> str:
    """Its name. Some packers write UTF-8 without saying so."""
    if info.flag_bits & _UTF_8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _wrong(info: zipfile.ZipInfo, name: str, parts: tuple[str, ...]) -> str:
    """Why a file cannot be taken, as far as its packing says it; nothing where it can."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    leads_out = any(part in {"", ".", ".."} for part in parts) or ":" in parts[0]
    checks = (
        (leads_out, "its path leads out of the folder"),
        (not name.isprintable(), NOT_PLAIN),
        (kind and not stat.S_ISREG(kind), NO_FILE),
        (info.flag_bits & _LOCKED, "locked with a password"),
        (info.compress_type not in _KINDS, "packed in a way that is not known here"),
        (not info.file_size, EMPTY),
        (info.file_size > FILE_BYTES_MAX, f"larger than {FILE_BYTES_MAX} bytes"),
    )
    return next((reason for is_so, reason in checks if is_so), "")


def _changed(info: zipfile.ZipInfo) -> datetime.datetime | None:
    """When it was changed, to the second, taken as UTC: a .zip names no zone."""
    try:
        found = datetime.datetime(*info.date_time, tzinfo=datetime.UTC)
    except ValueError:
        return None
    return None if info.date_time[:3] == _NO_DATE else found


def _is_hidden(file: PackedFile) -> bool:
    return any(
        part in _HIDDEN or (part.startswith(".") and part not in {".", ".."}) for part in file.parts
    )
