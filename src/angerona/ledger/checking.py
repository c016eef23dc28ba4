"""Checks a whole ledger by working everything out again from its events (`angerona ledger fsck`).

Nothing is taken from one table to excuse another: leaves come out of the stubs, the tree, the map
and every subject's state out of the leaves, and each is compared with what is stored and signed.
The checks have names (`CHECKS`), and each finding says in one sentence what is wrong. Whether the
rows that the bindings speak of are the right ones is for the floor `sealed` to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from angerona.ciphers.encoding import packed
from angerona.ciphers.rows import open_row
from angerona.errors import Altered, Forged, Sealed, Unknown
from angerona.ledger.growing import GrowingTree
from angerona.ledger.leaves import EpochLeaf, EventLeaf, read_leaf
from angerona.ledger.lines import LINE_BYTES_MIN, opened
from angerona.ledger.notes import ed25519_key, mldsa44_key, verify_head
from angerona.ledger.prefix_map import PrefixMap, place_of
from angerona.ledger.remembering import Remembered, compare
from angerona.ledger.shelf import NOBODY, Shelf
from angerona.ledger.states import Standing
from angerona.ledger.tree import Frontier
from angerona.ledger.verifying import Checkpoint, Unreadable, leaf_hash, tree_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from angerona.ciphers.signing import SignerPublic
    from angerona.ledger.lines import EventKeys
    from angerona.ledger.shelf import Head
    from angerona.store import Reading, Store

CHECKS: Final = MappingProxyType(
    {
        "numbering": "the events are numbered without a gap",
        "stub": "every stub opens in its place and gives the leaf that was hashed",
        "envelope": "every envelope is the one its leaf names",
        "text": "every text is the one that was committed to",
        "subject": "every subject's lines are numbered without a gap under one label",
        "epoch": "every epoch leaf holds the states of all subjects at its moment",
        "head": "the head is signed and counts exactly what is there",
        "tiles": "the tiles hold the hashes of the tree",
        "states": "the stored states are those that the lines give",
        "map": "the stored map is the one that the states give",
        "remembered": "every remembered head is continued",
    }
)
_FIRST: Final = -(2**62)
_GAP_MAX: Final = 100_000

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: the name of the check, and a sentence."""

    check: str
    sentence: str


def fsck(
    store: Store,
    practice_id: bytes,
    *,
    origin: str,
    public: SignerPublic,
    directory_key: bytes,
    keys: EventKeys | None,
    remembered: Iterable[str],
) -> list[Finding]:
    """Everything that is wrong with a practice's ledger; nothing, if all is well.

    With `keys` the texts are opened as well, except of subjects whose key is gone. `remembered`:
    heads that were kept elsewhere.
    """
    shelf = Shelf.of(practice_id, directory_key)
    with store.snapshot() as reading:
        replay = _Replay(shelf, keys)
        replay.run(reading)
        findings = replay.findings
        findings += _heads(reading, shelf, replay, origin, public)
        findings += _tiles(reading, shelf, replay)
        findings += _states(reading, shelf, replay)
        findings += _map(reading, shelf, replay)
        findings += _remembered(replay, origin, public, remembered)
    return findings


class _MapInMemory(dict[bytes, bytes]):
    """Nodes by place."""

    def read(self, label: bytes, depth: int, _: bytes) -> bytes | None:
        return self.get(place_of(label, depth))

    def write(self, label: bytes, depth: int, _: bytes, node: bytes) -> None:
        self[place_of(label, depth)] = node


