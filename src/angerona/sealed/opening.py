"""The one way out: what is sealed is opened for a Permit and a ledger line that is durable.

Two walls stand one behind the other. The rules must have said yes (`Permit`, which only
`rules/decide.py` makes), the ledger must already hold the line (`Written`, which only a commit
gives), and the caller must hold the key: without it neither paper opens anything. Only the gate may
import this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.errors import Altered, NotPermitted
from angerona.ledger.lines import Written
from angerona.rules.answer import Permit
from angerona.sealed.attachments import opened_attachment
from angerona.sealed.entries import (
    EntryKey,
    EntryPlace,
    EntryText,
    is_deposited,
    opened_entry,
    row_digest,
    taken_up,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from angerona.sealed.attachments import Attachment
    from angerona.sealed.client_keys import Whose
    from angerona.store import Store


@dataclass(frozen=True, slots=True, repr=False)
class SealedEntry:
    """One row: where it stands, the digest of the version before it, and what is sealed."""

    client_id: bytes
    place: EntryPlace
    previous: bytes
    blob: bytes


def open_sealed(
    sealed: SealedEntry,
    *,
    permit: Permit,
    written: Written,
    key: Callable[[SealedEntry], EntryKey],
) -> EntryText:
    """What a sealed entry says.

    `key` gives the key for it from the caller's own session. Raises `NotPermitted` where the Permit
    does not name the class or the line is another client's, `Altered` where the row is not the one
    that was kept, `Unopenable` where the key is not the caller's.
    """
    _check(sealed.place.wanted, sealed.client_id, permit, written)
    if row_digest(sealed.blob) != sealed.place.digest:
        raise Altered("an entry")
    place = sealed.place
    held, blob = key(sealed), sealed.blob
    if is_deposited(blob):
        held, blob = taken_up(held, place.entry_id, blob)
    entry = opened_entry(held, place.entry_id, place.version, sealed.previous, blob)
    if entry.wanted != place.wanted:
        raise Altered("the class of an entry")
    return entry


def open_attachment(
    attachment: Attachment,
    wanted: str,
    target: BinaryIO,
    *,
    store: Store,
    whose: Whose,
    permit: Permit,
    written: Written,
) -> None:
    """Open the file of an entry of class `wanted` into `target`.

    Raises as `open_sealed`. What is in `target` when it raises must be thrown away.
    """
    _check(wanted, whose.client_id, permit, written)
    opened_attachment(store, attachment, whose, target)


def _check(wanted: str, client_id: bytes, permit: Permit, written: Written) -> None:
    """Both papers, and both of this client and class. A caller may have dodged the types."""
    if not isinstance(permit, Permit) or wanted not in permit.released:
        raise NotPermitted
    if not isinstance(written, Written) or written.subject_id != client_id:
        raise NotPermitted
