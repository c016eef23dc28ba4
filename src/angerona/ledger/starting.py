"""Taking up a ledger from the store: a quick check, however long it has grown.

1. the newest head is signed with our key and belongs to this log;
2. the tiles on the right edge give its root, and no event lies beyond it;
3. the leaves since the last epoch, opened one by one behind the edge of what came before, give the
   same root: so none of them was changed, moved or cut off;
4. the epoch leaf tells the map's root, and the map's first node has it;
5. the subjects of those leaves are taken from their rows, which the map must hold, and brought up
   to date.

Whatever lies deeper is checked when it is read, against the roots found here, or by `checking.py`.
That the whole store was set back to an older state only a remembered head can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import Altered, Unknown
from angerona.ledger.growing import GrowingTree
from angerona.ledger.leaves import EpochLeaf, EventLeaf
from angerona.ledger.prefix_map import LABEL_BITS, PrefixMap
from angerona.ledger.shelf import Head
from angerona.ledger.tree import Frontier
from angerona.ledger.verifying import EMPTY_MAP, NotProved, Unreadable, leaf_hash, verify_checkpoint

if TYPE_CHECKING:
    from angerona.ledger.shelf import Shelf
    from angerona.ledger.states import Standing
    from angerona.ledger.verifying import Key
    from angerona.store import Reading

_HEAD: Final = "the head of the ledger"


@dataclass(frozen=True, slots=True)
class Taken:
    """A ledger as it was left: its tree, its newest heads, its map, and what is not in it yet."""

    tree: GrowingTree
    head: Head
    epoch_note: str
    map_root: bytes
    uncovered: dict[bytes, Standing]


def take_up(reading: Reading, shelf: Shelf, key: Key) -> Taken:
    """The ledger as the store holds it. Raises `Altered` where it does not fit its signed head."""
    heads = shelf.heads(reading)
    head = heads[-1] if heads else Head(0, "", 0)
    tree = GrowingTree.load(head.size, lambda level, number: shelf.tile(reading, level, number))
    if heads:
        _check_head(head, tree, key)
    if shelf.is_longer_than(reading, head.size) or not 0 <= head.epoch <= head.size:
        raise Altered(_HEAD)
    leaves = _since_the_epoch(reading, shelf, head, tree.frontier.root())
    map_root = EMPTY_MAP
    if head.epoch:
        epoch = leaves.pop(0)[1]
        if not isinstance(epoch, EpochLeaf) or epoch.covered != head.epoch - 1:
            raise Altered("the last epoch of the ledger")
        map_root = epoch.map_root
    PrefixMap(shelf.map_nodes(reading), map_root).find(bytes(LABEL_BITS // 8))
    uncovered = _brought_up_to_date(reading, shelf, map_root, leaves)
    return Taken(tree, head, heads[0].note if head.epoch else "", map_root, uncovered)


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
        raise Altered("the state of a subject of the ledger")
    return standing


def _check_head(head: Head, tree: GrowingTree, key: Key) -> None:
    try:
        signed = verify_checkpoint(head.note, key)
    except (NotProved, Unreadable):
        raise Altered(_HEAD) from None
    if signed != (key.name, head.size, tree.frontier.root()):
        raise Altered(_HEAD)


def _since_the_epoch(
    reading: Reading, shelf: Shelf, head: Head, root: bytes
) -> list[tuple[bytes, EventLeaf | EpochLeaf]]:
    """(subject id, leaf) from the last epoch leaf on, if they lead to the root."""
    first = max(head.epoch - 1, 0)
    frontier = Frontier.of(first, shelf.tree(reading))
    leaves = []
    for subject_id, leaf, hashed in shelf.leaves(reading, first, head.size):
        frontier.append(hashed)
        leaves.append((subject_id, leaf))
    if frontier.root() != root:
        raise Altered("the newest lines of the ledger")
    return leaves


def _brought_up_to_date(
    reading: Reading,
    shelf: Shelf,
    map_root: bytes,
    leaves: list[tuple[bytes, EventLeaf | EpochLeaf]],
) -> dict[bytes, Standing]:
    standings: dict[bytes, Standing] = {}
    for subject_id, leaf in leaves:
        if not isinstance(leaf, EventLeaf):
            raise Altered("the last epoch of the ledger")
        before = standings.get(subject_id)
        if before is None:
            before = checked_standing(reading, shelf, map_root, subject_id)
        standings[subject_id] = before.after(leaf, leaf_hash(leaf.packed()))
    return standings
