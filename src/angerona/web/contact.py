"""How a client may be reached: the client's own page, and what the practice sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.clients import check_treating
from angerona.practice.contact import (
    ADDRESS_OF,
    CHANNELS,
    FOR_OTHERS,
    TOPICS,
    NewContact,
    change_contact,
    contact_of,
)
from angerona.sealed.rows import ContactPerson, Way
from angerona.web.own_choices import once_told
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.practice.contact import Contact
    from angerona.web.turn import Form, Result

ADDRESSES: Final = {"phone": "Phone number", "mail": "E-mail address", "address": "Postal address"}
_TAIL: Final = 2
_PERSONS: Final = ("first", "second")


def own_reach(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form; of a number that is on file only the end shows, of what else is secret nothing."""
    return _form(
        turn, turn.person.row.client_id or b"", problem, {"head": None, "here": "/me/reach"}
    )


def said(turn: Turn, problem: BadInput | None = None) -> Page:
    """The same form for whoever treats, to put down what a client says of it."""
    head = head_of(turn)
    check_treating(turn.visit, turn.door.vault.authority(head.client_id))
    here = f"/clients/{head.client_id.hex()}/reach/change"
    return _form(turn, head.client_id, problem, {"head": head, "here": here})


def _form(
    turn: Turn, client_id: bytes, problem: BadInput | None, around: dict[str, object]
) -> Page:
    found = contact_of(turn.visit, client_id)
    typed = turn.form if problem is not None else None
    says = {
        **around,
        "ways": {name: _way(typed, name) if typed else found.way(name) for name in CHANNELS},
        "channels": CHANNELS,
        "addresses": {
            name: (says, _tail(found, name), typed.text(name) if typed else "")
            for name, says in ADDRESSES.items()
        },
        "code_word": typed.text("code_word") if typed else "",
        "never": typed.text("never") if typed else "",
        "quiet_pages": typed.text("quiet_pages") == "yes" if typed else found.quiet_pages,
        "topics": TOPICS,
        "for_others": FOR_OTHERS,
        "persons": [
            {part: typed.text(f"{one}_{part}") if typed else "" for part in ("name", "reach")}
            | {"about": typed.several(f"{one}_about") if typed else ()}
            for one in _PERSONS
        ],
        "has_persons": len(found.persons),
        "has_code_word": bool(found.code_word),
        "has_never": bool(found.never),
        "problem": problem,
    }
    return Page("own_reach.html", says, 422 if problem else 200)


def change(turn: Turn) -> Result:
    """Keep what was said. What is not shown and was left empty stays, unless it shall go."""
    _keep(turn, turn.person.row.client_id or b"")
    return Moved("/me/reach", done="reach")


def change_for(turn: Turn) -> Result:
    """Keep what a client said to whoever treats."""
    head = head_of(turn)
    _keep(turn, head.client_id)
    return Moved(f"/clients/{head.client_id.hex()}/reach", done="reach")


def _keep(turn: Turn, client_id: bytes) -> None:
    form = turn.form
    found = contact_of(turn.visit, client_id)
    given = {name: form.text(name) for name in ADDRESSES if form.text(name)}
    gone = {name: "" for name in ADDRESSES if form.text(f"forget_{name}") == "yes"}
    new = NewContact(
        ways={name: _way(form, name) for name in CHANNELS},
        addresses={**given, **gone},
        code_word=_unless_gone(form, "code_word", found.code_word),
        never=_unless_gone(form, "never", found.never),
        quiet_pages=form.text("quiet_pages") == "yes",
        persons=_persons(form) or (() if form.text("forget_persons") == "yes" else found.persons),
    )
    change_contact(turn.visit, client_id, new)


def reach(turn: Turn) -> Result:
    """How to reach a client, for whoever may know; that it was asked is in the client's list."""
    head = head_of(turn)
    found = contact_of(turn.visit, head.client_id)
    says = {"head": head, "contact": found, "channels": CHANNELS, "topics": TOPICS}
    relations = turn.door.vault.authority(head.client_id).relations(turn.person.person_id, turn.at)
    return Page("reach.html", {**says, "treats": "treating" in relations})


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
        only=form.several(f"{name}_only"),
    )


def _persons(form: Form) -> tuple[ContactPerson, ...]:
    """Whom the form names; a place in which nothing was typed or ticked names nobody."""
    return tuple(
        ContactPerson(
            name=form.text(f"{one}_name"),
            reach=form.text(f"{one}_reach"),
            about=form.several(f"{one}_about"),
        )
        for one in _PERSONS
        if form.text(f"{one}_name") or form.text(f"{one}_reach") or form.several(f"{one}_about")
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
    Route(method="GET", path="/clients/{client}/reach/change", do=said, face=MEMBER),
    Route(
        method="POST",
        path="/clients/{client}/reach/change",
        do=change_for,
        face=MEMBER,
        again=said,
        step_up=True,
    ),
)
