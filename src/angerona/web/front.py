"""The front of the house: the first page, signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import WrongSignIn
from angerona.practice.members import sign_in_with_password, sign_out
from angerona.practice.turning import turn_owed
from angerona.web.turn import ANYBODY, VISITOR, Moved, Page, Route, Turn, faces_of

if TYPE_CHECKING:
    from angerona.sealed.vault import Person
    from angerona.web.turn import Result

_HOMES: Final = (
    ("client", "/me"),
    ("clinic", "/clients"),
    ("desk", "/clients"),
    ("officer", "/clients"),
)


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
    return Page("sign_in.html", {"name": "", "is_wrong": False})


def sign_in(turn: Turn) -> Result:
    """Sign in with a name and a password. A wrong name and a wrong password are one thing."""
    form, vault = turn.form, turn.door.vault
    try:
        cookie = sign_in_with_password(vault, form.text("name"), form.raw("password"), turn.at)
    except WrongSignIn:
        says = {"name": form.text("name"), "is_wrong": True}
        return Page("sign_in.html", says, status=403)
    with vault.visit(cookie, turn.at) as visit:
        turn_owed(visit)
        return Moved(home_of(visit.person), cookie=cookie)


def sign_out_now(turn: Turn) -> Result:
    """End the session."""
    sign_out(turn.door.vault, turn.cookie, turn.at)
    return Moved("/sign-in", done="signed-out", ends=True)


ROUTES: Final = (
    Route(method="GET", path="/", do=first, face=VISITOR),
    Route(method="GET", path="/sign-in", do=sign_in_page, face=VISITOR),
    Route(method="POST", path="/sign-in", do=sign_in, face=VISITOR),
    Route(method="POST", path="/sign-out", do=sign_out_now, face=ANYBODY),
)
