"""Incidents: reported in two minutes, weighed by the packs in force, and settled before others.

An incident is a matter (`matters.py`) under the practice; what it holds is plain and never
clinical. From the moment it was discovered the packs' clocks run: whom to tell and by when is a
duty each, there from the report on, for what is not known counts as owed (`rules/breaches.py`). The
privacy officer and a second person see it. That nobody is told needs a reason in writing and a
second person who agrees. Each line of an incident says where it stands, and the register is read
from these lines (`breach_register.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, NotPermitted, Unknown, one_line, one_of
from angerona.practice.breach_clocks import (
    CLIENT,
    INCIDENT,
    NOBODY,
    OF_INCIDENT,
    ONE,
    ORAL,
    UNNEEDED,
    Notification,
    due_of_all,
    duties,
    notifications,
)
from angerona.practice.clients import CLINICAL
from angerona.practice.colleagues import works_here
from angerona.practice.matters import SECOND, Step, advance, begin, found, settle
from angerona.practice.members import OFFICER
from angerona.sealed.duties import find

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from angerona.practice.matters import Matter
    from angerona.rules.compile import Packs
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Person, Vault, Visit
    from angerona.store import Reading

CAUSES: Final[Mapping[str, str]] = {
    "insider": "somebody here looked or took without a reason",
    "misdelivery": "something went to the wrong person",
    "device": "a device or a medium was lost or stolen",
    "paper": "paper was lost, stolen or left behind",
    "mailbox": "somebody else got into a mailbox",
    "web": "something stood open on the web",
    "intrusion": "somebody broke in: intrusion, malware, ransom",
    "release": "something was given out without a legal ground",
    "other": "something else",
}
"""What happens to records, as 168 reported incidents were coded."""
WORDS_MAX: Final = 200
WHY_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody says in two minutes, without a clinical word.

    `cause` is a word of `CAUSES`; `happened` may be unknown; `affected`: who or what, in few words.
    """

    words: str
    cause: str
    discovered: datetime.datetime
    happened: datetime.datetime | None = None
    affected: str = ""


def report(visit: Visit, packs: Packs, said: Report) -> bytes:
    """Report an incident; gives its id (16 bytes). For every member.

    The privacy officer sees to it; whoever reports it is the second person, or a colleague where
    that is the officer. Raises `BadInput`, `NotPermitted` for a client.
    """
    if visit.person.row.client_id is not None:
        raise NotPermitted
    content = checked_report(said, visit.at)
    officer, second = who_sees(visit.vault, visit.at, visit.unlocked.person_id)
    content[SECOND] = second
    owes, content = duties(visit, packs, content, officer)
    step = Step(
        what="reported an incident",
        said={INCIDENT: standing(content)},
        content=content,
        handler_id=officer,
        due=due_of_all(visit, packs, content),
        owes=owes,
    )
    return begin(visit, INCIDENT, step)


def checked_report(said: Report, at: datetime.datetime) -> dict[str, Any]:
    """What an incident holds at first. Raises `BadInput`."""
    if said.cause not in CAUSES:
        raise BadInput("what kind", "is none of the list", one_of(CAUSES, said.cause))
    if said.discovered > at:
        raise BadInput("discovered", "lies ahead", "a moment up to now")
    if said.happened is not None and said.happened > said.discovered:
        raise BadInput("happened", "is later than it was discovered", "a moment before that")
    return {
        "words": one_line("what happened", said.words, WORDS_MAX),
        "cause": said.cause,
        "affected": one_line("affected", said.affected, WORDS_MAX) if said.affected.strip() else "",
        "discovered": said.discovered.isoformat(),
        "happened": said.happened.isoformat() if said.happened else "",
        SECOND: "",
        "alarm": "",
        "facts": {},
        "moments": {},
        "places": [],
        "found": {},
        "duties": {},
        "told": {},
        "unneeded": {},
        "held": {},
        "issued": {},
    }


def who_sees(vault: Vault, at: datetime.datetime, reporter: bytes) -> tuple[bytes, str]:
    """The officer who sees to an incident, and the id of the second person, if there can be one."""
    rows = vault.store.rows("people.all", practice_id=vault.practice_id)
    people = [vault.person(person_id).at(at) for person_id, *_ in rows]
    here = sorted(
        (one for one in people if works_here(one, at) and one.credentials),
        key=lambda one: (OFFICER not in one.row.posts, _is_clinical(one), one.row.name.casefold()),
    )
    if not here:
        raise Unknown
    mine = [one for one in here if one.person_id == reporter and OFFICER in one.row.posts]
    officer = (mine or here)[0].person_id
    others = [one.person_id for one in here if one.person_id != officer]
    second = reporter if reporter in others else (others or [b""])[0]
    return officer, second.hex()


def _is_clinical(one: Person) -> bool:
    """Sorts those first who treat."""
    return CLINICAL.isdisjoint(one.row.roles)


def incident(visit: Visit, matter_id: bytes) -> Matter:
    """An open incident that is this person's to see. Raises `Unknown`."""
    return found(visit, matter_id, (INCIDENT,))


