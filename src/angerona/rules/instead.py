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
from angerona.words import RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
}
"""What can be found out about another recipient in minutes.

That it is really they, that they can help, that they are not the danger.
"""


def remaining(
    ask: Ask, packs: Packs, verdicts_of: Callable[[Ask, Packs], Iterable[str]]
) -> Instead:
    """The ways that remain for an Ask to which nothing may be told.

    What is known about the recipient is not known about another, so each helper is asked for
    twice: with nothing known of them, and once they have been checked.
    """
    known = {key: value for key, value in ask.facts.items() if not key.startswith("recipient.")}
    tell: list[str] = []
    tell_if: list[str] = []
    for to in dict.fromkeys((*HELPERS[ask.purpose], *OWED)):
        if to == ask.to:
            continue
        enough = {"may", "must"} if to in HELPERS[ask.purpose] else {"must"}
        goes = _goes(verdicts_of(replace(ask, to=to, facts=known), packs), enough)
        if goes:
            tell.append(to)
        elif goes is None:  # what is barred stays barred, whatever else is found out
            checked = {**known, **CHECKED, "recipient.is_target": to == "person_at_risk"}
            if _goes(verdicts_of(replace(ask, to=to, facts=checked), packs), enough):
                tell_if.append(to)
    return Instead(
        tell=tuple(tell),
        tell_if=tuple(tell_if),
        say=SAY,
        call=(*COLLEAGUES, *_lines(ask, packs.law(ask.packs))),
    )


def _goes(verdicts: Iterable[str], enough: set[str]) -> bool | None:
    """Whether one verdict is enough; `None` if none is but one is open. Stops at the first."""
    undecided = False
    for verdict in verdicts:
        if verdict in enough:
            return True
        undecided = undecided or verdict == "open"
    return None if undecided else False


def sentences(instead: Instead | None) -> tuple[str, ...]:
    """The ways that remain, as sentences for `because`."""
    if instead is None:
        return ()
    told: list[str] = []
    if instead.tell:
        told.append(f"Instead you may tell now: {_recipients(instead.tell)}.")
    if instead.tell_if:
        told.append(
            "Once you have checked that it is really they, that they can help and that they are "
            f"not the danger, you may tell: {_recipients(instead.tell_if)}."
        )
    if not told:
        told.append("On what is known now nobody may be told who it is; these ways stay open:")
    return (*told, *instead.say, *instead.call)


def _recipients(names: tuple[str, ...]) -> str:
    return listed(RECIPIENTS[name] for name in names)


def _lines(ask: Ask, law: Law) -> Iterator[str]:
    """The help lines of the packs in force whose number somebody has seen in print."""
    serves = "abuse" if ask.purpose == "abuse_report" else "harm"
    for pack in law.packs:
        for line in pack.helps:
            if line.enabled and line.verified and not {serves, "any"}.isdisjoint(line.serves):
                hours = f", {line.when_open}" if line.when_open else ""
                yield f"Call {line.who}: {line.reach}{hours} [{line.cite}]."
