"""The ledger's rows: sealing and opening them, and reading back only what fits.

The **stub** of an event is its leaf, sealed under the directory key for this practice, event and
place; so a row that was moved, swapped or made up does not open. Its body is the **envelope**: the
secret and the body of the line under the subject's event key. An epoch leaf is a row of nobody: its
subject is `NOBODY` and its body is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from angerona.ciphers.encoding import packed
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.suites import SealingKey
from angerona.errors import Altered, BadInput, Unopenable
from angerona.ledger.growing import TILE_WIDTH, TiledNodes
from angerona.ledger.leaves import EpochLeaf, EventLeaf, read_leaf
from angerona.ledger.prefix_map import place_of
from angerona.ledger.states import Recent, Standing
from angerona.ledger.verifying import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from angerona.ledger.growing import Tile
    from angerona.store import Reading, Writing

ID_BYTES: Final = 16
NOBODY: Final = bytes(ID_BYTES)
NODES_KEPT: Final = 65_536
"""Nodes of the map kept at hand: the upper forks of a map of any size (some 20 MB)."""
_PAGE: Final = 4_096


class Event(NamedTuple):
    """One row of the ledger, opened: its place, its leaf, its sealed body."""

    seq: int
    event_id: bytes
    subject_id: bytes
    leaf: bytes
    envelope: bytes


class Head(NamedTuple):
    """A signed head as it is stored; `epoch` is the index of the last epoch leaf + 1, or 0."""

    size: int
    note: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The rows of one practice's ledger."""

    practice_id: bytes
    directory: SealingKey
    nodes: Recent[bytes, bytes]

    @classmethod
    def of(cls, practice_id: bytes, directory_key: bytes) -> Shelf:
        """With nothing at hand yet."""
        return cls(practice_id, SealingKey(directory_key), Recent(NODES_KEPT))

    def put_event(self, writing: Writing, event: Event, hashed: bytes) -> None:
        """Store an event; `hashed` is its leaf's hash."""
        context = self._stub_context(event.event_id, event.seq)
        writing.run(
            "events.insert",
            practice_id=self.practice_id,
            seq=event.seq,
            event_id=event.event_id,
            subject_id=event.subject_id,
            leaf_hash=hashed,
            stub=seal_row(self.directory, context, event.leaf, pad=False),
            body=event.envelope,
        )

    def opened(self, row: tuple[int, bytes, bytes, bytes, bytes, bytes]) -> Event:
        """A row of `events.of_subject`, opened and checked against itself. Raises `Altered`."""
        seq, event_id, subject_id, hashed, stub, envelope = row
        leaf = self.leaf(seq, event_id, hashed, stub)
        parsed = read_leaf(leaf)
        if isinstance(parsed, EpochLeaf):
            fits = subject_id == NOBODY and not envelope
        else:
            fits = subject_id != NOBODY and sha256(envelope).digest() == parsed.envelope
        if not fits:
            raise Altered("an event of the ledger")
        return Event(seq, event_id, subject_id, leaf, envelope)

    def leaf(self, seq: int, event_id: bytes, hashed: bytes, stub: bytes) -> bytes:
        """The leaf in a stub, if it is the one of this row. Raises `Altered`."""
        try:
            leaf = open_row(self.directory, self._stub_context(event_id, seq), stub)
        except (Unopenable, BadInput):  # BadInput: a place that no event can have
            raise Altered("an event of the ledger") from None
        if leaf_hash(leaf) != hashed:
            raise Altered("an event of the ledger")
        return leaf

    def leaves(
        self, reading: Reading, first: int, past: int
    ) -> Iterator[tuple[bytes, EventLeaf | EpochLeaf, bytes]]:
        """(subject id, leaf, its hash) of the events [first, past), bodies left alone.

        Raises `Altered`, also where events are missing.
        """
        for start in range(first, past, _PAGE):
            end = min(start + _PAGE, past)
            rows = reading.rows("events.stubs", **self._here, first=start, past=end)
            if [row[0] for row in rows] != list(range(start, end)):
                raise Altered("the numbering of the ledger")
            for seq, event_id, subject_id, hashed, stub in rows:
                yield subject_id, read_leaf(self.leaf(seq, event_id, hashed, stub)), hashed

    def events_of(self, reading: Reading, subject_id: bytes, past: int) -> list[Event]:
        """A subject's events before place `past`. Raises `Altered`."""
        rows = reading.rows("events.of_subject", **self._here, subject_id=subject_id, past=past)
        return [self.opened(row) for row in rows]

    def page(self, reading: Reading, first: int) -> list[Event]:
        """The events of all subjects from a place on, as many as a page holds. Raises `Altered`."""
        found = [self.opened(row) for row in reading.rows("events.page", **self._here, first=first)]
        if [one.seq for one in found] != list(range(first, first + len(found))):
            raise Altered("the numbering of the ledger")
        return found

    def is_longer_than(self, reading: Reading, size: int) -> bool:
        """Whether there are events at or beyond place `size`."""
        found = reading.rows("events.last", **self._here)
        return bool(found) and found[0][0] >= size

    def standing(self, reading: Reading, subject_id: bytes) -> Standing | None:
        """Where a subject stood at the last epoch, not yet compared with the map.

        Raises `Altered`.
        """
        found = reading.rows("subjects.by_key", **self._here, subject_id=subject_id)
        return self.read_standing(subject_id, found[0][0]) if found else None

    def read_standing(self, subject_id: bytes, row: bytes) -> Standing:
        """A row of `subjects`, opened. Raises `Altered`."""
        try:
            return Standing.read(open_row(self.directory, self._subject_context(subject_id), row))
        except Unopenable:
            raise Altered("the state of a subject of the ledger") from None

    def put_standing(
        self, writing: Writing, subject_id: bytes, standing: Standing, *, new: bool
    ) -> None:
        """Store where a subject stands. Raises `StoreConflict` for a new one that is there."""
        row = seal_row(self.directory, self._subject_context(subject_id), standing.row())
        statement = "subjects.insert" if new else "subjects.update"
        writing.run(statement, **self._here, subject_id=subject_id, row=row)

    def tile(self, reading: Reading, level: int, number: int) -> bytes:
        """The hashes of a tile, all that are there."""
        found = reading.rows("tiles.by_key", **self._here, level=level, number=number)
        if found or level:
            return bytes(found[0][0]) if found else b""
        first = number * TILE_WIDTH
        place = {"first": first, "past": first + TILE_WIDTH}
        rows = reading.rows("events.leaf_hashes", **self._here, **place)
        return b"".join(row[1] for row in rows)

    def tree(self, reading: Reading) -> TiledNodes:
        """The practice's tree out of its tiles."""
        return TiledNodes(lambda level, number: self.tile(reading, level, number))

    def put_tiles(self, writing: Writing, tiles: Iterable[Tile]) -> None:
        """Store tiles; what stood there is replaced."""
        for level, number, hashes in tiles:
            writing.run("tiles.put", **self._here, level=level, number=number, hashes=hashes)

    def heads(self, reading: Reading) -> list[Head]:
        """The stored heads, that of the last epoch first, the newest last."""
        rows = reading.rows("heads.all", **self._here)
        return [Head(size, note, int.from_bytes(state)) for size, note, state in rows]

    def put_head(self, writing: Writing, head: Head) -> None:
        """Store the newest head; beside it only that of the last epoch stays."""
        kept = head.epoch if head.epoch < head.size else 0
        writing.run("heads.delete_all_but", **self._here, kept=kept)
        state = head.epoch.to_bytes(8)
        writing.run("heads.insert", **self._here, size=head.size, note=head.note, state=state)

    def map_nodes(self, reading: Reading) -> MapNodes:
        """The nodes of the map, to be read."""
        return MapNodes(self, reading)

    def map_nodes_to_change(self, writing: Writing) -> MapNodes:
        """The nodes of the map, to be read and changed."""
        return MapNodes(self, writing, writing)

    @property
    def _here(self) -> dict[str, bytes]:
        return {"practice_id": self.practice_id}

    def _stub_context(self, event_id: bytes, seq: int) -> bytes:
        return packed("angerona/stub/v1", self.practice_id, event_id, seq)

    def _subject_context(self, subject_id: bytes) -> bytes:
        return packed("angerona/subject/v1", self.practice_id, subject_id)


class MapNodes:
    """Nodes of the map in the store. Those used last are at hand under their hash."""

    def __init__(self, shelf: Shelf, reading: Reading, writing: Writing | None = None) -> None:
        self._shelf = shelf
        self._reading = reading
        self._writing = writing

    def read(self, label: bytes, depth: int, hashed: bytes) -> bytes | None:
        """The node at a place, from what is at hand or from the store."""
        node = self._shelf.nodes.get(hashed)
        if node is None:
            practice_id, place = self._shelf.practice_id, place_of(label, depth)
            found = self._reading.rows("map_nodes.by_key", practice_id=practice_id, place=place)
            node = bytes(found[0][0]) if found else None
            if node is not None and sha256(node).digest() == hashed:
                self._shelf.nodes.put(hashed, node)
        return node

    def write(self, label: bytes, depth: int, hashed: bytes, node: bytes) -> None:
        """Store a node."""
        if self._writing is None:
            raise RuntimeError("these nodes were opened to be read")
        practice_id, place = self._shelf.practice_id, place_of(label, depth)
        self._writing.run("map_nodes.put", practice_id=practice_id, place=place, node=node)
        self._shelf.nodes.put(hashed, node)
