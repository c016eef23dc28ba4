"""The desk: the calendar by day and week, finding a person, appointments, a feed that says busy."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.practice.calendar import (
    USUAL_TITLE,
    NewAppointment,
    appointments_of,
    calendar,
    cancel_appointment,
    feed,
    make_appointment,
    new_feed,
    own_appointments,
)
from angerona.practice.caseload import found_by, tied_to
from angerona.practice.colleagues import colleagues
from angerona.practice.zones import comes_twice, read_moment, spoken
from angerona.sealed.zones import midnight
from angerona.web.caseload import as_met
from angerona.web.own_choices import turned_on
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, VISITOR, Download, Moved, Page, Route, Turn, read_id

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.practice.calendar import Appointment
    from angerona.web.turn import Result

_VIEWS: Final = {"day": 1, "week": 7}
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MINUTES: Final = 50


def desk(turn: Turn) -> Result:
    """The calendar of a day or a week."""
    view = turn.asked.get("as", "week")
    length = _VIEWS.get(view, 7)
    zone, today = turn.zone, turn.local.date()
    first = _day(turn.asked.get("on", ""), today)
    if length > 1:
        first -= datetime.timedelta(days=first.weekday())
    days = [first + datetime.timedelta(days=one) for one in range(length)]
    past = first + datetime.timedelta(days=length)
    found = calendar(turn.visit, midnight(first, zone), midnight(past, zone))
    on = {day: [one for one in found if _date(one, zone) == day] for day in days}
    says = {
        "days": [(day, _DAYS[day.weekday()], on[day]) for day in days],
        "view": "day" if length == 1 else "week",
        "before": (first - datetime.timedelta(days=length)).isoformat(),
        "after": past.isoformat(),
        "first": first.isoformat(),
        "today": today,
    }
    return Page("desk.html", says)


def find(turn: Turn) -> Result:
    """Find a person by a part of the name or by a phone number."""
    words = turn.form.text("words")
    found = as_met(turn, found_by(turn.visit, words))
    return Page("found.html", {"words": words, "found": found})


def appointments(turn: Turn, problem: BadInput | None = None) -> Page:
    """The appointments of one client, and the form for another."""
    head, form = head_of(turn), turn.form
    found = appointments_of(turn.visit, head.client_id)
    ties = tied_to(turn.visit, head.client_id).values()
    treats = [
        tie.person_id
        for tie in ties
        if tie.relation == "treating" and (tie.until is None or turn.at < tie.until)
    ]
    says = {
        "head": head,
        "coming": [one for one in found if turn.at < one.ends],
        "past": [one for one in found if one.ends <= turn.at][::-1],
        "colleagues": {one.person_id.hex(): one.row.name for one in colleagues(turn.visit)},
        "typed": {
            "with": form.text("with") or (treats or [turn.person.person_id])[0].hex(),
            "starts": form.text("starts"),
            "which": form.text("which"),
            "minutes": form.text("minutes") or str(_MINUTES),
            "title": form.text("title") or USUAL_TITLE,
        },
        "twice": comes_twice(form.text("starts"), turn.zone),
        "clock": spoken(turn.door.vault.practice().row.zone),
        "problem": problem,
    }
    return Page("appointments.html", says, 422 if problem else 200)


def make(turn: Turn) -> Result:
    """Make an appointment."""
    head, form = head_of(turn), turn.form
    minutes = form.text("minutes")
    new = NewAppointment(
        person_id=read_id(form.text("with")),
        starts=read_moment("starts", form.text("starts"), turn.zone, which=form.text("which")),
        minutes=int(minutes[:5]) if minutes.isascii() and minutes.isdigit() else 0,
        title=form.text("title"),
    )
    make_appointment(turn.visit, head.client_id, new)
    return Moved(f"/clients/{head.client_id.hex()}/appointments", done="appointment")


def cancel(turn: Turn) -> Result:
    """Cancel an appointment."""
    head = head_of(turn)
    cancel_appointment(turn.visit, turn.id_of("appointment"))
    return Moved(f"/clients/{head.client_id.hex()}/appointments", done="cancelled")


def make_feed(turn: Turn) -> Result:
    """A new secret address for one's own calendar, shown this once."""
    secret = new_feed(turn.visit)
    says = {"learns": "when you are busy", "back": "/desk"}
    return Page("feed.html", {**says, "address": f"{turn.house.origin}/feed/{secret}"})


def calendar_feed(turn: Turn) -> Result:
    """When somebody is busy; empty for an address that is none."""
    text = feed(turn.door.vault, turn.given["feed"], turn.at)
    return Download("calendar.ics", "text/calendar; charset=utf-8", text.encode())


def own(turn: Turn) -> Result:
    """When the client comes."""
    return Page("own_appointments.html", {"found": own_appointments(turn.visit)})


def _day(given: str, today: datetime.date) -> datetime.date:
    try:
        found = datetime.date.fromisoformat(given)
    except ValueError:
        return today
    return found if datetime.MINYEAR < found.year < datetime.MAXYEAR else today


def _date(one: Appointment, zone: datetime.tzinfo) -> datetime.date:
    return one.row.starts.astimezone(zone).date()


ROUTES: Final = (
    Route(method="GET", path="/desk", do=desk, face=MEMBER),
    Route(method="POST", path="/desk/find", do=find, face=MEMBER),
    Route(method="POST", path="/desk/feed", do=make_feed, face=MEMBER, step_up=True),
    Route(method="GET", path="/feed/{feed}", do=calendar_feed, face=VISITOR),
    Route(method="GET", path="/clients/{client}/appointments", do=appointments, face=MEMBER),
    Route(
        method="POST",
        path="/clients/{client}/appointments",
        do=make,
        face=MEMBER,
        again=appointments,
    ),
    Route(
        method="POST",
        path="/clients/{client}/appointments/{appointment}/cancelled",
        do=cancel,
        face=MEMBER,
    ),
    Route(method="GET", path="/me/appointments", do=turned_on("appointments", own), face="client"),
)
