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
from angerona.practice.clients import DESK, known_authority

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import TieRow
    from angerona.sealed.vault import Visit

BORN: Final = "born"
"""Under which name a day of birth stands among the ways to be reached, as ISO 8601."""
_FEWEST: Final = 2
_FEWEST_DIGITS: Final = 4
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


def found_by(visit: Visit, words: str) -> list[Known]:
    """Everyone within reach whose name has these words in it, or whose phone number ends so.

    With a line under the person who looked. Raises `BadInput` for fewer than two characters.
    """
    wanted, digits = words.strip().casefold(), "".join(one for one in words if one.isdigit())
    if len(wanted) < _FEWEST:
        raise BadInput("words", "are too few", f"{_FEWEST} characters or more")
    found = [
        one
        for one in known_to(visit)
        if wanted in one.name.casefold() or _is_phone(visit, one.client_id, digits)
    ]
    person = visit.person
    body = {"by": person.described, "what": "caseload", "clients": len(found)}
    visit.vault.record(person.person_id, "look", body, visit.at)
    return sorted(found, key=lambda one: (one.name.casefold(), one.client_id))


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


def met(visit: Visit, client_id: bytes) -> Known:
    """The client whom a page is about. Raises as `known_authority`.

    Whoever is not tied to the client, and comes by a post, leaves a line that the client can read.
    """
    authority = known_authority(visit, client_id)
    found = _known(authority, authority.relations(visit.unlocked.person_id, visit.at))
    if not found.relations:
        visit.saw(client_id, "head")
    return found


def tied_to(visit: Visit, client_id: bytes) -> Mapping[bytes, TieRow]:
    """Every tie of a client, by id, those that ended too. Raises, and leaves a line, as `met`."""
    authority = known_authority(visit, client_id)
    if not authority.relations(visit.unlocked.person_id, visit.at):
        visit.saw(client_id, "people")
    return authority.ties


def known_to(visit: Visit) -> Iterator[Known]:
    """Everyone within reach, in no order."""
    person, own = visit.person, _own_names(visit)
    for client_id in _candidates(visit):
        authority = visit.vault.authority(client_id)
        relations = authority.relations(person.person_id, visit.at)
        by_post = person.row.posts and not _is_hidden(visit, authority, own)
        if relations or by_post or person.row.client_id == client_id:
            yield _known(authority, relations)


def _own_names(visit: Visit) -> frozenset[str]:
    """The names of those who work here, where somebody asks by a post of the desk alone."""
    vault, person = visit.vault, visit.person
    if not set(person.row.posts) <= DESK:
        return frozenset()
    rows = vault.store.rows("people.all", practice_id=vault.practice_id)
    people = (vault.person(person_id).row for person_id, *_ in rows)
    return frozenset(one.name.casefold() for one in people if one.client_id is None)


def _is_hidden(visit: Visit, authority: Authority, own: frozenset[str]) -> bool:
    """Whether a client works here, or belongs to somebody who does, and only the desk asks."""
    client = authority.client
    is_own = client.discreet or client.name.strip().casefold() in own
    return is_own and set(visit.person.row.posts) <= DESK


def _is_phone(visit: Visit, client_id: bytes, digits: str) -> bool:
    phone = visit.vault.authority(client_id).client.contact.get("phone", "")
    known = "".join(one for one in phone if one.isdigit())
    return len(digits) >= _FEWEST_DIGITS and known.endswith(digits)


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
