"""Telling in time: whom one must or may tell of a danger or a suspicion, and that it was told.

The same ask is put for everybody who can prevent the harm, who receives reports, or to whom the law
may demand that it be told, each for every purpose that fits. What was found out about one telling
is not known of another (`rules/facts.py`: telling), so each recipient's are kept apart, and
each is asked for once more as if it had been checked (`rules/instead.py`). Nothing here is clinical
text: that is written into the record, and the matter keeps the id of the entry.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, Unknown
from angerona.gate.gathering import UNSAFE, gather
from angerona.gate.owing import STARTS, due_of
from angerona.gate.saying import HELD_AT_FIRST
from angerona.packs.loading import warnings_of
from angerona.practice.answers import Told
from angerona.practice.matters import Step, advance, begin
from angerona.practice.speaking import RECEIVED, Asked, Question, Value, asked_in, wish_for
from angerona.rules.answer import Permit
from angerona.rules.ask import read_facts
from angerona.rules.decide import decide
from angerona.rules.instead import CHECKED, HELPERS, OWED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.gate.gathering import Wish
    from angerona.practice.matters import Matter
    from angerona.rules.answer import Answer, Owed
    from angerona.rules.compile import Packs
    from angerona.rules.entries import Ground
    from angerona.sealed.vault import Visit


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of matter in which somebody may have to be told, in words of `words.py`.

    `purposes`: what a telling can be for; `wants`: what it tells at most; `of_class`: under which
    class is kept what is written down for it; `begun`: what the line says of its beginning.
    """

    purposes: tuple[str, ...]
    wants: tuple[str, ...]
    of_class: str
    begun: str


DANGER: Final = "danger"
REPORT: Final = "report"
KINDS: Final[Mapping[str, Kind]] = {
    DANGER: Kind(
        ("protection", "emergency"), ("risk", "identity"), "risk", "began to weigh a danger"
    ),
    REPORT: Kind(("abuse_report",), ("abuse", "identity"), "abuse", "began to weigh a suspicion"),
}
OWN_LIMIT: Final = datetime.timedelta(days=1)
"""By when what was begun here is settled where no law gives a time: this software's own limit, and
no law's. Without one a danger would stand among what has no time, below everything else."""
NOT_TOLD_HERE: Final = frozenset({"workforce", "client", "court", "representative", "estate"})
"""Whom these pages tell nothing: they are told on others, or by notice."""
ORAL: Final = ("the oral report", "urgent oral report")
"""The packs' words for the moment of a report by word of mouth, from which a limit can run."""
MUST: Final = "require"
MAY: Final = "permit"
ASK: Final = "ask"
_STRENGTH: Final = (MUST, MAY, ASK, "conflict", "deny")
ORDER: Final = (
    *("threat.target", "threat.serious", "threat.imminent", "threat.made", "threat.told_by_family"),
    *("threat.intent", "threat.ability", "threat.retracted"),
    "threat.less_intrusive_insufficient",
    *("abuse.suspected", "abuse.victim", "abuse.victim_age", "abuse.kind", "abuse.historic"),
    *("abuse.child_at_risk_now", "abuse.perpetrator_has_access", "abuse.learned_professionally"),
)
"""In which order the common facts stand on the page, where the packs ask for them at all."""
AT_ONCE: Final = 8
"""How many questions stand open on a page; the others lie behind a line that opens."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a matter asks of the gate, also of one that has not begun yet."""

    door: Door
    visit: Visit
    client_id: bytes
    kind: Kind
    asked: Asked

    @property
    def packs(self) -> Packs:
        """The law that is loaded."""
        return self.door.packs

    @property
    def tellings(self) -> Mapping[str, Mapping[str, Value]]:
        """What was found out about each telling alone, by recipient."""
        found: Mapping[str, Mapping[str, Value]] = self.asked.more.get("tellings", {})
        return found


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody who can be told, what for, and what the rules say to it.

    `outcome` is that of the Answer; `once_checked`: only once the recipient is checked, so that the
    Answer is the one that holds then.
    """

    to: str
    told: Told
    once_checked: bool
    open: tuple[str, ...]
    """Facts that are not known and decide, most deciding first."""

    @property
    def answer(self) -> Answer:
        """What the rules say."""
        return self.told.answer

    @property
    def outcome(self) -> str:
        """In a word of docs/LANGUAGE.md section 5."""
        return self.told.answer.outcome

    @property
    def is_open(self) -> bool:
        """Whether something may go."""
        return isinstance(self.told.answer, Permit)

    @property
    def goes(self) -> tuple[str, ...]:
        """The classes that may go."""
        return tuple(
            name for name, word in self.told.answer.classes.items() if word in {"must", "may"}
        )

    @property
    def stays(self) -> tuple[str, ...]:
        """The classes that stay."""
        return tuple(name for name in self.told.answer.classes if name not in self.goes)

    @property
    def ways(self) -> tuple[str, ...]:
        """By which ways the duty is met, where one of several is enough."""
        return tuple(way for duty in self.told.answer.duties for way in duty.ways)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit: whom it is about, what is owed, when it ends where that is known."""

    to: str
    owed: Owed
    due: datetime.datetime | None


