"""The end of the ledger where it grows: everything the writer's thread does, group by group.

What is committed is kept apart from what the open group would change (`_Group`), so a group that
fails is forgotten by letting go of it. In one group:

1. each job numbers its lines behind those of the jobs before it and stores them (`write`);
2. before the commit, an epoch is closed where one is due, full tiles are stored, and one head is
   signed over everything (`before_commit`);
3. after the commit, and not earlier, others see the new state (`after_commit`).

Only one process may write; if another one did, `LedgerMoved` is raised and nothing is written.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from angerona.errors import BadInput, LedgerMoved
from angerona.ledger.leaves import EpochLeaf, EventLeaf
from angerona.ledger.lines import NO_SLOT, Written
from angerona.ledger.notes import cosigned, signed
from angerona.ledger.prefix_map import PrefixMap
from angerona.ledger.shelf import ID_BYTES, NOBODY, Event, Head
from angerona.ledger.starting import checked_standing
from angerona.ledger.states import Recent, Standing
from angerona.ledger.verifying import ZERO, Checkpoint, leaf_hash

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from angerona.ciphers.signing import Signer
    from angerona.ledger.growing import GrowingTree
    from angerona.ledger.lines import Line
    from angerona.ledger.shelf import Shelf
    from angerona.ledger.starting import Taken
    from angerona.store import Writing

UNCOVERED_MAX: Final = 1_024
"""Leaves after which an epoch is closed unasked: it bounds memory and the work of a start."""
STATES_KEPT: Final = 20_000
"""States of subjects kept at hand that the map already holds."""
ROOTS_KEPT: Final = 1_024
"""Map roots of past epochs, for a reader whose snapshot is a little behind."""
_TAKEN: Final = ("enrol: label", "is another subject's", "32 random bytes")


class Prepared(NamedTuple):
    """A line sealed and ready to be numbered."""

    line: Line
    event_id: bytes
    commit: bytes
    envelope: bytes

    def bound_to(self, binding: bytes) -> Prepared:
        """The same line, with what it binds. Raises `BadInput` where it has no slot."""
        return self._replace(line=replace(self.line, binding=binding))


@dataclass(frozen=True, slots=True)
class Position:
    """How far the ledger is: its newest head, the map's root and the head of the last epoch."""

    head: Head
    map_root: bytes
    epoch_note: str


@dataclass(slots=True)
class _Group:
    """What the open transaction would change."""

    tree: GrowingTree
    changed: dict[bytes, Standing] = field(default_factory=dict)
    is_epoch_due: bool = False
    checkpoint_at: datetime.datetime | None = None
    covered: dict[bytes, Standing] | None = None
    position: Position | None = None


