"""A client's own way in: credentials, and the keys that the law opens to the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from angerona.errors import BadInput, NotPermitted
from angerona.practice.members import Enrolled, NewMember, enrol
from angerona.practice.ties import GRANTING, key_change, newest_keys
from angerona.sealed.authority import moved_authority
from angerona.sealed.compartments import BY_TIE

if TYPE_CHECKING:
    from angerona.sealed.vault import Visit
    from angerona.store import Writing


def give_way_in(visit: Visit, client_id: bytes, name: str, password: str) -> Enrolled:
    """Give a client credentials, and a wrap of the compartments of his or her own record.

    Nothing that an author keeps apart is among them: where the law gives it to the client it is
    released like any other. Raises `NotPermitted` for whoever does not treat the client, `BadInput`
    where there is a way in already.
    """
    vault = visit.vault
    authority = vault.authority(client_id)
    if not GRANTING.intersection(authority.relations(visit.unlocked.person_id, visit.at)):
        raise NotPermitted
    if authority.client.person_id is not None:
        raise BadInput("client", "has a way in already", "credentials added by the client")
    who = NewMember(name=name, roles=("client",), posts=(), client_id=client_id)
    made = enrol(vault, who, password, visit.at, by=visit.person.described, post_seeds={})
    person = vault.person(made.person_id)
    keys = newest_keys(visit, authority)
    change = key_change(visit, authority)
    own = {one: keys[one] for one in BY_TIE["own"] if one in keys}
    change.give(person.person_id, own, public=person.public.wrap, expires=None)
    row = msgspec.structs.replace(authority.client, person_id=person.person_id)

    def changes(writing: Writing) -> bytes:
        writing.run(
            "clients.update",
            practice_id=vault.practice_id,
            client_id=client_id,
            authority=authority.version,
            row=vault.directory.seal(row, client_id),
        )
        change.write(writing)
        return moved_authority(writing, vault.practice_id, client_id)

    body = {"by": visit.person.described, "what": "own way in", "whom": person.described}
    vault.record(
        client_id,
        "grant",
        body,
        visit.at,
        authority=authority.version,
        slot="keys",
        changes=changes,
    )
    return made
