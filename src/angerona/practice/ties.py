"""Ties: who treats, covers or supervises a client, from when until when, and with which keys."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, Unknown, one_of
from angerona.practice.clients import bound_authority, insert_tie
from angerona.sealed.client_keys import with_own_key
from angerona.sealed.compartments import BY_TIE, process_compartment
from angerona.sealed.holding import held_keys
from angerona.sealed.key_holders import shared_out
from angerona.sealed.rows import TieRow
from angerona.sealed.wraps import Grant, wrapped

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.sealed.authority import Authority
    from angerona.sealed.client_keys import SheetRow
    from angerona.sealed.key_holders import Share
    from angerona.sealed.vault import Person, Visit
    from angerona.sealed.wraps import Wrap
    from angerona.store import Writing

GRANTING: Final = frozenset({"treating", "supervisor"})
"""Relations in which one may tie a colleague to the client."""
GRANTED: Final = frozenset(BY_TIE) - {"own"}
"""Relations that can be given."""


def begin_tie(
    visit: Visit,
    client_id: bytes,
    person_id: bytes,
    relation: str,
    *,
    until: datetime.datetime | None,
) -> bytes:
    """Tie a colleague to a client, with the keys that go with it; gives the tie's id (16 bytes).

    Raises `BadInput` for a relation that cannot be given or an end that is past, `NotPermitted`
    where the one who asks does not treat or supervise the client.
    """
    vault, at, by = visit.vault, visit.at, visit.person
    if relation not in GRANTED:
        raise BadInput("relation", "cannot be given", one_of(GRANTED, relation))
    if until is not None and until <= at:
        raise BadInput("until", "is past", "a later time, or none")
    authority = vault.authority(client_id)
    _check_granter(authority, by, at)
    person = vault.person(person_id)
    tie = TieRow(person_id=person_id, relation=relation, since=at, until=until, by=by.person_id)
    keys = {name: key for name, (_, key) in held_keys(visit, authority).items()}
    given = {name: keys[name] for name in BY_TIE[relation] if name in keys}
    sheet, shares = authority.sheet, []
    process = process_compartment(person_id)
    if relation == "treating" and not sheet.newest(process):
        given[process], sheet = with_own_key(authority.whose(vault.practice_id), sheet, process)
        shares = _shares(visit, authority, sheet, process, given[process])
    wrap = _wrap(visit, authority, sheet, given, person, until)
    tie_id = os.urandom(16)

    def changes(writing: Writing) -> bytes:
        place = {"practice_id": vault.practice_id, "client_id": client_id}
        insert_tie(vault, writing, client_id, tie_id, tie)
        writing.run("wraps.insert", **wrap.given(vault.practice_id))
        for share in shares:
            writing.run("shares.insert", **share.given(vault.practice_id))
        if sheet.version != authority.sheet.version:
            sealed = vault.directory.seal(sheet, client_id)
            writing.run("key_sheets.insert", version=sheet.version, sheet=sealed, **place)
        writing.run("clients.move_authority", **place)
        return bound_authority(vault, writing, client_id)

    body = {
        "by": by.described,
        "what": "tie begun",
        "whom": person.described,
        "relation": relation,
        "until": None if until is None else until.isoformat(),
    }
    vault.record(
        client_id, "grant", body, at, authority=authority.version, slot="keys", changes=changes
    )
    return tie_id


def end_tie(visit: Visit, client_id: bytes, tie_id: bytes) -> None:
    """End a tie now, and delete its wraps. Whoever held keys may have copied what they opened.

    Raises `Unknown` where there is no such tie, `NotPermitted` as `begin_tie`; one's own tie may
    always be ended.
    """
    vault, at, by = visit.vault, visit.at, visit.person
    authority = vault.authority(client_id)
    tie = authority.ties.get(tie_id)
    if tie is None:
        raise Unknown
    if tie.person_id != by.person_id:
        _check_granter(authority, by, at)
    others = (one for other_id, one in authority.ties.items() if other_id != tie_id)
    still_tied = any(
        one.person_id == tie.person_id and (one.until is None or one.until > at) for one in others
    )
    ended = msgspec.structs.replace(tie, until=at)

    def changes(writing: Writing) -> bytes:
        place = {"practice_id": vault.practice_id, "client_id": client_id}
        row = vault.directory.seal(ended, client_id, tie_id)
        writing.run("ties.update", practice_id=vault.practice_id, tie_id=tie_id, row=row)
        if not still_tied:
            writing.run("wraps.delete_of_recipient", recipient_id=tie.person_id, **place)
        writing.run("clients.move_authority", **place)
        return bound_authority(vault, writing, client_id)

    body = {
        "by": by.described,
        "what": "tie ended",
        "whom": vault.person(tie.person_id).described,
        "relation": tie.relation,
    }
    vault.record(
        client_id, "revocation", body, at, authority=authority.version, slot="keys", changes=changes
    )
    vault.agent.forget(tie.person_id, client_id)


def _check_granter(authority: Authority, by: Person, at: datetime.datetime) -> None:
    if not GRANTING.intersection(authority.relations(by.person_id, at)):
        raise NotPermitted


def _shares(
    visit: Visit, authority: Authority, sheet: SheetRow, name: str, key: bytes
) -> list[Share]:
    practice = visit.vault.practice()
    whose = authority.whose(visit.vault.practice_id)
    return shared_out(
        visit.vault.keyset, whose, sheet, {name: key}, practice.seats, needed=practice.row.quorum
    )


def _wrap(
    visit: Visit,
    authority: Authority,
    sheet: SheetRow,
    keys: Mapping[str, bytes],
    person: Person,
    until: datetime.datetime | None,
) -> Wrap:
    grant = Grant(
        recipient_id=person.person_id,
        public=person.public.wrap,
        granter=visit.unlocked.person_id,
        expires=until,
    )
    whose = authority.whose(visit.vault.practice_id)
    return wrapped(visit.vault.keyset, whose, sheet, keys, grant)
