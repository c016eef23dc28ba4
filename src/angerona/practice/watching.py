"""Watching the looks: each new line of the ledger is read once, and what is unusual is put down.

It is told how far it has read, and goes on from there, a page at a time, so that a round costs what
came in since the last and not what the ledger holds. What it notices is a duty of the privacy
officer under the practice, in one transaction with its line and with how far was read: a thief of
the database sees that something is owed, and nothing of whom. It reads who, whose record, when and
as what; never what a record says.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec

from angerona.errors import Altered, Conflicting, Unknown
from angerona.gate.announcing import Act, announced
from angerona.practice.hours import hours_of
from angerona.practice.paging import pages_of_alarm, put_pages
from angerona.practice.unusual import (
    ALARMS,
    FEWEST_RECORDS,
    FEWEST_SEARCHES,
    KINDS,
    Hours,
    Looked,
    Tally,
    folded,
    unusual,
)
from angerona.sealed.appointments import AppointmentRow
from angerona.sealed.duties import DutyRow, new_duty, sighted
from angerona.sealed.held_lines import HAPPENED, HELD
from angerona.sealed.rows import PersonRow, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from angerona.ledger.lines import OpenedLine
    from angerona.sealed.authority import Authority
    from angerona.sealed.duties import Duty, Glance
    from angerona.sealed.vault import Person, Vault
    from angerona.store import Reading, Writing

UNUSUAL: Final = "own.unusual_look"
"""The duty to settle what was noticed."""
SEARCHED: Final = "searched"
"""What the line says that comes before the looks of a search."""
BROKEN_GLASS: Final = "house.look.break_glass"
LOOKED_BACK: Final = datetime.timedelta(days=30)
"""What is older teaches what is usual, and is not put to anybody any more."""
TO_SETTLE: Final = datetime.timedelta(days=7)
TO_SETTLE_ALARMS: Final = datetime.timedelta(days=1)
_PAGES: Final = 8
_NAME: Final = "watching"
_KINDS_READ: Final = frozenset({"look", "disclosure", "emergency"})


class Habit(msgspec.Struct, forbid_unknown_fields=True):
    """What is remembered of one person: records and searches; of today, what was put down."""

    records: Tally
    searches: Tally
    day: datetime.date
    noticed: dict[bytes, tuple[str, ...]] = {}


class WatchRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to which place of the ledger was read (the next one), and everybody's habits."""

    domain: ClassVar[str] = "angerona/row/watch/v1"
    next: int
    habits: dict[bytes, Habit]


@dataclass(frozen=True, slots=True)
class _Noticed:
    """A look, or a stretch of looks, that is worth a second glance."""

    kinds: tuple[str, ...]
    by: Person
    at: datetime.datetime
    event_id: bytes
    client_id: bytes | None = None
    count: int = 0
    limit: int = 0


def watch(vault: Vault, at: datetime.datetime) -> int:
    """Read what came in since the last round; how much was put down.

    A long ledger that was never read is read over several rounds. Raises what the store and the
    ledger raise, `Conflicting` where another round is at work; what was read by then stays read.
    Where the rows of a client were altered, that is raised once the rest was read: one row must
    not blind the watch.
    """
    count, altered = 0, False
    for _ in range(_PAGES):
        rows = vault.store.rows("settings.by_key", practice_id=vault.practice_id, name=_NAME)
        last = _read(vault, rows)
        lines, past = vault.ledger.lines_from(last.next)
        if past == last.next:
            break
        eye = _Eye(vault, dict(last.habits))
        for subject_id, line in lines:
            eye.read(subject_id, line)
        found = [one for one in eye.found if at - one.at < LOOKED_BACK]
        _put_down(vault, rows, WatchRow(next=past, habits=eye.habits), found, at)
        count += len(found)
        altered = altered or eye.is_altered
    if altered:
        raise Altered("the ties, consents or keys of a client")
    return count


def alarms_waiting(vault: Vault, reading: Reading) -> int:
    """How many alarms wait to be settled; a number, and so no line. Raises `Unopenable`."""
    there = sighted(vault, reading, "duties.of_client", client_id=vault.practice_id)
    return sum(is_alarm(one.glance) for one in there)


