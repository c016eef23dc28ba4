"""Second readings: what somebody is asked to read before it leaves, and the answer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.practice.second_readers import VERDICTS, answer, waiting
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn, read_id

if TYPE_CHECKING:
    from angerona.practice.second_readers import Waiting
    from angerona.web.turn import Result


def readings(turn: Turn, problem: BadInput | None = None) -> Page:
    """What waits for whoever is signed in, what is due first at the top."""
    says = {"readings": waiting(turn.visit), "problem": None, "wrong_at": None, "typed": turn.form}
    if problem is None:
        return Page("second_readings.html", says)
    return Page("second_readings.html", {**says, "problem": problem, "wrong_at": _at(turn)}, 422)


def answered(turn: Turn) -> Result:
    """Agree, narrow or object; whoever asked sees it, and so does the client, if the law lets."""
    one = _asked(turn)
    verdict = turn.form.choice("verdict", VERDICTS)
    chosen = [read_id(entry) for entry in turn.form.several("entry")]
    entry_ids = chosen if verdict == "narrowed" else None
    answer(turn.visit, one.duty.duty_id, verdict, why=turn.form.text("why"), entry_ids=entry_ids)
    return Moved("/second-readings", done="answered")


def _asked(turn: Turn) -> Waiting:
    for one in waiting(turn.visit):
        if one.duty.duty_id == turn.id_of("duty"):
            return one
    raise Unknown


def _at(turn: Turn) -> str:
    return turn.given.get("duty", "")


ROUTES: Final = (
    Route(method="GET", path="/second-readings", do=readings, face=MEMBER),
    Route(
        method="POST",
        path="/second-readings/{duty}",
        do=answered,
        face=MEMBER,
        again=readings,
        step_up=True,
    ),
)
