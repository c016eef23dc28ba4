"""The privacy officer's desk: what waits, reviews, what was noticed, and the law in use.

Every look past the usual way is owed a review by a privacy officer who did not look: after broken
glass, by the pack's duty; after an emergency and an opening by key holders, by our own. Where
nobody else is privacy officer, somebody outside is named who read it. What the watch noticed
(`watching.py`) is settled here, in words that accuse nobody. A talk that is needed stays owed; what
was not in order is an incident from then on (`breaches.py`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, Conflicting, NotPermitted, Unknown, one_line, one_of
from angerona.practice.breaches import Report, report
from angerona.practice.caseload import short_id
from angerona.practice.clients import known_authority, rewrite_client
from angerona.practice.colleagues import works_here
from angerona.practice.duties import (
    TALK,
    client_met,
    ended,
    is_review,
    may_review,
)
from angerona.practice.members import OFFICER
from angerona.practice.unusual import KINDS
from angerona.practice.watching import UNUSUAL, is_alarm
from angerona.practice.who_looked import who
from angerona.sealed.duties import DutyRow, find, new_duty, sighted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.ledger.lines import Written
    from angerona.practice.unusual import Kind
    from angerona.rules.compile import Packs
    from angerona.rules.entries import Pack
    from angerona.sealed.duties import Duty, Glance
    from angerona.sealed.vault import Person, Vault, Visit

OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {"in_order": "in order", "not_in_order": "not in order", "talk": "it needs a talk"}
)
"""What a review can come to."""
SETTLED: Final[Mapping[str, str]] = MappingProxyType(
    {"explained": "explained", "talk": "it needs a talk", "incident": "it is an incident"}
)
"""What becomes of what was noticed."""
WHY_CHARACTERS_MAX: Final = 120
OUTSIDE_CHARACTERS_MAX: Final = 40
WATCHED: Final = "to have looks at this record noticed"
UNWATCHED: Final = "not to have looks at this record noticed any more"
SOMEBODY_ERASED: Final = "A record that was erased"
_TALK_WITHIN: Final = datetime.timedelta(days=7)
_INCIDENTS: Final = frozenset({"not_in_order", "incident"})
"""The outcomes with which an incident is opened."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something on the desk: the duty, whom it is about, whose act it was.

    `reasons` are the kinds of what was noticed. `may`: whether whoever is signed in may settle it;
    `needs_outside`: only with somebody outside who read it.
    """

    duty: Duty
    client: str
    person: str
    is_overdue: bool
    may: bool
    needs_outside: bool = False
    reasons: tuple[Kind, ...] = ()
    is_alarm: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits: reviews, what was noticed, what follows from them, and how many duties in all."""

    reviews: tuple[Waiting, ...]
    noticed: tuple[Waiting, ...]
    follow_ups: tuple[Waiting, ...]
    owed: int
    overdue: int


@dataclass(frozen=True, slots=True)
class LawInUse:
    """A pack in force, and those of its rules whose text was not seen, or that are contested."""

    pack: Pack
    unverified: tuple[str, ...]
    contested: tuple[str, ...]


def desk(visit: Visit) -> Desk:
    """Everything that waits for a privacy officer, with a line under the person who looked.

    What is due first comes first, alarms before all. Raises `NotPermitted` for anybody else,
    `Altered`, `Unopenable`.
    """
    vault, person = visit.vault, visit.person
    _check_officer(visit)
    with vault.store.snapshot() as reading:
        there = list(sighted(vault, reading, "duties.all"))
    body = {"by": person.described, "what": "oversight", "duties": len(there)}
    vault.record(person.person_id, "look", body, visit.at)
    of_desk = [one.opened(vault) for one in there if _is_of_the_desk(one.glance)]
    of_desk.sort(key=lambda one: (not is_alarm(one.glance), one.row.due or visit.at, one.duty_id))
    is_alone = not _other_officers(visit)
    waiting = [_waiting(visit, one, is_alone=is_alone) for one in of_desk]

    by_id: dict[str, list[Waiting]] = {}
    for one in waiting:
        by_id.setdefault(one.duty.row.duty["id"], []).append(one)
    noticed = by_id.pop(UNUSUAL, [])
    follow_ups = by_id.pop(TALK, [])
    reviews = [one for some in by_id.values() for one in some]
    overdue = sum(one.glance.due is not None and one.glance.due < visit.at for one in there)
    return Desk(tuple(reviews), tuple(noticed), tuple(follow_ups), len(there), overdue)


