"""How a client may be reached: the client's own page, and what the practice sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.contact import ADDRESS_OF, CHANNELS, NewContact, change_contact, contact_of
from angerona.sealed.rows import Way
from angerona.web.own_choices import once_told
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.practice.contact import Contact
    from angerona.web.turn import Form, Result

ADDRESSES: Final = {"phone": "Phone number", "mail": "E-mail address", "address": "Postal address"}
_TAIL: Final = 2


def own_reach(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form; of a number that is on file only the end shows, of what else is secret nothing."""
    client_id = turn.person.row.client_id or b""
    found = contact_of(turn.visit, client_id)
    typed = turn.form if problem is not None else None
    says = {
        "ways": {name: _way(typed, name) if typed else found.way(name) for name in CHANNELS},
        "channels": CHANNELS,
        "addresses": {
            name: (says, _tail(found, name), typed.text(name) if typed else "")
            for name, says in ADDRESSES.items()
        },
        "code_word": typed.text("code_word") if typed else "",
        "never": typed.text("never") if typed else "",
        "quiet_pages": typed.text("quiet_pages") == "yes" if typed else found.quiet_pages,
        "has_code_word": bool(found.code_word),
        "has_never": bool(found.never),
        "problem": problem,
    }
    return Page("own_reach.html", says, 422 if problem else 200)


def change(turn: Turn) -> Result:
    """Keep what was said. What is not shown and was left empty stays, unless it shall go."""
    form, client_id = turn.form, turn.person.row.client_id or b""
    found = contact_of(turn.visit, client_id)
    given = {name: form.text(name) for name in ADDRESSES if form.text(name)}
    gone = {name: "" for name in ADDRESSES if form.text(f"forget_{name}") == "yes"}
    new = NewContact(
        ways={name: _way(form, name) for name in CHANNELS},
        addresses={**given, **gone},
        code_word=_unless_gone(form, "code_word", found.code_word),
        never=_unless_gone(form, "never", found.never),
        quiet_pages=form.text("quiet_pages") == "yes",
    )
    change_contact(turn.visit, client_id, new)
    return Moved("/me/reach", done="reach")


def reach(turn: Turn) -> Result:
    """How to reach a client, for whoever may know; that it was asked is in the client's list."""
    head = head_of(turn)
    found = contact_of(turn.visit, head.client_id)
    return Page("reach.html", {"head": head, "contact": found, "channels": CHANNELS})


def _unless_gone(form: Form, name: str, kept: str) -> str:
    """What was typed, or else what is on file, unless it shall go."""
    return form.text(name) or ("" if form.text(f"forget_{name}") == "yes" else kept)


def _way(form: Form, name: str) -> Way:
    """How a channel may be used, as the form has it."""
    return Way(
        allowed=form.text(f"{name}_allowed") == "yes",
        times=form.text(f"{name}_times"),
        neutral=form.text(f"{name}_neutral") == "yes",
        voicemail=form.text(f"{name}_voicemail") == "yes",
    )


def _tail(found: Contact, name: str) -> str:
    """The end of what is on file, enough to know it by."""
    channel = next(one for one, address in ADDRESS_OF.items() if address == name)
    kept = found.address(channel)
    return f"… {kept[-_TAIL:]}" if kept else ""


ROUTES: Final = (
    Route(method="GET", path="/me/reach", do=once_told(own_reach), face="client"),
    Route(
        method="POST",
        path="/me/reach",
        do=once_told(change),
        face="client",
        again=own_reach,
        step_up=True,
    ),
    Route(method="GET", path="/clients/{client}/reach", do=reach, face=MEMBER),
)
