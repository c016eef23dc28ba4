"""From when until when somebody has a role or a post: it begins when it is given.

What has run out counts no more from that moment (`PersonRow.in_force`); the row says so until it is
written anew, and the keys of a post that ran out turn with the next upkeep (`posts.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from angerona.errors import BadInput
from angerona.sealed.rows import PersonRow, Term

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from angerona.sealed.vault import Visit


def new_term(visit: Visit, until: datetime.datetime | None) -> Term:
    """A term that begins now, on this person's word. Raises `BadInput` for an end that is past."""
    if until is not None and until <= visit.at:
        raise BadInput("until", "is past", "a later day, or none")
    return Term(since=visit.at, until=until, by=visit.unlocked.person_id)


def check_no_longer(visit: Visit, post: str, until: datetime.datetime | None) -> None:
    """Raise `BadInput` for an end that is later than that of the same post of this person's."""
    own = visit.person.row.until_of(post)
    if own is not None and (until is None or until > own):
        raise BadInput("until", "is later than your own ends", f"up to {own.isoformat()}")


def with_post(row: PersonRow, post: str, term: Term) -> PersonRow:
    """A person's row with a post from now on, or with another term of it."""
    posts = tuple(dict.fromkeys((*row.posts, post)))
    return msgspec.structs.replace(row, posts=posts, terms={**row.terms, post: term})


def with_role(row: PersonRow, role: str, term: Term) -> PersonRow:
    """A person's row with a role from now on, or with another term of it."""
    roles = tuple(dict.fromkeys((*row.roles, role)))
    return msgspec.structs.replace(row, roles=roles, terms={**row.terms, role: term})


def without(row: PersonRow, *, roles: Iterable[str] = (), posts: Iterable[str] = ()) -> PersonRow:
    """A person's row without some roles and posts, and without their terms."""
    roles = tuple(one for one in row.roles if one not in set(roles))
    posts = tuple(one for one in row.posts if one not in set(posts))
    terms = {name: one for name, one in row.terms.items() if name in {*roles, *posts}}
    return msgspec.structs.replace(row, roles=roles, posts=posts, terms=terms)


def said_end(until: datetime.datetime | None) -> str | None:
    """An end as a ledger line says it."""
    return None if until is None else until.isoformat()
