"""Making a backup: two sets that never lie in one folder, read back before they count.

The **content** set has what is sealed and the ledger; it may be kept for as long as records are.
The **keyset** set has what opens it: clients, ties, consents, wraps, shares, event keys and the
keyset file, sealed once more to the key holders (age). It is kept for 35 days at most: whoever was
erased is gone from the newer ones, and the older ones must be gone too.

Content alone opens nothing. Content and keyset open nothing without the boot secret; and with it,
no clinical word without a person's own credential or k of the n key holders.

1. the places are looked at, and the recipients are known;
2. the ledger says that a backup begins, and at which head;
3. all tables are copied as they stand at one moment, while others go on writing;
4. everything is read back: files, rows, signatures, and the tree from the copied events;
5. both sets get their names, the keyset first.

Until the last step there is nothing but drafts, and these are removed when anything fails.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.ciphers.age_files import check_recipient
from angerona.errors import AngeronaError, BackupFault, BadInput
from angerona.ledger.verifying import read_checkpoint, read_note
from angerona.practice.backup_checking import (
    check_every_row,
    check_files,
    checked_head,
    checked_tree,
    signed_manifest,
)
from angerona.practice.backup_files import (
    SetWriter,
    flush_folder,
    read_manifest,
    stamp,
)
from angerona.practice.bindings import not_vouched
from angerona.sealed.keyset import epochs_in
from angerona.store.copying import tables_in, version_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from angerona.practice.backup_files import Manifest, Tell
    from angerona.sealed.vault import Vault
    from angerona.store import Reading, Row
    from angerona.store.copying import Table

CONTENT_TABLES: Final = (
    "attachments",
    "entries",
    "events",
    "heads",
    "map_nodes",
    "subjects",
    "tiles",
)
KEYSET_TABLES: Final = (
    "appointments",
    "clients",
    "consents",
    "credentials",
    "drafts",
    "duties",
    "event_keys",
    "key_sheets",
    "outbox",
    "packets",
    "people",
    "post_keys",
    "posts",
    "practices",
    "seats",
    "sent",
    "settings",
    "shares",
    "ties",
    "wraps",
)
"""Whatever names somebody or says who may open what. A ledger line of a client needs its key.

