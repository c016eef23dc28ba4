"""Clients: their enrolment, with keys, wraps and key holders' shares from the first moment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.sealed.authority import authority_digest, stored_authority
from angerona.sealed.client_keys import CLIENT_KEY, Whose, new_keys, with_own_key
from angerona.sealed.compartments import BY_POST, BY_TIE, process_compartment
from angerona.sealed.key_holders import shared_out
from angerona.sealed.rows import ClientRow, TieRow
from angerona.sealed.wraps import Grant, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.sealed.client_keys import ClientKeys, SheetRow
    from angerona.sealed.vault import Person, Vault, Visit
    from angerona.sealed.wraps import Wrap
    from angerona.store import Writing

FIRST_VERSION: Final = 1
NAME_CHARACTERS_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """Who comes: a name (a chosen one will do), ways to be reached, facts the rules ask for."""

    name: str
    contact: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, bool | int | str] = field(default_factory=dict)


def enrol_client(visit: Visit, who: NewClient, *, treating: bytes) -> bytes:
    """Enrol a client whom the person `treating` will treat; gives the client's id (16 bytes).

    The keys are made, wrapped to whoever may hold them, and shared out to the key holders in one
    transaction with their ledger line. Raises `BadInput`, `Unknown`.
    """
    if not who.name.strip() or len(who.name) > NAME_CHARACTERS_MAX:
        raise BadInput("name", "is empty or too long", f"1 to {NAME_CHARACTERS_MAX} characters")
    vault, at, by = visit.vault, visit.at, visit.person
    therapist = vault.person(treating)
    client_id, label = os.urandom(16), os.urandom(32)
    whose = Whose(vault.practice_id, client_id, label)
    made, sheet = new_keys(whose)
    process = process_compartment(treating)
    process_key, sheet = with_own_key(whose, sheet, process)
    epoch, event_row = vault.event_keys.new(client_id)
    wraps = _wraps(vault, whose, made, sheet, therapist, process_key)
    shares = shared_out(
        vault.keyset,
        whose,
        sheet,
        {CLIENT_KEY: made.client, process: process_key},
        vault.practice().seats,
        needed=vault.practice().row.quorum,
    )
    row = ClientRow(
        name=who.name, label=label, since=at, contact=dict(who.contact), facts=dict(who.facts)
    )
    tie = TieRow(person_id=treating, relation="treating", since=at, until=None, by=by.person_id)

    def changes(writing: Writing) -> bytes:
        place: dict[str, bytes] = {"practice_id": vault.practice_id, "client_id": client_id}
        vault.ledger.enrol(writing, client_id, label)
        writing.run(
            "clients.insert",
            authority=FIRST_VERSION,
            row=vault.directory.seal(row, client_id),
            **place,
        )
        writing.run("event_keys.insert", epoch=epoch, blob=event_row, **place)
        writing.run(
            "key_sheets.insert",
            version=sheet.version,
            sheet=vault.directory.seal(sheet, client_id),
            **place,
        )
        insert_tie(vault, writing, client_id, os.urandom(16), tie)
        for wrap in wraps:
            writing.run("wraps.insert", **wrap.given(vault.practice_id))
        for share in shares:
            writing.run("shares.insert", **share.given(vault.practice_id))
        return bound_authority(vault, writing, client_id)

    body = {
        "by": by.described,
        "what": "record opened",
        "treating": therapist.described,
        "key_holders": len(vault.practice().seats),
    }
    vault.record(client_id, "keys", body, at, slot="keys", changes=changes)
    return client_id


def insert_tie(
    vault: Vault, writing: Writing, client_id: bytes, tie_id: bytes, tie: TieRow
) -> None:
    """Write a new tie."""
    writing.run(
        "ties.insert",
        practice_id=vault.practice_id,
        tie_id=tie_id,
        client_id=client_id,
        row=vault.directory.seal(tie, client_id, tie_id),
    )


def bound_authority(vault: Vault, writing: Writing, client_id: bytes) -> bytes:
    """What the ledger is to bind of a client's authority, as the transaction has it now."""
    stored = stored_authority(writing, vault.practice_id, client_id)
    return authority_digest(vault.practice_id, client_id, stored)


def _wraps(
    vault: Vault,
    whose: Whose,
    made: ClientKeys,
    sheet: SheetRow,
    therapist: Person,
    process_key: bytes,
) -> list[Wrap]:
    """One wrap to the therapist, one to each post that holds keys of every client."""
    own = {name: made.compartments[name] for name in BY_TIE["treating"]}
    own[process_compartment(therapist.person_id)] = process_key
    wraps = [_wrap(vault, whose, sheet, own, therapist.person_id, therapist.public.wrap)]
    for name, post in vault.practice().posts.items():
        if BY_POST[name]:
            keys = {one: made.compartments[one] for one in BY_POST[name]}
            wraps.append(_wrap(vault, whose, sheet, keys, post.post_id, post.public))
    return wraps


def _wrap(
    vault: Vault,
    whose: Whose,
    sheet: SheetRow,
    keys: Mapping[str, bytes],
    recipient_id: bytes,
    public: bytes,
) -> Wrap:
    grant = Grant(recipient_id=recipient_id, public=public, granter=vault.practice_id, expires=None)
    return wrapped(vault.keyset, whose, sheet, keys, grant)
