"""Whom to tell of a breach: the `[[breach]]` entries of the packs in force, over what is known.

What is not known counts as owed: an entry falls away only where its `when` is known to be false or
its `unless` known to be true. A rule whose text nobody has seen can demand, and never lets off: its
`unless` and its delay count for nothing. Law that says nothing of breaches is named, and never
taken for "nobody need be told".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.rules.circuits import Alphabet
from angerona.rules.compile import Literals, compiled_condition
from angerona.rules.expressions import ALWAYS, And, Condition, Not, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.rules.compile import CompiledCondition, Packs
    from angerona.rules.entries import Breach, Pack
    from angerona.rules.facts import Fact


@dataclass(frozen=True, slots=True)
class Telling:
    """An entry that is not known to fall away: whom to tell (`rule.to`), or how to weigh it.

    `is_sure` is false where an unknown fact decides; `asks` are those facts.
    """

    rule: Breach
    pack: Pack
    is_sure: bool
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the packs make of an incident.

    `owed` are the entries that name somebody to tell; `weighing` those that say what must be
    weighed and written down; `delays` those that are known to let the telling wait, each for its
    own pack; `questions` the facts worth asking, most deciding first; `silent` the law in force
    that has no word of breaches here.
    """

    owed: tuple[Telling, ...]
    weighing: tuple[Telling, ...]
    delays: tuple[Telling, ...]
    questions: tuple[str, ...]
    silent: tuple[Pack, ...]


def assess(packs: Packs, ids: Iterable[str], facts: Mapping[str, bool | int | str]) -> Assessment:
    """Weigh an incident by the packs of these ids, in their order.

    `facts`: what is established, by the names of facts; what is left out is unknown. Raises
    `BadPack` for an expression that is none.
    """
    inside = [packs.packs[one] for one in ids]
    entries = [(rule, pack) for pack in inside for rule in pack.breaches if rule.enabled]
    alphabet = Alphabet()
    conditions = [
        compiled_condition(alphabet, _condition(rule, pack, packs.facts)) for rule, pack in entries
    ]
    state = _state(Literals(alphabet), facts)
    found = [
        Telling(rule, pack, one.is_true(state), _asks(one, state))
        for (rule, pack), one in zip(entries, conditions, strict=True)
        if not one.is_false(state)
    ]
    return Assessment(
        owed=tuple(one for one in found if one.rule.to),
        weighing=tuple(one for one in found if _is_weighing(one.rule)),
        delays=tuple(
            one for one in found if _is_delay(one.rule) and one.is_sure and one.rule.verified
        ),
        questions=_ranked(found),
        silent=tuple(
            one for one in inside if one.is_law and not any(rule.enabled for rule in one.breaches)
        ),
    )


def _is_delay(rule: Breach) -> bool:
    """An entry with a time and nobody to tell lets the telling wait for that long."""
    return not rule.to and bool(rule.due)


def _is_weighing(rule: Breach) -> bool:
    return not rule.to and not rule.due


def _condition(rule: Breach, pack: Pack, facts: Mapping[str, Fact]) -> Condition:
    place = f"{pack.id}: breach {rule.id}"
    parts = [parse(text, facts, place) for text in (pack.applies_when, rule.when)]
    if rule.unless and rule.verified:
        parts.append(Not(parse(rule.unless, facts, place)))
    return And(tuple(one for one in parts if one != ALWAYS))


def _state(literals: Literals, facts: Mapping[str, bool | int | str]) -> int:
    state = literals.nothing_known
    for name, value in facts.items():
        state ^= literals.of(name, value)
    return state


def _asks(condition: CompiledCondition, state: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(condition.unknown(state)))


def _ranked(found: Iterable[Telling]) -> tuple[str, ...]:
    """Behind whom to tell first; a fact that alone leaves an entry open weighs 1 for it."""
    weights: dict[str, tuple[float, float]] = {}
    for one in found:
        for fact in one.asks:
            tells, others = weights.get(fact, (0.0, 0.0))
            weight = 1 / len(one.asks)
            weights[fact] = (tells + weight, others) if one.rule.to else (tells, others + weight)
    return tuple(sorted(weights, key=lambda fact: tuple(-one for one in weights[fact])))
