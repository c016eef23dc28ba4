"""Posts taken away: those who stay have a new key pair, and the former one until keys have turned.

Whoever held a post may have copied its key. So the post gets another pair, which is sealed to those
who go on holding it; what is wrapped from now on goes to that one. The wraps of each record still
stand on the former pair until its keys turn (`turning.py`), and until the last of them did, those
who stay keep the former pair too. A post that was given until a day is taken away in the same way
once that day is past. Somebody always holds each post without an end.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from angerona.ciphers.wraps import WrapPair, is_sealed_to
from angerona.errors import BadInput, Conflicting, NotPermitted
from angerona.ledger.lines import KEYS, Line
from angerona.practice.colleagues import works_here
from angerona.practice.members import OFFICER
from angerona.practice.terms import with_post, without
from angerona.sealed.compartments import BY_POST
from angerona.sealed.holding import wrapped_post
from angerona.sealed.rows import PersonRow, PostRow, Term
from angerona.sealed.vault import person_digest, practice_digest
from angerona.sealed.wraps import Wrap, names_in

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.sealed.vault import Person, Post, Vault, Visit
    from angerona.store import Writing


@dataclass(frozen=True, slots=True)
class TurnedPosts:
    """Posts with new pairs, made ready: who holds them from now on, and the rows that say so."""

    posts: tuple[Post, ...]
    keys: tuple[Mapping[str, bytes | int], ...]
    known: frozenset[bytes]
    """Whoever had a key of one of them when this was made ready."""
    receivers: Mapping[bytes, tuple[Person, PersonRow]]
    """Whoever is given a post that he or she did not hold for good, and the row from then on."""
    line: Line
    """Under the practice."""

    def lines(self, by: Person) -> list[Line]:
        """What the ledger says of it under the practice, and under whoever is given a post."""
        given = [
            Line(one, "member", _given(by, person.row, row), slot=KEYS)
            for one, (person, row) in self.receivers.items()
        ]
        return [self.line, *given]


def take_post(visit: Visit, person_id: bytes, name: str, *, give_to: bytes | None = None) -> None:
    """Take a post away from one person, and turn the key pair of the post.

    That person's sessions end. `give_to` holds the post from now on; somebody must hold it without
    an end. Raises `NotPermitted` for anybody but the privacy officer, `Unknown`, `BadInput` for a
    post that the person does not hold or nobody would hold any more, `Conflicting`.
    """
    vault, by = visit.vault, visit.person
    if OFFICER not in by.row.posts:
        raise NotPermitted
    take_what_ran_out(vault, visit.at)
    bound = bindings_of(vault, (vault.practice_id, person_id, *([give_to] if give_to else [])))
    person = vault.person(person_id)
    if name not in person.row.posts:
        raise BadInput("post", "is not held by this person", "a post that he or she holds")
    turned = turned_posts(vault, person, {name: give_to}, visit.at, by=by)
    row = without(person.row, posts=[name])

    def changes(writing: Writing) -> dict[bytes, bytes]:
        check_unmoved(vault, writing, bound)
        write_turned(vault, writing, turned, person)
        write_row(vault, writing, person, row)
        return bindings_in(vault, writing, bound)

    body = {"by": by.described, "what": "post taken away", "posts": [name]}
    lines = [Line(person_id, "member", body, slot=KEYS), *turned.lines(by)]
    vault.ledger.append_all(lines, visit.at, authority={}, changes=changes).result()
    vault.agent.close_all(person_id)


def holders(vault: Vault, post: Post, at: datetime.datetime) -> list[Person]:
    """The members who hold the newest pair of a post, and the post itself at that moment."""
    people = [vault.person(one) for one in _have_keys(vault, post)]
    return [
        one for one in people if post.name in one.row.in_force(at).posts and works_here(one, at)
    ]


def holders_for_good(vault: Vault, post: Post, at: datetime.datetime) -> list[Person]:
    """Those of the holders whose post has no end of its own."""
    return [one for one in holders(vault, post, at) if one.row.until_of(post.name) is None]


def _have_keys(vault: Vault, post: Post) -> list[bytes]:
    place = {"practice_id": vault.practice_id, "post_id": post.post_id}
    rows = vault.store.rows("post_keys.of_post", **place)
    return [one for one, generation in rows if generation == post.generation]


def turned_posts(
    vault: Vault,
    person: Person,
    away: Mapping[str, bytes | None],
    at: datetime.datetime,
    *,
    by: Person | None,
) -> TurnedPosts:
    """New pairs for posts that this person loses; `away` says who is given each, if anybody.

    `by` is nobody where a post ran out. Raises `BadInput` where nobody would hold one without an
    end, or for a receiver who does not work here.
    """
    known = vault.practice().posts
    posts, keys = [], []
    receivers: dict[bytes, tuple[Person, PersonRow]] = {}
    for name, to in away.items():
        stay = [one for one in holders(vault, known[name], at) if one != person]
        good = [one for one in holders_for_good(vault, known[name], at) if one != person]
        if to is not None and by is not None and all(one.person_id != to for one in good):
            receiver, row = receivers.get(to) or (vault.person(to), vault.person(to).row)
            if receiver == person or not works_here(receiver, at):
                raise BadInput("post", "would be held by nobody who works here", "a colleague")
            receivers[to] = (receiver, with_post(row, name, Term(since=at, by=by.person_id)))
            stay = [*(one for one in stay if one != receiver), receiver]
            good.append(receiver)
        if not good:
            wrong = f"{name}: nobody else holds it" + (" without an end" if stay else "")
            raise BadInput("post", wrong, "a colleague to give it to")
        seed = os.urandom(32)
        generation = known[name].generation + 1
        post = replace(known[name], public=WrapPair(seed).public, generation=generation)
        posts.append(post)
        keys += [wrapped_post(vault.practice_id, post, seed, one) for one in stay]
    body: dict[str, object] = {} if by is None else {"by": by.described}
    body |= {"what": "keys of posts turned", "posts": sorted(away), "whom": person.described}
    line = Line(vault.practice_id, "keys", body, slot=KEYS)
    had = frozenset(one for name in away for one in _have_keys(vault, known[name]))
    return TurnedPosts(tuple(posts), tuple(keys), had, receivers, line)


def write_turned(vault: Vault, writing: Writing, turned: TurnedPosts, person: Person) -> None:
    """Inside a job: the new pairs, for those who hold them, and none for this person any more.

    Raises `Conflicting` where a post was given to somebody meanwhile, who would have no new pair.
    """
    place = {"practice_id": vault.practice_id}
    for post in turned.posts:
        row = PostRow(name=post.name, generation=post.generation)
        sealed = vault.directory.seal(row, post.post_id)
        of_post = {**place, "post_id": post.post_id}
        for one, generation in writing.rows("post_keys.of_post", **of_post):
            if generation == post.generation - 1 and one not in turned.known:
                raise Conflicting("a post was given to somebody meanwhile")
        writing.run("posts.update", public=post.public, row=sealed, **of_post)
        writing.run("post_keys.delete_of_holder", person_id=person.person_id, **of_post)
    for one in turned.keys:
        writing.run("post_keys.insert", **one)
    for receiver, new in turned.receivers.values():
        write_row(vault, writing, receiver, new)
    for post in turned.posts:
        check_held_for_good(vault, writing, post.name, but=person)


def check_held_for_good(vault: Vault, writing: Writing, post: str, *, but: Person) -> None:
    """Inside a job: raise `Conflicting` where nobody but one person holds a post without an end."""
    for person_id, _, sealed in writing.rows("people.all", practice_id=vault.practice_id):
        row = vault.directory.open(PersonRow, sealed, person_id)
        holds = post in row.posts and row.until_of(post) is None and row.until is None
        if holds and person_id != but.person_id:
            return
    raise Conflicting("the posts of others were changed meanwhile")


def take_what_ran_out(vault: Vault, at: datetime.datetime) -> int:
    """Take away every post whose end is past, with a new pair for those who stay; gives how many.

    One line for each person, and that person's sessions end. What others change at this moment is
    left for the next time. The rules count such a post no more from the moment it ended.
    """
    done = 0
    for person_id, *_ in vault.store.rows("people.all", practice_id=vault.practice_id):
        with suppress(Conflicting):
            done += _took(vault, person_id, at)
    return done


def _took(vault: Vault, person_id: bytes, at: datetime.datetime) -> int:
    bound = bindings_of(vault, (vault.practice_id, person_id))
    person = vault.person(person_id)
    now = person.row.in_force(at).posts
    over = [one for one in person.row.posts if one not in now]
    if not over:
        return 0
    turned = turned_posts(vault, person, dict.fromkeys(over), at, by=None)
    row = without(person.row, posts=over)

    def changes(writing: Writing) -> dict[bytes, bytes]:
        check_unmoved(vault, writing, bound)
        write_turned(vault, writing, turned, person)
        write_row(vault, writing, person, row)
        return bindings_in(vault, writing, bound)

    body = {"what": "post ran out", "posts": over}
    lines = [Line(person_id, "member", body, slot=KEYS), turned.line]
    vault.ledger.append_all(lines, at, authority={}, changes=changes).result()
    vault.agent.close_all(person_id)
    return len(over)


def write_row(vault: Vault, writing: Writing, person: Person, row: PersonRow) -> None:
    """Inside a job: what a person's row says from now on."""
    writing.run(
        "people.update",
        practice_id=vault.practice_id,
        person_id=person.person_id,
        keys=person.public.stored,
        row=vault.directory.seal(row, person.person_id),
    )


