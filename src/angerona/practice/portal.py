"""A client's own way in: credentials, and the keys that the law opens to the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput
from angerona.gate.gathering import OWN
from angerona.ledger.lines import KEYS, Line
from angerona.practice.clients import check_treating, known_authority
from angerona.practice.members import Enrolled, NewMember, enrolment
from angerona.practice.ties import key_change, newest_keys
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from angerona.sealed.authority import moved_authority
from angerona.sealed.compartments import BY_TIE

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
    for wants in (classes or ("attendance",), ("ledger",)):
        raw = {
            **OWN,
            "packs": list(vault.practice().row.packs),
            "at": visit.at.isoformat(),
            "by": {"role": ["client"], "relation": ["none"]},
            "wants": list(wants),
            "consents": authority.documents(),
            "orders": [],
            "facts": {**authority.client.facts, "recipient.identity_verified": True},
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
    client, `BadInput` where there is a way in already or the name is taken.
    """
    vault, by = visit.vault, visit.person
    authority = known_authority(visit, client_id)
    check_treating(visit, authority)
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
