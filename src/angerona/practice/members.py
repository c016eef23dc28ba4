"""Members: their enrolment, their credentials, signing in and out."""

from __future__ import annotations

import contextlib
import os
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import (
    BadInput,
    Conflicting,
    NotPermitted,
    Planted,
    SignedOut,
    StoreError,
    Unopenable,
    WrongSignIn,
    one_line,
    one_of,
)
from angerona.ledger.lines import KEYS, Line
from angerona.sealed.compartments import BY_POST
from angerona.sealed.holding import seeds_of, wrapped_post
from angerona.sealed.people import KINDS, Credential, new_person
from angerona.sealed.rows import CredentialRow, PersonRow
from angerona.sealed.vault import Person, person_digest
from angerona.words import ROLES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping

    from angerona.ciphers.passkeys import Registered
    from angerona.ledger.ledger import Changes
    from angerona.sealed.people import PersonKeys
    from angerona.sealed.vault import Post, Vault, Visit
    from angerona.store import Writing

NAME_CHARACTERS_MAX: Final = 200
OFFICER: Final = "privacy_officer"
"""The post that enrols members, and asks the key holders to open a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Who is enrolled: the name members know each other by, roles and posts."""

    name: str
    roles: tuple[str, ...]
    posts: tuple[str, ...]
    client_id: bytes | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Enrolled:
    """A new person, with the recovery code to hand over once."""

    person_id: bytes
    recovery_code: str


@dataclass(frozen=True, slots=True, repr=False)
class Enrolment:
    """A person made ready: the rows, the ledger line, and what to hand over once written."""

    person: Person
    enrolled: Enrolled
    line: Line
    write: Callable[[Writing], bytes]
    """Inside a job: writes the rows, and gives what the line binds."""


def enrol_member(visit: Visit, who: NewMember, password: str) -> Enrolled:
    """Enrol a colleague, with the posts that the one who enrols holds too.

    Raises `NotPermitted` for anybody but the privacy officer, `Unopenable` for a post one does not
    hold, `BadInput` as `enrolment`.
    """
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    known = [name for name in who.posts if name in BY_POST]
    seeds = seeds_of(visit, known)
    return enrol(visit.vault, who, password, visit.at, by=visit.person.described, post_seeds=seeds)


def enrol(
    vault: Vault,
    who: NewMember,
    password: str,
    at: datetime.datetime,
    *,
    by: Mapping[str, object],
    post_seeds: Mapping[str, bytes],
) -> Enrolled:
    """Enrol a person on nobody's say but the caller's: at a founding. Raises as `enrolment`."""
    ready = enrolment(vault, who, password, at, by=by, post_seeds=post_seeds)
    vault.ledger.append(ready.line, at, authority=None, changes=ready.write).result()
    return ready.enrolled


def enrolment(
    vault: Vault,
    who: NewMember,
    password: str,
    at: datetime.datetime,
    *,
    by: Mapping[str, object],
    post_seeds: Mapping[str, bytes],
    posts: Mapping[str, Post] | None = None,
) -> Enrolment:
    """A person with a password and a recovery code: two credentials from the first day.

    `post_seeds` gives the seed of every post the person is to hold (`seeds_of`); `posts` the posts
    themselves where they are just being made anew. Raises `BadInput`; in the transaction too where
    the name is taken, and `Conflicting` where a post has other keys by now.
    """
    who = checked_member(who, post_seeds)
    keys, person_id, label = new_person(), os.urandom(16), os.urandom(32)
    public = keys.public
    row = PersonRow(
        name=who.name,
        label=label,
        roles=who.roles,
        posts=who.posts,
        since=at,
        client_id=who.client_id,
    )
    with_password = vault.lock.with_password(person_id, keys, password)
    with_code, code = vault.lock.with_recovery_code(person_id, keys)
    sealed = vault.directory.seal(row, person_id)
    person = Person(person_id, public, row, (with_password, with_code))
    known = vault.practice().posts if posts is None else posts
    wrapped = [
        wrapped_post(vault.practice_id, known[name], post_seeds[name], person) for name in who.posts
    ]

    def write(writing: Writing) -> bytes:
        rows = writing.rows("people.all", practice_id=vault.practice_id)
        if _named(vault, rows, who.name) is not None:
            raise BadInput("name", "is somebody's here already", "another name")
        _check_posts(vault, writing, [known[name] for name in who.posts])
        vault.ledger.enrol(writing, person_id, label)
        writing.run(
            "people.insert",
            practice_id=vault.practice_id,
            person_id=person_id,
            keys=public.stored,
            row=sealed,
        )
        for credential, title in ((with_password, "password"), (with_code, "recovery code")):
            insert_credential(vault, writing, credential, _row(credential, title, at))
        for given in wrapped:
            writing.run("post_keys.insert", **given)
        return person_digest(writing, vault.practice_id, person_id)

    vault.event_keys.of_own(person_id)
    body = {"by": by, "what": "enrolled", "roles": list(who.roles), "posts": list(who.posts)}
    line = Line(person_id, "member", body, slot=KEYS)
    return Enrolment(person, Enrolled(person_id, code), line, write)


