"""What was told of a danger or a suspicion: by word of mouth, in writing, weighed, and the end.

A telling by word of mouth leaves by the gate like any other: the ledger announces it, and a second
line says how it was done. What was said is kept in the record first, and is what the line names;
where that cannot be kept, nobody is made to wait for it. No telling ends the matter.
"""

from __future__ import annotations

import contextlib
import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import AuthorityMoved, BadInput, Conflicting, Unopenable, one_line, one_of
from angerona.gate.keeping import Draft
from angerona.gate.owing import SECOND_READER
from angerona.gate.results import Kept, Prepared, latest
from angerona.gate.saying import HELD_AT_FIRST
from angerona.notices.structured import Weighed, WhatIsTold, structured_text
from angerona.practice.duties import ended
from angerona.practice.handing_over import HandedOver, hand_over
from angerona.practice.matters import Step, after_it_left, settle
from angerona.practice.speaking import asked_in, leaving_of
from angerona.practice.telling import (
    DANGER,
    ORAL,
    REPORT,
    Case,
    case_of,
    clocks,
    go_on,
    is_settled,
    whom,
    whom_one,
    wish_to,
)
from angerona.rules.answer import Permit
from angerona.sealed.duties import find, sighted_of_client
from angerona.words import CLASSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.ledger.lines import Written
    from angerona.practice.handing_over import Outgoing
    from angerona.practice.matters import Matter
    from angerona.practice.telling import Clock
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Visit

BY_MOUTH: Final = ("by telephone", "in person")
NAME_CHARACTERS_MAX: Final = 120
SAID_CHARACTERS_MAX: Final = 20_000
EARLIEST: Final = datetime.timedelta(days=31)
"""How long ago a call may have been that is written down only now."""
HEADING: Final = "What was told"
WEIGHED_HEADING: Final = "What was weighed"
FACTS_HEADING: Final = "What is to be told"
NOT_SAID: Final = "What was said is not written down yet."
ENDINGS: Final[Mapping[str, Mapping[str, str]]] = {
    DANGER: {
        "told": "settled a danger: those who can prevent it were told",
        "other_way": "settled a danger: it was averted in another way",
        "over": "settled a danger: it is over",
        "taken_back": "settled a danger: the threat was taken back, believably",
        "silence": "settled a danger: nothing was to be told",
    },
    REPORT: {
        "told": "settled a suspicion: it was reported",
        "told_before": "settled a suspicion: it had been reported already",
        "unfounded": "settled a suspicion: it did not hold",
        "silence": "settled a suspicion: nothing was to be told",
    },
}
"""How each kind of matter can end, and what the line says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A telling by word of mouth: to whom, when, how (`BY_MOUTH`), what was said.

    `name`: who it was, as the person said it; `checked`: that it was really they, that they can
    help and need to be told, and that they are not the danger; `way`: which of several ways the
    duty was met by; `done`: ids of the duties that this itself fulfils.
    """

    to: str
    at: datetime.datetime
    how: str = BY_MOUTH[0]
    name: str = ""
    said: str = ""
    checked: bool = False
    way: str = ""
    done: frozenset[str] = frozenset()


def tell(door: Door, visit: Visit, matter: Matter, call: Call) -> Matter | AskFirst | Refuse:
    """Say that somebody was told by word of mouth, and that it has left.

    Nothing is written where the rules do not let it go. Raises `BadInput`, and as `Door.release`.
    """
    case = case_of(door, visit, matter)
    _check(case, call)
    one = whom_one(case, call.to)
    if not isinstance(one.told.answer, Permit):
        return one.told.answer
    if one.once_checked and not call.checked:
        raise BadInput("the check", "was not made", "that it is they, and that they can help")
    asked = msgspec.structs.replace(
        case.asked, moments={**case.asked.moments, **dict.fromkeys(ORAL, call.at)}
    )
    case = replace(case, asked=asked)
    entry = _kept_words(case, call, may_go=case.kind.of_class in one.goes)
    name = one_line("name", call.name, NAME_CHARACTERS_MAX) if call.name else ""
    recipient = f"{RECIPIENTS[call.to]}, {name}" if name else RECIPIENTS[call.to]
    prepared = door.release(
        visit,
        case.client_id,
        wish_to(case, call.to, checked=call.checked),
        entry_ids=[] if entry is None else [entry],
        recipient=recipient,
    )
    if not isinstance(prepared, Prepared):
        return prepared
    when = visit.vault.practice().local(call.at).strftime("%Y-%m-%d %H:%M")
    how = "; ".join(part for part in (f"{call.how}, {when}", call.way) if part)
    before, fulfils = _before(visit, matter, call.to), _timely(case, call.to, call.done)
    carried = before.again | fulfils
    door.handed_over(prepared, visit.at, how=how, carried=carried)
    left = [one for one in prepared.owed if one.row.duty["id"] not in carried]
    _fulfilled(visit, before, fulfils, how=how)
    told = {
        "to": call.to,
        "name": name,
        "at": call.at.isoformat(),
        "how": call.how,
        "entry": "" if entry is None else entry.hex(),
        "notice": prepared.permit.notice,
        "done": sorted(fulfils),
    }
    return _now_told(case, matter, told, left, prepared.held_until)


