"""The key holders' seats change: one is lost or replaced, there are more or fewer, k is another.

A quorum of the seats of today agrees, by their papers: an officer alone could otherwise make seats
for himself, and be the key holders. The new list gives every seat another id. Each record's keys
are shared anew under it, either by whoever treats the client and signs in next (`turning.py`), or
by a quorum for all records in one go (`share_out_anew`). In between, the seats that stay open what
still stands on the former list, so enough of them must stay; a seat that was removed gives nothing
to any request. Its shares are deleted as each key is shared anew.

Nobody holds the keys of all clients, and nobody is handed one here: in `share_out_anew` one key at
a time is put together from its shares, compared with the key sheet, and split again.
"""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.ciphers.wraps import WrapPair, is_sealed_to
from angerona.errors import AuthorityMoved, BadInput, NotPermitted, Sealed, Tampered, one_line
from angerona.practice.founding import SeatPaper, insert_seats
from angerona.practice.members import OFFICER
from angerona.practice.posts import bindings_of, check_unmoved
from angerona.practice.ties import key_change
from angerona.sealed.key_holders import agreed_seats, check_quorum, put_together
from angerona.sealed.owed import keys_owed, newest_shares, shared_names, stored_shares
from angerona.sealed.rows import SeatRow
from angerona.sealed.vault import practice_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from angerona.sealed.authority import Authority
    from angerona.sealed.key_holders import Seat
    from angerona.sealed.vault import Practice, Vault, Visit
    from angerona.store import Writing

TITLE_CHARACTERS_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeats:
    """What changes: numbers of seats that go, titles of seats that come, how many must agree."""

    removed: tuple[int, ...]
    added: tuple[str, ...]
    quorum: int


@dataclass(frozen=True, slots=True)
class SharedAnew:
    """How many records were shared out anew, and of how many a key still stands on a former list.

    Those could not be opened by the seats given, or were being changed by others.
    """

    done: int
    left: int


def change_seats(
    visit: Visit,
    secrets: Sequence[bytes],
    new: NewSeats,
    *,
    put_down: Callable[[Sequence[SeatPaper]], None] = lambda _: None,
) -> tuple[SeatPaper, ...]:
    """Change the list of seats on the word of a quorum of those of today; gives the new papers.

    `secrets`: of the seats that agree, 32 bytes each. `put_down` is given the papers before
    anything is changed: so there may be a paper without a seat, but no seat without a paper. Raises
    `NotPermitted` for anybody but the privacy officer, `Unopenable` for a secret that is no seat's,
    `TooFewSeats`, `BadInput` for seats that are none, a quorum that cannot be, or where a record
    would be left that the seats that stay could not open; `Conflicting`.
    """
    vault = visit.vault
    bound = bindings_of(vault, (vault.practice_id,))
    practice = vault.practice()
    agreed = _agreed(visit, secrets)
    titles = [one_line("seats", one, TITLE_CHARACTERS_MAX) for one in new.added]
    if not set(new.removed) <= {one.number for one in practice.seats}:
        raise BadInput("seats", "are none of this practice", "the numbers of seats there are")
    stay = [one for one in practice.seats if one.number not in new.removed]
    check_quorum(new.quorum, len(stay) + len(titles))
    if left := _shut_to(vault, stay):
        wrong = f"{left} records could not be opened by those that stay"
        raise BadInput("seats", wrong, "more that stay, or the records shared anew first")
    taken = {one.number for one in stay}
    free = (number for number in itertools.count(1) if number not in taken)
    papers = tuple(
        SeatPaper(os.urandom(16), number, title, os.urandom(32))
        for title, number in zip(titles, free)  # noqa: B905 -- numbers are without an end
    )

    put_down(papers)

    def changes(writing: Writing) -> bytes:
        check_unmoved(vault, writing, bound)
        _write_list(vault, writing, practice, stay)
        insert_seats(vault, writing, papers)
        row = msgspec.structs.replace(practice.row, quorum=new.quorum)
        sealed = vault.directory.seal(row, vault.practice_id)
        writing.run("practices.update", practice_id=vault.practice_id, row=sealed)
        return practice_digest(writing, vault.practice_id)

    body = {
        "by": visit.person.described,
        "what": "seats changed",
        "agreed": [one.number for one in agreed],
        "removed": sorted(new.removed),
        "added": [one.number for one in papers],
        "quorum": new.quorum,
        "seats": len(stay) + len(papers),
    }
    vault.record(vault.practice_id, "keys", body, visit.at, slot="keys", changes=changes)
    return papers