@dataclass(slots=True)
class _Replay:
    """Goes through all events once, and keeps what the other checks compare with."""

    shelf: Shelf
    keys: EventKeys | None
    findings: list[Finding] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    standings: dict[bytes, Standing] = field(default_factory=dict)
    covered: dict[bytes, Standing] = field(default_factory=dict)
    changed: set[bytes] = field(default_factory=set)
    nodes: _MapInMemory = field(default_factory=_MapInMemory)
    epoch: int = 0
    map: PrefixMap = field(init=False)

    def __post_init__(self) -> None:
        self.map = PrefixMap(self.nodes)

    def run(self, reading: Reading) -> None:
        for seq, event_id, subject_id, hashed, stub, envelope in self._rows(reading):
            missing = seq - len(self.hashes)
            if missing:
                place = f"event {len(self.hashes)}"
                self._find("numbering", f"where {place} should stand, event {seq} stands")
            if not 0 <= missing <= _GAP_MAX:
                return
            self.hashes += [bytes(32)] * missing
            leaf = self._leaf(seq, event_id, hashed, stub)
            self.hashes.append(hashed if leaf is None else leaf_hash(leaf.packed()))
            if isinstance(leaf, EventLeaf):
                self._event(seq, event_id, subject_id, leaf, envelope)
            elif leaf is not None:
                self._epoch(seq, subject_id, leaf, envelope)

    def _rows(self, reading: Reading) -> Iterator[tuple[int, bytes, bytes, bytes, bytes, bytes]]:
        first = _FIRST
        while rows := reading.rows("events.page", practice_id=self.shelf.practice_id, first=first):
            for row in rows:
                yield row[0], row[1], row[2], row[3], row[4], row[5]
            first = rows[-1][0] + 1

    def _leaf(
        self, seq: int, event_id: bytes, hashed: bytes, stub: bytes
    ) -> EventLeaf | EpochLeaf | None:
        try:
            return read_leaf(self.shelf.leaf(seq, event_id, hashed, stub))
        except Altered:
            self._find("stub", f"the stub of event {seq} was altered, or put there from elsewhere")
            return None

    def _event(
        self, seq: int, event_id: bytes, subject_id: bytes, leaf: EventLeaf, envelope: bytes
    ) -> None:
        before = self.standings.get(subject_id) or Standing.new(leaf.label)
        hashed = self.hashes[-1]
        try:
            after = before.after(leaf, hashed)
        except Altered:
            self._find("subject", f"event {seq} is not the next line of its subject")
            shown = Standing(leaf.label, _frontier_of(leaf.place), before.keys, before.entries)
            after = shown.after(leaf, hashed)
        self.standings[subject_id] = after
        self.changed.add(subject_id)
        if sha256(envelope).digest() != leaf.envelope:
            self._find("envelope", f"the body of event {seq} was altered")
        else:
            self._text(seq, event_id, subject_id, leaf, envelope)

    def _text(
        self, seq: int, event_id: bytes, subject_id: bytes, leaf: EventLeaf, envelope: bytes
    ) -> None:
        if self.keys is None:
            return
        try:
            key = self.keys.of(subject_id)
        except (Unknown, Sealed):
            return  # Erased, as it may be: the line counts, and its text is gone.
        context = packed("angerona/event/v1", self.shelf.practice_id, subject_id, event_id)
        try:
            text = open_row(key, context, envelope, least=LINE_BYTES_MIN)
            opened(seq, event_id, leaf, text)
        except (Altered, Sealed):
            self._find("text", f"the text of event {seq} is not the one that was committed to")

    def _epoch(self, seq: int, subject_id: bytes, leaf: EpochLeaf, envelope: bytes) -> None:
        changed = [self.standings[one] for one in self.changed]
        root = self.map.put({standing.label: standing.value() for standing in changed})
        if (leaf.covered, leaf.previous) != (seq, self.epoch):
            self._find("epoch", f"event {seq} is an epoch of another place")
        if leaf.map_root != root or subject_id != NOBODY or envelope:
            self._find("epoch", f"the epoch at event {seq} does not hold the states of its moment")
        self.epoch = seq + 1
        self.covered |= {one: self.standings[one] for one in self.changed}
        self.changed.clear()

    def _find(self, check: str, sentence: str) -> None:
        self.findings.append(Finding(check, sentence))


