"""Joining by an invitation: the code, then a password of one's own, then the recovery code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, WrongSignIn
from angerona.practice.invitations import accept_invitation, invitation_of
from angerona.practice.signing_in import Given, sign_in
from angerona.web.turn import VISITOR, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result


def join(turn: Turn, problem: BadInput | None = None) -> Page:
    """Where the code of an invitation is given; a script takes it from behind the address."""
    return _page(turn, problem=problem)


def join_now(turn: Turn) -> Result:
    """With the code alone: who is invited. With a password: join, and see the recovery code."""
    form, vault = turn.form, turn.door.vault
    code, password = form.text("code"), form.raw("password")
    try:
        if not password:
            found = invitation_of(vault, code, turn.at)
            return _page(turn, name=found.row.name)
        if password != form.raw("repeated"):
            raise BadInput("repeated password", "is not the same", "the password once more")
        name = invitation_of(vault, code, turn.at).row.name
        made = accept_invitation(vault, code, password, turn.at)
    except WrongSignIn:
        return _page(turn, is_wrong=True)
    cookie = sign_in(vault, Given(name, password), turn.at)
    return Page("recovery_code.html", {"code": made.recovery_code, "is_new": True}, cookie=cookie)


def _again(turn: Turn, problem: BadInput) -> Page:
    """The form as it was, if the code still fits."""
    try:
        found = invitation_of(turn.door.vault, turn.form.text("code"), turn.at)
    except WrongSignIn:
        return _page(turn, is_wrong=True)
    return _page(turn, name=found.row.name, problem=problem)


def _page(
    turn: Turn, *, name: str = "", is_wrong: bool = False, problem: BadInput | None = None
) -> Page:
    says = {
        "code": turn.form.text("code"),
        "name": name,
        "is_wrong": is_wrong,
        "problem": problem,
    }
    return Page("join.html", says, 403 if is_wrong else 422 if problem else 200)


ROUTES: Final = (
    Route(method="GET", path="/join", do=join, face=VISITOR),
    Route(method="POST", path="/join", do=join_now, face=VISITOR, again=_again),
)
