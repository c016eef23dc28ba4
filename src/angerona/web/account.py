"""One's own account: password, second factors, recovery code, sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.ciphers.one_time import address_of, new_secret, read_secret, written_secret
from angerona.ciphers.passkeys import in_browser
from angerona.errors import BadInput
from angerona.notices.pictures import qr_address
from angerona.practice.members import change_password, renew_recovery_code
from angerona.practice.paging import set_paged_at
from angerona.practice.reminders import STAGES, set_reminders
from angerona.practice.roles import SAID, own_changes
from angerona.practice.signing_in import (
    TAKEN_OFF,
    add_app,
    add_touch,
    end_sessions,
    has_second,
    sessions_of,
    take_off,
)
from angerona.web.front import challenge_for, touch_of
from angerona.web.rendering import NEUTRAL_TITLE
from angerona.web.turn import ANYBODY, MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result

_KINDS: Final = {
    "password": "Password",
    "recovery": "Recovery code",
    "passkey": "Passkey, by itself",
    "app": "Authenticator app, beside the password",
    "device": "Passkey, beside the password",
}
"""What each kind of credential is called on a page."""


def account(turn: Turn, problem: BadInput | None = None) -> Page:
    """Who one is here, how one signs in, and where one is signed in."""
    person = turn.person
    ways = [
        (one.credential_id, _KINDS[one.kind], person.known[one.credential_id], one.kind)
        for one in person.credentials
    ]
    says = {
        "ways": sorted(ways, key=lambda one: (one[2].since, one[0])),
        "taken_off": TAKEN_OFF,
        "sessions": sessions_of(turn.visit),
        "has": {one: SAID[one] for one in (*person.row.roles, *person.row.posts)},
        "stages": STAGES,
        "reminded_at": turn.form.text("reminded_at") or person.row.reminded_at,
        "reminded": turn.form.several("when") if problem else person.row.reminded or (),
        "as_practice": turn.form.text("as_practice") == "yes"
        if problem
        else person.row.reminded is None,
        "of_practice": [STAGES[one] for one in turn.door.vault.practice().row.reminded],
        "paged_at": turn.form.text("paged_at") or person.row.paged_at,
        "problem": problem,
        **_passkey(turn),
    }
    return Page("account.html", says, 422 if problem else 200)


def changes(turn: Turn) -> Result:
    """What was changed about one's own roles and posts, by whom."""
    return Page("own_changes.html", {"changes": own_changes(turn.visit)})


def new_password(turn: Turn) -> Result:
    """Another password; every other session ends with the old one."""
    form = turn.form
    if form.raw("new") != form.raw("repeated"):
        raise BadInput("repeated password", "is not the same", "the new password once more")
    change_password(turn.visit, form.raw("new"))
    return Moved("/account", done="password")


def paged(turn: Turn) -> Result:
    """Say at which mail address one is paged while on call."""
    set_paged_at(turn.visit, turn.form.text("paged_at"))
    return Moved("/account", done="paged")


def reminded(turn: Turn) -> Result:
    """Say at which mail address one is reminded of deadlines, and when."""
    form = turn.form
    when = None if form.text("as_practice") == "yes" else form.several("when")
    set_reminders(turn.visit, form.text("reminded_at"), when)
    return Moved("/account", done="reminded")


def new_recovery_code(turn: Turn) -> Result:
    """Another recovery code, shown this once; every other session ends."""
    return Page("recovery_code.html", {"code": renew_recovery_code(turn.visit), "is_new": False})


def end_all(turn: Turn) -> Result:
    """End every session of one's own, on every device."""
    end_sessions(turn.visit)
    return Moved("/sign-in", done="all-out", ends=True)


def second(turn: Turn, problem: BadInput | None = None) -> Page:
    """Set up an authenticator app: a picture, the same in words, and its first code."""
    try:
        secret = read_secret(turn.form.text("app"))
    except BadInput:
        secret = new_secret()
    address = address_of(secret, account=turn.person.row.name, site=NEUTRAL_TITLE)
    says = {
        "picture": qr_address(address),
        "written": written_secret(secret),
        "is_first": not has_second(turn.person),
        "title_typed": turn.form.text("title") or "My phone",
        "problem": problem,
        **_passkey(turn),
    }
    return Page("second.html", says, 422 if problem else 200)


def add_second(turn: Turn) -> Result:
    """Add the app, once it shows the right code."""
    form = turn.form
    add_app(turn.visit, form.text("title"), read_secret(form.text("app")), form.text("code"))
    return Moved("/account", done="second")


def add_passkey_now(turn: Turn) -> Result:
    """Add the passkey that this browser has just made."""
    touch = touch_of(turn)
    if touch is None:
        raise BadInput("passkey", "was not made", "a browser with JavaScript and a passkey")
    add_touch(turn.visit, turn.form.text("title") or "Passkey", touch)
    return Moved("/account", done="second")


def remove(turn: Turn) -> Result:
    """Take a passkey or an app off; every other session of one's own ends."""
    take_off(turn.visit, turn.id_of("credential"))
    return Moved("/account", done="taken-off")


def _passkey(turn: Turn) -> dict[str, object]:
    """What a browser is asked to make a passkey with."""
    person = turn.person
    shown = NEUTRAL_TITLE if person.row.client_id is not None else person.row.name
    ask = challenge_for(turn)
    more = {"user": in_browser(person.person_id), "shown": shown, "called": NEUTRAL_TITLE}
    return {"ask": ask | more if ask else {}}


ROUTES: Final = (
    Route(method="GET", path="/account", do=account, face=ANYBODY, before_second=True),
    Route(method="GET", path="/account/changes", do=changes, face=MEMBER),
    Route(
        method="POST",
        path="/account/password",
        do=new_password,
        face=ANYBODY,
        again=account,
        step_up=True,
        before_second=True,
    ),
    Route(
        method="POST",
        path="/account/recovery",
        do=new_recovery_code,
        face=ANYBODY,
        step_up=True,
        before_second=True,
    ),
    Route(method="POST", path="/account/paged", do=paged, face=MEMBER, again=account, step_up=True),
    Route(
        method="POST",
        path="/account/reminded",
        do=reminded,
        face=MEMBER,
        again=account,
        step_up=True,
    ),
    Route(method="POST", path="/account/sessions", do=end_all, face=ANYBODY, before_second=True),
    Route(method="GET", path="/account/second", do=second, face=ANYBODY, before_second=True),
    Route(
        method="POST",
        path="/account/second",
        do=add_second,
        face=ANYBODY,
        again=second,
        step_up=True,
        before_second=True,
    ),
    Route(
        method="POST",
        path="/account/passkeys",
        do=add_passkey_now,
        face=ANYBODY,
        again=account,
        step_up=True,
        before_second=True,
    ),
    Route(
        method="POST",
        path="/account/credentials/{credential}/remove",
        do=remove,
        face=ANYBODY,
        step_up=True,
    ),
)
