"""Between a command and the gate: asking what an Ask still hangs on, and saying why it was refused.

Questions are put only where somebody sits at the terminal; everywhere else an open Ask stays open,
and nothing is shown.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import typer

from angerona.cli.explaining import STYLES, close, explain
from angerona.cli.files import ASK_LIMIT, read_json
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.steps import add_steps
from angerona.cli.talking import EndOfAnswers, established, tell
from angerona.errors import BadAsk, kind_of
from angerona.gate.gathering import gather
from angerona.practice.answers import Told, question
from angerona.rules.answer import AskFirst, Refuse

if TYPE_CHECKING:
    from typing import NoReturn

    from angerona.cli.entrance import Inside
    from angerona.gate.gathering import Wish

REFUSED: Final = 1
"""The exit code where the rules let nothing be shown, kept or handed over."""


def settle(inside: Inside, client_id: bytes, wish: Wish) -> Wish:
    """The wish with the facts that somebody at the terminal could settle, most deciding first."""
    if sys.stdin is None or not sys.stdin.isatty():
        return wish
    asked: set[str] = set()
    while True:
        answer = told_of(inside, client_id, wish).answer
        left = [one for one in answer.questions if one not in asked]
        if not isinstance(answer, AskFirst) or not left:
            return wish
        fact = inside.door.packs.facts.get(left[0])
        asked.add(left[0])
        if fact is None:
            continue
        if not wish.facts and len(asked) == 1:
            tell("Before this can be answered:")
        try:
            value = established(fact)
        except EndOfAnswers:
            return wish
        if value is not None:
            wish = replace(wish, facts={**wish.facts, fact.key: value})


def told_of(inside: Inside, client_id: bytes, wish: Wish) -> Told:
    """A wish as the Ask that the gate makes of it, with its Answer. Nothing is opened."""
    packs, visit = inside.door.packs, inside.now()
    ask = gather(visit, packs, client_id, wish).ask
    return Told(ask, inside.door.preview(visit, client_id, wish).answer, packs)


def stop_inside(headline: str, told: Told, answer: AskFirst | Refuse) -> NoReturn:
    """Say why nothing was shown or kept, and end with exit code 1."""
    page = Page()
    page.headline(headline, STYLES[answer.outcome])
    page.items(answer.because)
    if answer.questions:
        page.heading("To be found out first")
        page.items((question(told, one) for one in answer.questions), numbered=True)
    _say_how_to_answer(page, told)
    say_styled(page.lines(width_now()))
    raise typer.Exit(REFUSED)


def stop_leaving(told: Told) -> NoReturn:
    """Say why nothing leaves, what to do and what to say instead, and end with exit code 1."""
    page = explain(told)
    add_steps(page, told)
    _say_how_to_answer(page, told)
    say_styled(close(page).lines(width_now()))
    raise typer.Exit(REFUSED)


def _say_how_to_answer(page: Page, told: Told) -> None:
    """The names under which a file says what was found out."""
    facts = [one for one in told.answer.questions if one in told.packs.facts]
    if facts:
        page.heading("How to say what you found out")
        page.paragraph(
            "At a terminal you are asked. In a file for --facts, of these what you know:"
        )
        page.paragraph(json.dumps({"facts": dict.fromkeys(facts)}), indent=4)


@dataclass(frozen=True, slots=True)
class Established:
    """What a file says was established; the gate reads each of it strictly."""

    facts: dict[str, Any]
    orders: list[Any]
    blanks: dict[str, Any]


def read_established(name: str | None) -> Established:
    """What was established, from a JSON file with `facts`, `orders`, `blanks`, each if needed.

    Raises `BadAsk`.
    """
    found = {} if name is None else read_json(name, ASK_LIMIT)
    if not isinstance(found, dict):
        raise BadAsk("--facts", f"{kind_of(found)} where a table is needed")
    empty = Established({}, [], {})
    for key, value in found.items():
        wanted = getattr(empty, key, None)
        if wanted is None:
            raise BadAsk("--facts", "holds another key", "allowed: facts, orders, blanks")
        if not isinstance(value, type(wanted)):
            raise BadAsk(f"--facts: {key}", f"{kind_of(value)} where {kind_of(wanted)} is needed")
    return Established(**{**asdict(empty), **found})
