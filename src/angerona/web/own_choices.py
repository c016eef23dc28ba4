"""What a client turns on, alone: how to stay unseen, and which pages show anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.own_choices import (
    ITEMS,
    choose_exit,
    choose_shown,
    own_choices,
    read_about_staying_unseen,
)
from angerona.web.turn import Moved, Page, Route, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.web.turn import Result

SAFETY: Final = "/me/safety"
CHOICES: Final = "/me/choices"
ALONE: Final = "alone"
"""The answer of somebody who is asked whether anyone else can see the screen."""


def once_told(page: Callable[[Turn], Result]) -> Callable[[Turn], Result]:
    """The page, once the client has read how to stay unseen; before that, how to."""

    def told(turn: Turn) -> Result:
        return page(turn) if own_choices(turn.visit).told else Moved(SAFETY)

    return told


def turned_on(item: str, page: Callable[[Turn], Result]) -> Callable[[Turn], Result]:
    """The page, where its item is turned on; else where it can be turned on, and nothing of it."""

    def shown(turn: Turn) -> Result:
        if item not in own_choices(turn.visit).shown:
            return Page("own_off.html", {"item": item, "says": ITEMS[item]})
        return page(turn)

    return once_told(shown)


def safety(turn: Turn) -> Result:
    """How to stay unseen, and what the way off the pages does and does not do."""
    return Page("own_safety.html", {"told": own_choices(turn.visit).told})


def told(turn: Turn) -> Result:
    """Go on from there."""
    read_about_staying_unseen(turn.visit)
    return Moved(CHOICES)


def choices(_turn: Turn) -> Result:
    """What is shown, item by item."""
    return Page("own_choices.html", {"items": ITEMS, "ticked": None})


def choose(turn: Turn) -> Result:
    """Show what was ticked and nothing else; whoever turns something on is asked if alone."""
    form = turn.form
    wanted = form.several("shown")
    more = set(wanted) - set(own_choices(turn.visit).shown)
    if more and form.text(ALONE) != "yes":
        choose_shown(turn.visit, set(wanted) - more)
        return Page("own_choices.html", {"items": ITEMS, "ticked": wanted}, 422)
    choose_shown(turn.visit, wanted)
    return Moved("/me", done="shown")


def turns_on(turn: Turn) -> bool:
    """Whether something more is to be shown: hiding asks nobody anything."""
    form = turn.form
    more = set(form.several("shown")) - set(own_choices(turn.visit).shown)
    return bool(more) and form.text(ALONE) == "yes"


def exit_shown(turn: Turn) -> Result:
    """Show the way off the pages, or hide it."""
    choose_exit(turn.visit, hidden=turn.form.choice("exit", ("shown", "hidden")) == "hidden")
    return Moved(SAFETY, done="exit")


ROUTES: Final = (
    Route(method="GET", path=SAFETY, do=safety, face="client"),
    Route(method="POST", path=SAFETY, do=told, face="client"),
    Route(method="GET", path=CHOICES, do=once_told(choices), face="client"),
    Route(method="POST", path=CHOICES, do=once_told(choose), face="client", step_up=turns_on),
    Route(method="POST", path="/me/exit", do=exit_shown, face="client"),
)
