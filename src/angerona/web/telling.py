"""A danger, a worry about abuse: the guided pages, from a client's record to whom to tell now."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, Unknown
from angerona.practice.answers import headline, owed, reasons
from angerona.practice.durations import limit_in_words
from angerona.practice.matters import found, open_matters
from angerona.practice.speaking import asked_in
from angerona.practice.telling import (
    AT_ONCE,
    DANGER,
    KINDS,
    REPORT,
    before_telling,
    case_of,
    clocks,
    find_out,
    missing_law,
    new_case,
    others,
    questions,
    shown,
    start,
    whom,
)
from angerona.practice.told import ENDINGS, may_know, notice_of, stay_silent, still_owed
from angerona.practice.zones import FIRST, read_moment
from angerona.rules.because import PERHAPS_MUST
from angerona.rules.instead import COLLEAGUES, SAY
from angerona.web.answers import FACT
from angerona.web.fulfilling import left
from angerona.web.help_lines import lines_of
from angerona.web.records import head_of
from angerona.web.speaking import HOME, home_of, known_of, unknown_of
from angerona.web.turn import MEMBER, Moved, Page, Route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.practice.answers import Told
    from angerona.practice.matters import Matter
    from angerona.practice.speaking import Value
    from angerona.practice.telling import Case, Whom
    from angerona.web.turn import Turn

TABS: Final[Mapping[str, str]] = {DANGER: "Danger", REPORT: "Abuse or neglect"}
"""Under which tab of a client's record each kind begins."""
DONT_KNOW: Final = "unknown"
_SAID: Final = {"yes": True, "no": False, DONT_KNOW: None}


def begin_danger(turn: Turn, problem: BadInput | None = None) -> Page:
    """Someone may come to harm: what is asked first, whom to call, what is open already."""
    return _begin(turn, DANGER, problem)


def begin_report(turn: Turn, problem: BadInput | None = None) -> Page:
    """Someone may be abused or neglected: the same."""
    return _begin(turn, REPORT, problem)


def start_danger(turn: Turn) -> Moved:
    """Begin it, with what was answered."""
    return _start(turn, DANGER)


def start_report(turn: Turn) -> Moved:
    """Begin it, with what was answered."""
    return _start(turn, REPORT)


def one(turn: Turn, problem: BadInput | None = None) -> Page:
    """Whom to tell now, by when; what decides next; what was told; and how it ends."""
    matter = alarm_of(turn)
    case = case_of(turn.door, turn.visit, matter)
    everyone = whom(case)
    seen = shown(case, everyone)
    asked = questions(case, everyone)
    is_settled = any(each.outcome == "require" for each in seen)
    says = {
        **around(turn, case, matter.kind),
        "matter": matter,
        "home": home_of(matter),
        "asked": case.asked,
        "seen": [whom_says(each) for each in seen],
        "others": others(case),
        "first": () if is_settled else asked[:AT_ONCE],
        "more": asked if is_settled else asked[AT_ONCE:],
        "nobody": not any(each.is_open for each in seen),
        "why": _why(seen),
        "clocks": [
            (clock, limit_in_words(clock.owed), left(turn, clock.due))
            for clock in clocks(case, everyone)
            if not case.asked.more.get("told")
        ],
        "owed": [
            (duty.duty_id, duty.row, left(turn, duty.row.due))
            for duty in still_owed(turn.visit, matter)
        ],
        "told": case.asked.more.get("told", []),
        "moment": datetime.datetime.fromisoformat,
        "known": known_of(_told_of(everyone), case.asked.facts),
        "unknown": unknown_of(case.packs, case.asked),
        "notice": notice_of(case),
        "before": before_telling(case, [each for each in everyone if each.is_open]),
        "endings": {name: _ending(says) for name, says in ENDINGS[matter.kind].items()},
        "typed": turn.form,
        "problem": problem,
    }
    return Page("telling.html", says, 422 if problem else 200)


def answer(turn: Turn) -> Moved:
    """Keep what was found out, as many answers as were given."""
    matter = alarm_of(turn)
    case, to = case_of(turn.door, turn.visit, matter), turn.form.text("to")
    before = _musts(case)
    matter = find_out(case, matter, answers_of(turn), to=to)
    if to:
        return Moved(f"/matters/{matter.matter_id.hex()}/tell/{to}")
    return _to_one(turn, matter, before)


def client_told(turn: Turn) -> Moved:
    """Settle whether the client may hear of it: from now on, or not yet."""
    matter = alarm_of(turn)
    if answers := answers_of(turn):
        matter = find_out(case_of(turn.door, turn.visit, matter), matter, answers)
    act = turn.form.choice("act", ("answer", "may-know", "silent"))
    if act == "may-know":
        may_know(turn.door, turn.visit, matter)
    elif act == "silent":
        stay_silent(turn.door, turn.visit, matter)
    return Moved(home_of(matter))


