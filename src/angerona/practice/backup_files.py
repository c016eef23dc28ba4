"""The form of a backup: two sets of files, the same whichever database they came from.

```
content/2026-03-02T093000Z/  entries.rows ... events.rows     head.txt manifest.json manifest.sig
keyset/2026-03-02T093000Z/   clients.rows.age ... keyset.age  head.txt manifest.json manifest.sig
```

`NAME.rows` holds the rows of one table: for each row four bytes of length (big-endian), then a
MessagePack array of its columns in the order that the manifest names. `.age` is the same, sealed to
the key holders in the age format. `head.txt` is the ledger's newest signed head at that moment.
`manifest.sig` is the signature of the ledger's key over the manifest, and the manifest holds the
size and SHA-256 of every other file. docs/BACKUP-FORMAT.md says all of it for other readers.

A set lies under a name that begins with a dot until it is whole; then it gets its own.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import os
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeAlias

import msgspec

from angerona.ciphers.age_files import open_age, seal_age
from angerona.ciphers.encoding import packed
from angerona.ciphers.signing import verify
from angerona.errors import BackupFault, Forged, Unopenable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from angerona.ciphers.age_files import Takes
    from angerona.ciphers.signing import Signer, SignerPublic
    from angerona.store import Row

    Tell = Callable[[str, int, int], None]
    """Told what is being done, how much of it is done, and how much it is."""

FORM: Final = "angerona/backup/v1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
HEAD: Final = "head.txt"
KEYSET: Final = "keyset.age"
MANIFEST_BYTES_MAX: Final = 1_000_000
ROW_BYTES_MAX: Final = 2**28
_PIECE: Final = 2**20
_LENGTH: Final = 4
_VALUES: Final = (bytes, int, str, type(None))
_TABLE: Final = re.compile(r"[a-z][a-z_0-9]{0,40}\Z")
_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
_SUM: Final = re.compile(r"[0-9a-f]{64}\Z")
_COPY: Final = "this copy was altered or damaged; take another copy, or an older backup"

Kind: TypeAlias = Literal["content", "keyset"]

CHECKS: Final = MappingProxyType(
    {
        "place": "no practice lies where it is to be restored to",
        "target": "the folder to write to can be written, lies outside the data, and has room",
        "set": "both sets are there, each of its kind, and all their files can be read",
        "manifest": "the manifest is in its form",
        "schema": "the tables are of a version that this release knows",
        "practice": "both sets are of one practice",
        "ages": "the keyset is not older than the content",
        "age": "the keyset opens with the key holder's words or identity",
        "boot secret": "the boot secret is the one of this practice",
        "signature": "the ledger's key signed each manifest",
        "files": "every file is as the manifest says, byte for byte",
        "vouched": "who may open what was as the ledger held it when the keyset was copied",
        "tree": "the events give the tree whose root the head signs",
        "remembered": "no remembered head is newer than the ledger, and none parts from it",
        "rows": "every table is there, with the rows that the manifest counts",
        "epochs": "the keyset holds the key of every epoch that the rows name",
    }
)
"""The names of the checks, in the order of a restore; `epochs` holds while a backup is made."""


class FileSum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file must be: its size in bytes and its SHA-256, in hexadecimal digits."""

    bytes: int
    sha256: str


class TableFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rows of one table: its columns in the order of the file, how many rows, and the file."""

    table: str
    columns: tuple[str, ...]
    rows: int
    file: FileSum


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands in `manifest.json`.

    `backup` is the same in the two sets that were made together; `schema` the version of the
    tables; `keyset` the file of the same name, which the content does not have. `not_vouched`
    counts the people and clients whose rows were not what the ledger held.
    """

    form: str
    kind: Kind
    backup: str
    practice: str
    made: datetime.datetime
    schema: int
    head: FileSum
    tables: tuple[TableFile, ...]
    keyset: FileSum | None = None
    not_vouched: int = 0

    @property
    def practice_id(self) -> bytes:
        """The practice whose backup it is (16 bytes)."""
        return bytes.fromhex(self.practice)

    def files(self) -> dict[str, FileSum]:
        """Every file by name, the manifest and its signature left out."""
        found = {HEAD: self.head}
        found |= {file_of(one.table, self.kind): one.file for one in self.tables}
        return found if self.keyset is None else {**found, KEYSET: self.keyset}


def file_of(table: str, kind: Kind) -> str:
    """The name of the file with a table's rows."""
    return f"{table}.rows.age" if kind == "keyset" else f"{table}.rows"


