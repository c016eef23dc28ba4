"""Judging one class.

The status of each ground and lock, the facts across layers, each layer's verdict, and the verdict.

docs/LANGUAGE.md sections 4 and 5, for one class of one Ask. Everything here is read from a `Law`;
nothing is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from angerona.rules.consents import RESTRICTED, consent_values, restriction_values
from angerona.rules.orders import is_order_fact, order_values

if TYPE_CHECKING:
    from angerona.rules.ask import Ask, Value
    from angerona.rules.compile import CompiledGround, CompiledLock, Law, Layer
    from angerona.rules.entries import Lock


class Status(IntEnum):
    """Of a ground, in the order of how near it is to opening."""

    AWAY = 0
    UNMET = 1
    OPEN = 2
    MET = 3


class Bar(IntEnum):
    """Of a lock, in the order of how much it bars."""

    OFF = 0
    UNSURE = 1
    ON = 2


AWAY, UNMET, OPEN, MET = Status
OFF, UNSURE, ON = Bar


@dataclass(frozen=True, slots=True)
class Context:
    """One Ask against one Law, before any class is judged.

    The grounds and locks that can matter, and the bits known of all classes alike.
    """

    law: Law
    ask: Ask
    state: int
    grounds: tuple[CompiledGround, ...]
    locks: tuple[CompiledLock, ...]
    established: bool

    def hedges(self, lock: Lock) -> bool:
        """Whether only the asker's word for the purpose keeps this lock from being judged."""
        return (
            not self.established
            and lock.purposes is not None
            and self.ask.purpose not in lock.purposes
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """One class, judged. `state` holds all that is known, the facts across layers included."""

    wanted: str
    state: int
    grounds: tuple[tuple[CompiledGround, Status], ...]
    locks: tuple[tuple[CompiledLock, Bar], ...]
    layers: tuple[tuple[Layer, str], ...]
    verdict: str
    assumed: tuple[str, ...] = ()


def context_of(law: Law, ask: Ask, assumed: tuple[tuple[str, Value], ...] = ()) -> Context:
    """Gather what is the same for all classes of an Ask.

    `assumed` are values taken for facts the Ask does not state.
    """
    lit = law.lit
    established = ask.purpose_established
    state = lit.nothing_known
    state ^= lit.of("to", ask.to) ^ lit.of("instrument", ask.instrument) ^ lit.of("act", ask.act)
    state ^= lit.of_hats("by.role", ask.roles) ^ lit.of_hats("by.relation", ask.relations)
    if established:
        state ^= lit.of("purpose", ask.purpose)
    for fact, value in (*ask.facts.items(), *assumed):
        is_document = (ask.orders and is_order_fact(law, fact)) or (
            ask.restrictions and fact in RESTRICTED
        )
        if not is_document:
            state ^= lit.of(fact, value)
    hats = ask.hats
    grounds = tuple(
        one
        for one in law.grounds_to[ask.to]
        if one.ground.fits(hats, ask.purpose, ask.instrument, ask.act)
    )
    locks = tuple(one for one in law.locks_to[ask.to] if _lock_fits(one, ask, established))
    return Context(law, ask, state, grounds, locks, established)


def _lock_fits(one: CompiledLock, ask: Ask, established: bool) -> bool:
    """A purpose that only the asker states keeps no lock away."""
    lock = one.lock
    return (lock.acts is None or ask.act in lock.acts) and (
        lock.purposes is None or not established or ask.purpose in lock.purposes
    )


def judge(context: Context, wanted: str) -> Judged:
    """Judge one class."""
    law = context.law
    bare = context.state ^ law.lit.of("wanted", wanted) ^ _document_bits(context, wanted)
    grounds = [one for one in context.grounds if wanted in one.classes]
    statuses, state = _settle(context, grounds, bare)
    locks = tuple(
        (one, bar)
        for one in context.locks
        if wanted in one.classes and (bar := _bar(context, one, state, statuses))
    )
    state ^= _law_bits(law, "law.forbids", _forbids(law, locks))
    with_status = tuple((one, statuses[one.index]) for one in grounds)
    layers = _layer_verdicts(law, wanted, state, with_status, locks)
    return Judged(wanted, state, with_status, locks, layers, _across([word for _, word in layers]))


def _document_bits(context: Context, wanted: str) -> int:
    law, ask = context.law, context.ask
    if not (ask.consents or ask.orders or ask.restrictions):
        return law.no_consent
    bits = 0
    values = list(consent_values(law, ask, wanted))
    if ask.restrictions:
        values += restriction_values(ask, wanted)
    for fact, value in values:
        if value is not None:
            bits ^= law.lit.of(fact, value)
    if ask.orders:
        for fact, found in order_values(law, ask, wanted):
            bits ^= law.lit.of(fact, found)
    return bits


def _settle(
    context: Context, grounds: list[CompiledGround], bare: int
) -> tuple[dict[int, Status], int]:
    """Statuses and the facts across layers, repeated until stable.

    They start false and can only grow.
    """
    law = context.law
    values: tuple[bool | None, bool | None] = (False, False)
    state = _with_law(law, bare, values)
    statuses = {one.index: _status(context, one, state) for one in grounds}
    while (found := _requires_permits(grounds, statuses)) != values:
        values = found
        state = _with_law(law, bare, values)
        for one in grounds:
            if one.reads_law:
                statuses[one.index] = _status(context, one, state)
    return statuses, state


def _with_law(law: Law, bare: int, values: tuple[bool | None, bool | None]) -> int:
    return (
        bare ^ _law_bits(law, "law.requires", values[0]) ^ _law_bits(law, "law.permits", values[1])
    )


def _law_bits(law: Law, fact: str, value: bool | None) -> int:
    return 0 if value is None else law.lit.of(fact, value)


def _status(context: Context, one: CompiledGround, state: int) -> Status:
    if one.is_dead(state):
        return AWAY if one.is_away(state) else UNMET
    if one.is_met(state) and (context.established or one.ground.purposes is None):
        return MET
    return OPEN


def _requires_permits(
    grounds: list[CompiledGround], statuses: dict[int, Status]
) -> tuple[bool | None, bool | None]:
    """`law.requires` and `law.permits`.

    The best status among must-grounds, and among all, of the packs that are law.
    """
    requires = permits = AWAY
    for one in grounds:
        if one.is_law:
            status = statuses[one.index]
            permits = max(permits, status)
            if one.is_must and status > requires:
                requires = status
    return _known(requires), _known(permits)


def _known(status: Status) -> bool | None:
    return True if status is MET else None if status is OPEN else False


def _bar(context: Context, one: CompiledLock, state: int, statuses: dict[int, Status]) -> Bar:
    if one.is_off(state):
        return OFF
    keys = [statuses.get(key, AWAY) for key in one.keys]
    if MET in keys:
        return OFF
    sure = one.is_sure(state) and OPEN not in keys and not context.hedges(one.lock)
    return ON if sure else UNSURE


def _forbids(law: Law, locks: tuple[tuple[CompiledLock, Bar], ...]) -> bool | None:
    worst = max((bar for one, bar in locks if law.is_law[one.layer]), default=OFF)
    return True if worst is ON else None if worst is UNSURE else False


def _layer_verdicts(
    law: Law,
    wanted: str,
    state: int,
    grounds: tuple[tuple[CompiledGround, Status], ...],
    locks: tuple[tuple[CompiledLock, Bar], ...],
) -> tuple[tuple[Layer, str], ...]:
    """The word of each layer that speaks of the class and is not known to be silent."""
    best = [AWAY] * len(law.layers)
    must = [False] * len(law.layers)
    for ground, status in grounds:
        layer = ground.layer
        best[layer] = max(best[layer], status)
        if status is MET and ground.is_must:
            must[layer] = True
    bars = [OFF] * len(law.layers)
    for lock, bar in locks:
        bars[lock.layer] = max(bars[lock.layer], bar)
    return tuple(
        (one, _layer_verdict(one, state, bars[one.index], best[one.index], must[one.index]))
        for one in law.layers
        if wanted in one.classes and not one.when.is_false(state)
    )


def _layer_verdict(layer: Layer, state: int, bar: Bar, best: Status, must: bool) -> str:
    """One layer's word on the class (docs/LANGUAGE.md section 5, first paragraph, in its order).

    `bar` is its worst lock, `best` its best ground, `must` whether a must of it is met.
    """
    if bar is ON:
        return "barred"
    if bar is UNSURE and (best >= OPEN or not layer.closed):
        return "open"
    if best is MET:
        return "must" if must else "may"
    if not layer.closed:
        return "quiet"
    return "open" if best is OPEN or not layer.when.is_true(state) else "barred"


def _across(layers: list[str]) -> str:
    """The layers' verdicts joined.

    The first of these words that fits (docs/LANGUAGE.md section 5).
    """
    if "barred" in layers:
        return "conflict" if "must" in layers else "barred"
    for word in ("open", "must", "may"):
        if word in layers:
            return word
    return "barred"
