"""A made-up practice to measure, founded through the same doors as a real one.

Olaf founded it and holds every post; Thea treats and holds none. `fill` adds clients whom nobody
looks at: their rows and ledger lines are as real ones, valid to the last digest, but they share one
key sheet, and their one wrap is noise of the right size, because making the keys of each and
sealing eleven secrets would take nearly all of the time.
"""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.gate.door import Door
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept
from angerona.ledger.lines import KEYS, Line
from angerona.practice.clients import FIRST_VERSION, NewClient, enrol_client
from angerona.practice.founding import NewPractice, found
from angerona.practice.members import NewMember, enrol, sign_in_with_password
from angerona.sealed.authority import StoredAuthority, authority_digest
from angerona.sealed.boot import BootSecret
from angerona.sealed.client_keys import Whose, new_keys
from angerona.sealed.compartments import BY_POST
from angerona.sealed.keyset import Keyset
from angerona.sealed.rows import ClientRow, TieRow
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault
from angerona.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.rules.compile import Packs
    from angerona.sealed.client_keys import SheetRow
    from angerona.sealed.people import PersonKeys
    from angerona.sealed.vault import Visit
    from angerona.store import Writing

AT: Final = datetime.datetime(2026, 11, 23, 9, 30, tzinfo=datetime.UTC)
PASSWORD: Final = "a long and quiet sentence"  # noqa: S105 -- of a made-up practice
STACK: Final = ("house", "us-hipaa", "us-ca")
NOTE: Final = "What was said in this hour, in two thousand letters. " * 37
"""1,961 bytes, which with its heading are padded to 2,048."""
WRAP_BYTES: Final = 2_105
FILLED_AT_ONCE: Final = 1_000


