"""Heads remembered outside the server: what finds a ledger that was set back or rewritten.

A remembered head is the signed note itself, as a small text file that a browser, a key holder, a
backup or a client keeps. Whoever controls the server can put back an old database with its old head
or, holding the log's key, sign another history; neither fits a head that was remembered elsewhere.
What is newer than the newest remembered head can still be cut off unseen.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from angerona.errors import Altered, Forged
from angerona.ledger.verifying import NotProved, Unreadable, verify_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.ledger.verifying import Key


class Remembered(Enum):
    """How a remembered head and the ledger of today fit together."""

    FINE = "the ledger still holds everything it held then"
    ROLLBACK = "the ledger holds less than it held then: it was set back"
    FORK = "the ledger holds something else than it held then: it was rewritten"


def compare(remembered: str, key: Key, size: int, root_at: Callable[[int], bytes]) -> Remembered:
    """Compare a remembered head with a ledger of `size` leaves.

    `root_at` gives the ledger's root at an earlier size. Raises `Forged` where the remembered head
    is not one that this ledger's key signed.
    """
    try:
        head = verify_checkpoint(remembered, key)
    except (NotProved, Unreadable) as problem:
        raise Forged(f"the remembered head is not one of this ledger: {problem}") from None
    if head.origin != key.name:
        raise Forged("the remembered head is another ledger's")
    if head.size > size:
        return Remembered.ROLLBACK
    try:
        return Remembered.FINE if root_at(head.size) == head.root else Remembered.FORK
    except Altered:
        return Remembered.FORK
