"""Step 4 of the path: rows are read, keys are found in the caller's own session, both meet."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from angerona.ciphers.suites import SealingKey
from angerona.errors import Altered
from angerona.sealed.compartments import compartment_of
from angerona.sealed.entries import NONE_YET, EntryKey, generation_of
from angerona.sealed.holding import key_for
from angerona.sealed.opening import SealedEntry, open_sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from angerona.ledger.lines import Written
    from angerona.rules.answer import Permit
    from angerona.sealed.authority import Authority
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit


def unsealed(
    visit: Visit,
    authority: Authority,
    going: Iterable[EntryPlace],
    *,
    permit: Permit,
    written: Written,
) -> tuple[tuple[EntryPlace, EntryText], ...]:
    """What these entries say, all of them or none. Raises as `open_sealed`."""
    key = entry_keys(visit, authority)
    return tuple(
        (
            place,
            open_sealed(
                sealed_entry_at(visit, authority.client_id, place),
                permit=permit,
                written=written,
                key=key,
            ),
        )
        for place in going
    )


def entry_keys(visit: Visit, authority: Authority) -> Callable[[SealedEntry], EntryKey]:
    """Gives the key of each sealed entry of a record, from the caller's own session.

    It raises `Unopenable`. It takes each key out of the session once, so it must not outlive the
    look it was made for.
    """

    @cache
    def held(name: str, generation: int) -> EntryKey:
        return compartment_key(visit, authority, name, generation)

    def key(sealed: SealedEntry) -> EntryKey:
        place, record_id = sealed.place, authority.client_id
        name = compartment_of(place.wanted, author_id=place.author_id, record_id=record_id)
        return held(name, generation_of(sealed.blob))

    return key


def compartment_key(visit: Visit, authority: Authority, name: str, generation: int) -> EntryKey:
    """The key of a compartment, from the caller's own session. Raises `Unopenable`."""
    return EntryKey(
        whose=authority.whose(visit.vault.practice_id),
        compartment=name,
        generation=generation,
        sealing=SealingKey(key_for(visit, authority, name, generation)),
    )


def sealed_entry_at(visit: Visit, client_id: bytes, place: EntryPlace) -> SealedEntry:
    """The row at a place of a record. Raises `Altered` where it is gone."""
    rows = visit.vault.store.rows(
        "entries.by_key",
        practice_id=visit.vault.practice_id,
        client_id=client_id,
        place=place.place,
    )
    if not rows:
        raise Altered("an entry")
    return SealedEntry(client_id, place, _previous(visit, client_id, place), rows[0][-1])


def _previous(visit: Visit, client_id: bytes, place: EntryPlace) -> bytes:
    """The digest of the version before; the chain of the record vouches for it."""
    if place.version == 1:
        return NONE_YET
    before = (place.entry_id, place.version - 1)
    return next(
        one.digest for one in visit.vault.places(client_id) if (one.entry_id, one.version) == before
    )
