"""The table form: for one way of asking, each class with the literals under which it may go.

A `Law` is made of circuits over literals (circuits.py) without negation. For a fixed asker,
recipient, purpose, instrument and act, what remains of "this class may go" is a circuit over facts
alone, and it is written out here as a short list of **cubes**: numbers whose bits must all be
established. Looks, lists, the numpy filter and the SQL predicate are four readings of the same
cubes, and no second statement of any rule: lists filter by the **kind** of an entry (`Kinds`), and
the table is read once for each kind.

Asks without consents, restrictions and orders only: most looks inside the practice rest on none.
What depends on a document goes through `decide`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from angerona.errors import BadAsk, TooWide, kind_of, one_of
from angerona.rules.circuits import NO, YES, All, Any, Circuit, Lit, every, some
from angerona.words import CLASSES, PURPOSES, RELATIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from angerona.rules.ask import Value
    from angerona.rules.compile import CompiledGround, CompiledLock, Law, Layer

CUBE_LIMIT: Final = 4096
"""A table with more cubes than this is no table; such an Ask goes through `decide`."""
FIXED: Final = frozenset({"to", "purpose", "instrument", "act", "by.role", "by.relation", "wanted"})
_HOLDS: Final = int("01" * 4096, 2)
"""Every literal of the kind "known to hold": a cube with both literals of an atom is never on."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking, without the facts: who, to whom, what for, on what."""

    role: str
    relation: str
    to: str
    purpose: str
    instrument: str = "none"
    act: str = "hand_over"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test on a fact, with the bits it gives.

    An Atom of expressions.py, narrowed to a table.
    """

    test: str
    bound: str | int
    holds: int
    fails: int

    def bits(self, value: Value) -> int:
        """What this test gives for a known value."""
        match self.test:
            case "known":
                return self.holds
            case "is":
                on = value is True
            case "lt":
                on = int(value) < int(self.bound)
            case "le":
                on = int(value) <= int(self.bound)
            case _:
                on = value == self.bound
        return self.holds if on else self.fails


@dataclass(frozen=True, slots=True)
class Table:
    """Which classes may go under one Way, and under what is known.

    `may` maps a class to the cubes under which it may (or must) go, `must` to those under which it
    must. `values` and `numbers` turn facts into the cubes' bits. No cube reads "not known": the
    loader refuses rules that would open on it.
    """

    may: Mapping[str, tuple[int, ...]]
    must: Mapping[str, tuple[int, ...]]
    values: Mapping[str, Mapping[Value, int]]
    numbers: Mapping[str, tuple[Comparison, ...]]

    def literals(self, facts: Mapping[str, Value]) -> int:
        """The bits that these facts establish; unknown facts give none. Raises `BadAsk`."""
        bits = 0
        for fact, of_value in self.values.items():
            value = facts.get(fact)
            if value is not None:
                if type(value) not in {bool, str} or value not in of_value:  # 1 == True in Python
                    raise BadAsk(f"facts.{fact}", f"cannot be {kind_of(value)}")
                bits |= of_value[value]
        for fact, tests in self.numbers.items():
            value = facts.get(fact)
            if value is not None:
                if type(value) is not int:
                    raise BadAsk(f"facts.{fact}", f"cannot be {kind_of(value)}", "a whole number")
                for test in tests:
                    bits |= test.bits(value)
        return bits

    def verdict(self, wanted: str, literals: int) -> str:
        """`must`, `may`, or `silence`, for one class and what is known."""
        for cube in self.may[wanted]:
            if literals & cube == cube:
                break
        else:
            return "silence"
        for cube in self.must[wanted]:
            if literals & cube == cube:
                return "must"
        return "may"


class Kinds:
    """Numbers for what a list's entries have in common: a class and the facts of the entry.

    A practice has hundreds of kinds and millions of entries. An entry row keeps its kind's number;
    for a request the table is read once for each kind, and the list is filtered by number.
    """

    def __init__(self) -> None:
        """Begin without any kind."""
        self._numbers: dict[tuple[str, frozenset[tuple[str, Value]]], int] = {}
        self._kinds: list[tuple[str, dict[str, Value]]] = []

    def __len__(self) -> int:
        """How many kinds there are."""
        return len(self._kinds)

    def number(self, wanted: str, facts: Mapping[str, Value]) -> int:
        """The number of a kind, from 0 on; the same again for the same class and facts."""
        key = (wanted, frozenset(facts.items()))
        if key not in self._numbers:
            self._numbers[key] = len(self._kinds)
            self._kinds.append((wanted, dict(facts)))
        return self._numbers[key]

    def kind(self, number: int) -> tuple[str, Mapping[str, Value]]:
        """The class and the facts behind a number."""
        return self._kinds[number]

    def visible(self, table: Table, facts: Mapping[str, Value]) -> tuple[int, ...]:
        """The kinds that may be seen under a table, where `facts` are known of the request itself.

        A fact known of both is taken from the entry.
        """
        return tuple(
            number
            for number, (wanted, own) in enumerate(self._kinds)
            if table.verdict(wanted, table.literals({**facts, **own})) != "silence"
        )

    def filter(self, visible: tuple[int, ...], column: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For entries by kind, which may be seen: shape (n,) to (n,). No unknown kind is."""
        seen = np.zeros(len(self._kinds) + 1, dtype=np.bool_)
        seen[list(visible)] = True
        known = (column >= 0) & (column < len(self._kinds))
        gathered: NDArray[np.bool_] = seen[np.where(known, column, len(self._kinds))]
        return gathered

    @staticmethod
    def predicate(visible: tuple[int, ...], column: str) -> str:
        """The same as an SQL condition on an integer column, for SQLite and PostgreSQL alike."""
        return f"{column} IN ({', '.join(map(str, visible))})" if visible else "1 = 0"


