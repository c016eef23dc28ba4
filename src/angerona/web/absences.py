"""Out of office, and who here is close to somebody: one's own page, and the officer's of a member.

At the foot of the page about the people of a client stands who of the members is close to him or
her.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.practice.absences import absences_of, say_away, take_back
from angerona.practice.closeness import note_close, say_close
from angerona.practice.colleagues import colleagues, works_here
from angerona.sealed.zones import end_of, midnight
from angerona.web.people import people
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn, read_id

if TYPE_CHECKING:
    from angerona.sealed.vault import Person
    from angerona.web.turn import Result


def away(turn: Turn, problem: BadInput | None = None) -> Page:
    """When somebody is away, who stands in, and who here is close to him or her."""
    member = _whose(turn)
    others = {
        one.person_id.hex(): one.row.name
        for one in colleagues(turn.visit)
        if one.person_id != member.person_id
    }
    close = turn.form.several("close") or tuple(one.hex() for one in member.row.close_to)
    says = {
        "member": member,
        "is_me": member.person_id == turn.person.person_id,
        "page": _page(turn),
        "others": others,
        "ahead": [
            (one, turn.door.vault.person(one.deputy).row.name if one.deputy else "")
            for one in absences_of(turn.visit, member.person_id)
        ],
        "close": [one for one in close if one in others],
        "typed": {name: turn.form.text(name) for name in ("first", "last", "deputy")},
        "problem": problem,
    }
    return Page("out_of_office.html", says, 422 if problem else 200)


def say(turn: Turn) -> Result:
    """Say from which day until which day somebody is away."""
    member, form = _whose(turn), turn.form
    deputy = form.text("deputy")
    since = midnight(_day(turn, "first"), turn.zone)
    until = end_of(_day(turn, "last"), turn.zone)
    say_away(turn.visit, member.person_id, since, until, read_id(deputy) if deputy else None)
    return Moved(_page(turn), done="away")


def back(turn: Turn) -> Result:
    """Take an absence back, or end one that has begun."""
    try:
        since = datetime.datetime.fromisoformat(turn.form.text("since"))
    except ValueError:
        raise BadInput("absence", "is none", "one that lies ahead") from None
    take_back(turn.visit, _whose(turn).person_id, since)
    return Moved(_page(turn), done="back")


def say_who(turn: Turn) -> Result:
    """Say which colleagues are close to oneself."""
    chosen = [read_id(one) for one in turn.form.several("close")]
    say_close(turn.visit, chosen)
    return Moved("/account/away", done="close")


def note(turn: Turn) -> Result:
    """Note which members are close to a client."""
    head = head_of(turn)
    note_close(turn.visit, head.client_id, [read_id(one) for one in turn.form.several("close")])
    return Moved(f"/clients/{head.client_id.hex()}/people", done="close")


def _day(turn: Turn, name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(turn.form.text(name))
    except ValueError:
        raise BadInput(f"{name} day", "is no day", "a day such as 2026-03-31") from None


def _whose(turn: Turn) -> Person:
    """Oneself, or the member whom the address names. Raises `Unknown`."""
    if "person" not in turn.given:
        return turn.person
    person = turn.door.vault.person(turn.id_of("person"))
    if not works_here(person, turn.at):
        raise Unknown
    return person


def _page(turn: Turn) -> str:
    given = turn.given.get("person")
    return f"/members/{given}/away" if given else "/account/away"


ROUTES: Final = (
    *(
        one
        for start, face in (("/account", MEMBER), ("/members/{person}", "officer"))
        for one in (
            Route(method="GET", path=f"{start}/away", do=away, face=face),
            *(
                Route(
                    method="POST",
                    path=f"{start}/{path}",
                    do=do,
                    face=face,
                    again=away,
                    step_up=True,
                )
                for path, do in (("away", say), ("back", back))
            ),
        )
    ),
    Route(
        method="POST",
        path="/account/close",
        do=say_who,
        face=MEMBER,
        again=away,
        step_up=True,
    ),
    Route(
        method="POST",
        path="/clients/{client}/close",
        do=note,
        face=MEMBER,
        again=people,
        step_up=True,
    ),
)
