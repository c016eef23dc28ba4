"""What an act leaves owed: the duties of its Answer, each with the moment it is due.

A duty is kept where it is required and something is still to be done for it. What the line of the
act fulfils by being written is not (`FULFILLED`). Where telling the client of what an outsider
asked is left open, somebody has to choose; where it is forbidden no duty to tell the client is
kept but one that begins when the line is held no more. A duty to tell the client carries what was
asked, so that telling can be weighed again when somebody would tell (`rules/client_notice.py`).
"""

from __future__ import annotations

import datetime
import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.rules.answer import Owed
from angerona.rules.decide import events_of
from angerona.rules.durations import after
from angerona.sealed.duties import Duty, DutyRow, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.gate.gathering import Gathered
    from angerona.rules.answer import Answer
    from angerona.sealed.vault import Vault

LOOK: Final = "look"
DISCLOSURE: Final = "disclosure"
REFUSAL: Final = "refusal"
KEPT: Final = "kept"
SECOND_READER: Final = "second_reader"
USUAL_DUE: Final = "P1D"
"""How many working days somebody has for a second reading, where nothing else is said."""
AFTER: Final = "own.read_afterwards"
"""The duty that is left by what could not wait: somebody reads afterwards what has left."""
OWN: Final = "own"
FULFILLED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        LOOK: {
            "house.duty.ledger": "it asks for the line itself",
            "record": "the line is the record: who saw what, when, what for and by which rule",
            "house.duty.say_withheld": "the page of the look says so",
        },
        OWN: {
            "house.duty.ledger": "it asks for the line itself",
            "record": "the line is the record",
            "deadline": "the client has it at once",
            "verify": "the client signed in",
        },
        KEPT: {
            "house.duty.ledger": "it asks for the line itself",
            "record": "the entry and its line are the record",
        },
        DISCLOSURE: {
            "house.duty.ledger": "it asks for the line itself",
            "house.duty.minimum": "only what was chosen goes; the line says what, and what stayed",
            "us-hipaa.duty.accounting": "the accounting is read off these lines",
            "us-part2.duty.accounting": "the accounting is read off these lines",
        },
    }
)
"""Which duties the line of an act fulfils by being written, by id or by kind, and why.

`own`: what clients see and take of their own records.
"""
_THE_ACT: Final = "the act"
TELL_OR_NOT: Final = "own.tell_or_not"
"""The duty to choose whether the client is told, where the law leaves it open."""
TELL_LATER: Final = "own.tell_later"
"""The duty to tell the client what was held back, once the law lets one."""
CHOICE_DUE: Final = "P5D"
"""By when somebody must have chosen, in working days: the practice's own time, not the law's."""
WEIGHED_BY: Final = ("asked", "grounds", "events")
"""Under which keys a duty carries what was asked and what came of it."""
_INSIDE: Final = frozenset({"workforce", "client"})
STARTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        LOOK: frozenset({_THE_ACT, "the look"}),
        DISCLOSURE: frozenset({_THE_ACT, "the disclosure", "disclosure"}),
    }
)
"""The packs' words for the moment of an act itself, from which a time limit can run."""


def owing(
    gathered: Gathered,
    answer: Answer,
    act: str,
    at: datetime.datetime,
    held_until: datetime.datetime | None,
    *,
    is_read: bool = False,
    to_read: Mapping[str, object] | None = None,
) -> tuple[Duty, ...]:
    """The duties that an act (a word of `words.LINES`) leaves owed, in the Answer's order.

    `gathered.wish.moments` holds what the caller knows of when things began; `is_read` says that a
    second reader has agreed to it already, `to_read` what somebody has to read afterwards.
    """
    began = {**dict.fromkeys(STARTS.get(act, {_THE_ACT}), at), **gathered.wish.moments}
    began = {name: one.astimezone(gathered.zone) for name, one in began.items()}
    no_reader = is_read or to_read is not None
    found = [
        one
        for one in answer.duties
        if _is_kept(gathered, answer, one, act) and not (no_reader and one.kind == SECOND_READER)
    ]
    found += _own_choice(gathered, answer, act)
    row = DutyRow(
        client_id=gathered.authority.client_id,
        act=act,
        by=gathered.person.person_id,
        at=at,
        owed=b"",
        held_until=held_until,
    )
    rows = [
        msgspec.structs.replace(
            row,
            owed=_told(gathered, answer, one),
            due=due_of(one, began),
            not_before=_ends(one.not_before, one.due_from, began, working=False),
        )
        for one in found
    ]
    if to_read is not None:
        weighing = _weighing(gathered, answer)
        says = {**_reading(answer), **weighing, "terms": to_read, "left": at.isoformat()}
        due = max(filter(None, (due_of(one, began) for one in _readings(answer))), default=None)
        due = due or after(USUAL_DUE, began[_THE_ACT], working=True).astimezone(datetime.UTC)
        rows.append(msgspec.structs.replace(row, owed=msgspec.json.encode(says), due=due))
    if held_until is not None and gathered.ask.to not in _INSIDE:
        later = _told(gathered, answer, _tell_later(answer))
        rows.append(msgspec.structs.replace(row, owed=later, due=held_until, not_before=held_until))
    return tuple(Duty(os.urandom(16), one) for one in rows)


