"""The ledger of one practice: appending durably, and vouching for what was appended.

A line and the change it announces are written in one transaction, and only if the client's
authority is still the one that was gathered. What the lines of one commit group have in common
(numbers, one signed head, epochs) is `appending.py`. A subject's state is vouched for by what this
process holds in memory: either the state itself or the root of the map that the state is in, never
by a row that somebody could have put back.
"""

from __future__ import annotations

import hmac
import os
from typing import TYPE_CHECKING, Any, Final, TypeVar

from angerona.ciphers.encoding import packed
from angerona.ciphers.rows import open_row, seal_row
from angerona.errors import Altered, AuthorityMoved, BadInput, Unknown, Unopenable
from angerona.ledger.appending import Appender, Prepared
from angerona.ledger.beside import set_beside
from angerona.ledger.leaves import EventLeaf
from angerona.ledger.lines import (
    LINE_BYTES_MIN,
    NO_SLOT,
    Line,
    Written,
    body_of,
    erased,
    opened,
)
from angerona.ledger.notes import ed25519_key, mldsa44_key
from angerona.ledger.prefix_map import PrefixMap
from angerona.ledger.receipts import Parts, receipt_text
from angerona.ledger.remembering import Remembered, compare
from angerona.ledger.shelf import ID_BYTES, NOBODY, Event, Head, Shelf
from angerona.ledger.starting import checked_standing, take_up
from angerona.ledger.tiles import export_tiles
from angerona.ledger.tree import Frontier, prove_consistency, prove_inclusion, root_at
from angerona.ledger.verifying import (
    ZERO,
    NotProved,
    Shown,
    leaf_hash,
    read_checkpoint,
    read_note,
    tree_root,
    verify_consistency,
    vkey,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from angerona.ciphers.signing import Signer
    from angerona.ciphers.suites import SealingKey
    from angerona.ledger.lines import EventKeys, OpenedLine
    from angerona.ledger.states import Standing, SubjectState
    from angerona.ledger.tree import Nodes
    from angerona.store import Reading, Store, Writing

    Changes = Callable[[Writing], bytes | None]
    Bindings = Mapping[bytes, bytes] | Mapping[tuple[bytes, int], bytes]

_TRIES: Final = 8
_ALL: Final = 2**62

T = TypeVar("T")


class Ledger:
    """One practice's ledger on a store. Any thread may use it; only one process may write."""

    def __init__(
        self,
        store: Store,
        practice_id: bytes,
        *,
        origin: str,
        signer: Signer,
        keys: EventKeys,
        directory_key: bytes,
    ) -> None:
        """Take up the ledger where it was left (`starting.py`), or begin one.

        Raises `Altered` where the store does not hold what was signed, `BadInput` for an origin
        that names no log.
        """
        self._store = store
        self._practice_id = practice_id
        self._keys = keys
        self._shelf = Shelf.of(practice_id, directory_key)
        self.key = ed25519_key(origin, signer.public)
        self.cosigner = mldsa44_key(origin, signer.public)
        with store.snapshot() as reading:
            taken = take_up(reading, self._shelf, self.key, self.cosigner)
        self._appender = Appender(self._shelf, origin, signer, taken)
        store.on_group(
            self._appender.before_commit,
            self._appender.after_commit,
            self._appender.after_failure,
        )

    def enrol(self, writing: Writing, subject_id: bytes, label: bytes) -> None:
        """Inside a job: give a subject (16 random bytes) its label (32 random bytes).

        Raises `BadInput`, and `StoreConflict` for a subject that is enrolled already.
        """
        self._appender.enrol(writing, subject_id, label)

    def append(
        self,
        line: Line,
        at: datetime.datetime,
        *,
        authority: int | None,
        changes: Changes | None,
    ) -> Future[Written]:
        """Write one line together with `changes`, durably or not at all.

        What `changes` gives (32 bytes) is what a line with a slot binds; it is worked out in the
        transaction itself, from what is there then (`now`).

        `authority`: the version of the client's authority that was gathered; nothing where the line
        rests on none. The future raises `AuthorityMoved` where it is another by now, `Unknown` for
        a subject without a label, and whatever `changes` raises. Raises `BadInput`.
        """
        prepared, beside = self._prepared(line, at), set_beside()
        gathered = {} if authority is None else {line.subject_id: authority}

        def job(writing: Writing) -> Written:
            self._check(writing, gathered)
            if beside is not None:
                beside(writing, [line])
            binding = changes(writing) if changes else None
            bound = prepared if binding is None else prepared.bound_to(binding)
            return self._appender.write(writing, [bound])[0]

        return self._store.write(job)

    def append_all(
        self,
        lines: Iterable[Line],
        at: datetime.datetime,
        *,
        authority: Mapping[bytes, int],
        changes: Callable[[Writing], Bindings | None] | None,
    ) -> Future[list[Written]]:
        """Write several lines as `append` writes one; `authority` by client.

        What `changes` gives is, by subject, what the lines with a slot bind; by subject and slot
        where two lines about one subject bind different things.
        """
        prepared, beside = [self._prepared(line, at) for line in lines], set_beside()

        def job(writing: Writing) -> list[Written]:
            self._check(writing, authority)
            if beside is not None:
                beside(writing, [one.line for one in prepared])
            bindings = (changes(writing) if changes else None) or {}
            return self._appender.write(writing, [_bound(one, bindings) for one in prepared])

        return self._store.write(job)

    def now(self, writing: Writing, subject_id: bytes) -> SubjectState:
        """Inside a job: where a subject stands, the jobs before it in its group included.

        Raises `Unknown`, `Altered`.
        """
        return self._appender.now(writing, subject_id).view()

    def checkpoint(self, at: datetime.datetime) -> str:
        """Cover all lines with an epoch and sign the head with both keys; the signed note."""
        self._store.write(lambda _: self._appender.ask_for_checkpoint(at)).result()
        return self._appender.position.epoch_note

    @property
    def size(self) -> int:
        """How many leaves are durable, as far as this process knows."""
        return self._appender.position.head.size

    def is_still_at(self, size: int) -> bool:
        """Whether nothing was written since the ledger was of this size, here and in the store."""
        with self._store.snapshot() as reading:
            heads = self._shelf.heads(reading)
        return self.size == size == (heads[-1].size if heads else 0)

    def head(self) -> str:
        """The newest signed head, to be remembered elsewhere; empty where nothing was written."""
        return self._appender.position.head.note

    def compare(self, remembered: str) -> Remembered:
        """Whether the ledger still continues a head remembered elsewhere (`remembering.py`)."""
        with self._store.snapshot() as reading:
            heads = self._shelf.heads(reading)
            nodes = self._shelf.tree(reading)
            size = heads[-1].size if heads else 0
            return compare(remembered, self.key, size, lambda at: root_at(at, nodes))

    def state_of(self, subject_id: bytes) -> SubjectState:
        """What the ledger vouches for about a subject. Raises `Unknown`, `Altered`."""
        return self._standing(subject_id).view()

    def states_in(self, reading: Reading) -> Callable[[bytes], SubjectState]:
        """What the ledger vouched for at the moment of a snapshot, subject by subject.

        Raises `Altered` where the snapshot is not what was signed (`starting.py`), and what it
        gives raises as `state_of`.
        """
        taken = take_up(reading, self._shelf, self.key, self.cosigner)

        def state_of(subject_id: bytes) -> SubjectState:
            standing = taken.uncovered.get(subject_id)
            if standing is None:
                standing = checked_standing(reading, self._shelf, taken.map_root, subject_id)
            return standing.view()

        return state_of

    def lines_of(self, subject_id: bytes) -> list[OpenedLine]:
        """All lines of a subject, first to last, checked to be all and the very ones.

        Raises `Unknown`, `Altered`.
        """
        standing = self._standing(subject_id)
        with self._store.snapshot() as reading:
            events = self._shelf.events_of(reading, subject_id, _ALL)[: standing.lines]
        return self._lines(subject_id, standing, events)

    def lines_from(self, first: int) -> tuple[list[tuple[bytes, OpenedLine]], int]:
        """Lines of every subject from a place on, with their subjects, and the place after them.

        Of what is durable by now, a page at a time; an empty one says that there is no more. Lines
        whose key is gone say nothing. Raises `Altered`, also where one is missing between.
        """
        with self._store.snapshot() as reading:
            events = self._shelf.page(reading, first)
        return self._read_all(events), first + len(events)

    def lines_after(self, edge: Frontier) -> tuple[list[tuple[bytes, OpenedLine]], bool]:
        """As `lines_from`, behind the edge of what was read; and whether that was the rest.

        The edge grows by what is read. Where that was the rest, all that was read since the edge
        was empty is the ledger, every line of it and no other: its signed head says so. Raises
        `Altered`.
        """
        head = self._appender.position.head
        with self._store.snapshot() as reading:
            events = self._shelf.page(reading, edge.size)[: max(head.size - edge.size, 0)]
        for one in events:
            edge.append(leaf_hash(one.leaf))
        is_whole = edge.size == head.size and (not head.size or edge.root() == _root_of(head))
        if not is_whole and (edge.size >= head.size or not events):
            raise Altered("the lines of the ledger")
        return self._read_all(events), is_whole

    def receipt(
        self,
        subject_id: bytes,
        *,
        since: int | None,
        at: datetime.datetime,
        held: Callable[[OpenedLine], OpenedLine] = lambda line: line,
    ) -> str:
        """The proof that a subject takes home, as of the last checkpoint (`receipts.py`).

        `since`: the size of an older head that it shall continue. Lines held at `at`, blank and
        erased ones are closed; `held` gives a line with the end that its hold has by now. Raises
        `Unknown`, `Altered`, and `BadInput` where there was no checkpoint yet or `since` lies
        beyond it.
        """

        def read(reading: Reading, head: Head, map_root: bytes) -> Parts:
            if not head.epoch or not (since is None or 0 < since <= head.size):
                raise BadInput("receipt", "no such head", "a checkpoint, and a size up to it")
            standing = checked_standing(reading, self._shelf, map_root, subject_id)
            events = self._shelf.events_of(reading, subject_id, head.epoch)
            lines = self._lines(subject_id, standing, events)
            nodes = self._shelf.tree(reading)
            [(_, epoch, _)] = self._shelf.leaves(reading, head.epoch - 1, head.epoch)
            return Parts(
                note=head.note,
                key=self.key,
                epoch_index=head.epoch - 1,
                epoch=epoch.packed(),
                inclusion=prove_inclusion(head.epoch - 1, head.epoch, nodes),
                label=standing.label,
                state=standing.state() if standing.lines else None,
                found=PrefixMap(self._shelf.map_nodes(reading), map_root).find(standing.label),
                lines=[_shown(held(line), at) for line in lines],
                since=self._grown(since, head.epoch, nodes) if since else None,
            )

        try:
            return receipt_text(self._at_the_last_epoch(read))
        except NotProved:
            raise Altered("what a receipt is made of") from None

    def export(self, folder: Path) -> int:
        """Write the ledger up to its last checkpoint as tiles (`tiles.py`); how many were new.

        Raises `BadInput` where there was no checkpoint yet, `Altered`.
        """

        def read(reading: Reading, head: Head, _: bytes) -> int:
            if not head.epoch:
                raise BadInput("export", "no checkpoint yet", "a checkpoint first")
            return export_tiles(
                folder,
                head.note,
                head.size,
                tile=lambda level, number: self._shelf.tile(reading, level, number),
                leaves=lambda first, past: (
                    leaf.packed() for _, leaf, _ in self._shelf.leaves(reading, first, past)
                ),
            )

        return self._at_the_last_epoch(read)

    def published_keys(self) -> tuple[str, str]:
        """The keys that heads are signed with (Ed25519, ML-DSA-44), as text to publish."""
        return vkey(self.key), vkey(self.cosigner)

    def _prepared(self, line: Line, at: datetime.datetime) -> Prepared:
        """A line's commitment and envelope; neither depends on where it will stand."""
        chance = os.urandom(len(ZERO) + ID_BYTES)
        body, secret, event_id = body_of(line, at), chance[: len(ZERO)], chance[len(ZERO) :]
        context = self._envelope_context(line.subject_id, event_id)
        key, text = self._keys.of(line.subject_id), secret + body
        envelope = seal_row(key, context, text, least=LINE_BYTES_MIN)
        return Prepared(line, event_id, hmac.digest(secret, body, "sha256"), envelope)

    def _check(self, writing: Writing, authority: Mapping[bytes, int]) -> None:
        for client_id, version in authority.items():
            place = {"practice_id": self._practice_id, "client_id": client_id}
            if writing.rows("clients.authority", **place) != [(version,)]:
                raise AuthorityMoved

    def _standing(self, subject_id: bytes) -> Standing:
        held = self._appender.committed(subject_id)
        if held is not None:
            return held

        def read(reading: Reading, head: Head, map_root: bytes) -> tuple[Standing, int]:
            return checked_standing(reading, self._shelf, map_root, subject_id), head.epoch

        standing, epoch = self._at_the_last_epoch(read)
        return self._appender.kept(subject_id, standing, epoch)

    def _at_the_last_epoch(self, read: Callable[[Reading, Head, bytes], T]) -> T:
        """Read at one moment, with the head of its last epoch and that epoch's map root.

        The root comes from memory, where it stands before the epoch can be read. An epoch older
        than the one this process had seen before is a store that was set back.
        """
        for _ in range(_TRIES):
            seen = self._appender.position.head.epoch
            with self._store.snapshot() as reading:
                heads = {head.size: head for head in self._shelf.heads(reading)}
                epoch = heads[max(heads)].epoch if heads else 0
                head = heads.get(epoch, None if epoch else Head(0, "", 0))
                map_root = self._appender.map_root_of(epoch)
                if epoch >= seen and head is not None and map_root is not None:
                    return read(reading, head, map_root)
        raise Altered("the head of the ledger")

    @staticmethod
    def _grown(since: int, size: int, nodes: Nodes) -> tuple[int, list[bytes]]:
        """An older size with the proof that the tree only grew. Raises `NotProved`."""
        proof = prove_consistency(since, size, nodes)
        verify_consistency(since, size, root_at(since, nodes), root_at(size, nodes), proof)
        return since, proof

    def _lines(
        self, subject_id: bytes, standing: Standing, events: list[Event]
    ) -> list[OpenedLine]:
        """The events opened, if they are exactly those of the state. Raises `Altered`."""
        if tree_root(leaf_hash(event.leaf) for event in events) != standing.frontier.root():
            raise Altered("the lines of a subject")
        try:
            key = self._keys.of(subject_id)
        except (Unknown, Unopenable):
            return [erased(one.seq, one.event_id, EventLeaf.read(one.leaf)) for one in events]
        return [self._opened(key, event) for event in events]

    def _read_all(self, events: Iterable[Event]) -> list[tuple[bytes, OpenedLine]]:
        """The lines of events, with their subjects; an epoch is no line."""
        return [(one.subject_id, self._read_one(one)) for one in events if one.subject_id != NOBODY]

    def _read_one(self, event: Event) -> OpenedLine:
        try:
            key = self._keys.of(event.subject_id)
        except (Unknown, Unopenable):
            return erased(event.seq, event.event_id, EventLeaf.read(event.leaf))
        return self._opened(key, event)

    def _opened(self, key: bytes | SealingKey, event: Event) -> OpenedLine:
        context = self._envelope_context(event.subject_id, event.event_id)
        text = open_row(key, context, event.envelope, least=LINE_BYTES_MIN)
        return opened(event.seq, event.event_id, EventLeaf.read(event.leaf), text)

    def _envelope_context(self, subject_id: bytes, event_id: bytes) -> bytes:
        return packed("angerona/event/v1", self._practice_id, subject_id, event_id)


def _bound(prepared: Prepared, bindings: Bindings) -> Prepared:
    """A line with what it binds, if it has a slot and something is bound there."""
    line = prepared.line
    found: Mapping[Any, bytes] = bindings
    if line.slot == NO_SLOT:
        return prepared
    binding = found.get((line.subject_id, line.slot), found.get(line.subject_id))
    return prepared if binding is None else prepared.bound_to(binding)


def _root_of(head: Head) -> bytes:
    """The root that this process signed, or took up as signed."""
    return read_checkpoint(read_note(head.note)[0]).root


def _shown(line: OpenedLine, at: datetime.datetime) -> Shown:
    leaf = line.leaf.packed()
    return Shown(leaf, line.secret, line.raw) if line.is_open(at) else Shown(leaf, None, None)
