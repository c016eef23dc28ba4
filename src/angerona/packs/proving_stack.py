"""A list of packs as terms: the status of each ground and lock, each layer's verdict, the verdict.

docs/LANGUAGE.md sections 4 to 6 for one wanted class, which is a symbol like all the rest. Consents
are not read as documents: what they give (`consent.covers` and the others) is a symbol each, bound
by what no file of documents can break (`bound_by_documents`). Out of scope here: passages, declared
assumptions (they only ever close), the documents behind order facts, and duties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.packs.terms import (
    NEVER,
    NO,
    YES,
    Pair,
    Symbols,
    Term,
    Translator,
    all_of,
    every,
    form_fact,
    negated,
    reads_law,
    some,
)
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from angerona.rules.entries import Ground, Lock, Pack

EVERY_CLASS: Final = frozenset(CLASSES)
NOTES: Final = "psychotherapy_note"
_SUBSTANCE_USE: Final = frozenset({"substance_use", "substance_use_counseling_note"})
_ROUNDS_MAX: Final = 5
"""`law.requires` and `law.permits` can each rise twice (unknown, true): four rises and a look."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GroundTerms:
    """A ground of a stack. `holds` is its conditions alone; `met` and `dead` its status."""

    pack: Pack
    ground: Ground
    classes: frozenset[str]
    holds: Pair
    met: Term
    dead: Term

    @property
    def open(self) -> Term:
        """Neither met nor dead."""
        return negated(some((self.met, self.dead)))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LockTerms:
    """A lock of a stack. `holds` is its conditions alone; `keys` the grounds that open it."""

    pack: Pack
    lock: Lock
    classes: frozenset[str]
    holds: Pair
    keys: tuple[GroundTerms, ...]
    on: Term
    unsure: Term


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LayerTerms:
    """A pack of a stack and its verdict; none of the four where it is quiet or does not speak.

    `speaks` where it speaks of the class; `silently` where it bars because nothing permits.
    """

    pack: Pack
    speaks: Term
    barred: Term
    silently: Term
    open: Term
    must: Term
    may: Term


@dataclass(frozen=True, slots=True, repr=False)
class Base:
    """What the stacks of one set of packs share: symbols, the translator, grounds made before."""

    symbols: Symbols
    translator: Translator
    grounds: dict[tuple[object, ...], GroundTerms]

    @classmethod
    def over(cls, symbols: Symbols) -> Base:
        """A base over these symbols, with nothing made yet."""
        return cls(symbols, Translator(symbols), {})


