"""Never a bare refusal.

Under limit harm or abuse, the lawful ways that remain (docs/LANGUAGE.md section 5).

Three things, always: whom one may tell now (the same Ask put for every other recipient), what may
be said without identifying anyone, and whom to call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from angerona.rules.answer import Instead
from angerona.rules.because import listed
from angerona.words import CLASSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from angerona.rules.ask import Ask
    from angerona.rules.compile import Law, Packs

HELPERS: Final = {
    "emergency": ("emergency_services", "crisis_team", "hospital", "police", "treating_provider"),
    "protection": ("police", "person_at_risk", "emergency_services", "crisis_team", "hospital"),
    "abuse_report": ("child_protection", "adult_protection", "police"),
}
"""By purpose, those who can prevent the harm or who receive reports."""
OWED: Final = ("parent", "school", "driving_authority", "firearms_authority", "child_protection")
"""Others, named only where the law demands it: an answer must not invite telling many."""

SAY: Final = (
    (
        "You may describe the danger and ask what to do, without a name, an address, a date or "
        "anything else from which the person could be known."
    ),
    (
        "You may ask the police, the emergency line or the protection agency for advice about a "
        "situation, without saying who it is about or that anyone is a client."
    ),
    (
        "You may say this to the client: that you are worried, what you may have to do, and what "
        "help there is now."
    ),
)

COLLEAGUES: Final = (
    (
        "Call your supervisor or a second reader now, and the privacy officer; out of hours, the "
        "person on call."
    ),
    (
        "If life is in danger this minute, call the emergency number; describing the danger "
        "without saying who it is needs no permission."
    ),
)

CHECKED: Final = {
    "recipient.identity_verified": True,
    "recipient.able_to_prevent": True,
    "recipient.suspected_abuser": False,
    "threat.necessary": True,
    "care.minimum_ok": True,
}
"""What can be found out about another recipient in minutes.

That it is really they, that they can help and need to be told, that they are not the danger.
"""


def remaining(
    ask: Ask, packs: Packs, view: Callable[[Ask, Packs], tuple[Mapping[str, str], str]]
) -> Instead:
    """The ways that remain for an Ask to which nothing may be told.

    `view` gives the verdict of each class and the first question of an Ask. What was found out
    about this telling is not known of another, so each helper is asked for with all of that
    forgotten, and once more as if they had been checked.
    """
    known = {key: value for key, value in ask.facts.items() if not packs.facts[key].telling}
    tell: dict[str, tuple[str, ...]] = {}
    tell_if: dict[str, tuple[str, ...]] = {}
    tell_once: dict[str, str] = {}
    for to in dict.fromkeys((*HELPERS[ask.purpose], *OWED)):
        if to == ask.to:
            continue
        enough = {"may", "must"} if to in HELPERS[ask.purpose] else {"must"}
        verdicts, _ = view(replace(ask, to=to, facts=known), packs)
        if goes := _going(verdicts, enough):
            tell[to] = goes
        elif "open" in verdicts.values():  # what is barred stays barred, whatever is found out
            checked = {**known, **CHECKED, "recipient.is_target": to == "person_at_risk"}
            verdicts, question = view(replace(ask, to=to, facts=checked), packs)
            if goes := _going(verdicts, enough):
                tell_if[to] = goes
            elif question and to in HELPERS[ask.purpose]:
                tell_once[to] = question
    return Instead(
        tell=tell,
        tell_if=tell_if,
        tell_once=tell_once,
        say=SAY,
        call=(*COLLEAGUES, *_lines(ask, packs.law(ask.packs))),
    )


def _going(verdicts: Mapping[str, str], enough: set[str]) -> tuple[str, ...]:
    return tuple(name for name, verdict in verdicts.items() if verdict in enough)


def whom(instead: Instead) -> tuple[str, ...]:
    """Whom one may tell instead, and what of it, as sentences."""
    told: list[str] = []
    if instead.tell:
        told.append(f"Instead you may tell now: {_each(instead.tell)}.")
    if instead.tell_if:
        told.append(
            "Once you have checked that it is really they, that they can help and need to be told, "
            f"and that they are not the danger, you may tell: {_each(instead.tell_if)}."
        )
    by_question: dict[str, list[str]] = {}
    for to, question in instead.tell_once.items():
        by_question.setdefault(question, []).append(RECIPIENTS[to])
    told.extend(
        f"Whether you may tell {listed(recipients)} depends first on this: {question}"
        for question, recipients in by_question.items()
    )
    if not instead.tell and not instead.tell_if:
        told.append("On what is known now nobody may be told yet who it is; these ways stay open:")
    return tuple(told)


def sentences(instead: Instead | None) -> tuple[str, ...]:
    """The ways that remain, as sentences for `because`."""
    return () if instead is None else (*whom(instead), *instead.say, *instead.call)


def _each(told: Mapping[str, tuple[str, ...]]) -> str:
    """Recipients with what may go to them; those to whom the same may go stand together."""
    same: dict[tuple[str, ...], list[str]] = {}
    for to, classes in told.items():
        same.setdefault(classes, []).append(RECIPIENTS[to])
    return "; ".join(
        f"{listed(recipients)} ({listed(CLASSES[name] for name in classes)})"
        for classes, recipients in same.items()
    )


def _lines(ask: Ask, law: Law) -> Iterator[str]:
    """The help lines of the packs in force whose number somebody has seen in print."""
    serves = "abuse" if ask.purpose == "abuse_report" else "harm"
    for pack in law.packs:
        for line in pack.helps:
            if line.enabled and line.verified and not {serves, "any"}.isdisjoint(line.serves):
                hours = f", {line.when_open}" if line.when_open else ""
                yield f"Call {line.who}: {line.reach}{hours} [{line.cite}]."