def write_to(door: Door, visit: Visit, matter: Matter, to: str, wants: Iterable[str]) -> Matter:
    """Make ready what goes to somebody in writing; what leaves is chosen and looked at next.

    Raises `BadInput` for a class that there is not, and where nothing may go to this recipient.
    """
    case = case_of(door, visit, matter)
    one, classes = whom_one(case, to), tuple(dict.fromkeys(wants)) or case.kind.wants
    for name in classes:
        if name not in CLASSES:
            raise BadInput("what goes", "is none of the choices", one_of(CLASSES, name))
    wish = wish_to(case, to, checked=one.once_checked)
    there = {place.entry_id.hex() for place in latest(door.vault.places(case.client_id))}
    facts = case.asked.more.get("facts", "")
    asked = msgspec.structs.replace(
        case.asked,
        to=to,
        purpose=wish.purpose,
        wants=classes,
        facts=dict(wish.facts),
        hold_until=wish.hold_until,
        more={**case.asked.more, "unsettled": wish.unsettled},
        chosen=(facts,) if facts in there else None,
        passages=(),
    )
    return go_on(replace(case, asked=asked), matter, "made a report in writing ready")


def hand_over_in_writing(
    door: Door, visit: Visit, matter: Matter, outgoing: Outgoing
) -> HandedOver | AskFirst | Refuse:
    """Hand over what was chosen; the matter stays open. Raises as `handing_over.hand_over`.

    `outgoing.fulfils` names the rules whose duties are done by it, also those of an earlier call.
    """
    case, leaving = case_of(door, visit, matter), leaving_of(door, matter)
    before = _before(visit, matter, case.asked.to)
    fulfils = _timely(case, case.asked.to, outgoing.fulfils)
    whole = replace(outgoing, leaving=leaving, matter=matter, fulfils=before.again | fulfils)
    made = hand_over(door, visit, case.client_id, whole)
    if isinstance(made, HandedOver):
        _fulfilled(visit, before, fulfils, how=f"in writing, {outgoing.how}")
        told = {
            "to": case.asked.to,
            "name": case.asked.name,
            "at": visit.at.isoformat(),
            "how": outgoing.how,
            "packet": made.packet.packet_id.hex(),
            "notice": whom_one(case, case.asked.to).answer.notice,
            "done": sorted(fulfils),
        }
        left = _brought(visit, case.client_id)
        until = made.held_until
        after_it_left(
            visit, matter, lambda now: _now_told(_case_now(case, now), now, told, left, until)
        )
    return made


def keep_weighed(
    door: Door, visit: Visit, matter: Matter, form: Weighed
) -> Matter | AskFirst | Refuse:
    """Keep what was weighed, as an entry of the record. Raises as `Door.keep`."""
    return _keep(case_of(door, visit, matter), matter, "weighed", (WEIGHED_HEADING, form))


def keep_facts(
    door: Door, visit: Visit, matter: Matter, form: WhatIsTold
) -> Matter | AskFirst | Refuse:
    """Keep what is to be told, gathered once, as an entry of the record. Raises as `Door.keep`."""
    return _keep(case_of(door, visit, matter), matter, "facts", (FACTS_HEADING, form))


