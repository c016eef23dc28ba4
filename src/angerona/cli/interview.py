"""The interview: first what every question needs, then only what matters, most deciding first.

After each answer the rules decide again, so a question that no longer matters is never put. "Don't
know" leaves a fact unknown and is not asked twice; what stays unknown never opens anything.
"""

from __future__ import annotations

import contextlib
import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from angerona.cli import choices
from angerona.cli.paper import consent_would_matter, consents_in_hand
from angerona.cli.places import NAMES, NATIONS, packs_if, packs_of, places_fitting
from angerona.cli.talking import (
    EndOfAnswers,
    choose,
    choose_several,
    established,
    hear,
    tell,
    yes_no,
)
from angerona.errors import BadAsk
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from angerona.words import EVERYTHING, SPEAKING_PURPOSES

if TYPE_CHECKING:
    from angerona.rules.answer import Answer
    from angerona.rules.compile import Packs

WELCOME: Final = (
    "Answer with a number, a word or a part of a word. Press Enter if you don't know, and type "
    "stop to end with what is known. Please type no names; none is needed."
)
OWN_INITIATIVE: Final = frozenset({"none", "own_initiative", "client_agreement"})


@dataclass(slots=True)
class _Draft:
    """The Ask as far as it is known."""

    packs: Packs
    raw: dict[str, object]
    facts: dict[str, bool | int | str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def answer(self) -> Answer:
        """What the rules say to what is known so far."""
        return decide(read_ask(self.raw, self.packs.facts, self.packs.packs), self.packs)

    def note(self, fact: str, value: bool | int | str | None) -> None:  # noqa: FBT001 -- a fact's value, not a switch
        """Keep what was said of a fact; "don't know" is never asked again."""
        if value is None:
            self.unknown.add(fact)
        else:
            self.facts[fact] = value


def hold(packs: Packs) -> dict[str, object]:
    """Interview a person; the Ask as a plain table.

    Raises `BadAsk` if it ends before there is a question at all.
    """
    tell(WELCOME)
    facts: dict[str, bool | int | str] = {}
    try:
        raw = _basics(packs, facts)
    except EndOfAnswers:
        needed = "who asks, with what, what for, who you are, where the client is, what is wanted"
        raise BadAsk("the interview", "ended before the question was whole", needed) from None
    raw["facts"] = facts
    draft = _Draft(packs, raw, facts)
    with contextlib.suppress(EndOfAnswers):
        _conditional_packs(draft)
        speaking = raw["purpose"] in SPEAKING_PURPOSES
        on_consent = raw["instrument"] == "consent"
        if on_consent or not speaking:
            _consents(draft, told=on_consent)
        _facts(draft)
        if speaking and not on_consent:
            _consents(draft, told=False)
            _facts(draft)
    tell()
    return raw


def _basics(packs: Packs, facts: dict[str, bool | int | str]) -> dict[str, object]:
    """What every question needs."""
    to = choose("Who asks, or who would be told?", choices.WHO_ASKS)
    instrument = choose("What do they have in hand?", choices.IN_HAND)
    purpose = choose("What is it for?", choices.WHAT_FOR)
    purpose_by = "practice"
    if to != "workforce" and instrument not in OWN_INITIATIVE:
        purpose_by = choose("How do you know that it is for this?", choices.WHOSE_PURPOSE)
    act = "hand_over"
    if to == "client" and purpose == "client_request":
        act = choose("What is to be done with it?", choices.WHICH_ACT)
    who = "Who would look?" if to == "workforce" else "Who are you?"
    role = choose(who, choices.YOUR_ROLE)
    relation = choose("How are you tied to this client?", choices.YOUR_TIE)
    place = _place(facts)
    wants = choose_several("What do they want?", choices.WHAT)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return {
        "packs": [*packs_of(place, packs), *(pack.id for pack in packs_if(place, packs))],
        "at": now,
        "by": {"role": role, "relation": relation},
        "to": to,
        "purpose": purpose,
        "purpose_by": purpose_by,
        "instrument": instrument,
        "act": act,
        "wants": [EVERYTHING] if EVERYTHING in wants else list(wants),
        "consents": [],
        "place": place,
    }


def _place(facts: dict[str, bool | int | str]) -> str:
    """Where the client is, as a code; a nation of the United Kingdom is a fact besides."""
    tell()
    tell(
        "Where is the client? (a state, a province or a country, by name or by code such as US-CA)"
    )
    while True:
        typed = hear()
        found = places_fitting(typed) if typed else ()
        if len(found) == 1:
            tell(f"= {NAMES.get(found[0], found[0])}", "  ")
            if typed in NATIONS:
                facts["uk.nation"] = NATIONS[typed]
            return found[0]
        if found:
            several = "; ".join(f"{place} {NAMES.get(place, 'a country')}" for place in found[:6])
            tell(f"Several fit: {several}. Please type the code or the name in full.")
        else:
            tell("That is no place I know. Please type its name or its code, such as US-WY or IE.")


def _conditional_packs(draft: _Draft) -> None:
    """Leave out the packs that bind only if something is so, where it is known not to be."""
    names = list(draft.raw["packs"]) if isinstance(draft.raw["packs"], list) else []
    for pack in packs_if(str(draft.raw["place"]), draft.packs):
        fact = draft.packs.facts.get(pack.applies_when)
        if fact is not None and fact.type == "bool":
            tell()
            draft.note(fact.key, said := yes_no(fact.ask))
            if said is False:
                names.remove(pack.id)
                draft.raw["packs"] = names


def _consents(draft: _Draft, *, told: bool) -> None:
    """Ask for a consent on file, if one would change anything."""
    if told or consent_would_matter(draft.raw, draft.packs):
        draft.raw["consents"] = consents_in_hand(draft.raw, draft.packs, told=told)


def _facts(draft: _Draft) -> None:
    """The questions that matter, most deciding first; the rules decide again after each."""
    said_settled = False
    while True:
        answer = draft.answer()
        fact = _next(draft, answer)
        if fact is None:
            return
        tell()
        if not said_settled and "open" not in answer.classes.values():
            said_settled = True
            tell("What may go is settled. What follows decides what you owe.")
        draft.note(fact, established(draft.packs.facts[fact]))


def _next(draft: _Draft, answer: Answer) -> str | None:
    """The most deciding question that a person can answer and has not."""
    for fact in answer.questions:
        if fact in draft.packs.facts and fact not in draft.unknown and fact not in draft.facts:
            return fact
    return None
