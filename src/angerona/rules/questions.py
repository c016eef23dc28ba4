"""Which facts to ask for, most deciding first (docs/LANGUAGE.md sections 4 and 5).

Each open verdict hangs on the open grounds and unsure locks of its open layers; each of those on
the facts that keep it undecided. A fact that alone keeps one undecided weighs 1 for that verdict,
one of three a third. Screening facts come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from angerona.rules.consents import SIGNER_FACTS, covers, signer_entitled
from angerona.rules.judging import Bar, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from angerona.rules.compile import CompiledCondition, CompiledGround, CompiledLock
    from angerona.rules.judging import Judged, Matter


def ranked_questions(
    matter: Matter, opened: Iterable[Judged], unsure: Iterable[tuple[CompiledCondition, Judged]]
) -> tuple[str, ...]:
    """The questions behind open verdicts, ranked, then those behind unsure duties."""
    weights: dict[str, float] = {}
    for judged in opened:
        for facts in _undecided(matter, judged):
            for fact in facts:
                weights[fact] = weights.get(fact, 0.0) + 1 / len(facts)
    vocabulary = matter.law.vocabulary
    first = sorted(
        weights,
        key=lambda fact: (not (fact in vocabulary and vocabulary[fact].screening), -weights[fact]),
    )
    later = [
        fact
        for condition, judged in unsure
        for fact in _plain(matter, judged, condition.unknown(judged.state))
    ]
    return tuple(dict.fromkeys((*first, *later)))


def facts_asked(matter: Matter, judged: Judged, condition: CompiledCondition) -> tuple[str, ...]:
    """The facts an Ask could state that keep this condition unknown."""
    return tuple(_plain(matter, judged, condition.unknown(judged.state)))


def _undecided(matter: Matter, judged: Judged) -> Iterator[tuple[str, ...]]:
    """For each thing that keeps the class open, the facts it waits for."""
    for layer, word in judged.layers:
        if word != "open":
            continue
        for lock, bar in judged.locks:
            if bar is Bar.UNSURE and lock.layer == layer.index:
                yield from _of_lock(matter, judged, lock)
        mine = [(one, status) for one, status in judged.grounds if one.layer == layer.index]
        if layer.closed and all(status is not Status.MET for _, status in mine):
            for ground, status in mine:
                if status is Status.OPEN:
                    yield from _some(_of_ground(matter, judged, ground))
        yield from _some(_plain(matter, judged, layer.when.unknown(judged.state)))


def _of_lock(matter: Matter, judged: Judged, lock: CompiledLock) -> Iterator[tuple[str, ...]]:
    yield from _some(_plain(matter, judged, lock.when.unknown(judged.state)))
    if matter.hedges(lock.lock):
        yield ("purpose.established",)
    for ground, status in judged.grounds:
        if status is Status.OPEN and ground.index in lock.keys:
            yield from _some(_of_ground(matter, judged, ground))


def _some(facts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    found = tuple(dict.fromkeys(facts))
    if found:
        yield found


def _of_ground(
    matter: Matter, judged: Judged, ground: CompiledGround, seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """The facts one open ground waits for.

    Only the signature of counsel where nothing else is missing.
    """
    asked = False
    for condition in ground.conditions:
        for fact in _plain(matter, judged, condition.unknown(judged.state), seen):
            asked = True
            yield fact
    if not matter.established and ground.ground.purposes is not None:
        asked = True
        yield "purpose.established"
    if not asked and not ground.ground.verified:
        yield f"signed:{matter.law.layers[ground.layer].pack.id}/{ground.ground.id}"


def _plain(
    matter: Matter, judged: Judged, facts: Iterable[str], seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Facts as a person can answer them.

    A fact worked out by the rules stands for those it was worked out from.
    """
    for fact in facts:
        if fact.startswith("law."):
            if fact not in seen:
                yield from _behind_law(matter, judged, fact, seen | {fact})
        elif fact.startswith("consent."):
            yield from _behind_signer(matter, judged)
        elif fact == "purpose":
            yield "purpose.established"
        else:
            yield fact


def _behind_law(matter: Matter, judged: Judged, fact: str, seen: frozenset[str]) -> Iterator[str]:
    """The facts behind an unknown `law.*`.

    Those of the open grounds (or unsure locks) that leave it unknown.
    """
    law = matter.law
    if fact == "law.forbids":
        for lock, bar in judged.locks:
            if bar is Bar.UNSURE and law.is_law[lock.layer]:
                for facts in _of_lock(matter, judged, lock):
                    yield from facts
        return
    for ground, status in judged.grounds:
        counts = fact == "law.permits" or ground.ground.force == "must"
        if counts and status is Status.OPEN and law.is_law[ground.layer]:
            yield from _of_ground(matter, judged, ground, seen)


def _behind_signer(matter: Matter, judged: Judged) -> Iterator[str]:
    """The facts that decide whether a consent covers this class (docs/LANGUAGE.md section 6)."""
    ask = matter.ask
    for consent in ask.consents:
        if covers(consent, ask, judged.wanted) is None:
            if signer_entitled(consent, ask) is None:
                facts = SIGNER_FACTS[consent.by]
                yield from (fact for fact in facts if fact not in ask.facts)
            if not matter.established:
                yield "purpose.established"