def case_of(door: Door, visit: Visit, matter: Matter) -> Case:
    """The case of a matter. Raises `Unknown` for one of another kind."""
    if matter.kind not in KINDS or matter.client_id is None:
        raise Unknown
    return Case(door, visit, matter.client_id, KINDS[matter.kind], asked_in(matter))


def new_case(
    door: Door,
    visit: Visit,
    client_id: bytes,
    kind: str,
    *,
    learned: datetime.datetime,
    facts: Mapping[str, Value | None] | None = None,
) -> Case:
    """A case as it begins: `learned` is when it came to be known, from which clocks run.

    Raises `BadInput`, and `BadAsk` for a fact that no pack asks.
    """
    known, packs, given = KINDS[kind], door.packs, dict(facts or {})
    if learned > visit.at:
        raise BadInput("learned", "is still to come", "when you came to know of it")
    read_facts(given, packs.facts)
    asked = Asked(
        to=HELPERS[known.purposes[0]][0],
        purpose=known.purposes[0],
        instrument="none",
        received=learned,
        wants=known.wants,
        facts={
            name: value
            for name, value in given.items()
            if value is not None and not packs.facts[name].telling
        },
        unknown=tuple(name for name, value in given.items() if value is None),
        moments=dict.fromkeys(_runs_from(packs, visit.vault.practice().row.packs), learned),
    )
    return Case(door, visit, client_id, known, asked)


def missing_law(case: Case) -> list[str]:
    """Which law is not loaded here, and so was not weighed."""
    row, packs = case.visit.vault.practice().row, case.packs
    found = list(warnings_of(packs, row.packs))
    if not any(packs.packs[one].jurisdiction == row.place for one in row.packs):
        found.append(f"the law of {row.place}")
    return found


def whom(case: Case) -> list[Whom]:
    """What the rules say to telling each who is to be thought of; nothing is opened or written.

    First those who can help or receive reports, then those to whom the law may demand it.
    """
    return [_put(case, to) for to in _to_think_of(case)]


def whom_one(case: Case, to: str) -> Whom:
    """The same for one. Raises `Unknown` for somebody whom these pages tell nothing."""
    if to not in {*_to_think_of(case), *others(case)}:
        raise Unknown
    return _put(case, to)


def shown(case: Case, found: Iterable[Whom]) -> list[Whom]:
    """Those who stand on the page: the helpers, and of the rest to whom the law demands it.

    What may be told to many more is not offered: a page must not invite telling many.
    """
    helpers = {to for purpose in case.kind.purposes for to in HELPERS[purpose]}
    seen = [one for one in found if one.to in helpers or one.outcome == MUST]
    return sorted(seen, key=lambda one: _STRENGTH.index(one.outcome))


def others(case: Case) -> tuple[str, ...]:
    """Everybody else whom a rule in force names for such a purpose."""
    named = (to for ground in _grounds(case) for to in sorted(ground.to or ()))
    return tuple(
        dict.fromkeys(
            to for to in named if to not in NOT_TOLD_HERE and to not in _to_think_of(case)
        )
    )


