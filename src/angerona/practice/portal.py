"""A client's own way in: credentials, and the keys that the law opens to the client."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import AuthorityMoved, BadInput, Unopenable
from angerona.gate.gathering import OWN
from angerona.ledger.lines import KEYS, Line
from angerona.practice.clients import check_lives, check_treating, known_authority
from angerona.practice.members import Enrolled, NewMember, enrolment, insert_credential
from angerona.practice.ties import key_change, newest_keys, turn_keys
from angerona.rules.ages import ages_named
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from angerona.sealed.authority import moved_authority
from angerona.sealed.compartments import BY_TIE
from angerona.sealed.people import new_person
from angerona.sealed.rows import CredentialRow
from angerona.sealed.vault import person_digest

if TYPE_CHECKING:
    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Visit
    from angerona.store import Writing


_OF_ONE_RECORD: Final = "record."
"""How facts are named that speak of one record or passage: none to put on file for all of it."""


def questions_before_opening(visit: Visit, packs: Packs, client_id: bytes) -> tuple[str, ...]:
    """What the rules still ask before the client's own pages show the record and who looked.

    Facts for whoever treats to establish (`clients.establish`). Raises `Unknown`, `NotPermitted`.
    """
    vault = visit.vault
    authority = known_authority(visit, client_id)
    check_treating(visit, authority)
    classes = tuple(dict.fromkeys(one.wanted for one in vault.places(client_id)))
    asked: list[str] = []
    now = vault.practice().local(visit.at)
    ages = ages_named(packs.law(vault.practice().row.packs))
    for wants in (classes or ("attendance",), ("ledger",)):
        raw = {
            **OWN,
            "packs": list(vault.practice().row.packs),
            "at": now.isoformat(),
            "by": {"role": ["client"], "relation": ["none"]},
            "wants": list(wants),
            "consents": authority.documents_on(now.date(), ages),
            "orders": [],
            "facts": {**authority.facts_on(now.date()), "recipient.identity_verified": True},
        }
        del raw["as_author"]
        asked += decide(read_ask(raw, packs.facts, packs.packs), packs).questions
    on_file = (one for one in dict.fromkeys(asked) if not one.startswith(_OF_ONE_RECORD))
    return tuple(one for one in on_file if one in packs.facts)


def give_way_in(visit: Visit, client_id: bytes, name: str, password: str) -> Enrolled:
    """Give a client credentials, and a wrap of the compartments of his or her own record.

    Nothing that an author keeps apart is among them: where the law gives it to the client it is
    released like any other. Person and grant are written together or not at all. Raises `Unknown`
    for a client this person has nothing to do with, `NotPermitted` for whoever does not treat the
    client, `BadInput` where there is a way in already, the name is taken, or the client has died.
    """
    vault, by = visit.vault, visit.person
    authority = known_authority(visit, client_id)
    check_treating(visit, authority)
    check_lives(authority)
    if authority.client.parties:
        raise BadInput("record", "is of several", "the way in of each to his or her own")
    if authority.client.person_id is not None:
        raise BadInput("client", "has a way in already", "credentials added by the client")
    who = NewMember(name=name, roles=("client",), posts=(), client_id=client_id)
    ready = enrolment(vault, who, password, visit.at, by=by.described, post_seeds={})
    person = ready.person
    keys = newest_keys(visit, authority)
    change = key_change(visit, authority)
    own = {one: keys[one] for one in BY_TIE["own"] if one in keys}
    change.give(person.person_id, own, public=person.public.wrap, expires=None)
    row = msgspec.structs.replace(authority.client, person_id=person.person_id)

    def changes(writing: Writing) -> dict[bytes, bytes]:
        bound = ready.write(writing)
        writing.run(
            "clients.update",
            practice_id=vault.practice_id,
            client_id=client_id,
            authority=authority.version,
            row=vault.directory.seal(row, client_id),
        )
        change.write(writing)
        moved = moved_authority(writing, vault.practice_id, client_id)
        return {person.person_id: bound, client_id: moved}

    body = {"by": by.described, "what": "own way in", "whom": person.described}
    grant = Line(client_id, "grant", body, slot=KEYS)
    vault.ledger.append_all(
        [ready.line, grant],
        visit.at,
        authority={client_id: authority.version},
        changes=changes,
    ).result()
    return ready.enrolled


def renew_way_in(visit: Visit, client_id: bytes, password: str, reason: str) -> Enrolled:
    """Give a client who has lost everything a new way in, in person: nobody else need agree.

    The former credentials, keys and sessions are gone, and the keys of the record turn, because
    what was lost may have been found. The reason (how the person was recognised) is kept for the
    privacy officer. Raises `Unknown`, `NotPermitted` as `give_way_in`, `BadInput` where there is no
    way in yet, for a password that cannot be used and a reason that says nothing.
    """
    vault, by = visit.vault, visit.person
    authority = known_authority(visit, client_id)
    check_treating(visit, authority)
    check_lives(authority)
    person_id = authority.client.person_id
    if person_id is None:
        raise BadInput("client", "has no way in yet", "a first one")
    person, keys = vault.person(person_id), new_person()
    with_password = vault.lock.with_password(person_id, keys, password)
    with_code, code = vault.lock.with_recovery_code(person_id, keys)
    why = vault.reason_sealed(client_id, reason)
    held, change = newest_keys(visit, authority), key_change(visit, authority)
    own = {one: held[one] for one in BY_TIE["own"] if one in held}
    change.end_wraps_of(person_id, but={})  # what stands for them has the keys turn
    change.give(person_id, own, public=keys.public.wrap, expires=None)
    row = vault.directory.seal(person.row, person_id)
    place = {"practice_id": vault.practice_id, "person_id": person_id}

    def changes(writing: Writing) -> dict[bytes, bytes]:
        for credential_id, *_ in writing.rows("credentials.of_person", **place):
            gone = {"practice_id": vault.practice_id, "credential_id": credential_id}
            writing.run("credentials.delete", **gone)
        writing.run("drafts.delete_of_author", client_id=client_id, **place)
        writing.run("people.update", keys=keys.public.stored, row=row, **place)
        for credential, title in ((with_password, "password"), (with_code, "recovery code")):
            known = CredentialRow(kind=credential.kind, title=title, since=visit.at)
            insert_credential(vault, writing, credential, known)
        change.write(writing)
        moved = moved_authority(writing, vault.practice_id, client_id)
        return {person_id: person_digest(writing, **place), client_id: moved}

    said = {"by": by.described, "what": "own way in renewed"}
    lines = [
        Line(person_id, "keys", said, slot=KEYS),
        Line(client_id, "grant", {**said, "whom": person.described, "reason": why}, slot=KEYS),
    ]
    versions = {client_id: authority.version}
    vault.ledger.append_all(lines, visit.at, authority=versions, changes=changes).result()
    vault.agent.close_all(person_id)
    with contextlib.suppress(Unopenable, AuthorityMoved):  # Then they turn with the next who can.
        turn_keys(visit, client_id)
    return Enrolled(person_id, code)
