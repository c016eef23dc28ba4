"""Restoring: content of any age and the newest keyset become a practice again, or nothing does.

1. there must be no practice in the place yet;
2. the two manifests fit this release and each other;
3. the keyset opens with a key holder's words or an identity, and then with the boot secret;
4. the ledger's key signed both manifests; every file is as they say; every row is there;
5. the events give the signed head, and no remembered head is newer or tells another history: a
   ledger that was set back is never taken up in silence;
6. the rows go into an empty database, in one transaction, and the ledger's quick check passes;
7. the ledger says that it was restored, from where and with what loss, and signs a fresh head.

Where the content is older than the keyset, the newer keyset says who there is and who may open
what: clients erased since then stay erased, what was withdrawn since then stays withdrawn, what is
owed is what was owed then, and the ledger binds the newer rows again, in lines of their own.
"""

from __future__ import annotations

import contextlib
import io
import shutil
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from angerona.errors import BackupFault, Unknown, Unopenable
from angerona.ledger.lines import KEYS, Line
from angerona.ledger.verifying import NotProved, Unreadable, read_checkpoint, read_note
from angerona.practice.backup_checking import (
    check_files,
    check_remembered,
    checked_head,
    checked_tree,
    column,
    read_rows,
    signed_manifest,
)
from angerona.practice.backup_files import HEAD, KEYSET, check_file, pour, read_head, read_manifest
from angerona.practice.backups import sets_in
from angerona.practice.bindings import binding_of, erased_since, label_of, not_vouched
from angerona.sealed.authority import ERASED, erased_digest
from angerona.sealed.duties import DONE, OWES, Difference, difference
from angerona.sealed.held_lines import compared, hold_again
from angerona.sealed.keyset import Keyset
from angerona.sealed.private_files import put_in_place
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault, origin_of
from angerona.store import open_store
from angerona.store.copying import Table, tables_in
from angerona.store.opening import newest_version

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from angerona.practice.backup_files import Manifest, Tell
    from angerona.practice.bindings import Subject
    from angerona.sealed.boot import BootSecret
    from angerona.store import Row, Store, Writing

