"""The two kinds of leaves, of fixed width, told apart by their first byte (docs/adr/0009).

```
event leaf   01 | slot 1 | label 32 | place 8 | commit 32 | SHA-256 of the envelope 32 | binding 32
epoch leaf   02 | covered size 8 | map root 32 | index of the previous epoch leaf + 1, or 0: 8
```

Numbers are big-endian. Whatever is not written exactly so is refused.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Self

from angerona.errors import Altered
from angerona.ledger.verifying import EPOCH_BYTES, EVENT_BYTES, ZERO

EVENT: Final = 0x01
EPOCH: Final = 0x02
SLOT_MAX: Final = 2
_LEAF = "a leaf of the ledger"


class EventLeaf(NamedTuple):
    """One line of one subject, as it enters the tree; `place` counts the subject's lines from 0."""

    slot: int
    label: bytes
    place: int
    commit: bytes
    envelope: bytes
    binding: bytes

    def packed(self) -> bytes:
        """The 138 bytes of the leaf."""
        head = bytes((EVENT, self.slot)) + self.label + self.place.to_bytes(8)
        return head + self.commit + self.envelope + self.binding

    @classmethod
    def read(cls, leaf: bytes) -> Self:
        """Raises `Altered` for anything that `packed` would not have written."""
        if len(leaf) != EVENT_BYTES or leaf[0] != EVENT or leaf[1] > SLOT_MAX:
            raise Altered(_LEAF)
        place = int.from_bytes(leaf[34:42])
        found = cls(leaf[1], leaf[2:34], place, leaf[42:74], leaf[74:106], leaf[106:])
        if found.slot == 0 and found.binding != ZERO:
            raise Altered(_LEAF)
        return found


class EpochLeaf(NamedTuple):
    """The states of all subjects at one moment, as the root of the map over them.

    `covered` is the number of leaves before this one; `previous` the index of the epoch leaf before
    it plus one, or 0.
    """

    covered: int
    map_root: bytes
    previous: int

    def packed(self) -> bytes:
        """The 49 bytes of the leaf."""
        numbers = (self.covered.to_bytes(8), self.previous.to_bytes(8))
        return bytes((EPOCH,)) + numbers[0] + self.map_root + numbers[1]

    @classmethod
    def read(cls, leaf: bytes) -> Self:
        """Raises `Altered` for anything that `packed` would not have written."""
        if len(leaf) != EPOCH_BYTES or leaf[0] != EPOCH:
            raise Altered(_LEAF)
        found = cls(int.from_bytes(leaf[1:9]), leaf[9:41], int.from_bytes(leaf[41:]))
        if found.previous > found.covered:
            raise Altered(_LEAF)
        return found


def read_leaf(leaf: bytes) -> EventLeaf | EpochLeaf:
    """A leaf of either kind. Raises `Altered`."""
    return EpochLeaf.read(leaf) if leaf[:1] == bytes((EPOCH,)) else EventLeaf.read(leaf)
