"""A client's messages: before the box stand who reads it, when, and where to find help now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.gate.results import Shown
from angerona.practice.messages import TEXT_MAX, leave_message, own_messages
from angerona.rules.answer import AskFirst, Refuse
from angerona.web.form_drafts import saving, with_drafts, with_typed
from angerona.web.help_lines import called, lines_of
from angerona.web.own import client_id_of
from angerona.web.own_choices import turned_on
from angerona.web.records import newest_first
from angerona.web.turn import Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.web.turn import Result

_READS: Final = frozenset({"treating", "supervisor"})


def messages(turn: Turn, problem: BadInput | None = None) -> Page:
    """What was written, newest first, and the box."""
    found = own_messages(turn.door, turn.visit)
    says = {
        "entries": list(newest_first(found)) if isinstance(found, Shown) else [],
        "waits": isinstance(found, AskFirst | Refuse),
        "me": turn.person.person_id,
        "readers": readers(turn),
        "lines": lines_of(turn),
        "about": turn.form.text("about"),
        "text": turn.form.text("text"),
        "longest": TEXT_MAX,
        "problem": problem,
    }
    return Page("own_messages.html", says, 422 if problem else 200)


def readers(turn: Turn) -> list[str]:
    """Who will read what a client leaves: those who treat, and who supervises them."""
    vault, client_id = turn.door.vault, client_id_of(turn)
    authority = vault.authority(client_id)
    ids = dict.fromkeys(
        tie.person_id
        for tie in authority.ties.values()
        if _READS.intersection(authority.relations(tie.person_id, turn.at))
    )
    return [vault.person(one).row.name for one in ids]


def send(turn: Turn) -> Result:
    """Leave a message; words of danger bring help at once."""
    form = turn.form
    left = leave_message(turn.door, turn.visit, form.text("about"), form.text("text"))
    if left.is_crisis:
        return called(turn, left.called)
    return Moved("/me/messages", done="sent")


ROUTES: Final = (
    Route(
        method="GET",
        path="/me/messages",
        do=turned_on("messages", with_drafts(messages)),
        face="client",
    ),
    Route(
        method="POST",
        path="/me/messages",
        do=turned_on("messages", saving(send, lambda _: "A message")),
        face="client",
        again=with_typed(messages),
    ),
)