STORE_FILE: Final = "practice.db"
KEYSET_FILE: Final = "keyset"
SETTINGS_FILE: Final = "angerona.toml"
_DRAFT: Final = ".restoring"
_OF_CLIENT: Final = "client_id"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sources:
    """What a practice is restored from.

    `content` and `keyset` are the folders of two sets; `identities` age identities, one of which
    opens the keyset; `heads` the signed heads that are remembered elsewhere. With `accept_loss` a
    ledger that ends before one of these is taken up all the same.
    """

    content: Path
    keyset: Path
    identities: Sequence[str]
    boot: BootSecret
    heads: Sequence[str]
    accept_loss: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A practice that was restored.

    `size` is how many lines its ledger had; `lost` how many more were known; `erased_rows` what was
    left behind of clients erased since; `bound_again` the people and clients of the newer keyset;
    `head` the fresh head, to be remembered.
    """

    practice_id: bytes
    size: int
    lost: int
    erased_rows: int
    bound_again: int
    head: str


@dataclass(frozen=True, slots=True)
class _Checked:
    """Two sets that passed every check, and what was learned on the way."""

    content: Manifest
    keyset: Manifest
    size: int
    lost: int
    clients: frozenset[bytes]


def restore(
    sources: Sources,
    into: Path,
    address: str | None,
    *,
    finish: Callable[[Path, bytes], None],
    by: Mapping[str, object],
    at: datetime.datetime,
    tell: Tell,
) -> Restored:
    """Restore a practice into a folder, and into the database at `address` if one is named.

    `finish` is given the folder as it is being made, and the practice's id, to lay its settings
    there; then everything gets its place, the settings last. Raises `BackupFault`, `BadInput`,
    `Altered`, `Forged`, and what the store raises; then there is no practice.
    """
    _check_place(into)
    draft = into / _DRAFT
    with _drafted(into, draft):
        checked, vault_of = _checked(sources, draft, tell)
        where = address or f"sqlite://{quote(str((draft / STORE_FILE).absolute()))}"
        erased = _filled(sources, checked, where, tell)
        store = open_store(where)
        try:
            bound, head = _taken_up(vault_of(store), checked, by, at, erased=erased)
        finally:
            store.close()
        finish(draft, checked.content.practice_id)
        put_in_place(draft, into, last=SETTINGS_FILE)
    return Restored(
        practice_id=checked.content.practice_id,
        size=checked.size,
        lost=checked.lost,
        erased_rows=erased,
        bound_again=bound,
        head=head,
    )


def newest_sets(contents: Path, keysets: Path) -> tuple[Path, Path]:
    """The newest set of each kind. Raises `BackupFault` "set" where there is none."""
    found = [sets_in(parent)[-1:] for parent in (contents, keysets)]
    for kind, sets in zip(("content", "keyset"), found, strict=True):
        if not sets:
            wrong = f"there is no {kind} set here"
            raise BackupFault("set", wrong, "name the folder that the backups were made in")
    return found[0][0], found[1][0]


def heads_beside(folders: Iterable[Path], practice_id: bytes) -> list[str]:
    """The heads of this practice that lie in the sets of some folders, or as head*.txt in them."""
    notes: list[str] = []
    for folder in folders:
        places = [one / HEAD for one in sets_in(folder)]
        places += sorted(folder.glob("head*.txt")) if folder.is_dir() else []
        for place in places:
            with contextlib.suppress(BackupFault, NotProved, Unreadable, ValueError):
                note = read_head(place.parent, place.name)
                if read_checkpoint(read_note(note)[0]).origin == origin_of(practice_id):
                    notes.append(note)
    return notes


def _check_place(into: Path) -> None:
    """Step 1."""
    for name in (STORE_FILE, KEYSET_FILE, SETTINGS_FILE):
        if (into / name).exists():
            wrong = "a practice, or a part of one, lies there already"
            raise BackupFault("place", wrong, "give another folder; nothing is written over")


@contextlib.contextmanager
def _drafted(into: Path, draft: Path) -> Iterator[None]:
    """The draft's folder while the block runs; gone afterwards, whatever happened."""
    is_new = not into.exists()
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)  # what a killed run left
        draft.mkdir(mode=0o700)
        yield
    except OSError as problem:
        wrong = f"it cannot be written: {problem.strerror or type(problem).__name__}"
        raise BackupFault("target", wrong, "make room, or look at its rights") from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if is_new:
            with contextlib.suppress(OSError):  # it holds the practice, so it stays
                into.rmdir()


def _checked(
    sources: Sources, draft: Path, tell: Tell
) -> tuple[_Checked, Callable[[Store], Vault]]:
    """Steps 2 to 5, and what makes the vault once there is a store."""
    content, keyset = _fitting(sources)
    practice_id = content.practice_id
    keys = sources.boot.derived(practice_id)
    held = _opened_keyset(
        sources, keyset, draft, partial(Keyset.load, practice_id=practice_id, keys=keys)
    )
    public = held.signer().public
    content = signed_manifest(sources.content, "content", public)
    keyset = signed_manifest(sources.keyset, "keyset", public)
    check_files(sources.content, content, tell)
    check_files(sources.keyset, keyset, tell)
    if keyset.not_vouched and content.backup != keyset.backup:
        wrong = "rows of this keyset were not what the ledger held when it was copied"
        raise BackupFault("vouched", wrong, "restore it with the content of the same backup")
    head = checked_head(sources.content, practice_id, public)
    hashes = checked_tree(sources.content, content, head)
    heads = [*sources.heads, read_head(sources.keyset, HEAD)]
    lost = check_remembered(heads, practice_id, public, hashes, accept_loss=sources.accept_loss)
    clients = column(sources.keyset, keyset, "clients", _OF_CLIENT, identities=sources.identities)
    known = frozenset({*clients, practice_id})  # what is held back stands under the practice
    checked = _Checked(content, keyset, head.size, lost, known)
    return checked, lambda store: Vault(store, keys, held, Agent())