def stamp(at: datetime.datetime) -> str:
    """The name of a set: the moment it was made, in UTC."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H%M%SZ")


class SetWriter:
    """Writes the files of one set into a folder; with `recipients` they are sealed to these."""

    def __init__(self, folder: Path, kind: Kind, recipients: Sequence[str]) -> None:
        """`folder` is there and empty."""
        self.folder = folder
        self._kind = kind
        self._recipients = recipients
        self.not_vouched = 0
        self._tables: list[TableFile] = []
        self._sums: dict[str, FileSum] = {}

    def table(self, table: str, columns: Sequence[str], pages: Iterable[Sequence[Row]]) -> int:
        """Write the rows of a table; how many there were."""
        count = 0

        def chunks() -> Iterator[bytes]:
            nonlocal count
            for rows in pages:
                count += len(rows)
                yield b"".join(map(framed, rows))

        found = self._written(file_of(table, self._kind), chunks())
        self._tables.append(TableFile(table, tuple(columns), count, found))
        return count

    def head(self, note: str) -> None:
        """Write the signed head, which anybody may read."""
        with _Summed(self.folder / HEAD) as file:
            file.write(note.encode())
        self._sums[HEAD] = file.sum()

    def keyset(self, text: bytes) -> None:
        """Write the keyset file, sealed."""
        self._sums[KEYSET] = self._written(KEYSET, [text])

    def finish(
        self, backup: bytes, practice_id: bytes, at: datetime.datetime, schema: int, signer: Signer
    ) -> Manifest:
        """Write the manifest with its signature, and make the whole set durable."""
        manifest = Manifest(
            form=FORM,
            kind=self._kind,
            backup=backup.hex(),
            practice=practice_id.hex(),
            made=at.astimezone(datetime.UTC).replace(microsecond=0),
            schema=schema,
            head=self._sums[HEAD],
            tables=tuple(self._tables),
            keyset=self._sums.get(KEYSET),
            not_vouched=self.not_vouched,
        )
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
        signature = base64.b64encode(signer.sign(packed(FORM, text))) + b"\n"
        for name, data in ((MANIFEST, text), (SIGNATURE, signature)):
            with _Summed(self.folder / name) as file:
                file.write(data)
        flush_folder(self.folder)
        return manifest

    def _written(self, name: str, chunks: Iterable[bytes]) -> FileSum:
        with _Summed(self.folder / name) as file:
            if self._recipients:
                seal_age(chunks, file, self._recipients)
            else:
                for chunk in chunks:
                    file.write(chunk)
        return file.sum()


class _Summed:
    """A new file of its owner's alone, summed while it is written, durable at the end."""

    def __init__(self, path: Path) -> None:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._file: BinaryIO = os.fdopen(number, "wb", buffering=_PIECE)
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        self._hash.update(data)
        self._size += len(data)
        self._file.write(data)

    def sum(self) -> FileSum:
        return FileSum(self._size, self._hash.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())
        finally:
            self._file.close()


def framed(row: Row) -> bytes:
    """One row as it stands in a file."""
    text = msgspec.msgpack.encode(row)
    return len(text).to_bytes(_LENGTH, "big") + text


class RowReader:
    """Takes the bytes of a `.rows` file as they come and hands on whole rows.

    Raises `BackupFault` "rows" for anything `framed` would not have written.
    """

    def __init__(self, columns: int, take: Callable[[list[Row]], None]) -> None:
        self._columns = columns
        self._take = take
        self._left = bytearray()
        self.rows = 0

    def write(self, data: bytes) -> None:
        """Take some bytes; `take` is called with the rows that became whole."""
        self._left += data
        rows, start = [], 0
        while (body := start + _LENGTH) <= len(self._left):
            size = int.from_bytes(self._left[start:body], "big")
            if size > ROW_BYTES_MAX:
                raise _rows_fault()
            if body + size > len(self._left):
                break
            rows.append(self._row(bytes(self._left[body : body + size])))
            start = body + size
        del self._left[:start]
        self.rows += len(rows)
        if rows:
            self._take(rows)

    def end(self) -> None:
        """To be called when everything was given."""
        if self._left:
            raise _rows_fault()

    def _row(self, text: bytes) -> Row:
        try:
            row = msgspec.msgpack.decode(text, type=tuple[Any, ...])
        except msgspec.MsgspecError:
            raise _rows_fault() from None
        if len(row) != self._columns or any(type(value) not in _VALUES for value in row):
            raise _rows_fault()
        return row


