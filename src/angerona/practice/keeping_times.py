"""How long a record must be kept, by each rule in force, for this client.

A rule runs from the end of treatment, the last service or the last change, as it says. That is the
day which the practice has put down, or the last entry, whichever is later. Of whoever was young
then, some rules keep it to a birthday: where the day of birth is on file, that is worked out. What
a rule says in other words is said in these words and shortens nothing.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput
from angerona.notices.paragraphs import day as as_day
from angerona.practice.clients import known_authority, rewrite_client
from angerona.practice.durations import in_words
from angerona.practice.representatives import changeable, today
from angerona.rules.consents import ADULT_AGE
from angerona.rules.durations import DURATION, after
from angerona.sealed.zones import end_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.gate.door import Door
    from angerona.rules.entries import Retention
    from angerona.sealed.standing import Standing
    from angerona.sealed.vault import Visit

_TO_AGE: Final = re.compile(
    r"(?:un)?(?:to|til) (?:age )?(?P<age>\d+)(?:th birthday)?"
    r"(?: \((?P<other>\d+)th if (?P<at>\d+) at end\))?"
)
"""How the packs say to which birthday the record of a child is kept."""


@dataclass(frozen=True, slots=True)
class MustStay:
    """That the record must be kept: by which rule, in its words; until when, if it is known.

    `children`: what the rule says of whoever was young then, where that is not worked out.
    """

    rule: str
    cite: str
    says: str
    until: datetime.datetime | None
    children: str


def set_treatment_ended(visit: Visit, client_id: bytes, ended: datetime.date | None) -> None:
    """Put down on which day a client's treatment ended; `None` takes it off.

    By whoever treats, or the privacy officer, with a line. Raises `BadInput` for a day to come or
    before the birth, `Unknown`, `NotPermitted`, `AuthorityMoved`.
    """
    authority = changeable(visit, client_id)
    standing = authority.client.standing
    if ended is not None and not (standing.born or datetime.date.min) <= ended <= today(visit):
        raise BadInput("ended", "is no day on which it can have ended", "a day that is past")
    changed = msgspec.structs.replace(standing, ended=ended)
    row = msgspec.structs.replace(authority.client, standing=changed)
    rewrite_client(visit, authority, row, "setting", what="when the treatment ended")


def must_stay(door: Door, visit: Visit, client_id: bytes) -> tuple[MustStay, ...]:
    """Every rule in force by which the record is to be kept, the longest last.

    A rule of which it is not certain whether it applies counts. Raises `Unknown`.
    """
    standing = known_authority(visit, client_id).client.standing
    zone = door.vault.practice().zone
    last = _last_written(visit, client_id)
    if standing.ended is not None:
        last = max(last, end_of(standing.ended, zone))
    found = [_of(rule, standing, last, zone) for rule in _retentions(door)]
    ever = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return tuple(sorted(found, key=lambda one: (one.until or ever, one.rule)))


def still_running(stays: tuple[MustStay, ...], at: datetime.datetime) -> tuple[MustStay, ...]:
    """Those whose time is not over, or not known."""
    return tuple(one for one in stays if one.until is None or one.until > at)


def in_a_sentence(one: MustStay, zone: datetime.tzinfo) -> str:
    """What keeps it, as a letter says it."""
    until = f", until {as_day(one.until.astimezone(zone))}" if one.until else ""
    young = f" For whoever was young then: {one.children}." if one.children else ""
    return f"We have to keep it {one.says}{until} ({one.cite}).{young}"


def _retentions(door: Door) -> Iterator[Retention]:
    for pack_id in door.vault.practice().row.packs:
        for one in door.packs.packs[pack_id].retentions:
            if one.enabled and not one.apart:
                yield one


def _last_written(visit: Visit, client_id: bytes) -> datetime.datetime:
    since = visit.vault.authority(client_id).client.since
    lines = visit.vault.ledger.lines_of(client_id)
    return max([since, *(one.at for one in lines if one.kind == "kept" and one.at)])


def _of(
    rule: Retention, standing: Standing, last: datetime.datetime, zone: datetime.tzinfo
) -> MustStay:
    ends = []
    if DURATION.match(rule.keep):
        ends.append(after(rule.keep, last.astimezone(zone)))
    children, birthday = _of_the_young(rule.children, standing, last.astimezone(zone).date())
    if birthday is not None:
        ends.append(end_of(birthday, zone))
    died = standing.death.day if standing.death is not None else None
    if died is not None and DURATION.match(rule.after_death):
        ends.append(after(rule.after_death, end_of(died, zone).astimezone(zone)))
    keep = in_words(rule.keep) or rule.keep
    says = f"{keep} from {rule.keep_from}" if rule.keep_from else keep
    known = bool(DURATION.match(rule.keep))
    until = max(ends).astimezone(datetime.UTC) if known else None
    return MustStay(rule.id, rule.cite, says, until, children)


def _of_the_young(
    says: str, standing: Standing, last: datetime.date
) -> tuple[str, datetime.date | None]:
    """What a rule says of the young, and the birthday to which it keeps the record of this one.

    Nothing of either for who was of age by then.
    """
    age = None if standing.born is None else standing.age_on(last)
    if age is None or not says:
        return says, None
    if age >= ADULT_AGE:
        return "", None
    found = _TO_AGE.fullmatch(says)
    if found is None:
        return says, None
    is_other = found["at"] is not None and age == int(found["at"])
    return "", standing.birthday(int(found["other"] if is_other else found["age"]))