def questions(case: Case, found: Iterable[Whom]) -> list[Question]:
    """What the rules ask that decides about anybody, in the order in which a person is asked.

    What is asked before the client is told, and what is about one telling alone, stands elsewhere.
    """
    facts = case.packs.facts
    apart = {one for each in found for one in each.answer.ask_before_telling}
    names = [
        name
        for each in found
        if each.outcome != MUST
        for name in each.open
        if not facts[name].telling and name not in apart
    ]
    ranked = {name: place for place, name in enumerate(dict.fromkeys(names))}
    order = {name: place for place, name in enumerate(ORDER)}
    names = sorted(ranked, key=lambda name: (order.get(name, len(order)), ranked[name]))
    return [_question(case, name) for name in names]


def about_telling(case: Case, one: Whom) -> list[Question]:
    """What decides about one telling alone, but for what is checked of every recipient."""
    facts = case.packs.facts
    return [
        _question(case, name) for name in one.open if facts[name].telling and name not in CHECKED
    ]


def before_telling(case: Case, found: Iterable[Whom]) -> list[Question]:
    """What is asked before the client hears of it: always, whether that puts someone in danger."""
    names = dict.fromkeys([UNSAFE]) | dict.fromkeys(
        name
        for each in found
        for name in each.answer.ask_before_telling
        if name in case.packs.facts and name not in case.asked.unknown
    )
    return [_question(case, name) for name in names if name not in case.asked.facts]


def clocks(case: Case, found: Iterable[Whom]) -> list[Clock]:
    """The time limits of what must be told, the first to end at the top."""
    zone = case.visit.vault.practice().zone
    began = {name: at.astimezone(zone) for name, at in case.asked.moments.items()}
    made = [
        Clock(one.to, owed, due_of(owed, began))
        for one in found
        if one.outcome == MUST
        for owed in one.answer.duties
        if owed.mode == "required" and owed.kind == "deadline"
    ]
    last = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return sorted(made, key=lambda one: one.due or last)


def wish_to(case: Case, to: str, *, checked: bool) -> Wish:
    """What telling somebody asks of the gate; `checked`: that the recipient was checked."""
    one = whom_one(case, to)
    asked = msgspec.structs.replace(
        case.asked, to=to, purpose=one.told.ask.purpose, facts=_facts(case, to, checked=checked)
    )
    until = case.visit.at + HELD_AT_FIRST
    return replace(_wish(case, asked), hold_until=until, unsettled=not is_settled(case))


def is_settled(case: Case) -> bool:
    """Whether somebody said, in this matter, that the client's hearing of it endangers nobody."""
    return case.asked.facts.get(UNSAFE) is False


def start(case: Case, kind: str) -> bytes:
    """Begin the matter of a case; gives its id (16 bytes). The client's list is silent at first.

    It is due by the first time that the law gives, or where it gives none, within `OWN_LIMIT`.
    """
    step = Step(
        what=case.kind.begun,
        said={},
        content=case.asked.content(),
        client_id=case.client_id,
        due=_first_due(case) or case.visit.at + OWN_LIMIT,
        held_until=case.visit.at + HELD_AT_FIRST,
    )
    return begin(case.visit, kind, step)


def find_out(
    case: Case, matter: Matter, facts: Mapping[str, Value | None], *, to: str = ""
) -> Matter:
    """Keep what was found out; of one telling, for that recipient. `None`: it is not known.

    Raises `BadAsk` for what no pack asks.
    """
    packs, asked = case.packs, case.asked
    read_facts(dict(facts), packs.facts)
    mine = {name for name in facts if packs.facts[name].telling and to}
    known = {**asked.facts, **{k: v for k, v in facts.items() if k not in mine}}
    told = {**case.tellings.get(to, {}), **{k: v for k, v in facts.items() if k in mine}}
    unknown = [one for one in asked.unknown if one not in facts]
    now = msgspec.structs.replace(
        asked,
        facts={name: value for name, value in known.items() if value is not None},
        unknown=(*unknown, *(k for k, v in facts.items() if v is None and k not in mine)),
        more=_with_telling(case, to, told),
    )
    return go_on(replace(case, asked=now), matter, "answered what the rules ask")


def go_on(case: Case, matter: Matter, what: str, **step: Any) -> Matter:  # noqa: ANN401 -- as Step
    """Take the matter of a case one step on, with the time by which somebody must be told."""
    due = step.pop("due", None) or _first_due(case)
    made = Step(what=what, said={}, content=case.asked.content(), due=due, **step)
    return advance(case.visit, matter, made)


