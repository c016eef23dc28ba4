"""The way off the pages: the session ends, and what follows says nothing of where one was."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from angerona.errors import AngeronaError
from angerona.practice.members import sign_out
from angerona.web.turn import VISITOR, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result


def leave(turn: Turn) -> Result:
    """End the session, if there is one, and go. Whatever is wrong, one still gets away."""
    if turn.signed_in is not None:
        with contextlib.suppress(AngeronaError):
            sign_out(turn.door.vault, turn.cookie, turn.at)
    return Moved("/away", ends=True)


def away(turn: Turn) -> Result:
    """A page about something else, or the way to the address that the practice chose."""
    return Page("away.html", {"to": turn.house.away})


ROUTES: Final = (
    Route(method="POST", path="/leave", do=leave, face=VISITOR, needs_token=False),
    Route(method="GET", path="/away", do=away, face=VISITOR),
)
