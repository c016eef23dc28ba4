"""Invitations: a colleague joins by a code that is handed over once, and chooses a password alone.

The code (160 bits, written like a recovery code) is kept nowhere. The invitation lies under an id
that is derived from it, and the keys of the posts to be given are sealed under it as well: who has
the database and the boot secret, and not the code, can give nobody a post. Each is used once.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.recovery import new_code, read_code
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.wraps import WrapPair
from angerona.errors import BadInput, NotPermitted, Sealed, Unknown, WrongSignIn
from angerona.practice.colleagues import works_here
from angerona.practice.members import OFFICER, NewMember, checked_member, enrolment, find
from angerona.sealed.holding import seeds_of
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from angerona.practice.members import Enrolled
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

LASTS: Final = datetime.timedelta(days=7)
_NAME: Final = "invitation/"
_BACK: Final = "taken_back"
_SEED_BYTES: Final = 32


class InvitationRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is invited, by whom, until when; `seeds` are the keys of the posts, under the code."""

    domain: ClassVar[str] = "angerona/row/invitation/v1"
    name: str
    roles: tuple[str, ...]
    posts: tuple[str, ...]
    by: bytes
    stated: datetime.datetime
    expires: datetime.datetime
    seeds: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Invitation:
    """An invitation that waits: its id (16 bytes), and what it says."""

    invitation_id: bytes
    row: InvitationRow


def invite(visit: Visit, who: NewMember) -> str:
    """Invite a colleague, with posts that one holds; gives the code to hand over once.

    Raises `NotPermitted` for anybody but the privacy officer, `Unopenable` for a post one does not
    hold, `BadInput` as `enrolment`.
    """
    vault, by = visit.vault, visit.person
    if OFFICER not in by.row.posts:
        raise NotPermitted
    seeds = seeds_of(visit, who.posts)
    who = checked_member(who, seeds)
    if find(vault, who.name) is not None:
        raise BadInput("name", "is somebody's here already", "another name")
    code = new_code()
    secret = read_code(code)
    invitation_id = _id(vault, secret)
    joined = b"".join(seeds[name] for name in who.posts)
    row = InvitationRow(
        name=who.name,
        roles=who.roles,
        posts=who.posts,
        by=by.person_id,
        stated=visit.at,
        expires=visit.at + LASTS,
        seeds=seal_row(_key(vault, secret), _context(vault, invitation_id), joined),
    )
    name = _setting(invitation_id)
    sealed = vault.directory.seal(row, name.encode())

    def changes(writing: Writing) -> None:
        writing.run("settings.insert", practice_id=vault.practice_id, name=name, row=sealed)

    body = {
        "by": by.described,
        "what": "invited",
        "roles": list(who.roles),
        "posts": list(who.posts),
        "invitation": _digest(vault, sealed),
    }
    vault.record(by.person_id, "member", body, visit.at, changes=changes)
    return code


def invitations(visit: Visit) -> list[Invitation]:
    """Every invitation that waits, by name. Raises `NotPermitted` for anybody but the officer."""
    vault = visit.vault
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    found = [
        Invitation(
            bytes.fromhex(name.removeprefix(_NAME)),
            vault.directory.open(InvitationRow, sealed, name.encode()),
        )
        for name, sealed in vault.store.rows("settings.all", practice_id=vault.practice_id)
        if name.startswith(_NAME)
    ]
    waiting = [one for one in found if visit.at < one.row.expires]
    return sorted(waiting, key=lambda one: (one.row.name.casefold(), one.invitation_id))


def take_back_invitation(visit: Visit, invitation_id: bytes) -> None:
    """Take an invitation back. Raises `Unknown`, `NotPermitted` for anybody but the officer."""
    vault, by = visit.vault, visit.person
    if OFFICER not in by.row.posts:
        raise NotPermitted

    name = _setting(invitation_id)
    place: dict[str, bytes | str] = {"practice_id": vault.practice_id, "name": name}
    rows = vault.store.rows("settings.by_key", **place)
    if not rows:
        raise Unknown
    [(sealed,)] = rows
    inviter = vault.directory.open(InvitationRow, sealed, name.encode()).by

    def changes(writing: Writing) -> None:
        _use_up(vault, writing, invitation_id)

    body = {"by": by.described, "what": "invitation taken back", _BACK: _digest(vault, sealed)}
    vault.record(inviter, "member", body, visit.at, changes=changes)