class Stack:
    """The packs of one Ask as terms."""

    def __init__(self, base: Base, packs: tuple[Pack, ...]) -> None:
        """Translate every entry that is in use."""
        self.base = base
        self.packs = packs
        self.law: Mapping[str, Pair] = {"law.requires": NEVER, "law.permits": NEVER}
        self.grounds = self._settled()
        self.locks = tuple(
            self._lock(pack, lock) for pack in packs for lock in pack.locks if lock.enabled
        )
        self.layers = tuple(map(self._layer, packs))
        barred = some(one.barred for one in self.layers)
        is_open = some(one.open for one in self.layers)
        must = some(one.must for one in self.layers)
        may = some(one.may for one in self.layers)
        passes = every((negated(barred), negated(is_open)))
        # Section 5, "across layers"; where no layer says anything, the class is barred.
        self.conflict = every((barred, must))
        self.open = every((negated(barred), is_open))
        self.must = every((passes, must))
        self.goes = every((passes, some((must, may))))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the packs."""
        return tuple(pack.id for pack in self.packs)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the packs read, consents included."""
        reads = self.base.translator.reads
        return tuple({fact: None for pack in self.packs for fact in reads.get(pack.id, ())})

    def read(self, text: str, pack: Pack) -> Pair:
        """A condition of a pack, with the facts across layers as they are in this stack."""
        return self.base.translator.condition(text, pack.id, self.law)

    def _settled(self) -> tuple[GroundTerms, ...]:
        """The grounds, with the facts across layers repeated until stable (they start false)."""
        grounds = [
            self._ground(pack, ground)
            for pack in self.packs
            for ground in pack.grounds
            if ground.enabled
        ]
        for _ in range(_ROUNDS_MAX):
            found = {
                "law.requires": _best(grounds, lambda one: one.force == "must"),
                "law.permits": _best(grounds, lambda _: True),
            }
            if all(_same(found[name], self.law[name]) for name in found):
                break
            self.law = found
            grounds = [
                self._ground(one.pack, one.ground) if _reads_law(one.ground) else one
                for one in grounds
            ]
        return tuple(grounds)

    def _ground(self, pack: Pack, ground: Ground) -> GroundTerms:
        law = self.law if _reads_law(ground) else {}
        # The key holds the terms themselves, which keeps z3 from using their numbers again.
        key = (pack.id, ground.id, *(pair for pair in law.values()))
        made = self.base.grounds.get(key)
        if made is None:
            made = self.base.grounds[key] = self._made(pack, ground)
        return made

    def _made(self, pack: Pack, ground: Ground) -> GroundTerms:
        symbols = self.base.symbols
        holds = all_of(
            (
                self.read(pack.applies_when, pack),
                self.read(ground.when, pack),
                *(self.read(need.expr, pack) for need in ground.needs),
                *(self.read(way.done, pack).turned() for way in ground.ways if way.done),
            )
        )
        covered = EVERY_CLASS if ground.covers is None else ground.covers
        classes = (covered - ground.excludes) & spoken_of(pack)
        fits = every(
            (
                symbols.among("wanted", classes),
                symbols.among("to", ground.to),
                symbols.among("purpose", ground.purposes),
                symbols.among("instrument", ground.instruments),
                symbols.among("act", ground.acts),
                symbols.wears(ground.by),
            )
        )
        sure = YES if ground.purposes is None else symbols.established
        met = every((fits, holds.yes, sure)) if ground.verified else NO
        return GroundTerms(pack, ground, classes, holds, met, some((negated(fits), holds.no)))

    def _lock(self, pack: Pack, lock: Lock) -> LockTerms:
        symbols = self.base.symbols
        holds = all_of((self.read(pack.applies_when, pack), self.read(lock.when, pack)))
        classes = (EVERY_CLASS if lock.classes is None else lock.classes) & spoken_of(pack)
        named = symbols.among("purpose", lock.purposes)
        # A purpose that only the asker states keeps no lock away, and makes it at best unsure.
        hedged = every((negated(symbols.established), negated(named)))
        fits = every(
            (
                symbols.among("wanted", classes),
                symbols.among("to", lock.to),
                symbols.among("act", lock.acts),
                some((named, hedged)),
            )
        )
        keys = tuple(dict.fromkeys(self._keys(pack, lock)))
        not_off = every((fits, negated(holds.no), *(negated(key.met) for key in keys)))
        on = every((not_off, holds.yes, negated(hedged), *(key.dead for key in keys)))
        return LockTerms(pack, lock, classes, holds, keys, on, every((not_off, negated(on))))

    def _keys(self, pack: Pack, lock: Lock) -> Iterator[GroundTerms]:
        for name in lock.opens_for:
            for one in self.grounds:
                if "." in name:
                    opens = one.ground.id == name
                elif name == "must":
                    opens = one.ground.force == "must"
                else:
                    opens = one.pack is pack and one.ground.limit == name
                if opens:
                    yield one

    def _layer(self, pack: Pack) -> LayerTerms:
        applies = self.read(pack.applies_when, pack)
        closed = pack.default == "closed"
        mine = [one for one in self.grounds if one.pack is pack]
        locks = [one for one in self.locks if one.pack is pack]
        met = some(one.met for one in mine)
        must = some(one.met for one in mine if one.ground.force == "must")
        is_open = some(one.open for one in mine)
        on = some(one.on for one in locks)
        speaks = every((self.base.symbols.among("wanted", pack.speaks_of), negated(applies.no)))
        held = every((some(one.unsure for one in locks), some((met, is_open)) if closed else YES))
        # The rest of section 5's first paragraph is asked only where no lock decides.
        free = every((speaks, negated(on), negated(held)))
        lacks = every((free, negated(met))) if closed else NO
        unsure = some((is_open, negated(applies.yes)))
        silently = every((lacks, negated(unsure)))
        return LayerTerms(
            pack=pack,
            speaks=speaks,
            barred=some((every((speaks, on)), silently)),
            silently=silently,
            open=some((every((speaks, negated(on), held)), every((lacks, unsure)))),
            must=every((free, must)),
            may=every((free, met, negated(must))),
        )


def spoken_of(pack: Pack) -> frozenset[str]:
    """The classes that a pack speaks of."""
    return EVERY_CLASS if pack.speaks_of is None else pack.speaks_of


def _reads_law(ground: Ground) -> bool:
    return reads_law(ground.when) or any(reads_law(need.expr) for need in ground.needs)


