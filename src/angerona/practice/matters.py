"""Matters: what somebody has begun and not yet settled, who sees to it, and by when.

A request, a danger, a suspicion of abuse, a right asked for, an incident: each is kept as a duty of
the practice's own (`sealed/duties.py`), whose row is replaced with every step, in the transaction
of the step's line. So a matter is bound to the ledger, waits among what is owed with the day it is
due, and is held back where its lines are; once it is settled, what happened stands in the ledger
alone. What is about nobody known here (a stranger's request, an incident) stands under the
practice. Nothing of it is clinical text: that is written into the record.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import (
    AuthorityMoved,
    BadInput,
    Conflicting,
    NotPermitted,
    Unknown,
    one_of,
)
from angerona.gate.announcing import Act, announced
from angerona.practice.clients import known_authority, reaches
from angerona.practice.colleagues import works_here
from angerona.practice.members import OFFICER
from angerona.practice.supervision import name_as_met
from angerona.sealed.duties import MATTER, Duty, DutyRow, find, sighted, sighted_of_client
from angerona.sealed.held_lines import HAPPENED, HELD

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from angerona.ledger.lines import Written
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

KINDS: Final = {
    "request": "answer the request",
    "danger": "settle what is done about the danger",
    "report": "settle what is done about the suspicion",
    "right": "answer the client",
    "incident": "settle the incident",
    "hold": "keep all of it until the legal hold is lifted",
}
"""Each kind of matter, a word of `words.LINES`, and what is owed while it is open."""
OWN: Final = frozenset({"right"})
"""The kinds that a client begins, and sees while they are open."""
SECOND: Final = "second"
"""Under which name a matter's content holds the id of a second person who sees it."""
ITSELF: Final = {"id": "", "name": "the system", "roles": []}
"""How a line names what nobody did."""
CONTENT_BYTES_MAX: Final = 100_000
_LEAVING: Final = "leaving"
"""Under which name a row says that something was announced to leave under its matter."""
_AT_WORK: Final = datetime.timedelta(minutes=10)
"""How long a disclosure can have been announced and be followed by no second line yet."""
_TRIES: Final = 5
_FIRST: Final = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_LAST: Final = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True, repr=False)
class Matter:
    """A matter as it stands now. Its id (16 bytes) stays the same from step to step."""

    duty: Duty
    client: str
    """The client's name as this person meets it; empty for what is about nobody known here."""
    at: datetime.datetime
    """When it was looked up."""

    @property
    def matter_id(self) -> bytes:
        """What names it in addresses."""
        return self.duty.duty_id

    @property
    def kind(self) -> str:
        """A word of `KINDS`."""
        return str(self._state["matter"])

    @property
    def client_id(self) -> bytes | None:
        """Whom it is about, where that is somebody known here."""
        return None if self._state["about_nobody"] else self.duty.row.client_id

    @property
    def content(self) -> Mapping[str, Any]:
        """What is known of it, as plain JSON; each kind says what."""
        content: Mapping[str, Any] = self._state["content"]
        return content

    @property
    def begun(self) -> datetime.datetime:
        """When it was taken down."""
        return datetime.datetime.fromisoformat(self._state["begun"])

    @property
    def begun_by(self) -> Mapping[str, Any]:
        """Who took it down, as a line names a person."""
        by: Mapping[str, Any] = self._state["begun_by"]
        return by

    @property
    def handler_id(self) -> bytes:
        """Who sees to it."""
        return self.duty.row.by

    @property
    def due(self) -> datetime.datetime | None:
        """By when it is to be settled, where something says so."""
        return self.duty.row.due

    @property
    def held_until(self) -> datetime.datetime | None:
        """Until when its lines are held back from the client's list; none where that is over."""
        until = self.duty.row.held_until
        return until if until and until > self.at else None

    @property
    def leaving(self) -> Mapping[str, str] | None:
        """When something was announced to leave under it last, and of which content, by a sign."""
        leaving: Mapping[str, str] | None = self._state.get(_LEAVING)
        return leaving

    @property
    def _state(self) -> Mapping[str, Any]:
        return self.duty.row.duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a step changes and says; what is left out stays.

    `what` completes "somebody ..." in the client's list, in the past tense: "took down a request";
    `said` stands in the line besides, in the words of `practice/who_looked.py`. `held_until`: until
    when the client's list keeps silent; `is_told` ends that, and from here on the client sees it.
    `owes` and `done` are further duties that the step's line brings and ends.
    """

    what: str
    said: Mapping[str, object]
    content: Mapping[str, object] | None = None
    handler_id: bytes | None = None
    due: datetime.datetime | None = None
    client_id: bytes | None = None
    held_until: datetime.datetime | None = None
    is_told: bool = False
    owes: tuple[Duty, ...] = ()
    done: tuple[Duty, ...] = ()


def begin(visit: Visit, kind: str, step: Step) -> bytes:
    """Begin a matter; gives its id (16 bytes). Without a `client_id` it is the practice's own.

    Whoever begins it sees to it, unless the step names somebody who works here. Raises `Unknown`
    for a client this person has nothing to do with; `NotPermitted` for a client, but for a right
    of his or her own; `BadInput`.
    """
    if kind not in KINDS:
        raise BadInput("matter", "is of no kind", one_of(KINDS, kind))
    is_client = visit.person.row.client_id is not None
    if is_client and (kind not in OWN or step.client_id != visit.person.row.client_id):
        raise NotPermitted
    if step.client_id is not None:
        known_authority(visit, step.client_id)
    state = {
        "matter": kind,
        "begun": visit.at.isoformat(),
        "begun_by": visit.person.described,
        "steps": 0,
    }
    _check_handler(visit.vault, visit.at, step, step.client_id)
    duty = _duty(visit.vault, visit.at, state, step, (os.urandom(16), visit.unlocked.person_id))
    _written(_By.of(visit), kind, step, owes=(duty,), done=())
    return duty.duty_id


def begin_by_itself(vault: Vault, kind: str, step: Step, at: datetime.datetime) -> bytes:
    """Begin a matter of the practice's own that nobody took down; gives its id (16 bytes).

    The step names who sees to it. Raises `BadInput`.
    """
    if step.handler_id is None or step.client_id is not None:
        raise BadInput("matter", "begins by itself for a member, about nobody known here")
    _check_handler(vault, at, step, None)
    state = {"matter": kind, "begun": at.isoformat(), "begun_by": ITSELF, "steps": 0}
    duty = _duty(vault, at, state, step, (os.urandom(16), step.handler_id))
    _written(_By(vault, at, ITSELF), kind, step, owes=(duty,), done=())
    return duty.duty_id


def advance(visit: Visit, matter: Matter, step: Step) -> Matter:
    """Take a matter one step on. Raises `Conflicting` where somebody was faster; as `begin`."""
    if step.client_id is not None and step.client_id != matter.client_id:
        known_authority(visit, step.client_id)
    _check_handler(visit.vault, visit.at, step, step.client_id or matter.client_id)
    state = {**matter.duty.row.duty, "steps": matter.duty.row.duty["steps"] + 1}
    whole = _carried_on(visit, matter, step)
    named = (matter.matter_id, matter.handler_id)
    duty = _duty(visit.vault, visit.at, state, whole, named)
    _written(_By.of(visit), matter.kind, whole, owes=(duty,), done=(matter.duty,))
    return Matter(duty, _name(visit, duty), visit.at)


def settle(visit: Visit, matter: Matter, step: Step) -> Written:
    """Settle a matter: nothing of it waits any more. Raises as `advance`."""
    whole = _carried_on(visit, matter, step)
    return _written(_By.of(visit), matter.kind, whole, owes=(), done=(matter.duty,))


def leaves_once(visit: Visit, matter: Matter) -> Callable[[Act], Act]:
    """What a disclosure under a matter takes along, so that of the same choice it is the only one.

    In the transaction that announces it the matter's row is replaced by one that says so; who comes
    later finds that, and what the ledger says came of it. Announcing raises `Conflicting` where
    somebody was faster. Raises `Conflicting` while another is at work, and `BadInput` for what has
    left already.
    """
    vault, row = visit.vault, matter.duty.row
    if (before := matter.leaving) is not None:
        came = _came_of(vault, matter)
        if came == "handed_over" and before["content"] == _sign(matter.content):
            allowed = "to settle the matter, or to choose something else"
            raise BadInput("this", "has left already, and does not leave a second time", allowed)
        if came is None and visit.at - datetime.datetime.fromisoformat(before["at"]) < _AT_WORK:
            raise Conflicting("somebody hands this over at this moment")
    said = {"at": visit.at.isoformat(), "content": _sign(matter.content)}
    state = {**row.duty, "steps": row.duty["steps"] + 1, _LEAVING: said}
    step, named = _carried_on(visit, matter, Step(what="", said={})), matter.handler_id
    duty = _duty(vault, visit.at, state, step, (matter.matter_id, named))

    def along(act: Act) -> Act:
        def change(writing: Writing) -> bytes | None:
            _still_so(vault, (matter.duty,), writing)
            return act.change(writing) if act.change else None

        owes, done = (*act.owes, duty), (*act.done, matter.duty)
        body = {**act.body, "matter": matter.matter_id.hex()}
        return replace(act, body=body, owes=owes, done=done, change=change)

    return along


def as_it_is_now(visit: Visit, matter: Matter) -> Matter:
    """The same matter, whatever happened to it since. Raises `Unknown` where it is settled."""
    with visit.vault.store.snapshot() as reading:
        there = find(visit.vault, reading, "duties.by_key", duty_id=matter.matter_id)
    if not there:
        raise Unknown
    return Matter(there[0], matter.client, visit.at)


def after_it_left(visit: Visit, matter: Matter, go_on: Callable[[Matter], object]) -> None:
    """Take a matter on once something has left under it, whoever else changes it meanwhile.

    Nothing is raised for a matter that is settled, or changes again and again: it has left.
    """
    for _ in range(_TRIES):
        with contextlib.suppress(Conflicting, AuthorityMoved, Unknown):
            go_on(as_it_is_now(visit, matter))
            return


def found(visit: Visit, matter_id: bytes, kinds: Collection[str] = tuple(KINDS)) -> Matter:
    """The matter of an id, if it is open and of one of these kinds, with a line under the person.

    Raises `Unknown`, the same for none and for one that is not this person's to see.
    """
    vault = visit.vault
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.by_key", duty_id=matter_id)
    for duty in there:
        if is_matter(duty) and duty.row.duty["matter"] in kinds and sees(visit, duty):
            _noted(visit, 1)
            return Matter(duty, _name(visit, duty), visit.at)
    vault.refused_stranger(visit.at)
    raise Unknown


def open_matters(
    visit: Visit, kinds: Collection[str] = tuple(KINDS), *, client_id: bytes | None = None
) -> list[Matter]:
    """What is open and this person's to see, what is due first at the top; of one client, or all.

    With a line under the person. Raises `Altered`, `Unopenable`.
    """
    vault, wanted = visit.vault, {f"{MATTER}{kind}" for kind in kinds}
    with vault.store.snapshot() as reading:
        rows = (
            sighted(vault, reading, "duties.all")
            if client_id is None
            else sighted_of_client(vault, reading, client_id)
        )
        there = [one.opened(vault) for one in rows if one.glance.rule in wanted]
    mine = [one for one in there if sees(visit, one)]
    mine.sort(key=lambda one: (one.row.due or _LAST, one.row.at, one.duty_id))
    _noted(visit, len(mine))
    return [Matter(one, _name(visit, one), visit.at) for one in mine]


def is_matter(duty: Duty) -> bool:
    """Whether a duty is a matter, which is settled on its own page and nowhere else."""
    return str(duty.row.duty["id"]).startswith(MATTER)


def sees(visit: Visit, duty: Duty) -> bool:
    """Whether a matter is this person's to see.

    The privacy officer sees every one; whoever sees to it or is named as its second person, that
    one; whoever took it down too, unless it turned out to be about a client out of that person's
    reach; whoever treats the client, those about the client; a client, the rights that he or she
    asked for.
    """
    person, row, state = visit.person, duty.row, duty.row.duty
    if person.row.client_id is not None:
        own = row.client_id == person.row.client_id and row.held_until is None
        return own and state["matter"] in OWN
    me = visit.unlocked.person_id
    if OFFICER in person.row.posts or me == row.by or me.hex() == state["content"].get(SECOND):
        return True
    took_down = bool(me.hex() == state["begun_by"]["id"])
    if state["about_nobody"]:
        return took_down
    try:
        authority = visit.vault.authority(row.client_id)
    except Unknown:
        return False
    treats = "treating" in authority.relations(me, visit.at)
    return treats or (took_down and reaches(person, authority, visit.at))


def _carried_on(visit: Visit, matter: Matter, step: Step) -> Step:
    """A step with what it leaves as it was; a hold that is over is none."""
    held_until = None if step.is_told else step.held_until or matter.held_until
    return replace(
        step,
        content=matter.content if step.content is None else step.content,
        due=step.due or matter.due,
        client_id=step.client_id or matter.client_id,
        held_until=held_until if held_until and held_until > visit.at else None,
    )


@dataclass(frozen=True, slots=True)
class _By:
    """Who writes a step down, as a line names a person; where and when."""

    vault: Vault
    at: datetime.datetime
    described: Mapping[str, object]

    @classmethod
    def of(cls, visit: Visit) -> _By:
        return cls(visit.vault, visit.at, visit.person.described)


def _check_handler(
    vault: Vault, at: datetime.datetime, step: Step, client_id: bytes | None
) -> None:
    """Raise `BadInput` for who does not work here, or may not be spoken to of the client."""
    if step.handler_id is None:
        return
    handler = vault.person(step.handler_id).at(at)
    if not works_here(handler, at):
        raise BadInput("who sees to it", "does not work here", "somebody from the list of members")
    if client_id is None or handler.row.posts:
        return
    if not vault.authority(client_id).relations(step.handler_id, at):
        allowed = "somebody tied to the client, or with a post"
        raise BadInput("who sees to it", "has nothing to do with this client", allowed)


def _duty(
    vault: Vault,
    at: datetime.datetime,
    state: Mapping[str, Any],
    step: Step,
    named: tuple[bytes, bytes],
) -> Duty:
    """The row of a matter after a step; `named` are its id and who saw to it until now."""
    kind, (matter_id, handler_id) = state["matter"], named
    owed = {
        **state,
        "id": f"{MATTER}{kind}",
        "kind": "deadline",
        "mode": "required",
        "what": KINDS[kind],
        "due": None,
        "due_from": None,
        "sure": True,
        "cite": "",
        "about_nobody": step.client_id is None,
        "content": dict(step.content or {}),
    }
    told = msgspec.json.encode(owed)
    if len(told) > CONTENT_BYTES_MAX:
        raise BadInput("matter", "holds too much", f"{CONTENT_BYTES_MAX // 1000} kB in all")
    row = DutyRow(
        client_id=step.client_id or vault.practice_id,
        act=kind,
        by=step.handler_id or handler_id,
        at=at,
        owed=told,
        due=step.due,
        held_until=step.held_until,
    )
    return Duty(matter_id, row)


def _written(
    by: _By, kind: str, step: Step, *, owes: tuple[Duty, ...], done: tuple[Duty, ...]
) -> Written:
    """Write a step down, with the row that it brings and the one that it ends."""
    vault, client_id = by.vault, step.client_id
    named = (*owes, *done)[0].duty_id.hex()
    body = {"by": by.described, "what": step.what, "matter": named, **step.said}
    ends = (*done, *step.done)
    act = Act(
        client_id or vault.practice_id,
        kind,
        body,
        owes=(*owes, *step.owes),
        done=ends,
        held_until=None if client_id is None else step.held_until,
        change=partial(_still_so, vault, ends),
    )
    version = None if client_id is None else vault.authority(client_id).version
    return announced(vault, act, by.at, authority=version)


def _sign(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


def _came_of(vault: Vault, matter: Matter) -> str | None:
    """The kind of the line that followed what was announced last; nothing where none did."""
    subjects = {matter.duty.row.client_id, vault.practice_id}
    announced_last: tuple[datetime.datetime, int, str] | None = None
    came: dict[str, str] = {}
    for one in (line for subject in subjects for line in vault.ledger.lines_of(subject)):
        kind, body = one.body.get(HELD, one.kind), one.body
        # A line that was held and stands on the client's list since is there under another id.
        is_first = one.kind == HELD or HAPPENED not in body
        if kind == "disclosure" and body.get("matter") == matter.matter_id.hex() and is_first:
            this = (one.at or _FIRST, one.leaf.place, one.event_id.hex())
            announced_last = max(announced_last or this, this)
        if kind in {"handed_over", "failed"}:
            came[str(body.get("announced"))] = str(kind)
    return came.get(announced_last[-1]) if announced_last else None


def _still_so(vault: Vault, done: tuple[Duty, ...], writing: Writing) -> None:
    for one in done:
        there = find(vault, writing, "duties.by_key", duty_id=one.duty_id)
        if [now.row for now in there] != [one.row]:
            raise Conflicting("somebody took this on meanwhile")


def _name(visit: Visit, duty: Duty) -> str:
    if duty.row.duty["about_nobody"]:
        return ""
    return name_as_met(visit, visit.vault.authority(duty.row.client_id))


def _noted(visit: Visit, count: int) -> None:
    person = visit.person
    body = {"by": person.described, "what": "matters", "matters": count}
    visit.vault.record(person.person_id, "look", body, visit.at)