def may_know(door: Door, visit: Visit, matter: Matter) -> Matter:
    """Say that the client may hear of it: from here on it is in the client's list.

    Raises `BadInput` while the law forbids that, or something that decides it is not known.
    """
    case = case_of(door, visit, matter)
    if notice_of(case) == "prohibited":
        raise BadInput("telling the client", "is forbidden", "keep it out of the list for now")
    is_open = any(one.answer.ask_before_telling for one in whom(case) if one.is_open)
    if is_open or not is_settled(case):
        raise BadInput("telling the client", "is not settled", "first what is asked about it")
    return go_on(case, matter, f"found that the client may know of a {matter.kind}", is_told=True)


def stay_silent(door: Door, visit: Visit, matter: Matter) -> Matter:
    """Keep it out of the client's list for as long again as at first, from now."""
    case = case_of(door, visit, matter)
    until = visit.at + HELD_AT_FIRST
    return go_on(case, matter, "found that the client is not to know yet", held_until=until)


def notice_of(case: Case) -> str:
    """What the law says of telling the client: the strictest of what was told, or may be now."""
    said = {one.get("notice", "none") for one in case.asked.more.get("told", [])}
    said |= {one.answer.notice for one in whom(case) if one.is_open}
    order = ("prohibited", "required", "discretionary")
    return next((one for one in order if one in said), "none")


def limits(case: Case, matter: Matter, to: str) -> list[Clock]:
    """The time limits of what must be told to somebody, but for what is done by an earlier telling.

    The first to end stands at the top, each once.
    """
    done = _before(case.visit, matter, to).done
    found = {one.owed.id: one for one in clocks(case, [whom_one(case, to)])}
    return [one for rule, one in found.items() if rule not in done]


def still_owed(visit: Visit, matter: Matter) -> list[Duty]:
    """What earlier tellings of this matter left owed and is not done, first what is due first.

    A reading afterwards is its reader's, and stands on another page.
    """
    ids = [bytes.fromhex(one) for one in asked_in(matter).more.get("owed", [])]
    last = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    with visit.vault.store.snapshot() as reading:
        there = [
            duty
            for one in ids
            for duty in find(visit.vault, reading, "duties.by_key", duty_id=one)
            if duty.row.duty["kind"] != SECOND_READER
        ]
    return sorted(there, key=lambda one: one.row.due or last)


def end(door: Door, visit: Visit, matter: Matter, ending: str) -> Written:
    """End the matter; what is still owed stays owed.

    `ending`: a word of `ENDINGS`. Raises `BadInput` for another, for an end that says that somebody
    was told who was not, and where nothing was written down of what was weighed.
    """
    case, endings = case_of(door, visit, matter), ENDINGS[matter.kind]
    if ending not in endings:
        raise BadInput("how it ended", "is none of the choices", one_of(endings, ending))
    was_told = bool(case.asked.more.get("told"))
    if (ending == "told") != was_told and ending in {"told", "silence"}:
        says = "somebody was told" if was_told else "nobody was told here"
        raise BadInput("how it ended", f"does not fit: {says}", "another end")
    if not case.asked.more.get("weighed"):
        raise BadInput("what was weighed", "is not written down", "a few sentences, on its page")
    return settle(visit, matter, Step(what=endings[ending], said={}))


def _check(case: Case, call: Call) -> None:
    if call.how not in BY_MOUTH:
        raise BadInput("how", "is none of the choices", one_of(BY_MOUTH, call.how))
    if not case.visit.at - EARLIEST <= call.at <= case.visit.at:
        raise BadInput("when", "is still to come, or too long ago", "when you told them")
    if len(call.said) > SAID_CHARACTERS_MAX:
        raise BadInput("what you said", "is too long", f"up to {SAID_CHARACTERS_MAX} characters")
    way = call.way
    if way and way not in whom_one(case, call.to).ways:
        raise BadInput("way", "is none of the choices", "one that the page shows")


def _kept_words(case: Case, call: Call, *, may_go: bool) -> bytes | None:
    """The id of the entry that says what was told; nothing where it may not go, or not be kept.

    Raises `BadInput` where words were typed that this person has no key to keep.
    """
    if not may_go:
        return None
    head = f"{RECIPIENTS[call.to]}, {call.how}"
    text = f"{head[:1].upper()}{head[1:]}.\n\n{call.said.strip() or NOT_SAID}"
    draft = Draft(wanted=case.kind.of_class, heading=HEADING, text=text)
    try:
        kept = case.door.keep(case.visit, case.client_id, draft)
    except Unopenable:
        if call.said.strip():
            allowed = "nothing here; whoever treats the client writes it into the record"
            raise BadInput("what you said", "cannot be kept by you", allowed) from None
        return None
    return kept.entry_id if isinstance(kept, Kept) else None