def share_out_anew(
    visit: Visit, secrets: Sequence[bytes], *, step: Callable[[int], None] = lambda _: None
) -> SharedAnew:
    """Share out anew whatever still stands on a former list of seats, on the word of a quorum.

    One client at a time, each with its line; what was done stays done. `step` is told how many
    clients were looked at. Raises as `change_seats` does for the officer and the secrets.
    """
    vault = visit.vault
    agreed = _agreed(visit, secrets)
    pairs = [WrapPair.from_seed(one) for one in secrets]
    numbers = [one.number for one in agreed]
    done = left = 0
    rows = vault.store.rows("clients.ids", practice_id=vault.practice_id)
    for count, (client_id,) in enumerate(rows, 1):
        try:
            authority = vault.authority(client_id)
            names = keys_owed(vault, authority, visit.at).share
            found = _opened(vault, authority, names, pairs)
            if found:
                _share(visit, authority, found, numbers)
            done, left = done + bool(found), left + (set(found) != names)
        except (AuthorityMoved, Sealed, Tampered):
            left += 1
        step(count)
    return SharedAnew(done, left)


def _agreed(visit: Visit, secrets: Sequence[bytes]) -> list[Seat]:
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    return agreed_seats(visit.vault.practice(), secrets)


def _shut_to(vault: Vault, stay: Sequence[Seat]) -> int:
    """How many records have a key of which these seats hold too few shares to open it.

    What was altered opens to nobody, whichever seats stay; `fsck` names it.
    """
    left = 0
    for (client_id,) in vault.store.rows("clients.ids", practice_id=vault.practice_id):
        with suppress(Sealed, Tampered):
            authority = vault.authority(client_id)
            needed: dict[str, int] = {}
            held: dict[str, set[bytes]] = {}
            for _, row in newest_shares(vault, authority):
                needed[row.name] = row.needed
                held.setdefault(row.name, set()).update(
                    one.public for one in stay if is_sealed_to(one.public, row.message)
                )
            names = shared_names(authority) & set(needed)
            left += any(len(held[name]) < needed[name] for name in names)
    return left


def _write_list(vault: Vault, writing: Writing, practice: Practice, stay: Sequence[Seat]) -> None:
    """Inside a job: the list anew, each seat that stays under another id."""
    place = {"practice_id": vault.practice_id}
    for seat in practice.seats:
        writing.run("seats.delete", seat_id=seat.seat_id, **place)
    for seat in stay:
        seat_id = os.urandom(16)
        row = SeatRow(
            title=seat.title,
            kind=seat.kind,
            number=seat.number,
            person_id=seat.person_id,
            age=seat.age,
        )
        sealed = vault.directory.seal(row, seat_id)
        writing.run("seats.insert", seat_id=seat_id, public=seat.public, row=sealed, **place)


def _opened(
    vault: Vault, authority: Authority, names: frozenset[str], pairs: Sequence[WrapPair]
) -> dict[str, bytes]:
    """The newest keys of some names, as far as these seats have enough shares of them."""
    whose, sheet = authority.whose(vault.practice_id), authority.sheet
    shares = list(stored_shares(vault, authority.client_id))
    found: dict[str, bytes] = {}
    for name in sorted(names):
        with suppress(Sealed):
            found[name] = put_together(vault.keyset, whose, sheet, name, pairs, shares=shares)
    return found


def _share(
    visit: Visit, authority: Authority, keys: dict[str, bytes], numbers: Sequence[int]
) -> None:
    """Split some keys of one client among the seats of today, in place of all former shares."""
    change = key_change(visit, authority)
    change.share_anew(keys)
    visit.vault.record(
        authority.client_id,
        "keys",
        {"by": visit.person.described, "what": "keys shared anew", "seats": list(numbers)},
        visit.at,
        authority=authority.version,
        changes=change.write,
    )
