"""What one has handed over in the last days, to be had again where the connection broke off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.practice.kept_packets import KEPT_FOR, have_again, kept_packets, let_go
from angerona.web.turn import MEMBER, Download, Moved, Page, Route

if TYPE_CHECKING:
    from angerona.web.turn import Result, Turn


def packets(turn: Turn, problem: BadInput | None = None) -> Page:
    """What one can have again."""
    says = {"packets": kept_packets(turn.visit), "days": KEPT_FOR.days, "problem": problem}
    return Page("packets.html", says, 422 if problem else 200)


def again(turn: Turn) -> Result:
    """The very same file once more."""
    found = have_again(turn.door, turn.visit, turn.id_of("packet"))
    if found is None:
        raise BadInput("the rules", "do not let this go any more", "what left before has left")
    return Download(found.name, found.media_type, found.data)


def arrived(turn: Turn) -> Result:
    """It has arrived, and is kept no longer."""
    let_go(turn.visit, turn.id_of("packet"))
    return Moved("/packets", done="packet-gone")


ROUTES: Final = (
    Route(method="GET", path="/packets", do=packets, face=MEMBER),
    Route(
        method="POST",
        path="/packets/{packet}/again",
        do=again,
        face=MEMBER,
        again=packets,
        step_up=True,
    ),
    Route(method="POST", path="/packets/{packet}/arrived", do=arrived, face=MEMBER),
)