def _keep(
    case: Case, matter: Matter, name: str, what: tuple[str, Weighed | WhatIsTold]
) -> Matter | AskFirst | Refuse:
    heading, form = what
    before = case.asked.more.get(name, "")
    rows = [one for one in case.door.vault.places(case.client_id) if one.entry_id.hex() == before]
    is_own = bool(rows) and rows[-1].author_id == case.visit.unlocked.person_id
    draft = Draft(
        wanted=case.kind.of_class,
        heading=heading,
        text=structured_text(form),
        amends=rows[-1].entry_id if is_own else None,
        over=rows[-1].version if is_own else None,
    )
    kept = case.door.keep(case.visit, case.client_id, draft)
    if not isinstance(kept, Kept):
        return kept
    more = {**case.asked.more, name: kept.entry_id.hex()}
    now = replace(case, asked=msgspec.structs.replace(case.asked, more=more))
    said = {"weighed": "wrote down what was weighed", "facts": "wrote down what is to be told"}
    return go_on(now, matter, said[name])


def _case_now(case: Case, matter: Matter) -> Case:
    """The same case with what is asked in the matter now."""
    return replace(case, asked=asked_in(matter))


@dataclass(frozen=True, slots=True)
class _Before:
    """What earlier tellings of the same recipient have done, by rule, and what they left owed."""

    done: frozenset[str]
    owed: tuple[Duty, ...]

    @property
    def again(self) -> frozenset[str]:
        """The rules whose duties another telling need not leave owed once more.

        What the law requires that the client be told is owed for each.
        """
        once = (one.row.duty for one in self.owed)
        return self.done | {
            one["id"] for one in once if one["kind"] == "deadline" or one["mode"] == "discretionary"
        }


def _before(visit: Visit, matter: Matter, to: str) -> _Before:
    told = [one for one in asked_in(matter).more.get("told", []) if one["to"] == to]
    left = {duty_id for one in told for duty_id in one.get("left", ())}
    owed = [one for one in still_owed(visit, matter) if one.duty_id.hex() in left]
    return _Before(frozenset(rule for one in told for rule in one.get("done", ())), tuple(owed))


def _timely(case: Case, to: str, rules: frozenset[str]) -> frozenset[str]:
    """Those of some rules that set a time by which this recipient must be told."""
    return rules & {one.owed.id for one in clocks(case, [whom_one(case, to)])}


def _fulfilled(visit: Visit, before: _Before, rules: frozenset[str], *, how: str) -> None:
    """Mark what an earlier telling left owed, and this one has done, as done."""
    for one in before.owed:
        if one.row.duty["id"] in rules:
            with contextlib.suppress(Conflicting, AuthorityMoved):  # it has left, whatever follows
                ended(visit, one, says={"how": how})


def _now_told(
    case: Case,
    matter: Matter,
    told: Mapping[str, Any],
    left: Iterable[Duty],
    held_until: datetime.datetime | None,
) -> Matter:
    """Keep that somebody was told, in a line that is held back as long as those of the telling."""
    known = case.asked.more.get("owed", [])
    found = [one for one in left if one.duty_id.hex() not in known]
    more = {
        **case.asked.more,
        "told": [
            *case.asked.more.get("told", []),
            {**told, "left": [one.duty_id.hex() for one in found]},
        ],
        "owed": [*known, *(one.duty_id.hex() for one in found)],
    }
    now = replace(case, asked=msgspec.structs.replace(case.asked, more=more))
    due = min((one.row.due for one in found if one.row.due), default=None)
    return go_on(now, matter, f"told somebody of a {matter.kind}", due=due, held_until=held_until)


def _brought(visit: Visit, client_id: bytes) -> list[Duty]:
    """What the disclosure of this visit has left owed."""
    vault = visit.vault
    with vault.store.snapshot() as reading:
        there = [
            one.opened(vault)
            for one in sighted_of_client(vault, reading, client_id)
            if one.glance.act == "disclosure" and one.glance.by == visit.unlocked.person_id
        ]
    return [one for one in there if one.row.at == visit.at]
