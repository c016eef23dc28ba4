"""Signing in from a page: a password with what stands beside it, a passkey alone, proof anew.

Beside a password stands a second factor, as soon as somebody has one: the code of an authenticator
app, or the touch of a passkey. An unknown name, a wrong password and a wrong second factor look the
same and take the same work. A code and an answer are taken once; that is noted in the transaction
of the line that says somebody signed in.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from angerona.ciphers.one_time import DIGITS, step_of
from angerona.ciphers.passkeys import (
    Registered,
    checked_assertion,
    checked_registration,
    named_in,
)
from angerona.errors import BadInput, NotPermitted, Sealed, Unknown, WrongSignIn
from angerona.practice.members import (
    add_credential,
    add_passkey,
    credentials_of,
    find,
    let_in,
    sign_in_with_passkey,
)
from angerona.sealed.people import SECOND
from angerona.sealed.rows import CredentialRow
from angerona.sealed.vault import person_digest

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from angerona.ledger.ledger import Changes
    from angerona.sealed.people import Credential
    from angerona.sealed.sessions import OpenSession
    from angerona.sealed.vault import Person, Vault, Visit
    from angerona.store import Writing

TAKEN_OFF = ("passkey", *SECOND)
"""Kinds of credential that their owner may take off again."""


@dataclass(frozen=True, slots=True, repr=False)
class Touch:
    """What a browser brings from a passkey: its answer (JSON) to a challenge, and where it is from.

    `browser`: the cookie that the challenge was made for. `secret`: the 32 bytes of the PRF
    extension, where the passkey gives them. `act`: what it proves somebody for, but to sign in.
    """

    answer: str
    challenge: bytes
    browser: bytes
    origin: str
    secret: bytes = b""
    act: bytes = b""


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """What somebody types to sign in; `touch` may stand in the place of the code.

    `place`: the address it comes from, by which wrong codes are counted (`sealed/tries.py`).
    """

    name: str
    password: str
    code: str = ""
    touch: Touch | None = None
    place: str = ""


def has_second(person: Person) -> bool:
    """Whether a password alone does not let this person in."""
    return any(credentials_of(person, kind) for kind in TAKEN_OFF)


def has_passkey(person: Person) -> bool:
    """Whether a passkey of this person's can prove who it is."""
    return any(one.passkey for one in person.known.values())


def sign_in(vault: Vault, given: Given, at: datetime.datetime) -> bytes:
    """Open a session with a password and, once there is one, a second factor; gives its cookie.

    After several wrong codes with the right password no code is looked at for a while, but from
    where the person has signed in. Raises `WrongSignIn`, the same whatever was wrong, after the
    same work.
    """
    person, mark = find(vault, given.name), None
    passwords = [] if person is None else credentials_of(person, "password")
    if person is not None and passwords:
        try:
            mark = _beside(vault, person, given, at)
        except WrongSignIn:
            _count_wrong(vault, passwords[0], given, at)
            vault.refused_sign_in(at)
            raise
    if person is None or not passwords:
        with contextlib.suppress(BadInput):  # what is no password at all is as wrong as any other
            vault.lock.refuse_slowly(given.password)
        vault.refused_sign_in(at)
        raise WrongSignIn
    return let_in(
        *(vault, person, passwords[0], at),
        lambda: vault.lock.open_with_password(passwords[0], given.password),
        mark=mark,
    )


def sign_in_with_touch(vault: Vault, touch: Touch, at: datetime.datetime) -> bytes:
    """Open a session with a passkey alone: it asked for finger, face or PIN, and gave its secret.

    Raises `WrongSignIn`.
    """
    try:
        person, credential = _touched(vault, touch)
        mark = _checked(vault, person, credential, touch, at, by_person=True)
    except WrongSignIn:
        vault.refused_sign_in(at)
        raise
    return sign_in_with_passkey(vault, credential.credential_id, touch.secret, at, mark=mark)


def prove_again(visit: Visit, given: str) -> None:
    """Prove anew who is signed in, by the password or a code of the app.

    Five wrong ones end the session. Raises `WrongSignIn`.
    """
    vault, person = visit.vault, visit.person
    with _proof(visit):
        if len("".join(given.split())) == DIGITS:
            _note_proof(visit, _code_fits(vault, person, given, visit.at))
        else:
            _password_fits(vault, person, given)