class Appender:
    """Writes into one ledger; `position` and `committed` are for any thread, the rest for one."""

    def __init__(self, shelf: Shelf, origin: str, signer: Signer, taken: Taken) -> None:
        self._shelf = shelf
        self._origin = origin
        self._signer = signer
        self._tree = taken.tree
        self._uncovered = taken.uncovered
        self._covered: Recent[bytes, Standing] = Recent(STATES_KEPT)
        self._roots: Recent[int, bytes] = Recent(ROOTS_KEPT)
        self._roots.put(taken.head.epoch, taken.map_root)
        self._group: _Group | None = None
        self._lock = threading.Lock()
        self.position = Position(taken.head, taken.map_root, taken.epoch_note)

    def committed(self, subject_id: bytes) -> Standing | None:
        """Where a subject stands now, if it is at hand."""
        with self._lock:
            return self._uncovered.get(subject_id) or self._covered.get(subject_id)

    def kept(self, subject_id: bytes, standing: Standing, epoch: int) -> Standing:
        """Keep at hand what was read at an epoch; what is newer, where something is."""
        with self._lock:
            newer = self._uncovered.get(subject_id) or self._covered.get(subject_id)
            if newer is None and standing.lines and epoch == self.position.head.epoch:
                self._covered.put(subject_id, standing)
            return newer or standing

    def map_root_of(self, epoch: int) -> bytes | None:
        """The map's root at an epoch of the last while."""
        return self._roots.get(epoch)

    def enrol(self, writing: Writing, subject_id: bytes, label: bytes) -> None:
        """Give a subject its label. Raises `BadInput`, and `StoreConflict` where it has one."""
        if len(subject_id) != ID_BYTES or subject_id == NOBODY or len(label) != len(ZERO):
            raise BadInput("enrol", "no id or no label", "16 random bytes and 32 random bytes")
        nodes = self._shelf.map_nodes(writing)
        held = PrefixMap(nodes, self.position.map_root).find(label).value
        if held is not None:
            raise BadInput(*_TAKEN)
        self._check_label(label, {})
        self._shelf.put_standing(writing, subject_id, Standing.new(label), new=True)

    def now(self, writing: Writing, subject_id: bytes) -> Standing:
        """Where a subject stands in the open group. Raises `Unknown`, `Altered`."""
        return self._standing(writing, self._begun(), subject_id)

    def write(self, writing: Writing, lines: Sequence[Prepared]) -> list[Written]:
        """Number lines and store them, as the last thing a job does.

        Raises `Unknown` for a subject without a label, `BadInput` for one whose label another one
        has as well, `Altered` for one whose row was changed.
        """
        group = self._begun()
        fresh: dict[bytes, Standing] = {}
        hashes: list[bytes] = []
        for one in lines:
            line, subject_id = one.line, one.line.subject_id
            before = fresh.get(subject_id) or self._standing(writing, group, subject_id)
            if not before.lines:
                self._check_label(before.label, fresh)
            envelope = sha256(one.envelope).digest()
            leaf = EventLeaf(
                line.slot, before.label, before.lines, one.commit, envelope, line.binding
            )
            raw = leaf.packed()
            hashed = leaf_hash(raw)
            seq = group.tree.size + len(hashes)
            event = Event(seq, one.event_id, subject_id, raw, one.envelope)
            self._shelf.put_event(writing, event, hashed)
            fresh[subject_id] = before.after(leaf, hashed)
            hashes.append(hashed)
        # From here on nothing fails, so a job that failed has left no trace in memory.
        for hashed in hashes:
            group.tree.append(hashed)
        group.changed.update(fresh)
        group.is_epoch_due |= any(one.line.slot != NO_SLOT for one in lines)
        return [Written(one.event_id, one.line.subject_id, one.commit) for one in lines]

    def ask_for_checkpoint(self, at: datetime.datetime) -> None:
        """Have this group end with an epoch and a head signed twice."""
        self._begun().checkpoint_at = at

    def before_commit(self, writing: Writing) -> None:
        """Close the epoch where it is due, store full tiles, sign the head."""
        group, before = self._group, self.position
        if group is None or (group.tree.size == before.head.size and not group.checkpoint_at):
            return
        heads = self._shelf.heads(writing)
        if (heads[-1].size if heads else 0) != before.head.size:
            raise LedgerMoved
        epoch, map_root = before.head.epoch, before.map_root
        due = group.is_epoch_due or group.checkpoint_at is not None
        if (due or group.tree.size - epoch >= UNCOVERED_MAX) and not 0 < epoch == group.tree.size:
            map_root = self._close_epoch(writing, group, epoch)
            epoch = group.tree.size
        self._shelf.put_tiles(writing, group.tree.tiles_to_store())
        root = group.tree.frontier.root()
        note = signed(Checkpoint(self._origin, group.tree.size, root), self._signer)
        if group.checkpoint_at:
            note = cosigned(note, self._signer, group.checkpoint_at)
        head = Head(group.tree.size, note, epoch)
        self._shelf.put_head(writing, head)
        group.position = Position(head, map_root, note if epoch == head.size else before.epoch_note)
        self._roots.put(epoch, map_root)

    def after_commit(self) -> None:
        """The group is durable: show it."""
        group, self._group = self._group, None
        if group is None or group.position is None:
            return
        with self._lock:
            self._tree = group.tree
            self.position = group.position
            if group.covered is None:
                self._uncovered.update(group.changed)
            else:
                self._uncovered = {}
                for subject_id, standing in group.covered.items():
                    self._covered.put(subject_id, standing)

    def after_failure(self) -> None:
        """The group was undone: forget it."""
        self._group = None

    def _begun(self) -> _Group:
        if self._group is None:
            self._group = _Group(self._tree.copy())
        return self._group

    def _standing(self, writing: Writing, group: _Group, subject_id: bytes) -> Standing:
        held = group.changed.get(subject_id) or self.committed(subject_id)
        if held is None:
            held = checked_standing(writing, self._shelf, self.position.map_root, subject_id)
            held = self.kept(subject_id, held, self.position.head.epoch)
        return held

    def _check_label(self, label: bytes, fresh: Mapping[bytes, Standing]) -> None:
        """Refuse a label under which another subject's lines stand that the map does not hold yet.

        Raises `BadInput`.
        """
        changed = self._group.changed if self._group else {}
        for standings in (self._uncovered, changed, fresh):
            if any(one.label == label for one in standings.values()):
                raise BadInput(*_TAKEN)

    def _close_epoch(self, writing: Writing, group: _Group, previous: int) -> bytes:
        """Take all new states into the map, and append the epoch leaf; the map's root."""
        group.covered = self._uncovered | group.changed
        values = {standing.label: standing.value() for standing in group.covered.values()}
        nodes = self._shelf.map_nodes_to_change(writing)
        map_root = PrefixMap(nodes, self.position.map_root).put(values)
        for subject_id, standing in group.covered.items():
            self._shelf.put_standing(writing, subject_id, standing, new=False)
        leaf = EpochLeaf(group.tree.size, map_root, previous).packed()
        event = Event(group.tree.size, os.urandom(ID_BYTES), NOBODY, leaf, b"")
        self._shelf.put_event(writing, event, leaf_hash(leaf))
        group.tree.append(leaf_hash(leaf))
        return map_root