def _check_posts(vault: Vault, writing: Writing, posts: Iterable[Post]) -> None:
    """Inside a job: raise `Conflicting` where one of these posts has other keys by now."""
    now = {row[0]: row[1] for row in writing.rows("posts.all", practice_id=vault.practice_id)}
    if any(now.get(one.post_id) != one.public for one in posts):
        raise Conflicting("the posts were changed meanwhile")


def add_passkey(visit: Visit, title: str, secret: bytes, made: Registered | None = None) -> bytes:
    """A further credential for a signed-in person, from a passkey's 32 PRF bytes; gives its id.

    `made` is what a browser's passkey is checked by later.
    """
    credential = visit.vault.lock.with_passkey(
        visit.unlocked.person_id, visit.unlocked.keys, secret
    )
    row = _row(credential, title, visit.at)
    if made is not None:
        row = msgspec.structs.replace(row, passkey=made.passkey, public=made.public, used=made.used)
    add_credential(visit, credential, row)
    return credential.credential_id


def add_credential(visit: Visit, credential: Credential, row: CredentialRow) -> None:
    """Give a signed-in person a further credential, with its line in the ledger."""
    vault, person_id = visit.vault, visit.unlocked.person_id
    row = msgspec.structs.replace(row, title=one_line("title", row.title, NAME_CHARACTERS_MAX))

    def changes(writing: Writing) -> bytes:
        check_still_here(vault, writing, person_id)
        insert_credential(vault, writing, credential, row)
        return person_digest(writing, vault.practice_id, person_id)

    body = {"by": visit.person.described, "what": "credential added"}
    vault.record(person_id, "keys", body, visit.at, slot="keys", changes=changes)


def change_password(visit: Visit, password: str) -> None:
    """Give a signed-in person another password; the former one is gone at once.

    Every other session of this person ends. Raises `BadInput` for a password that cannot be used.
    """
    unlocked = visit.unlocked
    new = visit.vault.lock.with_password(unlocked.person_id, unlocked.keys, password)
    _replace(visit, new, "password", "password changed")


def renew_recovery_code(visit: Visit) -> str:
    """Give a signed-in person another recovery code, to be shown once; the former one is gone.

    Every other session of this person ends.
    """
    unlocked = visit.unlocked
    new, code = visit.vault.lock.with_recovery_code(unlocked.person_id, unlocked.keys)
    _replace(visit, new, "recovery code", "recovery code renewed")
    return code


