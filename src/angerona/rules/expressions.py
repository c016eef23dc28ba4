"""The small safe expression language of packs: text in, a tree of three-valued conditions out.

Syntax and meaning are docs/LANGUAGE.md section 3. Parsing uses Python's own `ast` on a bounded text
and accepts a short list of node types; nothing is ever evaluated as Python.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadPack, one_of, shown
from angerona.rules.facts import INT_LIMIT
from angerona.words import ATTRIBUTES, DERIVED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from angerona.rules.facts import Fact

TEXT_LIMIT: Final = 2000
DEPTH_LIMIT: Final = 40
LAW_FACTS: Final = ("law.requires", "law.permits", "law.forbids")


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison: `test` is `is` (a yes-or-no fact), `known`, `eq`, `lt` or `le`.

    `value` is what it is compared with.
    """

    fact: str
    test: str
    value: str | int = ""


@dataclass(frozen=True, slots=True)
class Not:
    """True where `part` is false, false where it is true, unknown where it is unknown."""

    part: Condition


@dataclass(frozen=True, slots=True)
class And:
    """False if a part is false, else unknown if a part is unknown, else true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True if a part is true, else unknown if a part is unknown, else false."""

    parts: tuple[Condition, ...]


Condition = Atom | Not | And | Or
ALWAYS: Final = And(())


def parse(text: str, facts: Mapping[str, Fact], place: str) -> Condition:
    """Parse one expression; empty text is always true.

    `facts` are the core facts and those the loaded packs declare. Raises `BadPack` naming
    `place` for anything that is not in the language: syntax, an unknown fact, a word that the
    fact cannot be, a type that does not fit.
    """
    if not text:
        return ALWAYS
    if len(text) > TEXT_LIMIT:
        raise BadPack(place, "the expression is too long", f"at most {TEXT_LIMIT} characters")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise BadPack(place, "not an expression", "see docs/LANGUAGE.md section 3") from problem
    return _Reader(facts, place).condition(tree, 0)


def atoms(condition: Condition) -> Iterator[Atom]:
    """Every atom of a condition, in reading order."""
    match condition:
        case Atom():
            yield condition
        case Not(part):
            yield from atoms(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from atoms(part)


def signed_atoms(condition: Condition, *, positive: bool = True) -> Iterator[tuple[Atom, bool]]:
    """Every atom with its polarity: whether its truth pushes the condition towards true."""
    match condition:
        case Atom():
            yield condition, positive
        case Not(part):
            yield from signed_atoms(part, positive=not positive)
        case And(parts) | Or(parts):
            for part in parts:
                yield from signed_atoms(part, positive=positive)


def polarity_faults(condition: Condition, *, opens: bool) -> Iterator[str]:
    """Facts used in a way that could open on what is not known.

    `opens` is true for a ground's conditions and false for a lock's. Refused: `known(x)` where
    "not known" would open, and facts that are worked out from the grounds themselves where more
    of them would close (then no least reading exists).
    """
    for atom, positive in signed_atoms(condition):
        if atom.test == "known" and (positive != opens or atom.fact in LAW_FACTS):
            yield f"known({atom.fact})"
        elif atom.fact in LAW_FACTS and (not opens or not positive or atom.fact == "law.forbids"):
            yield atom.fact


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns Python syntax nodes into conditions.

    Refusing every node that is not in the language.
    """

    facts: Mapping[str, Fact]
    place: str

    def condition(self, node: ast.expr, depth: int) -> Condition:
        if depth > DEPTH_LIMIT:
            raise BadPack(self.place, "the expression is nested too deep")
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return And(tuple(self.condition(value, depth + 1) for value in values))
            case ast.BoolOp(values=values):
                return Or(tuple(self.condition(value, depth + 1) for value in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.condition(operand, depth + 1))
            case ast.Call(func=ast.Name(id="known"), args=[argument], keywords=[]):
                return Atom(self._fact(argument), "known")
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._comparison(self._fact(left), op, right)
            case ast.Name() | ast.Attribute():
                return self._yes_no(self._fact(node))
            case _:
                raise BadPack(
                    self.place,
                    "this is not part of the expression language",
                    "and, or, not, comparisons of a fact with a value, known(fact)",
                )

    def _fact(self, node: ast.expr) -> str:
        name = _dotted(node)
        if not name or not (name in self.facts or name in ATTRIBUTES or name in DERIVED):
            raise BadPack(
                self.place,
                f"unknown fact {shown(name)}",
                one_of((*self.facts, *ATTRIBUTES, *DERIVED), name),
            )
        return name

    def _yes_no(self, fact: str) -> Atom:
        if self._type(fact) != "bool":
            raise BadPack(self.place, f"{fact} is not a yes-or-no fact", "compare it with a value")
        return Atom(fact, "is")

    def _type(self, fact: str) -> str:
        if fact in ATTRIBUTES:
            return "enum"
        return self.facts[fact].type if fact in self.facts else "bool"

    def _comparison(self, fact: str, op: ast.cmpop, right: ast.expr) -> Condition:
        made: Condition
        match op:
            case ast.Eq() | ast.NotEq():
                made = self._equal(fact, right)
            case ast.In() | ast.NotIn():
                made = self._among(fact, right)
            case ast.Lt() | ast.GtE():
                made = Atom(fact, "lt", self._number(fact, right))
            case ast.LtE() | ast.Gt():
                made = Atom(fact, "le", self._number(fact, right))
            case _:
                raise BadPack(self.place, "this comparison is not part of the language")
        turned = isinstance(op, ast.NotEq | ast.NotIn | ast.GtE | ast.Gt)
        return Not(made) if turned else made

    def _equal(self, fact: str, right: ast.expr) -> Condition:
        truth = _truth(right)
        if truth is not None:
            return self._yes_no(fact) if truth else Not(self._yes_no(fact))
        if self._type(fact) == "int":
            return Atom(fact, "eq", self._number(fact, right))
        return Atom(fact, "eq", self._word(fact, right))

    def _among(self, fact: str, right: ast.expr) -> Condition:
        if not isinstance(right, ast.List) or not right.elts:
            raise BadPack(self.place, f"{fact} in ... needs a list in square brackets")
        return Or(tuple(self._equal(fact, element) for element in right.elts))

    def _word(self, fact: str, node: ast.expr) -> str:
        allowed = tuple(ATTRIBUTES[fact]) if fact in ATTRIBUTES else self._values(fact)
        word = node.value if isinstance(node, ast.Constant) else None
        if not isinstance(word, str) or word not in allowed:
            raise BadPack(self.place, f"{fact} is never {shown(word)}", one_of(allowed, word))
        return word

    def _values(self, fact: str) -> tuple[str, ...]:
        values = self.facts[fact].values if fact in self.facts else ()
        if not values:
            raise BadPack(
                self.place, f"{fact} is a yes-or-no fact", "compare it with true or false"
            )
        return values

    def _number(self, fact: str, node: ast.expr) -> int:
        number = node.value if isinstance(node, ast.Constant) else None
        if self._type(fact) != "int" or type(number) is not int or not 0 <= number <= INT_LIMIT:
            raise BadPack(
                self.place, f"{fact} cannot be compared so", f"a whole number to {INT_LIMIT}"
            )
        return number


def _dotted(node: ast.expr) -> str:
    """The dotted name a node spells, or an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = _dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""


def _truth(node: ast.expr) -> bool | None:
    if isinstance(node, ast.Name) and node.id in {"true", "false"}:
        return node.id == "true"
    return None
