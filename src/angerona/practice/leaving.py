"""Leaving: somebody's membership ends, with every tie, post, credential and key that he or she had.

No client is left without anybody who treats: each is handed over to a successor in the same act, by
whoever treats the client, or the act is refused. A clinician who goes does so in person; so does an
officer who treats the client too. Where nobody can, the key holders open the record for the sake of
care first (`openings.py`), and the officer who took it over hands it on.

That may take days, and somebody may have to be kept out now: `shut_out` ends the access and leaves
the ties as they are, until the membership is ended as well; keys that turn are not given to that
person any more. What the one who left had written stays
with the record. What he or she kept apart is left to the key holders, as ever.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from angerona.errors import BadInput, Conflicting, NotPermitted
from angerona.ledger.lines import KEYS, Line
from angerona.practice.clients import check_can_treat, check_treating, insert_tie
from angerona.practice.colleagues import works_here
from angerona.practice.members import OFFICER
from angerona.practice.posts import (
    bindings_in,
    bindings_of,
    check_unmoved,
    turned_posts,
    write_row,
    write_turned,
)
from angerona.practice.terms import without
from angerona.practice.ties import (
    check_end,
    give_with_tie,
    key_change,
    newest_keys,
    others_who_treat,
    turn,
)
from angerona.sealed.authority import moved_authority
from angerona.sealed.compartments import process_compartment
from angerona.sealed.rows import TieRow
from angerona.sealed.wraps import Wrap, names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from angerona.sealed.authority import Authority
    from angerona.sealed.key_changes import KeyChange
    from angerona.sealed.vault import Person, Vault, Visit
    from angerona.store import Reading, Writing


def left_alone(visit: Visit, person_id: bytes) -> tuple[bytes, ...]:
    """The clients (ids) whom this person treats and nobody else who works here does.

    An officer who is not tied to one leaves a line that the client can read. Raises `NotPermitted`
    for anybody but the privacy officer and the person, `Unknown`.
    """
    person = _member(visit, person_id)
    alone = [one for one in _had(visit, person) if _is_alone(visit, one, person)]
    for one in alone:
        if not one.relations(visit.unlocked.person_id, visit.at):
            visit.saw(one.client_id, "people")
    return tuple(one.client_id for one in alone)


def end_membership(
    visit: Visit,
    person_id: bytes,
    *,
    clients: Mapping[bytes, bytes],
    posts: Mapping[str, bytes],
) -> None:
    """End a membership: ties, posts, credentials, wraps, drafts and sessions, in one act.

    `clients` names the successor (a person's id) for clients whom this person treats, and must for
    each of `left_alone`; only who treats a client hands it over. `posts` names who is given a post
    that nobody else holds. Keys turn as when a tie ends. Raises `NotPermitted` for anybody but the
    privacy officer and the person, `Unknown`, `BadInput` for a client or a post that would be left,
    a successor who cannot treat, or somebody who left before; `Unopenable` where the one who asks
    does not hold the keys to hand over; `AuthorityMoved` and `Conflicting` where others did
    something meanwhile after which a client would have nobody: a successor left too, or a client
    was handed over to the one who goes.
    """
    vault, person = visit.vault, _member(visit, person_id)
    with vault.store.snapshot() as reading:
        keys = _wrap_ids(reading, vault, person_id)  # whoever hands a client over gives keys
    had = list(_had(visit, person))
    if not had and not works_here(person, visit.at):
        raise BadInput("person", "has left already", "somebody who works here")
    alone = sum(one.client_id not in clients and _is_alone(visit, one, person) for one in had)
    if alone:
        wrong = f"{alone} would have nobody who treats them"
        raise BadInput("clients", wrong, "a successor for each")
    treated = {one.client_id for one in had if _treats(one, person, visit)}
    if not set(clients) <= treated:
        raise BadInput("clients", "are not all this person's", "clients whom he or she treats")
    relied = [
        others_who_treat(visit, one, person.person_id)
        for one in had
        if one.client_id in treated - set(clients)
    ]
    parted = [_parted(visit, one, person, clients.get(one.client_id)) for one in had]
    lent = list(_lent(visit, person, {one.client_id for one in had}))

    def changes(writing: Writing) -> dict[bytes, bytes]:
        place = {"practice_id": vault.practice_id}
        if _wrap_ids(writing, vault, person_id) != keys:
            raise Conflicting("keys were given meanwhile to the one who goes")
        if any(others <= vault.have_left(writing, others) for others in relied):
            raise Conflicting("a client would have nobody who treats")
        for wrap_id in lent:
            writing.run("wraps.delete", wrap_id=wrap_id, **place)
        writing.run("drafts.delete_of_person", person_id=person_id, **place)
        writing.run("packets.delete_of_person", person_id=person_id, **place)
        return {one.client_id: one.write(vault, writing) for one in parted}

    lines = [line for one in parted for line in one.lines]
    versions = {one.client_id: one.version for one in parted}
    _part(visit, person, posts, "left", lines=lines, versions=versions, changes=changes)


def shut_out(visit: Visit, person_id: bytes, *, posts: Mapping[str, bytes]) -> None:
    """End somebody's access at once: posts, credentials and sessions. The ties stay as they are.

    The ties are ended with the membership, once every client can be handed over. Raises
    `NotPermitted` for anybody but the privacy officer, and to shut oneself out; `Unknown`;
    `BadInput` for somebody who left, and for a post that nobody else holds; `Conflicting`.
    """
    person = _member(visit, person_id)
    if person_id == visit.unlocked.person_id:
        raise NotPermitted
    if not works_here(person, visit.at):
        raise BadInput("person", "has left already", "somebody who works here")
    _part(visit, person, posts, "shut out", lines=(), versions={}, changes=lambda _: {})


def _member(visit: Visit, person_id: bytes) -> Person:
    """The member who is to go. Raises as `left_alone`, and `NotPermitted` for a client."""
    if person_id != visit.unlocked.person_id and OFFICER not in visit.person.row.posts:
        raise NotPermitted
    person = visit.vault.person(person_id)
    if person.row.client_id is not None:
        raise NotPermitted
    return person


def _had(visit: Visit, person: Person) -> Iterator[Authority]:
    """What decides about every client to whom somebody is tied, or of whom he or she has keys."""
    vault = visit.vault
    with_keys = {wrap.client_id for wrap, is_lent in _wraps(vault, person) if not is_lent}
    for (client_id,) in vault.store.rows("clients.ids", practice_id=vault.practice_id):
        authority = vault.authority(client_id)
        if client_id in with_keys or any(True for _ in _ties(authority, person, visit)):
            yield authority


def _lent(visit: Visit, person: Person, had: Collection[bytes]) -> Iterator[bytes]:
    """The wraps (ids) that key holders lent somebody, of clients who are none of those he had.

    They go without a line and without a turn of the keys: the line of such an opening may be held.
    """
    for wrap, is_lent in _wraps(visit.vault, person):
        if is_lent and wrap.client_id not in had:
            yield wrap.wrap_id


def _wraps(vault: Vault, person: Person) -> Iterator[tuple[Wrap, bool]]:
    """Somebody's wraps, each with whether it was lent for a time, and not brought by a tie."""
    place = {"practice_id": vault.practice_id, "recipient_id": person.person_id}
    for wrap_id, client_id, epoch, blob in vault.store.rows("wraps.of_recipient", **place):
        wrap = Wrap(wrap_id, client_id, person.person_id, epoch, blob)
        row, ties = names_in(vault.keyset, wrap), vault.authority(client_id).ties.values()
        by_tie = any((one.person_id, one.until) == (person.person_id, row.expires) for one in ties)
        yield wrap, bool(row.message) and row.expires is not None and not by_tie


def _wrap_ids(reading: Reading, vault: Vault, person_id: bytes) -> frozenset[bytes]:
    place = {"practice_id": vault.practice_id, "recipient_id": person_id}
    return frozenset(row[0] for row in reading.rows("wraps.of_recipient", **place))


def _ties(authority: Authority, person: Person, visit: Visit) -> Iterator[tuple[bytes, TieRow]]:
    """The ties of somebody to a client that have not ended, by id."""
    for tie_id, tie in authority.ties.items():
        if tie.person_id == person.person_id and (tie.until is None or visit.at < tie.until):
            yield tie_id, tie


def _treats(authority: Authority, person: Person, visit: Visit) -> bool:
    return any(tie.relation == "treating" for _, tie in _ties(authority, person, visit))


def _is_alone(visit: Visit, authority: Authority, person: Person) -> bool:
    """Whether this person treats a client, and nobody else who works here does."""
    return _treats(authority, person, visit) and not others_who_treat(
        visit, authority, person.person_id
    )


@dataclass(frozen=True, slots=True)
class _Parted:
    """One client without the one who goes: what is to be written, and the lines that say so."""

    client_id: bytes
    person_id: bytes
    version: int
    change: KeyChange
    ended: Mapping[bytes, TieRow]
    begun: TieRow | None
    lines: tuple[Line, ...]

    def write(self, vault: Vault, writing: Writing) -> bytes:
        """Inside a job: all of it; gives what the ledger is to bind."""
        for tie_id, tie in self.ended.items():
            row = vault.directory.seal(tie, self.client_id, tie_id)
            writing.run("ties.update", practice_id=vault.practice_id, tie_id=tie_id, row=row)
        if self.begun is not None:
            insert_tie(vault, writing, self.client_id, os.urandom(16), self.begun)
        self.change.write(writing)
        return moved_authority(writing, vault.practice_id, self.client_id)


def _parted(
    visit: Visit, authority: Authority, person: Person, successor_id: bytes | None
) -> _Parted:
    """End every tie of one person to a client, and let a successor treat from now on.

    The key of what the one who goes kept apart is left to the key holders: nobody is to turn it.
    """
    at, person_id, change = visit.at, person.person_id, key_change(visit, authority)
    keys = newest_keys(visit, authority)
    ended = {
        tie_id: msgspec.structs.replace(tie, until=at)
        for tie_id, tie in _ties(authority, person, visit)
    }
    begun, ties = None, list({**authority.ties, **ended}.values())
    owed = change.end_wraps_of(person_id, but={process_compartment(person_id): None})
    change.drop_wraps_of(person_id)
    if successor_id is not None:
        begun = _succession(visit, authority, person, successor_id)
        give_with_tie(change, keys, begun)
        ties.append(begun)
    if person_id != visit.unlocked.person_id:
        owed -= turn(change, authority, keys, owed, ties=ties)
    lines = _lines(visit, authority.client_id, person, ended.values(), begun, owed=bool(owed))
    client_id, version = authority.client_id, authority.version
    return _Parted(client_id, person_id, version, change, ended, begun, lines)


def _lines(
    visit: Visit,
    client_id: bytes,
    person: Person,
    ended: Iterable[TieRow],
    begun: TieRow | None,
    *,
    owed: bool,
) -> tuple[Line, ...]:
    """What the client reads of it: each tie that ended, and who treats now."""
    by, whom = visit.person.described, person.described
    turned = "to be turned" if owed else "turned"
    bodies: list[tuple[str, dict[str, object]]] = [
        (
            "revocation",
            {"by": by, "what": "tie ended", "whom": whom, "relation": one.relation, "keys": turned},
        )
        for one in ended
    ]
    if not bodies:
        bodies.append(("revocation", {"by": by, "what": "keys taken back", "whom": whom}))
    if begun is not None:
        successor = visit.vault.person(begun.person_id).described
        said = {"by": by, "what": "tie begun", "whom": successor, "relation": begun.relation}
        bodies.append(("grant", {**said, "until": None}))
    return tuple(Line(client_id, kind, body, slot=KEYS) for kind, body in bodies)


def _succession(visit: Visit, authority: Authority, person: Person, successor_id: bytes) -> TieRow:
    """The tie of a successor. Raises as `end_membership`."""
    check_treating(visit, authority)
    check_end(authority, visit.person, None, visit.at)
    successor = visit.vault.person(successor_id)
    if successor.person_id == person.person_id:
        raise BadInput("clients", "would stay with the one who goes", "a colleague")
    check_can_treat(successor, visit.at)
    return TieRow(
        person_id=successor_id,
        relation="treating",
        since=visit.at,
        until=None,
        by=visit.unlocked.person_id,
    )


def _part(
    visit: Visit,
    person: Person,
    posts: Mapping[str, bytes],
    what: str,
    *,
    lines: Iterable[Line],
    versions: Mapping[bytes, int],
    changes: Callable[[Writing], dict[bytes, bytes]],
) -> None:
    """One act: posts, credentials and sessions go, with the lines and changes given."""
    vault, by, held = visit.vault, visit.person, person.row.posts
    if not set(posts) <= set(held):
        raise BadInput("posts", "are not all this person's", "posts that he or she holds")
    bound = bindings_of(vault, (vault.practice_id, person.person_id, *posts.values()))
    if vault.person(person.person_id) != person:
        raise Conflicting("somebody's posts or credentials were changed meanwhile")
    away = {one: posts.get(one) for one in held}
    turned = turned_posts(vault, person, away, visit.at, by=by) if held else None
    until = person.row.until or visit.at
    row = msgspec.structs.replace(without(person.row, posts=held), until=until)

    def everything(writing: Writing) -> dict[bytes, bytes]:
        check_unmoved(vault, writing, bound)
        if turned is not None:
            write_turned(vault, writing, turned, person)
        write_row(vault, writing, person, row)
        place = {"practice_id": vault.practice_id}
        for credential in person.credentials:
            writing.run("credentials.delete", credential_id=credential.credential_id, **place)
        return {**changes(writing), **bindings_in(vault, writing, bound)}

    body = {"by": by.described, "what": what, "posts": list(held)}
    said = [*lines, Line(person.person_id, "member", body, slot=KEYS)]
    said += turned.lines(by) if turned is not None else ()
    vault.ledger.append_all(said, visit.at, authority=versions, changes=everything).result()
    vault.agent.close_all(person.person_id)
