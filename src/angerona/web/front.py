"""The front of the house: the first page, signing in and out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.ciphers.passkeys import from_browser, host_of, in_browser
from angerona.errors import BadInput, Sealed, SignedOut, WrongSignIn
from angerona.practice.members import sign_in_with_recovery_code, sign_out
from angerona.practice.signing_in import Given, Touch, sign_in, sign_in_with_touch
from angerona.practice.turning import turn_owed
from angerona.web.turn import ANYBODY, VISITOR, Moved, Page, Route, Turn, faces_of

if TYPE_CHECKING:
    from angerona.sealed.vault import Person
    from angerona.web.turn import Form, Result

_HOMES: Final = (
    ("client", "/me"),
    ("clinic", "/clients"),
    ("desk", "/desk"),
    ("officer", "/clients"),
)
HELD: Final = "held:"
"""How the fields of an earlier form are named in a sign-in that carries them along."""
_HELD_PATH: Final = "held-path"
_HELD_ONCE: Final = "held-once"
_OWN_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_-]+)+\Z")


def home_of(person: Person) -> str:
    """The first page of a person, by the faces he or she has."""
    faces = faces_of(person)
    return next((home for face, home in _HOMES if face in faces), "/account")


def first(turn: Turn) -> Result:
    """The first address: whoever is signed in goes home, anybody else signs in."""
    if turn.signed_in is None:
        return Moved("/sign-in")
    return Moved(home_of(turn.person))


def sign_in_page(turn: Turn) -> Result:
    """Where one signs in."""
    if turn.signed_in is not None:
        return Moved(home_of(turn.person))
    return _form(turn, back=turn.asked.get("back", ""))


def sign_in_now(turn: Turn) -> Result:
    """Sign in with name, password and, once there is one, a second factor.

    A wrong name, a wrong password and a wrong code are one thing. With no password a passkey alone
    will do, if it is one that opens the keys.
    """
    form, vault = turn.form, turn.door.vault
    touch = touch_of(turn)
    name, password, code = form.text("name"), form.raw("password"), form.text("code")
    given = Given(name, password, code, touch, turn.place)
    try:
        if touch is not None and touch.secret and not given.password:
            cookie = sign_in_with_touch(vault, touch, turn.at)
        else:
            cookie = sign_in(vault, given, turn.at)
    except WrongSignIn:
        return _form(turn, back=form.text("back"), is_wrong=True, held=held_in(form))
    moved, held = signed_in(turn, cookie, form.text("back")), held_in(form)
    if held is None:
        return moved
    with vault.visit(cookie, turn.at) as visit:  # who typed it may have been somebody else
        says = {"typed": held.typed, "to": held.path, "name": visit.person.row.name}
    return Page("sent_back.html", says, cookie=cookie, once=held.once)


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """A form that came without a session: it waits in the page alone until somebody signs in.

    `typed`: its fields, one by one; `path`: where it was sent; `once`: its key.
    """

    path: str
    typed: list[tuple[str, str]]
    once: str


def too_late(turn: Turn, path: str, typed: list[tuple[str, str]], once: str) -> Page:
    """The sign-in, with what was typed into a form whose session is over.

    Once somebody signed in it comes back, to be sent. Raises `SignedOut` where nothing was typed.
    """
    if not any(value.strip() for _, value in typed):
        raise SignedOut
    return _form(turn, back="", held=Held(path, typed, once))


def held_in(form: Form) -> Held | None:
    """What a sign-in carries along of an earlier form, if it carries any."""
    path = form.text(_HELD_PATH)
    if not _OWN_PATH.match(path):
        return None
    typed = [
        (name.removeprefix(HELD), value)
        for name, values in form.fields.items()
        if name.startswith(HELD)
        for value in values
    ]
    return Held(path, typed, form.text(_HELD_ONCE))


def by_recovery_page(_turn: Turn) -> Result:
    """Where one signs in with a recovery code, when everything else is lost."""
    return Page("sign_in_recovery.html", {"name": "", "is_wrong": False})


def by_recovery(turn: Turn) -> Result:
    """Sign in with a recovery code; then it is time for another password and another code."""
    form, vault = turn.form, turn.door.vault
    try:
        cookie = sign_in_with_recovery_code(vault, form.text("name"), form.text("code"), turn.at)
    except WrongSignIn:
        says = {"name": form.text("name"), "is_wrong": True}
        return Page("sign_in_recovery.html", says, status=403)
    signed_in(turn, cookie)
    return Moved("/account", done="recovered", cookie=cookie)


def signed_in(turn: Turn, cookie: bytes, back: str = "") -> Moved:
    """Where a new session begins: where it was going, if that is a page of ours, or at home.

    Keys that are to turn, and that this person can turn, do so now. Whose password somebody else
    used with wrong codes since the last time is told so.
    """
    vault = turn.door.vault
    with vault.visit(cookie, turn.at) as visit:
        turn_owed(visit)
        home = home_of(visit.person)
        is_told = vault.tries.right(visit.unlocked.person_id, turn.place)
    done = "wrong-codes" if is_told else ""
    return Moved(back if _OWN_PATH.match(back) else home, done=done, cookie=cookie)


def touch_of(turn: Turn, *, before: str = "", act: bytes = b"") -> Touch | None:
    """What a passkey answered, if the form brings one. Raises `BadInput`.

    `before`: what the names of its fields begin with; `act`: what it is to prove somebody for.
    """
    answer = turn.form.raw(f"{before}passkey")
    if not answer:
        return None
    try:
        challenge = from_browser(turn.form.raw(f"{before}challenge"))
        secret = from_browser(turn.form.raw(f"{before}secret"))
    except Sealed:
        raise BadInput("passkey", "cannot be read", "another try") from None
    return Touch(answer, challenge, turn.browser, turn.house.origin, secret, act)


def challenge_for(turn: Turn, *, act: bytes = b"") -> dict[str, str]:
    """What a page asks of a passkey; empty where this site can have none."""
    host = host_of(turn.house.origin)
    if host is None:
        return {}
    challenge = turn.door.vault.challenges.new(turn.browser, turn.at, act=act)
    return {"challenge": in_browser(challenge), "host": host}


def sign_out_now(turn: Turn) -> Result:
    """End the session; a page that locks itself says where to come back to."""
    sign_out(turn.door.vault, turn.cookie, turn.at)
    back = turn.form.text("back")
    if _OWN_PATH.match(back):
        return Moved("/sign-in", done="locked", back=back, ends=True)
    return Moved("/sign-in", done="signed-out", ends=True)


def _form(turn: Turn, *, back: str, is_wrong: bool = False, held: Held | None = None) -> Page:
    says = {
        "name": "" if held is not None and not is_wrong else turn.form.text("name"),
        "held": held,
        "back": back if _OWN_PATH.match(back) else "",
        "is_wrong": is_wrong,
        "ask": challenge_for(turn),
    }
    is_no_page = is_wrong or (held is not None)
    return Page("sign_in.html", says, status=403 if is_no_page else 200)


ROUTES: Final = (
    Route(method="GET", path="/", do=first, face=VISITOR),
    Route(method="GET", path="/sign-in", do=sign_in_page, face=VISITOR),
    Route(method="POST", path="/sign-in", do=sign_in_now, face=VISITOR),
    Route(method="GET", path="/sign-in/recovery", do=by_recovery_page, face=VISITOR),
    Route(method="POST", path="/sign-in/recovery", do=by_recovery, face=VISITOR),
    Route(method="POST", path="/sign-out", do=sign_out_now, face=ANYBODY, before_second=True),
)