def _replace(visit: Visit, new: Credential, title: str, what: str) -> None:
    """Put a credential in the place of all former ones of its kind, and end every other session."""
    vault, person_id = visit.vault, visit.unlocked.person_id
    former = credentials_of(visit.person, new.kind)

    def changes(writing: Writing) -> bytes:
        check_still_here(vault, writing, person_id)
        for one in former:
            place = {"practice_id": vault.practice_id, "credential_id": one.credential_id}
            writing.run("credentials.delete", **place)
        insert_credential(vault, writing, new, _row(new, title, visit.at))
        return person_digest(writing, vault.practice_id, person_id)

    body = {"by": visit.person.described, "what": what}
    vault.record(person_id, "keys", body, visit.at, slot="keys", changes=changes)
    vault.agent.close_others(visit.unlocked)


def sign_in_with_password(vault: Vault, name: str, password: str, at: datetime.datetime) -> bytes:
    """Open a session and give its cookie (32 bytes).

    Raises `WrongSignIn`, the same for an unknown name and a wrong password, after the same work.
    """
    person = find(vault, name)
    credentials = [] if person is None else credentials_of(person, "password")
    if person is None or not credentials:
        with contextlib.suppress(BadInput):  # what is no password at all is as wrong as any other
            vault.lock.refuse_slowly(password)
        vault.refused_sign_in(at)
        raise WrongSignIn
    return let_in(
        *(vault, person, credentials[0], at),
        lambda: vault.lock.open_with_password(credentials[0], password),
    )


def sign_in_in_emergency(vault: Vault, name: str, password: str, at: datetime.datetime) -> bytes:
    """The same where the ledger may not be writable: without a line if it must be.

    Nothing opens by it but what `gate/emergency.py` opens: every other look writes a line first,
    and what is opened there names the person in the spool. Raises `WrongSignIn`.
    """
    with contextlib.suppress(StoreError):
        return sign_in_with_password(vault, name, password, at)
    person = find(vault, name)
    credentials = [] if person is None else credentials_of(person, "password")
    try:
        if person is None or not credentials:
            vault.lock.refuse_slowly(password)
            raise WrongSignIn
        keys = vault.lock.open_with_password(credentials[0], password)
    except (Unopenable, BadInput):
        raise WrongSignIn from None
    if keys.public.stored != person.public.stored:
        raise Planted("the keys of a person")
    return vault.agent.open(vault.practice_id, person.person_id, keys, at)


def sign_in_with_recovery_code(vault: Vault, name: str, code: str, at: datetime.datetime) -> bytes:
    """The same with a recovery code."""
    person = find(vault, name)
    credentials = [] if person is None else credentials_of(person, "recovery")
    if person is None or not credentials:
        vault.refused_sign_in(at)
        raise WrongSignIn
    return let_in(
        *(vault, person, credentials[0], at),
        lambda: vault.lock.open_with_recovery_code(credentials[0], code),
    )


def sign_in_with_passkey(
    vault: Vault,
    credential_id: bytes,
    secret: bytes,
    at: datetime.datetime,
    *,
    mark: Changes | None = None,
) -> bytes:
    """The same with the 32 bytes that a passkey's PRF extension gives.

    The passkey says which credential it is (16 bytes); its signature is for the caller to check.
    """
    place = {"practice_id": vault.practice_id, "credential_id": credential_id}
    owners = vault.store.rows("credentials.owner", **place)
    person = vault.person(owners[0][0]) if owners else None
    found = [] if person is None else credentials_of(person, "passkey")
    mine = [one for one in found if one.credential_id == credential_id]
    if person is None or not mine:
        vault.refused_sign_in(at)
        raise WrongSignIn
    return let_in(
        *(vault, person, mine[0], at),
        lambda: vault.lock.open_with_passkey(mine[0], secret),
        mark=mark,
    )


def sign_out(vault: Vault, cookie: bytes, at: datetime.datetime) -> None:
    """End a session, with its line in the ledger. Raises `SignedOut` where it is over already."""
    with vault.agent.unlocked(cookie, at) as unlocked:
        person_id = unlocked.person_id
    vault.agent.close(cookie)
    vault.record(person_id, "sign_out", {"by": vault.person(person_id).described}, at)


def find(vault: Vault, name: str) -> Person | None:
    """The person whom members know by this name, or nobody."""
    rows = vault.store.rows("people.all", practice_id=vault.practice_id)
    found = _named(vault, rows, name)
    return vault.person(found) if found is not None else None


