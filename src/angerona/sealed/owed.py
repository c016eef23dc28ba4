"""What is owed of one record's keys: which have to turn, and which stand on former seats.

Whoever ends somebody's tie may not hold the keys that have to turn then, and nobody turns those of
all clients when a post is taken away or a tie runs out. So it is seen from the rows what is still
to be done, and done by the next who can (`practice/turning.py`). Keys have to turn

- where a wrap of them ended, or ran out with the tie that brought it: somebody held them who is due
  them no more (what key holders opened for a time is not meant: the line of that may be held, and
  the line of keys that turn would tell);
- where a wrap stands for somebody who was shut out, and whose tie has not ended yet;
- where a wrap stands on a former key pair of a post: others held that pair.

They have to be **shared anew** where not every seat of the practice has a share: the seats changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.ciphers.wraps import is_sealed_to
from angerona.sealed.client_keys import CLIENT_KEY
from angerona.sealed.compartments import (
    COMPARTMENTS,
    brought_by,
    process_compartment,
    shared_compartment,
)
from angerona.sealed.key_holders import Share, opened_share
from angerona.sealed.wraps import Wrap, names_in

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import ShareRow, TieRow
    from angerona.sealed.vault import Vault


@dataclass(frozen=True, slots=True)
class Owed:
    """The names of the keys that have to turn, and of those that have to be shared anew."""

    turn: frozenset[str]
    share: frozenset[str]

    def __bool__(self) -> bool:
        """Whether anything is."""
        return bool(self.turn or self.share)


def keys_owed(vault: Vault, authority: Authority, at: datetime.datetime) -> Owed:
    """What is owed of a client's keys at a moment. Raises `Unopenable` for altered rows."""
    return Owed(_to_turn(vault, authority, at), _to_share(vault, authority))


def stored_wraps(vault: Vault, client_id: bytes) -> Iterator[Wrap]:
    """Every wrap of a client, and what is left of those that ended."""
    place = {"practice_id": vault.practice_id, "client_id": client_id}
    for wrap_id, recipient_id, epoch, blob in vault.store.rows("wraps.of_client", **place):
        yield Wrap(wrap_id, client_id, recipient_id, epoch, blob)


def stored_shares(vault: Vault, client_id: bytes) -> Iterator[Share]:
    """Every share of a client's keys."""
    place = {"practice_id": vault.practice_id, "client_id": client_id}
    for share_id, seat_id, epoch, blob in vault.store.rows("shares.of_client", **place):
        yield Share(share_id, client_id, seat_id, epoch, blob)


def shared_names(authority: Authority) -> frozenset[str]:
    """The keys that are shared out to the key holders: all but those that come from another."""
    named = {one.name for one in authority.sheet.keys if one.name not in COMPARTMENTS}
    return frozenset(named | {CLIENT_KEY})


def _to_turn(vault: Vault, authority: Authority, at: datetime.datetime) -> frozenset[str]:
    posts = {post.post_id: post for post in vault.practice().posts.values()}
    tied = {(tie.person_id, tie.until) for tie in authority.ties.values()}
    names: set[str] = set()
    for wrap in stored_wraps(vault, authority.client_id):
        row, post = names_in(vault.keyset, wrap), posts.get(wrap.recipient_id)
        is_over = row.expires is not None and row.expires <= at
        by_tie = (wrap.recipient_id, row.expires) in tied
        ended = is_over and (not row.message or by_tie)
        is_shut_out = by_tie and not vault.person(wrap.recipient_id).row.is_here(at)
        former = post is not None and not is_sealed_to(post.public, row.message)
        if ended or is_shut_out or former:
            own = process_compartment(wrap.recipient_id) if is_shut_out else None
            named = zip(row.names, row.generations, strict=True)
            newest = {name for name, number in named if number == authority.sheet.newest(name)}
            names |= newest - {own}  # what an author kept apart is left to the key holders
    return frozenset(names)