def prove_again_by_touch(visit: Visit, touch: Touch) -> None:
    """The same by a passkey of one's own that asks for finger, face or PIN, for one act.

    The challenge was made for this browser and this very act. Raises as `prove_again`.
    """
    with _proof(visit):
        person, credential = _touched(visit.vault, touch)
        if person.person_id != visit.unlocked.person_id:
            raise WrongSignIn
        mark = _checked(visit.vault, person, credential, touch, visit.at, by_person=True)
        _note_proof(visit, mark)


@contextlib.contextmanager
def _proof(visit: Visit) -> Iterator[None]:
    """Note whether the proof in the block was right: the session's count of wrong ones."""
    try:
        yield
    except WrongSignIn:
        visit.unlocked.fail_to_prove()
        visit.vault.refused_sign_in(visit.at)
        raise
    visit.unlocked.prove(visit.at)


def _note_proof(visit: Visit, mark: Changes | None) -> None:
    """Write the line of a proof by what is used once, with the mark that it was."""
    person_id = visit.unlocked.person_id
    body = {"by": visit.person.described, "what": "proved anew"}
    slot = "" if mark is None else "keys"
    visit.vault.record(person_id, "sign_in", body, visit.at, slot=slot, changes=mark)


def add_app(visit: Visit, title: str, secret: bytes, code: str) -> None:
    """Add an authenticator app that shows this code now. Raises `BadInput` for another one."""
    step = step_of(secret, code, visit.at)
    if step is None:
        raise BadInput("code", "does not fit", "the six digits that the app shows now")
    _add_second(visit, "app", title, secret=secret, used=step)


def add_touch(visit: Visit, title: str, touch: Touch) -> None:
    """Add the passkey that was just made.

    With its secret it opens the keys; without one it stands beside the password. Raises `BadInput`
    where it does not answer what it was asked.
    """
    wrong = BadInput("passkey", "did not answer as it should", "another try")
    if not visit.vault.challenges.take(touch.browser, touch.challenge, visit.at):
        raise wrong
    try:
        made = checked_registration(touch.answer, touch.challenge, touch.origin)
    except Sealed:
        raise wrong from None
    if touch.secret:
        add_passkey(visit, title, touch.secret, made)
    else:
        _add_second(
            visit, "device", title, passkey=made.passkey, public=made.public, used=made.used
        )


def take_off(visit: Visit, credential_id: bytes) -> None:
    """Take a passkey, app or device off; every other session of this person ends.

    Raises `Unknown` where there is no such credential of this person's.
    """
    vault, person = visit.vault, visit.person
    found = [one for one in person.credentials if one.credential_id == credential_id]
    if not found or found[0].kind not in TAKEN_OFF:
        raise Unknown
    _taken_off(vault, visit, person, found)
    vault.agent.close_others(visit.unlocked)


def take_off_seconds(visit: Visit, person_id: bytes) -> None:
    """The privacy officer takes off every second factor of a colleague who has lost them.

    The password lets in until a new one is set up, which is asked for at once. Raises
    `NotPermitted` for anybody else, and for a client's credentials or one's own.
    """
    vault, person = visit.vault, visit.vault.person(person_id)
    is_officer = "privacy_officer" in visit.person.row.posts
    if not is_officer or person.row.client_id is not None or person_id == visit.person.person_id:
        raise NotPermitted
    _taken_off(vault, visit, person, [one for one in person.credentials if one.kind in TAKEN_OFF])
    vault.agent.close_all(person_id)


def sessions_of(visit: Visit) -> list[OpenSession]:
    """One's own open sessions, the newest first."""
    return visit.vault.agent.open_of(visit.unlocked.person_id, visit.at)


def end_sessions(visit: Visit) -> None:
    """End every session of one's own, this one too, with a line in the ledger."""
    vault, person = visit.vault, visit.person
    body = {"by": person.described, "what": "every session"}
    vault.record(person.person_id, "sign_out", body, visit.at)
    vault.agent.close_all(person.person_id)


def _beside(vault: Vault, person: Person, given: Given, at: datetime.datetime) -> Changes | None:
    """Check what stands beside the password, and give what notes that it was used."""
    if not has_second(person):
        return None
    if given.touch is not None:
        touched, credential = _touched(vault, given.touch)
        if touched.person_id != person.person_id:
            raise WrongSignIn
        return _checked(vault, person, credential, given.touch, at, by_person=False)
    if not vault.tries.may_try(person.person_id, given.place, at):
        raise WrongSignIn
    return _code_fits(vault, person, given.code, at)