def _named(vault: Vault, rows: Iterable[tuple[Any, ...]], name: str) -> bytes | None:
    """The id of the person of this name among stored rows; what cannot be opened is nobody."""
    wanted = _folded(name)
    for person_id, _public, row in rows:
        with contextlib.suppress(Unopenable):
            if _folded(vault.directory.open(PersonRow, row, person_id).name) == wanted:
                return bytes(person_id)
    return None


def _folded(name: str) -> str:
    """A name as two spellings of it are compared."""
    return unicodedata.normalize("NFC", name.strip().casefold())


def credentials_of(person: Person, kind: str) -> list[Credential]:
    """A person's credentials of one kind, as the ledger vouches for them."""
    return [one for one in person.credentials if one.kind == kind]


def let_in(
    vault: Vault,
    person: Person,
    credential: Credential,
    at: datetime.datetime,
    unlock: Callable[[], PersonKeys],
    *,
    mark: Changes | None = None,
) -> bytes:
    """Open the session first, and show its cookie once the line is durable.

    So whoever takes the credential away at this moment either ends this session, or is seen here.
    `mark` notes in the same transaction what may not be used again. Raises `WrongSignIn`,
    `Planted`.
    """
    try:
        keys = unlock()
    except (Unopenable, BadInput):
        vault.refused_sign_in(at)
        raise WrongSignIn from None
    if keys.public.stored != person.public.stored:
        raise Planted("the keys of a person")

    def changes(writing: Writing) -> bytes | None:
        if credential.credential_id not in _credential_ids(vault, writing, person.person_id):
            raise WrongSignIn
        return None if mark is None else mark(writing)

    cookie = vault.agent.open(vault.practice_id, person.person_id, keys, at)
    try:
        body, slot = {"by": person.described}, "" if mark is None else "keys"
        vault.record(person.person_id, "sign_in", body, at, slot=slot, changes=changes)
    except BaseException:
        vault.agent.close(cookie)
        raise
    return cookie


def _credential_ids(vault: Vault, writing: Writing, person_id: bytes) -> set[bytes]:
    place = {"practice_id": vault.practice_id, "person_id": person_id}
    return {row[0] for row in writing.rows("credentials.of_person", **place)}


def check_still_here(vault: Vault, writing: Writing, person_id: bytes) -> None:
    """Inside a job: raise `SignedOut` where somebody was left without a credential meanwhile."""
    if not _credential_ids(vault, writing, person_id):
        raise SignedOut


def insert_credential(
    vault: Vault, writing: Writing, credential: Credential, row: CredentialRow
) -> None:
    """Write a new credential, with what is to be known of it."""
    writing.run(
        "credentials.insert",
        practice_id=vault.practice_id,
        credential_id=credential.credential_id,
        person_id=credential.person_id,
        kind=KINDS.index(credential.kind),
        salt=credential.salt,
        public=credential.public,
        private=credential.private,
        usk=credential.seed,
        row=vault.directory.seal(row, credential.person_id, credential.credential_id),
    )


def _row(credential: Credential, title: str, at: datetime.datetime) -> CredentialRow:
    return CredentialRow(kind=credential.kind, title=title, since=at)


def checked_member(who: NewMember, post_seeds: Mapping[str, bytes]) -> NewMember:
    """The same, if somebody can be enrolled so: name, roles, and posts whose seeds are there.

    Raises `BadInput`.
    """
    who = replace(who, name=one_line("name", who.name, NAME_CHARACTERS_MAX))
    for role in who.roles:
        if role not in ROLES:
            raise BadInput("roles", "unknown role", one_of(ROLES, role))
    for post in who.posts:
        if post not in BY_POST:
            raise BadInput("posts", "unknown post", one_of(BY_POST, post))
        if post not in post_seeds:
            raise BadInput("posts", "a post that nobody here can hand on", "a post one holds")
    return who
