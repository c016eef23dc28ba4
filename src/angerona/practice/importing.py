"""Bringing notes and clients in: each through the door, with its own ledger line, and each once.

A note gets its id from what it is: client, date, class, heading and text, mixed with a key that
only its author holds. The same file brought again, or again after a crash in the middle, therefore
adds what is missing and nothing twice, and the id tells a thief of the database nothing. For the
same reason the same person has to bring it. A client whom the person treats under the same name
(and day of birth, where one is given) gets the note; anybody else is enrolled.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import digest
from angerona.errors import BadInput, Conflicting, Unknown, Unopenable
from angerona.gate.keeping import Brought, Draft
from angerona.gate.results import Kept
from angerona.practice.caseload import BORN, known_to
from angerona.practice.clients import NewClient, check_can_treat, enrol_client
from angerona.practice.importing_rows import PLACE, Rejected
from angerona.sealed.zones import as_hour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from angerona.gate.door import Door
    from angerona.practice.importing_clients import Listed
    from angerona.practice.importing_notes import BroughtFile, Note
    from angerona.sealed.vault import Visit

T = TypeVar("T")
REJECTED_MAX: Final = 10_000
UNREADABLE: Final = "the file cannot be read any more"
NOT_TOLD_APART: Final = "somebody of this name is here, and no day of birth tells them apart"
ID_BYTES: Final = 16
_PIECE: Final = 1 << 20
_NOTE: Final = "angerona/import/note/v1"
_ENTRY: Final = "angerona/import/entry/v1"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one note, or of one who stands in a list: `kept` now, or there already.

    `enrolled`: whether the client is new.
    """

    line: int
    kept: bool
    enrolled: bool


def import_notes(
    door: Door,
    visit: Visit,
    notes: Iterable[Note | Rejected],
    *,
    clock: Callable[[], datetime.datetime],
) -> Iterator[Taken | Rejected]:
    """Bring notes in one by one, saying of each what became of it.

    `clock` gives the moment of each ledger line. Raises `BadInput` where more than 10,000 rows
    cannot be taken, and what the store raises; what was taken before stays.
    """
    return _each(notes, _Taking(door, visit, _clients(visit)).take, clock)


def import_clients(
    door: Door,
    visit: Visit,
    listed: Iterable[Listed | Rejected],
    *,
    clock: Callable[[], datetime.datetime],
) -> Iterator[Taken | Rejected]:
    """Enrol whoever stands in a list, to be treated by this person; who is here already stays so.

    Raises `BadInput` for somebody who treats nobody, and as `import_notes`.
    """
    check_can_treat(visit.person, visit.at)
    return _each(listed, _Taking(door, visit, _clients(visit)).enrol, clock)


def _each(
    rows: Iterable[T | Rejected],
    take: Callable[[T, datetime.datetime], Taken | Rejected],
    clock: Callable[[], datetime.datetime],
) -> Iterator[Taken | Rejected]:
    rejected = 0
    for row in rows:
        taken = row if isinstance(row, Rejected) else take(row, clock())
        rejected += isinstance(taken, Rejected)
        yield taken
        if rejected >= REJECTED_MAX:
            raise BadInput(PLACE, f"{REJECTED_MAX} rows cannot be taken", "see to its form first")


@dataclass(frozen=True, slots=True, repr=False)
class _Client:
    """A client whom the person treats, as the notes name one."""

    client_id: bytes
    born: str


def _clients(visit: Visit) -> dict[str, list[_Client]]:
    """By name, whom the person treats."""
    found: dict[str, list[_Client]] = {}
    for one in known_to(visit):
        if "treating" in one.relations:
            found.setdefault(one.name.casefold(), []).append(_Client(one.client_id, one.born))
    return found