Drafts and packets go here too: no key of a record opens them, and in old content they would
outlive an erasure.
"""
KEYSET_DAYS_MAX: Final = 35
DRAFT: Final = ".part"
_EPOCH: Final = "epoch"
_PAGE_BYTES: Final = 4 * 2**20
_PAGE_ROWS: Final = 1_000
_FIRST_ROWS: Final = 16
"""The first page is small, since nobody knows yet how large the rows are."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the sets go: the folder of all contents, and the folder of all keysets."""

    content: Path
    keyset: Path

    @classmethod
    def below(cls, folder: Path, keyset: Path | None) -> Places:
        """Both below one folder; or the keysets in another one, best on another disk."""
        return cls(folder / "content", keyset or folder / "keyset")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made and read back.

    `not_vouched`: of so many people and clients the rows are not what the ledger holds. Somebody
    changed the database; a backup is made all the same, and says so.
    """

    content: Path
    keyset: Path
    head: str
    rows: int
    bytes: int
    recipients: int
    not_vouched: int


def back_up(
    vault: Vault,
    places: Places,
    *,
    to: Sequence[str],
    identities: Sequence[str],
    by: Mapping[str, object],
    at: datetime.datetime,
    tell: Tell,
) -> BackedUp:
    """Make a backup of a practice. `to`: further age recipients beside the key holders' seats.

    With `identities` the keyset is opened as well when it is read back. Raises `BadInput`,
    `BackupFault`, and what the store raises; then no set of this backup is left.
    """
    recipients = _recipients(vault, to)
    _check_places(places, vault.keyset.path.parent)
    backup = os.urandom(16)
    with _drafts(places, stamp(at)) as (content, keyset), _announced(vault, backup, by, at):
        writers = (SetWriter(content, "content", ()), SetWriter(keyset, "keyset", recipients))
        schema = _copy(vault, writers, tell)
        signer = vault.keyset.signer()
        made = [one.finish(backup, vault.practice_id, at, schema, signer) for one in writers]
        _read_back(vault, content, keyset, tell, identities)
        note = (content / "head.txt").read_text("utf-8")
    return BackedUp(
        content=places.content / stamp(at),
        keyset=places.keyset / stamp(at),
        head=note,
        rows=sum(table.rows for one in made for table in one.tables),
        bytes=sum(file.bytes for one in made for file in one.files().values()),
        recipients=len(recipients),
        not_vouched=writers[-1].not_vouched,
    )


def sets_in(parent: Path) -> list[Path]:
    """The whole sets in a folder of sets, oldest first."""
    if not parent.is_dir():
        return []
    return sorted(one for one in parent.iterdir() if one.is_dir() and one.name[0] != ".")


def overdue(parent: Path, practice_id: bytes, at: datetime.datetime) -> list[Path]:
    """Keyset sets of this practice that should be gone: older than 35 days. The newest one stays.

    What cannot be read is passed over.
    """
    found: list[tuple[datetime.datetime, Path]] = []
    for folder in sets_in(parent):
        with contextlib.suppress(BackupFault):
            manifest = read_manifest(folder, "keyset")[0]
            if manifest.practice_id == practice_id:
                found.append((manifest.made, folder))
    oldest = at - datetime.timedelta(days=KEYSET_DAYS_MAX)
    return [folder for made, folder in sorted(found)[:-1] if made < oldest]


def prune_keysets(parent: Path, practice_id: bytes, at: datetime.datetime) -> list[Path]:
    """Delete the keyset sets that are overdue; gives which. Raises `BackupFault` "target".

    What was deleted can often be found again on a disk; the keys in it are sealed to the key
    holders and under the boot secret.
    """
    gone = overdue(parent, practice_id, at)
    with _target_faults():
        for folder in gone:
            draft = folder.with_name(f".{folder.name}{DRAFT}")
            folder.rename(draft)
            shutil.rmtree(draft)
    return gone


def _recipients(vault: Vault, to: Sequence[str]) -> tuple[str, ...]:
    for one in to:
        check_recipient(one)
    seats = [seat.age for seat in vault.practice().seats if seat.age]
    found = tuple(dict.fromkeys((*seats, *(one.strip() for one in to))))
    if not found:
        raise BadInput("recipients", "no seat of this practice has one", "--to age1...")
    return found


def _check_places(places: Places, data: Path) -> None:
    inside = data.resolve()
    for place in (places.content, places.keyset):
        if place.resolve().is_relative_to(inside):
            wrong = "it lies inside the data folder, and would be lost with it"
            raise BackupFault("target", wrong, "give a folder elsewhere, best on another disk")
    if places.content.resolve() == places.keyset.resolve():
        wrong = "content and keyset would lie in one folder"
        raise BackupFault("target", wrong, "give each a folder of its own")


@contextlib.contextmanager
def _drafts(places: Places, name: str) -> Iterator[tuple[Path, Path]]:
    """Two empty folders; they get their names when the block ends well, else they are removed."""
    made: list[Path] = []
    try:
        with _target_faults():
            drafts = [_draft(parent, name, made) for parent in (places.content, places.keyset)]
            yield drafts[0], drafts[1]
            for draft in reversed(drafts):
                target = draft.with_name(name)
                draft.rename(target)
                made.append(target)
                flush_folder(target.parent)
    except BaseException:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _draft(parent: Path, name: str, made: list[Path]) -> Path:
    """An empty folder for a set, noted in `made`."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = parent / f".{name}{DRAFT}"
    if draft.exists() or draft.with_name(name).exists():
        wrong = f"{parent.name}/{name} is there already"
        raise BackupFault("target", wrong, "wait a second, or move away what was left half done")
    draft.mkdir(mode=0o700)
    made.append(draft)
    return draft


