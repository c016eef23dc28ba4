"""Papers of a court, a lawyer or an authority: told apart, then read for what makes them good.

A paper is what its signature and its court make it, never what its title says (`papers.toml`). What
somebody reads off it becomes a document of the Ask (docs/LANGUAGE.md section 7), which the gate
judges for each class; what it is silent about stays a question of the rules, and nothing opens
before it is answered.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, one_line, one_of
from angerona.gate.saying import HELD_AT_FIRST
from angerona.gate.waiting import NOTICED
from angerona.practice.legal_holds import PROCESS, hold, let_know
from angerona.practice.matters import Step, advance
from angerona.practice.preparing import WISHED
from angerona.practice.requests import check_answer_by
from angerona.practice.speaking import (
    NAME_CHARACTERS_MAX,
    RECEIVED,
    Asked,
    asked_in,
    checked,
    due_of,
)
from angerona.rules.ask import read_facts
from angerona.rules.facts import ORDER_FACTS
from angerona.words import CLASSES, EVERYTHING, ORDER_SIGNERS, RECIPIENTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.gate.door import Door
    from angerona.practice.matters import Matter
    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Visit

JUDGED: Final = frozenset({"court_order", "subpoena_court", "search_warrant", "protective_order"})
"""Papers of a court that can be answered to the judge alone."""
OTHERWISE: Final = "otherwise"
"""Under which name a matter keeps to whom its answer goes where the judge does not look first."""
PAPER: Final = "paper"
"""Under which name what was seen of a paper stands in a matter."""
COURT: Final = "court"
THE_COURT: Final = "The court"
_OF_ASKER: Final = "recipient."
STATED: Final = (
    *("order.served", "order.hearing_held", "order.subpoena_attached"),
    *("order.privilege_decided", "order.privilege_waived", "order.protective_order"),
    *("subpoena.notice_to_client", "subpoena.objection_period_over", "subpoena.certified"),
)
"""What makes a paper good and stands in no document: facts that the packs' rules ask for."""


class Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody saw on a paper: words of `papers.toml`, and whether it names court and case."""

    title: str
    signer: str
    names_court: bool
    commands: str


@dataclass(frozen=True, slots=True)
class Kind:
    """What a paper is: a word of `words.INSTRUMENTS`, why, what it looks like, and the source."""

    instrument: str
    why: str
    looks: str
    cite: str = ""
    source_url: tuple[str, ...] = ()
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What somebody read off a paper that was told apart.

    `classes` it names, or everything; `to` whom it sends them; `starts` and `ends`: the days on
    which it is good; `between`: the days that the records are of; `is_secret`: whether the client
    must not be told, `None` where it does not say; `hold_until`: until when, where it says so;
    `noticed`: when the client had notice of it, from which the law's waiting times run;
    `in_camera`: whether the judge looks first, alone; `answer_by`: the day and hour on which it is
    returnable, where that was not written down before; `facts`: of `STATED`, those that were looked
    at.
    """

    classes: tuple[str, ...]
    to: str
    starts: datetime.date | None = None
    ends: datetime.date | None = None
    between: tuple[datetime.date, datetime.date] | None = None
    part2_findings: bool = False
    names_notes: bool = False
    is_secret: bool | None = None
    hold_until: datetime.datetime | None = None
    noticed: datetime.datetime | None = None
    in_camera: bool = False
    answer_by: datetime.datetime | None = None
    facts: Mapping[str, bool]


def choices(name: str) -> dict[str, str]:
    """What can be seen of a paper: `titles`, `signers` or `commands`, each with its words."""
    return dict(_data()[name])


def pictures() -> list[Kind]:
    """What each kind of paper looks like, in words."""
    return [_kind(one) for one in _data()["paper"] if one["looks"]]


def told_apart(seen: Seen) -> Kind:
    """What a paper is by what was seen on it. Raises `BadInput` for a word on no list."""
    for place, word, name in (
        ("title", seen.title, "titles"),
        ("who signed", seen.signer, "signers"),
        ("what it commands", seen.commands, "commands"),
    ):
        if word not in _data()[name]:
            raise BadInput(place, "is none of the choices", one_of(_data()[name], word))
    return next(_kind(one) for one in _data()["paper"] if _fits(one, seen))


