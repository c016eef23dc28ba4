"""Whether the compiler (rules/compile.py) and the tables (rules/tables.py) say what the terms say.

The compiler's circuits are turned into terms literally: each bit becomes the knowledge that sets
it, which is found by asking the compiler's own `Literals` (or the table) for the bits of every
value. So a fault in parsing, in the circuits or in the bits shows as a difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import TooWide
from angerona.packs.proving_asks import smallest
from angerona.packs.proving_stack import (
    Stack,
    bound_by_documents,
    consent_facts,
    elements_asked,
    spoken_of,
)
from angerona.packs.terms import (
    NO,
    Pair,
    Search,
    Term,
    differs,
    every,
    form_fact,
    negated,
    some,
)
from angerona.rules.circuits import All, Circuit, Lit
from angerona.rules.compile import form_fact as compiled_form_fact
from angerona.rules.facts import INT_LIMIT
from angerona.rules.tables import Way, table_of
from angerona.words import CLASSES, RELATIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from angerona.rules.ask import Value
    from angerona.rules.compile import Law, Packs
    from angerona.rules.tables import Table

WAYS: Final = (
    *(
        Way(role, relation, "workforce", purpose)
        for role, relation, purpose in (
            ("psychologist", "author", "treatment"),
            ("psychiatrist", "treating", "treatment"),
            ("psychotherapist", "treating", "training"),
            ("nurse", "care_team", "care_coordination"),
            ("physician", "on_call", "emergency"),
            ("psychologist", "supervisor", "supervision"),
            ("trainee", "treating", "supervision"),
            ("privacy_officer", "none", "operations"),
            ("front_desk", "none", "operations"),
            ("biller", "none", "payment"),
            ("unlicensed", "former_clinician", "legal_proceeding"),
        )
    ),
    Way("psychologist", "treating", "police", "law_enforcement", "search_warrant"),
    Way("psychologist", "treating", "court", "legal_proceeding", "court_order"),
    Way("biller", "none", "payer", "payment", "written_request"),
    Way("psychotherapist", "treating", "child_protection", "abuse_report", "own_initiative"),
    Way("psychologist", "treating", "client", "client_request", "written_request"),
)
"""Looks by the main roles, and some tellings; a look is what tables are for."""
TABLES: Final = 140
"""About so many tables are proved in one run: most of the time goes into making them."""


def disagreements(packs: Packs, stacks: Sequence[Stack]) -> Iterator[str]:
    """Where the compiled law of a stack says something else than its terms.

    Asked of the fullest stacks, which between them hold every entry. Its conditions are compiled
    alike in all of them, so each is proved once, unless it reads the facts across layers.
    """
    proved: set[int] = set()
    for stack in _fullest(stacks):
        law = packs.law(stack.ids)
        yield from _different_data(law, stack)
        yield from _different_conditions(law, stack, proved)


def table_disagreements(packs: Packs, stacks: Sequence[Stack]) -> Iterator[str]:
    """Where the cubes of a table let more or less go than the terms.

    Asked of the fullest stacks, and where these are many, of each for a part of the WAYS in turn.
    """
    fullest = _fullest(stacks)
    step = min(len(WAYS), 1 + len(fullest) * len(WAYS) // TABLES)
    for turn, stack in enumerate(fullest):
        law = packs.law(stack.ids)
        search = Search(stack.base.symbols, bound_by_documents(stack.base.symbols, stack.packs))
        goes, must = search.named(stack.goes), search.named(stack.must)
        for way in WAYS[turn % step :: step]:
            try:
                table = table_of(law, way)
            except TooWide:
                continue  # such an Ask goes through `decide`
            found = smallest(
                search, stack, _put_so(stack, way), _otherwise(stack, table, goes, must)
            )
            if found is not None:
                yield f"a table of {way} says otherwise than the terms of {found}"


def _fullest(stacks: Sequence[Stack]) -> list[Stack]:
    """The stacks that no other one contains."""
    named = [set(stack.ids) for stack in stacks]
    return [
        stack
        for stack, ids in zip(stacks, named, strict=True)
        if not any(ids < others for others in named)
    ]


# What is compared as plain data.


def _different_data(law: Law, stack: Stack) -> Iterator[str]:
    for layer in law.layers:
        pack = layer.pack
        forms = {name: elements_asked(pack, name) for name in CLASSES}
        if (layer.classes, layer.closed, dict(layer.forms)) != (
            spoken_of(pack),
            pack.default == "closed",
            forms,
        ):
            yield f"{pack.id}: its classes, default or forms are compiled otherwise"
    grounds = {one.ground.id: one.classes for one in stack.grounds}
    compiled = {one.ground.id: one.classes for one in law.grounds}
    yield from _unequal("grounds and their classes", stack, grounds, compiled)
    locks = {
        one.lock.id: (one.classes, frozenset(key.ground.id for key in one.keys))
        for one in stack.locks
    }
    compiled_locks = {
        one.lock.id: (one.classes, frozenset(law.grounds[key].ground.id for key in one.keys))
        for one in law.locks
    }
    yield from _unequal("locks, their classes and keys", stack, locks, compiled_locks)


def _unequal(
    what: str, stack: Stack, ours: Mapping[str, object], theirs: Mapping[str, object]
) -> Iterator[str]:
    for name in sorted({*ours, *theirs}):
        if ours.get(name) != theirs.get(name):
            yield f"{list(stack.ids)}: {what} are compiled otherwise: {name}"


# What is compared as circuits.


@dataclass(frozen=True, slots=True, repr=False)
class _Bits:
    """What each bit of a compiled law's state stands for, as a term, worked out when asked for."""

    law: Law
    stack: Stack
    made: dict[int, Term]

    def circuit(self, circuit: Circuit) -> Term:
        """A circuit, literally."""
        match circuit:
            case Lit(bit):
                return self._bit(bit)
            case All(parts):
                return every(self.circuit(part) for part in parts)
            case _:
                return some(self.circuit(part) for part in circuit.parts)

    def _bit(self, bit: int) -> Term:
        if bit not in self.made:
            self.made[bit] = self._made(bit, self.law.fact_of(bit))
        return self.made[bit]

    def _made(self, bit: int, fact: str) -> Term:
        lit, unknown = self.law.lit, bool(self.law.lit.nothing_known & bit)

        def sets(value: Value) -> bool:
            return bool((lit.nothing_known ^ lit.of(fact, value)) & bit)

        if fact in {"by.role", "by.relation"}:
            words = ROLES if fact == "by.role" else RELATIONS
            worn = {word: bool(lit.of_hats(fact, (word,)) & bit) for word in words}
            return _of_hats(self.stack, worn, holds=lit.of_hats(fact, tuple(words)) & bit != 0)
        if fact in self.stack.law:
            return _of_pair(self.stack.law[fact], sets, unknown=unknown)
        if fact.startswith("consent."):
            own = _own_name(fact, self.stack)
            return _of_pair(self.stack.base.symbols.yes_no(own), sets, unknown=unknown)
        numbers = {int(atom.value) for atom in lit.by_fact[fact] if isinstance(atom.value, int)}
        return _of_values(self.stack, fact, sets, unknown=unknown, numbers=numbers)


