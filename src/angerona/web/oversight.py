"""The privacy officer's desk: reviews, what was noticed, the law in use, evidence for an audit."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.notices.typesetting import is_installed
from angerona.practice.duties import fulfil
from angerona.practice.evidence import LINES_MAX, evidence
from angerona.practice.hours import hours_of, set_hours
from angerona.practice.oversight import (
    OUTCOMES,
    SETTLED,
    desk,
    law_in_use,
    review,
    settle,
    watch_record,
)
from angerona.sealed.zones import end_of, midnight
from angerona.web.choices import Fixed
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Download, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.practice.oversight import Waiting
    from angerona.web.turn import Result

WEEKDAYS: Final = Fixed(
    {
        str(number): name
        for number, name in enumerate(
            ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        )
    }
)
FORMS: Final = {"pdf": "pages to print (PDF)", "csv": "a table (CSV)"}
PAPER: Final = "a4"
_USUAL_PERIOD: Final = datetime.timedelta(days=30)


def oversight(turn: Turn, problem: BadInput | None = None) -> Page:
    """Everything that waits, what is due first at the top; an alarm before all."""
    says = {
        "desk": desk(turn.visit),
        "outcomes": OUTCOMES,
        "settled": SETTLED,
        "problem": problem,
        "wrong_at": turn.given.get("duty", "") if problem else "",
        "typed": turn.form,
    }
    return Page("oversight.html", says, 422 if problem else 200)


def reviewed(turn: Turn) -> Result:
    """Say what a review came to."""
    form = turn.form
    review(
        turn.visit,
        turn.door.packs,
        turn.id_of("duty"),
        form.text("outcome"),
        why=form.text("why"),
        outside=form.text("outside"),
    )
    return Moved("/oversight", done="reviewed")


def noticed(turn: Turn) -> Result:
    """Say what became of something that was noticed."""
    form = turn.form
    settle(
        turn.visit,
        turn.door.packs,
        turn.id_of("duty"),
        form.text("outcome"),
        why=form.text("why"),
        outside=form.text("outside"),
    )
    return Moved("/oversight", done="noticed")


def talked(turn: Turn) -> Result:
    """Say that a talk was had."""
    one = _of(turn, desk(turn.visit).follow_ups)
    fulfil(turn.visit, one.duty.row.client_id, one.duty.duty_id, how=turn.form.text("how"))
    return Moved("/oversight", done="talked")


def _of(turn: Turn, waiting: tuple[Waiting, ...]) -> Waiting:
    for one in waiting:
        if one.duty.duty_id == turn.id_of("duty"):
            return one
    raise Unknown


def rules(turn: Turn, problem: BadInput | None = None) -> Page:
    """The packs in force, what in them was not seen or is contested; the hours of the practice."""
    vault = turn.door.vault
    now = hours_of(vault)
    sent = problem is not None
    typed = {
        "days": turn.form.several("day") if sent else tuple(str(one) for one in sorted(now.days)),
        "opens": turn.form.text("opens") if sent else f"{now.opens:%H:%M}",
        "closes": turn.form.text("closes") if sent else f"{now.closes:%H:%M}",
    }
    says = {
        "law": law_in_use(turn.door.packs, vault.practice().row.packs),
        "weekdays": WEEKDAYS,
        "typed": typed,
        "problem": problem,
    }
    return Page("oversight_rules.html", says, 422 if problem else 200)


def hours(turn: Turn) -> Result:
    """Set the hours of the practice."""
    form = turn.form
    days = [int(one) for one in form.several("day") if one in WEEKDAYS]
    set_hours(turn.visit, days, _time(form.text("opens")), _time(form.text("closes")))
    return Moved("/oversight/rules", done="hours")


def _time(given: str) -> datetime.time:
    try:
        found = datetime.time.fromisoformat(given)
    except ValueError:
        raise BadInput("hours", "are no times of day", "such as 07:30") from None
    return found.replace(second=0, microsecond=0, tzinfo=None)


def evidence_page(turn: Turn, problem: BadInput | None = None) -> Page:
    """Of which period evidence is wanted, and in which form."""
    today = turn.local.date()
    typed = {
        "since": turn.form.text("since") or (today - _USUAL_PERIOD).isoformat(),
        "until": turn.form.text("until") or today.isoformat(),
    }
    says = {
        "typed": typed,
        "forms": FORMS if is_installed() else {"csv": FORMS["csv"]},
        "most": LINES_MAX,
        "problem": problem,
    }
    return Page("oversight_evidence.html", says, 422 if problem else 200)


def evidence_file(turn: Turn) -> Result:
    """The evidence, as a file; that it was made is in the ledger before."""
    form = turn.form
    kind = form.choice("form", FORMS, default="csv")
    since = midnight(_day("from", form.text("since")), turn.zone)
    until = end_of(_day("until", form.text("until")), turn.zone)
    found = evidence(turn.visit, turn.door.packs, since, until)
    if kind == "pdf":
        return Download("evidence.pdf", "application/pdf", found.as_pdf(turn.visit, paper=PAPER))
    return Download("evidence.csv", "text/csv; charset=utf-8", found.as_csv())


def _day(place: str, given: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise BadInput(place, "is no day", "such as 2026-03-31") from None


def watched(turn: Turn) -> Result:
    """Have looks at a record noticed, or not any more."""
    head = head_of(turn)
    is_watched = turn.form.choice("watched", ("yes", "no")) == "yes"
    watch_record(turn.visit, head.client_id, is_watched=is_watched)
    return Moved(f"/clients/{head.client_id.hex()}/people", done="watched")


ROUTES: Final = (
    Route(method="GET", path="/oversight", do=oversight, face="officer"),
    Route(
        method="POST",
        path="/oversight/reviews/{duty}",
        do=reviewed,
        face="officer",
        again=oversight,
    ),
    Route(
        method="POST",
        path="/oversight/noticed/{duty}",
        do=noticed,
        face="officer",
        again=oversight,
    ),
    Route(
        method="POST", path="/oversight/talks/{duty}", do=talked, face="officer", again=oversight
    ),
    Route(method="GET", path="/oversight/rules", do=rules, face="officer"),
    Route(method="POST", path="/oversight/hours", do=hours, face="officer", again=rules),
    Route(method="GET", path="/oversight/evidence", do=evidence_page, face="officer"),
    Route(
        method="POST",
        path="/oversight/evidence",
        do=evidence_file,
        face="officer",
        again=evidence_page,
        step_up=True,
    ),
    Route(method="POST", path="/clients/{client}/watched", do=watched, face=MEMBER),
)