@dataclass
class Practice:
    """An open practice: its door, and Thea, who is signed in."""

    folder: Path
    boot: BootSecret
    door: Door
    thea: bytes
    keys: PersonKeys
    cookie: bytes

    @property
    def vault(self) -> Vault:
        """The vault behind the door."""
        return self.door.vault

    @contextmanager
    def visit(self) -> Iterator[Visit]:
        """Thea's session, as a request has it."""
        with self.vault.visit(self.cookie, AT) as visit:
            yield visit

    def client(self) -> bytes:
        """A new client of Thea's."""
        who = NewClient(name="Somebody New", facts={"client.age": 34})
        with self.visit() as visit:
            return enrol_client(visit, who, treating=self.thea)

    def keep(self, client_id: bytes, text: str = NOTE) -> bytes:
        """A progress note, of 2 kB where no text is given; the entry's id."""
        draft = Draft(wanted="progress_note", heading="Session", text=text)
        with self.visit() as visit:
            kept = self.door.keep(visit, client_id, draft)
        if not isinstance(kept, Kept):
            message = f"the rules answered {kept}"
            raise SystemExit(message)
        return kept.entry_id

    def written(self, count: int) -> list[tuple[bytes, bytes]]:
        """New clients with one entry each: (client, entry)."""
        clients = [self.client() for _ in range(count)]
        return [(client_id, self.keep(client_id)) for client_id in clients]

    def signed_in(self) -> bytes:
        """The cookie of a new session of Thea's, without the price of the password."""
        return self.vault.agent.open(self.vault.practice_id, self.thea, self.keys, AT)

    def restart(self) -> None:
        """As after a restart: nothing is at hand any more, and Thea has signed in again."""
        self.vault.store.close()
        keys = self.boot.derived(self.vault.practice_id)
        keyset = Keyset.load(self.folder / "keyset", self.vault.practice_id, keys)
        store = open_store(f"sqlite:///{self.folder}/practice.db")
        self.door = Door(Vault(store, keys, keyset, Agent()), self.door.packs)
        self.cookie = self.signed_in()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is removed with the block."""
    made = Path(tempfile.mkdtemp(prefix="angerona-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextmanager
def founded(packs: Packs, address: str | None = None) -> Iterator[Practice]:
    """A new practice, with two members and no clients yet; closed with the block.

    It lies in SQLite, or in the empty database at an `address`.
    """
    with folder() as where:
        boot = BootSecret.fresh()
        made = found(
            open_store(address or f"sqlite:///{where}/practice.db"),
            boot,
            where / "keyset",
            NewPractice(
                name="Quiet Rooms",
                place="US-CA",
                zone="America/Los_Angeles",
                packs=STACK,
                seats=("Olaf", "Notary", "Sister"),
                quorum=2,
            ),
            NewMember(name="Olaf", roles=(), posts=tuple(BY_POST)),
            password=PASSWORD,
            at=AT,
        )
        vault = made.vault
        member = NewMember(name="Thea", roles=("psychologist",), posts=())
        thea = enrol(vault, member, PASSWORD, AT, by={"name": "Olaf"}, post_seeds={})
        cookie = sign_in_with_password(vault, "Thea", PASSWORD, AT)
        with vault.visit(cookie, AT) as visit:
            keys = visit.unlocked.keys
        practice = Practice(where, boot, Door(vault, packs), thea.person_id, keys, cookie)
        yield practice
        practice.vault.store.close()


@dataclass(frozen=True)
class _Filler:
    """A client whom nobody looks at, ready to be written."""

    client_id: bytes
    label: bytes
    epoch: int
    event_key: bytes
    stored: StoredAuthority


def fill(practice: Practice, count: int) -> None:
    """Add so many clients whom nobody looks at."""
    _, sheet = new_keys(Whose(practice.vault.practice_id, os.urandom(16), os.urandom(32)))
    done = 0
    while done < count:
        some = [_filler(practice.vault, sheet) for _ in range(min(FILLED_AT_ONCE, count - done))]
        _write(practice.vault, some)
        done += len(some)


def _filler(vault: Vault, sheet: SheetRow) -> _Filler:
    client_id, label, tie_id = os.urandom(16), os.urandom(32), os.urandom(16)
    row = ClientRow(name="Somebody Else", label=label, since=AT, facts={"client.age": 34})
    nobody = os.urandom(16)
    tie = TieRow(person_id=nobody, relation="treating", since=AT, until=None, by=nobody)
    epoch, event_key = vault.event_keys.new(client_id)
    seal = vault.directory.seal
    stored = StoredAuthority(
        FIRST_VERSION,
        seal(row, client_id),
        sheet.version,
        seal(sheet, client_id),
        ((tie_id, seal(tie, client_id, tie_id)),),
        (),
    )
    return _Filler(client_id, label, epoch, event_key, stored)


def _write(vault: Vault, some: list[_Filler]) -> None:
    lines = [
        Line(
            one.client_id,
            "keys",
            {"what": "record opened"},
            slot=KEYS,
            binding=authority_digest(vault.practice_id, one.client_id, one.stored),
        )
        for one in some
    ]

    def changes(writing: Writing) -> None:
        for one in some:
            _insert(vault, writing, one)

    vault.ledger.append_all(lines, AT, authority={}, changes=changes).result()


def _insert(vault: Vault, writing: Writing, one: _Filler) -> None:
    place = {"practice_id": vault.practice_id, "client_id": one.client_id}
    stored = one.stored
    vault.ledger.enrol(writing, one.client_id, one.label)
    writing.run("clients.insert", authority=stored.version, row=stored.client, **place)
    writing.run("event_keys.insert", epoch=one.epoch, blob=one.event_key, **place)
    writing.run("key_sheets.insert", version=stored.sheet_version, sheet=stored.sheet, **place)
    for tie_id, row in stored.ties:
        writing.run("ties.insert", tie_id=tie_id, row=row, **place)
    writing.run(
        "wraps.insert",
        wrap_id=os.urandom(16),
        recipient_id=os.urandom(16),
        epoch=one.epoch,
        blob=os.urandom(WRAP_BYTES),
        **place,
    )
