"""The board of what is owed: what is late, what is due today, this week, later; who else can do it.

Days are those of the practice's clock. Working days leave out Saturdays and Sundays; holidays
count as working days, as in `rules/durations.py`, so that time looks shorter rather than longer.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import Unknown
from angerona.practice.colleagues import colleagues, works_here
from angerona.practice.duties import concerns, instead_of, owed
from angerona.sealed.duties import sighted
from angerona.sealed.zones import hour_of

if TYPE_CHECKING:
    from angerona.practice.duties import Owing
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Person, Vault, Visit

GROUPS: Final = ("late", "today", "this week", "later", "no time set")
_SATURDAY: Final = 5
_SUNDAY: Final = 6
_HOUR_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something owed: its group, the time left in words, whose act it was, who else can do it.

    `by` is empty where the act was a client's own; `others` are names. `instead`: whom one stands
    in for with it, who is away.
    """

    owing: Owing
    group: str
    left: str
    by: str
    others: tuple[str, ...]
    instead: str = ""


def board(visit: Visit) -> dict[str, list[Deadline]]:
    """What is owed as far as this person sees it, by group (`GROUPS`); those that are empty too.

    With a line under the person, as `duties.owed`. Raises as that, and `NotPermitted` in a client's
    own session.
    """
    here = colleagues(visit)
    found: dict[str, list[Deadline]] = {name: [] for name in GROUPS}
    for one in owed(visit):
        deadline = _deadline(visit, one, here)
        found[deadline.group].append(deadline)
    return found


def _deadline(visit: Visit, owing: Owing, here: list[Person]) -> Deadline:
    vault, row = visit.vault, owing.duty.row
    zone = vault.practice().zone
    group, left = "no time set", ""
    if row.due is not None:
        due, at = row.due.astimezone(zone), visit.at.astimezone(zone)
        group = group_of(due, at)
        left = left_in_words(due, at, working=row.duty.get("days") == "working")
    others = (one.row.name for one in here if _can_stand_in(visit, one, owing.duty))
    away = instead_of(vault, visit.person, visit.at, owing.duty.glance)
    instead = "" if away is None else _name(vault, away)
    return Deadline(owing, group, left, _name(vault, row.by), tuple(others), instead)


def _can_stand_in(visit: Visit, one: Person, duty: Duty) -> bool:
    person = one.at(visit.at)
    is_other = person.person_id not in {duty.row.by, visit.unlocked.person_id}
    return is_other and concerns(visit.vault, person, visit.at, duty.glance)


def _name(vault: Vault, person_id: bytes) -> str:
    try:
        person = vault.person(person_id)
    except Unknown:
        return ""
    return person.row.name if person.row.client_id is None else ""


def group_of(due: datetime.datetime, at: datetime.datetime) -> str:
    """Where something stands on the board; both by the same clock. A week ends on Sunday."""
    if due < at:
        return "late"
    if due.date() == at.date():
        return "today"
    sunday = at.date() + datetime.timedelta(days=_SUNDAY - at.weekday())
    return "this week" if due.date() <= sunday else "later"


def left_in_words(due: datetime.datetime, at: datetime.datetime, *, working: bool = False) -> str:
    """How long there is: "in 3 days", "today by 17:00", "2 days late"; both by the same clock.

    With `working` only days on which people work are counted.
    """
    if due < at:
        return f"{_gone(due, at, working=working)} late"
    days = (due.date() - at.date()).days
    if days <= 1:
        hour = hour_of(due, due.tzinfo or datetime.UTC)
        return f"{'tomorrow' if days else 'today'} by {hour}"
    count = working_days(at.date(), due.date()) if working else days
    return f"in {_days(count, working=working)}"


def _gone(due: datetime.datetime, at: datetime.datetime, *, working: bool) -> str:
    if due.date() == at.date():
        hours = int((at - due).total_seconds()) // _HOUR_S
        return f"{hours} hour{'' if hours == 1 else 's'}" if hours else "less than an hour"
    if working and (count := working_days(due.date(), at.date())):
        return _days(count, working=True)
    return _days((at.date() - due.date()).days, working=False)


def _days(count: int, *, working: bool) -> str:
    return f"{count} {'working ' if working else ''}day{'' if count == 1 else 's'}"


def working_days(first: datetime.date, last: datetime.date) -> int:
    """How many working days there are after one day, up to and with another."""
    length = (last - first).days
    weeks, rest = divmod(length, 7)
    begun = (first + datetime.timedelta(days=one + 1) for one in range(rest))
    return weeks * 5 + sum(one.weekday() < _SATURDAY for one in begun)


def due_moments(vault: Vault, person_id: bytes, at: datetime.datetime) -> list[datetime.datetime]:
    """When something is due for a member, in order, for a calendar elsewhere that learns no more.

    Raises `Unknown`, `Altered`, `Unopenable`.
    """
    person = vault.person(person_id).at(at)
    if not works_here(person, at):
        return []
    with vault.store.snapshot() as reading:
        there = [one.glance for one in sighted(vault, reading, "duties.all")]
    return sorted(one.due for one in there if one.due and concerns(vault, person, at, one))
