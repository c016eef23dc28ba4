"""Step 4 of the path: rows are read, keys are found in the caller's own session, both meet."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from angerona.ciphers.suites import SealingKey
from angerona.errors import Altered
from angerona.sealed.compartments import compartment_of
from angerona.sealed.entries import NONE_YET, EntryKey, generation_of
from angerona.sealed.holding import key_for
from angerona.sealed.opening import SealedEntry, open_sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from angerona.ledger.lines import Written
    from angerona.rules.answer import Permit
    from angerona.sealed.authority import Authority
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit

READ_AT_ONCE: Final = 32
"""Sealed rows in one read."""


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
        (sealed.place, open_sealed(sealed, permit=permit, written=written, key=key))
        for sealed in sealed_entries(visit, authority.client_id, tuple(going))
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


def sealed_entries(
    visit: Visit, client_id: bytes, places: Sequence[EntryPlace]
) -> Iterator[SealedEntry]:
    """The rows at these places of a record, as many in one read as lie side by side.

    Raises `Altered` where one is gone.
    """
    all_rows = visit.vault.places(client_id) if any(one.version > 1 for one in places) else ()
    digests = {(one.entry_id, one.version): one.digest for one in all_rows}
    for side_by_side in _stretches(places):
        rows = visit.vault.store.rows(
            "entries.between",
            practice_id=visit.vault.practice_id,
            client_id=client_id,
            first=side_by_side[0].place,
            last=side_by_side[-1].place,
        )
        blobs: dict[int, bytes] = dict(rows)
        for place in side_by_side:
            if place.place not in blobs:
                raise Altered("an entry")
            first = place.version == 1
            previous = NONE_YET if first else digests[place.entry_id, place.version - 1]
            yield SealedEntry(client_id, place, previous, blobs[place.place])


def _stretches(places: Iterable[EntryPlace]) -> Iterator[list[EntryPlace]]:
    """Places in their order, cut where the next one does not follow or enough are together."""
    held: list[EntryPlace] = []
    for one in places:
        if held and (one.place != held[-1].place + 1 or len(held) == READ_AT_ONCE):
            yield held
            held = []
        held.append(one)
    if held:
        yield held