class Looks:
    """Looks inside the practice under one Law: one table for each way of asking, made when needed.

    Roles, relations and purposes are closed lists, so there are only so many tables.
    """

    def __init__(self, law: Law) -> None:
        """Begin without a table."""
        self._law = law
        self._tables: dict[tuple[str, str, str], Table] = {}

    def table(self, role: str, relation: str, purpose: str) -> Table:
        """The table of one way of looking. Raises `BadAsk` for a word that is not on its list."""
        way = (role, relation, purpose)
        table = self._tables.get(way)
        if table is None:
            for word, words, place in zip(
                way, (ROLES, RELATIONS, PURPOSES), ("role", "relation", "purpose"), strict=True
            ):
                if word not in words:
                    raise BadAsk(place, "unknown word", one_of(words, word))
            made = table_of(self._law, Way(role, relation, "workforce", purpose))
            table = self._tables[way] = made
        return table

    def verdict(
        self, role: str, relation: str, purpose: str, wanted: str, facts: Mapping[str, Value]
    ) -> str:
        """`must`, `may` or `silence` for one look. Raises `BadAsk` for a word on no list."""
        table = self.table(role, relation, purpose)
        if wanted not in table.may:
            raise BadAsk("class", "unknown class", one_of(table.may, wanted))
        return table.verdict(wanted, table.literals(facts))


def table_of(law: Law, way: Way) -> Table:
    """The table of one Way under one Law. Raises `TooWide` if it does not fit."""
    spread = _Spread(law, way)
    may = {name: cubes_of(spread.may_go(name)) for name in CLASSES}
    must = {name: cubes_of(spread.must_go(name)) for name in CLASSES}
    return _narrowed(law, may, must)