def _count_wrong(vault: Vault, password: Credential, given: Given, at: datetime.datetime) -> None:
    """Count a wrong code, if the password was right; for the work of any wrong sign-in.

    Nothing is guessed by a passkey, nor by a code that was not looked at.
    """
    person_id = password.person_id
    may_try = vault.tries.may_try(person_id, given.place, at)
    is_right = vault.lock.is_password(password, given.password)
    if is_right and given.code and given.touch is None and may_try:
        vault.tries.wrong(person_id, given.place, at)
        vault.refused_code(person_id, at)


def _code_fits(vault: Vault, person: Person, code: str, at: datetime.datetime) -> Changes:
    for credential in credentials_of(person, "app"):
        row = person.known[credential.credential_id]
        step = step_of(row.secret, code, at)
        if step is not None and step > row.used:
            return _used(vault, credential, step)
    raise WrongSignIn


def _password_fits(vault: Vault, person: Person, password: str) -> None:
    for credential in credentials_of(person, "password"):
        with contextlib.suppress(Sealed, BadInput):
            vault.lock.open_with_password(credential, password)
            return
    raise WrongSignIn


def _touched(vault: Vault, touch: Touch) -> tuple[Person, Credential]:
    """Whose passkey answers. Nothing of the answer is checked yet. Raises `WrongSignIn`."""
    try:
        passkey, person_id = named_in(touch.answer)
        person = vault.person(person_id)
    except (Sealed, Unknown):
        raise WrongSignIn from None
    for credential in person.credentials:
        if passkey and person.known[credential.credential_id].passkey == passkey:
            return person, credential
    raise WrongSignIn


def _checked(
    vault: Vault,
    person: Person,
    credential: Credential,
    touch: Touch,
    at: datetime.datetime,
    *,
    by_person: bool,
) -> Changes | None:
    """Check the answer of a known passkey, once; gives what notes how often it has signed."""
    row = person.known[credential.credential_id]
    known = Registered(row.passkey, row.public, row.used)
    if not vault.challenges.take(touch.browser, touch.challenge, at, act=touch.act):
        raise WrongSignIn
    try:
        used = checked_assertion(
            touch.answer, touch.challenge, touch.origin, known, by_person=by_person
        )
    except Sealed:
        raise WrongSignIn from None
    return _used(vault, credential, used) if used else None


def _used(vault: Vault, credential: Credential, used: int) -> Changes:
    """Note in a transaction that a credential was used. Raises `WrongSignIn` there if it was."""

    def changes(writing: Writing) -> bytes:
        person_id, credential_id = credential.person_id, credential.credential_id
        whose = {"practice_id": vault.practice_id, "person_id": person_id}
        rows = {row[0]: row[-1] for row in writing.rows("credentials.of_person", **whose)}
        if credential_id not in rows:
            raise WrongSignIn
        row = vault.directory.open(CredentialRow, rows[credential_id], person_id, credential_id)
        if row.used >= used:
            raise WrongSignIn
        sealed = vault.directory.seal(
            msgspec.structs.replace(row, used=used), person_id, credential_id
        )
        place = {"practice_id": vault.practice_id, "credential_id": credential_id}
        writing.run("credentials.update", row=sealed, **place)
        return person_digest(writing, vault.practice_id, person_id)

    return changes


def _add_second(visit: Visit, kind: str, title: str, **more: bytes | int) -> None:
    credential = visit.vault.lock.beside_a_password(visit.unlocked.person_id, kind)
    row = CredentialRow(kind=kind, title=title, since=visit.at)
    add_credential(visit, credential, msgspec.structs.replace(row, **more))


def _taken_off(vault: Vault, visit: Visit, person: Person, credentials: list[Credential]) -> None:
    def changes(writing: Writing) -> bytes:
        for one in credentials:
            place = {"practice_id": vault.practice_id, "credential_id": one.credential_id}
            writing.run("credentials.delete", **place)
        return person_digest(writing, vault.practice_id, person.person_id)

    body = {"by": visit.person.described, "what": "credential taken off"}
    vault.record(person.person_id, "keys", body, visit.at, slot="keys", changes=changes)
