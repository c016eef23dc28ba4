"""The board of deadlines: what is owed, how long there is, and saying how it was done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from angerona.gate.owing import AFTER
from angerona.gate.second_reading import READ
from angerona.practice.accounting import SUSPENSION
from angerona.practice.breach_clocks import OF_INCIDENT
from angerona.practice.calendar import DUE, new_feed
from angerona.practice.deadlines import board
from angerona.practice.duties import (
    CALL,
    TALK,
    fulfil,
    has_a_page,
    is_of_practice,
    is_review,
    tells_client,
)
from angerona.practice.members import OFFICER
from angerona.practice.relying import CONSENT
from angerona.practice.rights import RIGHT
from angerona.sealed.duties import PART_OF
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.practice.deadlines import Deadline
    from angerona.sealed.duties import Duty
    from angerona.web.turn import Result

ELSEWHERE: Final = {CALL: "/calls", READ: "/second-readings", AFTER: "/second-readings"}
"""Duties that end on another page."""
MATTERS: Final = {
    "request": "/requests",
    "danger": "/dangers",
    "report": "/reports",
    "incident": "/incidents",
    "right": "/rights",
}
"""Where matters of a kind stand, each of which is settled on its own page there."""


def deadlines(turn: Turn, problem: BadInput | None = None) -> Page:
    """Everything that is owed as far as one sees it, what is late at the top."""
    found = board(turn.visit)
    says = {
        "is_done_here": partial(_is_done_here, turn),
        "groups": {
            name: [(one, *_about(turn, one)) for one in several] for name, several in found.items()
        },
        "problem": problem,
        "wrong_at": turn.given.get("duty", "") if problem else "",
        "how": turn.form.text("how") if problem else "",
    }
    return Page("deadlines.html", says, 422 if problem else 200)


def _about(turn: Turn, one: Deadline) -> tuple[str, str]:
    """Where to see what it is about, and where it is done, if that is a page of its own."""
    duty = one.owing.duty
    name = duty.row.duty["id"]
    if is_review(duty.glance) or name == TALK:
        return "", "/oversight" if OFFICER in turn.person.row.posts else ""
    if name in ELSEWHERE:
        return "", ELSEWHERE[name]
    if has_a_page(turn.visit, duty) or OF_INCIDENT in duty.row.duty:
        return "", _page_of(duty)
    if is_of_practice(turn.door.vault, duty):
        return "", ""
    about = f"/clients/{duty.row.client_id.hex()}"
    if tells_client(duty):
        return about, f"{about}/notices/{duty.duty_id.hex()}"
    consent = duty.row.duty.get(CONSENT)
    return (f"{about}/consents/{consent}" if consent else about), ""


def _page_of(duty: Duty) -> str:
    """The page on which something ends, if it has one; what belongs to a matter, among those."""
    says, digits = duty.row.duty, duty.duty_id.hex()
    if OF_INCIDENT in says:
        return f"/incident-notices/{digits}"
    if PART_OF in says:
        return MATTERS.get(says[PART_OF], "")
    is_silent = says.get("content", {}).get(RIGHT) == SUSPENSION  # it ends by itself
    pages = "" if is_silent else MATTERS.get(says.get("matter", ""), "")
    return f"{pages}/{digits}" if pages else ""


def _is_done_here(turn: Turn, duty: Duty) -> bool:
    """Whether it is marked as done on the board itself."""
    return not (
        has_a_page(turn.visit, duty) or is_review(duty.glance) or duty.row.duty["id"] == TALK
    )


def done(turn: Turn) -> Result:
    """Say how something was done."""
    fulfil(turn.visit, turn.id_of("client"), turn.id_of("duty"), how=turn.form.text("how"))
    return Moved("/deadlines", done="deadline")


def make_feed(turn: Turn) -> Result:
    """A new secret address that says when something is due, shown this once."""
    secret = new_feed(turn.visit, DUE)
    says = {"learns": "when something is due", "back": "/deadlines"}
    return Page("feed.html", {**says, "address": f"{turn.house.origin}/feed/{secret}"})


ROUTES: Final = (
    Route(method="GET", path="/deadlines", do=deadlines, face=MEMBER),
    Route(method="POST", path="/deadlines/feed", do=make_feed, face=MEMBER, step_up=True),
    Route(
        method="POST",
        path="/deadlines/{client}/{duty}",
        do=done,
        face=MEMBER,
        again=deadlines,
    ),
)
