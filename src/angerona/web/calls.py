"""Calls for help: whoever is on call, or treats, sees whom to reach, and says when it was done.

Whoever may not weigh a danger, as the desk, has those called who may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.crisis import HEARD, pass_on_danger, who_weighs
from angerona.practice.duties import CALL, calls_waiting, fulfil, owed
from angerona.rules.instead import SAY
from angerona.web.help_lines import lines_of
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    import datetime

    from angerona.errors import BadInput
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


def heard(turn: Turn, problem: BadInput | None = None) -> Page:
    """Somebody heard of a danger: whom to call first, who weighs it, and how they are called."""
    head = head_of(turn)
    says = {
        "head": head,
        "lines": [one for one in lines_of(turn) if one.is_for_danger],
        "say": SAY,
        "ways": HEARD,
        "names": who_weighs(turn.visit, head.client_id),
        "problem": problem,
    }
    return Page("heard.html", says, 422 if problem else 200)


def passed_on(turn: Turn) -> Moved:
    """Call whoever treats the client or is on call."""
    head = head_of(turn)
    pass_on_danger(turn.visit, head.client_id, how=turn.form.text("how"))
    return Moved(f"/clients/{head.client_id.hex()}/heard", done="passed-on-danger")


ROUTES: Final = (
    Route(method="GET", path="/calls", do=calls, face=MEMBER),
    Route(method="GET", path="/calls/waiting", do=waiting, face=MEMBER, by_itself=True),
    Route(method="POST", path="/clients/{client}/calls/{duty}", do=answered, face=MEMBER),
    Route(method="GET", path="/clients/{client}/heard", do=heard, face=MEMBER),
    Route(method="POST", path="/clients/{client}/heard", do=passed_on, face=MEMBER, again=heard),
)
