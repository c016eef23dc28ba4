"""Searching the records of those one treats. The words go with a form, never in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.searching import search
from angerona.web.turn import Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.web.turn import Result


def ask(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form, with what was typed where something was wrong with it."""
    says = {"words": turn.form.text("words"), "found": None, "problem": problem}
    return Page("search.html", says, 422 if problem else 200)


def found(turn: Turn) -> Result:
    """What was found. Each record that was looked through has its line."""
    words = turn.form.text("words")
    searched = search(turn.door, turn.visit, words)
    return Page("search.html", {"words": words, "found": searched, "problem": None})


ROUTES: Final = (
    Route(method="GET", path="/search", do=ask, face="clinic"),
    Route(method="POST", path="/search", do=found, face="clinic", again=ask),
)
