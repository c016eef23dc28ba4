"""When nobody can sign in any more: a quorum of key holders puts a successor in.

A member who practises alone may die, or lose password and recovery code. Then k key holders sit
down together with their papers. The posts get new key pairs, since nobody can hand on the old ones,
and a successor is enrolled who holds all of them. That opens no record: for each one the key
holders are asked again (`openings.py`), for the sake of care, and it stands in the client's ledger.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from angerona.ciphers.wraps import WrapPair
from angerona.ledger.lines import KEYS, Line
from angerona.practice.members import Enrolled, NewMember, enrolment
from angerona.sealed.key_holders import agreed_seats
from angerona.sealed.rows import PostRow
from angerona.sealed.vault import practice_digest

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from angerona.sealed.vault import Vault
    from angerona.store import Writing

SAID: Final = "succession"


def succeed(
    vault: Vault, secrets: Sequence[bytes], who: NewMember, password: str, at: datetime.datetime
) -> Enrolled:
    """Enrol a successor on the word of k key holders, each by the seat's secret (32 bytes).

    The successor holds every post. Raises `Unopenable` for a secret that is no seat's,
    `TooFewSeats` for fewer different seats than the quorum, `BadInput` as an enrolment.
    """
    practice = vault.practice()
    seats = agreed_seats(practice, secrets)
    seeds = {name: os.urandom(32) for name in practice.posts}
    posts = {
        name: replace(
            post,
            public=WrapPair.from_seed(seeds[name]).public,
            generation=post.generation + 1,
        )
        for name, post in practice.posts.items()
    }
    by = {"what": "key holders", "seats": [one.number for one in seats]}
    who = replace(who, posts=tuple(posts))
    ready = enrolment(vault, who, password, at, by=by, post_seeds=seeds, posts=posts)

    def changes(writing: Writing) -> dict[bytes, bytes]:
        for post in posts.values():
            row = PostRow(name=post.name, generation=post.generation)
            writing.run(
                "posts.update",
                practice_id=vault.practice_id,
                post_id=post.post_id,
                public=post.public,
                row=vault.directory.seal(row, post.post_id),
            )
        bound = practice_digest(writing, vault.practice_id)
        return {vault.practice_id: bound, ready.person.person_id: ready.write(writing)}

    body = {"by": by, "what": SAID, "whom": ready.person.described}
    line = Line(vault.practice_id, "keys", body, slot=KEYS)
    vault.ledger.append_all([line, ready.line], at, authority={}, changes=changes).result()
    return ready.enrolled
