"""The paper of a request: told apart by what is seen on it, then read for what makes it good."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.gate.waiting import NOTICE
from angerona.practice.court_orders import (
    STATED,
    Reading,
    Seen,
    choices,
    for_judge_alone,
    not_in_camera,
    pictures,
    read_off,
    seen_in,
    tell_apart,
    told_apart,
)
from angerona.practice.legal_holds import PROCESS
from angerona.practice.requests import request
from angerona.practice.speaking import asked_in
from angerona.practice.zones import FIRST, read_moment
from angerona.web.requests import ASKED_FOR, OUTSIDE, one, read_due
from angerona.web.speaking import home_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn
from angerona.words import EVERYTHING, ORDER_SIGNERS

if TYPE_CHECKING:
    from angerona.web.turn import Form, Result

YES_NO: Final = {"yes": True, "no": False}
NOT_LOOKED: Final = ""


def paper(turn: Turn, problem: BadInput | None = None) -> Page:
    """What the paper is, and why; what it looks like; what makes it good."""
    matter = request(turn.visit, turn.id_of("matter"))
    asked = asked_in(matter)
    seen = seen_in(asked)
    document = asked.orders[0] if asked.orders else {}
    says = {
        "matter": matter,
        "home": home_of(matter),
        "asked": asked,
        "seen": seen,
        "kind": told_apart(seen) if seen else None,
        "is_paper": asked.instrument in PROCESS,
        "can_read": seen is not None
        and seen.signer in ORDER_SIGNERS
        and asked.instrument in PROCESS,
        "document": document,
        "titles": choices("titles"),
        "signers": choices("signers"),
        "commands": choices("commands"),
        "pictures": pictures(),
        "classes": ASKED_FOR,
        "everything": EVERYTHING,
        "outside": OUTSIDE,
        "stated": {name: turn.door.packs.facts[name].ask for name in STATED},
        "facts": asked.facts,
        "answer_by": asked.answer_by and asked.answer_by.astimezone(turn.zone),
        "noticed": _local_day(turn, asked.moments.get(NOTICE)),
        "typed": turn.form,
        "problem": problem,
    }
    return Page("paper.html", says, 422 if problem else 200)


def tell(turn: Turn) -> Result:
    """Keep what was seen, and what the paper is by that."""
    matter, form = request(turn.visit, turn.id_of("matter")), turn.form
    seen = Seen(
        title=form.choice("title", choices("titles"), says="what stands at its top"),
        signer=form.choice("signer", choices("signers"), says="who signed it"),
        names_court=YES_NO[form.choice("names_court", YES_NO, says="a court, and a number")],
        commands=form.choice("commands", choices("commands"), says="what it commands"),
    )
    matter = tell_apart(turn.door, turn.visit, matter, seen)
    return Moved(f"{home_of(matter)}/paper", done="told-apart")


def read(turn: Turn) -> Result:
    """Keep what was read off the paper."""
    matter, form = request(turn.visit, turn.id_of("matter")), turn.form
    classes = [name for name in (*ASKED_FOR, EVERYTHING) if name in form.several("names")]
    since, until = _day(form, "since"), _day(form, "until")
    told = form.text("secret")
    reading = Reading(
        classes=(EVERYTHING,) if EVERYTHING in classes else tuple(classes),
        to=form.choice("to", OUTSIDE),
        starts=_day(form, "starts"),
        ends=_day(form, "ends"),
        between=(since, until) if since and until else None,
        part2_findings=form.text("part2_findings") == "yes",
        names_notes=form.text("names_notes") == "yes",
        is_secret=YES_NO.get(told),
        hold_until=_until(turn),
        noticed=_noticed(turn),
        in_camera=form.text("in_camera") == "yes",
        answer_by=read_due(form, turn.zone),
        facts={
            name: YES_NO[form.text(f"fact:{name}")]
            for name in STATED
            if form.text(f"fact:{name}") in YES_NO
        },
    )
    if bool(since) != bool(until):
        raise BadInput("days", "want a beginning and an end", "both, or neither")
    return Moved(home_of(read_off(turn.door, turn.visit, matter, reading)), done="read-off")


def for_the_judge(turn: Turn) -> Result:
    """Let what leaves be for the judge alone, or for whoever asked again."""
    matter, court = request(turn.visit, turn.id_of("matter")), turn.form.text("court")
    if turn.form.text("alone") == "no":
        matter = not_in_camera(turn.door, turn.visit, matter)
        return Moved(home_of(matter), done="not-in-camera")
    matter = for_judge_alone(turn.door, turn.visit, matter, court)
    return Moved(home_of(matter), done="in-camera")


def _day(form: Form, name: str) -> datetime.date | None:
    given = form.text(name)
    if not given:
        return None
    try:
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise BadInput("days", "are none", "days as 2026-03-01") from None


def _local_day(turn: Turn, at: datetime.datetime | None) -> str:
    return "" if at is None else at.astimezone(turn.zone).date().isoformat()


def _noticed(turn: Turn) -> datetime.datetime | None:
    """The end of the day on which the client had notice: what waits from then waits whole days."""
    day = _day(turn.form, "noticed")
    if day is None:
        return None
    at = read_moment("had notice", f"{day.isoformat()}T23:59", turn.zone, which=FIRST)
    return turn.at if day == turn.local.date() else at


def _until(turn: Turn) -> datetime.datetime | None:
    """The end of the day until which the client must not be told."""
    day = _day(turn.form, "silent_until")
    if day is None:
        return None
    return read_moment("until when", f"{day.isoformat()}T23:59", turn.zone, which=FIRST)


ROUTES: Final = (
    Route(method="GET", path="/requests/{matter}/paper", do=paper, face=MEMBER),
    Route(method="POST", path="/requests/{matter}/paper", do=tell, face=MEMBER, again=paper),
    Route(method="POST", path="/requests/{matter}/paper/read", do=read, face=MEMBER, again=paper),
    Route(method="POST", path="/requests/{matter}/judge", do=for_the_judge, face=MEMBER, again=one),
)