def is_alarm(glance: Glance) -> bool:
    """Whether the privacy officer is told of it at once."""
    return glance.rule == UNUSUAL and not ALARMS.isdisjoint(glance.kinds)


@dataclass(slots=True)
class _Eye:
    """Reads lines one after the other, and remembers what is known of people and clients."""

    vault: Vault
    habits: dict[bytes, Habit]
    found: list[_Noticed] = field(default_factory=list)
    _people: dict[bytes, Person | None] = field(default_factory=dict)
    _comes: dict[bytes, list[datetime.datetime]] = field(default_factory=dict)
    _searching: set[tuple[bytes, datetime.datetime]] = field(default_factory=set)
    _staff: frozenset[str] | None = None
    _open: Hours | None = None
    is_altered: bool = False
    """Whether the rows of a client were not what the ledger holds."""

    def read(self, subject_id: bytes, line: OpenedLine) -> None:
        """Read one line; what it says of somebody who is no member is left alone."""
        kind, body, at = line.kind, line.body, line.at
        if subject_id == self.vault.practice_id and kind == HELD:
            kind, subject_id = body[HELD], bytes.fromhex(body["client"])
        if kind not in _KINDS_READ or at is None or HAPPENED in body or "more" in body:
            return
        by = self._member(body)
        if by is None:
            return
        if subject_id == by.person_id:
            if body.get("what") == SEARCHED:
                self._searched(by, line.event_id, at)
            return
        client = self._client(subject_id)
        if client is not None and (by.person_id, at) not in self._searching:
            self._looked(by, client, body, line.event_id, at)

    def _searched(self, by: Person, event_id: bytes, at: datetime.datetime) -> None:
        """A search: the looks of the same moment are its own, and one act of it."""
        self._searching.add((by.person_id, at))
        tally, day = self._habit(by, at).searches, self._day(at)
        if tally.count(event_id, at, day):
            self._crowd("searching", tally, by, event_id, at)

    def _looked(
        self,
        by: Person,
        client: Authority,
        body: Mapping[str, Any],
        event_id: bytes,
        at: datetime.datetime,
    ) -> None:
        """A look at one record, by itself and among the others of its hour."""
        look = Looked(
            name=by.row.name,
            posts=by.row.posts,
            relations=client.relations(by.person_id, at),
            client=client.client.name,
            local=at.astimezone(self.vault.practice().zone),
            appointments=self._appointments(client.client_id),
            is_close=by.person_id in client.client.close_to,
            is_colleague=client.client.discreet
            or folded(client.client.name) in self._staff_names(),
            is_marked=client.client.watched,
            is_reviewed=BROKEN_GLASS in body.get("rules", ()) or body.get("what") == "emergency",
        )
        if look.is_of_today:
            return
        habit = self._habit(by, at)
        known = habit.noticed.get(client.client_id, ())
        kinds = tuple(one for one in unusual(look, self._hours()) if one not in known)
        if kinds:
            habit.noticed[client.client_id] = (*known, *kinds)
            self.found.append(_Noticed(kinds, by, at, event_id, client.client_id))
        if habit.records.count(client.client_id, at, self._day(at)):
            self._crowd("many", habit.records, by, event_id, at)

    def _crowd(
        self, kind: str, tally: Tally, by: Person, event_id: bytes, at: datetime.datetime
    ) -> None:
        self.found.append(
            _Noticed((kind,), by, at, event_id, count=len(tally.within), limit=tally.limit)
        )

    def _member(self, body: Mapping[str, Any]) -> Person | None:
        """The member who did it; nobody for a client's own act, and for what no person did."""
        said = body.get("by")
        digits = said.get("id", "") if isinstance(said, dict) else ""
        try:
            person_id = bytes.fromhex(digits)
        except ValueError:
            return None
        if person_id not in self._people:
            try:
                person = self.vault.person(person_id)
            except Unknown:
                self._people[person_id] = None
            else:
                self._people[person_id] = person if person.row.client_id is None else None
        return self._people[person_id]

    def _client(self, subject_id: bytes) -> Authority | None:
        place = {"practice_id": self.vault.practice_id, "client_id": subject_id}
        if not self.vault.store.rows("clients.authority", **place):
            return None  # the practice, a person, or somebody who was erased
        try:
            return self.vault.authority(subject_id)
        except Altered:
            self.is_altered = True
            return None

    def _appointments(self, client_id: bytes) -> list[datetime.datetime]:
        """When the client comes or came, by the practice's clock."""
        if client_id not in self._comes:
            vault, zone = self.vault, self.vault.practice().zone
            rows = vault.store.rows(
                "appointments.of_client", practice_id=vault.practice_id, client_id=client_id
            )
            opened = [
                vault.directory.open(AppointmentRow, sealed, client_id, one)
                for one, _, sealed in rows
            ]
            self._comes[client_id] = [
                one.starts.astimezone(zone) for one in opened if not one.is_cancelled
            ]
        return self._comes[client_id]

    def _staff_names(self) -> frozenset[str]:
        """The names of everybody who works here or has worked here."""
        if self._staff is None:
            vault = self.vault
            people = [
                vault.directory.open(PersonRow, row, person_id)
                for person_id, _, row in vault.store.rows(
                    "people.all", practice_id=vault.practice_id
                )
            ]
            self._staff = frozenset(folded(one.name) for one in people if one.client_id is None)
        return self._staff

    def _hours(self) -> Hours:
        if self._open is None:
            self._open = hours_of(self.vault)
        return self._open

    def _habit(self, by: Person, at: datetime.datetime) -> Habit:
        day = self._day(at)
        habit = self.habits.get(by.person_id)
        if habit is None:
            habit = Habit(Tally(FEWEST_RECORDS, day), Tally(FEWEST_SEARCHES, day), day)
            self.habits[by.person_id] = habit
        if day > habit.day:
            habit.day, habit.noticed = day, {}
        return habit

    def _day(self, at: datetime.datetime) -> datetime.date:
        return self.vault.practice().local(at).date()


