"""Roles of somebody who works here already: added, ended, and until when roles and posts last.

A role is a profession: it opens nothing by itself, but the rules ask for it. Whoever treats a
client keeps a profession to treat in: the clients are handed over first. The keys of a post turn
when it ends (`posts.py`).
"""

from __future__ import annotations

import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, NotPermitted, one_of
from angerona.notices.paragraphs import day
from angerona.practice.absences import AWAY, BACK
from angerona.practice.clients import CLINICAL
from angerona.practice.closeness import CLOSE
from angerona.practice.colleagues import works_here
from angerona.practice.members import OFFICER
from angerona.practice.posts import (
    bindings_of,
    check_held_for_good,
    check_unmoved,
    holders_for_good,
    write_row,
)
from angerona.practice.terms import (
    check_no_longer,
    new_term,
    said_end,
    with_post,
    with_role,
    without,
)
from angerona.rules.because import listed
from angerona.sealed.vault import WRONG_CODE, person_digest
from angerona.words import RELATIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.sealed.rows import PersonRow
    from angerona.sealed.vault import Person, Visit
    from angerona.store import Writing

PROFESSIONS: Final = CLINICAL
"""The roles that somebody who works here can be given, beside posts."""
SAID: Final[Mapping[str, str]] = MappingProxyType({**RELATIONS, **ROLES})
"""Roles and posts as they are read: each post is a relation to every client, or a role."""
_CHANGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "enrolled": "{by} enrolled you, as {what}",
        "role given": "{by} added a role: {what}",
        "role ended": "{by} ended a role: {what}",
        "post given": "{by} gave you a post: {what}",
        "post taken away": "{by} took a post away: {what}",
        "post ran out": "A post ran out: {what}",
        "end set": "{by} changed until when you are {what}",
        AWAY: "{by} wrote that you are away",
        BACK: "{by} took an absence of yours back",
        CLOSE: "{by} wrote who here is close to you",
        WRONG_CODE: "{more} wrong codes came with your right password",
    }
)
"""What the lines under a member say to him or her."""


def own_changes(visit: Visit) -> list[tuple[datetime.datetime, str]]:
    """What was changed about whoever is signed in, or tried as him or her; the newest first."""
    lines, zone = visit.vault.ledger.lines_of(visit.unlocked.person_id), visit.vault.practice().zone
    return [
        (one.at, _in_words(one.body, zone))
        for one in reversed(lines)
        if one.at is not None and one.body.get("what") in _CHANGES
    ]


def _in_words(body: Mapping[str, Any], zone: datetime.tzinfo) -> str:
    names = [SAID[one] for one in (*body.get("roles", ()), *body.get("posts", ()))]
    by = body.get("by", {}).get("name", "Key holders")
    what, more = listed(names) if names else "a member", body.get("more", 1)
    said = _CHANGES[body["what"]].format(by=by, what=what, more=more)
    until = body.get("until")
    if until is not None:
        return f"{said}, until {day(datetime.datetime.fromisoformat(until).astimezone(zone))}."
    return f"{said}, without an end." if body["what"] == "end set" else f"{said}."


def give_role(
    visit: Visit, person_id: bytes, role: str, *, until: datetime.datetime | None = None
) -> None:
    """Give a colleague a further profession from now on, with an end where `until` says when.

    Raises `NotPermitted` for anybody but the privacy officer, `Unknown`, `BadInput` for no
    profession, one that the colleague has already, or an end that is past; `Conflicting`.
    """
    bound, person = _colleague(visit, person_id)
    if role not in PROFESSIONS:
        raise BadInput("role", "unknown role", one_of(PROFESSIONS, role))
    if role in person.row.in_force(visit.at).roles:
        raise BadInput("role", "is this person's already", "another role")
    row = with_role(person.row, role, new_term(visit, until))
    _write(visit, bound, person, row, what="role given", roles=[role], until=said_end(until))


def end_role(visit: Visit, person_id: bytes, role: str) -> None:
    """End a profession of a colleague now.

    Raises as `give_role`, and `BadInput` for the last one in which somebody treats who does.
    """
    bound, person = _colleague(visit, person_id)
    if role not in person.row.roles:
        raise BadInput("role", "is none of this person's", "one that he or she has")
    _check_treats_no_more(visit, person, role)
    row = without(person.row, roles=[role])
    _write(visit, bound, person, row, what="role ended", roles=[role])


def set_end(visit: Visit, person_id: bytes, name: str, until: datetime.datetime | None) -> None:
    """Say until when a colleague has a role or a post, or with `None` that it has no end.

    Raises as `end_role`, and `BadInput` for a post that nobody else holds without an end, or a
    later end than that of the own one.
    """
    bound, person = _colleague(visit, person_id)
    now, term = person.row.in_force(visit.at), new_term(visit, until)
    if name not in {*now.roles, *now.posts}:
        raise BadInput("role or post", "is none of this person's", "one that he or she has")
    row = person.row
    if name in now.posts:
        check_no_longer(visit, name, until)
        if until is not None:
            _check_others_hold(visit, person, name)
        row = with_post(row, name, term)
    if name in now.roles:
        if until is not None:
            _check_treats_no_more(visit, person, name)
        row = with_role(row, name, term)
    kind = "posts" if name in now.posts else "roles"
    _write(visit, bound, person, row, what="end set", until=said_end(until), **{kind: [name]})


def _colleague(visit: Visit, person_id: bytes) -> tuple[dict[bytes, bytes], Person]:
    """A colleague, and what the ledger bound before the rows were read."""
    vault = visit.vault
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    bound = bindings_of(vault, (vault.practice_id, person_id))
    person = vault.person(person_id)
    if not works_here(person, visit.at):
        raise BadInput("person", "is nobody who works here", "somebody on the list of members")
    return bound, person


def _check_others_hold(visit: Visit, person: Person, post: str) -> None:
    """Raise `BadInput` where a post that is to end would be nobody's without an end."""
    known = visit.vault.practice().posts[post]
    if all(one == person for one in holders_for_good(visit.vault, known, visit.at)):
        wrong = f"{post}: nobody else holds it without an end"
        raise BadInput("post", wrong, "a colleague to give it to first")


def _check_treats_no_more(visit: Visit, person: Person, role: str) -> None:
    """Raise `BadInput` where somebody treats clients and would have no profession to treat in."""
    stay = {one for one in person.row.roles if one != role and person.row.until_of(one) is None}
    if role not in CLINICAL or CLINICAL & stay:
        return
    vault = visit.vault
    clients = vault.store.rows("clients.ids", practice_id=vault.practice_id)
    relations = (vault.authority(one).relations(person.person_id, visit.at) for (one,) in clients)
    if any("treating" in one for one in relations):
        wrong = "is the only one without an end in which this person treats clients"
        raise BadInput("role", wrong, "another role first, or the clients handed over")


def _write(
    visit: Visit,
    bound: Mapping[bytes, bytes],
    person: Person,
    row: PersonRow,
    **said: object,
) -> None:
    """Write a colleague's row anew with its line. Raises `Conflicting`."""
    vault, person_id = visit.vault, person.person_id

    def changes(writing: Writing) -> bytes:
        check_unmoved(vault, writing, bound)
        for post in row.posts:
            if row.until_of(post) is not None:
                check_held_for_good(vault, writing, post, but=person)
        write_row(vault, writing, person, row)
        return person_digest(writing, vault.practice_id, person_id)

    body = {"by": visit.person.described, **said}
    vault.record(person.person_id, "member", body, visit.at, slot="keys", changes=changes)