def review(
    visit: Visit, packs: Packs, duty_id: bytes, outcome: str, *, why: str = "", outside: str = ""
) -> Written:
    """Say what a review came to, with a line in the client's list unless the law delays it.

    `why` may be empty where it was in order. `outside`: who outside read it, by name, where
    whoever looked is the only privacy officer. Raises `Unknown` for no such review,
    `NotPermitted` for anybody but a privacy officer, `BadInput`, `Conflicting` where it was done
    meanwhile.
    """
    duty = _found(visit, duty_id)
    if not is_review(duty.glance) or duty.row.duty["id"] == UNUSUAL:
        raise Unknown
    return _ended(visit, packs, duty, outcome, _how(OUTCOMES, outcome, why), outside)


def settle(
    visit: Visit, packs: Packs, duty_id: bytes, outcome: str, *, why: str = "", outside: str = ""
) -> Written:
    """Say what became of something that was noticed, with a line under the practice.

    Raises as `review`; `why` is what explains it.
    """
    duty = _found(visit, duty_id)
    if duty.row.duty["id"] != UNUSUAL:
        raise Unknown
    return _ended(visit, packs, duty, outcome, _how(SETTLED, outcome, why), outside)


def watch_record(visit: Visit, client_id: bytes, *, is_watched: bool) -> None:
    """Have looks at a record noticed from now on, or not any more; the mark lies sealed.

    By the privacy officer or whoever treats the client, who can read in the list that it was done.
    Raises `Unknown` as for no such client, `NotPermitted`, `AuthorityMoved`.
    """
    authority = known_authority(visit, client_id)
    treats = "treating" in authority.relations(visit.unlocked.person_id, visit.at)
    if not treats and OFFICER not in visit.person.row.posts:
        raise NotPermitted
    if authority.client.watched == is_watched:
        return
    row = msgspec.structs.replace(authority.client, watched=is_watched)
    rewrite_client(visit, authority, row, "setting", what=WATCHED if is_watched else UNWATCHED)


def law_in_use(packs: Packs, names: Iterable[str]) -> list[LawInUse]:
    """The packs in force, with the ids of their rules that bar because their text was not seen."""
    found = [packs.packs[one] for one in names if one in packs.packs]
    return [_law(one) for one in found]


def _law(pack: Pack) -> LawInUse:
    rules: list[Any] = [*pack.grounds, *pack.locks, *pack.duties, *pack.rights]
    unverified = tuple(one.id for one in rules if not one.verified)
    contested = tuple(one.id for one in rules if getattr(one, "contested", ""))
    return LawInUse(pack, unverified, contested)


def _check_officer(visit: Visit) -> None:
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted


def _is_of_the_desk(glance: Glance) -> bool:
    return is_review(glance) or glance.rule == TALK


def _found(visit: Visit, duty_id: bytes) -> Duty:
    """A duty of the desk. Raises `NotPermitted`, `Unknown`."""
    _check_officer(visit)
    with visit.vault.store.snapshot() as reading:
        there = find(visit.vault, reading, "duties.by_key", duty_id=duty_id)
    if not there:
        raise Conflicting("this was settled meanwhile")
    return there[0]


def _other_officers(visit: Visit) -> list[Person]:
    """Everybody else who is privacy officer now."""
    vault, me = visit.vault, visit.unlocked.person_id
    rows = vault.store.rows("people.all", practice_id=vault.practice_id)
    people = (vault.person(person_id).at(visit.at) for person_id, *_ in rows)
    return [
        one
        for one in people
        if OFFICER in one.row.posts
        and works_here(one, visit.at)
        and one.credentials
        and one.person_id != me
    ]


