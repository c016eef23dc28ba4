"""Waiting before something is handed over: what the law lets go no sooner than after a time.

Such a time runs from a moment that the Ask knows (`Wish.moments`), or else from the notice to the
client. Under limit court a time whose beginning nobody wrote down has not begun to run, and nothing
leaves; under any other it runs only once somebody began it, as a client who asks to read first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.gate.owing import DISCLOSURE, STARTS
from angerona.notices.paragraphs import day
from angerona.rules.durations import after

if TYPE_CHECKING:
    import datetime

    from angerona.gate.gathering import Gathered
    from angerona.rules.answer import Permit
    from angerona.rules.compile import Packs

NOTICE: Final = "notice to client"
"""From when a time runs that names no beginning."""
NOTICED: Final = (NOTICE, "notice to client and provider")
"""The packs' words for the moment in which the client had notice of a paper."""
COURT: Final = "court"


@dataclass(frozen=True, slots=True)
class Wait:
    """What is waited for, by which rule, and until when; no moment where it has not begun."""

    what: str
    rule: str
    until: datetime.datetime | None


def waits(
    gathered: Gathered, permit: Permit, packs: Packs, at: datetime.datetime
) -> tuple[Wait, ...]:
    """What has to be waited for yet. A duty of which it is not sure whether it is owed counts."""
    is_court = any(
        ground.limit == COURT and ground.id in permit.grounds
        for pack in packs.packs.values()
        for ground in pack.grounds
    )
    found = []
    for one in permit.duties:
        if one.mode != "required" or not one.not_before or one.due_from in STARTS[DISCLOSURE]:
            continue
        began = gathered.wish.moments.get(one.due_from or NOTICE)
        if began is None:
            if is_court:
                found.append(Wait(one.what, one.id, None))
            continue
        until = after(one.not_before, began.astimezone(gathered.zone))
        if at < until:
            found.append(Wait(one.what, one.id, until))
    return tuple(found)


def check_waited(gathered: Gathered, permit: Permit, packs: Packs, at: datetime.datetime) -> None:
    """Raise `BadInput` where something has to be waited for, naming the day."""
    for one in waits(gathered, permit, packs, at):
        if one.until is None:
            allowed = "write down when the client had notice; the time runs from then"
            raise BadInput("release", f"has to wait ({one.what})", allowed)
        allowed = f"from {day(one.until)} on"
        raise BadInput("release", f"comes too soon ({one.what})", allowed)
