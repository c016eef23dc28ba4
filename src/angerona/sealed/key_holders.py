"""Key holders: k of n open the record of one client, k-1 open nothing, nobody opens the vault.

Every client key, and every random key of a record, is split as soon as it is made (Shamir), and
each share is sealed to one **seat**: a member's, an outside person's, or a sealed paper's. There is
no key over all records. A quorum opening goes in four steps:

1. the officer states a **request**: which client, which limit, which compartments, until when; the
   ledger holds it before anything else happens;
2. each key holder opens the shares of that seat and seals them again to the request's one-time key;
3. with k such **contributions** the client key is put together and checked against the key sheet;
4. the keys of the compartments named, and no others, are wrapped to the officer until the request
   expires; the ledger line is durable before that wrap exists.

Seats change: each version of the list gives every seat another id, also those that stay, so that a
share on the id of an earlier list says that this key is still to be shared anew (`owed.py`). Until
then the seats that stay open it, by the shares they have.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
import os
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec

from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.shamir import combine, number_of, split
from angerona.ciphers.wraps import WrapPair, is_sealed_to, unwrap, wrap
from angerona.errors import BadInput, TooFewSeats, Unopenable
from angerona.sealed.client_keys import CLIENT_KEY, SheetRow, Whose, check, compartment_keys
from angerona.sealed.compartments import COMPARTMENTS
from angerona.sealed.rows import Row, ShareRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from angerona.sealed.keyset import Keyset
    from angerona.sealed.vault import Practice

SEATS_MIN: Final = 3
SEATS_MAX: Final = 32
NEEDED_MIN: Final = 2
_SHARE: Final = "angerona/share/v1"
_GIVEN: Final = "angerona/contribution/v1"


@dataclass(frozen=True, slots=True)
class Seat:
    """A place among the key holders: its number and the public key that shares are sealed to.

    `age` is the recipient that keyset backups are sealed to; empty for a seat that has none.
    """

    seat_id: bytes
    number: int
    title: str
    kind: str
    public: bytes
    person_id: bytes | None
    age: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Share:
    """One seat's share of one key, as stored."""

    share_id: bytes
    client_id: bytes
    seat_id: bytes
    epoch: int
    blob: bytes

    def given(self, practice_id: bytes) -> dict[str, bytes | int]:
        """The values of its row."""
        return {
            "practice_id": practice_id,
            "share_id": self.share_id,
            "client_id": self.client_id,
            "seat_id": self.seat_id,
            "epoch": self.epoch,
            "blob": self.blob,
        }


class RequestRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A request to open one client's record by quorum.

    `sealed_seed`: the seed of the one-time pair that the parts are sealed to, wrapped to the
    officer's own public key. So the parts open in that officer's session and nowhere else.
    `held_until`: until when the client must not be told, where a court ordered so.
    """

    domain: ClassVar[str] = "angerona/row/opening-request/v1"
    request_id: bytes
    client_id: bytes
    names: tuple[str, ...]
    limit: str
    reason: str
    officer_id: bytes
    stated: datetime.datetime
    expires: datetime.datetime
    public: bytes
    sealed_seed: bytes
    held_until: datetime.datetime | None = None

    @property
    def sources(self) -> frozenset[str]:
        """The keys that must be put together for what is asked: no share of any other is given."""
        return frozenset(CLIENT_KEY if name in COMPARTMENTS else name for name in self.names)

    @property
    def digest(self) -> bytes:
        """What every contribution is bound to (32 bytes)."""
        return digest("angerona/opening-request/v1", msgspec.msgpack.encode(self))


class Contribution(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one seat gives to one request: each share sealed to the request's one-time key."""

    request: bytes
    seat_id: bytes
    shares: tuple[tuple[str, int, bytes], ...]


def check_quorum(needed: int, seats: int) -> None:
    """Raise `BadInput` unless k of n is at least 2 of 3 and at most n of 32."""
    if not SEATS_MIN <= seats <= SEATS_MAX:
        raise BadInput("seats", "too few or too many", f"{SEATS_MIN} to {SEATS_MAX} seats")
    if not NEEDED_MIN <= needed <= seats:
        raise BadInput("quorum", "too small or too large", f"{NEEDED_MIN} to {seats} seats")


def agreed_seats(practice: Practice, secrets: Iterable[bytes]) -> list[Seat]:
    """The seats whose secrets (32 bytes each) these are, if they are a quorum.

    Raises `Unopenable` for a secret that is no seat's, `TooFewSeats` for fewer different ones than
    the quorum.
    """
    given = {WrapPair.from_seed(secret).public for secret in secrets}
    seats = [one for one in practice.seats if one.public in given]
    if len(seats) < len(given):
        raise Unopenable("a seat's secret")
    if len(seats) < practice.row.quorum:
        raise TooFewSeats(len(seats), practice.row.quorum)
    return seats


def shared_out(
    keyset: Keyset,
    whose: Whose,
    sheet: SheetRow,
    keys: Mapping[str, bytes],
    seats: Sequence[Seat],
    *,
    needed: int,
) -> list[Share]:
    """Split the newest generation of some keys, one share of each for every seat.

    A share's number is its seat's: where numbers are left out, so are the shares.
    """
    check_quorum(needed, len(seats))
    vault, epoch = keyset.vault(keyset.newest), keyset.newest
    out: list[Share] = []
    for name, key in keys.items():
        generation = sheet.newest(name)
        check(whose, sheet, name, generation, key)
        most = max(seat.number for seat in seats)
        shares = split(key, needed, most, _context(whose, name, generation))
        for seat in seats:
            share = shares[seat.number - 1]
            info = _info(whose, name, generation, seat.seat_id)
            row = ShareRow(
                name=name,
                generation=generation,
                needed=needed,
                message=wrap(seat.public, info, share),
            )
            share_id = os.urandom(16)
            blob = vault.seal(row, whose.client_id, seat.seat_id, share_id)
            out.append(Share(share_id, whose.client_id, seat.seat_id, epoch, blob))
    return out


