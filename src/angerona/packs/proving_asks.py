"""What the prover found, as an Ask that a person can read and `decide` can answer.

A counterexample is made small first: what can be left unknown is, and the usual is preferred to the
odd, for as long as the claim stays true.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.packs.proving_stack import NOTES, consent_facts, elements_asked
from angerona.packs.terms import negated, some
from angerona.words import PROCESS_NOTES, RELATIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from angerona.packs.proving_stack import Stack
    from angerona.packs.terms import Known, Model, Search, Symbols, Term

AT: Final = "2026-11-23T12:00:00Z"
"""No proof depends on the day: documents are in force or not."""
ADULT_AGE: Final = 18
_USUAL: Final = (
    ("act", "hand_over"),
    ("instrument", "none"),
    ("wanted", "progress_note"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """An Ask that a claim is true of, as plain values, and the prover's own way."""

    ask: Mapping[str, object]
    model: Model

    def __str__(self) -> str:
        """The Ask on one line, without the moment, on which nothing depends."""
        shown = {key: value for key, value in self.ask.items() if key != "at" and value != []}
        return json.dumps(shown, ensure_ascii=False)


def smallest(search: Search, stack: Stack, *claims: Term) -> Found | None:
    """A small Ask of which all the claims are true, or `None` if there is none at all."""
    model = search.find(*claims)
    if model is None:
        return None
    kept = list(claims)
    for wish in _wishes(stack):
        if not model.says(wish):
            better = search.find(*kept, wish)
            if better is None:
                continue
            model = better
        kept.append(wish)
    return Found(ask_of(model, stack), model)


def _wishes(stack: Stack) -> Iterator[Term]:
    """What one would rather read, the most telling first: an ordinary Ask with little in it."""
    symbols = stack.base.symbols
    yield symbols.established
    for key, word in _USUAL:
        yield symbols.is_word(key, word)
    consents = [symbols.yes_no(fact) for fact in consent_facts(stack.packs)]
    yield symbols.yes_no("consent.withholds").no
    yield from (fact.no for fact in consents)
    yield from (some((fact.yes, fact.no)) for fact in consents)
    for key in stack.facts:
        yield negated(symbols.fact(key).known)
    for words in (ROLES, RELATIONS):
        for word in reversed(list(words)):
            yield negated(symbols.hats[word])


def ask_of(model: Model, stack: Stack) -> dict[str, object]:
    """The Ask of a model, with consent documents that give what the model says of consents."""
    symbols = stack.base.symbols
    word = {key: _value(model, fact) for key, fact in symbols.attributes.items()}
    return {
        "packs": list(stack.ids),
        "at": AT,
        "by": {
            "role": _hats(model, symbols, ROLES),
            "relation": _hats(model, symbols, RELATIONS),
        },
        "to": word["to"],
        "purpose": word["purpose"],
        "purpose_by": "practice" if model.says(symbols.established) else "asker",
        "instrument": word["instrument"],
        "act": word["act"],
        "wants": [word["wanted"]],
        "consents": list(_consents(model, stack, {key: str(word[key]) for key in word})),
        "restrictions": _restrictions(model, symbols, {key: str(word[key]) for key in word}),
        "facts": {
            key: _value(model, symbols.fact(key))
            for key in stack.facts
            if not key.startswith("consent.") and model.says(symbols.fact(key).known)
        },
    }


def _value(model: Model, fact: Known) -> bool | int | str:
    if fact.type == "bool":
        return model.says(fact.value)
    number = model.number(fact.value)
    return number if fact.type == "int" else fact.words[number]


def _hats(model: Model, symbols: Symbols, words: Iterable[str]) -> str | list[str]:
    worn = [word for word in words if model.says(symbols.hats[word])]
    return worn[0] if len(worn) == 1 else worn


def _restrictions(
    model: Model, symbols: Symbols, word: Mapping[str, str]
) -> list[dict[str, object]]:
    if not model.says(symbols.yes_no("consent.withholds").yes):
        return []
    return [
        {"classes": [word["wanted"]], "to": [word["to"]], "purposes": [word["purpose"]]},
    ]


def _consents(model: Model, stack: Stack, word: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """One document for what is true of the consents, and one for what is unknown.

    Nobody is sure who signed the second, unless the purpose itself is not established: then every
    document leaves it unknown.
    """
    symbols = stack.base.symbols
    values = {fact: symbols.yes_no(fact) for fact in consent_facts(stack.packs)}
    sure = {fact for fact, pair in values.items() if model.says(pair.yes)}
    maybe = {fact for fact, pair in values.items() if not model.says(some((pair.yes, pair.no)))}
    if "consent.covers" in sure:
        yield _document(stack, word, sure, _signer(model, symbols))
    if maybe:
        unsure = model.says(symbols.established)
        signer = "representative" if unsure else _signer(model, symbols)
        yield _document(stack, word, sure | maybe, signer, unsure=unsure)


def _document(
    stack: Stack, word: Mapping[str, str], facts: set[str], signer: str, *, unsure: bool = False
) -> dict[str, object]:
    wanted = word["wanted"]
    classes = {wanted}
    if "consent.names_psychotherapy_notes" in facts:
        classes.add(NOTES)
    if "consent.names_substance_use" in facts:
        notes = wanted in PROCESS_NOTES
        classes.add("substance_use_counseling_note" if notes else "substance_use")
    elements = {
        element
        for pack in stack.packs
        if f"consent.form_ok of {pack.id}" in facts
        for element in elements_asked(pack, wanted)
    }
    if unsure:
        elements.discard("signer_authority")
    elif signer == "representative":
        elements.add("signer_authority")
    return {
        "by": signer,
        "form": "signed",
        "classes": sorted(classes),
        "to": [word["to"]],
        "purposes": [word["purpose"]],
        "from": None,
        "until": None,
        "revoked": None,
        "elements": dict.fromkeys(sorted(elements), True),
    }


def _signer(model: Model, symbols: Symbols) -> str:
    """Somebody who may sign, given what the model says of the client (section 6)."""
    minor = symbols.within("client.age", 0, ADULT_AGE - 1)
    doubtful = some(
        (
            symbols.yes_no("client.capacity").no,
            _known_and(symbols.fact("client.age"), minor),
        )
    )
    return "representative" if model.says(doubtful) else "client"


def _known_and(fact: Known, holds: Term) -> Term:
    return negated(some((negated(fact.known), negated(holds))))
