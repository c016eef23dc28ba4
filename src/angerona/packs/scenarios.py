"""Cases with their lawful outcome: read strictly, run against the packs, each mismatch in words.

A case is `{id, title, story, ask, expect, citation}` and, where wanted, `hard, verified, why,
pending`. In `expect`, null or an empty list is not checked. An ask that cannot be read is a
mismatch of its case; anything else wrong with the file is a `BadAsk`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadAsk, shown
from angerona.rules.ask import read_ask
from angerona.rules.decide import RELEASED, decide
from angerona.rules.reading import NAME, Table
from angerona.words import CLASSES, MODES, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from angerona.rules.answer import Answer
    from angerona.rules.compile import Packs

CASES_LIMIT: Final = 100_000
NOTICES: Final = (*MODES, "none")
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a case expects; an empty text or tuple is not checked."""

    outcome: str
    release: tuple[str, ...]
    withhold: tuple[str, ...]
    grounds_any: tuple[str, ...]
    locks_any: tuple[str, ...]
    notice: str
    deadline: str
    questions_any: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case. `ask` is kept as it stands in the file and is read when the case is run."""

    id: str
    title: str
    story: str
    citation: str
    ask: object
    expect: Expected


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One case that came out otherwise than expected, and each thing that differed."""

    case: Case
    differences: tuple[str, ...]


def read_cases(raw: object) -> tuple[Case, ...]:
    """Read a list of cases as JSON gives it. Raises `BadAsk` naming the case and the key."""
    if not isinstance(raw, list):
        raise BadAsk("the cases", f"{shown(raw)} where a list of cases is needed")
    if len(raw) > CASES_LIMIT:
        raise BadAsk("the cases", "too many", f"at most {CASES_LIMIT}")
    cases = tuple(_case(one, index) for index, one in enumerate(raw, 1))
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise BadAsk(f"case {case.id}: id", "used twice")
        seen.add(case.id)
    return cases


def run_case(case: Case, packs: Packs) -> Mismatch | None:
    """Put one case to the rules; `None` if everything came out as expected."""
    try:
        ask = read_ask(case.ask, packs.facts, packs.packs)
    except BadAsk as problem:
        return Mismatch(case, (f"the ask cannot be read: {problem}",))
    differences = tuple(_differences(case.expect, decide(ask, packs)))
    return Mismatch(case, differences) if differences else None


def _case(raw: object, number: int) -> Case:
    if not isinstance(raw, dict):
        raise BadAsk(f"case no. {number}", f"{shown(raw)} where a table is needed")
    label = raw.get("id")
    named = isinstance(label, str) and NAME.match(label)
    table = Table(raw, f"case {label if named else f'no. {number}'}: ", BadAsk)
    case = Case(
        id=table.name("id"),
        title=table.text("title"),
        story=table.text("story", ""),
        citation=table.text("citation", ""),
        ask=table.need("ask"),
        expect=_expected(Table(table.need("expect"), table.at("expect"), BadAsk)),
    )
    for key in ("hard", "verified"):
        table.flag(key, default=False)
    for key in ("why", "pending"):
        table.text(key, "")
    table.done()
    return case


def _expected(table: Table) -> Expected:
    expected = Expected(
        outcome=table.word("outcome", (*OUTCOMES, ""), ""),
        release=_items(table, "release"),
        withhold=_items(table, "withhold"),
        grounds_any=table.texts("grounds_any"),
        locks_any=table.texts("locks_any"),
        notice=table.word("notice", (*NOTICES, ""), ""),
        deadline=table.duration("deadline"),
        questions_any=table.texts("questions_any"),
    )
    table.done()
    return expected


def _items(table: Table, key: str) -> tuple[str, ...]:
    """Classes, or the names of passages."""
    names = table.texts(key)
    for index, name in enumerate(names):
        if name not in CLASSES and not NAME.match(name):
            table.fail(f"{key}[{index}]", "neither a class nor the name of a passage")
    return names


def _differences(expect: Expected, answer: Answer) -> Iterator[str]:
    yield from _unequal("outcome", expect.outcome, answer.outcome)
    for item in expect.release:
        if answer.classes.get(item) not in RELEASED:
            yield f"release: expected {item} to go, got {answer.classes.get(item, 'not wanted')}"
    for item in expect.withhold:
        if answer.classes.get(item) in RELEASED:
            yield f"withhold: expected {item} to stay, got {answer.classes[item]}"
    yield from _none_of("grounds", expect.grounds_any, answer.grounds)
    yield from _none_of("locks", expect.locks_any, answer.locks)
    yield from _unequal("notice", expect.notice, answer.notice)
    dues = tuple(dict.fromkeys(duty.due for duty in answer.duties if duty.due))
    wanted = (expect.deadline,) if expect.deadline else ()
    yield from _none_of("deadline", wanted, dues)
    yield from _none_of("questions", expect.questions_any, answer.questions)


def _unequal(what: str, expected: str, got: str) -> Iterator[str]:
    if expected and expected != got:
        yield f"{what}: expected {expected}, got {got}"


def _none_of(what: str, expected: Iterable[str], got: tuple[str, ...]) -> Iterator[str]:
    wanted = tuple(expected)
    if wanted and set(wanted).isdisjoint(got):
        yield f"{what}: expected {' or '.join(wanted)}, got {', '.join(got) or NOTHING}"
