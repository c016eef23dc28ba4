"""Telling somebody: the call sheet, what was told, a report in writing, the balance, the end."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotAgreed, Unknown, Unopenable
from angerona.gate.results import Shown, latest
from angerona.notices.letters import (
    Letterhead,
    draft,
    file_name,
    fitting_letters,
    law_of,
    left_to_write,
    set_letter,
)
from angerona.notices.packet_files import PAPERS
from angerona.notices.paragraphs import day
from angerona.notices.structured import WEIGHED, Weighed, WhatIsTold, read_structured
from angerona.packs.texts import Occasion, load_texts
from angerona.practice.duties import fulfil
from angerona.practice.matters import Matter, found
from angerona.practice.speaking import asked_in
from angerona.practice.telling import (
    KINDS,
    about_telling,
    before_telling,
    case_of,
    find_out,
    shown,
    whom,
    whom_one,
)
from angerona.practice.told import BY_MOUTH, Call, end, keep_facts, keep_weighed, tell, write_to
from angerona.practice.zones import FIRST, read_moment
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS
from angerona.sealed.zones import hour_of
from angerona.web.form_drafts import saving, with_drafts, with_typed
from angerona.web.fulfilling import limits_of
from angerona.web.records import head_of
from angerona.web.speaking import home_of
from angerona.web.telling import alarm_of, answers_of, around, whom_says
from angerona.web.telling import one as page
from angerona.web.turn import MEMBER, Download, Moved, Page, Route
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from angerona.notices.structured import Form
    from angerona.packs.texts import Blank, Text
    from angerona.practice.telling import Case, Whom
    from angerona.web.turn import Result, Turn

CALL_SHEET: Final = "call_sheet"
REPORT_SHEET: Final = "report_sheet"
ITSELF: Final = frozenset(
    {"sender", "callback", "called at", "spoke to", "report number", "police number", "recipient"}
    | {"agency", "law", "what they will do", "what they said", "reached at", "written by"}
)
"""The blanks of sheets that nobody has to gather: the page knows them, or the call brings them."""


def telling(turn: Turn, problem: BadInput | None = None) -> Page:
    """Telling one: what may go and what not, what to say, and what is written down after it."""
    matter, case, each = _of(turn)
    facts = _facts(turn, case)
    values = _values(turn, case, each, facts)
    says = {
        **around(turn, case, matter.kind),
        **whom_says(each),
        "matter": matter,
        "home": home_of(matter),
        "address": f"/matters/{matter.matter_id.hex()}/tell/{each.to}",
        "sheets": [(text, _parts(draft(text, values).text)) for text in _sheets(each)],
        "questions": about_telling(case, each),
        "before": before_telling(case, [each]) if each.is_open else [],
        "limits": limits_of(turn, matter, each.to, in_writing=False),
        "now": turn.local.strftime("%Y-%m-%dT%H:%M"),
        "hows": BY_MOUTH,
        "classes": _there(turn, case),
        "wants": case.kind.wants,
        "facts": facts,
        "papers": PAPERS,
        "typed": turn.form,
        "problem": problem,
    }
    return Page("telling_one.html", says, 422 if problem else 200)


def was_told(turn: Turn) -> Result:
    """Write down that somebody was told, when, how, and what was said."""
    matter, case, each = _of(turn)
    form = turn.form
    if answers := answers_of(turn):
        matter = find_out(case, matter, answers)
    given, now = form.text("at"), turn.local.strftime("%Y-%m-%dT%H:%M")
    call = Call(
        to=each.to,
        at=read_moment("when", given, turn.zone, which=FIRST)
        if given not in {"", now}
        else turn.at,
        how=form.choice("how", BY_MOUTH, default=BY_MOUTH[0]),
        name=form.text("name"),
        said=form.text("said"),
        checked=form.text("checked") == "yes",
        way=form.text("way"),
        done=frozenset(form.several("done")),
    )
    try:
        made = tell(turn.door, turn.visit, matter, call)
    except NotAgreed:
        allowed = "to choose what goes in writing, and to ask a colleague there"
        raise BadInput("second reader", "has to agree to this one first", allowed) from None
    if isinstance(made, Matter):
        return Moved(home_of(matter), done="told-them")
    allowed = "look at what they ask, above"
    raise BadInput("this telling", "is not let go by the rules, and is not written down", allowed)


def in_writing(turn: Turn) -> Result:
    """Make ready what goes in writing; then it is chosen, and looked at as it goes."""
    matter, _, each = _of(turn)
    now = write_to(turn.door, turn.visit, matter, each.to, turn.form.several("wants"))
    about = f"/matters/{matter.matter_id.hex()}"
    return Moved(f"{about}/leaves" if asked_in(now).chosen else f"{about}/choose")


def sheet(turn: Turn) -> Download:
    """A sheet as a PDF: what is not known is left to be written by hand."""
    _, case, each = _of(turn)
    chosen = [text for text in _sheets(each) if text.id == turn.form.text("sheet")]
    if not chosen:
        raise BadInput("sheet", "is none of these", "one that the page shows")
    text = chosen[0]
    filled = draft(text, _values(turn, case, each, _facts(turn, case))).text
    head = Letterhead(practice=turn.door.vault.practice().row.name)
    paper = turn.form.choice("paper", PAPERS, default="a4")
    pdf = set_letter(text, left_to_write(text, filled), head=head, at=turn.local, paper=paper)
    return Download(file_name(text), "application/pdf", pdf)


def facts_form(turn: Turn, problem: BadInput | None = None) -> Page:
    """What is to be told, gathered once for the call, the sheet and the report."""
    matter, case = _of_client(turn)
    kept = dict(_facts(turn, case))
    blanks = _blanks(_to_gather(case))
    says = {
        "head": head_of(turn),
        "matter": matter,
        "home": home_of(matter),
        "blanks": blanks,
        "given": {
            blank.name: turn.form.text(f"told:{blank.name}") or kept.get(blank.name, "")
            for blank in blanks
        },
        "of_class": CLASSES[case.kind.of_class],
        "problem": problem,
    }
    return Page("telling_facts.html", says, 422 if problem else 200)


def facts_kept(turn: Turn) -> Result:
    """Keep what is to be told, sealed, in the record."""
    matter, case = _of_client(turn)
    facts = tuple(
        (blank.name, turn.form.text(f"told:{blank.name}"))
        for blank in _blanks(_to_gather(case))
        if turn.form.text(f"told:{blank.name}")
    )
    form = WhatIsTold(facts=facts)
    return _kept(matter, lambda: keep_facts(turn.door, turn.visit, matter, form))


def weighed_form(turn: Turn, problem: BadInput | None = None) -> Page:
    """What is weighed between speech and silence, in parts."""
    matter, case = _of_client(turn)
    held = _entry(turn, case, "weighed")
    kept = {name: getattr(held, name) if isinstance(held, Weighed) else "" for name in WEIGHED}
    says = {
        "head": head_of(turn),
        "matter": matter,
        "home": home_of(matter),
        "parts_weighed": WEIGHED,
        "given": {name: turn.form.text(name) or kept[name] for name in WEIGHED},
        "of_class": CLASSES[case.kind.of_class],
        "problem": problem,
    }
    return Page("telling_weighed.html", says, 422 if problem else 200)


def weighed_kept(turn: Turn) -> Result:
    """Keep what was weighed, sealed, in the record."""
    matter, _ = _of_client(turn)
    form = Weighed(**{name: turn.form.text(name) for name in WEIGHED})
    return _kept(matter, lambda: keep_weighed(turn.door, turn.visit, matter, form))


def duty_done(turn: Turn) -> Moved:
    """Mark as done what a telling left owed."""
    matter, duty_id = alarm_of(turn), turn.id_of("duty")
    if duty_id.hex() not in asked_in(matter).more.get("owed", []):
        raise Unknown
    fulfil(turn.visit, matter.duty.row.client_id, duty_id, how=turn.form.text("how"))
    return Moved(home_of(matter), done="settled")


def ended(turn: Turn) -> Moved:
    """End it. What is still owed stays owed."""
    matter = alarm_of(turn)
    end(turn.door, turn.visit, matter, turn.form.text("ending"))
    return Moved(f"/clients/{matter.duty.row.client_id.hex()}", done="alarm-ended")


def _of(turn: Turn) -> tuple[Matter, Case, Whom]:
    matter = alarm_of(turn)
    case = case_of(turn.door, turn.visit, matter)
    return matter, case, whom_one(case, turn.given["to"])


def _of_client(turn: Turn) -> tuple[Matter, Case]:
    matter = found(turn.visit, turn.id_of("matter"), tuple(KINDS))
    if matter.client_id != turn.id_of("client"):
        raise Unknown
    return matter, case_of(turn.door, turn.visit, matter)


def _kept(matter: Matter, keep: Callable[[], object]) -> Moved:
    try:
        made = keep()
    except Unopenable:
        made = None
    if not isinstance(made, Matter):
        raise BadInput("this", "cannot be kept by you", "whoever treats the client keeps it")
    return Moved(home_of(matter), done="kept")


def _entry(turn: Turn, case: Case, name: str) -> Form | None:
    """What an entry of the matter holds, for whoever may look at it; a look."""
    entry = case.asked.more.get(name, "")
    there = {one.entry_id.hex() for one in latest(turn.door.vault.places(case.client_id))}
    if entry not in there:
        return None
    wanted = frozenset({bytes.fromhex(entry)})
    shown_now = turn.door.look(turn.visit, case.client_id, purpose="treatment", entry_ids=wanted)
    if not isinstance(shown_now, Shown):
        return None
    return read_structured(shown_now.entries[-1][1].text)


def _facts(turn: Turn, case: Case) -> tuple[tuple[str, str], ...]:
    held = _entry(turn, case, "facts")
    return held.facts if isinstance(held, WhatIsTold) else ()


def _sheets(each: Whom) -> list[Text]:
    """The sheets for a call and for a report that fit this recipient."""
    occasion = Occasion.of(each.told.ask, each.outcome)
    texts = load_texts()
    kinds = (CALL_SHEET, REPORT_SHEET) if each.told.ask.purpose == "abuse_report" else (CALL_SHEET,)
    return [
        text
        for kind in kinds
        for text in [one for one in fitting_letters(texts, kind, occasion) if one.to is not None][
            :1
        ]
    ]


def _blanks(everyone: Iterable[Whom]) -> list[Blank]:
    blanks = {
        blank.name: blank
        for each in everyone
        for text in _sheets(each)
        for blank in text.blanks
        if blank.name not in ITSELF
    }
    return list(blanks.values())


def _to_gather(case: Case) -> list[Whom]:
    """Those for whom facts are gathered: who must be told, else who may be, else everybody."""
    seen = shown(case, whom(case))
    musts = [each for each in seen if each.outcome == "require"]
    return musts or [each for each in seen if each.is_open] or seen


def _values(turn: Turn, case: Case, each: Whom, facts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What is known of the blanks of a sheet."""
    values = {"sender": turn.person.row.name, **dict(facts)}
    told = [one for one in case.asked.more.get("told", []) if one["to"] == each.to]
    if told:
        at = datetime.datetime.fromisoformat(told[0]["at"])
        called = f"{day(at.astimezone(turn.zone))}, {hour_of(at, turn.zone)}"
        values |= {"called at": called, "spoke to": told[0]["name"]}
    ids = [*each.answer.grounds]
    values["law"] = law_of(case.packs, ids)
    known = {blank.name for text in _sheets(each) for blank in text.blanks}
    return {name: said for name, said in values.items() if name in known and said}