def _best(grounds: Iterable[GroundTerms], counts: Callable[[Ground], bool]) -> Pair:
    """True if one that counts is met, false if all are dead; the house pack is no law."""
    mine = [one for one in grounds if one.pack.id != "house" and counts(one.ground)]
    return Pair(some(one.met for one in mine), every(one.dead for one in mine))


def _same(left: Pair, right: Pair) -> bool:
    return bool(left.yes.eq(right.yes) and left.no.eq(right.no))


def elements_asked(pack: Pack, wanted: str) -> frozenset[str]:
    """The elements that the forms of a pack ask of a consent to one class."""
    return frozenset(
        element.key
        for form in pack.consent_forms
        if form.enabled and (form.classes is None or wanted in form.classes)
        for element in form.elements
    )


def consent_facts(packs: Iterable[Pack]) -> tuple[str, ...]:
    """The symbols that stand for the consents on file."""
    return (
        "consent.covers",
        "consent.names_psychotherapy_notes",
        "consent.names_substance_use",
        *(form_fact(pack.id) for pack in packs),
    )


def bound_by_documents(symbols: Symbols, packs: tuple[Pack, ...]) -> list[Term]:
    """What no file of consent documents can break (docs/LANGUAGE.md section 6).

    Each of these facts says "some document covers and ...": none is truer than `covers`, and a form
    that asks for less is kept at least as well. A document that covers process notes or substance
    use has named them. While the purpose is not established, nothing is better than unknown.
    Whether a restriction was agreed to is always known, and one that withholds is one.
    """
    covers, withholds = symbols.yes_no("consent.covers"), symbols.yes_no("consent.withholds")
    agreed = symbols.yes_no("client.restriction")
    bounds: list[Term] = [
        some((withholds.yes, withholds.no)),
        some((negated(withholds.yes), agreed.yes)),
    ]
    for fact in consent_facts(packs):
        one = symbols.yes_no(fact)
        bounds += [*at_most(one, covers), some((symbols.established, negated(one.yes)))]
    for fact, classes in (
        ("consent.names_psychotherapy_notes", {NOTES}),
        ("consent.names_substance_use", _SUBSTANCE_USE),
    ):
        elsewhere = negated(symbols.among("wanted", classes))
        bounds += at_most(covers, symbols.yes_no(fact), unless=elsewhere)
    for pack in packs:
        asks_nothing = {name for name in CLASSES if not elements_asked(pack, name)}
        form = symbols.yes_no(form_fact(pack.id))
        elsewhere = negated(symbols.among("wanted", asks_nothing))
        bounds += at_most(covers, form, unless=elsewhere)
    for more in packs:
        for less in packs:
            if more is not less:
                bounds += _asks_less(symbols, less, more)
    return bounds


def _asks_less(symbols: Symbols, less: Pack, more: Pack) -> list[Term]:
    classes = {name for name in CLASSES if elements_asked(less, name) <= elements_asked(more, name)}
    return at_most(
        symbols.yes_no(form_fact(more.id)),
        symbols.yes_no(form_fact(less.id)),
        unless=negated(symbols.among("wanted", classes)),
    )


def at_most(low: Pair, high: Pair, *, unless: Term = NO) -> list[Term]:
    """That one value is no higher than another, where false is lowest and true is highest."""
    return [
        some((unless, negated(low.yes), high.yes)),
        some((unless, negated(high.no), low.no)),
    ]


def parents_of(packs: Mapping[str, Pack], pack_id: str) -> tuple[str, ...]:
    """The packs that stand behind one, its parents' parents first."""
    found: dict[str, None] = {}
    for parent in packs[pack_id].extends:
        found |= dict.fromkeys((*parents_of(packs, parent), parent))
    return tuple(found)


def stacks_of(packs: Mapping[str, Pack], pack_id: str) -> tuple[tuple[str, ...], ...]:
    """The lists of packs that an Ask may well name for one pack.

    The pack alone; on its parents; the same with the house; and for a law of one of the United
    States also with 42 CFR Part 2.
    """
    chain = (*parents_of(packs, pack_id), pack_id)
    stacks = [(pack_id,), chain]
    if "house" in packs and pack_id != "house":
        stacks.append(("house", *chain))
        if "us-part2" in packs and packs[pack_id].jurisdiction.startswith("US-"):
            stacks.append(("house", *chain[:-1], "us-part2", pack_id))
    return tuple(dict.fromkeys(stacks))