def _own_name(fact: str, stack: Stack) -> str:
    names = {compiled_form_fact(pack.id): form_fact(pack.id) for pack in stack.packs}
    return names.get(fact, "consent.covers" if fact == "consent.signer_ok" else fact)


def _of_hats(stack: Stack, worn: Mapping[str, bool], *, holds: bool) -> Term:
    """A hat among those worn sets the bit; or, for "fails", none of those worn clears it."""
    hats = stack.base.symbols.hats
    if holds:
        return some(hats[word] for word, on in worn.items() if on)
    return every(negated(hats[word]) for word, on in worn.items() if not on)


def _of_pair(pair: Pair, sets: Callable[[Value], bool], *, unknown: bool) -> Term:
    on = [pair.yes] if sets(True) else []  # noqa: FBT003 -- a fact's value
    on += [pair.no] if sets(False) else []  # noqa: FBT003 -- a fact's value
    on += [negated(some((pair.yes, pair.no)))] if unknown else []
    return some(on)


def _of_values(
    stack: Stack,
    fact: str,
    sets: Callable[[Value], bool],
    *,
    unknown: bool,
    numbers: Iterable[int],
) -> Term:
    """The knowledge of one fact that sets a bit, asked value by value.

    Between two numbers that an expression names a bit cannot change, so one value of each stretch
    is asked.
    """
    symbols = stack.base.symbols
    of = symbols.attributes.get(fact) or symbols.fact(fact)
    match of.type:
        case "bool":
            return _of_pair(of.yes_no, sets, unknown=unknown)
        case "int":
            starts = sorted({0, *numbers, *(number + 1 for number in numbers)} - {INT_LIMIT + 1})
            ends = [*(start - 1 for start in starts[1:]), INT_LIMIT]
            stretches = zip(starts, ends, strict=True)
            values = [symbols.within(fact, low, high) for low, high in stretches if sets(low)]
        case _:
            values = [symbols.is_word(fact, word) for word in of.words if sets(word)]
    known = symbols.established if fact == "purpose" else of.known
    on = [every((known, some(values)))]
    on += [negated(known)] if unknown else []
    return some(on)


def _different_conditions(law: Law, stack: Stack, proved: set[int]) -> Iterator[str]:
    """Every entry's circuits against its terms, all in one question; if any differ, one by one."""
    bits = _Bits(law, stack, {})
    pairs = [
        *_of_layers(bits, law, stack, proved),
        *_of_grounds(bits, law, stack, proved),
        *_of_locks(bits, law, stack, proved),
    ]
    search = Search(stack.base.symbols, bound_by_documents(stack.base.symbols, stack.packs))
    different = [(name, term) for name, term in pairs if term is not NO]
    if not different or search.find(some(term for _, term in different)) is None:
        return
    for name, term in different:
        found = smallest(search, stack, term)
        if found is not None:
            yield f"{name} is compiled otherwise for {found}"


