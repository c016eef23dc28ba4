"""A third reading of docs/LANGUAGE.md: conditions of packs as terms of the theorem prover z3.

Nothing here is shared with the compiler (rules/expressions.py, circuits.py, compile.py): the text
of an expression goes through Python's `ast` straight into two terms, "is true" and "is false", so
that a proof about these terms can catch the compiler in a mistake. This is the one module that
speaks to z3, which has no types of its own: what z3 gives is a `Term` everywhere else.

Packs are taken as loaded, so every word and expression has been checked. Importing this raises
`MissingExtra` if z3 is not installed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from angerona.errors import MissingExtra
from angerona.rules.facts import INT_LIMIT, Fact
from angerona.words import ATTRIBUTES, RELATIONS, ROLES

try:
    import z3
except ImportError as missing:
    raise MissingExtra("proofs need z3: pip install 'angerona[prove]'") from missing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

Term: TypeAlias = Any
"""A z3 term; z3 ships no types. Whatever holds terms has no `repr`: one can fill a book."""

YES: Final[Term] = z3.BoolVal(True)  # noqa: FBT003 -- z3's own way to write "true"
NO: Final[Term] = z3.BoolVal(False)  # noqa: FBT003 -- z3's own way to write "false"
_CONTEXT: Final[Term] = z3.main_ctx()
_SIZES: Final[Mapping[type[ast.cmpop], Callable[[Term, int], Term]]] = {
    ast.Lt: z3.ULT,
    ast.LtE: z3.ULE,
    ast.Gt: z3.UGT,
    ast.GtE: z3.UGE,
}
_YES_OR_NO: Final = frozenset({"true", "false"})


def every(parts: Iterable[Term]) -> Term:
    """All of the terms; without terms always so."""
    kept = [part for part in parts if part is not YES]
    if any(part is NO for part in kept):
        return NO
    if len(kept) < 2:  # noqa: PLR2004 -- one part needs no joining
        return kept[0] if kept else YES
    return _joined(z3.Z3_mk_and, kept)


def some(parts: Iterable[Term]) -> Term:
    """At least one of the terms; without terms never so."""
    kept = [part for part in parts if part is not NO]
    if any(part is YES for part in kept):
        return YES
    if len(kept) < 2:  # noqa: PLR2004 -- one part needs no joining
        return kept[0] if kept else NO
    return _joined(z3.Z3_mk_or, kept)


def _joined(gate: Term, parts: Sequence[Term]) -> Term:
    """The same as z3.And and z3.Or, without their checks, which cost more than the proofs."""
    asts = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return z3.BoolRef(gate(_CONTEXT.ref(), len(parts), asts), _CONTEXT)


def negated(term: Term) -> Term:
    """The opposite of a term of two values."""
    if term is YES:
        return NO
    if term is NO:
        return YES
    return z3.BoolRef(z3.Z3_mk_not(_CONTEXT.ref(), term.as_ast()), _CONTEXT)


def differs(left: Term, right: Term) -> Term:
    """On where the two terms disagree."""
    return NO if left.eq(right) else z3.Xor(left, right)


def switch(name: str) -> Term:
    """A free yes or no of the prover's own."""
    return z3.Bool(name)


def put_in(term: Term, changes: Sequence[tuple[Term, Term]]) -> Term:
    """The term with every left side replaced by its right side, all at once."""
    return z3.substitute(term, *changes) if changes else term


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """Kleene's three values: `yes` where it is true, `no` where it is false, neither if unknown."""

    yes: Term
    no: Term

    def turned(self) -> Pair:
        """The negation: unknown stays unknown."""
        return Pair(self.no, self.yes)


ALWAYS: Final = Pair(YES, NO)
NEVER: Final = Pair(NO, YES)


def all_of(pairs: Iterable[Pair]) -> Pair:
    """False if one is false, else unknown if one is unknown, else true."""
    listed = list(pairs)
    return Pair(every(one.yes for one in listed), some(one.no for one in listed))


def any_of(pairs: Iterable[Pair]) -> Pair:
    """True if one is true, else unknown if one is unknown, else false."""
    listed = list(pairs)
    return Pair(some(one.yes for one in listed), every(one.no for one in listed))


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """A fact: whether it is known, and its value, which means nothing while it is not.

    `words` are those of an enum, in the order of their numbers; a yes-or-no fact and a whole
    number have none.
    """

    known: Term
    value: Term
    type: str
    words: tuple[str, ...] = ()

    @property
    def yes_no(self) -> Pair:
        """A yes-or-no fact as three values."""
        return Pair(every((self.known, self.value)), every((self.known, negated(self.value))))


