"""The one compiler: packs in, a `Law` out, from which both `decide` and the tables are read.

A `Law` is what an Ask's list of packs becomes: every ground and lock with the circuits of its
conditions (circuits.py), closures made from those circuits for `decide`, and the alphabet that
turns facts into bits. It holds no decision and no answer, only the packs in another form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from angerona.errors import BadAsk, BadPack, one_of
from angerona.rules.answer import Owed
from angerona.rules.circuits import NO, Alphabet, Circuit, closure, every, some
from angerona.rules.expressions import (
    ALWAYS,
    LAW_FACTS,
    And,
    Atom,
    Condition,
    Not,
    Or,
    atoms,
    parse,
)
from angerona.rules.facts import CORE_FACTS
from angerona.words import CLASSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from angerona.rules.entries import Duty, Ground, Lock, Pack
    from angerona.rules.facts import Fact

ALL_CLASSES: Final = frozenset(CLASSES)
LAWS_KEPT: Final = 256
"""Compiled laws kept at a time: an Ask chooses its list of packs, and there are many lists."""


@dataclass(frozen=True, slots=True)
class CompiledCondition:
    """One condition with its closures, its parts (for questions), and how a person is asked."""

    is_true: Callable[[int], bool]
    is_false: Callable[[int], bool]
    facts: tuple[str, ...]
    parts: tuple[CompiledCondition, ...]
    ask: str = ""

    def unknown(self, state: int) -> tuple[str, ...]:
        """The facts that keep this condition undecided: those of its undecided parts alone."""
        if self.is_true(state) or self.is_false(state):
            return ()
        if not self.parts:
            return self.facts
        found: tuple[str, ...] = ()
        for part in self.parts:
            found += part.unknown(state)
        return found


@dataclass(frozen=True, slots=True)
class CompiledGround:
    """A ground with its circuits.

    `index` is its place in the Law, `layer` its pack's place in the Ask.

    `met` is on where every condition is known to hold, `dead` where one is known to fail (of
    which `away`: the ground does not apply at all). Neither on is "open". A ground whose text
    nobody has seen has a `met` that is never on.
    """

    ground: Ground
    index: int
    layer: int
    classes: frozenset[str]
    met: Circuit
    dead: Circuit
    is_met: Callable[[int], bool]
    is_dead: Callable[[int], bool]
    is_away: Callable[[int], bool]
    conditions: tuple[CompiledCondition, ...]
    reads_law: bool
    is_must: bool
    is_law: bool


@dataclass(frozen=True, slots=True)
class CompiledLock:
    """A lock with its circuits.

    `off` where it is known not to apply, `sure` where it is known to; `keys` the grounds that
    open it.
    """

    lock: Lock
    index: int
    layer: int
    classes: frozenset[str]
    off: Circuit
    sure: Circuit
    is_off: Callable[[int], bool]
    is_sure: Callable[[int], bool]
    when: CompiledCondition
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CompiledDuty:
    """A duty as it stands in an Answer (`owed` for sure, `maybe` owed), and what triggers it."""

    duty: Duty
    layer: int
    owed: Owed
    maybe: Owed
    is_notice: bool
    when: CompiledCondition
    grounds: frozenset[int]
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Layer:
    """One pack of the Ask: what it speaks of and whether it applies."""

    pack: Pack
    index: int
    classes: frozenset[str]
    condition: Condition
    applies: Circuit
    silent: Circuit
    when: CompiledCondition
    closed: bool
    forms: Mapping[str, frozenset[str]]


class Law:
    """The packs of one Ask, compiled."""

    def __init__(self, packs: tuple[Pack, ...], vocabulary: Mapping[str, Fact]) -> None:
        """Compile; raises `BadPack` where an expression or reference is wrong."""
        self.packs = packs
        self.vocabulary = vocabulary
        self.alphabet = Alphabet()
        self.layers = tuple(self._layer(index, pack) for index, pack in enumerate(packs))
        self.grounds = tuple(self._grounds())
        self._by_id = {one.ground.id: one.index for one in self.grounds}
        self.locks = tuple(self._locks())
        self.duties = tuple(self._duties())
        self.duties_on_event = _inverted([duty.events for duty in self.duties])
        self.duties_on_ground = _inverted([duty.grounds for duty in self.duties])
        self.grounds_to = {
            to: tuple(one for one in self.grounds if one.ground.to is None or to in one.ground.to)
            for to in RECIPIENTS
        }
        self.locks_to = {
            to: tuple(one for one in self.locks if one.lock.to is None or to in one.lock.to)
            for to in RECIPIENTS
        }
        self.lit = Literals(self.alphabet)
        self._facts_in_order = tuple(atom.fact for atom in self.alphabet.numbers)
        self.is_law = tuple(pack.is_law for pack in packs)
        self.no_consent = self._no_consent()
        self.assumable = tuple(
            fact
            for fact in vocabulary.values()
            if fact.default is not None and fact.key in self.lit.by_fact
        )

    def fact_of(self, bit: int) -> str:
        """The fact behind one bit of a state."""
        return self._facts_in_order[(bit.bit_length() - 1) // 2]

    def _no_consent(self) -> int:
        """The bits of an empty file of consents: every fact of theirs is known, and false."""
        bits = 0
        for fact in self.lit.by_fact:
            if fact.startswith("consent."):
                bits ^= self.lit.of(fact, value=False)
        return bits

    def _parse(self, text: str, place: str, pack: Pack) -> Condition:
        condition = parse(text, self.vocabulary, place)
        return _with_form_of(condition, pack.id)

    def _condition(self, condition: Condition, ask: str = "") -> CompiledCondition:
        return compiled_condition(self.alphabet, condition, ask)

    def _conditions(self, *pairs: tuple[Condition, str]) -> tuple[CompiledCondition, ...]:
        """Conditions with how they are asked, without those that are always true."""
        return tuple(self._condition(one, ask) for one, ask in pairs if one != ALWAYS)

    def _layer(self, index: int, pack: Pack) -> Layer:
        condition = self._parse(pack.applies_when, f"{pack.id}: applies_when", pack)
        applies, silent = self.alphabet.truth(condition), self.alphabet.falsity(condition)
        forms = {
            name: frozenset(
                element.key
                for form in pack.consent_forms
                if form.classes is None or name in form.classes
                for element in form.elements
            )
            for name in CLASSES
        }
        return Layer(
            pack=pack,
            index=index,
            classes=ALL_CLASSES if pack.speaks_of is None else pack.speaks_of,
            condition=condition,
            applies=applies,
            silent=silent,
            when=self._condition(condition),
            closed=pack.default == "closed",
            forms=forms,
        )

    def _grounds(self) -> Iterator[CompiledGround]:
        index = 0
        for layer in self.layers:
            for ground in layer.pack.grounds:
                if ground.enabled:
                    yield self._ground(index, layer, ground)
                    index += 1

    def _ground(self, index: int, layer: Layer, ground: Ground) -> CompiledGround:
        read = partial(self._parse, place=f"{layer.pack.id}: ground {ground.id}", pack=layer.pack)
        when = read(ground.when)
        needs = [read(need.expr) for need in ground.needs]
        done = [read(way.done) for way in ground.ways if way.done]
        truth, falsity = self.alphabet.truth, self.alphabet.falsity
        met = every(
            (layer.applies, truth(when), *map(truth, needs), *(falsity(one) for one in done))
        )
        away = some((layer.silent, falsity(when)))
        dead = some((away, *map(falsity, needs), *(truth(one) for one in done)))
        covers = ALL_CLASSES if ground.covers is None else ground.covers
        return CompiledGround(
            ground=ground,
            index=index,
            layer=layer.index,
            classes=(covers - ground.excludes) & layer.classes,
            met=met if ground.verified else NO,
            dead=dead,
            is_met=closure(met if ground.verified else NO),
            is_dead=closure(dead),
            is_away=closure(away),
            conditions=self._conditions(
                (when, ""),
                *((read, need.ask) for read, need in zip(needs, ground.needs, strict=True)),
                *((one, "") for one in done),
                (layer.condition, ""),
            ),
            is_must=ground.force == "must",
            is_law=layer.pack.is_law,
            reads_law=any(atom.fact in LAW_FACTS for one in (when, *needs) for atom in atoms(one)),
        )

    def _locks(self) -> Iterator[CompiledLock]:
        index = 0
        for layer in self.layers:
            for lock in layer.pack.locks:
                if lock.enabled:
                    yield self._lock(index, layer, lock)
                    index += 1

    def _lock(self, index: int, layer: Layer, lock: Lock) -> CompiledLock:
        when = self._parse(lock.when, f"{layer.pack.id}: lock {lock.id}", layer.pack)
        off = some((layer.silent, self.alphabet.falsity(when)))
        sure = every((layer.applies, self.alphabet.truth(when)))
        return CompiledLock(
            lock=lock,
            index=index,
            layer=layer.index,
            classes=(ALL_CLASSES if lock.classes is None else lock.classes) & layer.classes,
            off=off,
            sure=sure,
            is_off=closure(off),
            is_sure=closure(sure),
            when=self._condition(And((when, layer.condition))),
            keys=tuple(sorted(self._keys(layer, lock.opens_for))),
        )

    def _keys(self, layer: Layer, opens_for: tuple[str, ...]) -> set[int]:
        """The grounds that open a lock; an id of a pack that is not in the Ask opens nothing."""
        keys: set[int] = set()
        for name in opens_for:
            if name == "must":
                keys.update(one.index for one in self.grounds if one.ground.force == "must")
            elif "." in name:
                keys.update({self._by_id[name]} if name in self._by_id else ())
            else:
                keys.update(self._under(layer.index, name))
        return keys

    def _under(self, layer: int, limit: str) -> Iterator[int]:
        for one in self.grounds:
            if one.layer == layer and one.ground.limit == limit:
                yield one.index

    def _duties(self) -> Iterator[CompiledDuty]:
        for layer in self.layers:
            for duty in layer.pack.duties:
                if duty.enabled:
                    yield self._duty(layer, duty)

    def _duty(self, layer: Layer, duty: Duty) -> CompiledDuty:
        when = self._parse(duty.when, f"{layer.pack.id}: duty {duty.id}", layer.pack)
        grounds: set[int] = set()
        for name in duty.on:
            if "." in name:
                grounds.update({self._by_id[name]} if name in self._by_id else ())
            else:
                grounds.update(self._under(layer.index, name))
        owed = Owed(
            id=duty.id,
            kind=duty.kind,
            mode=duty.mode,
            what=duty.what,
            due=duty.due,
            due_from=duty.due_from,
            to=duty.to,
            days=duty.days,
            standard=duty.standard,
            later_of=duty.later_of,
            not_before=duty.not_before,
            cite=duty.cite,
        )
        return CompiledDuty(
            duty=duty,
            layer=layer.index,
            owed=owed,
            maybe=replace(owed, sure=False),
            is_notice=duty.kind == "notice" and duty.to == "client",
            when=self._condition(And((layer.condition, when))),
            grounds=frozenset(grounds),
            events=frozenset(name for name in duty.on if "." not in name),
        )


def compiled_condition(
    alphabet: Alphabet, condition: Condition, ask: str = ""
) -> CompiledCondition:
    """A condition with its closures, over an alphabet that learns its atoms here."""
    facts: tuple[str, ...] = ()
    inner: tuple[Condition, ...] = ()
    match condition:
        case Atom():
            facts = (condition.fact,)
        case Not(part):
            inner = (part,)
        case And(parts) | Or(parts):
            inner = parts
    return CompiledCondition(
        is_true=closure(alphabet.truth(condition)),
        is_false=closure(alphabet.falsity(condition)),
        facts=facts,
        parts=tuple(compiled_condition(alphabet, part) for part in inner),
        ask=ask,
    )


Trigger = TypeVar("Trigger")


def _inverted(triggers: list[frozenset[Trigger]]) -> dict[Trigger, tuple[int, ...]]:
    """For each trigger, the places in the list that name it."""
    found: dict[Trigger, tuple[int, ...]] = {}
    for index, names in enumerate(triggers):
        for name in names:
            found[name] = (*found.get(name, ()), index)
    return found


class Literals:
    """Turns established facts into bits of a state.

    A state begins as `nothing_known`. Each fact is put in once, with exclusive or: its own
    literals and the turn of its `known(...)` literal.
    """

    def __init__(self, alphabet: Alphabet) -> None:
        """Sort the atoms by fact."""
        self._alphabet = alphabet
        self.by_fact: dict[str, tuple[Atom, ...]] = {}
        self.nothing_known = 0
        for atom in alphabet.numbers:
            self.by_fact[atom.fact] = (*self.by_fact.get(atom.fact, ()), atom)
            if atom.test == "known":
                self.nothing_known |= alphabet.fails(atom)
        self._words: dict[tuple[str, object], int] = {}

    def of(self, fact: str, value: bool | int | str) -> int:
        """The bits of one fact with one value; 0 for a fact that no pack here reads."""
        if fact not in self.by_fact:
            return 0
        key = (fact, value)
        bits = self._words.get(key)
        if bits is None:
            bits = self._words[key] = self._bits(
                self.by_fact[fact], lambda one: one == value, value
            )
        return bits

    def of_hats(self, fact: str, hats: tuple[str, ...]) -> int:
        """The bits of `by.role` or `by.relation`: equal to each of the hats worn."""
        return self._bits(self.by_fact.get(fact, ()), lambda one: one in hats, "")

    def _bits(
        self,
        of_fact: tuple[Atom, ...],
        equals: Callable[[str | int], bool],
        value: bool | int | str,
    ) -> int:
        bits = 0
        for atom in of_fact:
            holds, fails = self._alphabet.holds(atom), self._alphabet.fails(atom)
            if atom.test == "known":
                bits |= (
                    holds | fails
                )  # exclusive or with nothing_known turns "not known" into "known"
            else:
                bits |= holds if _holds(atom, equals, value) else fails
        return bits


def _holds(atom: Atom, equals: Callable[[str | int], bool], value: bool | int | str) -> bool:
    match atom.test:
        case "is":
            return value is True
        case "eq":
            return equals(atom.value)
        case "lt":
            return int(value) < int(atom.value)
        case _:
            return int(value) <= int(atom.value)


def form_fact(pack: str) -> str:
    """The name under which `consent.form_ok` is kept for one pack.

    Since each law asks for its own elements.
    """
    return f"consent.form_ok@{pack}"


def _with_form_of(condition: Condition, pack: str) -> Condition:
    """The condition with `consent.form_ok` bound to the pack that asks."""
    match condition:
        case Atom(fact="consent.form_ok", test=test, value=value):
            return Atom(form_fact(pack), test, value)
        case Atom():
            return condition
        case Not(part):
            return Not(_with_form_of(part, pack))
        case And(parts):
            return And(tuple(_with_form_of(part, pack) for part in parts))
        case Or(parts):
            return Or(tuple(_with_form_of(part, pack) for part in parts))


class Packs:
    """The loaded packs: a vocabulary, and a `Law` for each list of them that an Ask names."""

    def __init__(self, packs: Mapping[str, Pack]) -> None:
        """Join the facts of all packs with the core's.

        Raises `BadPack` if two packs declare one fact.
        """
        self.packs = dict(packs)
        facts = dict(CORE_FACTS)
        for pack in self.packs.values():
            for key, fact in pack.facts.items():
                if key in facts:
                    raise BadPack(f"{pack.id}: fact {key}", "declared twice")
                facts[key] = fact
        self.facts: Mapping[str, Fact] = facts
        self._laws: dict[tuple[str, ...], Law] = {}

    def law(self, ids: tuple[str, ...]) -> Law:
        """The compiled law for these packs, compiled once for as long as it is kept.

        Raises `BadAsk` for an id that is not loaded.
        """
        law = self._laws.get(ids)
        if law is None:
            for index, one in enumerate(ids):
                if one not in self.packs:
                    raise BadAsk(f"packs[{index}]", "no such pack", one_of(self.packs, one))
            if len(self._laws) >= LAWS_KEPT:
                self._laws.pop(next(iter(self._laws)), None)
            law = self._laws[ids] = Law(tuple(self.packs[one] for one in ids), self.facts)
        return law
