"""Reminders by mail: that something is due, or that a message waits, and nothing else.

A member says at which address, and how long before. Each of these moments is told once for each
duty; what was told is remembered in the transaction that has the mail wait (`sealed/pages.py`), so
that neither a restart nor a second round tells it again. A client is reminded of an appointment the
day before, where mail is allowed at any time and the own pages show appointments.
"""

from __future__ import annotations

import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec

from angerona.errors import (
    Altered,
    BadInput,
    Conflicting,
    NotPermitted,
    Sealed,
    Tampered,
    Unknown,
    Unopenable,
    one_of,
)
from angerona.gate.second_reading import READ
from angerona.practice.colleagues import works_here
from angerona.practice.deadlines import working_days
from angerona.practice.duties import concerns
from angerona.practice.members import OFFICER
from angerona.practice.messages import mail_for
from angerona.practice.paging import is_mail_address, put_pages
from angerona.practice.posts import bindings_of, check_unmoved, write_row
from angerona.sealed.appointments import AppointmentRow
from angerona.sealed.duties import sighted_whole
from angerona.sealed.pages import DUE, new_page
from angerona.sealed.rows import Row
from angerona.sealed.vault import person_digest, practice_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from angerona.sealed.duties import Glance, Sighted
    from angerona.sealed.pages import PageOut
    from angerona.sealed.vault import Person, Vault, Visit
    from angerona.store import Reading, Writing

    _Reminded = tuple[dict[bytes, int], list[PageOut]]

STAGES: Final[Mapping[str, str]] = {
    "three": "Three working days before",
    "one": "One working day before",
    "late": "When it is late",
}
"""When somebody can be reminded, in order."""
_NAME: Final = "reminded"
_DAY: Final = datetime.timedelta(days=1)
_THREE: Final = 3


class RemindedRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of what each was reminded: by the id of who (a member, a client), then of what, how far."""

    domain: ClassVar[str] = "angerona/row/reminded/v1"
    told: dict[bytes, dict[bytes, int]]


def set_reminders(visit: Visit, address: str, when: Collection[str] | None) -> None:
    """Say at which mail address one is reminded, and when (words of `STAGES`); empty for never.

    `None` for when the practice has it. With a line. Raises `NotPermitted` in a client's own
    session, `BadInput` for what is no address or no such moment, `Conflicting`.
    """
    vault, person_id = visit.vault, visit.unlocked.person_id
    person = vault.person(person_id)
    if person.row.client_id is not None:
        raise NotPermitted
    given = address.strip()
    if given and not is_mail_address(given):
        raise BadInput("mail address for reminders", "is none", "such as name@example.org")
    chosen = None if when is None else _stages(when)
    bound = bindings_of(vault, (person_id,))
    row = msgspec.structs.replace(person.row, reminded_at=given, reminded=chosen)

    def changes(writing: Writing) -> bytes:
        check_unmoved(vault, writing, bound)
        write_row(vault, writing, person, row)
        return person_digest(writing, vault.practice_id, person_id)

    is_on = given and (chosen is None or chosen)
    body = {"by": person.described, "what": f"{'' if is_on else 'not '}to be reminded by mail"}
    vault.record(person_id, "setting", body, visit.at, slot="keys", changes=changes)


def set_practice_reminders(visit: Visit, when: Collection[str]) -> None:
    """Say when members are reminded who do not choose themselves, with a line of the practice.

    Raises `NotPermitted` for anybody but the privacy officer, `BadInput`, `Conflicting`.
    """
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    vault, chosen = visit.vault, _stages(when)
    bound = bindings_of(vault, (vault.practice_id,))
    row = msgspec.structs.replace(vault.practice().row, reminded=chosen)

    def changes(writing: Writing) -> bytes:
        check_unmoved(vault, writing, bound)
        sealed = vault.directory.seal(row, vault.practice_id)
        writing.run("practices.update", practice_id=vault.practice_id, row=sealed)
        return practice_digest(writing, vault.practice_id)

    body = {"by": visit.person.described, "what": "reminders", "when": list(chosen)}
    vault.record(vault.practice_id, "setting", body, visit.at, slot="keys", changes=changes)


def _stages(when: Collection[str]) -> tuple[str, ...]:
    for one in when:
        if one not in STAGES:
            raise BadInput("when", "is no such moment", one_of(STAGES, one))
    return tuple(one for one in STAGES if one in when)


def remind(vault: Vault, at: datetime.datetime) -> int:
    """Have a mail wait for everybody who is to be reminded of something now; gives how many.

    One to each, however much there is: it says nothing of what. Raises `Conflicting` where another
    round is at work, and `Altered` where a row does not open or is not what the ledger holds, once
    all the others were seen to.
    """
    with vault.store.snapshot() as reading:
        before = _told(vault, reading)
        duties, is_altered = sighted_whole(vault, reading, "duties.all")
        appointments = reading.rows("appointments.all", practice_id=vault.practice_id)
        people = reading.rows("people.all", practice_id=vault.practice_id)
    wrong = _altered_clients(vault, {one.glance.client_id for one in duties})
    duties = [one for one in duties if one.glance.client_id not in wrong]
    coming, is_wrong = _coming(vault, appointments, at)
    jobs: dict[bytes, Callable[[dict[bytes, int]], _Reminded]] = {
        person_id: partial(_of_member, vault, person_id, duties, at) for person_id, *_ in people
    }
    jobs |= {one: partial(_of_client, vault, one, ids, at) for one, ids in coming.items()}
    told, pages = dict[bytes, dict[bytes, int]](), list["PageOut"]()
    for whose, job in jobs.items():
        known = before.get(whose, {})
        try:
            now, mine = job(known)
        except Unknown:
            continue  # erased since
        except (Sealed, Tampered):
            now, mine, is_altered = known, [], True
        told[whose], pages = now, [*pages, *mine]
    told = {one: several for one, several in told.items() if several}
    if told != before:
        _write(vault, before, told, pages)
    if is_altered or is_wrong or wrong:
        raise Altered("a duty, an appointment, or who somebody is")
    return len(pages)


def _of_client(
    vault: Vault,
    client_id: bytes,
    coming: set[bytes],
    at: datetime.datetime,
    known: dict[bytes, int],
) -> _Reminded:
    """The appointments that a client was reminded of, and the mail for those of tomorrow."""
    authority = vault.authority(client_id)
    mail = mail_for(authority, at, "appointments", at_any_time=True, about="appointments")
    pages = mail if not coming <= known.keys() else []
    return dict.fromkeys(coming if mail else coming & known.keys(), 1), pages


def _of_member(
    vault: Vault,
    person_id: bytes,
    duties: list[Sighted],
    at: datetime.datetime,
    known: dict[bytes, int],
) -> _Reminded:
    """How far each duty of a member is who wants to be reminded, and the mail for it, if any."""
    person = vault.person(person_id).at(at)
    stages = person.row.reminded
    stages = vault.practice().row.reminded if stages is None else stages
    if not person.row.reminded_at or not stages or not works_here(person, at):
        return {}, []
    now = _reached(vault, person, duties, at)
    wanted = [number for number, one in enumerate(STAGES, 1) if one in stages]
    is_due = any(known.get(one, 0) < number <= now[one] for one in now for number in wanted)
    pages = [new_page(person.row.reminded_at, at, DUE)] if is_due else []
    return {one: stage for one, stage in now.items() if stage}, pages  # less, if due later now


def _reached(
    vault: Vault, person: Person, duties: list[Sighted], at: datetime.datetime
) -> dict[bytes, int]:
    """How far each duty of somebody is: the number of the last of `STAGES` that was reached."""
    zone = vault.practice().zone
    mine = (one for one in duties if _is_of(vault, person, at, one.glance))
    return {one.duty_id: _stage(one.glance.due, at, zone) for one in mine}


def _altered_clients(vault: Vault, clients: set[bytes]) -> set[bytes]:
    """Those whose rows were altered: what is owed about them is nobody's until they are mended."""
    found = set[bytes]()
    for one in clients:
        try:
            vault.authority(one)
        except Unknown:
            continue  # the practice's own
        except Tampered:
            found.add(one)
    return found


