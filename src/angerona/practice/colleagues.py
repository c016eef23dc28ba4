"""Colleagues: who works here, by name, and a post given to somebody who works here already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Conflicting, NotPermitted, one_of
from angerona.practice.members import OFFICER, find
from angerona.practice.terms import check_no_longer, new_term, said_end, with_post
from angerona.sealed.compartments import BY_POST
from angerona.sealed.holding import seeds_of, wrapped_post
from angerona.sealed.rows import PersonRow
from angerona.sealed.vault import person_digest

if TYPE_CHECKING:
    import datetime

    from angerona.sealed.vault import Person, Vault, Visit
    from angerona.store import Writing

ON_CALL: Final = "on_call"
"""The post whose holders are called when a client may be in danger."""


def colleagues(visit: Visit) -> list[Person]:
    """Everybody who works here now, by name. Raises `NotPermitted` in a client's own session."""
    if visit.person.row.client_id is not None:
        raise NotPermitted
    return everybody(visit.vault, visit.at)


def everybody(vault: Vault, at: datetime.datetime) -> list[Person]:
    """Everybody who works here at a moment, by name, whoever asks."""
    rows = vault.store.rows("people.all", practice_id=vault.practice_id)
    people = (vault.person(person_id) for person_id, *_ in rows)
    here = [one for one in people if works_here(one, at)]
    return sorted(here, key=lambda one: (one.row.name.casefold(), one.person_id))


def colleague_of(visit: Visit, name: str) -> Person:
    """The colleague of a name. Raises `BadInput`, the same for nobody and for a client's name."""
    found = member_of(visit, name)
    if not works_here(found, visit.at):
        raise _nobody()
    return found


def member_of(visit: Visit, name: str) -> Person:
    """The member of a name, one who left or was shut out too. Raises as `colleague_of`."""
    found = find(visit.vault, name)
    if found is None or found.row.client_id is not None:
        raise _nobody()
    return found


def _nobody() -> BadInput:
    return BadInput("name", "is nobody's who works here", "a name from the list of members")


def works_here(person: Person, at: datetime.datetime) -> bool:
    """Whether somebody is a member at a moment, and not a client with a way in."""
    return person.row.client_id is None and person.row.is_here(at)


def on_call(vault: Vault, at: datetime.datetime) -> list[Person]:
    """Whoever holds the post of being on call at a moment and is not away, by name.

    All of them where everybody is away: somebody is called. Raises `Altered`.
    """
    held = [one for one in everybody(vault, at) if ON_CALL in one.at(at).row.posts]
    return [one for one in held if one.row.absence_at(at) is None] or held


def give_post(
    visit: Visit, person_id: bytes, post: str, *, until: datetime.datetime | None = None
) -> None:
    """Give a post that one holds to a colleague too, with the key of the post.

    It begins now, and ends by itself where `until` says when. Raises `NotPermitted` for anybody but
    the privacy officer, `Unopenable` for a post one does not hold, `BadInput` for no post, one that
    the colleague holds already, or an end that is past.
    """
    vault, by, practice_id = visit.vault, visit.person, visit.vault.practice_id
    if OFFICER not in by.row.posts:
        raise NotPermitted
    if post not in BY_POST:
        raise BadInput("post", "unknown post", one_of(BY_POST, post))
    person, term = vault.person(person_id), new_term(visit, until)
    check_no_longer(visit, post, until)
    if not works_here(person, visit.at):
        raise _nobody()
    bound = vault.ledger.state_of(practice_id).keys
    seed = seeds_of(visit, [post])[post]
    given = wrapped_post(practice_id, vault.practice().posts[post], seed, person)

    def changes(writing: Writing) -> bytes:
        if vault.ledger.now(writing, practice_id).keys != bound:
            raise Conflicting("the posts were changed meanwhile")
        place = {"practice_id": practice_id, "person_id": person_id}
        [(public, stored)] = writing.rows("people.by_key", **place)
        row = vault.directory.open(PersonRow, stored, person_id)
        if post in row.in_force(visit.at).posts:
            raise BadInput("post", "is held already", "another post")
        sealed = vault.directory.seal(with_post(row, post, term), person_id)
        writing.run("people.update", keys=public, row=sealed, **place)
        keys = writing.rows("post_keys.of_person", **place)
        if all((one[0], one[1]) != (given["post_id"], given["generation"]) for one in keys):
            writing.run("post_keys.insert", **given)  # else it ran out, and no pair turned yet
        return person_digest(writing, practice_id, person_id)

    body = {"by": by.described, "what": "post given", "posts": [post], "until": said_end(until)}
    vault.record(person_id, "member", body, visit.at, slot="keys", changes=changes)
