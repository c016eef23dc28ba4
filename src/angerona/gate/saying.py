"""What a ledger line says of an ask, and until when it is held back from the client's list."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.rules.answer import Permit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.gate.gathering import Gathered, Wish
    from angerona.gate.paring import LeftOut
    from angerona.gate.reaching import Reach
    from angerona.rules.answer import Answer

PARTY: Final = "party"
"""Under what a line of a joint record names the one party that it is about, by id."""
HELD_AT_FIRST: Final = datetime.timedelta(days=90)
"""How long a line is held where telling is forbidden and nobody said until when."""
HELD_AT_MOST: Final = datetime.timedelta(days=366)
"""How long a line can be held at one time; whoever still may not be told needs another order."""


def line_body(
    gathered: Gathered, answer: Answer, *, what: str, reach: Reach | None = None
) -> dict[str, object]:
    """What the ledger line says, in words that the client can read later.

    What somebody stated for this Ask, and no rule could check, stands there too. With a `reach` the
    classes are those that can be opened, and `no_key` are those of which something stays shut.
    """
    ask = gathered.ask
    permitted = answer.released if isinstance(answer, Permit) else frozenset()
    released = sorted(permitted if reach is None else reach.classes)
    body: dict[str, object] = {
        "by": gathered.person.described,
        "as": gathered.hats,
        "to": ask.to,
        "purpose": ask.purpose,
        "instrument": ask.instrument,
        "outcome": answer.outcome,
        "classes": released,
        "rules": list(answer.grounds),
        "locks": list(answer.locks),
    }
    if not permitted:
        body["wanted"] = list(ask.wants)
    if reach is not None and reach.unopened:
        body["no_key"] = sorted({one.wanted for one in reach.unopened})
    if reach is not None:
        body |= reach.says
    if what:
        body["what"] = what
    if gathered.wish.party is not None:
        body[PARTY] = gathered.wish.party.hex()
    if gathered.wish.in_camera:
        body["in_camera"] = True
    if gathered.wish.facts:
        body["stated"] = dict(gathered.wish.facts)
    if gathered.wish.orders:
        body["orders"] = [dict(order) for order in gathered.wish.orders]
    return body


def exactly(
    gathered: Gathered, reach: Reach, left_out: Iterable[LeftOut], others: int
) -> dict[str, object]:
    """What the announcement of a disclosure says besides: which entries go, and what stays.

    `others`: how many entries of the classes that go were not chosen.
    """
    body: dict[str, object] = {
        "entries": [f"{one.entry_id.hex()}:{one.version}" for one in reach.going],
        "stayed": {
            "classes": sorted(set(gathered.ask.wants) - reach.classes),
            "entries": others,
        },
    }
    gaps = {f"{one.entry_id.hex()}:{one.version}": len(one.spans) for one in left_out}
    return body | ({"passages": gaps} if gaps else {})


def held_until_of(answer: Answer, wish: Wish, at: datetime.datetime) -> datetime.datetime | None:
    """Until when the client's list keeps silent, where the law forbids telling.

    It keeps silent too while nobody has settled whether the client may hear of it, but for what the
    law requires to be told and nothing open could forbid. Raises `BadInput` for a day that is past
    or too far away.
    """
    is_due = answer.notice == "required" and not answer.ask_before_telling
    if answer.notice != "prohibited" and (is_due or not wish.unsettled):
        return None
    until = wish.hold_until or at + HELD_AT_FIRST
    if not at < until <= at + HELD_AT_MOST:
        raise BadInput("hold until", "is past or too far away", f"{HELD_AT_MOST.days} days at most")
    return until
