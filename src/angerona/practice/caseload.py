"""The clients whom somebody may be spoken to about: the caseload, and one client out of it.

Within reach are the clients a person is tied to, for a client with a way in that client alone, and
for whoever holds a post everyone; as at the gate (`gate/gathering.py`). Whom a person has no tie to
and whom nobody knows cannot be told apart here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Visit

BORN: Final = "born"
"""Under which name a day of birth stands among the ways to be reached, as ISO 8601."""
_ID: Final = re.compile(r"[0-9a-f]{4,32}\Z")


@dataclass(frozen=True, slots=True)
class Known:
    """A client within reach: id (16 bytes), name, day of birth if known, the person's relations."""

    client_id: bytes
    name: str
    born: str
    relations: tuple[str, ...]

    @property
    def short_id(self) -> str:
        """The first four bytes of the id, as people write it."""
        return short_id(self.client_id)


def short_id(whole: bytes) -> str:
    """The first four bytes of an id, as in 5f0c-0a6e."""
    digits = whole.hex()
    return f"{digits[:4]}-{digits[4:8]}"


def caseload(visit: Visit) -> list[Known]:
    """Everyone within reach, by name, with a line under the person who had them listed.

    Raises `Altered` where rows are not what the ledger holds.
    """
    found = sorted(known_to(visit), key=lambda one: (one.name.casefold(), one.client_id))
    person = visit.person
    body = {"by": person.described, "what": "caseload", "clients": len(found)}
    visit.vault.record(person.person_id, "look", body, visit.at)
    return found


def client_of(visit: Visit, given: str) -> bytes:
    """The id (16 bytes) of the client whom a name, or the beginning of an id, names.

    Raises `Unknown`, the same for nobody of this name and for somebody out of reach; `BadInput`
    where it fits several within reach.
    """
    digits, name = given.strip().replace("-", "").lower(), given.strip().casefold()
    found = [
        one.client_id
        for one in known_to(visit)
        if one.name.casefold() == name
        or (_ID.match(digits) and one.client_id.hex().startswith(digits))
    ]
    if not found:
        visit.vault.refused_stranger(visit.at)
        raise Unknown
    if len(found) > 1:
        raise BadInput("client", "this fits more than one", "the id that the list of clients shows")
    return found[0]


def known_to(visit: Visit) -> Iterator[Known]:
    """Everyone within reach, in no order."""
    person = visit.person
    for client_id in _candidates(visit):
        authority = visit.vault.authority(client_id)
        relations = authority.relations(person.person_id, visit.at)
        if relations or person.row.posts or person.row.client_id == client_id:
            yield _known(authority, relations)


def _candidates(visit: Visit) -> Iterable[bytes]:
    """The clients with a wrap to this person; every client for the holder of a post."""
    vault = visit.vault
    if visit.person.row.posts:
        rows = vault.store.rows("clients.all", practice_id=vault.practice_id)
        return [client_id for client_id, _, _ in rows]
    rows = vault.store.rows(
        "wraps.of_recipient",
        practice_id=vault.practice_id,
        recipient_id=visit.unlocked.person_id,
    )
    return dict.fromkeys(row[1] for row in rows)


def _known(authority: Authority, relations: tuple[str, ...]) -> Known:
    client = authority.client
    return Known(authority.client_id, client.name, client.contact.get(BORN, ""), relations)