class Symbols:
    """The free constants of the proofs: the attributes of an Ask, hats, facts, consents.

    `domain` holds what is true of them all: a word is one of its list, a number is in its bounds,
    everybody wears a hat. It grows as facts are first named.
    """

    def __init__(self, vocabulary: Mapping[str, Fact]) -> None:
        """Name the attributes; facts come when they are first read."""
        self._vocabulary = vocabulary
        self.domain: list[Term] = []
        self.established: Term = z3.Bool("established")
        self.attributes = {
            key: Known(YES, self._number(key, len(words) - 1), "enum", tuple(words))
            for key, words in ATTRIBUTES.items()
            if not key.startswith("by.")
        }
        self.hats = {word: z3.Bool(f"hat:{word}") for word in (*ROLES, *RELATIONS)}
        for words in (ROLES, RELATIONS):
            self.domain.append(some(self.hats[word] for word in words))
        # Of the facts about purpose, one says that it is established.
        self.facts: dict[str, Known] = {}
        stated = self.fact("purpose.established")
        self.domain.append(z3.Implies(every((stated.known, stated.value)), self.established))
        self._equal: dict[tuple[str, str], Term] = {}

    def _number(self, name: str, highest: int) -> Term:
        number = z3.BitVec(name, max(1, highest.bit_length()))
        if highest + 1 < 1 << max(1, highest.bit_length()):
            self.domain.append(z3.ULE(number, highest))
        return number

    def fact(self, key: str) -> Known:
        """The constants of a fact, made when it is first named."""
        made = self.facts.get(key)
        if made is None:
            declared = self._vocabulary.get(key, Fact(key, "bool", ""))
            known = z3.Bool(f"known:{key}")
            match declared.type:
                case "bool":
                    value = z3.Bool(key)
                case "int":
                    value = self._number(key, INT_LIMIT)
                case _:
                    value = self._number(key, len(declared.values) - 1)
            made = self.facts[key] = Known(known, value, declared.type, declared.values)
        return made

    def is_word(self, key: str, word: str) -> Term:
        """Whether an attribute or an enum fact has this word as its value."""
        term = self._equal.get((key, word))
        if term is None:
            of = self.attributes.get(key) or self.fact(key)
            term = self._equal[key, word] = of.value == of.words.index(word)
        return term

    def among(self, key: str, words: Collection[str] | None) -> Term:
        """Whether an attribute is one of the words; `None` stands for any word."""
        if words is None:
            return YES
        return some(self.is_word(key, word) for word in sorted(words))

    def wears(self, hats: Collection[str] | None) -> Term:
        """Whether the one who acts wears one of the hats; `None` stands for any."""
        return YES if hats is None else some(self.hats[hat] for hat in sorted(hats))

    def within(self, key: str, low: int, high: int) -> Term:
        """Whether a number fact, if known, lies within the bounds."""
        value = self.fact(key).value
        return every((z3.UGE(value, low), z3.ULE(value, high)))

    def yes_no(self, key: str) -> Pair:
        """A yes-or-no fact as three values."""
        return self.fact(key).yes_no


class Translator:
    """Expressions of packs into pairs of terms over one set of symbols."""

    def __init__(self, symbols: Symbols) -> None:
        """Begin with nothing translated; `reads` holds the facts that each pack reads."""
        self.symbols = symbols
        self.reads: dict[str, dict[str, None]] = {}
        self._read: dict[tuple[str, str], Pair] = {}

    def condition(self, text: str, pack: str, law: Mapping[str, Pair]) -> Pair:
        """One expression of a pack; empty text is always true.

        `law` gives the facts across layers. Texts that do not read them are translated once.
        """
        if not text:
            return ALWAYS
        pair = None if reads_law(text) else self._read.get((text, pack))
        if pair is None:
            reading = _Reading(self.symbols, pack, law, self.reads.setdefault(pack, {}))
            pair = self._read[text, pack] = reading.pair(_parsed(text))
        return pair


def reads_law(text: str) -> bool:
    """Whether an expression may read a fact across layers."""
    return "law." in text


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def spelled(node: ast.expr) -> str:
    """The dotted name that a node spells."""
    return f"{spelled(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else _name(node)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


