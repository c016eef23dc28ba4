"""Incidents: reporting one, what the law asks, whom to tell by when, settling it, the register."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput
from angerona.practice.breach_clocks import (
    CLIENT,
    NOBODY,
    ORAL,
    held_by_law,
    notifications,
    weighed,
)
from angerona.practice.breach_letters import to_send
from angerona.practice.breach_register import register, register_csv, register_on_paper
from angerona.practice.breach_scopes import KEYS, PLACES
from angerona.practice.breach_searches import places_of
from angerona.practice.breaches import (
    CAUSES,
    Report,
    answer,
    answer_none,
    close,
    incident,
    name_second,
    propose_none,
    report,
    told,
)
from angerona.practice.colleagues import colleagues
from angerona.practice.deadlines import left_in_words
from angerona.practice.matters import SECOND, open_matters
from angerona.practice.members import OFFICER
from angerona.practice.who_looked import who
from angerona.practice.zones import comes_twice, read_moment
from angerona.sealed.zones import hour_of
from angerona.web.answers import FACT
from angerona.web.turn import MEMBER, Download, Moved, Page, Route, Turn, read_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from angerona.practice.matters import Matter
    from angerona.web.turn import Result

_SAID: Final = {"yes": True, "no": False, "": None}
_DIGITS_MAX: Final = 9
_PAPERS: Final = {"list": "register.csv", "paper": "register.pdf"}


def incidents(turn: Turn) -> Page:
    """Incidents that are open, the clock of each; notices to clients that are one's own to send."""
    found = open_matters(turn.visit, ("incident",))
    says = {
        "incidents": [(one, left_of(turn, one.due), CAUSES[one.content["cause"]]) for one in found],
        "notices": [(one, left_of(turn, one.duty.row.due)) for one in to_send(turn.visit)],
        "is_officer": OFFICER in turn.person.row.posts,
    }
    return Page("incidents.html", says)


def new(turn: Turn, problem: BadInput | None = None) -> Page:
    """The short form of a report; it was discovered now, unless somebody says otherwise."""
    form = turn.form
    now = f"{turn.local:%Y-%m-%d}T{hour_of(turn.at, turn.zone)}"
    says = {
        "causes": CAUSES,
        "typed": {
            "words": form.text("words"),
            "cause": form.text("cause"),
            "affected": form.text("affected"),
            "discovered": form.text("discovered") or now,
            "happened": form.text("happened"),
            "which": form.text("which"),
        },
        "twice": comes_twice(form.text("discovered"), turn.zone),
        "problem": problem,
    }
    return Page("incident_new.html", says, 422 if problem else 200)


def report_now(turn: Turn) -> Result:
    """Report an incident; whoever may see it goes on to its page."""
    form = turn.form
    which = form.text("which")
    discovered = read_moment("discovered", form.text("discovered"), turn.zone, which=which)
    happened = form.text("happened")
    said = Report(
        words=form.text("words"),
        cause=form.choice("cause", CAUSES, says="what kind"),
        affected=form.text("affected"),
        # A minute has begun a moment before it is over, and that lies not ahead.
        discovered=min(discovered, turn.at) if discovered - turn.at < _MINUTE else discovered,
        happened=read_moment("happened", happened, turn.zone) if happened else None,
    )
    matter_id = report(turn.visit, turn.door.packs, said)
    return Moved(f"/incidents/{matter_id.hex()}", done="reported")


_MINUTE: Final = datetime.timedelta(minutes=1)


def page(turn: Turn, problem: BadInput | None = None) -> Page:
    """An incident: its clock, what the law asks, whom to tell by when, whose records, its end."""
    matter, vault, packs = _matter(turn), turn.door.vault, turn.door.packs
    content, form = matter.content, turn.form
    found = weighed(vault, packs, content)
    sure = [(one, left_of(turn, one.due)) for one in notifications(vault, packs, content)]
    second = content[SECOND]
    says = {
        "matter": matter,
        "cause": CAUSES[content["cause"]],
        "left": left_of(turn, matter.due),
        "discovered": _time(content["discovered"]),
        "happened": _time(content["happened"]) if content["happened"] else None,
        "searched": _time(content["found"]["at"]) if content.get("found") else None,
        "begun_by": who(matter.begun_by),
        "handler": vault.person(matter.handler_id).row.name,
        "second": vault.person(bytes.fromhex(second)).row.name if second else "",
        "questions": [(one, packs.facts[one]) for one in _asked(found.questions, content)],
        "facts": {name: _shown(value) for name, value in content["facts"].items()},
        "telling": sure,
        "weighing": found.weighing,
        "silent": found.silent,
        "waits": held_by_law(vault, packs, content),
        "oral": _time(content["moments"][ORAL]) if ORAL in content["moments"] else None,
        "asks_oral": content["facts"].get("incident.police_delay") is True,
        "places": [(one, PLACES[one.by], KEYS.get(one.keys, "")) for one in places_of(matter)],
        "nobody": content["unneeded"].get(NOBODY),
        "to_send": len(to_send(turn.visit, matter.matter_id)),
        "me": turn.person.person_id.hex(),
        "others": _others(turn, matter),
        "is_officer": OFFICER in turn.person.row.posts,
        "typed": form,
        "problem": problem,
        "keys": {"client": CLIENT, "nobody": NOBODY},
    }
    return Page("incident.html", says, 422 if problem else 200)


