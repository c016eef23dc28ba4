"""Help now: the lines of the place, and a call to whoever is on call here."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from angerona.practice.crisis import call_for_help, on_call_now
from angerona.practice.help_lines import help_lines
from angerona.web.turn import VISITOR, Page, Route, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.practice.help_lines import HelpLine
    from angerona.web.turn import Result


def lines_of(turn: Turn) -> list[HelpLine]:
    """The help lines of the law that binds this practice, emergency numbers first."""
    return help_lines(turn.door.packs, turn.door.vault.practice().row.packs)


def help_now(turn: Turn) -> Result:
    """Whom to call. Who works here is named to a client alone."""
    is_client = turn.signed_in is not None and turn.person.row.client_id is not None
    names = on_call_now(turn.visit) if is_client else []
    says = {"lines": lines_of(turn), "on_call": names, "is_client": is_client}
    return Page("help.html", says)


def call_me(turn: Turn) -> Result:
    """Ask whoever is on call to reach the client; the help lines stand above it."""
    return called(turn, call_for_help(turn.visit, why="asked"))


def called(turn: Turn, names: Sequence[str] | None) -> Page:
    """Help at once, after a call went out to these; without names none could go out."""
    lines = [
        asdict(one) | {"number": one.number, "is_for_danger": one.is_for_danger}
        for one in lines_of(turn)
    ]
    return Page("own_called.html", {"lines": lines, "called": names}, stays=True)


ROUTES: Final = (
    Route(method="GET", path="/help", do=help_now, face=VISITOR),
    Route(method="POST", path="/me/call", do=call_me, face="client"),
)
