"""Second readers: a colleague weighs a disclosure before it leaves, and agrees, narrows or objects.

Where the rules require one, the gate lets nothing leave that nobody agreed to
(`gate/second_reading.py`). Whoever wants to hand over asks a colleague, who sees what would leave,
to whom, what for and on what. Where nobody works who could read, as in a practice of one, a
written reason and the name of somebody outside who was asked take that place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, Conflicting, Unknown, one_line, one_of
from angerona.gate.announcing import Act, announced
from angerona.gate.paring import Choice
from angerona.gate.results import Proposed
from angerona.gate.second_reading import AGREED, GOOD_FOR, READ, own_duty, proposal_digest
from angerona.practice.caseload import tied_to
from angerona.practice.colleagues import colleagues, works_here
from angerona.practice.members import OFFICER
from angerona.practice.supervision import name_as_met
from angerona.practice.unusual import family_name
from angerona.practice.who_looked import who
from angerona.rules.durations import after
from angerona.sealed.duties import find

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.gate.gathering import Wish
    from angerona.gate.paring import LeftOut
    from angerona.ledger.lines import Written
    from angerona.sealed.authority import Authority
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Person, Visit
    from angerona.store import Writing

VERDICTS: Final = ("agreed", "narrowed", "objected")
WHY_CHARACTERS_MAX: Final = 500
READING: Final = "second_reading"
"""The kind of every line about one; what happened stands under `what`."""
_HELD: Final = "held"
_TIES: Final = frozenset({"treating", "supervisor", "covering"})
_USUAL_DUE: Final = "P1D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A disclosure as `Door.release` takes it: the wish, the entries chosen, passages left out."""

    wish: Wish
    recipient: str
    entry_ids: frozenset[bytes] | None = None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def choice(self) -> Choice:
        """What was chosen of it."""
        return Choice(self.entry_ids, self.left_out)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A disclosure that somebody asked this person to read: the duty, and what would leave."""

    duty: Duty
    client: str
    asked_by: str

    @property
    def terms(self) -> Mapping[str, Any]:
        """What would leave, to whom, what for and on what (`gate.second_reading.proposal_of`)."""
        terms: Mapping[str, Any] = self.duty.row.duty["terms"]
        return terms

    @property
    def why(self) -> str:
        """What the one who asked wrote for the reader."""
        return str(self.duty.row.duty["why"])


def readers(visit: Visit, client_id: bytes) -> list[Person]:
    """Who could read second for this person: by name.

    Whoever is privacy officer or tied to the client, and neither the one who asks nor of the
    client's family name. Raises `Unknown`, `NotPermitted` in a client's own session; leaves a line
    as `tied_to` does.
    """
    here = [one.at(visit.at) for one in colleagues(visit)]
    tied_to(visit, client_id)
    authority = visit.vault.authority(client_id)
    return [one for one in here if _may_read(visit, authority, one)]


def _may_read(visit: Visit, authority: Authority, one: Person) -> bool:
    return one.person_id != visit.unlocked.person_id and _can_read(visit, authority, one)


def _can_read(visit: Visit, authority: Authority, one: Person) -> bool:
    if not one.credentials:
        return False
    if family_name(one.row.name) == family_name(authority.client.name):
        return False
    tied = authority.relations(one.person_id, visit.at)
    return OFFICER in one.row.posts or not _TIES.isdisjoint(tied)


def ask_reader(
    door: Door,
    visit: Visit,
    client_id: bytes,
    leaving: Leaving,
    reader_id: bytes,
    *,
    why: str,
    due: datetime.datetime | None = None,
) -> bytes:
    """Ask a colleague to read what would leave; gives the id of the reader's duty (16 bytes).

    `due`: by when; a working day from now where nothing is said. What a reader objected to is put
    to the privacy officer alone after that. Raises `BadInput` for somebody who cannot read, for
    what waits for no reader, and as `Door.release`.
    """
    said_why = one_line("why", why, WHY_CHARACTERS_MAX)
    proposed = _proposed(door, visit, client_id, leaving)
    vault, authority = visit.vault, proposed.gathered.authority
    reader = vault.person(reader_id).at(visit.at)
    if not works_here(reader, visit.at) or not _may_read(visit, authority, reader):
        allowed = "an officer or somebody tied to the client, not of the same family"
        raise BadInput("second reader", "cannot be this person", allowed)
    named = proposal_digest(vault.practice_id, client_id, proposed.terms)
    if OFFICER not in reader.row.posts and _was_objected(visit, client_id, named):
        raise BadInput("second reader", "somebody has objected to this", "the privacy officer")
    duty = own_duty(
        client_id,
        visit.unlocked.person_id,
        visit.at,
        {
            "id": READ,
            "what": "read what would leave, and agree, narrow or object",
            "reader": reader_id.hex(),
            "asked_by": visit.person.described,
            "terms": proposed.terms,
            "why": said_why,
        },
        due=due or after(_USUAL_DUE, visit.at, working=True),
        held_until=proposed.held_until,
    )
    said = {"what": "asked", "whom": reader.described, "why": said_why}
    _written(visit, duty, said, owes=(duty,))
    return duty.duty_id


def waiting(visit: Visit) -> list[Waiting]:
    """What this person is asked to read, first what is due first; with a line under the person.

    Raises `Altered`, `Unopenable`.
    """
    vault, person = visit.vault, visit.person
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.all")
    mine = [one for one in there if is_asked(visit, one)]
    mine.sort(key=lambda one: (one.row.due or one.row.at, one.duty_id))
    body = {"by": person.described, "what": "second readings", "readings": len(mine)}
    vault.record(person.person_id, "look", body, visit.at)
    return [_waiting(visit, one) for one in mine]


def answer(
    visit: Visit,
    duty_id: bytes,
    verdict: str,
    *,
    why: str,
    entry_ids: Iterable[bytes] | None = None,
) -> Written:
    """Agree, narrow (to `entry_ids`, some of those that would leave) or object, with a reason.

    What was agreed to may leave for 30 days, by the one who asked, once. Raises `Unknown` for what
    this person was not asked to read, or could not be asked any more; `Conflicting` where it was
    answered meanwhile; `BadInput`.
    """
    vault = visit.vault
    if verdict not in VERDICTS:
        raise BadInput("verdict", "is none", one_of(VERDICTS, verdict))
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.by_key", duty_id=duty_id)
    if not there or not is_asked(visit, there[0]):
        vault.refused_stranger(visit.at)
        raise Unknown
    duty = there[0]
    terms = _narrowed(duty.row.duty["terms"], verdict, entry_ids)
    said = {"what": verdict, "why": one_line("why", why, WHY_CHARACTERS_MAX)}
    owes: tuple[Duty, ...] = ()
    if verdict != "objected":
        owes = (_agreement(visit, duty.row.by, duty.row.client_id, terms, duty.row.held_until),)
    return _written(visit, duty, said, terms=terms, owes=owes, done=(duty,))


def stand_in(
    door: Door,
    visit: Visit,
    client_id: bytes,
    leaving: Leaving,
    *,
    consultant: str,
    reason: str,
) -> Written:
    """Let a written reason and somebody outside who was asked take the place of a second reader.

    Only where nobody here could read. `consultant`: who was asked, by name; the reason is sealed to
    the privacy officer and the client. Raises `BadInput` where somebody could read, and as
    `Door.release`.
    """
    proposed = _proposed(door, visit, client_id, leaving)
    if readers(visit, client_id):
        raise BadInput("consultant", "stands in only where nobody here can read", "a second reader")
    name = one_line("consultant", consultant, WHY_CHARACTERS_MAX)
    agreement = _agreement(
        visit,
        visit.unlocked.person_id,
        client_id,
        proposed.terms,
        proposed.held_until,
        reader={"name": name, "roles": ["consultant"]},
    )
    said = {
        "what": "stood in",
        "consultant": name,
        "reason": visit.vault.reason_sealed(client_id, reason),
    }
    return _written(visit, agreement, said, terms=proposed.terms, owes=(agreement,))


def _proposed(door: Door, visit: Visit, client_id: bytes, leaving: Leaving) -> Proposed:
    """What would leave, where it waits for a second reader. Raises `BadInput` where it does not."""
    found = door.proposed(
        visit, client_id, leaving.wish, leaving.choice, recipient=leaving.recipient
    )
    if not isinstance(found, Proposed) or not found.is_awaited:
        raise BadInput("disclosure", "waits for no second reader", "one for which it is owed")
    return found


def _agreement(
    visit: Visit,
    by: bytes,
    client_id: bytes,
    terms: Mapping[str, object],
    held_until: datetime.datetime | None,
    *,
    reader: Mapping[str, object] | None = None,
) -> Duty:
    return own_duty(
        client_id,
        by,
        visit.at,
        {
            "id": AGREED,
            "what": "hand over what the second reader agreed to, or let it be",
            "proposal": proposal_digest(visit.vault.practice_id, client_id, terms),
            "reader": reader or visit.person.described,
        },
        due=visit.at + GOOD_FOR,
        held_until=held_until,
    )


def _narrowed(
    terms: Mapping[str, Any], verdict: str, entry_ids: Iterable[bytes] | None
) -> Mapping[str, Any]:
    """What would leave, without the entries that a reader struck out."""
    if verdict != "narrowed":
        if entry_ids is not None:
            raise BadInput("entries", "are chosen by narrowing alone", "the verdict 'narrowed'")
        return terms
    kept = {one.hex() for one in entry_ids or ()}
    there = {entry for entry, *_ in terms["entries"]}
    if not kept or not kept < there:
        raise BadInput("entries", "do not narrow it", "some of those that would leave, not all")
    return {
        **terms,
        "entries": [one for one in terms["entries"] if one[0] in kept],
        "gaps": [one for one in terms["gaps"] if one[0] in kept],
    }


def is_asked(visit: Visit, duty: Duty) -> bool:
    """Whether this person was asked to read, and could still be asked."""
    said = duty.row.duty
    if said["id"] != READ or said["reader"] != visit.unlocked.person_id.hex():
        return False
    return _can_read(visit, visit.vault.authority(duty.row.client_id), visit.person)


def _waiting(visit: Visit, duty: Duty) -> Waiting:
    client = name_as_met(visit, visit.vault.authority(duty.row.client_id))
    return Waiting(duty, client, who(duty.row.duty["asked_by"]))


def _was_objected(visit: Visit, client_id: bytes, named: str) -> bool:
    """Whether a reader has objected to exactly this; where that line is held, too."""
    lines = visit.vault.ledger.lines_of
    digits = client_id.hex()
    bodies = [one.body for one in lines(client_id) if one.kind == READING]
    bodies += [
        one.body
        for one in lines(visit.vault.practice_id)
        if one.body.get(_HELD) == READING and one.body.get("client") == digits
    ]
    return any(one.get("what") == "objected" and one.get("proposal") == named for one in bodies)


def _written(
    visit: Visit,
    duty: Duty,
    said: Mapping[str, object],
    *,
    terms: Mapping[str, Any] | None = None,
    owes: tuple[Duty, ...] = (),
    done: tuple[Duty, ...] = (),
) -> Written:
    """Write a step down, with what it leaves owed and what it ends."""
    vault, row = visit.vault, duty.row
    what = terms or row.duty["terms"]
    body = {
        "by": visit.person.described,
        **said,
        **{name: what[name] for name in ("to", "recipient", "purpose", "instrument")},
        "classes": sorted({wanted for *_, wanted in what["entries"]}),
        "entries": len(what["entries"]),
        "proposal": proposal_digest(vault.practice_id, row.client_id, what),
    }
    held_until = row.held_until if row.held_until and row.held_until > visit.at else None
    act = Act(
        row.client_id,
        READING,
        body,
        owes=owes,
        done=done,
        held_until=held_until,
        change=partial(_still_there, visit, done),
    )
    return announced(vault, act, visit.at, authority=vault.authority(row.client_id).version)


def _still_there(visit: Visit, duties: tuple[Duty, ...], writing: Writing) -> None:
    for one in duties:
        if not find(visit.vault, writing, "duties.by_key", duty_id=one.duty_id):
            raise Conflicting("this was answered meanwhile")