def _with_telling(case: Case, to: str, told: Mapping[str, Value | None]) -> dict[str, Any]:
    known = {name: value for name, value in told.items() if value is not None}
    if not to:
        return dict(case.asked.more)
    return {**case.asked.more, "tellings": {**case.tellings, to: known}}


def _first_due(case: Case) -> datetime.datetime | None:
    if case.asked.more.get("told"):
        return None
    return next((one.due for one in clocks(case, whom(case)) if one.due), None)


def _facts(case: Case, to: str, *, checked: bool) -> dict[str, Value]:
    """What is known, what is known of this telling, and what was checked of its recipient."""
    facts = case.packs.facts
    known = {name: value for name, value in case.asked.facts.items() if not facts[name].telling}
    is_target = {"recipient.is_target": to == "person_at_risk"}
    return {**known, **is_target, **(CHECKED if checked else {}), **case.tellings.get(to, {})}


def _wish(case: Case, asked: Asked) -> Wish:
    return wish_for(case.door, asked, case.client_id)


def _put(case: Case, to: str) -> Whom:
    """The ask for one recipient, for whichever purpose lets most go."""

    def answered(purpose: str, *, checked: bool) -> Told:
        facts = _facts(case, to, checked=checked)
        asked = msgspec.structs.replace(case.asked, to=to, purpose=purpose, facts=facts)
        ask = gather(case.visit, case.packs, case.client_id, _wish(case, asked)).ask
        return Told(ask, decide(ask, case.packs), case.packs)

    tried = [answered(purpose, checked=False) for purpose in case.kind.purposes]
    checked = [
        answered(purpose, checked=True)
        for purpose, plain in zip(case.kind.purposes, tried, strict=True)
        if plain.answer.outcome in {ASK, MAY}
    ]
    best = min([*tried, *checked], key=lambda one: _STRENGTH.index(one.answer.outcome))
    is_plain = any(best is one for one in tried)
    open_facts = dict.fromkeys(
        name
        for one in (*checked, *tried)
        for name in one.answer.questions
        if name in case.packs.facts and name not in case.asked.unknown
    )
    return Whom(to, best, once_checked=not is_plain, open=tuple(open_facts))


def _question(case: Case, name: str) -> Question:
    fact = case.packs.facts[name]
    return Question(name, fact.ask, fact.type, fact.values)


def _grounds(case: Case) -> list[Ground]:
    packs = case.packs.packs
    return [
        ground
        for one in case.visit.vault.practice().row.packs
        for ground in packs[one].grounds
        if ground.enabled
        and _is_for(ground, case.kind.purposes)
        and (ground.instruments is None or case.asked.instrument in ground.instruments)
    ]


def _is_for(ground: Ground, purposes: Iterable[str]) -> bool:
    """Whether a rule is for one of these purposes; a demand for any purpose is, where it is open.

    One that names somebody who is told elsewhere, as the estate, is about something else.
    """
    if ground.purposes is not None:
        return not ground.purposes.isdisjoint(purposes)
    return ground.force == "must" and NOT_TOLD_HERE.isdisjoint(ground.to or NOT_TOLD_HERE)


def _to_think_of(case: Case) -> tuple[str, ...]:
    helpers = (to for purpose in case.kind.purposes for to in HELPERS[purpose])
    demanded = (
        to for ground in _grounds(case) if ground.force == "must" for to in sorted(ground.to or ())
    )
    found = dict.fromkeys((*helpers, *OWED, *demanded))
    return tuple(to for to in found if to not in NOT_TOLD_HERE)


def _runs_from(packs: Packs, ids: Iterable[str]) -> tuple[str, ...]:
    """From which moments the limits of these packs run that are when somebody came to know.

    A word that is neither a request's, nor the act's, nor a report's by word of mouth, is taken so:
    a limit then ends rather too early than too late.
    """
    limits = (
        word
        for one in ids
        for duty in packs.packs[one].duties
        for word in (duty.due_from, *(later.due_from for later in duty.later_of))
    )
    apart = {"", *RECEIVED, *ORAL, *(word for words in STARTS.values() for word in words)}
    return tuple(dict.fromkeys(word for word in limits if word not in apart))
