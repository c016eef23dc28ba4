"""Opening one record by quorum: for a lawful limit, by k key holders, and never more than asked.

The officer states a request, which the ledger holds first. Each key holder adds what the seat's
secret opens. With enough of them the keys of the compartments named are wrapped to the officer
until the request ends. They open nothing by themselves: each look and each disclosure after that
goes through the gate like any other.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.ciphers.wraps import WrapPair, wrap
from angerona.errors import BadInput, NotPermitted, Unopenable, one_of
from angerona.gate.announcing import Act, announced
from angerona.gate.saying import HELD_AT_MOST
from angerona.ledger.lines import Line
from angerona.practice.clients import insert_tie
from angerona.practice.members import OFFICER
from angerona.practice.ties import key_change
from angerona.sealed.authority import moved_authority
from angerona.sealed.compartments import COMPARTMENTS
from angerona.sealed.duties import new_review
from angerona.sealed.held_lines import HELD, hold
from angerona.sealed.key_holders import (
    Contribution,
    RequestRow,
    contributed,
    reassembled,
    seed_info,
)
from angerona.sealed.owed import newest_shares, stored_shares
from angerona.sealed.rows import TieRow

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

CARE: Final = "care"
OPENING_LIMITS: Final = ("harm", "abuse", "court", CARE)
"""For what a record may be opened without its clinician: a limit of confidentiality, or so that
somebody can care for the client whose clinician cannot any more."""


def state_request(
    visit: Visit,
    client_id: bytes,
    names: Sequence[str],
    *,
    limit: str,
    reason: str,
    expires: datetime.datetime,
    hold_until: datetime.datetime | None = None,
) -> RequestRow:
    """State a request to open compartments of one client's record, with its ledger line.

    `names`: compartments, or keys of their own such as `process:...`. `hold_until`: where a court
    ordered it and forbids telling, its lines and those of the opening are held from the client's
    list until then. Raises `NotPermitted` for anybody but the privacy officer, `Unknown` for no
    such client, `BadInput`.
    """
    vault = visit.vault
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    authority = vault.authority(client_id)
    known = {one.name for one in authority.sheet.keys if one.name != "client"}
    if not names or not set(names) <= known:
        raise BadInput("compartments", "are not this record's", one_of(COMPARTMENTS))
    if limit not in OPENING_LIMITS:
        raise BadInput("limit", "is none that opens a record", one_of(OPENING_LIMITS, limit))
    sealed_reason = vault.reason_sealed(client_id, reason)
    if expires <= visit.at:
        raise BadInput("expires", "is past", "a later time")
    _check_hold(hold_until, limit, visit.at)
    pair = WrapPair.generate()
    request = RequestRow(
        request_id=os.urandom(16),
        client_id=client_id,
        names=tuple(dict.fromkeys(names)),
        limit=limit,
        reason=reason,
        officer_id=visit.unlocked.person_id,
        stated=visit.at,
        expires=expires,
        public=pair.public,
        sealed_seed=b"",
        held_until=hold_until,
    )
    sealed_seed = wrap(visit.person.public.wrap, seed_info(request), bytes(pair.seed))
    request = msgspec.structs.replace(request, sealed_seed=sealed_seed)
    body = {
        "by": visit.person.described,
        "what": "opening requested",
        "limit": limit,
        "compartments": list(request.names),
        "request": request.digest.hex(),
        "reason": sealed_reason,
        "until": expires.isoformat(),
    }
    if hold_until is None:
        vault.record(client_id, "quorum", body, visit.at)
    else:
        hold(vault, Line(client_id, "quorum", body), visit.at, until=hold_until, authority=None)
    return request


def _check_hold(until: datetime.datetime | None, limit: str, at: datetime.datetime) -> None:
    """Raise `BadInput` unless a court can have ordered to keep silent until then."""
    if until is None:
        return
    if limit != "court":
        raise BadInput("hold until", "is for a court's order alone", "the limit court, or none")
    if not at < until <= at + HELD_AT_MOST:
        raise BadInput("hold until", "is past or too far away", f"{HELD_AT_MOST.days} days at most")


def contribute(
    vault: Vault, request: RequestRow, secret: bytes, at: datetime.datetime
) -> Contribution:
    """What the seat with this secret (32 bytes) gives to a request.

    Raises `Unopenable` for a secret that is no seat's, or where the seat has no share,
    `NotPermitted` for a request that the ledger does not hold or that has ended.
    """
    _check_stated(vault, request, at)
    pair = WrapPair.from_seed(secret)
    seat = next((one for one in vault.practice().seats if one.public == pair.public), None)
    if seat is None:
        raise Unopenable("a seat's secret")
    whose = vault.authority(request.client_id).whose(vault.practice_id)
    shares = stored_shares(vault, request.client_id)
    return contributed(vault.keyset, whose, request, pair, shares, seat_id=seat.seat_id)


def open_record(
    visit: Visit, request: RequestRow, contributions: Sequence[Contribution]
) -> tuple[str, ...]:
    """Wrap the keys asked for to the officer; gives the compartments opened.

    For a limit they end with the request. For the sake of care the officer takes the record over,
    treats the client from now on, and can tie whoever shall.

    The ledger line is in the same transaction as the wrap; one that is held binds nothing, for the
    client's list would show that, and a wrap for a time needs nothing bound. Raises `TooFewSeats`,
    `Unopenable`, `Planted`; `NotPermitted` for anybody but the officer who asked, or once the
    request has ended.
    """
    vault, client_id, practice = visit.vault, request.client_id, visit.vault.practice()
    if visit.unlocked.person_id != request.officer_id:
        raise NotPermitted
    _check_stated(vault, request, visit.at)
    authority = vault.authority(client_id)
    keys = reassembled(
        authority.whose(vault.practice_id),
        authority.sheet,
        request,
        contributions,
        practice=practice,
        officer=visit.unlocked.keys.pair,
        split_for={row.name: row.needed for _, row in newest_shares(vault, authority)},
    )
    change = key_change(visit, authority)
    officer = visit.person
    takes_over = request.limit == CARE
    until = None if takes_over else request.expires
    change.give(officer.person_id, keys, public=officer.public.wrap, expires=until)
    body = _opening_said(visit, request, {one.seat_id for one in contributions})

    def changes(writing: Writing) -> bytes:
        if takes_over:
            insert_tie(vault, writing, client_id, os.urandom(16), _own_tie(visit))
        change.write(writing)
        return moved_authority(writing, vault.practice_id, client_id)

    version, held_until = authority.version, request.held_until
    is_held = held_until is not None and visit.at < held_until
    told = held_until if is_held else None
    act = Act(
        *(client_id, "opened", body),
        owes=(new_review(client_id, officer.person_id, "opened", visit.at, told),),
        held_until=told,
        slot="" if is_held else "keys",
        change=change.write if is_held else changes,
    )
    announced(vault, act, visit.at, authority=version)
    if is_held:
        vault.agent.forget(officer.person_id, client_id)  # the authority did not move for it
    return request.names


def _opening_said(visit: Visit, request: RequestRow, given: set[bytes]) -> dict[str, object]:
    """What the ledger says of an opening to which the seats of these ids gave their part."""
    takes_over = request.limit == CARE
    return {
        "by": visit.person.described,
        "what": "record opened by key holders",
        "limit": request.limit,
        "compartments": list(request.names),
        "request": request.digest.hex(),
        "seats": [one.number for one in visit.vault.practice().seats if one.seat_id in given],
        "until": None if takes_over else request.expires.isoformat(),
        "takes_over": takes_over,
    }


def _own_tie(visit: Visit) -> TieRow:
    """The tie of an officer who takes a record over: from now on, without an end."""
    person_id = visit.unlocked.person_id
    return TieRow(
        person_id=person_id, relation="treating", since=visit.at, until=None, by=person_id
    )


def _check_stated(vault: Vault, request: RequestRow, at: datetime.datetime) -> None:
    """Raise `NotPermitted` unless the ledger holds this very request, and it has not ended."""
    digest, whose, kind = request.digest.hex(), request.client_id, "quorum"
    if request.held_until is not None:
        whose, kind = vault.practice_id, HELD
    lines = vault.ledger.lines_of(whose)
    stated = any(one.kind == kind and one.body.get("request") == digest for one in lines)
    if not stated or at >= request.expires:
        raise NotPermitted


def request_file(vault: Vault, request: RequestRow) -> bytes:
    """A request as a file: sealed under the directory key, so that only this practice reads it."""
    return vault.directory.seal(request, request.request_id) + request.request_id


def read_request(vault: Vault, file: bytes) -> RequestRow:
    """The request in a file. Raises `Unopenable` for any other file."""
    sealed, request_id = file[:-16], file[-16:]
    return vault.directory.open(RequestRow, sealed, request_id)


def contribution_file(contribution: Contribution) -> bytes:
    """A contribution as a file; what is in it is sealed to the request."""
    return msgspec.msgpack.encode(contribution)


def read_contribution(file: bytes) -> Contribution:
    """The contribution in a file. Raises `BadInput`."""
    try:
        return msgspec.msgpack.decode(file, type=Contribution)
    except msgspec.MsgspecError:
        raise BadInput("contribution", "is not the file of a key holder") from None