@dataclass(slots=True)
class _Spread:
    """Puts a Law's circuits together for one Way and one class, and multiplies them out."""

    law: Law
    way: Way
    known: int = 0

    def __post_init__(self) -> None:
        lit = self.law.lit
        self.known = (
            lit.nothing_known
            ^ lit.of("to", self.way.to)
            ^ lit.of("purpose", self.way.purpose)
            ^ lit.of("instrument", self.way.instrument)
            ^ lit.of("act", self.way.act)
            ^ lit.of_hats("by.role", (self.way.role,))
            ^ lit.of_hats("by.relation", (self.way.relation,))
            ^ self.law.no_consent
        )

    def may_go(self, wanted: str) -> Circuit:
        """On where the class may or must go.

        Every layer lets it pass, and some layer has a met ground.
        """
        layers = [layer for layer in self.law.layers if wanted in layer.classes]
        passes = every(self._passes(layer, wanted) for layer in layers)
        met = some(self._met(ground, wanted, ()) for ground in self._grounds(wanted))
        return every((passes, met))

    def must_go(self, wanted: str) -> Circuit:
        """On where, besides, some layer says must."""
        must = some(
            self._met(ground, wanted, ())
            for ground in self._grounds(wanted)
            if ground.ground.force == "must"
        )
        return every((self.may_go(wanted), must))

    def _grounds(self, wanted: str) -> list[CompiledGround]:
        way = self.way
        hats = frozenset((way.role, way.relation))
        return [
            one
            for one in self.law.grounds_to[way.to]
            if wanted in one.classes and one.ground.fits(hats, way.purpose, way.instrument, way.act)
        ]

    def _locks(self, layer: Layer, wanted: str) -> list[CompiledLock]:
        return [
            one
            for one in self.law.locks_to[self.way.to]
            if one.layer == layer.index
            and wanted in one.classes
            and (one.lock.purposes is None or self.way.purpose in one.lock.purposes)
            and (one.lock.acts is None or self.way.act in one.lock.acts)
        ]

    def _passes(self, layer: Layer, wanted: str) -> Circuit:
        """A layer lets pass if it is known not to apply, or if no lock of it may be on and.

        Closed, a ground of it is met.
        """
        unlocked = every(self._off(lock, wanted) for lock in self._locks(layer, wanted))
        met = some(
            self._met(ground, wanted, ())
            for ground in self._grounds(wanted)
            if ground.layer == layer.index
        )
        silent = self._read(layer.silent, wanted, ())
        return some((silent, every((unlocked, met)) if layer.closed else unlocked))

    def _off(self, lock: CompiledLock, wanted: str) -> Circuit:
        keys = (
            self._met(ground, wanted, ())
            for ground in self._grounds(wanted)
            if ground.index in lock.keys
        )
        return some((self._read(lock.off, wanted, ()), *keys))

    def _met(self, ground: CompiledGround, wanted: str, within: tuple[str, ...]) -> Circuit:
        return self._read(ground.met, wanted, within)

    def _read(self, circuit: Circuit, wanted: str, within: tuple[str, ...]) -> Circuit:
        """The circuit with everything put in that is fixed.

        The Way, the class, and the facts across layers.
        """
        match circuit:
            case Lit(bit):
                return self._literal(bit, wanted, within)
            case All(parts):
                return every(self._read(part, wanted, within) for part in parts)
            case Any(parts):
                return some(self._read(part, wanted, within) for part in parts)

    def _literal(self, bit: int, wanted: str, within: tuple[str, ...]) -> Circuit:
        state = self.known ^ self.law.lit.of("wanted", wanted)
        if state & bit:
            return YES
        fact = self.law.fact_of(bit)
        if fact in {"law.requires", "law.permits"}:
            return self._law(fact, wanted, within)
        if fact in FIXED or fact.startswith("consent."):
            return NO
        return Lit(bit)

    def _law(self, fact: str, wanted: str, within: tuple[str, ...]) -> Circuit:
        """A fact across layers is what its grounds are.

        One that waits for itself is not met (it starts false).
        """
        if fact in within:
            return NO
        return some(
            self._met(ground, wanted, (*within, fact))
            for ground in self._grounds(wanted)
            if self.law.is_law[ground.layer]
            and (fact == "law.permits" or ground.ground.force == "must")
        )


def cubes_of(circuit: Circuit) -> tuple[int, ...]:
    """The circuit multiplied out into cubes, none of which contains another. Raises `TooWide`."""
    match circuit:
        case Lit(bit):
            return (bit,)
        case Any(parts):
            return _least(cube for part in parts for cube in cubes_of(part))
        case All(parts):
            out: tuple[int, ...] = (0,)
            for part in parts:
                out = _least(left | right for left in out for right in cubes_of(part))
            return out


def _least(cubes: Iterable[int]) -> tuple[int, ...]:
    """The cubes without those that can never be on and those that another cube makes needless."""
    possible = {cube for cube in cubes if not cube >> 1 & cube & _HOLDS}
    if len(possible) > CUBE_LIMIT:
        message = "too many ways to count for a table"
        raise TooWide(message)
    kept: list[int] = []
    for cube in sorted(possible, key=lambda one: (one.bit_count(), one)):
        if not any(cube & less == less for less in kept):
            kept.append(cube)
    return tuple(kept)


def _narrowed(
    law: Law, may: Mapping[str, tuple[int, ...]], must: Mapping[str, tuple[int, ...]]
) -> Table:
    """The same cubes over only the bits they read, so that they are small numbers."""
    used = 0
    for cubes in (*may.values(), *must.values()):
        for cube in cubes:
            used |= cube
    bits = [1 << place for place in range(used.bit_length()) if used >> place & 1]
    small = {bit: 1 << place for place, bit in enumerate(bits)}

    def narrow(wide: int) -> int:
        return sum(few for bit, few in small.items() if wide & bit)

    values: dict[str, dict[Value, int]] = {}
    numbers: dict[str, tuple[Comparison, ...]] = {}
    for fact, atoms in law.lit.by_fact.items():
        tests = tuple(
            Comparison(
                atom.test,
                atom.value,
                narrow(law.alphabet.holds(atom)),
                narrow(law.alphabet.fails(atom)),
            )
            for atom in atoms
            if narrow(law.alphabet.holds(atom) | law.alphabet.fails(atom))
        )
        if not tests:
            continue
        declared = law.vocabulary[fact]
        if declared.type == "int":
            numbers[fact] = tests
        else:
            values[fact] = {
                value: sum(one.bits(value) for one in tests)
                for value in (declared.values or (True, False))
            }
    return Table(
        may={name: tuple(map(narrow, cubes)) for name, cubes in may.items()},
        must={name: tuple(map(narrow, cubes)) for name, cubes in must.items()},
        values=values,
        numbers=numbers,
    )
