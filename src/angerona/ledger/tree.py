"""The tree of RFC 6962: growing it at its right edge, and proving things in it.

Hashing and verifying are those of `verifying.py`. Here is what only the keeper of a tree does: a
`Frontier` grows it (a compact range: the roots of its full subtrees, left to right), and
`prove_inclusion` and `prove_consistency` read nodes from whatever holds them (`Nodes`).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, Self

from angerona.ledger.verifying import EMPTY_ROOT, node_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

HASH_BYTES = 32


class Nodes(Protocol):
    """Something that holds the full subtrees of a tree."""

    def node(self, height: int, number: int) -> bytes:
        """The root over the leaves [number << height, number + 1 << height)."""


class Frontier:
    """The right edge of a tree: enough to append to it and to know its root."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """`peaks`: the roots of the full subtrees, one for each bit set in `size`, largest first.

        Raises `ValueError` where there are more or fewer.
        """
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError("a frontier has one hash for each bit of its size")

    def __eq__(self, other: object) -> bool:
        """Whether both are the edge of the same tree."""
        if not isinstance(other, Frontier):
            return NotImplemented
        return (self.size, self.peaks) == (other.size, other.peaks)

    __hash__ = None  # type: ignore[assignment]  # it grows

    @classmethod
    def of(cls, size: int, nodes: Nodes) -> Self:
        """The frontier of the first `size` leaves of a tree."""
        heights = [height for height in reversed(range(size.bit_length())) if size >> height & 1]
        return cls(size, [nodes.node(height, (size >> height) - 1) for height in heights])

    def append(self, leaf: bytes) -> list[bytes]:
        """Add one leaf hash; the full subtrees it completes, from the leaf itself upwards."""
        peaks = self.peaks
        completed = [leaf]
        size = self.size
        while size & 1:
            leaf = node_hash(peaks.pop(), leaf)
            completed.append(leaf)
            size >>= 1
        peaks.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root of the whole tree (RFC 6962 2.1)."""
        if not self.peaks:
            return EMPTY_ROOT
        *others, root = self.peaks
        for peak in reversed(others):
            root = node_hash(peak, root)
        return root

    def copy(self) -> Self:
        """A frontier that grows on its own."""
        return type(self)(self.size, self.peaks)

    def packed(self) -> bytes:
        """The peaks in one row of bytes; `unpacked` with the size takes them back."""
        return b"".join(self.peaks)

    @classmethod
    def unpacked(cls, size: int, peaks: bytes) -> Self:
        """Raises `ValueError` where the bytes do not fit the size."""
        ends = range(0, len(peaks) + 1, HASH_BYTES)
        if len(peaks) % HASH_BYTES:
            raise ValueError("a frontier is made of whole hashes")
        return cls(size, [peaks[start:end] for start, end in pairwise(ends)])


def range_root(start: int, end: int, nodes: Nodes) -> bytes:
    """The root over the leaves [start, end), where `start` is where RFC 6962 splits."""
    width = end - start
    if width & (width - 1) == 0:
        height = width.bit_length() - 1
        return nodes.node(height, start >> height)
    middle = start + _split(width)
    return node_hash(range_root(start, middle, nodes), range_root(middle, end, nodes))


def root_at(size: int, nodes: Nodes) -> bytes:
    """The root of the tree's first `size` leaves."""
    return range_root(0, size, nodes) if size else EMPTY_ROOT


def prove_inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """RFC 6962 2.1.1: the path from leaf `index` to the root. Raises `ValueError` off the tree."""
    if not 0 <= index < size:
        raise ValueError("there is no such leaf in the tree")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(middle, end, nodes))
            end = middle
        else:
            path.append(range_root(start, middle, nodes))
            start = middle
    return path[::-1]


def prove_consistency(size: int, later: int, nodes: Nodes) -> list[bytes]:
    """RFC 6962 2.1.2: the first `size` leaves are those of the later tree.

    Raises `ValueError` for the empty tree, which proves nothing, and where `later` is the smaller.
    """
    if not 0 < size <= later:
        raise ValueError("a tree continues only what is smaller and not empty")
    start, end, path = 0, later, []
    while size != end:
        middle = start + _split(end - start)
        if size <= middle:
            path.append(range_root(middle, end, nodes))
            end = middle
        else:
            path.append(range_root(start, middle, nodes))
            start = middle
    if start:
        path.append(range_root(start, end, nodes))
    return path[::-1]


def _split(width: int) -> int:
    """The largest power of two that is smaller than the width."""
    return 1 << (width - 1).bit_length() - 1
