"""The worked cases of a rule page: the tables of the specification, in the words of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rule_words as say

from angerona.words import (
    ACTS,
    CLASSES,
    EVERYTHING,
    INSTRUMENTS,
    OUTCOMES,
    PURPOSES,
    RECIPIENTS,
    RELATIONS,
    ROLES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from angerona.rules.compile import Packs
    from spec.vocabulary import Case, Table

NOTICE = {
    "prohibited": "The client must not be told.",
    "required": "The client must be told.",
    "discretionary": "The client may be told.",
    "none": "No law here speaks of telling the client.",
}


def cases(tables: Sequence[Table], packs: Packs, titles: Mapping[str, str]) -> Iterator[str]:
    """Every table with its cases; each case is also a test of the program."""
    if any(table.cases for table in tables):
        yield (
            "Each is also a test: the program must give this answer, for this reason. Clients "
            "here are made up."
        )
    for table in tables:
        yield f"### {table.question}"
        for case in table.cases:
            yield "\n".join(_case(case, packs, titles))


def _case(case: Case, packs: Packs, titles: Mapping[str, str]) -> Iterator[str]:
    story = f" {case.story}" if case.story else ""
    yield f"**{case.title}** (`{case.id}`).{story}"
    yield ""
    yield f"- Asked: {_asked(case.ask)}"
    yield f"- **{_answer(case, packs)}**"
    yield from (f"- {line}" for line in _why(case, packs, titles))
    seen = "" if case.verified else " (this answer rests on a text that was not seen)"
    yield f"- Law: {case.citation}{seen}"
    if case.note:
        yield f"- Note: {case.note}"


def _asked(ask: Mapping[str, object]) -> str:
    """What is asked, of whom, in one line."""
    who = ask["by"]
    roles = say.listed(ROLES[one] for one in _several(who["role"]))
    ties = say.listed(RELATIONS[one] for one in _several(who["relation"]))
    act = "" if ask.get("act", "hand_over") == "hand_over" else f"to {ACTS[ask['act']]} "
    return (
        f"{act}{_wanted(ask['wants'])}; to {RECIPIENTS[ask['to']]}, for "
        f"{PURPOSES[ask['purpose']]}{_claimed(ask)}, resting on {INSTRUMENTS[ask['instrument']]}; "
        f"by: {roles} ({ties})"
    )


def _several(one_or_more: str | list[str]) -> list[str]:
    return [one_or_more] if isinstance(one_or_more, str) else one_or_more


def _claimed(ask: Mapping[str, object]) -> str:
    return " (so the asker says)" if ask.get("purpose_by") == "asker" else ""


def _wanted(wants: Iterable[object]) -> str:
    return say.listed(
        f"a passage with {say.said(want['classes'], CLASSES)}"
        if isinstance(want, dict)
        else "everything"
        if want == EVERYTHING
        else CLASSES[want]
        for want in wants
    )


def _answer(case: Case, packs: Packs) -> str:
    """The outcome in the words a person reads."""
    expect = case.expect
    told = OUTCOMES[expect["outcome"]]
    if expect["outcome"] == "ask" and expect["questions_any"]:
        return f"{told} {' / '.join(_question(one, packs) for one in expect['questions_any'])}"
    if expect["outcome"] == "require" and expect["deadline"]:
        return f"{told.removesuffix('.')}, {_by(expect['deadline'])}."
    return told


def _by(deadline: str) -> str:
    span = say.time(deadline)
    return span if span == "at once" else f"within {span}"


def _question(fact: str, packs: Packs) -> str:
    if fact.startswith("signed:"):
        return "A lawyer signs the rule, whose text was not seen."
    return packs.facts[fact].ask


def _why(case: Case, packs: Packs, titles: Mapping[str, str]) -> Iterator[str]:
    """What goes and what stays, the reason, the time, and what the client is told."""
    expect, outcome = case.expect, case.expect["outcome"]
    passages = {
        want["passage"]: f"the passage with {say.said(want['classes'], CLASSES)}"
        for want in case.ask["wants"]
        if isinstance(want, dict)
    }
    names = {**CLASSES, **passages}
    if expect["release"]:
        yield f"This goes: {say.listed(names[one] for one in expect['release'])}"
    if expect["withhold"]:
        yield f"This stays: {say.listed(names[one] for one in expect['withhold'])}"
    if expect["grounds_any"]:
        yield f"Reason: {say.listed((titles[one] for one in expect['grounds_any']), 'or')}"
    if expect["locks_any"]:
        locks = {lock.id: lock.title for pack in packs.packs.values() for lock in pack.locks}
        yield f"Barred by: {say.listed((locks[one] for one in expect['locks_any']), 'or')}"
    if expect["questions_any"] and outcome != "ask":
        yield f"Ask: {' / '.join(_question(one, packs) for one in expect['questions_any'])}"
    if expect["deadline"] and outcome != "require":
        yield f"By when: {_by(expect['deadline'])}"
    if expect["notice"]:
        yield NOTICE[expect["notice"]]
