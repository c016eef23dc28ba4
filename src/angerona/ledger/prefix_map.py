"""A map from 32-byte labels to 32-byte values whose root commits to all of it, and to no more.

It is a binary tree over the labels' bits in which only forks stand (a Merkle prefix tree), so the
same labels and values give the same root in whatever order they came. A node is stored as exactly
the bytes that are hashed for it (`map_leaf`, `map_node` of verifying.py), under the **place** where
its branch begins: how many bits of the label lead there, and those bits. So whatever is read is
checked against the hash that its parent holds, up to a root that the caller trusts, and a node that
someone changed in the store raises `Altered`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from angerona.errors import Altered
from angerona.ledger.verifying import EMPTY_MAP, bit_of, map_leaf, map_node, prefix_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LABEL_BITS: Final = 256
_LEAF: Final = 0x02
_NODE: Final = "a node of the ledger's map"


class NodeStore(Protocol):
    """Where the nodes lie: each at the place where `depth` bits of a label lead (`place_of`)."""

    def read(self, label: bytes, depth: int, hashed: bytes) -> bytes | None:
        """The node there; `hashed` is its hash, for those who keep nodes by it."""

    def write(self, label: bytes, depth: int, hashed: bytes, node: bytes) -> None:
        """Put a node there; there may be another one, which it replaces."""


class Found(NamedTuple):
    """What stands where a label's way ends, and the forks above it, deepest first.

    `value` is the label's value, or nothing where it is absent; then `other` is the node that its
    way ends at: empty in an empty map.
    """

    value: bytes | None
    other: bytes
    path: list[tuple[int, bytes]]


class _Fork(NamedTuple):
    bits: int
    prefix: bytes
    left: bytes
    right: bytes


_Items = list[tuple[bytes, bytes]]


class PrefixMap:
    """The map under one root. Changing it gives the root of the changed map; the old one ends."""

    def __init__(self, nodes: NodeStore, root: bytes = EMPTY_MAP) -> None:
        self._nodes = nodes
        self.root = root

    def find(self, label: bytes) -> Found:
        """The label's value, or that it has none, with the proof of either. Raises `Altered`."""
        path: list[tuple[int, bytes]] = []
        if self.root == EMPTY_MAP:
            return Found(None, b"", path)
        depth, hashed = 0, self.root
        while True:
            node = self._read(label, depth, hashed)
            if node[0] == _LEAF:
                mine = node[1:33] == label
                return Found(node[33:] if mine else None, b"" if mine else node, path[::-1])
            bits, prefix, left, right = _fork(node)
            if _shared(label, prefix) < bits:
                return Found(None, node, path[::-1])
            hashed, other = (right, left) if bit_of(label, bits) else (left, right)
            path.append((bits, other))
            depth = bits + 1

    def put(self, values: Mapping[bytes, bytes]) -> bytes:
        """Set the values of these labels; the new root, which `root` is from now on.

        Raises `Altered` where a node on the way is not the one its parent holds.
        """
        items = sorted(values.items())
        if items:
            before = None if self.root == EMPTY_MAP else self._read(items[0][0], 0, self.root)
            self.root = self._grown(0, before, items)
        return self.root

    def _grown(self, depth: int, node: bytes | None, items: _Items) -> bytes:
        """The hash of the branch at `depth` with these items (sorted, at least one) put into it."""
        if node is not None and node[0] == _LEAF:
            label, value = node[1:33], node[33:]
            items = items if label in dict(items) else sorted([*items, (label, value)])
            node = None
        first, last = items[0][0], items[-1][0]
        if node is None and first == last:
            return self._write(depth, first, map_leaf(*items[0]))
        fork = None if node is None else _fork(node)
        bits = _shared(first, last)
        if fork:
            bits = min(fork.bits, _shared(first, fork.prefix), _shared(last, fork.prefix))
        middle = next((i for i, (label, _) in enumerate(items) if bit_of(label, bits)), len(items))
        sides = [
            self._side(bits, side, node, fork, part)
            for side, part in enumerate((items[:middle], items[middle:]))
        ]
        return self._write(depth, first, map_node(bits, prefix_of(first, bits), *sides))

    def _side(
        self, bits: int, side: int, node: bytes | None, fork: _Fork | None, items: _Items
    ) -> bytes:
        """The hash of one branch below a fork at `bits`, which `fork` was or comes to lie under."""
        if fork and fork.bits == bits:
            hashed = (fork.left, fork.right)[side]
            if not items:
                return hashed
            return self._grown(bits + 1, self._read(items[0][0], bits + 1, hashed), items)
        if fork and node and bit_of(fork.prefix, bits) == side:
            if not items:
                return self._write(bits + 1, fork.prefix, node)
            return self._grown(bits + 1, node, items)
        return self._grown(bits + 1, None, items)

    def _read(self, label: bytes, depth: int, hashed: bytes) -> bytes:
        node = self._nodes.read(label, depth, hashed)
        if node is None or sha256(node).digest() != hashed:
            raise Altered(_NODE)
        return node

    def _write(self, depth: int, label: bytes, node: bytes) -> bytes:
        hashed = sha256(node).digest()
        self._nodes.write(label, depth, hashed, node)
        return hashed


def place_of(label: bytes, depth: int) -> bytes:
    """Where the branch begins that the first `depth` bits of a label lead to: 34 bytes."""
    return depth.to_bytes(2) + prefix_of(label, depth)


def packed_path(path: Sequence[tuple[int, bytes]]) -> bytes:
    """The forks of a proof as they stand in receipts: 34 bytes each, deepest first."""
    return b"".join(bits.to_bytes(2) + hashed for bits, hashed in path)


def _fork(node: bytes) -> _Fork:
    return _Fork(int.from_bytes(node[1:3]), node[3:35], node[35:67], node[67:])


def _shared(one: bytes, two: bytes) -> int:
    """How many bits two labels begin with alike."""
    return LABEL_BITS - (int.from_bytes(one) ^ int.from_bytes(two)).bit_length()
