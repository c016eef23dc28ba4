"""An Answer on a terminal: what may go, why, what is owed and by when, what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.cli.page import QUIET, Page
from angerona.practice.answers import (
    NOT_ADVICE,
    NOTICES,
    VERDICT_HEADINGS,
    further_questions,
    headline,
    item_name,
    owed,
    question,
    reasons,
)
from angerona.rules.instead import whom

if TYPE_CHECKING:
    from angerona.practice.answers import Told

STYLES: Final = {
    "require": "bold magenta",
    "permit": "bold green",
    "ask": "bold yellow",
    "deny": "bold red",
    "conflict": "bold red",
}


def explain(told: Told) -> Page:
    """The whole Answer, without the closing line (`close`)."""
    page = Page()
    page.headline(headline(told), STYLES[told.answer.outcome])
    _items(page, told)
    _instead(page, told)
    if why := reasons(told):
        page.heading("Why")
        page.items(why)
    for heading, duties in owed(told).items():
        page.heading(heading)
        page.items(duties)
    _notice(page, told)
    if questions := further_questions(told):
        page.heading("Then ask" if told.answer.outcome == "ask" else "Still to find out")
        page.items(questions, numbered=True)
    return page


def close(page: Page) -> Page:
    """Say once, at the end, what this is not."""
    page.space()
    page.paragraph(NOT_ADVICE, style=QUIET)
    return page


def _items(page: Page, told: Told) -> None:
    for verdict, heading in VERDICT_HEADINGS.items():
        items = [item for item, said in told.answer.classes.items() if said == verdict]
        if items:
            page.heading(heading)
            page.items(map(item_name, items))


def _instead(page: Page, told: Told) -> None:
    """The ways that remain under limit harm or abuse."""
    instead = told.answer.instead
    if instead is None:
        return
    page.heading("What remains")
    page.items(whom(instead))
    page.heading("What you may say without naming anyone")
    page.items(instead.say)
    page.heading("Whom to call")
    page.items(instead.call)


def _notice(page: Page, told: Told) -> None:
    answer = told.answer
    page.heading("Telling the client")
    if answer.ask_before_telling:
        page.item("Before you tell the client anything, find out:")
        for fact in answer.ask_before_telling:
            page.item(question(told, fact), indent=6)
        rest = NOTICES[answer.notice]
        page.item(f"If that forbids nothing: {rest[:1].lower()}{rest[1:]}")
    else:
        page.item(NOTICES[answer.notice])