def _frontier_of(size: int) -> Frontier:
    """An edge of this size whose hashes are unknown: what follows it is still numbered."""
    return Frontier(size, [bytes(32)] * size.bit_count())


def _heads(
    reading: Reading, shelf: Shelf, replay: _Replay, origin: str, public: SignerPublic
) -> Iterator[Finding]:
    heads = shelf.heads(reading)
    count = len(replay.hashes)
    if not heads and count:
        yield Finding("head", f"there are {count} events and no signed head")
        return
    for head in heads:
        yield from _head(head, replay, origin, public)
    if heads and heads[-1].size < count:
        more = count - heads[-1].size
        yield Finding("head", f"{more} events at the end are in no signed head")
    right = {replay.epoch, count} - {0}
    if heads[-1:] and (heads[-1].epoch != replay.epoch or {head.size for head in heads} != right):
        yield Finding("head", "the stored heads are not that of the last epoch and the newest")


def _head(head: Head, replay: _Replay, origin: str, public: SignerPublic) -> Iterator[Finding]:
    try:
        signed = verify_head(head.note, ed25519_key(origin, public), mldsa44_key(origin, public))
    except (Forged, Unreadable) as problem:
        yield Finding(
            "head", f"the head at size {head.size} is not signed as it should be: {problem}"
        )
        return
    if len(replay.hashes) < signed.size:
        missing = signed.size - len(replay.hashes)
        yield Finding("head", f"the signed head counts {missing} events more at the end")
    elif signed != Checkpoint(origin, head.size, tree_root(replay.hashes[: head.size])):
        yield Finding("head", f"the events do not give the root that was signed at {head.size}")


def _tiles(reading: Reading, shelf: Shelf, replay: _Replay) -> Iterator[Finding]:
    tree = GrowingTree(Frontier(), [])
    right: dict[tuple[int, int], bytes] = {}
    for hashed in replay.hashes:
        tree.append(hashed)
        if tree.size % 256 == 0:
            right |= {(level, number): hashes for level, number, hashes in tree.tiles_to_store()}
    rows = reading.rows("tiles.all", practice_id=shelf.practice_id)
    there = {(level, number): hashes for level, number, hashes in rows}
    for level, number in _different(right, there):
        yield Finding("tiles", f"tile {number} of level {level} is not as it should be")


def _states(reading: Reading, shelf: Shelf, replay: _Replay) -> Iterator[Finding]:
    right = dict(replay.covered)
    for subject_id, row in reading.rows("subjects.all", practice_id=shelf.practice_id):
        try:
            there = shelf.read_standing(subject_id, row)
        except Altered:
            there = None
        should = right.pop(subject_id, None)
        if there is None or (should.row() if should else b"") != (
            there.row() if there.lines else b""
        ):
            yield Finding("states", f"the state of subject {subject_id.hex()} was altered")
    for subject_id in right:
        yield Finding("states", f"the state of subject {subject_id.hex()} is missing")


def _map(reading: Reading, shelf: Shelf, replay: _Replay) -> Iterator[Finding]:
    rows = reading.rows("map_nodes.all", practice_id=shelf.practice_id)
    there: dict[bytes, bytes] = dict(rows)
    count = len(_different(replay.nodes, there))
    if count:
        yield Finding("map", f"{count} nodes of the stored map are not as they should be")


def _remembered(
    replay: _Replay, origin: str, public: SignerPublic, remembered: Iterable[str]
) -> Iterator[Finding]:
    key = ed25519_key(origin, public)
    for note in remembered:
        try:
            found = compare(
                note, key, len(replay.hashes), lambda size: tree_root(replay.hashes[:size])
            )
        except Forged as problem:
            yield Finding("remembered", str(problem))
            continue
        if found is not Remembered.FINE:
            yield Finding("remembered", found.value)


def _different(right: Mapping[K, bytes], there: Mapping[K, bytes]) -> list[K]:
    """The keys under which two tables differ."""
    return [key for key in {**right, **there} if right.get(key) != there.get(key)]
