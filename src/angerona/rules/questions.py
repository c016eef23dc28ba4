"""Which facts to ask for, most deciding first (docs/LANGUAGE.md sections 4 and 5).

Each open verdict hangs on the open grounds and unsure locks of its open layers; each of those on
the facts that keep it undecided. A fact that alone keeps one undecided weighs 1 for that verdict,
one of three a third. Screening facts come first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from angerona.rules.consents import SIGNER_FACTS, covers, signer_entitled
from angerona.rules.judging import MET, OPEN, UNSURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from angerona.rules.compile import CompiledCondition, CompiledGround, CompiledLock
    from angerona.rules.judging import Context, Judged


def ranked_questions(
    context: Context,
    opened: Iterable[Judged],
    unsure: Iterable[tuple[CompiledCondition, Judged]],
    settled: Iterable[Judged] = (),
) -> tuple[str, ...]:
    """The questions behind open verdicts, ranked; behind open musts; behind unsure duties.

    `settled` are the classes whose verdict stands, but which the law may yet demand.
    """
    weights: dict[str, float] = {}
    for judged in opened:
        for facts in _Waiting(context, judged).undecided():
            for fact in facts:
                weights[fact] = weights.get(fact, 0.0) + 1 / len(facts)
    vocabulary = context.law.vocabulary
    first = sorted(
        weights,
        key=lambda fact: (
            not (fact in vocabulary and vocabulary[fact].screening),
            -weights[fact],
        ),
    )
    musts = [
        fact
        for judged in settled
        for ground in open_musts(judged)
        for fact in _Waiting(context, judged).of_ground(ground)
    ]
    later = [
        fact for condition, judged in unsure for fact in facts_asked(context, judged, condition)
    ]
    return tuple(dict.fromkeys((*first, *musts, *later)))


def open_musts(judged: Judged) -> Iterator[CompiledGround]:
    """The demands of the law that are not settled for a class."""
    for ground, status in judged.grounds:
        if status is OPEN and ground.is_must and ground.is_law and ground.ground.verified:
            yield ground


def facts_asked(context: Context, judged: Judged, condition: CompiledCondition) -> tuple[str, ...]:
    """The facts an Ask could state that keep this condition unknown."""
    return tuple(_Waiting(context, judged).plain(condition.unknown(judged.state)))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What one class waits for; each open ground is worked out once, whatever it opens."""

    context: Context
    judged: Judged
    worked_out: dict[tuple[int, frozenset[str]], tuple[str, ...]] = field(default_factory=dict)

    def undecided(self) -> Iterator[tuple[str, ...]]:
        """For each thing that keeps the class open, the facts it waits for."""
        judged = self.judged
        for layer, word in judged.layers:
            if word != "open":
                continue
            for lock, bar in judged.locks:
                if bar is UNSURE and lock.layer == layer.index:
                    yield from self.of_lock(lock)
            mine = [(one, status) for one, status in judged.grounds if one.layer == layer.index]
            if layer.closed and all(status is not MET for _, status in mine):
                yield from (self.of_ground(one) for one, status in mine if status is OPEN)
            yield from _some(self.plain(layer.when.unknown(judged.state)))

    def of_lock(self, lock: CompiledLock) -> Iterator[tuple[str, ...]]:
        """For an unsure lock: its own facts, and those of its open keys."""
        yield from _some(self.plain(lock.when.unknown(self.judged.state)))
        if self.context.hedges(lock.lock):
            yield ("purpose.established",)
        for ground, status in self.judged.grounds:
            if status is OPEN and ground.index in lock.keys:
                yield self.of_ground(ground)

    def of_ground(
        self, ground: CompiledGround, seen: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """The facts one open ground waits for.

        Only the signature of counsel where nothing else is missing.
        """
        key = (ground.index, seen if ground.reads_law else frozenset[str]())
        if key not in self.worked_out:
            state = self.judged.state
            unknown: tuple[str, ...] = ()
            for condition in ground.conditions:
                unknown += condition.unknown(state)
            plain = self.context.law.vocabulary.keys() >= set(unknown)
            asked = list(unknown if plain else self.plain(unknown, seen))
            if not self.context.established and ground.ground.purposes is not None:
                asked.append("purpose.established")
            if not asked and not ground.ground.verified:
                pack = self.context.law.packs[ground.layer]
                asked.append(f"signed:{pack.id}/{ground.ground.id}")
            self.worked_out[key] = tuple(dict.fromkeys(asked))
        return self.worked_out[key]

    def plain(self, facts: Iterable[str], seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Facts as a person can answer them.

        A fact worked out by the rules stands for those it was worked out from.
        """
        for fact in facts:
            if fact.startswith("law."):
                if fact not in seen:
                    yield from self.behind_law(fact, seen | {fact})
            elif fact.startswith("consent."):
                yield from _behind_signer(self.context, self.judged)
            elif fact == "purpose":
                yield "purpose.established"
            else:
                yield fact

    def behind_law(self, fact: str, seen: frozenset[str]) -> Iterator[str]:
        """The facts behind an unknown `law.*`.

        Those of the open grounds (or unsure locks) that leave it unknown.
        """
        if fact == "law.forbids":
            for lock, bar in self.judged.locks:
                if bar is UNSURE and self.context.law.is_law[lock.layer]:
                    for facts in self.of_lock(lock):
                        yield from facts
            return
        for ground, status in self.judged.grounds:
            counts = ground.is_must or fact == "law.permits"
            if counts and status is OPEN and ground.is_law:
                yield from self.of_ground(ground, seen)


def _some(facts: Iterable[str]) -> Iterator[tuple[str, ...]]:
    found = tuple(dict.fromkeys(facts))
    if found:
        yield found


def _behind_signer(context: Context, judged: Judged) -> Iterator[str]:
    """The facts that decide whether a consent covers this class (docs/LANGUAGE.md section 6)."""
    ask = context.ask
    for consent in ask.consents:
        if covers(consent, ask, judged.wanted) is None:
            if signer_entitled(consent, ask) is None:
                facts = SIGNER_FACTS[consent.by]
                yield from (fact for fact in facts if fact not in ask.facts)
            if not context.established:
                yield "purpose.established"