def contributed(
    keyset: Keyset,
    whose: Whose,
    request: RequestRow,
    pair: WrapPair,
    shares: Iterable[Share],
    *,
    seat_id: bytes,
) -> Contribution:
    """What one seat gives: its shares of what is asked, opened and sealed again to the request.

    `shares` are those of the client; what is sealed to other keys than the seat's is left out, and
    one on the seat's id of an earlier list counts where there is none on the id of today. Raises
    `Unopenable` where none is the seat's.
    """
    given: dict[tuple[str, int], bytes] = {}
    for stored in sorted(shares, key=lambda one: one.seat_id == seat_id):
        row = opened_share(keyset, stored)
        if row.name in request.sources and is_sealed_to(pair.public, row.message):
            info = _info(whose, row.name, row.generation, stored.seat_id)
            share = unwrap(pair, info, row.message)
            sealed = wrap(request.public, _given(request, seat_id), share)
            given[row.name, row.generation] = sealed
    if not given:
        raise Unopenable("a share of this seat")
    parts = tuple((name, generation, sealed) for (name, generation), sealed in given.items())
    return Contribution(request=request.digest, seat_id=seat_id, shares=parts)


def opened_share(keyset: Keyset, stored: Share) -> ShareRow:
    """The outer side of a share. Raises `Unopenable`."""
    place = (stored.client_id, stored.seat_id, stored.share_id)
    return keyset.vault(stored.epoch).open(ShareRow, stored.blob, *place)


def put_together(
    keyset: Keyset,
    whose: Whose,
    sheet: SheetRow,
    name: str,
    pairs: Sequence[WrapPair],
    *,
    shares: Iterable[Share],
) -> bytes:
    """The newest key of a name, by the pairs of some seats: to be shared anew, and nothing else.

    Raises `Unopenable` where these seats have too few shares of it, `Planted`.
    """
    generation, needed = sheet.newest(name), NEEDED_MIN
    opened: list[bytes] = []
    for stored in shares:
        row = opened_share(keyset, stored)
        if (row.name, row.generation) == (name, generation):
            needed = row.needed
            info = _info(whose, name, generation, stored.seat_id)
            mine = (one for one in pairs if is_sealed_to(one.public, row.message))
            opened += [unwrap(pair, info, row.message) for pair in mine]
    key = combine(opened, needed, _context(whose, name, generation))
    check(whose, sheet, name, generation, key)
    return key


def reassembled(
    whose: Whose,
    sheet: SheetRow,
    request: RequestRow,
    contributions: Sequence[Contribution],
    *,
    practice: Practice,
    officer: WrapPair,
    split_for: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, bytes]:
    """The newest keys of the compartments that the request names, from k contributions.

    `split_for`: for how many seats each key was split, where that is not the practice's quorum of
    today; as many must agree as the larger of both. Raises `TooFewSeats` for fewer different seats,
    `Unopenable` for a contribution to another request, under another seat's name or without a share
    of what is asked, or altered shares, `Planted` for a key that is not the committed one.
    """
    quorum = practice.row.quorum
    needed = max(quorum, *(split_for.get(one, quorum) for one in request.sources))
    numbers = {one.seat_id: one.number for one in practice.seats}
    seats = {one.seat_id for one in contributions}
    if len(seats) < needed:
        raise TooFewSeats(len(seats), needed)
    if any(one.request != request.digest for one in contributions):
        raise Unopenable("a contribution to another request")
    pair = WrapPair.from_seed(unwrap(officer, seed_info(request), request.sealed_seed))
    shares: dict[tuple[str, int], dict[bytes, bytes]] = {}
    for one in contributions:
        for name, generation, sealed in one.shares:
            opened = unwrap(pair, _given(request, one.seat_id), sealed)
            if number_of(opened) != numbers.get(one.seat_id):
                raise Unopenable("a share under another seat's name")
            shares.setdefault((name, generation), {})[one.seat_id] = opened
    newest = [(source, sheet.newest(source)) for source in request.sources]
    if seats != {seat_id for key in newest for seat_id in shares.get(key, {})}:
        raise Unopenable("a contribution without a share")  # else anybody's name could be counted
    out: dict[str, bytes] = {}
    for name in request.names:
        source = CLIENT_KEY if name in COMPARTMENTS else name
        generation = sheet.newest(source)
        of_key = list(shares.get((source, generation), {}).values())
        k = split_for.get(source, quorum)
        key = combine(of_key, k, _context(whose, source, generation))
        check(whose, sheet, source, generation, key)
        if source == CLIENT_KEY:
            key = compartment_keys(whose, key, generation)[name]
            check(whose, sheet, name, generation, key)
        out[name] = key
    return out


def seed_info(request: RequestRow) -> bytes:
    """What the one-time seed is bound to: the request but for the seed itself."""
    bare = msgspec.structs.replace(request, sealed_seed=b"")
    return packed("angerona/opening-seed/v1", msgspec.msgpack.encode(bare))


def _context(whose: Whose, name: str, generation: int) -> bytes:
    return packed(_SHARE, whose.practice_id, whose.label, name, generation)


def _info(whose: Whose, name: str, generation: int, seat_id: bytes) -> bytes:
    return packed(_SHARE, whose.practice_id, whose.label, name, generation, seat_id)


def _given(request: RequestRow, seat_id: bytes) -> bytes:
    return packed(_GIVEN, request.digest, seat_id)
