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
from angerona.sealed.entries import EntryKey, EntryPlace, EntryText, opened_entry, row_digest

if TYPE_CHECKING:
    from collections.abc import Callable


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
    if not isinstance(permit, Permit) or sealed.place.wanted not in permit.released:
        raise NotPermitted
    if not isinstance(written, Written) or written.subject_id != sealed.client_id:
        raise NotPermitted
    if row_digest(sealed.blob) != sealed.place.digest:
        raise Altered("an entry")
    place = sealed.place
    entry = opened_entry(key(sealed), place.entry_id, place.version, sealed.previous, sealed.blob)
    if entry.wanted != place.wanted:
        raise Altered("the class of an entry")
    return entry