def _there(turn: Turn, case: Case) -> dict[str, str]:
    """The classes of which something stands in the record."""
    there = {one.wanted for one in turn.door.vault.places(case.client_id)}
    return {
        name: says
        for name, says in CLASSES.items()
        if name in there and COMPARTMENT_OF[name] != EVENTS
    }


def _parts(text: str) -> list[tuple[str, list[str]]]:
    """A sheet as a page shows it: each heading, list item and line, by what it is."""
    parts: list[tuple[str, list[str]]] = []
    for line in filter(None, (one.strip() for one in text.split("\n"))):
        kind = {"# ": "heading", "- ": "list"}.get(line[:2], "line")
        says = line.removeprefix("# ").removeprefix("- ")
        if kind == "list" and parts and parts[-1][0] == kind:
            parts[-1][1].append(says)
        else:
            parts.append((kind, [says]))
    return parts


def _called(turn: Turn) -> str:
    """What a draft of one of these forms is called."""
    return "What was weighed" if turn.path.endswith("/weighed") else "What is to be told"


ROUTES: Final = (
    Route(method="GET", path="/matters/{matter}/tell/{to}", do=telling, face=MEMBER),
    Route(
        method="POST", path="/matters/{matter}/tell/{to}", do=was_told, face=MEMBER, again=telling
    ),
    Route(
        method="POST",
        path="/matters/{matter}/tell/{to}/writing",
        do=in_writing,
        face=MEMBER,
        again=telling,
    ),
    Route(
        method="POST",
        path="/matters/{matter}/tell/{to}/sheet",
        do=sheet,
        face=MEMBER,
        again=telling,
    ),
    Route(
        method="POST", path="/matters/{matter}/owed/{duty}", do=duty_done, face=MEMBER, again=page
    ),
    Route(method="POST", path="/matters/{matter}/ended", do=ended, face=MEMBER, again=page),
    Route(
        method="GET",
        path="/clients/{client}/matters/{matter}/told",
        do=with_drafts(facts_form),
        face="clinic",
    ),
    Route(
        method="POST",
        path="/clients/{client}/matters/{matter}/told",
        do=saving(facts_kept, _called),
        face="clinic",
        again=with_typed(facts_form),
    ),
    Route(
        method="GET",
        path="/clients/{client}/matters/{matter}/weighed",
        do=with_drafts(weighed_form),
        face="clinic",
    ),
    Route(
        method="POST",
        path="/clients/{client}/matters/{matter}/weighed",
        do=saving(weighed_kept, _called),
        face="clinic",
        again=with_typed(weighed_form),
    ),
)
