"""A client's own way in, given in person; what must be settled before the pages show anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.clients import establish
from angerona.practice.portal import give_way_in, questions_before_opening, renew_way_in
from angerona.web.answers import stated
from angerona.web.records import head_of
from angerona.web.turn import Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.web.turn import Result


def own_pages(turn: Turn, problem: BadInput | None = None) -> Page:
    """Whether there is a way in, and what the rules still ask before it shows anything."""
    head = head_of(turn)
    vault, packs = turn.door.vault, turn.door.packs
    asked = questions_before_opening(turn.visit, packs, head.client_id)
    says = {
        "head": head,
        "has_way_in": vault.authority(head.client_id).client.person_id is not None,
        "questions": [(f"fact:{one}", packs.facts[one].ask) for one in asked],
        "name": turn.form.text("name"),
        "code": "",
        "problem": problem,
    }
    return Page("own_pages.html", says, 422 if problem else 200)


def give(turn: Turn) -> Result:
    """Give the way in. The recovery code is shown this once, for the client to take along."""
    head, form = head_of(turn), turn.form
    made = give_way_in(turn.visit, head.client_id, form.text("name"), form.raw("password"))
    page = own_pages(turn)
    return Page(page.template, {**page.says, "code": made.recovery_code})


def renew(turn: Turn) -> Result:
    """Give a new way in to a client who has lost everything. The code is shown this once."""
    head, form = head_of(turn), turn.form
    made = renew_way_in(turn.visit, head.client_id, form.raw("password"), form.text("reason"))
    page = own_pages(turn)
    return Page(page.template, {**page.says, "code": made.recovery_code})


def settle(turn: Turn) -> Result:
    """Put on file what was settled."""
    head = head_of(turn)
    establish(turn.visit, turn.door.packs, head.client_id, stated(turn))
    return Moved(f"/clients/{head.client_id.hex()}/own-pages", done="settled")


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/own-pages", do=own_pages, face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/own-pages",
        do=give,
        face="clinic",
        again=own_pages,
        step_up=True,
    ),
    Route(
        method="POST",
        path="/clients/{client}/own-pages/renewed",
        do=renew,
        face="clinic",
        again=own_pages,
        step_up=True,
    ),
    Route(
        method="POST",
        path="/clients/{client}/own-pages/settled",
        do=settle,
        face="clinic",
        again=own_pages,
    ),
)
