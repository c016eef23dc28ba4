"""By when somebody must be told, and which of it a call or a report in writing has done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.deadlines import left_in_words
from angerona.practice.durations import limit_in_words
from angerona.practice.telling import case_of
from angerona.practice.told import limits

if TYPE_CHECKING:
    import datetime

    from angerona.practice.matters import Matter
    from angerona.practice.telling import Clock
    from angerona.web.turn import Turn

IN_WRITING: Final = ("writ", "form ")
"""What stands in a duty that a call cannot fulfil; which ones it did is for the caller to say."""


def limits_of(
    turn: Turn, matter: Matter, to: str, *, in_writing: bool
) -> list[tuple[Clock, str, str, bool]]:
    """What must be told to somebody by when, how long there is, and whether it is ticked.

    Of what is told by mouth those are ticked that do not speak of writing, and the other way about.
    """
    case = case_of(turn.door, turn.visit, matter)
    return [
        (
            one,
            limit_in_words(one.owed),
            left(turn, one.due),
            in_writing == any(word in one.owed.what for word in IN_WRITING),
        )
        for one in limits(case, matter, to)
    ]


def left(turn: Turn, due: datetime.datetime | None) -> str:
    """How long there still is, in words; nothing where no time is known."""
    if due is None:
        return ""
    return left_in_words(due.astimezone(turn.zone), turn.local)
