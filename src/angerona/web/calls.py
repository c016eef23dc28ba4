"""Calls for help: whoever is on call, or treats, sees whom to reach, and says when it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.duties import CALL, calls_waiting, fulfil, owed
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    import datetime

    from angerona.web.turn import Result


def calls(turn: Turn) -> Result:
    """Who waits to be reached, the longest first."""
    found = [one for one in owed(turn.visit) if one.duty.row.duty["id"] == CALL]
    calls = [(one, waited(turn.at - one.duty.row.at)) for one in found]
    return Page("calls.html", {"calls": calls})


def waiting(turn: Turn) -> Result:
    """How many wait, for a page that is open already."""
    return Page("calls_waiting.html", {"count": calls_waiting(turn.visit)})


def waited(length: datetime.timedelta) -> str:
    """How long somebody has waited, in words."""
    minutes = int(length.total_seconds()) // 60
    for one, in_minutes in (("day", 1440), ("hour", 60), ("minute", 1)):
        count = minutes // in_minutes
        if count:
            return f"{count} {one}{'s' if count > 1 else ''}"
    return "less than a minute"


def answered(turn: Turn) -> Result:
    """Say how somebody was reached; the client sees that it was done."""
    head = head_of(turn)
    fulfil(turn.visit, head.client_id, turn.id_of("duty"), how=turn.form.text("how"))
    return Moved("/calls", done="reached")


ROUTES: Final = (
    Route(method="GET", path="/calls", do=calls, face=MEMBER),
    Route(method="GET", path="/calls/waiting", do=waiting, face=MEMBER, by_itself=True),
    Route(method="POST", path="/clients/{client}/calls/{duty}", do=answered, face=MEMBER),
)
