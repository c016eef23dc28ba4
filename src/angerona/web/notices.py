"""Telling the client: what happened, what the law says of telling, by which way, in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.notices.letters import Letterhead, set_letter
from angerona.notices.typesetting import is_installed
from angerona.practice.contact import contact_of
from angerona.practice.notices import (
    PING,
    PINGS,
    PLAIN,
    WAYS,
    Sent,
    is_held,
    leave_untold,
    notice_of,
    send_notice,
)
from angerona.practice.putting_off import Later, put_off
from angerona.practice.zones import read_moment
from angerona.rules.durations import after
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Download, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.practice.notices import Notice
    from angerona.web.turn import Result

_LATER: Final = "P1M"
"""How long telling is put off where nobody says another day."""


def notice(turn: Turn, problem: BadInput | None = None) -> Page:
    """What is to be told, and the form for it."""
    head, form = head_of(turn), turn.form
    found = _found(turn)
    chosen = [says for name, _, says in found.words if name == form.text("letter")]
    words = (chosen or [form.text("text") or found.words[0][2]])[0]
    until = turn.local.replace(second=0, microsecond=0, tzinfo=None)
    if found.duty.row.held_until and is_held(found.duty, turn.at):
        ends = found.duty.row.held_until.astimezone(turn.zone)
        until = ends.replace(second=0, microsecond=0, tzinfo=None)
    says = {
        "head": head,
        "notice": found,
        "is_held": is_held(found.duty, turn.at),
        "letters": {name: title for name, title, _ in found.words},
        "facts": turn.door.packs.facts,
        "ways": WAYS,
        "pings": PINGS,
        "ping": PING,
        "text": words,
        "typed": form,
        "can_print": is_installed(),
        "until": form.text("until") or after(_LATER, until).isoformat(timespec="minutes"),
        "problem": problem,
    }
    return Page("notice.html", says, 422 if problem else 200)


def _found(turn: Turn) -> Notice:
    found = notice_of(turn.door, turn.visit, turn.id_of("client"), turn.id_of("duty"), _facts(turn))
    if found is None:
        raise Unknown
    return found


def _facts(turn: Turn) -> dict[str, bool]:
    given = {name: turn.form.text(name) for name in turn.form.fields if name.startswith("fact:")}
    return {name.removeprefix("fact:"): said == "yes" for name, said in given.items() if said}


def send(turn: Turn) -> Result:
    """Tell the client, choose not to, put it off, or look at the words as a letter."""
    form, client_id, duty_id = turn.form, turn.id_of("client"), turn.id_of("duty")
    head_of(turn)
    act = form.choice("act", ("send", "not", "later", "words"), "send")
    if act == "words":
        return notice(turn)
    if act == "not":
        leave_untold(turn.visit, client_id, duty_id, form.text("reason"))
        return Moved("/deadlines", done="not-told")
    if act == "later":
        until = read_moment("until", form.text("until"), turn.zone)
        later = Later(until=until, reason=form.text("reason"), facts=_facts(turn))
        put_off(turn.door, turn.visit, client_id, duty_id, later)
        return Moved("/deadlines", done="put-off")
    sent = Sent(
        way=form.text("way"),
        text=form.text("text"),
        ping=form.text("ping") if form.text("way") == "pages" else "",
        reason=form.text("reason"),
        facts=_facts(turn),
        never_read=form.text("never_read") == "yes",
    )
    send_notice(turn.door, turn.visit, client_id, duty_id, sent)
    return Moved("/deadlines", done="told")


def letter(turn: Turn) -> Result:
    """The words as a letter to print; that is no telling yet, and marks nothing as done."""
    head_of(turn)
    found = _found(turn)
    if found.is_forbidden or found.telling.ask_first or found.contact is None:
        raise NotPermitted
    post = next(one for one in found.ways if one.name == "post")
    if post.closed:
        raise BadInput("letter", f"cannot go by post: {post.closed}", "another way")
    contact = contact_of(turn.visit, turn.id_of("client"))
    neutral = contact.way("post").neutral
    lines = (contact.name, *contact.address("post").split(", "))
    head = Letterhead(practice="" if neutral else turn.house.title, to="\n".join(lines))
    pdf = set_letter(PLAIN, turn.form.text("text"), head=head, at=turn.local, paper="a4")
    return Download("letter.pdf", "application/pdf", pdf)


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/notices/{duty}", do=notice, face=MEMBER),
    Route(
        method="POST",
        path="/clients/{client}/notices/{duty}",
        do=send,
        face=MEMBER,
        again=notice,
    ),
    Route(
        method="POST",
        path="/clients/{client}/notices/{duty}/letter",
        do=letter,
        face=MEMBER,
        again=notice,
    ),
)
