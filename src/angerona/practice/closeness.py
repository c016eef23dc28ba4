"""Who is close to whom: family, partners, friends, and a member who is a client here too.

They weigh nothing about each other: whoever is close to the client, or to whoever asks, is no
second reader. Family names are compared besides, for what nobody noted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, NotPermitted
from angerona.practice.clients import check_treating, known_authority, rewrite_client
from angerona.practice.colleagues import colleagues
from angerona.practice.members import OFFICER
from angerona.practice.posts import bindings_of, check_unmoved, write_row
from angerona.practice.unusual import family_name, folded
from angerona.sealed.vault import person_digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.sealed.vault import Person, Visit
    from angerona.store import Writing

CLOSE: Final = "who is close"
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


def say_close(visit: Visit, close_to: Iterable[bytes]) -> None:
    """Say which colleagues (ids) are family or close to oneself: all of them, each time.

    Raises `NotPermitted` in a client's own session, `BadInput` for somebody who does not work
    here; `Conflicting`.
    """
    vault, person_id = visit.vault, visit.unlocked.person_id
    bound = bindings_of(vault, (person_id,))
    person = vault.person(person_id)
    if person.row.client_id is not None:
        raise NotPermitted
    chosen = _colleagues(visit, close_to, but=person_id)
    row = msgspec.structs.replace(person.row, close_to=tuple(chosen))

    def changes(writing: Writing) -> bytes:
        check_unmoved(vault, writing, bound)
        write_row(vault, writing, person, row)
        return person_digest(writing, vault.practice_id, person_id)

    body = {"by": person.described, "what": CLOSE}
    vault.record(person_id, "member", body, visit.at, slot="keys", changes=changes)


def note_close(visit: Visit, client_id: bytes, members: Iterable[bytes]) -> None:
    """Note which members (ids) are this client, or close to him or her: all of them, each time.

    For whoever treats the client, and the privacy officer. Raises `Unknown`, `NotPermitted`,
    `BadInput` for somebody who does not work here; `AuthorityMoved`.
    """
    authority = known_authority(visit, client_id)
    if OFFICER not in visit.person.row.posts:
        check_treating(visit, authority)
    before, me = authority.client.close_to, visit.unlocked.person_id
    close_to = {one: before.get(one, me) for one in _colleagues(visit, members, but=None)}
    row = msgspec.structs.replace(authority.client, close_to=close_to)
    rewrite_client(visit, authority, row, "setting", what=CLOSE)


def shares_name(person: Person, words: str) -> bool:
    """Whether somebody's family name, the last word of the name, is among these words."""
    return family_name(person.row.name) in _WORD.findall(folded(words))


def _colleagues(visit: Visit, ids: Iterable[bytes], *, but: bytes | None) -> list[bytes]:
    """Of these the ids, each once and in order."""
    chosen = sorted(set(ids))
    here = {one.person_id for one in colleagues(visit)} - {but}
    if not here.issuperset(chosen):
        raise BadInput("colleague", "is nobody who works here", "names from the list of members")
    return chosen