def bindings_of(vault: Vault, subjects: tuple[bytes, ...]) -> dict[bytes, bytes]:
    """What the ledger binds of the practice and of people now: ask before their rows are read.

    Raises `Unknown`.
    """
    return {one: vault.ledger.state_of(one).keys for one in subjects}


def check_unmoved(vault: Vault, writing: Writing, bound: Mapping[bytes, bytes]) -> None:
    """Inside a job: raise `Conflicting` where others changed one of these meanwhile."""
    if any(vault.ledger.now(writing, one).keys != keys for one, keys in bound.items()):
        raise Conflicting("the posts or somebody's credentials were changed meanwhile")


def bindings_in(
    vault: Vault, writing: Writing, subjects: Mapping[bytes, bytes]
) -> dict[bytes, bytes]:
    """Inside a job: what the ledger is to bind of the practice and of people."""
    practice_id = vault.practice_id
    return {
        one: practice_digest(writing, practice_id)
        if one == practice_id
        else person_digest(writing, practice_id, one)
        for one in subjects
    }


def drop_former_pairs(vault: Vault, at: datetime.datetime) -> tuple[str, ...]:
    """Destroy former pairs of posts to which no wrap is sealed any more; gives those posts.

    Those of the privacy officer stay: the reasons in older lines are sealed to them.
    """
    dropped: dict[str, list[dict[str, bytes | int]]] = {}
    for name, post in vault.practice().posts.items():
        place = {"practice_id": vault.practice_id, "post_id": post.post_id}
        former = [
            {**place, "person_id": person_id, "generation": generation}
            for person_id, generation in vault.store.rows("post_keys.of_post", **place)
            if generation < post.generation
        ]
        if former and BY_POST[name] and not _stand_on_former(vault, post):
            dropped[name] = former
    if not dropped:
        return ()

    def changes(writing: Writing) -> None:
        for rows in dropped.values():
            for one in rows:
                writing.run("post_keys.delete", **one)

    body = {"what": "former keys of posts destroyed", "posts": sorted(dropped)}
    vault.record(vault.practice_id, "keys", body, at, changes=changes)
    return tuple(sorted(dropped))


def _stand_on_former(vault: Vault, post: Post) -> bool:
    """Whether a wrap to a post is sealed to one of its former pairs."""
    place = {"practice_id": vault.practice_id, "recipient_id": post.post_id}
    wraps = (
        Wrap(wrap_id, client_id, post.post_id, epoch, blob)
        for wrap_id, client_id, epoch, blob in vault.store.rows("wraps.of_recipient", **place)
    )
    return any(not is_sealed_to(post.public, names_in(vault.keyset, one).message) for one in wraps)


def _given(by: Person, before: PersonRow, after: PersonRow) -> dict[str, object]:
    new = [one for one in after.posts if one not in before.posts]
    return {"by": by.described, "what": "post given", "posts": new}
