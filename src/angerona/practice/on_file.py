"""What stands on file of a client: who is tied, which consents, facts and keys there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import Unknown
from angerona.practice.clients import known_authority
from angerona.practice.members import OFFICER

if TYPE_CHECKING:
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Visit

_SEEING: Final = frozenset({"treating", "supervisor"})


def on_file(visit: Visit, client_id: bytes) -> Authority:
    """All that decides about a record, with a line in the client's ledger; no entry is opened.

    For whoever treats or supervises, and for the privacy officer. Raises `Unknown` for anybody
    else, the client too: a fact on file may be what the law keeps from the client.
    """
    vault, person = visit.vault, visit.person
    authority = known_authority(visit, client_id)
    tied = _SEEING.intersection(authority.relations(person.person_id, visit.at))
    if not tied and OFFICER not in person.row.posts:
        vault.refused_stranger(visit.at)
        raise Unknown
    vault.record(client_id, "look", {"by": person.described, "what": "on file"}, visit.at)
    return authority