def _rows_fault() -> BackupFault:
    return BackupFault("rows", "a file holds something else than rows", _COPY)


class _Hashing:
    """A file that is summed while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self._size = 0

    def read(self, size: int = _PIECE) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        self._size += len(data)
        return data

    def sum(self) -> FileSum:
        return FileSum(self._size, self._hash.hexdigest())


def read_manifest(folder: Path, kind: Kind) -> tuple[Manifest, bytes, bytes]:
    """The manifest of a set, its text and its signature, neither checked yet.

    Raises `BackupFault` "set" or "manifest".
    """
    text = _small_file(folder, MANIFEST)
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
        signature = base64.b64decode(_small_file(folder, SIGNATURE).strip(), validate=True)
    except (msgspec.MsgspecError, binascii.Error):
        raise BackupFault("manifest", "it is not in its form", _COPY) from None
    if manifest.form != FORM or manifest.kind != kind:
        wrong = f"{folder.name} holds another form or another set than the {kind}"
        raise BackupFault("manifest", wrong, "name the folder of that set")
    if not _plausible(manifest):
        raise BackupFault("manifest", "it is not in its form", _COPY)
    return manifest, text, signature


def _plausible(manifest: Manifest) -> bool:
    """Names that are plain words, sums that are sums; so that no name leads out of the folder."""
    tables = manifest.tables
    names = [manifest.practice, manifest.backup]
    sums = [one.sha256 for one in manifest.files().values()]
    words = [word for one in tables for word in (one.table, *one.columns)]
    return (
        all(_ID.match(one) for one in names)
        and all(_SUM.match(one) for one in sums)
        and all(_TABLE.match(one) for one in words)
        and len({one.table for one in tables}) == len(tables)
        and manifest.made.tzinfo is not None
        and (manifest.keyset is not None) == (manifest.kind == "keyset")
    )


def check_signature(text: bytes, signature: bytes, public: SignerPublic) -> None:
    """Raise `BackupFault` "signature" unless the ledger's key signed this manifest."""
    try:
        verify(public, packed(FORM, text), signature)
    except Forged:
        wrong = "a manifest that the ledger's key of this practice did not sign"
        raise BackupFault("signature", wrong, "take the sets of this practice, unaltered") from None


def read_head(folder: Path, name: str) -> str:
    """The signed head of a set, not checked yet. Raises `BackupFault` "set"."""
    return _small_file(folder, name).decode("utf-8", "replace")


def check_file(folder: Path, name: str, wanted: FileSum) -> None:
    """Raise `BackupFault` "set" or "files" unless a file is what the manifest says."""
    with opened_file(folder, name) as file:
        hashing = _Hashing(file)
        while hashing.read():
            pass
    _compare(name, hashing, wanted)


def pour(
    folder: Path, name: str, wanted: FileSum, target: Takes, identities: Sequence[str]
) -> None:
    """Read a file into `target`, opened with the identities if it is sealed, and check it again.

    What `target` took counts when this returns. Raises `BackupFault` "set", "files" or "age".
    """
    with opened_file(folder, name) as file:
        hashing = _Hashing(file)
        try:
            if name.endswith(".age"):
                open_age(hashing, target, identities)
            else:
                while data := hashing.read():
                    target.write(data)
        except Unopenable:
            wrong = f"{name} does not open with what was given"
            remedy = "give the words of a key holder of this practice, or another identity"
            raise BackupFault("age", wrong, remedy) from None
    _compare(name, hashing, wanted)


def opened_file(folder: Path, name: str) -> BinaryIO:
    """A file of a set, open. Raises `BackupFault` "set"."""
    try:
        return (folder / name).open("rb")
    except OSError as problem:
        wrong = f"{name} of {folder.name} cannot be read: {problem.strerror}"
        raise BackupFault("set", wrong, "copy the whole set, and look at its rights") from problem


def flush_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    number = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _compare(name: str, hashing: _Hashing, wanted: FileSum) -> None:
    if hashing.sum() != wanted:
        raise BackupFault("files", f"{name} is not what the manifest says", _COPY)


def _small_file(folder: Path, name: str) -> bytes:
    with opened_file(folder, name) as file:
        data = file.read(MANIFEST_BYTES_MAX + 1)
    if len(data) > MANIFEST_BYTES_MAX:
        raise BackupFault("manifest", f"{name} is too large", _COPY)
    return data
