"""Appointments: who comes to whom and when, under titles that tell nothing; a feed that says less.

A row lies in the directory tier, under its client. The front desk sees every appointment; anybody
else those of his or her own, and those of the clients to whom a tie lets schedule. What an
appointment is about stands nowhere. A calendar elsewhere may be fed by a secret address: it learns
when somebody is busy, and nothing else.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec

from angerona.ciphers.derive import derived
from angerona.errors import BadInput, Conflicting, NotPermitted, Sealed, Unknown, one_line
from angerona.ledger.lines import Line
from angerona.practice.clients import check_lives, known_authority
from angerona.practice.colleagues import works_here
from angerona.practice.deadlines import due_moments
from angerona.practice.own_choices import own_authority
from angerona.practice.supervision import name_as_met
from angerona.sealed.appointments import AppointmentRow, binding
from angerona.sealed.compartments import BY_POST, BY_TIE
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from angerona.ledger.ledger import Changes
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

USUAL_TITLE: Final = "Appointment"
TITLE_CHARACTERS_MAX: Final = 60
MINUTES_MAX: Final = 12 * 60
FARTHEST: Final = datetime.timedelta(days=3660)
"""How far from today an appointment may lie; beyond the calendar's years no page could show it."""
FEED_BYTES: Final = 32
CANCELLED: Final = "appointment cancelled"
"""What the line says of an appointment that was cancelled."""
BUSY: Final = "busy"
DUE: Final = "due"
_FEED: Final = "feed/"
_NEEDED: Final = "scheduling"


class FeedRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose calendar a secret address feeds, with when one is busy or when something is due."""

    domain: ClassVar[str] = "angerona/row/feed/v1"
    person_id: bytes
    of: str = BUSY


@dataclass(frozen=True, slots=True, repr=False)
class Appointment:
    """An appointment as it may be seen: with the client's name, and whom the client comes to."""

    appointment_id: bytes
    client_id: bytes
    client: str
    person: str
    row: AppointmentRow

    @property
    def ends(self) -> datetime.datetime:
        """When it is over."""
        return self.row.starts + datetime.timedelta(minutes=self.row.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAppointment:
    """What is asked of a new appointment. `title` must not tell what it is about."""

    person_id: bytes
    starts: datetime.datetime
    minutes: int
    title: str = USUAL_TITLE


def make_appointment(visit: Visit, client_id: bytes, new: NewAppointment) -> bytes:
    """Put an appointment into the calendar; gives its id (16 bytes).

    By the front desk, or by whoever is tied to the client. Raises `Unknown` for a client one has
    nothing to do with, `NotPermitted`, `BadInput` for a day, a length or a person that cannot be,
    `AuthorityMoved`.
    """
    vault, authority = visit.vault, _schedulable(visit, client_id)
    check_lives(authority)
    if not 0 < new.minutes <= MINUTES_MAX:
        raise BadInput("minutes", "is no length", f"1 to {MINUTES_MAX}")
    if abs(new.starts - visit.at) > FARTHEST:
        raise BadInput("starts", "is too far away", "a day within ten years")
    if not works_here(vault.person(new.person_id), visit.at):
        raise BadInput("with", "is nobody who works here", "a member")
    title = one_line("title", new.title or USUAL_TITLE, TITLE_CHARACTERS_MAX)
    row = AppointmentRow(
        person_id=new.person_id,
        starts=new.starts.astimezone(datetime.UTC),
        minutes=new.minutes,
        title=title,
    )
    appointment_id = os.urandom(16)

    def changes(writing: Writing) -> None:
        writing.run(
            "appointments.insert",
            practice_id=vault.practice_id,
            appointment_id=appointment_id,
            client_id=client_id,
            row=vault.directory.seal(row, client_id, appointment_id),
        )

    said = binding(vault.practice_id, client_id, appointment_id, row)
    _record(visit, authority, "appointment", changes, **said)
    return appointment_id


def cancel_appointment(visit: Visit, appointment_id: bytes) -> None:
    """Mark an appointment as cancelled; that it was made stays. Raises as `make_appointment`.

    One that is cancelled already is left as it is.
    """
    vault = visit.vault
    place = {"practice_id": vault.practice_id, "appointment_id": appointment_id}
    rows = vault.store.rows("appointments.by_key", **place)
    if not rows:
        vault.refused_stranger(visit.at)
        raise Unknown
    [(_, client_id, sealed)] = rows
    authority = _schedulable(visit, client_id)
    row = vault.directory.open(AppointmentRow, sealed, client_id, appointment_id)
    if row.is_cancelled:
        return
    gone = msgspec.structs.replace(row, is_cancelled=True)

    def changes(writing: Writing) -> None:
        if writing.rows("appointments.by_key", **place) != rows:
            raise Conflicting("this appointment was changed meanwhile")
        blob = vault.directory.seal(gone, client_id, appointment_id)
        writing.run("appointments.update", row=blob, **place)

    said = binding(vault.practice_id, client_id, appointment_id, gone)
    _record(visit, authority, CANCELLED, changes, **said)


def cancelled_from(visit: Visit, client_id: bytes) -> tuple[list[Line], Callable[[Writing], None]]:
    """The lines that cancel all that is still to come of a client, and the change they announce.

    Who may is for the caller to check, who writes them with an act of his or her own.
    """
    vault, by = visit.vault, visit.person.described
    coming = [one for one in _of_client(vault, client_id) if visit.at < one.row.starts]
    gone = {
        one.appointment_id: msgspec.structs.replace(one.row, is_cancelled=True)
        for one in coming
        if not one.row.is_cancelled
    }
    first = {"by": by, "what": CANCELLED, "classes": ["attendance"]}
    lines = [
        Line(client_id, "kept", {**first, **binding(vault.practice_id, client_id, one, row)})
        for one, row in gone.items()
    ]

    def changes(writing: Writing) -> None:
        for one, row in gone.items():
            place = {"practice_id": vault.practice_id, "appointment_id": one}
            sealed = vault.directory.seal(row, client_id, one)
            writing.run("appointments.update", row=sealed, **place)

    return lines, changes


def calendar(visit: Visit, since: datetime.datetime, until: datetime.datetime) -> list[Appointment]:
    """The appointments that begin in a stretch of time, as far as one may see them, in order.

    Whom one supervises, by initials. With a line under the person who looked. Raises `NotPermitted`
    in a client's own session.
    """
    vault, person = visit.vault, visit.person
    if person.row.client_id is not None:
        raise NotPermitted
    rows = vault.store.rows("appointments.all", practice_id=vault.practice_id)
    found = [
        _as_met(visit, one)
        for one in _opened(vault, rows)
        if since <= one.row.starts < until and _may_see(visit, one)
    ]
    body = {"by": person.described, "what": "calendar", "appointments": len(found)}
    vault.record(person.person_id, "look", body, visit.at)
    return sorted(found, key=lambda one: (one.row.starts, one.appointment_id))


def appointments_of(visit: Visit, client_id: bytes) -> list[Appointment]:
    """Every appointment of a client, in order, with a line in the client's list.

    Raises `Unknown`, `NotPermitted` as `make_appointment`.
    """
    authority = _schedulable(visit, client_id)
    _record(visit, authority, "appointments", None, kind="look")
    return _of_client(visit.vault, client_id)


def own_appointments(visit: Visit) -> list[Appointment]:
    """When the client who is signed in comes from now on. Raises `NotPermitted` for others."""
    found = _of_client(visit.vault, own_authority(visit).client_id)
    return [one for one in found if visit.at < one.ends and not one.row.is_cancelled]


def new_feed(visit: Visit, of: str = BUSY) -> str:
    """A secret address for one's own calendar (64 digits); a former one feeds nothing any more.

    `of`: `BUSY`, or `DUE` for when something is due. Raises `NotPermitted` in a client's own
    session.
    """
    vault, person = visit.vault, visit.person
    if person.row.client_id is not None:
        raise NotPermitted
    secret = os.urandom(FEED_BYTES)
    name = _feed_name(vault, secret)
    feeds = FeedRow(person_id=person.person_id, of=of)
    sealed = vault.directory.seal(feeds, name.encode())

    def changes(writing: Writing) -> None:
        for former, row in writing.rows("settings.all", practice_id=vault.practice_id):
            if former.startswith(_FEED) and _fed(vault, former, row) == feeds:
                writing.run("settings.delete", practice_id=vault.practice_id, name=former)
        writing.run("settings.insert", practice_id=vault.practice_id, name=name, row=sealed)

    body = {"by": person.described, "what": "calendar feed"}
    vault.record(person.person_id, "setting", body, visit.at, changes=changes)
    return secret.hex()


def feed(vault: Vault, given: str, at: datetime.datetime) -> str:
    """A calendar (iCalendar, RFC 5545): when somebody is busy or something is due, and no more.

    For an address that is none it is empty: nobody learns that there is no such calendar.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//EN", "METHOD:PUBLISH"]
    for starts, ends in _moments(vault, given, at):
        uid = derived(given.encode(), "angerona/feed/event/v1", _utc(starts), _utc(ends)).hex()[:32]
        ending = [f"DTEND:{_utc(ends)}"] if ends > starts else []
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{_utc(at)}",
            f"DTSTART:{_utc(starts)}",
            *ending,
            f"SUMMARY:{'Busy' if ending else 'Something is due'}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _moments(
    vault: Vault, given: str, at: datetime.datetime
) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """From when until when; what is due has no length, and counts once where several are."""
    try:
        secret = bytes.fromhex(given)
    except ValueError:
        return []
    if len(secret) != FEED_BYTES:
        return []
    name = _feed_name(vault, secret)
    rows = vault.store.rows("settings.by_key", practice_id=vault.practice_id, name=name)
    feeds = _fed(vault, name, rows[0][0]) if rows else None
    if feeds is None or not works_here(vault.person(feeds.person_id), at):
        return []
    if feeds.of == DUE:
        return [(one, one) for one in dict.fromkeys(due_moments(vault, feeds.person_id, at))]
    found = vault.store.rows("appointments.all", practice_id=vault.practice_id)
    return sorted(
        (one.row.starts, one.ends)
        for one in _opened(vault, found)
        if one.row.person_id == feeds.person_id and not one.row.is_cancelled
    )


def _utc(at: datetime.datetime) -> str:
    return f"{at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _feed_name(vault: Vault, secret: bytes) -> str:
    return f"{_FEED}{derived(secret, 'angerona/feed/id/v1', vault.practice_id).hex()[:32]}"


def _fed(vault: Vault, name: str, sealed: bytes) -> FeedRow | None:
    try:
        return vault.directory.open(FeedRow, sealed, name.encode())
    except Sealed:
        return None


def _schedulable(visit: Visit, client_id: bytes) -> Authority:
    """The client, for whoever may schedule: by a post or a tie that brings that compartment."""
    authority = known_authority(visit, client_id)
    if not _may_schedule(visit, authority):
        raise NotPermitted
    return authority


def _may_schedule(visit: Visit, authority: Authority) -> bool:
    person = visit.person
    brought = (
        *(BY_TIE.get(one, frozenset()) for one in authority.relations(person.person_id, visit.at)),
        *(BY_POST.get(one, frozenset()) for one in person.row.posts),
    )
    return any(_NEEDED in one for one in brought)


def _may_see(visit: Visit, one: Appointment) -> bool:
    if one.row.person_id == visit.unlocked.person_id:
        return True
    return _may_schedule(visit, visit.vault.authority(one.client_id))


def _as_met(visit: Visit, one: Appointment) -> Appointment:
    """An appointment under the name by which this person meets the client."""
    return replace(one, client=name_as_met(visit, visit.vault.authority(one.client_id)))


def _of_client(vault: Vault, client_id: bytes) -> list[Appointment]:
    place = {"practice_id": vault.practice_id, "client_id": client_id}
    found = _opened(vault, vault.store.rows("appointments.of_client", **place))
    return sorted(found, key=lambda one: (one.row.starts, one.appointment_id))


def _opened(vault: Vault, rows: Iterable[tuple[bytes, bytes, bytes]]) -> list[Appointment]:
    found = []
    for appointment_id, client_id, sealed in rows:
        row = vault.directory.open(AppointmentRow, sealed, client_id, appointment_id)
        client = vault.authority(client_id).client.name
        person = vault.person(row.person_id).row.name
        found.append(Appointment(appointment_id, client_id, client, person, row))
    return found


def _record(
    visit: Visit,
    authority: Authority,
    what: str,
    changes: Changes | None,
    *,
    kind: str = "kept",
    **said: str,
) -> None:
    """A line in the client's list, with the change it announces; `said` binds that."""
    body = {"by": visit.person.described, "what": what, "classes": ["attendance"], **said}
    version = authority.version if changes else None  # nothing is written of whoever was erased
    visit.vault.record(
        authority.client_id, kind, body, visit.at, authority=version, changes=changes
    )
