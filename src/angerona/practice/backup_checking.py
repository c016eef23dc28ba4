"""Reads a backup back: after it was made, and before anything is restored from it.

Each function is one or two of the checks that `backup_files.CHECKS` names, and raises `BackupFault`
with that name where it does not hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BackupFault
from angerona.ledger.notes import ed25519_key
from angerona.ledger.remembering import Remembered, compare
from angerona.ledger.verifying import (
    Checkpoint,
    NotProved,
    Unreadable,
    tree_root,
    verify_checkpoint,
)
from angerona.practice.backup_files import (
    HEAD,
    RowReader,
    check_file,
    check_signature,
    file_of,
    pour,
    read_head,
    read_manifest,
)
from angerona.sealed.vault import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from angerona.ciphers.signing import SignerPublic
    from angerona.practice.backup_files import Kind, Manifest, TableFile, Tell
    from angerona.store import Row

EVENTS: Final = "events"
_OTHER: Final = "take another copy, or an older backup"


def signed_manifest(folder: Path, kind: Kind, public: SignerPublic) -> Manifest:
    """The manifest of a set, which the ledger's key signed ("signature")."""
    manifest, text, signature = read_manifest(folder, kind)
    check_signature(text, signature, public)
    return manifest


def check_files(folder: Path, manifest: Manifest, tell: Tell) -> None:
    """Every file is as the manifest says ("set", "files")."""
    files, done = manifest.files(), 0
    total = sum(one.bytes for one in files.values())
    for name, wanted in files.items():
        tell(f"reading back the {manifest.kind}", done, total)
        check_file(folder, name, wanted)
        done += wanted.bytes


def read_rows(
    folder: Path,
    manifest: Manifest,
    table: TableFile,
    take: Callable[[list[Row]], None],
    *,
    identities: Sequence[str],
) -> None:
    """Hand on the rows of one table, which count once this returns ("files", "age", "rows")."""
    reader = RowReader(len(table.columns), take)
    pour(folder, file_of(table.table, manifest.kind), table.file, reader, identities)
    reader.end()
    if reader.rows != table.rows:
        raise BackupFault("rows", f"{table.table} has fewer or more rows than counted", _OTHER)


def column(
    folder: Path, manifest: Manifest, table: str, name: str, *, identities: Sequence[str]
) -> list[bytes]:
    """The values of one column of a table ("rows" where there is no such table or column)."""
    found = next((one for one in manifest.tables if one.table == table), None)
    if found is None or name not in found.columns:
        raise BackupFault("rows", f"{table} is not in the {manifest.kind}", _OTHER)
    place, values = found.columns.index(name), list[bytes]()
    read_rows(
        folder,
        manifest,
        found,
        lambda rows: values.extend(row[place] for row in rows),
        identities=identities,
    )
    return values


def check_every_row(
    folder: Path, manifest: Manifest, tell: Tell, *, identities: Sequence[str]
) -> None:
    """Every table opens and has its rows ("age", "rows")."""
    total = sum(one.file.bytes for one in manifest.tables)
    done = 0
    for table in manifest.tables:
        tell(f"opening the {manifest.kind}", done, total)
        read_rows(folder, manifest, table, lambda _: None, identities=identities)
        done += table.file.bytes


def checked_head(folder: Path, practice_id: bytes, public: SignerPublic) -> Checkpoint:
    """The head of a set, which the ledger's key signed ("tree")."""
    key = ed25519_key(origin_of(practice_id), public)
    try:
        return verify_checkpoint(read_head(folder, HEAD), key)
    except (NotProved, Unreadable):
        raise BackupFault("tree", "the head is not one of this ledger", _OTHER) from None


def checked_tree(folder: Path, manifest: Manifest, head: Checkpoint) -> list[bytes]:
    """The hashes of all leaves, worked out to be those that the head signs ("tree")."""
    hashes = column(folder, manifest, EVENTS, "leaf_hash", identities=())
    if len(hashes) != head.size or tree_root(hashes) != head.root:
        raise BackupFault("tree", "the events do not give the root that the head signs", _OTHER)
    return hashes


def check_remembered(
    heads: Iterable[str],
    practice_id: bytes,
    public: SignerPublic,
    hashes: Sequence[bytes],
    *,
    accept_loss: bool,
) -> int:
    """How many lines the ledger has lost since the newest of these heads; 0 where none.

    Raises `Forged` for a head of another ledger, `BackupFault` "remembered" for one that parts from
    this ledger and, unless the loss is accepted, for one that is newer.
    """
    key, newest = ed25519_key(origin_of(practice_id), public), len(hashes)
    for note in heads:
        found = compare(note, key, len(hashes), lambda size: tree_root(hashes[:size]))
        if found is Remembered.FORK:
            wrong = "a remembered head tells another history than this ledger"
            raise BackupFault("remembered", wrong, "do not use it before you know which is true")
        newest = max(newest, verify_checkpoint(note, key).size)
    lost = newest - len(hashes)
    if lost and not accept_loss:
        wrong = (
            f"this ledger ends at {len(hashes)} lines and {newest} are known;"
            f" the last {lost} would be lost, and what they announced"
        )
        raise BackupFault("remembered", wrong, "find a newer content, or --accept-loss")
    return lost