def once(vault: Vault, gathered: Gathered, owes: tuple[Duty, ...]) -> tuple[Duty, ...]:
    """Of what a client's own look leaves owed, what is not owed to that client already.

    A client may look every day; what the law wants said of what is kept back is owed once.
    """
    if not gathered.own or not owes or owes[0].row.act != LOOK:
        return owes
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.of_client", client_id=owes[0].row.client_id)
    known = {one.row.duty["id"] for one in there}
    return tuple(one for one in owes if one.row.duty["id"] not in known)


def tells_client(owed: Owed) -> bool:
    """Whether a duty is to tell the client something."""
    return owed.kind == "notice" and owed.to == "client"


def _readings(answer: Answer) -> list[Owed]:
    """The duties of second reading, those that are required first."""
    found = [one for one in answer.duties if one.kind == SECOND_READER and one.mode != "prohibited"]
    return sorted(found, key=lambda one: one.mode != "required")


def _reading(answer: Answer) -> dict[str, object]:
    """The duty to read afterwards, on the rule of the packs that asks for it, or the house's."""
    rule = next(iter(_readings(answer)), None)
    return {
        "id": AFTER,
        "kind": SECOND_READER,
        "mode": "required",
        "what": "read what has left, and say whether it was in order",
        "due": (rule and rule.due) or None,
        "due_from": (rule and rule.due_from) or None,
        "sure": True,
        "cite": rule.cite if rule else "rule of this software",
        "rule": rule.id if rule else "house.duty.second_reader",
    }


def _is_kept(gathered: Gathered, answer: Answer, owed: Owed, act: str) -> bool:
    if owed.mode != "required":
        return False
    if tells_client(owed) and answer.notice == "prohibited":
        return False
    line = OWN if gathered.own and act in {LOOK, DISCLOSURE} else act
    return {owed.id, owed.kind}.isdisjoint(FULFILLED.get(line, ()))


def _own_choice(gathered: Gathered, answer: Answer, act: str) -> list[Owed]:
    """What somebody has to choose, where the law leaves it open whether the client is told."""
    is_open = answer.notice == "discretionary" and act in {DISCLOSURE, REFUSAL}
    if not is_open or gathered.ask.to in _INSIDE:
        return []
    left = [one for one in answer.duties if tells_client(one) and one.mode == "discretionary"]
    return [
        Owed(
            id=TELL_OR_NOT,
            kind="notice",
            mode="discretionary",
            what="choose whether to tell the client, and write down why: "
            + " ".join(dict.fromkeys(one.what for one in left)),
            due=CHOICE_DUE,
            due_from=_THE_ACT,
            days="working",
            to="client",
            cite=_cites(left),
        )
    ]


def _tell_later(answer: Answer) -> Owed:
    forbidden = [one for one in answer.duties if tells_client(one) and one.mode == "prohibited"]
    return Owed(
        id=TELL_LATER,
        kind="notice",
        mode="required",
        what="tell the client what was held back until now",
        to="client",
        cite=_cites(forbidden),
    )


def _cites(duties: Iterable[Owed]) -> str:
    return "; ".join(dict.fromkeys(one.cite for one in duties if one.cite))


def _told(gathered: Gathered, answer: Answer, owed: Owed) -> bytes:
    """A duty as JSON; one to tell the client with what was asked, and what came of it."""
    told: dict[str, object] = {**owed.as_json(), "cite": owed.cite}
    if tells_client(owed):
        told |= _weighing(gathered, answer)
    return msgspec.json.encode(told)


def _weighing(gathered: Gathered, answer: Answer) -> dict[str, object]:
    """What telling the client is weighed by later (`WEIGHED_BY`)."""
    ask = gathered.ask
    asked = {
        "packs": list(ask.packs),
        "by": {"role": list(ask.roles), "relation": list(ask.relations)},
        "to": ask.to,
        "purpose": ask.purpose,
        "purpose_by": ask.purpose_by,
        "instrument": ask.instrument,
        "act": ask.act,
        "wants": list(gathered.wish.wants),
        "orders": [dict(one) for one in gathered.wish.orders],
        "facts": dict(ask.facts),
    }
    events = sorted(events_of(answer.classes, answer.outcome))
    return {"asked": asked, "grounds": list(answer.grounds), "events": events}


def due_of(owed: Owed, began: Mapping[str, datetime.datetime]) -> datetime.datetime | None:
    """By when, where every moment that it runs from is known; of several the later one counts."""
    working = owed.days == "working"
    limits: Iterable[tuple[str, str]] = [(owed.due, owed.due_from)]
    if owed.later_of:
        limits = [(one.due, one.due_from) for one in owed.later_of]
    ends = [_ends(due, due_from, began, working=working) for due, due_from in limits]
    known = [one for one in ends if one is not None]
    return max(known) if len(known) == len(ends) else None


def _ends(
    duration: str, due_from: str, began: Mapping[str, datetime.datetime], *, working: bool
) -> datetime.datetime | None:
    """A time limit that names no beginning runs from the act."""
    start = began.get(due_from or _THE_ACT)
    if not duration or start is None:
        return None
    return after(duration, start, working=working).astimezone(datetime.UTC)
