"""Taking up a ledger from the store: a quick check, however long it has grown.

1. the newest head, and that of the last epoch, are signed with our keys and belong to this log;
2. the tiles on the right edge give the newest root, and no event lies beyond it;
3. the leaves from the last epoch on, opened one by one behind the edge of what came before, lead to
   both roots: so none of them was changed, moved or cut off;
4. the epoch leaf tells the map's root, and the map's first nodes have it;
5. the subjects of those leaves are taken from their rows, which the map must hold, and brought up
   to date.

Whatever lies deeper is checked when it is read, against the roots found here, or by `checking.py`.
That the whole store was set back to an older state only a remembered head can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import Altered, Forged, Unknown
from angerona.ledger.growing import GrowingTree
from angerona.ledger.leaves import EpochLeaf, EventLeaf
from angerona.ledger.notes import verify_head
from angerona.ledger.prefix_map import PrefixMap
from angerona.ledger.shelf import Head
from angerona.ledger.tree import Frontier
from angerona.ledger.verifying import EMPTY_MAP, EMPTY_ROOT, ZERO, Unreadable, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.ledger.shelf import Shelf
    from angerona.ledger.states import Standing
    from angerona.ledger.verifying import Key
    from angerona.store import Reading

_HEAD: Final = "the head of the ledger"
_STATE: Final = "the state of a subject of the ledger"


@dataclass(frozen=True, slots=True)
class Taken:
    """A ledger as it was left: its tree, its newest heads, its map, and what is not in it yet."""

    tree: GrowingTree
    head: Head
    epoch_note: str
    map_root: bytes
    uncovered: dict[bytes, Standing]


def take_up(reading: Reading, shelf: Shelf, key: Key, cosigner: Key) -> Taken:
    """The ledger as the store holds it. Raises `Altered` where it does not fit its signed heads."""
    heads = {head.size: head for head in shelf.heads(reading)}
    roots = {size: _signed_root(head, key, cosigner) for size, head in heads.items()}
    head = heads[max(heads)] if heads else Head(0, "", 0)
    if head.epoch not in {0, *heads} or shelf.is_longer_than(reading, head.size):
        raise Altered(_HEAD)
    tree = GrowingTree.load(head.size, lambda level, number: shelf.tile(reading, level, number))
    if tree.frontier.root() != roots.get(head.size, EMPTY_ROOT):
        raise Altered(_HEAD)
    map_root, lines = _since_the_epoch(reading, shelf, head, roots)
    PrefixMap(shelf.map_nodes(reading), map_root).find(ZERO)
    uncovered = _brought_up_to_date(reading, shelf, map_root, lines)
    epoch_note = heads[head.epoch].note if head.epoch else ""
    return Taken(tree, head, epoch_note, map_root, uncovered)


def checked_standing(
    reading: Reading, shelf: Shelf, map_root: bytes, subject_id: bytes
) -> Standing:
    """Where a subject stood at the epoch of this map root, as its row says and the map holds.

    A subject without lines is not in the map. Raises `Unknown`, `Altered`.
    """
    standing = shelf.standing(reading, subject_id)
    if standing is None:
        raise Unknown
    found = PrefixMap(shelf.map_nodes(reading), map_root).find(standing.label)
    if found.value != (standing.value() if standing.lines else None):
        raise Altered(_STATE)
    return standing


def _signed_root(head: Head, key: Key, cosigner: Key) -> bytes:
    try:
        signed = verify_head(head.note, key, cosigner)
    except (Forged, Unreadable):
        raise Altered(_HEAD) from None
    if (signed.origin, signed.size) != (key.name, head.size):
        raise Altered(_HEAD)
    return signed.root


def _since_the_epoch(
    reading: Reading, shelf: Shelf, head: Head, roots: Mapping[int, bytes]
) -> tuple[bytes, list[tuple[bytes, EventLeaf]]]:
    """The map's root at the last epoch, and (subject id, leaf) of the lines after it."""
    frontier = Frontier.of(max(head.epoch - 1, 0), shelf.tree(reading))
    map_root, lines = EMPTY_MAP, []
    for subject_id, leaf, hashed in shelf.leaves(reading, frontier.size, head.size):
        frontier.append(hashed)
        if frontier.size in roots and frontier.root() != roots[frontier.size]:
            raise Altered("the newest lines of the ledger")
        if isinstance(leaf, EpochLeaf) is not (frontier.size == head.epoch):
            raise Altered("the last epoch of the ledger")
        if isinstance(leaf, EpochLeaf):
            map_root = leaf.map_root
        else:
            lines.append((subject_id, leaf))
    return map_root, lines


def _brought_up_to_date(
    reading: Reading, shelf: Shelf, map_root: bytes, lines: list[tuple[bytes, EventLeaf]]
) -> dict[bytes, Standing]:
    standings: dict[bytes, Standing] = {}
    for subject_id, leaf in lines:
        before = standings.get(subject_id)
        if before is None:
            try:
                before = checked_standing(reading, shelf, map_root, subject_id)
            except Unknown:
                raise Altered(_STATE) from None
        standings[subject_id] = before.after(leaf, leaf_hash(leaf.packed()))
    return standings