def answers(turn: Turn) -> Result:
    """Keep what is known by now of what the law asks."""
    form, packs = turn.form, turn.door.packs
    facts: dict[str, bool | int | str | None] = {}
    for name in form.fields:
        fact = name.removeprefix(FACT)
        if name.startswith(FACT):
            if fact not in packs.facts:
                raise BadInput("an answer", "answers no question that is asked here")
            facts[fact] = _value(packs.facts[fact].ask, form.text(name))
    moments: dict[str, datetime.datetime | None] = {}
    if "oral" in form.fields:
        given = form.text("oral")
        moments[ORAL] = read_moment("asked on", given, turn.zone) if given else None
    return _done(turn, "weighed", lambda matter: answer(turn.visit, packs, matter, facts, moments))


def told_now(turn: Turn) -> Result:
    """Note that somebody was told."""
    key, how = turn.form.text("who"), turn.form.text("how")
    packs = turn.door.packs
    return _done(turn, "notified", lambda matter: told(turn.visit, packs, matter, key, how=how))


def none_proposed(turn: Turn) -> Result:
    """Write down why somebody, or anybody, need not be told."""
    key, form = turn.form.text("who"), turn.form

    def do(matter: Matter) -> object:
        packs, outside = turn.door.packs, form.text("consultant")
        return propose_none(
            turn.visit, packs, matter, key, why=form.text("why"), consultant=outside
        )

    return _done(turn, "proposed", do)


def none_answered(turn: Turn) -> Result:
    """Agree as the second person, or object."""
    key, form = turn.form.text("who"), turn.form
    agrees = form.choice("agrees", ("yes", "no")) == "yes"

    def do(matter: Matter) -> object:
        packs = turn.door.packs
        return answer_none(turn.visit, packs, matter, key, agrees=agrees, why=form.text("why"))

    return _done(turn, "second-said", do)


def second_named(turn: Turn) -> Result:
    """Have another colleague be the second person."""
    person_id, packs = read_id(turn.form.text("person")), turn.door.packs
    return _done(
        turn, "second-said", lambda matter: name_second(turn.visit, packs, matter, person_id)
    )


def settled(turn: Turn) -> Result:
    """Settle an incident."""
    close(turn.visit, turn.door.packs, _matter(turn), result=turn.form.text("result"))
    return Moved("/incidents", done="incident-settled")


def all_ever(turn: Turn) -> Page:
    """The register."""
    return Page("incident_register.html", {"found": register(turn.visit), "open": None})


def taken_along(turn: Turn) -> Result:
    """The register as a list, or on paper."""
    kind = turn.form.choice("as", _PAPERS)
    found = register(turn.visit)
    if kind == "list":
        return Download(_PAPERS[kind], "text/csv; charset=utf-8", register_csv(found, turn.zone))
    paper = turn.form.choice("paper", ("a4", "us-letter"), default="a4")
    return Download(
        _PAPERS[kind], "application/pdf", register_on_paper(turn.visit, found, paper=paper)
    )


def _matter(turn: Turn) -> Matter:
    return incident(turn.visit, turn.id_of("incident"))


def _done(turn: Turn, word: str, do: Callable[[Matter], object]) -> Moved:
    matter = _matter(turn)
    do(matter)
    return Moved(f"/incidents/{matter.matter_id.hex()}", done=word)


def _asked(questions: tuple[str, ...], content: Mapping[str, Any]) -> list[str]:
    """What is still asked, most deciding first, and then what was answered, to be changed."""
    return list(dict.fromkeys((*questions, *content["facts"])))


def _shown(value: object) -> str:
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def _value(ask: str, said: str) -> bool | int | None:
    if said in _SAID:
        return _SAID[said]
    if said.isascii() and said.isdigit() and len(said) <= _DIGITS_MAX:
        return int(said)
    raise BadInput(ask, "has another kind of answer", "yes, no, a number, or nothing")


def _others(turn: Turn, matter: Matter) -> dict[str, str]:
    found = colleagues(turn.visit)
    return {
        one.person_id.hex(): one.row.name for one in found if one.person_id != matter.handler_id
    }


def _time(given: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(given)


def left_of(turn: Turn, due: datetime.datetime | None) -> str:
    """The time left until a moment, by the practice's clock, or how late it is; empty for none."""
    return left_in_words(due.astimezone(turn.zone), turn.local) if due else ""


def _form(path: str, do: Callable[[Turn], Result], *, step_up: bool = False) -> Route:
    return Route(method="POST", path=path, do=do, face=MEMBER, again=page, step_up=step_up)


ROUTES: Final = (
    Route(method="GET", path="/incidents", do=incidents, face=MEMBER),
    Route(method="GET", path="/incidents/new", do=new, face=MEMBER),
    Route(method="POST", path="/incidents", do=report_now, face=MEMBER, again=new),
    Route(method="GET", path="/incidents/register", do=all_ever, face="officer"),
    Route(method="POST", path="/incidents/register", do=taken_along, face="officer", step_up=True),
    Route(method="GET", path="/incidents/{incident}", do=page, face=MEMBER),
    _form("/incidents/{incident}/answers", answers),
    _form("/incidents/{incident}/told", told_now),
    _form("/incidents/{incident}/not-told", none_proposed),
    _form("/incidents/{incident}/not-told/answer", none_answered, step_up=True),
    _form("/incidents/{incident}/second", second_named),
    _form("/incidents/{incident}/settled", settled, step_up=True),
)