def seen_in(asked: Asked) -> Seen | None:
    """What was seen of the paper of a matter, if anybody looked. Raises `BadInput`."""
    if PAPER not in asked.more:
        return None
    try:
        return msgspec.convert(asked.more[PAPER], Seen)
    except msgspec.ValidationError:
        raise BadInput("paper", "is not one that this release reads") from None


def tell_apart(door: Door, visit: Visit, matter: Matter, seen: Seen) -> Matter:
    """Keep what was seen of a paper, and what it is by that; one of process holds the record.

    What was read off it as another paper counts no more. Raises as `matters.advance`, `BadInput`.
    """
    asked, kind = asked_in(matter), told_apart(seen)
    asked = _otherwise(asked) if asked.in_camera and kind.instrument not in JUDGED else asked
    asked = _unread(door.packs, asked) if asked.orders else asked
    if matter.client_id is not None:
        hold(visit, matter.client_id, kind.instrument, held_until=matter.held_until)
    more = {**asked.more, PAPER: msgspec.to_builtins(seen)}
    now = msgspec.structs.replace(asked, instrument=kind.instrument, more=more)
    return _on(door, visit, matter, now, Step(what="told a paper apart", said={}))


def read_off(door: Door, visit: Visit, matter: Matter, reading: Reading) -> Matter:
    """Keep what was read off a paper, as a document for the gate and as facts for the rules.

    What it says of each class takes the place of what was answered before. Where it forbids telling
    the client, the matter's lines are held back. Raises as `tell_apart`.
    """
    asked = asked_in(matter)
    seen, packs = seen_in(asked), door.packs
    if seen is None or seen.signer not in ORDER_SIGNERS or asked.instrument not in PROCESS:
        raise BadInput("paper", "was not told apart, or is none of process", "tell it apart first")
    _check(visit, reading)
    read_facts(dict(reading.facts), packs.facts)
    left = {name: value for name, value in asked.facts.items() if not _from_document(packs, name)}
    everything = EVERYTHING in reading.classes
    now = msgspec.structs.replace(
        asked,
        wants=() if everything else reading.classes,
        between=reading.between,
        hold_until=reading.hold_until if reading.is_secret else None,
        answer_by=reading.answer_by or asked.answer_by,
        facts={**left, **reading.facts},
        unknown=tuple(one for one in asked.unknown if one not in reading.facts),
        orders=(_document(asked, seen, reading),),
        moments=_moments(asked, reading),
        chosen=None,
        passages=(),
    )
    until = (reading.hold_until or visit.at + HELD_AT_FIRST) if reading.is_secret else None
    check_answer_by(now, visit.at)
    if reading.in_camera:
        if reading.to != COURT:
            raise BadInput("to whom", "is no court, and a judge alone reads it", "a court")
        now = _to_the_judge(now, asked.name if asked.to == COURT and asked.name else THE_COURT)
    step = Step(what="read a paper", said={}, held_until=until, is_told=reading.is_secret is False)
    told = _on(door, visit, matter, now, step)
    if step.is_told and matter.client_id is not None:
        let_know(visit, matter.client_id, asked.instrument)
    return told


def for_judge_alone(door: Door, visit: Visit, matter: Matter, court: str) -> Matter:
    """Answer to the court, for the judge alone to read; the rules judge anew what may go there.

    `court`: which court, and which judge. What was found out about whoever asked counts no more.
    Raises as `matters.advance`; `BadInput` for a paper that no judge stands behind.
    """
    name = one_line("which court", court, NAME_CHARACTERS_MAX)
    now = _to_the_judge(asked_in(matter), name)
    return _on(door, visit, matter, now, Step(what="chose to answer to the judge alone", said={}))


def not_in_camera(door: Door, visit: Visit, matter: Matter) -> Matter:
    """Answer again to whoever asked. Raises as `matters.advance`."""
    now = _otherwise(asked_in(matter))
    return _on(door, visit, matter, now, Step(what="chose to answer whoever asked", said={}))


def _otherwise(asked: Asked) -> Asked:
    more = {name: said for name, said in asked.more.items() if name != OTHERWISE}
    before = asked.more.get(OTHERWISE, {})
    return msgspec.structs.replace(_about_nobody(asked), in_camera=False, more=more, **before)


def _to_the_judge(asked: Asked, name: str) -> Asked:
    if asked.instrument not in JUDGED:
        raise BadInput("paper", "is none that a judge can look at first", one_of(JUDGED))
    before = {"to": asked.to, "name": asked.name, "reach": asked.reach}
    more = {OTHERWISE: before, **asked.more}
    changed = asked if asked.to == COURT else _about_nobody(asked)
    reach = asked.reach if asked.to == COURT else ""
    return msgspec.structs.replace(
        changed, to=COURT, name=name, reach=reach, in_camera=True, more=more
    )