def _fitting(sources: Sources) -> tuple[Manifest, Manifest]:
    """Step 2. The manifests are not signed for yet."""
    content = read_manifest(sources.content, "content")[0]
    keyset = read_manifest(sources.keyset, "keyset")[0]
    for manifest in (content, keyset):
        if not 0 < manifest.schema <= newest_version():
            wrong = f"tables of version {manifest.schema}; this release knows {newest_version()}"
            raise BackupFault("schema", wrong, "use the release that made it, or a later one")
    if content.practice != keyset.practice:
        wrong = "content and keyset are of two practices"
        raise BackupFault("practice", wrong, "take both sets of one practice")
    if keyset.made < content.made:
        wrong = (
            "the keyset is older than the content: what was written since could not be opened,"
            " and who was erased since would come back"
        )
        raise BackupFault("ages", wrong, "take a keyset as new as the content, or an older content")
    return content, keyset


def _opened_keyset(
    sources: Sources, manifest: Manifest, draft: Path, load: Callable[[Path], Keyset]
) -> Keyset:
    """Step 3: the keyset file lies in the draft, and its log key opens."""
    wanted = manifest.files()[KEYSET]
    check_file(sources.keyset, KEYSET, wanted)
    text = io.BytesIO()
    pour(sources.keyset, KEYSET, wanted, text, sources.identities)
    path = draft / KEYSET_FILE
    path.write_bytes(text.getvalue())
    path.chmod(0o600)
    held = load(path)
    try:
        held.signer()
    except Unopenable:
        wrong = "it does not fit this keyset"
        raise BackupFault("boot secret", wrong, "the one of this practice's recovery kit") from None
    return held


def _filled(sources: Sources, checked: _Checked, address: str, tell: Tell) -> int:
    """Step 6: every row in its table; gives how many of erased clients were left behind.

    Sets of one version go in together. An older content goes in first, then the tables are brought
    up to the keyset's version.
    """
    sets = ((sources.content, checked.content), (sources.keyset, checked.keyset))
    filling = _Filling(sources.identities, checked.clients, tell)
    for version in sorted({manifest.schema for _, manifest in sets}):
        store = open_store(address, version=version)
        try:
            now = [one for one in sets if one[1].schema == version]
            store.write(partial(filling.fill, sets=now)).result()
        finally:
            store.close()
    return filling.erased


class _Filling:
    """Puts the rows of sets into tables, those of clients who are no more left out."""

    def __init__(self, identities: Sequence[str], clients: frozenset[bytes], tell: Tell) -> None:
        self._identities = identities
        self._clients = clients
        self._tell = tell
        self.erased = 0

    def fill(self, writing: Writing, sets: Sequence[tuple[Path, Manifest]]) -> None:
        """One transaction. Raises `BackupFault` "place" for a database that holds rows already."""
        tables, self.erased = tables_in(writing), 0
        names = {one.table for _, manifest in sets for one in manifest.tables}
        if len(sets) > 1 and names != tables.keys():
            wrong = "a table is missing, or there is one too many"
            raise BackupFault("rows", wrong, "take another copy, or an older backup")
        for folder, manifest in sets:
            done, total = 0, sum(one.file.bytes for one in manifest.tables)
            for one in manifest.tables:
                table = _fits(tables, one.table, one.columns)
                if writing.count(table, practice_id=manifest.practice_id):
                    wrong = "the database holds rows of this practice already"
                    raise BackupFault("place", wrong, "give an empty database")
                take = partial(self._take, writing, table)
                self._tell(f"restoring the {manifest.kind}", done, total)
                read_rows(folder, manifest, one, take, identities=self._identities)
                done += one.file.bytes

    def _take(self, writing: Writing, table: Table, rows: list[Row]) -> None:
        if _OF_CLIENT in table.columns:
            place, before = table.columns.index(_OF_CLIENT), len(rows)
            rows = [row for row in rows if row[place] in self._clients]
            self.erased += before - len(rows)
        writing.fill(table, rows)