def _waiting(visit: Visit, duty: Duty, *, is_alone: bool) -> Waiting:
    row, rule = duty.row, duty.row.duty
    may = may_review(visit, duty)
    return Waiting(
        duty,
        _client(visit, duty),
        who(rule["who"]) if "who" in rule else _named(visit.vault, row.by),
        row.due is not None and row.due < visit.at,
        may or is_alone,
        needs_outside=not may and is_alone,
        reasons=tuple(KINDS[one] for one in rule.get("kinds", ()) if one in KINDS),
        is_alarm=is_alarm(duty.glance),
    )


def _client(visit: Visit, duty: Duty) -> str:
    """Whom it is about, by name; empty where it is about no one client."""
    rule = duty.row.duty
    try:
        if "client" not in rule:
            return client_met(visit, duty)
        digits = rule["client"]
        return visit.vault.authority(bytes.fromhex(digits)).client.name if digits else ""
    except Unknown:
        return SOMEBODY_ERASED


def _named(vault: Vault, person_id: bytes) -> str:
    try:
        return who(vault.person(person_id).described)
    except Unknown:
        return "somebody"


def _how(outcomes: Mapping[str, str], outcome: str, why: str) -> str:
    """An outcome in words, with its reason. Raises `BadInput`."""
    if outcome not in outcomes:
        raise BadInput("outcome", "is none", one_of(outcomes, outcome))
    if not why.strip() and outcome == "in_order":
        return outcomes[outcome]
    return f"{outcomes[outcome]}: {one_line('why', why, WHY_CHARACTERS_MAX)}"


def _ended(visit: Visit, packs: Packs, duty: Duty, outcome: str, how: str, outside: str) -> Written:
    """End it with its outcome; a talk is left owed, and an incident is open before it ends."""
    says: dict[str, object] = {"outcome": outcome}
    if not may_review(visit, duty):
        if _other_officers(visit):
            raise BadInput("review", "is not yours to do", "another privacy officer")
        name = one_line("read outside by", outside, OUTSIDE_CHARACTERS_MAX)
        how, says["outside"] = f"{how} (read by {name}, from outside)", name
    if outcome in _INCIDENTS:
        said = _incident(duty, visit.at)
        says["incident"] = report(visit, packs, said).hex()
    owes = (_talk(visit, duty),) if outcome == "talk" else ()
    return ended(visit, duty, says={"how": how, **says}, owes=owes)


def _incident(duty: Duty, at: datetime.datetime) -> Report:
    """What is reported of it: which record, by its short id, and not who looked."""
    digits = _whom(duty)
    affected = f"the record {short_id(bytes.fromhex(digits))}" if digits else "several records"
    return Report(
        words="Somebody here looked, and it was not in order",
        cause="insider",
        discovered=at,
        happened=duty.row.at,
        affected=affected,
    )


def _whom(duty: Duty) -> str:
    """The id of the client whom it is about, in hexadecimal digits; empty for several."""
    rule = duty.row.duty
    return str(rule["client"]) if "client" in rule else duty.row.client_id.hex()


def _talk(visit: Visit, duty: Duty) -> Duty:
    """To speak with whoever looked; it stands where the duty stood, and says no more than that."""
    rule = duty.row.duty
    row = DutyRow(
        client_id=duty.row.client_id,
        act="done",
        by=visit.unlocked.person_id,
        at=visit.at,
        owed=b"",
        due=visit.at + _TALK_WITHIN,
        held_until=duty.row.held_until,
    )
    return new_duty(
        row,
        id=TALK,
        kind="review",
        what="speak with whoever looked",
        who=rule["who"] if "who" in rule else visit.vault.person(duty.row.by).described,
        client=_whom(duty),
    )