def answer(
    visit: Visit,
    packs: Packs,
    matter: Matter,
    facts: Mapping[str, bool | int | str | None],
    moments: Mapping[str, datetime.datetime | None],
) -> Matter:
    """Write down what is known by now; nothing in place of a value makes it unknown again.

    The duties follow: what falls away ends, what comes begins, and none is lost for want of an
    answer. Raises `BadInput` for a fact that is none, as `advance`.
    """
    for name, value in facts.items():
        if name not in packs.facts:
            raise BadInput("an answer", "answers no question that is asked here")
        if value is not None and not _fits(packs.facts[name].type, value):
            raise BadInput(packs.facts[name].ask, "has another kind of answer")
    for name, at in moments.items():
        if name != ORAL or (at is not None and at > visit.at):
            raise BadInput(name, "lies ahead, or is no moment that counts", "a moment up to now")
    known = {**matter.content["facts"], **facts}
    when = {name: at.isoformat() if at else None for name, at in moments.items()}
    content = {
        **matter.content,
        "facts": {name: one for name, one in known.items() if one is not None},
        "moments": {
            name: one for name, one in {**matter.content["moments"], **when}.items() if one
        },
    }
    said = {"answers": {name: one for name, one in facts.items() if one is not None}}
    return step_on(visit, packs, matter, content, "weighed an incident", said)


def _fits(kind: str, value: object) -> bool:
    if kind == "bool":
        return isinstance(value, bool)
    return isinstance(value, int if kind == "int" else str) and not isinstance(value, bool)


def told(visit: Visit, packs: Packs, matter: Matter, key: str, *, how: str) -> Matter:
    """Note that an authority, the media or somebody else was told, and how.

    Clients are told one by one (`breach_letters.py`). Raises `BadInput`, as `advance`.
    """
    one = _notification(visit, packs, matter, key)
    if one.to == CLIENT:
        raise BadInput("who was told", "are people told one by one", "a notice for each")
    said_how = one_line("how", how, WORDS_MAX)
    entry = {"by": visit.person.described, "at": visit.at.isoformat(), "how": said_how}
    content = {**matter.content, "told": {**matter.content["told"], key: entry}}
    said = {"notified": one.to, "rule": one.rule.id, "how": said_how}
    return step_on(visit, packs, matter, content, "notified somebody of an incident", said)


def propose_none(
    visit: Visit, packs: Packs, matter: Matter, key: str, *, why: str, consultant: str = ""
) -> Matter:
    """Write down why somebody need not be told (`key`), or nobody at all (`NOBODY`).

    One client is left out by `breach_letters.propose_untold`.

    It counts once a second person agrees. Where nobody else works here, somebody outside who was
    asked (`consultant`, by name) takes that place. Raises `BadInput`, as `advance`.
    """
    if key.startswith(ONE):
        _check_notice(visit, matter, key.removeprefix(ONE))
    elif key != NOBODY:
        _notification(visit, packs, matter, key)
    entry: dict[str, Any] = {
        "by": visit.person.described,
        "at": visit.at.isoformat(),
        "why": one_line("why", why, WHY_MAX),
        "agreed": None,
    }
    if consultant.strip():
        if _others(visit):
            raise BadInput("consultant", "stands in only where nobody else works here", "a member")
        entry["agreed"] = {"name": one_line("consultant", consultant, WORDS_MAX), "id": ""}
    content = {**matter.content, "unneeded": {**matter.content["unneeded"], key: entry}}
    what = "proposed that no notice is given of an incident"
    return step_on(visit, packs, matter, content, what, {"rule": key, "how": entry["why"]})


def answer_none(
    visit: Visit, packs: Packs, matter: Matter, key: str, *, agrees: bool, why: str
) -> Matter:
    """Agree as the second person that somebody is not told, or object: then it stays owed.

    Raises `BadInput` for whoever proposed it, and where nothing was proposed; as `advance`.
    """
    entry = matter.content["unneeded"].get(key)
    if entry is None or entry["agreed"] is not None:
        raise BadInput("no notice", "was not proposed, or is settled")
    if entry["by"]["id"] == visit.unlocked.person_id.hex():
        raise BadInput("no notice", "is agreed to by a second person", "somebody else")
    said_why = one_line("why", why, WHY_MAX)
    unneeded = {name: one for name, one in matter.content["unneeded"].items() if name != key}
    if agrees:
        agreed = {**visit.person.described, "why": said_why}
        unneeded[key] = {**entry, "agreed": agreed}
    content = {**matter.content, "unneeded": unneeded}
    verb = "agreed" if agrees else "objected"
    what = f"{verb} as the second person that no notice is given of an incident"
    return step_on(visit, packs, matter, content, what, {"rule": key, "how": said_why})