def _is_of(vault: Vault, person: Person, at: datetime.datetime, glance: Glance) -> bool:
    if glance.due is None:
        return False
    if glance.rule == READ:
        return glance.reader == person.person_id.hex()
    return concerns(vault, person, at, glance)


def _stage(due: datetime.datetime | None, at: datetime.datetime, zone: datetime.tzinfo) -> int:
    if due is None:
        return 0
    if due < at:
        return 3
    left = working_days(at.astimezone(zone).date(), due.astimezone(zone).date())
    return 2 if left <= 1 else int(left <= _THREE)


def _coming(
    vault: Vault, rows: list[tuple[bytes, bytes, bytes]], at: datetime.datetime
) -> tuple[dict[bytes, set[bytes]], bool]:
    """The appointments of the day ahead, by client; and whether there are some that do not open."""
    found, is_altered = dict[bytes, set[bytes]](), False
    for appointment_id, client_id, sealed in rows:
        try:
            row = vault.directory.open(AppointmentRow, sealed, client_id, appointment_id)
        except Unopenable:
            is_altered = True
            continue
        if at < row.starts <= at + _DAY and not row.is_cancelled:
            found.setdefault(client_id, set()).add(appointment_id)
    return found, is_altered


def _told(vault: Vault, reading: Reading) -> dict[bytes, dict[bytes, int]]:
    rows = reading.rows("settings.by_key", practice_id=vault.practice_id, name=_NAME)
    return vault.directory.open(RemindedRow, rows[0][0], _NAME.encode()).told if rows else {}


def _write(
    vault: Vault,
    before: dict[bytes, dict[bytes, int]],
    told: dict[bytes, dict[bytes, int]],
    pages: list[PageOut],
) -> None:
    """Remember what was told and have the mail wait, together or not at all."""
    row = vault.directory.seal(RemindedRow(told=told), _NAME.encode())
    place: dict[str, bytes | str] = {"practice_id": vault.practice_id, "name": _NAME}

    def job(writing: Writing) -> None:
        if _told(vault, writing) != before:
            raise Conflicting("another round is at work")
        if not writing.run("settings.update", row=row, **place):
            writing.run("settings.insert", row=row, **place)
        put_pages(vault, pages, writing)

    vault.store.write(job).result()
