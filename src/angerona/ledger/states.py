"""Where a subject stands in the ledger: its label, its sub-log's edge, its two bindings."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, Self, TypeVar

from angerona.ciphers.encoding import packed, unpacked
from angerona.errors import Altered, Unopenable
from angerona.ledger.lines import ENTRIES, KEYS
from angerona.ledger.tree import Frontier
from angerona.ledger.verifying import ZERO, State, state_value

if TYPE_CHECKING:
    from angerona.ledger.leaves import EventLeaf

_ROW: Final = "angerona/standing/v1"
_WHAT: Final = "the state of a subject of the ledger"

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class SubjectState:
    """What the ledger vouches for about a subject: `n` lines under `label`, and two bindings.

    Most who ask want a binding, so the root over the lines is worked out when it is asked for.
    """

    label: bytes
    n: int
    keys: bytes
    entries: bytes
    _frontier: Frontier = field(repr=False)

    @property
    def root(self) -> bytes:
        """The root over the lines."""
        return self._frontier.root()


class Standing(NamedTuple):
    """A subject's state together with the edge that lets it grow. `frontier` is never changed."""

    label: bytes
    frontier: Frontier
    keys: bytes = ZERO
    entries: bytes = ZERO

    @classmethod
    def new(cls, label: bytes) -> Self:
        """Before the first line."""
        return cls(label, Frontier())

    @property
    def lines(self) -> int:
        """How many lines stand under the label."""
        return self.frontier.size

    def state(self) -> State:
        """What the map commits to."""
        return State(self.lines, self.frontier.root(), self.keys, self.entries)

    def value(self) -> bytes:
        """What stands in the map under the label."""
        return state_value(self.state())

    def view(self) -> SubjectState:
        """What others may know."""
        return SubjectState(self.label, self.lines, self.keys, self.entries, self.frontier)

    def after(self, leaf: EventLeaf, hashed: bytes) -> Standing:
        """With one more line. Raises `Altered` where it is not the next of this label."""
        if leaf.label != self.label or leaf.place != self.lines:
            raise Altered("the numbering of a subject's lines")
        frontier = self.frontier.copy()
        frontier.append(hashed)
        keys = leaf.binding if leaf.slot == KEYS else self.keys
        entries = leaf.binding if leaf.slot == ENTRIES else self.entries
        return Standing(self.label, frontier, keys, entries)

    def row(self) -> bytes:
        """As it is stored, before sealing."""
        peaks = self.frontier.packed()
        return packed(_ROW, self.label, self.lines, peaks, self.keys, self.entries)

    @classmethod
    def read(cls, row: bytes) -> Self:
        """Raises `Altered`."""
        try:
            label, lines, peaks, keys, entries = unpacked(_ROW, row)
        except (Unopenable, ValueError):
            raise Altered(_WHAT) from None
        match label, lines, peaks, keys, entries:
            case bytes(), int(), bytes(), bytes(), bytes():
                return cls(label, _frontier(lines, peaks), keys, entries)
            case _:
                raise Altered(_WHAT)


def _frontier(lines: int, peaks: bytes) -> Frontier:
    try:
        return Frontier.unpacked(lines, peaks)
    except ValueError:
        raise Altered(_WHAT) from None


class Recent(Generic[K, V]):
    """What was used last, up to so many; any thread may use it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """What is kept under this key."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: K, value: V) -> None:
        """Keep this, and let go of what was not used for longest."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
