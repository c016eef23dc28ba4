"""After the answer: what to do next, by when, and the words to say and to send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.answers import first_due, going, question
from angerona.practice.durations import limit_in_words
from angerona.words import RECIPIENTS, SPEAKING_PURPOSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.cli.page import Page
    from angerona.practice.answers import Told
    from angerona.rules.ask import Ask

HEADINGS: Final = {
    "spoken": "Words you can say",
    "letter": "A letter you can send",
    "note": "A note to go with it",
}


def add_steps(page: Page, told: Told) -> None:
    """Put what to do next, and the words, on the page."""
    page.heading("What to do next")
    page.items(_steps(told), numbered=True)
    for kind, heading in HEADINGS.items():
        text = told.text(kind)
        if text is not None and not (kind == "letter" and _nobody_asked(told.ask)):
            page.heading(heading)
            if text.before:
                page.paragraph(text.before)
            page.paragraph(text.says, indent=4)


def _nobody_asked(ask: Ask) -> bool:
    """Whether the practice itself thinks of speaking, so that no letter waits for an answer."""
    return ask.purpose in SPEAKING_PURPOSES and ask.instrument in {"none", "own_initiative"}


def _steps(told: Told) -> Iterator[str]:
    answer = told.answer
    match answer.outcome:
        case "require" | "permit":
            yield from _sending(told)
        case "ask":
            yield "Send nothing yet."
            yield f"Find out: {question(told, answer.questions[0])}"
            yield "Then ask again here."
        case "conflict":
            yield "Send nothing."
            yield "Call the privacy officer and a lawyer now; show them both sides, above."
        case _:
            yield "Send nothing."
            yield "Say the words below, and write down who asked, when, and what you said."
    due = first_due(answer)
    if due is not None and answer.outcome != "require":
        yield f"{limit_in_words(due)}: {due.what}"
    if answer.ask_before_telling:
        yield "Say nothing to the client until the question about telling is answered."


def _sending(told: Told) -> Iterator[str]:
    answer = told.answer
    if answer.outcome == "permit":
        yield "Decide whether to send it; nobody can make you, and silence is lawful."
    due = first_due(answer)
    limit = limit_in_words(due) if due and answer.outcome == "require" else ""
    to = RECIPIENTS[told.ask.to]
    yield f"Send {to} this and nothing else{f', {limit}' if limit else ''}: {going(answer)}."
    yield "Do what is listed above under what you must do, and write down what was kept back."