def invitation_of(vault: Vault, code: str, at: datetime.datetime) -> Invitation:
    """The invitation of a code. Raises `WrongSignIn`: none, used, taken back, too old."""
    try:
        invitation_id = _id(vault, read_code(code))
        name = _setting(invitation_id)
        place: dict[str, bytes | str] = {"practice_id": vault.practice_id, "name": name}
        rows = vault.store.rows("settings.by_key", **place)
        row = vault.directory.open(InvitationRow, rows[0][0], name.encode()) if rows else None
    except (BadInput, Sealed):
        row = None
    if row is None or at >= row.expires or not _is_stated(vault, row, rows[0][0]):
        vault.refused_sign_in(at)
        raise WrongSignIn
    return Invitation(invitation_id, row)


def accept_invitation(vault: Vault, code: str, password: str, at: datetime.datetime) -> Enrolled:
    """Join, with a password of one's own; the invitation is used up.

    Raises `WrongSignIn` as `invitation_of`, and where the one who invited holds the post of the
    privacy officer no more or a post has other keys by now; `BadInput` as `enrolment`.
    """
    found = invitation_of(vault, code, at)
    row, secret = found.row, read_code(code)
    seeds = _seeds(vault, found, secret)
    by = vault.person(row.by).at(at)
    posts = vault.practice().posts
    is_stale = any(WrapPair.from_seed(seeds[one]).public != posts[one].public for one in row.posts)
    if is_stale or OFFICER not in by.row.posts or not works_here(by, at):
        vault.refused_sign_in(at)
        raise WrongSignIn
    who = NewMember(name=row.name, roles=row.roles, posts=row.posts)
    ready = enrolment(vault, who, password, at, by=by.described, post_seeds=seeds)

    def changes(writing: Writing) -> bytes:
        _use_up(vault, writing, found.invitation_id)
        return ready.write(writing)

    vault.ledger.append(ready.line, at, authority=None, changes=changes).result()
    return ready.enrolled


def _seeds(vault: Vault, found: Invitation, secret: bytes) -> dict[str, bytes]:
    context = _context(vault, found.invitation_id)
    joined = open_row(_key(vault, secret), context, found.row.seeds)
    return {
        name: joined[_SEED_BYTES * place : _SEED_BYTES * (place + 1)]
        for place, name in enumerate(found.row.posts)
    }


def _is_stated(vault: Vault, row: InvitationRow, sealed: bytes) -> bool:
    """Whether the ledger holds that this very invitation was made, and not that it was taken back.

    Who puts a row back that is gone from the database puts no line back.
    """
    wanted = _digest(vault, sealed)
    bodies = [one.body for one in vault.ledger.lines_of(row.by) if one.kind == "member"]
    is_made = any(one.get("invitation") == wanted for one in bodies)
    return is_made and not any(one.get(_BACK) == wanted for one in bodies)


def _use_up(vault: Vault, writing: Writing, invitation_id: bytes) -> None:
    """Inside a job: the invitation goes. Raises `Unknown` where somebody was quicker."""
    name = _setting(invitation_id)
    if not writing.run("settings.delete", practice_id=vault.practice_id, name=name):
        raise Unknown


def _setting(invitation_id: bytes) -> str:
    return f"{_NAME}{invitation_id.hex()}"


def _id(vault: Vault, secret: bytes) -> bytes:
    return derived(secret, "angerona/invitation/id/v1", vault.practice_id)[:16]


def _key(vault: Vault, secret: bytes) -> bytes:
    return derived(secret, "angerona/invitation/key/v1", vault.practice_id)


def _context(vault: Vault, invitation_id: bytes) -> bytes:
    return packed("angerona/invitation/seeds/v1", vault.practice_id, invitation_id)


def _digest(vault: Vault, sealed: bytes) -> str:
    return digest("angerona/invitation/v1", vault.practice_id, sealed).hex()