@contextlib.contextmanager
def _target_faults() -> Iterator[None]:
    """What the operating system complains about, in our words."""
    try:
        yield
    except OSError as problem:
        wrong = f"it cannot be written: {problem.strerror or type(problem).__name__}"
        remedy = "make room there, look at its rights, or give another folder"
        raise BackupFault("target", wrong, remedy) from problem


@contextlib.contextmanager
def _announced(
    vault: Vault, backup: bytes, by: Mapping[str, object], at: datetime.datetime
) -> Iterator[None]:
    """The ledger line before; and one after, where it came to nothing."""
    head = read_checkpoint(read_note(vault.ledger.checkpoint(at))[0])
    body = {"by": by, "backup": backup.hex()}
    root = base64.b64encode(head.root).decode()
    begun = {**body, "what": "begun", "head": {"size": head.size, "root": root}}
    vault.record(vault.practice_id, "backup", begun, at)
    try:
        yield
    except BaseException:
        with contextlib.suppress(AngeronaError):
            vault.record(vault.practice_id, "backup", {**body, "what": "came to nothing"}, at)
        raise


def _copy(vault: Vault, writers: Sequence[SetWriter], tell: Tell) -> int:
    """Step 3; gives the version of the tables."""
    with vault.store.snapshot() as reading:
        tables = tables_in(reading)
        if tables.keys() != {*CONTENT_TABLES, *KEYSET_TABLES}:
            wrong = "the database holds other tables than a backup knows"
            raise BackupFault("schema", wrong, "use the release that made them")
        copier = _Copier(reading, vault.practice_id, tables, tell)
        note = reading.rows("heads.all", practice_id=vault.practice_id)[-1][1]
        for writer, names in zip(writers, (CONTENT_TABLES, KEYSET_TABLES), strict=True):
            for name in names:
                writer.table(name, tables[name].columns, copier.pages(tables[name]))
            writer.head(note)
        writers[-1].not_vouched = len(not_vouched(vault, reading))
        schema = version_in(reading)
    keys = vault.keyset.path.read_bytes()
    if copier.epochs - epochs_in(keys):
        wrong = "an epoch ended while the copy was made, and its key is gone"
        raise BackupFault("epochs", wrong, "make the backup again")
    writers[-1].keyset(keys)
    return schema


class _Copier:
    """Gives tables page by page, and counts what it has given."""

    def __init__(
        self, reading: Reading, practice_id: bytes, tables: Mapping[str, Table], tell: Tell
    ) -> None:
        self._reading = reading
        self._practice_id = practice_id
        self._tell = tell
        self._done = 0
        self._total = sum(reading.count(one, practice_id=practice_id) for one in tables.values())
        self.epochs: set[int] = set()

    def pages(self, table: Table) -> Iterator[list[Row]]:
        """The rows of a table, so many at a time that a page stays near 4 MiB."""
        epoch = table.columns.index(_EPOCH) if _EPOCH in table.columns else None
        after, most = None, _FIRST_ROWS
        while rows := self._reading.page(
            table, practice_id=self._practice_id, after=after, most=most
        ):
            if epoch is not None:
                self.epochs.update(row[epoch] for row in rows)
            yield rows
            self._done += len(rows)
            self._tell("copying", self._done, self._total)
            size = sum(len(value) for row in rows for value in row if isinstance(value, bytes))
            after, most = rows[-1], max(1, min(_PAGE_ROWS, _PAGE_BYTES * len(rows) // (size or 1)))


def _read_back(
    vault: Vault, content: Path, keyset: Path, tell: Tell, identities: Sequence[str]
) -> tuple[Manifest, Manifest]:
    """Step 4."""
    public = vault.keyset.signer().public
    inside = signed_manifest(content, "content", public)
    beside = signed_manifest(keyset, "keyset", public)
    for folder, manifest in ((content, inside), (keyset, beside)):
        check_files(folder, manifest, tell)
    check_every_row(content, inside, tell, identities=())
    checked_tree(content, inside, checked_head(content, vault.practice_id, public))
    if identities:
        check_every_row(keyset, beside, tell, identities=identities)
    return inside, beside