def _of_layers(bits: _Bits, law: Law, stack: Stack, proved: set[int]) -> Iterator[tuple[str, Term]]:
    for layer in law.layers:
        pack = layer.pack
        if _is_new(pack, proved):
            applies = stack.read(pack.applies_when, pack)
            yield f"{pack.id} applies", differs(bits.circuit(layer.applies), applies.yes)
            yield f"{pack.id} is silent", differs(bits.circuit(layer.silent), applies.no)


def _of_grounds(
    bits: _Bits, law: Law, stack: Stack, proved: set[int]
) -> Iterator[tuple[str, Term]]:
    ours = {one.ground.id: one for one in stack.grounds}
    for theirs in law.grounds:
        one = ours.get(theirs.ground.id)
        if one is not None and _is_new(one, proved):
            met = one.holds.yes if one.ground.verified else NO
            yield f"{one.ground.id} met", differs(bits.circuit(theirs.met), met)
            yield f"{one.ground.id} dead", differs(bits.circuit(theirs.dead), one.holds.no)


def _of_locks(bits: _Bits, law: Law, stack: Stack, proved: set[int]) -> Iterator[tuple[str, Term]]:
    ours = {one.lock.id: one for one in stack.locks}
    for theirs in law.locks:
        one = ours.get(theirs.lock.id)
        if one is not None and _is_new(one.lock, proved):
            yield f"{one.lock.id} sure", differs(bits.circuit(theirs.sure), one.holds.yes)
            yield f"{one.lock.id} off", differs(bits.circuit(theirs.off), one.holds.no)


def _is_new(entry: object, proved: set[int]) -> bool:
    """Whether an entry has not been proved yet. All of them live as long as the stacks do."""
    if id(entry) in proved:
        return False
    proved.add(id(entry))
    return True


# Tables.


def _put_so(stack: Stack, way: Way) -> Term:
    """The Ask is put in this Way: no other hat, nothing on file, the purpose established."""
    symbols = stack.base.symbols
    worn = {way.role, way.relation}
    on_file = ("consent.withholds", *consent_facts(stack.packs))
    nobody = (symbols.yes_no(fact).no for fact in on_file)
    return every(
        (
            symbols.established,
            *(hat if word in worn else negated(hat) for word, hat in symbols.hats.items()),
            symbols.is_word("to", way.to),
            symbols.is_word("purpose", way.purpose),
            symbols.is_word("instrument", way.instrument),
            symbols.is_word("act", way.act),
            *nobody,
        )
    )


def _otherwise(stack: Stack, table: Table, goes: Term, must: Term) -> Term:
    """On where the table's cubes and the verdict's terms part."""
    bits = _TableBits(stack, table, {})
    wanted = stack.base.symbols.is_word
    may_go = some(every((wanted("wanted", one), bits.cubes(table.may[one]))) for one in CLASSES)
    must_go = some(every((wanted("wanted", one), bits.cubes(table.must[one]))) for one in CLASSES)
    return some((differs(may_go, goes), differs(must_go, must)))


@dataclass(frozen=True, slots=True, repr=False)
class _TableBits:
    """What each bit of a table's literals stands for, as a term."""

    stack: Stack
    table: Table
    made: dict[int, Term]

    def cubes(self, cubes: Sequence[int]) -> Term:
        return some(every(map(self._bit, _bits_of(cube))) for cube in cubes)

    def _bit(self, bit: int) -> Term:
        if bit not in self.made:
            self.made[bit] = self._made(bit)
        return self.made[bit]

    def _made(self, bit: int) -> Term:
        table, fact = self.table, self._fact_of(bit)
        tests = table.numbers.get(fact, ())
        numbers = {int(test.bound) for test in tests if isinstance(test.bound, int)}
        return _of_values(
            self.stack,
            fact,
            lambda value: bool(table.literals({fact: value}) & bit),
            unknown=bool(table.literals({}) & bit),
            numbers=numbers,
        )

    def _fact_of(self, bit: int) -> str:
        """The one fact whose values set the bit; a table keeps that to itself."""
        by_value = {fact: some_of.values() for fact, some_of in self.table.values.items()}
        by_test = {
            fact: (bits for test in tests for bits in (test.holds, test.fails))
            for fact, tests in self.table.numbers.items()
        }
        named = {**by_value, **by_test}
        return next(fact for fact, found in named.items() if any(bits & bit for bits in found))


def _bits_of(cube: int) -> Iterator[int]:
    while cube:
        bit = cube & -cube
        yield bit
        cube ^= bit
