"""The practice's tree while it grows: its right edge, and the tiles that fill up behind it.

Tiles hold 256 hashes (C2SP tlog-tiles): level 0 those of leaves, each level above the roots of full
tiles below. A full tile is stored once. Of the tiles that are not full, those above level 0 are
stored as they grow, once in 256 leaves; level 0 stands in the events themselves. So neither growing
nor starting costs more as the ledger grows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from angerona.errors import Altered
from angerona.ledger.tree import HASH_BYTES, Frontier
from angerona.ledger.verifying import node_hash, tree_root

if TYPE_CHECKING:
    from collections.abc import Iterator

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT

TileReader = Callable[[int, int], bytes]
"""The hashes of tile (level, number), all that are there; none for a tile that is not stored."""


class Tile(NamedTuple):
    """Some hashes of one tile, from its first on."""

    level: int
    number: int
    hashes: bytes


class TiledNodes:
    """The full subtrees of a tree (`Nodes`) out of its tiles; each is read and hashed once."""

    def __init__(self, read: TileReader) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def node(self, height: int, number: int) -> bytes:
        """The root over the leaves [number << height, number + 1 << height). Raises `Altered`."""
        level, rest = divmod(height, TILE_HEIGHT)
        place, offset = divmod(number << rest, TILE_WIDTH)
        rows = self._tiles.get((level, place))
        if rows is None:
            rows = self._tiles[level, place] = [_cut(self._read(level, place))]
        while len(rows) <= rest:
            below = iter(rows[-1])
            rows.append([node_hash(left, right) for left, right in zip(below, below, strict=False)])
        if offset >> rest >= len(rows[rest]):
            raise Altered("a tile of the ledger")
        return rows[rest][offset >> rest]


class GrowingTree:
    """The right edge of the practice's tree, with its unfilled tiles."""

    __slots__ = ("_edges", "_full", "frontier")

    def __init__(self, frontier: Frontier, edges: list[list[bytes]]) -> None:
        """`edges[level]`: the hashes of the unfilled tile of that level."""
        self.frontier = frontier
        self._edges = edges
        self._full: list[Tile] = []

    @classmethod
    def load(cls, size: int, read: TileReader) -> Self:
        """The edge of a tree of this size. Raises `Altered` where hashes are missing."""
        edges, peaks = [], []
        for level in range((size.bit_length() + TILE_HEIGHT - 1) // TILE_HEIGHT):
            number, width = divmod(size >> TILE_HEIGHT * level, TILE_WIDTH)
            edge = _cut(read(level, number)[: width * HASH_BYTES]) if width else []
            if len(edge) != width:
                raise Altered("a tile of the ledger")
            edges.append(edge)
        for edge in reversed(edges):
            start = 0
            for bit in reversed(range(len(edge).bit_length())):
                if len(edge) >> bit & 1:
                    peaks.append(tree_root(edge[start : start + (1 << bit)]))
                    start += 1 << bit
        return cls(Frontier(size, peaks), edges)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self.frontier.size

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        number = self.frontier.size
        for level, hashed in enumerate(self.frontier.append(leaf)[::TILE_HEIGHT]):
            if level == len(self._edges):
                self._edges.append([])
            edge = self._edges[level]
            edge.append(hashed)
            if len(edge) == TILE_WIDTH:
                self._full.append(Tile(level, number >> TILE_HEIGHT * (level + 1), b"".join(edge)))
                edge.clear()

    def tiles_to_store(self) -> Iterator[Tile]:
        """The tiles that filled up since this was last asked, and what grew above them."""
        full, self._full = self._full, []
        yield from full
        if full:
            for level, edge in enumerate(self._edges[1:], 1):
                if edge:
                    number = self.size >> TILE_HEIGHT * (level + 1)
                    yield Tile(level, number, b"".join(edge))

    def copy(self) -> Self:
        """A tree that grows on its own."""
        return type(self)(self.frontier.copy(), [list(edge) for edge in self._edges])


def _cut(hashes: bytes) -> list[bytes]:
    """The whole hashes in a row of bytes."""
    starts = range(0, len(hashes) - HASH_BYTES + 1, HASH_BYTES)
    return [hashes[start : start + HASH_BYTES] for start in starts]
