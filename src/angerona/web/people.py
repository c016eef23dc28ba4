"""The people of a client: who is tied to him or her, from when until when; handing clients over."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.practice.caseload import known_to, tied_to
from angerona.practice.colleagues import colleagues
from angerona.practice.members import OFFICER
from angerona.practice.ties import GRANTED, begin_tie, end_tie, share_notes
from angerona.sealed.zones import end_of
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn, read_id
from angerona.words import RELATIONS

if TYPE_CHECKING:
    from angerona.web.records import Head
    from angerona.web.turn import Result

_GIVEN: Final = {name: RELATIONS[name] for name in RELATIONS if name in GRANTED}


def people(turn: Turn, problem: BadInput | None = None) -> Page:
    """Who is tied to the client now, who was, and whom one may tie."""
    head, vault, form = head_of(turn), turn.door.vault, turn.form
    ties = tied_to(turn.visit, head.client_id)
    shown = [
        (tie_id, tie, vault.person(tie.person_id))
        for tie_id, tie in sorted(ties.items(), key=lambda one: (one[1].since, one[0]))
    ]
    now = [one for one in shown if one[1].until is None or turn.at < one[1].until]
    says = {
        "head": head,
        "now": now,
        "treating": sum(tie.relation == "treating" for _, tie, _ in now),
        "before": [one for one in shown if one not in now],
        "colleagues": _others(turn),
        "relations": _GIVEN,
        "typed": {name: form.text(name) for name in ("person", "relation", "until")},
        "may": "treating" in head.relations or "supervisor" in head.relations,
        "me": turn.person.person_id,
        **_close(turn, head),
        "may_watch": "treating" in head.relations or OFFICER in turn.person.row.posts,
        "is_watched": vault.authority(head.client_id).client.watched,
        "problem": problem,
    }
    return Page("people.html", says, 422 if problem else 200)


def begin(turn: Turn) -> Result:
    """Tie a colleague to the client."""
    head, form = head_of(turn), turn.form
    begin_tie(
        turn.visit,
        head.client_id,
        read_id(form.text("person")),
        form.choice("relation", _GIVEN),
        until=last_day(form.text("until"), turn.zone),
    )
    return Moved(f"/clients/{head.client_id.hex()}/people", done="tied")


def end(turn: Turn) -> Result:
    """End a tie; the keys turn."""
    head = head_of(turn)
    end_tie(turn.visit, head.client_id, turn.id_of("tie"))
    if turn.door.vault.authority(head.client_id).relations(turn.person.person_id, turn.at):
        return Moved(f"/clients/{head.client_id.hex()}/people", done="untied")
    return Moved("/clients", done="untied")


def share(turn: Turn) -> Result:
    """Let a supervisor read what one keeps apart, while the tie lasts."""
    head = head_of(turn)
    share_notes(turn.visit, head.client_id, turn.id_of("tie"))
    return Moved(f"/clients/{head.client_id.hex()}/people", done="shared")


def hand_over(turn: Turn, problem: BadInput | None = None) -> Page:
    """The clients whom one treats, to be treated by a colleague too."""
    found = [one for one in known_to(turn.visit) if "treating" in one.relations]
    says = {
        "clients": sorted(found, key=lambda one: (one.name.casefold(), one.client_id)),
        "colleagues": _others(turn),
        "ticked": turn.form.several("client"),
        "typed": {name: turn.form.text(name) for name in ("person", "until")},
        "problem": problem,
    }
    return Page("hand_over.html", says, 422 if problem else 200)


def hand_over_now(turn: Turn) -> Result:
    """Tie the colleague to each client that is ticked, as who treats."""
    form = turn.form
    if not form.several("client"):
        raise BadInput("clients", "none is ticked", "one or more")
    person_id, until = read_id(form.text("person")), last_day(form.text("until"), turn.zone)
    for client in form.several("client"):
        begin_tie(turn.visit, read_id(client), person_id, "treating", until=until)
    return Moved("/clients", done="handed-over")


def _close(turn: Turn, head: Head) -> dict[str, object]:
    """Who of the members is close to the client, for those who may note it."""
    may = "treating" in head.relations or OFFICER in turn.person.row.posts
    noted = turn.door.vault.authority(head.client_id).client.close_to
    return {
        "may_note": may,
        "everybody": {one.person_id.hex(): one.row.name for one in colleagues(turn.visit)},
        "close": turn.form.several("close") or [one.hex() for one in noted],
    }


def _others(turn: Turn) -> dict[str, str]:
    return {
        one.person_id.hex(): one.row.name
        for one in colleagues(turn.visit)
        if one.person_id != turn.person.person_id
    }


def last_day(given: str, zone: datetime.tzinfo) -> datetime.datetime | None:
    """The end of the day that was given, by a clock; nothing for none."""
    if not given:
        return None
    try:
        return end_of(datetime.date.fromisoformat(given), zone)
    except (ValueError, OverflowError):
        raise BadInput("until", "is no day", "a day such as 2026-03-31, or none") from None


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/people", do=people, face=MEMBER),
    Route(
        method="POST",
        path="/clients/{client}/people",
        do=begin,
        face=MEMBER,
        again=people,
        step_up=True,
    ),
    Route(
        method="POST",
        path="/clients/{client}/people/{tie}/ended",
        do=end,
        face=MEMBER,
        again=people,
    ),
    Route(
        method="POST",
        path="/clients/{client}/people/{tie}/shared",
        do=share,
        face=MEMBER,
        again=people,
        step_up=True,
    ),
    Route(method="GET", path="/hand-over", do=hand_over, face="clinic"),
    Route(
        method="POST",
        path="/hand-over",
        do=hand_over_now,
        face="clinic",
        again=hand_over,
        step_up=True,
    ),
)
