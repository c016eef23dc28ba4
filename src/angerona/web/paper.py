"""Putting something on paper: what for, by when it is destroyed or filed, and that it was."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput
from angerona.practice.paper import ENDS, FOR, USUAL, Purpose, end_paper, purpose_of, sheets
from angerona.sealed.zones import end_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result

_MOMENT: Final = datetime.timedelta(seconds=1)


def asked_what_for(turn: Turn) -> dict[str, Any]:
    """What the fields of the gate show: the choices, and what was typed."""
    until = turn.form.text("until") or (turn.local.date() + USUAL).isoformat()
    return {"ways_out": FOR, "given": {"for": turn.form.text("for"), "until": until}}


def what_for(turn: Turn, word: str = "") -> Purpose:
    """The purpose in a form; `word` where the page has but one. Raises `BadInput`."""
    given = turn.form.text("until")
    until = None
    if given:
        try:
            until = end_of(datetime.date.fromisoformat(given), turn.zone)
        except (ValueError, OverflowError):
            raise BadInput("destroyed or filed by", "is no day", "such as 2026-03-31") from None
    return purpose_of(word or turn.form.text("for"), turn.at, until)


def papers(turn: Turn) -> Page:
    """What somebody has put on paper, and has not said the end of."""
    found = sheets(turn.visit)
    # A day ends at midnight: it is that day which is said, and not the next at 00:00.
    days = [one.duty.row.due and one.duty.row.due - _MOMENT for one in found]
    return Page("papers.html", {"papers": list(zip(found, days, strict=True)), "ends": ENDS})


def ended(turn: Turn) -> Result:
    """Say that a paper was destroyed or filed."""
    end_paper(turn.visit, turn.id_of("duty"), turn.form.choice("end", ENDS))
    return Moved("/papers", done="paper")


ROUTES: Final = (
    Route(method="GET", path="/papers", do=papers, face=MEMBER),
    Route(method="POST", path="/papers/{duty}", do=ended, face=MEMBER),
)
