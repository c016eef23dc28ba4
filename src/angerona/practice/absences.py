"""Out of office: from when until when somebody is away, and who stands in meanwhile.

Whoever asks a colleague for something asks nobody who is away, and what was asked before passes on
to the deputy. An absence stands in the sealed row of the member, with a line under him or her.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.practice.colleagues import colleagues, works_here
from angerona.practice.members import OFFICER
from angerona.practice.posts import bindings_of, check_unmoved, write_row
from angerona.sealed.rows import Absence
from angerona.sealed.vault import person_digest

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from angerona.sealed.vault import Person, Vault, Visit
    from angerona.store import Writing

AT_ONCE_MAX: Final = 12
"""How many absences of one member can lie ahead."""
AWAY: Final = "out of office"
BACK: Final = "in office again"


def is_away(vault: Vault, person_id: bytes, at: datetime.datetime) -> bool:
    """Whether somebody (16 bytes) is out of office at a moment. Raises `Unknown`."""
    return vault.person(person_id).row.absence_at(at) is not None


def deputy_of(vault: Vault, person_id: bytes, at: datetime.datetime) -> Person | None:
    """Who stands in for somebody who is away: the deputy, or the deputy's where that one is too.

    Nobody where the person is here, named nobody, or all who were named are away or have left.
    Raises `Unknown`.
    """
    asked, absence = {person_id}, vault.person(person_id).row.absence_at(at)
    while absence is not None and absence.deputy is not None and absence.deputy not in asked:
        asked.add(absence.deputy)
        deputy = vault.person(absence.deputy).at(at)
        if not works_here(deputy, at):
            return None
        absence = deputy.row.absence_at(at)
        if absence is None:
            return deputy
    return None


def absences_of(visit: Visit, person_id: bytes) -> tuple[Absence, ...]:
    """What lies ahead for somebody, first what begins first. Raises `NotPermitted`, `Unknown`."""
    return _ahead(_member(visit, person_id), visit.at)


def say_away(
    visit: Visit,
    person_id: bytes,
    since: datetime.datetime,
    until: datetime.datetime,
    deputy: bytes | None,
) -> None:
    """Say that somebody is away from `since` until `until`, and who stands in meanwhile.

    One's own absence, or anybody's by the privacy officer; a deputy is named wherever somebody else
    works here. Raises `NotPermitted`, `Unknown`, `BadInput` for what is past, backwards, overlaps
    another absence, or names no colleague; `Conflicting`.
    """
    bound = bindings_of(visit.vault, (person_id,))
    person = _member(visit, person_id)
    if not since < until or until <= visit.at:
        raise BadInput("until", "is past, or not after the beginning", "a later day and hour")
    ahead = _ahead(person, visit.at)
    if any(one.since < until and since < one.until for one in ahead):
        raise BadInput("from", "falls into another absence", "days between the others")
    if len(ahead) >= AT_ONCE_MAX:
        raise BadInput("from", "is one absence too many", f"up to {AT_ONCE_MAX} ahead")
    others = [one for one in colleagues(visit) if one.person_id != person_id]
    deputies = [one for one in others if one.person_id == deputy]
    if others and not deputies:
        raise BadInput("deputy", "is nobody who can stand in", "a colleague who works here")
    by, named = visit.unlocked.person_id, deputy if deputies else None
    new = Absence(since=since, until=until, by=by, deputy=named)
    said: dict[str, object] = {"since": since.isoformat(), "until": until.isoformat()}
    if deputies:
        said["whom"] = deputies[0].described
    _write(visit, person, bound, (*ahead, new), {"what": AWAY, **said})


def take_back(visit: Visit, person_id: bytes, since: datetime.datetime) -> None:
    """Take an absence back that begins at `since`; one that has begun is over now.

    Raises as `say_away`, and `BadInput` where there is none.
    """
    bound = bindings_of(visit.vault, (person_id,))
    person = _member(visit, person_id)
    ahead = _ahead(person, visit.at)
    stay = tuple(one for one in ahead if one.since != since)
    if stay == ahead:
        raise BadInput("absence", "is over, or was never said", "one that lies ahead")
    _write(visit, person, bound, stay, {"what": BACK, "since": since.isoformat()})


def _ahead(person: Person, at: datetime.datetime) -> tuple[Absence, ...]:
    return tuple(one for one in person.row.absences if at < one.until)


def _member(visit: Visit, person_id: bytes) -> Person:
    """Oneself, or for the privacy officer anybody who works here."""
    by = visit.person
    if by.row.client_id is not None or (person_id != by.person_id and OFFICER not in by.row.posts):
        raise NotPermitted
    person = visit.vault.person(person_id)
    if not works_here(person, visit.at):
        raise Unknown
    return person


def _write(
    visit: Visit,
    person: Person,
    bound: dict[bytes, bytes],
    absences: Iterable[Absence],
    said: dict[str, object],
) -> None:
    vault, person_id = visit.vault, person.person_id
    ordered = tuple(sorted(absences, key=lambda one: one.since))
    row = msgspec.structs.replace(person.row, absences=ordered)

    def changes(writing: Writing) -> bytes:
        check_unmoved(vault, writing, bound)
        write_row(vault, writing, person, row)
        return person_digest(writing, vault.practice_id, person_id)

    body = {"by": visit.person.described, **said}
    vault.record(person_id, "member", body, visit.at, slot="keys", changes=changes)