def forgotten(vault: Vault, authority: Authority, at: datetime.datetime) -> frozenset[str]:
    """Keys of ties that are over which did not turn since, and of which no row says that they must.

    Ties, and since when each key is there, are bound by the ledger; what is left of a wrap is not,
    and could be deleted. What is left of an earlier tie says nothing of a later one of the same
    person. The compartments turn together, so one of them tells of all. Raises `Unopenable` for
    altered rows.
    """
    known: dict[bytes, list[tuple[datetime.datetime, frozenset[str]]]] = {}
    for wrap in stored_wraps(vault, authority.client_id):
        row = names_in(vault.keyset, wrap)
        if row.expires is not None and row.expires <= at:
            known.setdefault(wrap.recipient_id, []).append((row.expires, frozenset(row.names)))
    missing = set[str]()
    for tie in authority.ties.values():
        unturned, over = _unturned(vault, authority, tie, at), _over(vault, tie)
        there = known.get(tie.person_id, [])
        since = (names for until, names in there if over is not None and over <= until)
        left = unturned.difference(*since)
        missing |= left - set(COMPARTMENTS)
        if unturned & set(COMPARTMENTS) <= left:
            missing |= left & set(COMPARTMENTS)
    return frozenset(missing)


def _unturned(
    vault: Vault, authority: Authority, tie: TieRow, at: datetime.datetime
) -> frozenset[str]:
    """What a tie that is over brought and no tie of its holder brings now, as far as it is old."""
    sheet, client_id = authority.sheet, authority.client_id
    if tie.until is None or at < tie.until or _is_taken_over(authority, tie):
        return frozenset()
    over = _over(vault, tie)
    ties = [one for one in authority.ties.values() if one.person_id == tie.person_id]
    now = (one for one in ties if one.until is None or at < one.until)
    stay = frozenset[str]().union(*(_brought(one, client_id) for one in now))
    named = {one.name for one in sheet.keys}
    # An author goes on holding what he or she kept apart, until the membership ends.
    brought = _brought(tie, client_id) - stay - {process_compartment(tie.person_id)}
    if any(_is_taken_over(authority, one) for one in authority.ties.values()):
        brought -= {shared_compartment(client_id)}  # who took over may not have had it to give
    return frozenset(
        name
        for name in brought & named
        if name not in sheet.made or (over is not None and sheet.made[name] < over)
    )


def _over(vault: Vault, tie: TieRow) -> datetime.datetime | None:
    """Since when a tie is over, or when it will be: by its end, or by its holder's."""
    ends = (tie.until, vault.person(tie.person_id).row.until)
    return min((one for one in ends if one is not None), default=None)


def _is_taken_over(authority: Authority, tie: TieRow) -> bool:
    """Whether key holders made a tie for its holder, who was given what was asked for alone."""
    return tie.by == tie.person_id and tie.since > authority.client.since


def _brought(tie: TieRow, client_id: bytes) -> frozenset[str]:
    return brought_by(
        tie.relation, person_id=tie.person_id, client_id=client_id, notes_of=tie.notes_of
    )


def _to_share(vault: Vault, authority: Authority) -> frozenset[str]:
    seats = {seat.seat_id for seat in vault.practice().seats}
    there: dict[str, set[bytes]] = {}
    for share, row in newest_shares(vault, authority):
        there.setdefault(row.name, set()).add(share.seat_id)
    return frozenset(
        name for name in shared_names(authority) if not seats <= there.get(name, set())
    )


def newest_shares(vault: Vault, authority: Authority) -> list[tuple[Share, ShareRow]]:
    """Every share of a newest key, those on seats of today last; each with its outer side.

    Raises `Unopenable`.
    """
    today = {seat.seat_id for seat in vault.practice().seats}
    sheet = authority.sheet
    found = [
        (share, opened_share(vault.keyset, share))
        for share in stored_shares(vault, authority.client_id)
    ]
    newest = [one for one in found if one[1].generation == sheet.newest(one[1].name)]
    return sorted(newest, key=lambda one: one[0].seat_id in today)
