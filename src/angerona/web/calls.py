"""Calls for help: whoever is on call, or treats, sees whom to reach, and says when it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.duties import CALL, fulfil, owed
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result


def calls(turn: Turn) -> Result:
    """Who waits to be reached, the longest first."""
    found = [one for one in owed(turn.visit) if one.duty.row.duty["id"] == CALL]
    return Page("calls.html", {"calls": found})


def answered(turn: Turn) -> Result:
    """Say how somebody was reached; the client sees that it was done."""
    head = head_of(turn)
    fulfil(turn.visit, head.client_id, turn.id_of("duty"), how=turn.form.text("how"))
    return Moved("/calls", done="reached")


ROUTES: Final = (
    Route(method="GET", path="/calls", do=calls, face=MEMBER),
    Route(method="POST", path="/clients/{client}/calls/{duty}", do=answered, face=MEMBER),
)
