"""Ties: who treats, covers or supervises a client, from when until when, and with which keys."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, Conflicting, NotPermitted, Unknown, Unopenable, one_of
from angerona.practice.clients import check_can_treat, check_treating, insert_tie, known_authority
from angerona.practice.colleagues import works_here
from angerona.sealed.authority import moved_authority
from angerona.sealed.compartments import (
    BY_TIE,
    COMPARTMENTS,
    brought_by,
    process_compartment,
    shared_compartment,
)
from angerona.sealed.holding import held_keys
from angerona.sealed.key_changes import KeyChange
from angerona.sealed.rows import TieRow

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Person, Visit
    from angerona.store import Writing

GIVEN_BY: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "treating": frozenset({"treating", "supervisor", "covering"}),
        "supervisor": frozenset({"covering"}),
    }
)
"""Which relations to the client one may give, in which one has."""
GRANTED: Final = frozenset(BY_TIE) - {"own"}
"""Relations that can be given."""


def begin_tie(
    visit: Visit,
    client_id: bytes,
    person_id: bytes,
    relation: str,
    *,
    until: datetime.datetime | None,
) -> bytes:
    """Tie a colleague to a client, with the keys that go with it; gives the tie's id (16 bytes).

    Who treats the client gives any relation, who supervises lets somebody cover; nobody gives
    anything to himself or herself, to a client, or for longer than the own tie lasts. Raises
    `BadInput` for a relation that cannot be given, somebody without a profession to treat in, or an
    end that is past or too late, `Unknown` for a client one has nothing to do with, `NotPermitted`
    for what is not one's to give, `AuthorityMoved` where the colleague left meanwhile.
    """
    vault, at, by = visit.vault, visit.at, visit.person
    if relation not in GRANTED:
        raise BadInput("relation", "cannot be given", one_of(GRANTED, relation))
    if until is not None and until <= at:
        raise BadInput("until", "is past", "a later time, or none")
    authority = known_authority(visit, client_id)
    person = vault.person(person_id)
    _check_giving(visit, authority, person, relation)
    if relation == "treating":
        check_can_treat(person, at)
    check_end(authority, by, until, at)
    tie = TieRow(person_id=person_id, relation=relation, since=at, until=until, by=by.person_id)
    change = key_change(visit, authority)
    give_with_tie(change, newest_keys(visit, authority), tie)
    tie_id = os.urandom(16)

    def changes(writing: Writing) -> bytes:
        insert_tie(vault, writing, client_id, tie_id, tie)
        change.write(writing)
        return moved_authority(writing, vault.practice_id, client_id)

    body = {
        "by": by.described,
        "what": "tie begun",
        "whom": person.described,
        "relation": relation,
        "until": None if until is None else until.isoformat(),
    }
    vault.record(
        client_id, "grant", body, at, authority=authority.version, slot="keys", changes=changes
    )
    return tie_id


def give_with_tie(change: KeyChange, keys: Mapping[str, bytes], tie: TieRow) -> None:
    """Give with a new tie the keys that it brings, and the key of what its holder keeps apart.

    Nothing is written where the holder has left by then. Raises `Unopenable` where a compartment
    that it brings is not among `keys`.
    """
    person_id = tie.person_id
    change.must_be_here.add(person_id)
    change.give_to_ties(keys, (tie,))
    brought = brought_by(tie.relation, person_id=person_id, client_id=change.whose.client_id)
    own = {name: keys[name] for name in brought if name in keys and name not in COMPARTMENTS}
    change.give_to_person(person_id, own, expires=tie.until)
    process = process_compartment(person_id)
    if process in brought and not change.is_given(person_id, process):
        change.give_to_person(person_id, {process: change.own_key(process)}, expires=None)


def end_tie(visit: Visit, client_id: bytes, tie_id: bytes) -> None:
    """End a tie now: its wraps go, and the keys turn that the one who asks can turn.

    The others are to be turned by the next who can (`turning.py`). Whoever held keys may have
    copied what they opened; that cannot be taken back. The key of what an author kept apart stays
    with its author, who reads it again if a tie begins again.

    One's own tie may be ended; another's by whoever treats the client, and for no shorter a time
    than that one does; but not the last by which somebody who works here treats: whoever takes over
    is tied first. A tie that is over stays as it is. Raises `Unknown` where there is no such tie
    that lasts, `NotPermitted`, `BadInput`, `Conflicting`.
    """
    vault, at, by = visit.vault, visit.at, visit.person
    authority = known_authority(visit, client_id)
    tie = authority.ties.get(tie_id)
    if tie is None or (tie.until is not None and tie.until <= at):
        raise Unknown
    if tie.person_id != by.person_id:
        check_treating(visit, authority)
        check_end(authority, by, tie.until, at)
    ended = msgspec.structs.replace(tie, until=at)
    ties = {**authority.ties, tie_id: ended}
    others = _check_taken_over(visit, authority, tie, tie_id)
    change = key_change(visit, authority)
    left = [one for one in _current(ties.values(), at) if one.person_id == tie.person_id]
    stay = {**_due_until(left, client_id), process_compartment(tie.person_id): None}
    owed = change.end_wraps_of(tie.person_id, but=stay)
    if tie.person_id != by.person_id:
        keys = newest_keys(visit, authority)
        owed -= turn(change, authority, keys, owed, ties=ties.values())

    def changes(writing: Writing) -> bytes:
        if others and others <= vault.have_left(writing, others):
            raise Conflicting("the client would have nobody who treats")
        row = vault.directory.seal(ended, client_id, tie_id)
        writing.run("ties.update", practice_id=vault.practice_id, tie_id=tie_id, row=row)
        change.write(writing)
        return moved_authority(writing, vault.practice_id, client_id)

    body = {
        "by": by.described,
        "what": "tie ended",
        "whom": vault.person(tie.person_id).described,
        "relation": tie.relation,
        "keys": "to be turned" if owed else "turned",
    }
    vault.record(
        client_id, "revocation", body, at, authority=authority.version, slot="keys", changes=changes
    )
    vault.agent.forget(tie.person_id, client_id)


def others_who_treat(visit: Visit, authority: Authority, person_id: bytes) -> frozenset[bytes]:
    """Who works here and treats a client besides this person."""
    others = {
        tie.person_id
        for tie in authority.ties.values()
        if "treating" in authority.relations(tie.person_id, visit.at)
    } - {person_id}
    return frozenset(one for one in others if works_here(visit.vault.person(one), visit.at))


def _check_taken_over(
    visit: Visit, authority: Authority, tie: TieRow, tie_id: bytes
) -> frozenset[bytes]:
    """Raise `BadInput` where nobody would treat once a tie ended; else on whom that rests."""
    stay = [one for name, one in authority.ties.items() if name != tie_id]
    own = [one for one in _current(stay, visit.at) if one.person_id == tie.person_id]
    if tie.relation != "treating" or any(one.relation == "treating" for one in own):
        return frozenset()
    others = others_who_treat(visit, authority, tie.person_id)
    if not others:
        wrong = "is the last by which somebody treats this client"
        raise BadInput("tie", wrong, "first a tie of whoever takes over, also of a closed record")
    return others


def _check_giving(visit: Visit, authority: Authority, person: Person, relation: str) -> None:
    """Raise `NotPermitted` unless this person may give this relation to that one."""
    relations = authority.relations(visit.unlocked.person_id, visit.at)
    if person.person_id == visit.unlocked.person_id or not works_here(person, visit.at):
        raise NotPermitted
    if not any(relation in GIVEN_BY.get(one, ()) for one in relations):
        raise NotPermitted


def check_end(
    authority: Authority, by: Person, until: datetime.datetime | None, at: datetime.datetime
) -> None:
    """Raise `BadInput` for a tie that would outlast, or has outlasted, the own one."""
    own = [
        one.until for one in _current(authority.ties.values(), at) if one.person_id == by.person_id
    ]
    if None in own:
        return
    last = max(one for one in own if one is not None)
    if until is None or until > last:
        raise BadInput("until", "is later than the own tie ends", f"up to {last.isoformat()}")


def _current(ties: Iterable[TieRow], at: datetime.datetime) -> list[TieRow]:
    return [one for one in ties if one.since <= at and (one.until is None or at < one.until)]


def _due_until(ties: Iterable[TieRow], client_id: bytes) -> dict[str, datetime.datetime | None]:
    """Every compartment that these ties of one person bring, and until when: nothing for no end."""
    due: dict[str, datetime.datetime | None] = {}
    for one in ties:
        for name in brought_by(
            one.relation, person_id=one.person_id, client_id=client_id, notes_of=one.notes_of
        ):
            last = due.get(name, one.until)
            due[name] = None if last is None or one.until is None else max(last, one.until)
    return due


def share_notes(visit: Visit, client_id: bytes, tie_id: bytes) -> None:
    """Let a supervisor read what the author keeps apart about this client, while the tie lasts.

    Only the author can: nobody else holds that key. Raises `Unknown` where there is no such tie of
    a supervisor that lasts, `Unopenable` where the one who asks keeps nothing apart,
    `AuthorityMoved` where the supervisor was shut out.
    """
    vault, by = visit.vault, visit.person
    authority = known_authority(visit, client_id)
    tie = authority.ties.get(tie_id)
    if tie is None or tie.relation != "supervisor" or not _current((tie,), visit.at):
        raise Unknown
    name = process_compartment(by.person_id)
    keys = newest_keys(visit, authority)
    if name not in keys:
        raise Unopenable("notes kept apart")
    supervisor = vault.person(tie.person_id)
    change = key_change(visit, authority)
    change.give(tie.person_id, {name: keys[name]}, public=supervisor.public.wrap, expires=tie.until)
    notes_of = tuple(dict.fromkeys((*tie.notes_of, by.person_id)))
    shared = msgspec.structs.replace(tie, notes_of=notes_of)

    def changes(writing: Writing) -> bytes:
        row = vault.directory.seal(shared, client_id, tie_id)
        writing.run("ties.update", practice_id=vault.practice_id, tie_id=tie_id, row=row)
        change.write(writing)
        return moved_authority(writing, vault.practice_id, client_id)

    vault.record(
        client_id,
        "grant",
        {"by": by.described, "what": "notes shared", "whom": supervisor.described},
        visit.at,
        authority=authority.version,
        slot="keys",
        changes=changes,
    )


def turn_keys(visit: Visit, client_id: bytes) -> None:
    """Give a record new keys, for those who hold keys now: what was sealed stays readable to them.

    With those of the compartments turn the key of what several clients share, and of what the one
    who asks keeps apart. Raises `Unknown`, and `NotPermitted` for whoever does not treat the
    client, `Unopenable` for whoever does not hold all keys of it.
    """
    vault = visit.vault
    authority = known_authority(visit, client_id)
    check_treating(visit, authority)
    change = key_change(visit, authority)
    keys = newest_keys(visit, authority)
    if not set(COMPARTMENTS) <= set(keys):
        raise Unopenable("a compartment whose key is not held")
    turn(change, authority, keys, keys, ties=authority.ties.values())

    def changes(writing: Writing) -> bytes:
        change.write(writing)
        return moved_authority(writing, vault.practice_id, client_id)

    body = {"by": visit.person.described, "what": "keys turned"}
    vault.record(
        client_id,
        "keys",
        body,
        visit.at,
        authority=authority.version,
        slot="keys",
        changes=changes,
    )


def turn(
    change: KeyChange,
    authority: Authority,
    keys: Mapping[str, bytes],
    names: Iterable[str],
    *,
    ties: Iterable[TieRow],
) -> frozenset[str]:
    """Turn those of the keys named that the one who changes can turn; gives their names.

    `keys` are those held. The compartments turn together, by whoever holds them all; what an author
    keeps apart turns by the author alone, though others may hold its key too.
    """
    named, done = set(names), set[str]()
    if named & set(COMPARTMENTS) and set(COMPARTMENTS) <= set(keys):
        rotate(change, authority, keys, ties)
        done |= named & set(COMPARTMENTS)
    mine = {process_compartment(change.granter), shared_compartment(authority.client_id)}
    for name in sorted(named & mine & set(keys)):
        change.rotate_own(name, keys[name])
        done.add(name)
    return frozenset(done)


def rotate(
    change: KeyChange,
    authority: Authority,
    keys: Mapping[str, bytes],
    ties: Iterable[TieRow],
) -> None:
    """Turn the compartments' keys, and give the new ones to whoever is due them."""
    ties = tuple(ties)
    guests = change.guests(ties)
    new = change.rotate(keys)
    change.give_to_ties(new, ties)
    change.give_to_posts(new)
    for recipient_id, names, expires in guests:
        change.give_to_person(recipient_id, {one: new[one] for one in names}, expires=expires)
    person_id = authority.client.person_id
    if person_id is not None:
        own = {name: new[name] for name in BY_TIE["own"]}
        change.give_to_person(person_id, own, expires=None)


def key_change(visit: Visit, authority: Authority) -> KeyChange:
    """A change of this client's keys by this person, nothing in it yet."""
    return KeyChange(
        visit.vault,
        authority.whose(visit.vault.practice_id),
        authority.sheet,
        written=authority.sheet.version,
        granter=visit.unlocked.person_id,
        at=visit.at,
    )


def newest_keys(visit: Visit, authority: Authority) -> dict[str, bytes]:
    """The newest keys of this client that this person holds, by name."""
    held = held_keys(visit, authority)
    return {
        name: key
        for name, (generation, key) in held.items()
        if generation == authority.sheet.newest(name)
    }