def _read(vault: Vault, rows: Sequence[tuple[Any, ...]]) -> WatchRow:
    return (
        vault.directory.open(WatchRow, rows[0][0], _NAME.encode())
        if rows
        else WatchRow(next=0, habits={})
    )


def _put_down(
    vault: Vault,
    rows: Sequence[tuple[Any, ...]],
    now: WatchRow,
    found: Sequence[_Noticed],
    at: datetime.datetime,
) -> None:
    """Write what was noticed and how far was read, if nobody has read on from `rows` meanwhile."""
    sealed = vault.directory.seal(now, _NAME.encode())
    place: dict[str, bytes | str] = {"practice_id": vault.practice_id, "name": _NAME}
    owes = tuple(_duty(vault, one) for one in found)
    pages = pages_of_alarm(vault, at) if any(is_alarm(one.glance) for one in owes) else []

    def change(writing: Writing) -> None:
        if writing.rows("settings.by_key", **place) != rows:
            raise Conflicting("another round is at work")
        writing.run("settings.update" if rows else "settings.insert", row=sealed, **place)
        put_pages(vault, pages, writing)

    if not owes:
        vault.store.write(change).result()
        return
    body = {
        "what": "noticed",
        "kinds": dict(sorted(Counter(kind for one in found for kind in one.kinds).items())),
    }
    act = Act(vault.practice_id, "oversight", body, owes, change=change)
    announced(vault, act, at, authority=None)


def _duty(vault: Vault, one: _Noticed) -> Duty:
    is_urgent = not ALARMS.isdisjoint(one.kinds)
    row = DutyRow(
        client_id=vault.practice_id,
        act="look",
        by=vault.practice_id,  # nobody's own: whoever looked is not shown it
        at=one.at,
        owed=b"",
        due=one.at + (TO_SETTLE_ALARMS if is_urgent else TO_SETTLE),
    )
    return new_duty(
        row,
        id=UNUSUAL,
        kind="review",
        what=f"settle what was noticed: {', '.join(KINDS[kind].title for kind in one.kinds)}",
        kinds=list(one.kinds),
        who=one.by.described,
        client="" if one.client_id is None else one.client_id.hex(),
        line=one.event_id.hex(),
        count=one.count,
        limit=one.limit,
    )
