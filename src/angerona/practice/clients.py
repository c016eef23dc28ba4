"""Clients: their enrolment, with keys, wraps and key holders' shares from the first moment."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, SignedOut, Unknown, one_line
from angerona.practice.colleagues import works_here
from angerona.rules.ask import read_facts
from angerona.sealed.authority import bound_authority, moved_authority
from angerona.sealed.client_keys import CLIENT_KEY, Whose, new_keys
from angerona.sealed.compartments import process_compartment
from angerona.sealed.key_changes import KeyChange
from angerona.sealed.rows import ClientRow, OwnChoices, TieRow
from angerona.words import ROLES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.passages import Party
    from angerona.sealed.vault import Person, Vault, Visit
    from angerona.store import Writing

FIRST_VERSION: Final = 1
CLINICAL: Final = frozenset(ROLES) - {
    "privacy_officer",
    "front_desk",
    "biller",
    "researcher",
    "client",
    "representative",
    "system",
}
"""Roles in which one can treat a client."""
DESK: Final = frozenset({"front_desk", "biller"})
"""Posts to whose holders clients who work here are not shown among the others."""
NAME_CHARACTERS_MAX: Final = 200
CONTACT_CHARACTERS_MAX: Final = 200
CONTACTS_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClient:
    """Who comes: a name (a chosen one will do), ways to be reached, facts the rules ask for.

    `discreet`: somebody who works here or belongs to somebody who does; the desk finds neither.
    `own`: how the person may be reached and how never, where that was said before (`contact.py`).
    `parties`: whom a joint record is about, where it is one (`joint_records.py`).
    """

    name: str
    contact: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, bool | int | str] = field(default_factory=dict)
    discreet: bool = False
    own: OwnChoices = field(default_factory=OwnChoices)
    parties: tuple[Party, ...] = ()


def enrol_client(visit: Visit, who: NewClient, *, treating: bytes) -> bytes:
    """Enrol a client whom the person `treating` will treat; gives the client's id (16 bytes).

    The keys are made, wrapped to whoever may hold them, and shared out to the key holders in one
    transaction with their ledger line. Raises `BadInput` (a `treating` without a clinical role
    among others), `Unknown`; `NotPermitted` in a client's
    own session.
    """
    name = one_line("name", who.name, NAME_CHARACTERS_MAX)
    contact = _contact(who.contact)
    if visit.person.row.client_id is not None:
        raise NotPermitted
    vault, by = visit.vault, visit.person
    therapist = vault.person(treating)
    check_can_treat(therapist, visit.at)
    client_id, label = os.urandom(16), os.urandom(32)
    whose = Whose(vault.practice_id, client_id, label)
    made, sheet = new_keys(whose)
    change = KeyChange(vault, whose, sheet, written=0, granter=by.person_id, at=visit.at)
    change.share_out({CLIENT_KEY: made.client})
    tie = TieRow(
        person_id=treating, relation="treating", since=visit.at, until=None, by=by.person_id
    )
    change.give_to_ties(made.compartments, (tie,))
    change.give_to_posts(made.compartments)
    process = process_compartment(treating)
    own = {process: change.own_key(process)}
    change.give(treating, own, public=therapist.public.wrap, expires=None)
    epoch, event_row = vault.event_keys.new(client_id)
    row = ClientRow(
        name=name,
        label=label,
        since=visit.at,
        contact=contact,
        facts=dict(who.facts),
        discreet=who.discreet,
        own=who.own,
        parties=who.parties,
    )

    def changes(writing: Writing) -> bytes:
        place: dict[str, bytes] = {"practice_id": vault.practice_id, "client_id": client_id}
        vault.ledger.enrol(writing, client_id, label)
        sealed = vault.directory.seal(row, client_id)
        writing.run("clients.insert", authority=FIRST_VERSION, row=sealed, **place)
        writing.run("event_keys.insert", epoch=epoch, blob=event_row, **place)
        insert_tie(vault, writing, client_id, os.urandom(16), tie)
        change.write(writing)
        return bound_authority(writing, vault.practice_id, client_id)

    body = {
        "by": by.described,
        "what": "record opened",
        "treating": therapist.described,
        "key_holders": len(vault.practice().seats),
    }
    vault.record(client_id, "keys", body, visit.at, slot="keys", changes=changes)
    return client_id


def _contact(given: Mapping[str, str]) -> dict[str, str]:
    """Ways to be reached, as they can be written anywhere. Raises `BadInput`."""
    if len(given) > CONTACTS_MAX:
        raise BadInput("contact", "holds too many ways", f"up to {CONTACTS_MAX}")
    return {
        one_line("contact", kind, CONTACT_CHARACTERS_MAX): one_line(
            "contact", value, CONTACT_CHARACTERS_MAX
        )
        for kind, value in given.items()
    }


def check_can_treat(person: Person, at: datetime.datetime) -> None:
    """Raise `BadInput` for anybody but a member with a clinical role that does not run out."""
    roles = {one for one in person.row.roles if person.row.until_of(one) is None}
    if not (CLINICAL & roles and works_here(person, at)):
        raise BadInput("treating", "is nobody who treats", "a member with a clinical profession")


def known_authority(visit: Visit, client_id: bytes) -> Authority:
    """What decides about a client whom this person may be spoken to about at all.

    Raises `Unknown`, the same for no such client and for one the person has nothing to do with;
    `SignedOut` for somebody who was shut out while this visit lasts.
    """
    person = visit.person
    if not person.credentials:
        raise SignedOut
    with contextlib.suppress(Unknown):
        authority = visit.vault.authority(client_id)
        own = authority.client.person_id == person.person_id
        if own or person.row.posts or authority.relations(person.person_id, visit.at):
            return authority
    visit.vault.refused_stranger(visit.at)
    raise Unknown


def reaches(person: Person, authority: Authority, at: datetime.datetime) -> bool:
    """Whether somebody knows of a client by a tie or a post: of a discreet one, not by the desk."""
    posts = set(person.row.posts)
    by_post = bool(posts) and not (authority.client.discreet and posts <= DESK)
    return by_post or bool(authority.relations(person.person_id, at))


def check_treating(visit: Visit, authority: Authority) -> None:
    """Raise `NotPermitted` unless this person treats the client now."""
    if "treating" not in authority.relations(visit.unlocked.person_id, visit.at):
        raise NotPermitted


def check_lives(authority: Authority) -> None:
    """Raise `BadInput` for what cannot be of a client who has died."""
    if authority.client.standing.death is not None:
        raise BadInput("client", "has died", "what is done for the living")


def establish(
    visit: Visit, packs: Packs, client_id: bytes, facts: Mapping[str, bool | int | str | None]
) -> None:
    """Put facts on file that the rules ask for, such as an age; `None` takes one off.

    Raises `BadAsk` for what no pack asks, `Unknown` for a client this person has nothing to do
    with, `NotPermitted` for whoever does not treat the client.
    """
    authority = known_authority(visit, client_id)
    check_treating(visit, authority)
    read_facts(dict(facts), packs.facts)
    kept = {**authority.client.facts, **facts}
    now = {name: value for name, value in kept.items() if value is not None}
    row = msgspec.structs.replace(authority.client, facts=now)
    rewrite_client(visit, authority, row, "keys", what="facts on file", stated=dict(facts))


def rewrite_client(
    visit: Visit, authority: Authority, row: ClientRow, kind: str, **said: object
) -> None:
    """Write a client's own row anew, with a line of this kind that says `said`.

    Who may is for the caller to check. Raises `AuthorityMoved`.
    """
    vault, client_id = visit.vault, authority.client_id
    sealed = vault.directory.seal(row, client_id)

    def changes(writing: Writing) -> bytes:
        place = {"practice_id": vault.practice_id, "client_id": client_id}
        writing.run("clients.update", authority=authority.version, row=sealed, **place)
        return moved_authority(writing, vault.practice_id, client_id)

    vault.record(
        client_id,
        kind,
        {"by": visit.person.described, **said},
        visit.at,
        authority=authority.version,
        slot="keys",
        changes=changes,
    )


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