def _about_nobody(asked: Asked) -> Asked:
    """The same without what was found out about whoever asks, once that is somebody else."""
    facts = {name: said for name, said in asked.facts.items() if not name.startswith(_OF_ASKER)}
    unknown = tuple(name for name in asked.unknown if not name.startswith(_OF_ASKER))
    return msgspec.structs.replace(asked, facts=facts, unknown=unknown, asker="", party="")


def _moments(asked: Asked, reading: Reading) -> dict[str, datetime.datetime]:
    """When the time limits of the packs begin: with the paper, and with the notice of it.

    When the client asked to read first is not the paper's to say, and stays.
    """
    known = {name: at for name, at in asked.moments.items() if name == WISHED}
    known |= dict.fromkeys(NOTICED, reading.noticed) if reading.noticed else {}
    return {**dict.fromkeys(RECEIVED, asked.received), **known} if known else {}


def _unread(packs: Packs, asked: Asked) -> Asked:
    """The same without what was read off the paper, for it is another one."""
    return msgspec.structs.replace(
        asked,
        orders=(),
        facts={
            name: value
            for name, value in asked.facts.items()
            if name not in STATED and not _from_document(packs, name)
        },
        moments={name: at for name, at in asked.moments.items() if name not in NOTICED},
        chosen=None,
        passages=(),
    )


def _document(asked: Asked, seen: Seen, reading: Reading) -> dict[str, Any]:
    return {
        "kind": asked.instrument,
        "signed_by": seen.signer,
        "classes": list(reading.classes),
        "to": [reading.to],
        "from": reading.starts and reading.starts.isoformat(),
        "until": reading.ends and reading.ends.isoformat(),
        "part2_findings": reading.part2_findings,
        "secrecy": reading.is_secret is True,
        "names_notes": reading.names_notes,
    }


def _check(visit: Visit, reading: Reading) -> None:
    if not reading.classes:
        raise BadInput("what it names", "is missing", "the classes on the paper, or everything")
    for word in reading.classes:
        if word not in CLASSES and word != EVERYTHING:
            raise BadInput("what it names", "is none of the choices", one_of(CLASSES, word))
    if reading.to not in RECIPIENTS:
        raise BadInput("to whom", "is none of the choices", one_of(RECIPIENTS, reading.to))
    for name in reading.facts:
        if name not in STATED:
            raise BadInput("facts", "is none that a paper gives", one_of(STATED, name))
    if reading.starts and reading.ends and reading.starts > reading.ends:
        raise BadInput("good until", "is before it begins", "a later day")
    if reading.noticed is not None and reading.noticed > visit.at:
        raise BadInput("had notice", "is still to come", "when it was given")
    if reading.hold_until is not None and reading.hold_until <= visit.at:
        raise BadInput("until when", "is past", "a later day")


def _from_document(packs: Packs, name: str) -> bool:
    fact = packs.facts.get(name)
    return name in ORDER_FACTS or (fact is not None and bool(fact.reads))


def _on(door: Door, visit: Visit, matter: Matter, asked: Asked, step: Step) -> Matter:
    asked = checked(asked)
    due = due_of(door, visit, matter.client_id, asked)
    whole = Step(
        what=step.what,
        said=asked.said(),
        content=asked.content(),
        due=due,
        held_until=step.held_until,
        is_told=step.is_told,
    )
    return advance(visit, matter, whole)


def _fits(paper: Mapping[str, Any], seen: Seen) -> bool:
    titles, signers = paper.get("titles"), paper.get("signers")
    return (
        (titles is None or seen.title in titles)
        and (signers is None or seen.signer in signers)
        and (seen.names_court or not paper.get("court", False))
    )


def _kind(paper: Mapping[str, Any]) -> Kind:
    return Kind(
        instrument=paper["instrument"],
        why=paper["why"],
        looks=paper["looks"],
        cite=paper.get("cite", ""),
        source_url=tuple(paper.get("source_url", ())),
        verified=paper.get("verified", False),
    )


@cache
def _data() -> dict[str, Any]:
    found = resources.files("angerona.practice").joinpath("papers.toml")
    return tomllib.loads(found.read_text(encoding="utf-8"))
