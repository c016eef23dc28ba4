"""The caseload: whom one may be spoken to about, and a new client."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.practice.caseload import caseload
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.supervision import initials, is_by_initials
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.practice.caseload import Known
    from angerona.web.turn import Result

AGE_MAX: Final = 130


def listed(turn: Turn) -> Result:
    """Everyone within reach; whom one supervises, by initials."""
    return Page("caseload.html", {"clients": as_met(turn, caseload(turn.visit))})


def as_met(turn: Turn, clients: Iterable[Known]) -> list[Known]:
    """These clients, each under the name by which this person meets the client."""
    posts = turn.person.row.posts
    return [
        replace(one, name=initials(one.name)) if is_by_initials(one.relations, posts) else one
        for one in clients
    ]


def new_client(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form for a new client, with what was typed where something was wrong."""
    form = turn.form
    typed = {name: form.text(name) for name in ("name", "age", "phone", "mail", "discreet")}
    return Page("new_client.html", {"typed": typed, "problem": problem}, 422 if problem else 200)


def enrol(turn: Turn) -> Result:
    """Open a record; whoever opens it treats the client."""
    form = turn.form
    facts: dict[str, bool | int | str] = {}
    if given := form.text("age"):
        facts["client.age"] = _age(given)
    contact = {name: form.text(name) for name in ("phone", "mail") if form.text(name)}
    who = NewClient(
        name=form.text("name"),
        contact=contact,
        facts=facts,
        discreet=form.text("discreet") == "yes",
    )
    client_id = enrol_client(turn.visit, who, treating=turn.person.person_id)
    return Moved(f"/clients/{client_id.hex()}", done="enrolled")


def _age(given: str) -> int:
    if not (given.isascii() and given.isdigit() and int(given[:4]) <= AGE_MAX):
        raise BadInput("age", "is no age", f"whole years, 0 to {AGE_MAX}")
    return int(given)


ROUTES: Final = (
    Route(method="GET", path="/clients", do=listed, face=MEMBER),
    Route(method="GET", path="/clients/new", do=new_client, face="clinic"),
    Route(method="POST", path="/clients/new", do=enrol, face="clinic", again=new_client),
)