@dataclass(frozen=True, slots=True, repr=False)
class _Reading:
    """One expression being read, for one pack."""

    symbols: Symbols
    pack: str
    law: Mapping[str, Pair]
    seen: dict[str, None]

    def pair(self, node: ast.expr) -> Pair:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return all_of(self.pair(part) for part in parts)
            case ast.BoolOp(values=parts):
                return any_of(self.pair(part) for part in parts)
            case ast.UnaryOp(operand=part):
                return self.pair(part).turned()
            case ast.Call(args=[fact]):
                known = self._known(spelled(fact))
                return Pair(known, negated(known))
            case ast.Compare(left=fact, ops=[sign], comparators=[right]):
                return self._compared(spelled(fact), sign, right)
            case _:
                return self._yes_no(spelled(node))

    def _own(self, fact: str) -> str:
        """Each law asks for its own form; who signed rightly is part of covering (section 6)."""
        if fact == "consent.form_ok":
            fact = form_fact(self.pack)
        elif fact == "consent.signer_ok":
            fact = "consent.covers"
        self.seen[fact] = None
        return fact

    def _known(self, fact: str) -> Term:
        if fact in self.law:
            return some((self.law[fact].yes, self.law[fact].no))
        if fact == "purpose":
            return self.symbols.established
        return YES if fact in ATTRIBUTES else self.symbols.fact(self._own(fact)).known

    def _yes_no(self, fact: str) -> Pair:
        return self.law[fact] if fact in self.law else self.symbols.yes_no(self._own(fact))

    def _compared(self, fact: str, sign: ast.cmpop, right: ast.expr) -> Pair:
        match sign, right:
            case ast.In(), ast.List(elts=parts):
                return any_of(self._compared(fact, ast.Eq(), part) for part in parts)
            case ast.NotIn(), _:
                return self._compared(fact, ast.In(), right).turned()
            case ast.NotEq(), _:
                return self._compared(fact, ast.Eq(), right).turned()
            case _, ast.Name(id=word) if word in _YES_OR_NO:
                pair = self._yes_no(fact)
                return pair if word == "true" else pair.turned()
            case _:
                return self._settled(fact, self._holds(fact, sign, ast.literal_eval(right)))

    def _settled(self, fact: str, holds: Term) -> Pair:
        known = self._known(fact)
        return Pair(every((known, holds)), every((known, negated(holds))))

    def _holds(self, fact: str, sign: ast.cmpop, value: str | int) -> Term:
        """Whether the comparison holds of the fact's value."""
        if isinstance(value, str):
            if fact.startswith("by."):
                return self.symbols.hats[value]
            return self.symbols.is_word(fact if fact in ATTRIBUTES else self._own(fact), value)
        number = self.symbols.fact(self._own(fact)).value
        compare = _SIZES.get(type(sign))
        return number == value if compare is None else compare(number, value)


def form_fact(pack: str) -> str:
    """The name of `consent.form_ok` as one pack means it."""
    return f"consent.form_ok of {pack}"


class Model:
    """One way to make a claim true, as the prover found it."""

    def __init__(self, model: Term) -> None:
        """Keep the prover's own model."""
        self._model = model

    def says(self, term: Term) -> bool:
        """Whether a term is true in this way; what does not matter is false."""
        return bool(z3.is_true(self._model.eval(term, model_completion=True)))

    def number(self, term: Term) -> int:
        """The value of a number in this way; what does not matter is 0."""
        return int(self._model.eval(term, model_completion=True).as_long())


class Search:
    """Looks for a way to make claims true, among all Asks that the symbols allow."""

    def __init__(self, symbols: Symbols, always: Iterable[Term] = ()) -> None:
        """Begin with what is true of every Ask, and what is `always` to hold here."""
        self._solver = z3.SimpleSolver()
        self._solver.add(*symbols.domain, *always)
        self._named = 0

    def named(self, term: Term) -> Term:
        """A short name for a term that many claims will use, so that it is worked out once."""
        self._named += 1
        name = z3.Bool(f"term {self._named}")
        self._solver.add(name == term)
        return name

    def find(self, *claims: Term) -> Model | None:
        """A way in which all the claims hold together, or `None` if there is none."""
        self._solver.push()
        try:
            self._solver.add(*claims)
            # Had the prover given up, asking it for a model would raise: nothing holds by default.
            none = self._solver.check() == z3.unsat
            return None if none else Model(self._solver.model())
        finally:
            self._solver.pop()