def _fits(tables: Mapping[str, Table], name: str, columns: tuple[str, ...]) -> Table:
    """The table of the database with its columns in the order of the file."""
    found = tables.get(name)
    if found is None or set(found.columns) != set(columns) or len(found.columns) != len(columns):
        wrong = f"{name} has other columns than its version"
        raise BackupFault("schema", wrong, "use the release that made it, or a later one")
    return Table(name, columns, found.key)


def _taken_up(
    vault: Vault,
    checked: _Checked,
    by: Mapping[str, object],
    at: datetime.datetime,
    *,
    erased: int,
) -> tuple[int, str]:
    """Step 7; gives how many subjects were bound again, and the fresh head."""
    newer: list[Subject] = []
    gone: list[bytes] = []
    owed = Difference(frozenset(), {})
    if checked.content.backup != checked.keyset.backup:
        # Of one backup, rows that the ledger does not vouch for were changed before; they stay so.
        with vault.store.snapshot() as reading:
            newer, gone = not_vouched(vault, reading), erased_since(vault, reading)
            owed = difference(vault, reading)
    body = {
        "by": by,
        "what": "restored",
        "backup": checked.content.backup,
        "content": checked.content.made.isoformat(),
        "keyset": checked.keyset.made.isoformat(),
        "size": checked.size,
        "known": checked.size + checked.lost,
        "lost": checked.lost,
        "loss_accepted": checked.lost > 0,
        "erased_rows": erased,
        "bound_again": len(newer),
        "gone": len(gone),
        OWES: sorted(one for one in owed.extra.values() if one),
        DONE: sorted(owed.missing),
    }
    _record(vault, body, at, is_older=checked.content.backup != checked.keyset.backup)
    for subject in newer:
        _bind_again(vault, subject, by, at)
    for subject_id in gone:
        _bind_as_erased(vault, subject_id, by, at)
    return len(newer), vault.ledger.checkpoint(at)


def _record(
    vault: Vault, body: Mapping[str, object], at: datetime.datetime, *, is_older: bool
) -> None:
    """Say that it was restored. With an older content, what is held waits as both sets have it."""
    line = Line(vault.practice_id, "restored", body)
    if not is_older:
        vault.ledger.append(line, at, authority=None, changes=None).result()
        return
    held, change = hold_again(vault, compared(vault))

    def changes(writing: Writing) -> None:
        change(writing, vault.ledger.now(writing, vault.practice_id).n + 1)

    vault.ledger.append_all([line, *held], at, authority={}, changes=changes).result()


def _bind_again(
    vault: Vault, subject: Subject, by: Mapping[str, object], at: datetime.datetime
) -> None:
    """Have the older ledger hold the newer rows of a subject, whom it may not know at all."""

    def changes(writing: Writing) -> bytes:
        try:
            vault.ledger.now(writing, subject.subject_id)
        except Unknown:
            label = label_of(vault, writing, subject)
            vault.ledger.enrol(writing, subject.subject_id, label)
        return binding_of(writing, vault.practice_id, subject)

    body = {"by": by, "what": "bound again after a restore"}
    vault.record(subject.subject_id, "keys", body, at, slot="keys", changes=changes)


def _bind_as_erased(
    vault: Vault, subject_id: bytes, by: Mapping[str, object], at: datetime.datetime
) -> None:
    """Have the older ledger hold that somebody was erased since; the line's key is kept nowhere."""
    vault.event_keys.new(subject_id)
    body = {"by": by, "what": "erased before a restore"}
    gone = erased_digest(vault.practice_id, subject_id)
    lines = [
        Line(subject_id, ERASED, body, slot=KEYS, binding=gone),
        Line(vault.practice_id, ERASED, {**body, ERASED: [subject_id.hex()]}),
    ]
    vault.ledger.append_all(lines, at, authority={}, changes=None).result()
    vault.event_keys.forget(subject_id)