def name_second(visit: Visit, packs: Packs, matter: Matter, person_id: bytes) -> Matter:
    """Have another colleague be the second person. Raises `NotPermitted` for all but the officer.

    `BadInput` for somebody who does not work here, or who sees to it already.
    """
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    person = visit.vault.person(person_id)
    if person_id == matter.handler_id or not works_here(person, visit.at):
        raise BadInput("second person", "cannot be this one", "a colleague who works here")
    content = {**matter.content, SECOND: person_id.hex()}
    said = {"whom": person.described}
    return step_on(visit, packs, matter, content, "named a second person for an incident", said)


def close(visit: Visit, packs: Packs, matter: Matter, *, result: str) -> None:
    """Settle an incident: what was found and what is done so that it does not come again.

    Raises `BadInput` while somebody is still to be told, and where nobody was and no second person
    agreed to that; as `settle`.
    """
    content = {**matter.content, "result": one_line("result", result, WHY_MAX)}
    found_now = notifications(visit.vault, packs, content)
    if left := [one for one in found_now if not one.is_settled]:
        wrong = f"cannot be settled: {len(left)} {'is' if len(left) == 1 else 'are'} still to tell"
        raise BadInput(
            "incident", wrong, "each told, or not told with a reason and a second person"
        )
    if left_to_go := _letters_left(visit, matter):
        wrong = f"cannot be settled: {left_to_go} clients are still to be told"
        raise BadInput("incident", wrong, "each told, by the way that he or she chose")
    is_told = bool(content["told"] or content["issued"])
    agreed = (content["unneeded"].get(NOBODY) or {}).get("agreed")
    if not is_told and not agreed and not _all_agreed(found_now):
        raise BadInput(
            "incident", "nobody was told of it", "a reason in writing, and a second person"
        )
    step = Step(
        what="settled an incident",
        said={INCIDENT: {**standing(content), "closed": visit.at.isoformat()}},
        content=content,
    )
    settle(visit, matter, step)


def _letters_left(visit: Visit, matter: Matter) -> int:
    """How many clients have a notice of this incident that did not go yet."""
    digits = matter.matter_id.hex()
    with visit.vault.store.snapshot() as reading:
        there = find(visit.vault, reading, "duties.all")
    return sum(one.row.duty.get(OF_INCIDENT) == digits for one in there)


def _all_agreed(found_now: list[Notification]) -> bool:
    return bool(found_now) and all(one.state == UNNEEDED for one in found_now)


def standing(content: Mapping[str, Any]) -> dict[str, Any]:
    """Where an incident stands, as each of its lines says it, for the register."""
    keys = ("words", "cause", "affected", "discovered", "happened", "alarm", "facts", "told")
    return {
        **{name: content[name] for name in keys},
        "unneeded": content["unneeded"],
        "people": people_of(content),
        "issued": content["issued"],
        "result": content.get("result", ""),
    }


def people_of(content: Mapping[str, Any]) -> int | None:
    """How many clients are concerned, as far as anybody said or the ledger showed."""
    if content["issued"]:
        return int(content["issued"]["clients"])
    stated = content["facts"].get("incident.people")
    if stated is not None:
        return int(stated)
    found_there = content["found"].get("clients")
    return None if found_there is None else int(found_there)


def step_on(
    visit: Visit,
    packs: Packs,
    matter: Matter,
    content: dict[str, Any],
    what: str,
    said: Mapping[str, object],
) -> Matter:
    """Take an incident one step on, with the duties that follow from what is known now."""
    owes, content = duties(visit, packs, content, matter.handler_id)
    with visit.vault.store.snapshot() as reading:
        there = _duties_there(visit.vault, reading, matter.content["duties"].values())
    kept = set(content["duties"].values())
    step = Step(
        what=what,
        said={**said, INCIDENT: standing(content)},
        content=content,
        due=due_of_all(visit, packs, content),
        owes=owes,
        done=tuple(one for one in there if one.duty_id.hex() not in kept),
    )
    return advance(visit, matter, step)


def _duties_there(vault: Vault, reading: Reading, digits: Iterable[str]) -> list[Duty]:
    return [
        one
        for name in digits
        for one in find(vault, reading, "duties.by_key", duty_id=bytes.fromhex(name))
    ]


def _notification(visit: Visit, packs: Packs, matter: Matter, key: str) -> Notification:
    for one in notifications(visit.vault, packs, matter.content):
        if one.key == key:
            return one
    raise BadInput("who", "is nobody to be told of this", "somebody from the list")


def _check_notice(visit: Visit, matter: Matter, digits: str) -> None:
    """Raise `BadInput` for the id of anything but a notice of this incident that is to go."""
    with visit.vault.store.snapshot() as reading:
        there = find(visit.vault, reading, "duties.all")
    notices = {
        one.duty_id.hex()
        for one in there
        if one.row.duty.get(OF_INCIDENT) == matter.matter_id.hex()
    }
    if digits not in notices:
        raise BadInput("notice", "is none of this incident", "one that is still to go")


def _others(visit: Visit) -> bool:
    """Whether somebody else works here who could agree."""
    vault = visit.vault
    rows = vault.store.rows("people.all", practice_id=vault.practice_id)
    people = (vault.person(one) for one, *_ in rows if one != visit.unlocked.person_id)
    return any(works_here(one, visit.at) and one.credentials for one in people)