@dataclass(slots=True, repr=False)
class _Taking:
    """One run of an import."""

    door: Door
    visit: Visit
    clients: dict[str, list[_Client]]

    def take(self, note: Note, at: datetime.datetime) -> Taken | Rejected:
        """Take one note. What is wrong with it becomes a rejection; the store's failures do not."""
        try:
            written = _written(note, self.door.vault.practice().zone, at)
        except ValueError:
            return Rejected(note.line, "date lies in the future")
        now = replace(self.visit, at=at)
        named = self.clients.setdefault(note.client.casefold(), [])
        born = note.born.isoformat() if note.born else ""
        fitting = [one for one in named if one.born == born or not born]
        if note.client_id is not None:
            fitting = [one for one in self._treated() if one.client_id == note.client_id]
            if not fitting:
                return Rejected(note.line, "belongs to nobody whom you treat")
        if len(fitting) > 1:
            return Rejected(note.line, "names more than one client; say which by the day of birth")
        enrolled = not fitting
        client = fitting[0] if fitting else self._enrolled(now, note.client, born)
        if enrolled:
            named.append(client)
        try:
            brought = Brought(self._entry_id(client.client_id, note), written or at)
        except OSError:
            return Rejected(note.line, UNREADABLE)
        if self._is_kept(brought.entry_id):
            return Taken(note.line, kept=False, enrolled=enrolled)
        return self._kept(now, note, client.client_id, brought, enrolled=enrolled)

    def enrol(self, listed: Listed, at: datetime.datetime) -> Taken | Rejected:
        """Enrol one of a list, unless he or she is here, or nobody can tell."""
        born = listed.who.contact.get(BORN, "")
        named = self.clients.setdefault(listed.who.name.casefold(), [])
        days = [one.born for one in named]
        if born in days or (not born and len(days) == 1):
            return Taken(listed.line, kept=False, enrolled=False)
        if days and (not born or "" in days):
            return Rejected(listed.line, NOT_TOLD_APART)
        try:
            now = replace(self.visit, at=at)
            client_id = enrol_client(now, listed.who, treating=now.unlocked.person_id)
        except BadInput as problem:
            return Rejected(listed.line, str(problem))
        named.append(_Client(client_id, born))
        return Taken(listed.line, kept=True, enrolled=True)

    def _kept(
        self, now: Visit, note: Note, client_id: bytes, brought: Brought, *, enrolled: bool
    ) -> Taken | Rejected:
        draft = Draft(wanted=note.wanted, heading=note.heading, text=note.text, brought=brought)
        try:
            with _file_of(note) as (file, name):
                kept = self.door.keep(now, client_id, replace(draft, file=file, file_name=name))
        except Conflicting:  # somebody brings the same file at this moment
            return Taken(note.line, kept=False, enrolled=enrolled)
        except (BadInput, Unopenable, Unknown) as problem:
            return Rejected(note.line, str(problem))
        except OSError:
            return Rejected(note.line, UNREADABLE)
        if not isinstance(kept, Kept):
            return Rejected(note.line, "the rules do not let you write this class into this record")
        return Taken(note.line, kept=True, enrolled=enrolled)

    def _treated(self) -> Iterator[_Client]:
        return chain.from_iterable(self.clients.values())

    def _enrolled(self, now: Visit, name: str, born: str) -> _Client:
        who = NewClient(name=name, contact={BORN: born} if born else {})
        return _Client(enrol_client(now, who, treating=now.unlocked.person_id), born)

    def _entry_id(self, client_id: bytes, note: Note) -> bytes:
        """Always the same for the same note; without the author's keys it says nothing."""
        # When a file was last changed may change without it.
        when = note.written
        if when is not None and when.tzinfo is None:
            when = when.replace(tzinfo=datetime.UTC)  # the same in whatever zone the practice is
        written = when.isoformat() if when and not note.file else ""
        parts = (client_id, written, note.wanted, note.heading, note.text)
        said = digest(_NOTE, *parts, *((_hashed(note.file),) if note.file else ()))
        return derived(self.visit.unlocked.keys.seed, _ENTRY, said, length=ID_BYTES)

    def _is_kept(self, entry_id: bytes) -> bool:
        vault = self.door.vault
        [(newest,)] = vault.store.rows(
            "entries.newest_version", practice_id=vault.practice_id, entry_id=entry_id
        )
        return newest is not None


def _written(note: Note, zone: datetime.tzinfo, at: datetime.datetime) -> datetime.datetime | None:
    """When a note was written: a day as such, an hour by this clock unless it names its zone.

    Of an hour that comes twice the first is meant. Raises `ValueError` for what is still to come.
    """
    given = note.written
    if given is None:
        return None
    if given.tzinfo is None and given.time() == datetime.time():
        written = given.replace(tzinfo=datetime.UTC)
        is_past = given.date() <= at.astimezone(zone).date()
    else:
        written = as_hour(given if given.tzinfo else given.replace(tzinfo=zone))
        is_past = written <= at
    if not is_past:
        raise ValueError
    return written


@contextlib.contextmanager
def _file_of(note: Note) -> Iterator[tuple[BinaryIO | None, str]]:
    if note.file is None:
        yield None, ""
        return
    with note.file.open("rb") as file:
        yield file, note.file.name


def _hashed(brought: BroughtFile) -> bytes:
    with brought.open("rb") as file:
        found = hashlib.sha256()
        while piece := file.read(_PIECE):
            found.update(piece)
        return found.digest()
