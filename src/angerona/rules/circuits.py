"""Two-valued circuits over literals.

What "this condition is true" and "this condition is false" mean in bits.

Every atom of the loaded packs has two literals: known to hold, known not to hold; an unknown atom
has neither. A state of knowledge is one whole number with a bit for each literal that is
established. Kleene's three values become two circuits without negation: `truth(c)` and
`falsity(c)`. Because they are built of `and` and `or` over literals alone, knowing more can only
switch more of them on: this is why a missing fact never opens anything, and why both closures and
tables can be read off the same circuit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from angerona.rules.expressions import And, Atom, Condition, Not, Or

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Lit:
    """One literal, as the bit it sets in a state."""

    bit: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part; without parts always so."""

    parts: tuple[Circuit, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part; without parts never so."""

    parts: tuple[Circuit, ...]


Circuit = Lit | All | Any
YES: Final = All(())
NO: Final = Any(())


@dataclass(slots=True)
class Alphabet:
    """Numbers the atoms of a set of packs, in the order they are first seen."""

    numbers: dict[Atom, int] = field(default_factory=dict)

    def holds(self, atom: Atom) -> int:
        """The bit for "known to hold"."""
        return 1 << 2 * self.numbers.setdefault(atom, len(self.numbers))

    def fails(self, atom: Atom) -> int:
        """The bit for "known not to hold"."""
        return self.holds(atom) << 1

    def truth(self, condition: Condition) -> Circuit:
        """The circuit for "the condition is true"."""
        match condition:
            case Atom():
                return Lit(self.holds(condition))
            case Not(part):
                return self.falsity(part)
            case And(parts):
                return every(self.truth(part) for part in parts)
            case Or(parts):
                return some(self.truth(part) for part in parts)

    def falsity(self, condition: Condition) -> Circuit:
        """The circuit for "the condition is false"."""
        match condition:
            case Atom():
                return Lit(self.fails(condition))
            case Not(part):
                return self.truth(part)
            case And(parts):
                return some(self.falsity(part) for part in parts)
            case Or(parts):
                return every(self.falsity(part) for part in parts)


def every(parts: Iterable[Circuit]) -> Circuit:
    """All of the parts, flattened; NO if one of them is NO."""
    flat: list[Circuit] = []
    for part in parts:
        if part == NO:
            return NO
        flat.extend(part.parts if isinstance(part, All) else (part,))
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def some(parts: Iterable[Circuit]) -> Circuit:
    """Any of the parts, flattened; YES if one of them is YES."""
    flat: list[Circuit] = []
    for part in parts:
        if part == YES:
            return YES
        flat.extend(part.parts if isinstance(part, Any) else (part,))
    return flat[0] if len(flat) == 1 else Any(tuple(flat))


def closure(circuit: Circuit) -> Callable[[int], bool]:
    """A function from a state to whether the circuit is on in it.

    Literals of one gate are folded into one mask, so that most conditions are a single `and` of
    two numbers.
    """
    match circuit:
        case Lit(bit):
            return lambda state: state & bit != 0
        case All(parts):
            mask, rest = _folded(parts)
            return _all_closure(mask, rest)
        case Any(parts):
            mask, rest = _folded(parts)
            return _any_closure(mask, rest)


def _folded(parts: tuple[Circuit, ...]) -> tuple[int, tuple[Callable[[int], bool], ...]]:
    mask = 0
    rest: list[Callable[[int], bool]] = []
    for part in parts:
        if isinstance(part, Lit):
            mask |= part.bit
        else:
            rest.append(closure(part))
    return mask, tuple(rest)


def _all_closure(mask: int, rest: tuple[Callable[[int], bool], ...]) -> Callable[[int], bool]:
    if not rest:
        return lambda state: state & mask == mask
    if len(rest) == 1:
        only = rest[0]
        return lambda state: state & mask == mask and only(state)

    def on(state: int) -> bool:
        if state & mask != mask:
            return False
        for part in rest:  # noqa: SIM110 -- all() with a generator costs three times as much
            if not part(state):
                return False
        return True

    return on


def _any_closure(mask: int, rest: tuple[Callable[[int], bool], ...]) -> Callable[[int], bool]:
    if not rest:
        return lambda state: state & mask != 0
    if len(rest) == 1:
        only = rest[0]
        return lambda state: state & mask != 0 or only(state)

    def on(state: int) -> bool:
        if state & mask:
            return True
        for part in rest:  # noqa: SIM110 -- as above
            if part(state):
                return True
        return False

    return on