def alarm_of(turn: Turn) -> Matter:
    """The danger or suspicion of the address. Raises `Unknown`."""
    return found(turn.visit, turn.id_of("matter"), tuple(KINDS))


def answers_of(turn: Turn) -> dict[str, Value | None]:
    """What was answered; nothing is said of what was left open. Raises `BadInput`."""
    facts: dict[str, Value | None] = {}
    for field in turn.form.fields:
        given = turn.form.text(field)
        if not field.startswith(FACT) or not given:
            continue
        fact = turn.door.packs.facts.get(field.removeprefix(FACT))
        if fact is None:
            raise BadInput("an answer", "answers no question that is asked here")
        if given == DONT_KNOW:
            facts[fact.key] = None
        elif fact.type == "bool":
            facts[fact.key] = _SAID[turn.form.choice(field, _SAID)]
        elif fact.type == "int":
            if not (given.isascii() and given.isdigit()):
                raise BadInput("the number", "is none", "digits alone")
            facts[fact.key] = int(given[:9])
        else:
            facts[fact.key] = turn.form.choice(field, fact.values)
    return facts


def around(turn: Turn, case: Case, kind: str) -> dict[str, Any]:
    """What stands on each of these pages, whatever the rules say: whom to call, what to say."""
    missing = missing_law(case)
    return {
        "kind": kind,
        "lines": [each for each in lines_of(turn) if kind == REPORT or each.is_for_danger],
        "say": SAY,
        "colleagues": COLLEAGUES[:1],  # the other one stands at the top: the emergency number
        "missing": missing,
    }


def whom_says(each: Whom) -> dict[str, Any]:
    """What a page says of telling somebody."""
    return {
        "whom": each,
        "headline": headline(each.told),
        "perhaps_must": any(PERHAPS_MUST in one for one in each.answer.because),
        "reasons": reasons(each.told),
        "owed": owed(each.told),
    }


def _begin(turn: Turn, kind: str, problem: BadInput | None) -> Page:
    head = head_of(turn)
    case = new_case(turn.door, turn.visit, head.client_id, kind, learned=turn.at)
    everyone = whom(case)
    asked = questions(case, everyone)
    matters = open_matters(turn.visit, (kind,), client_id=head.client_id)
    says = {
        **around(turn, case, kind),
        "head": head,
        "tab": TABS[kind],
        "open": [(matter, asked_in(matter)) for matter in matters],
        "first": asked[:AT_ONCE],
        "more": asked[AT_ONCE:],
        "home": HOME[kind],
        "now": turn.local.strftime("%Y-%m-%dT%H:%M"),
        "typed": turn.form,
        "problem": problem,
    }
    return Page("telling_new.html", says, 422 if problem else 200)


def _start(turn: Turn, kind: str) -> Moved:
    head, given = head_of(turn), turn.form.text("learned")
    now = turn.local.strftime("%Y-%m-%dT%H:%M")
    learned = turn.at
    if given and given != now:
        learned = read_moment("learned", given, turn.zone, which=FIRST)
    facts = answers_of(turn)
    case = new_case(turn.door, turn.visit, head.client_id, kind, learned=learned, facts=facts)
    matter = found(turn.visit, start(case, kind), (kind,))
    return _to_one(turn, matter, frozenset())


def _to_one(turn: Turn, matter: Matter, before: frozenset[str]) -> Moved:
    """The page of the one who must be told, where that came to light just now; else the matter's.

    Where it is about minutes, no page stands between the answers and the call.
    """
    musts = _musts(case_of(turn.door, turn.visit, matter))
    if len(musts) == 1 and not before:
        return Moved(f"/matters/{matter.matter_id.hex()}/tell/{next(iter(musts))}")
    return Moved(home_of(matter))


def _musts(case: Case) -> frozenset[str]:
    return frozenset(each.to for each in whom(case) if each.outcome == "require")


def _told_of(everyone: list[Whom]) -> Told:
    """What the rules say of anybody. Raises `Unknown` where there is nobody."""
    if not everyone:
        raise Unknown
    return everyone[0].told


def _why(seen: list[Whom]) -> list[str]:
    """Why nobody may be told, each reason once."""
    said = (reason for each in seen for reason in reasons(each.told))
    return list(dict.fromkeys(said))


def _ending(says: str) -> str:
    words = says.partition(": ")[2]
    return f"{words[:1].upper()}{words[1:]}"


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/danger", do=begin_danger, face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/danger",
        do=start_danger,
        face="clinic",
        again=begin_danger,
    ),
    Route(method="GET", path="/clients/{client}/abuse", do=begin_report, face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/abuse",
        do=start_report,
        face="clinic",
        again=begin_report,
    ),
    Route(method="GET", path="/dangers/{matter}", do=one, face=MEMBER),
    Route(method="GET", path="/reports/{matter}", do=one, face=MEMBER),
    Route(method="POST", path="/matters/{matter}/found", do=answer, face=MEMBER, again=one),
    Route(method="POST", path="/matters/{matter}/client", do=client_told, face=MEMBER, again=one),
)
