"""Second readers: a colleague weighs a disclosure before it leaves, and agrees, narrows or objects.

Where the rules require one, the gate lets nothing leave that nobody agreed to
(`gate/second_reading.py`). Whoever wants to hand over asks a colleague, who sees what would leave,
to whom, what for and on what. Where nobody works who could read, as in a practice of one, a
written reason and the name of somebody outside who was asked take that place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, Unknown, one_line, one_of
from angerona.gate.owing import AFTER, USUAL_DUE
from angerona.gate.paring import Choice, LeftOut, merged
from angerona.gate.reading_first import read_proposal
from angerona.gate.results import Proposed
from angerona.gate.second_reading import (
    AGREED,
    GOOD_FOR,
    READ,
    agreements,
    own_duty,
    proposal_digest,
)
from angerona.practice.caseload import tied_to
from angerona.practice.colleagues import colleagues
from angerona.practice.members import OFFICER
from angerona.practice.reading_steps import (
    OBJECTED,
    READINGS,
    ReadingStep,
    check_objection,
    objections,
    write_step,
)
from angerona.practice.supervision import name_as_met
from angerona.practice.who_looked import who
from angerona.practice.who_reads import Concerned, check_nobody, check_reader, is_asked, present
from angerona.rules.durations import after
from angerona.sealed.duties import find, sighted

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from angerona.gate.door import Door
    from angerona.gate.gathering import Wish
    from angerona.gate.reading_first import ToRead
    from angerona.ledger.lines import Written
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.duties import Duty, Glance
    from angerona.sealed.vault import Person, Visit

VERDICTS: Final = ("agreed", "narrowed", OBJECTED)
WHY_CHARACTERS_MAX: Final = 500


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

    def as_agreed(self, terms: Mapping[str, Any]) -> Leaving:
        """The same with exactly the entries and passages that a reader agreed to (`Agreed`)."""
        return replace(
            self,
            entry_ids=frozenset(bytes.fromhex(entry) for entry, *_ in terms["entries"]),
            left_out=tuple(
                LeftOut(
                    bytes.fromhex(entry), version, tuple((first, past) for first, past in spans)
                )
                for entry, version, spans in terms["gaps"]
            ),
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody is asked to read: the duty, the client by the name met by, who asks.

    `reader`: who reads it, in words; `objections`: what readers objected to before, about the same
    client and the same recipient.
    """

    duty: Duty
    client: str
    asked_by: str
    reader: str
    objections: tuple[str, ...]
    is_late: bool

    @property
    def terms(self) -> Mapping[str, Any]:
        """What would leave, or has left (`gate.second_reading.proposal_of`)."""
        terms: Mapping[str, Any] = self.duty.row.duty["terms"]
        return terms

    @property
    def why(self) -> str:
        """What the one who asked wrote for the reader; empty where nobody did."""
        return str(self.duty.row.duty.get("why", ""))

    @property
    def is_after(self) -> bool:
        """Whether it has left already, because it could not wait."""
        return bool(self.duty.row.duty["id"] == AFTER)

    @property
    def passed_from(self) -> tuple[str, ...]:
        """Whom it was put to before, in words, with why it went on."""
        return tuple(self.duty.row.duty.get("passed", ()))


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a reader agreed to, that has not left yet: the client as met, the reader, the terms."""

    duty: Duty
    client: str
    reader: str

    @property
    def terms(self) -> Mapping[str, Any]:
        """Exactly what may leave (`Leaving.as_agreed`)."""
        terms: Mapping[str, Any] = self.duty.row.duty["terms"]
        return terms


def readers(visit: Visit, client_id: bytes, *, recipient: str = "") -> list[Person]:
    """Who could read second for this person, and is not away: by name.

    Whoever is privacy officer or tied to the client, and neither the one who asks nor close to him
    or her, to the client or to the recipient, nor has stepped aside. Raises `Unknown`,
    `NotPermitted` in a client's own session; leaves a line as `tied_to` does.
    """
    here = colleagues(visit)
    tied_to(visit, client_id)
    whom = Concerned(client_id, visit.unlocked.person_id, recipient)
    return present(visit.vault, whom, here, visit.at)


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
    vault, at = visit.vault, visit.at
    reader = vault.person(reader_id).at(at)
    check_reader(
        vault, Concerned(client_id, visit.unlocked.person_id, leaving.recipient), reader, at
    )
    named = proposal_digest(vault.practice_id, client_id, proposed.terms)
    check_objection(vault, client_id, named, reader)
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
        due=due or after(USUAL_DUE, visit.at, working=True),
        held_until=proposed.held_until,
    )
    said = {
        "by": visit.person.described,
        "what": "asked",
        "whom": reader.described,
        "why": said_why,
    }
    write_step(vault, ReadingStep(duty=duty, said=said, owes=(duty,)), at)
    return duty.duty_id


def waiting(visit: Visit) -> list[Waiting]:
    """What this person is asked to read, first what is due first; with a line under the person.

    Raises `Altered`, `Unopenable`.
    """
    me = visit.unlocked.person_id
    there = _opened(visit, lambda one: one.rule in READINGS and one.reader == me.hex())
    mine = [one for one in there if is_asked(visit, one)]
    _looked(visit, len(mine))
    return [waiting_of(visit, one) for one in _by_due(mine)]


def asked_by(visit: Visit) -> tuple[list[Waiting], list[Agreed]]:
    """What this person waits for others to read, and what they agreed to. Raises as `waiting`."""
    mine = _opened(
        visit, lambda one: one.rule in {*READINGS, AGREED} and one.by == visit.unlocked.person_id
    )
    asked = [one for one in mine if one.row.duty["id"] != AGREED]
    settled = [one for one in mine if one.row.duty["id"] == AGREED]
    _looked(visit, len(asked) + len(settled))
    agreed = [
        Agreed(one, _client(visit, one), who(one.row.duty["reader"])) for one in _by_due(settled)
    ]
    return [waiting_of(visit, one) for one in _by_due(asked)], agreed


def _opened(visit: Visit, is_wanted: Callable[[Glance], bool]) -> list[Duty]:
    """The duties of second reading that are wanted, as far as a glance tells."""
    vault = visit.vault
    with vault.store.snapshot() as reading:
        rows = sighted(vault, reading, "duties.all")
        return [one.opened(vault) for one in rows if is_wanted(one.glance)]


def _by_due(duties: Iterable[Duty]) -> list[Duty]:
    return sorted(duties, key=lambda one: (one.row.due or one.row.at, one.duty_id))


def _looked(visit: Visit, count: int) -> None:
    person = visit.person
    body = {"by": person.described, "what": "second readings", "readings": count}
    visit.vault.record(person.person_id, "look", body, visit.at)


def read(
    door: Door,
    visit: Visit,
    duty_id: bytes,
    *,
    facts: Mapping[str, bool | int | str] | None = None,
) -> tuple[Waiting, ToRead | AskFirst | Refuse]:
    """What somebody is asked to read, opened as far as rules and keys let him or her.

    It is a look, with its line. Raises `Unknown` where this person is not asked, and as
    `gate.reading_first.read_proposal`.
    """
    duty = asked_duty(visit, duty_id, *READINGS)
    purpose = reading_purpose(visit, duty.row.client_id)
    found = read_proposal(door, visit, duty, purpose=purpose, facts=facts or {})
    return waiting_of(visit, duty), found


def reading_purpose(visit: Visit, client_id: bytes) -> str:
    """What a second reader looks for: as he or she is tied, else as the privacy officer."""
    authority = visit.vault.authority(client_id)
    tied = authority.relations(visit.unlocked.person_id, visit.at)
    if not tied:
        return "operations"
    return "supervision" if tied == ("supervisor",) else "treatment"


def kept_on(door: Door, visit: Visit, duty: Duty) -> dict[bytes, datetime.datetime]:
    """When the entries of a reading were kept, as far as the reader may see the client's list.

    For what no key opens: then it is a look at the list, with its line. Nothing while the law
    forbids telling, for that line would tell.
    """
    held_until = duty.row.held_until
    if held_until is not None and held_until > visit.at:
        return {}
    lines = door.who_looked(visit, duty.row.client_id)
    if not isinstance(lines, tuple):
        return {}
    kept = [(one.body.get("entry"), one.at) for one in lines if one.kind == "kept"]
    return {bytes.fromhex(entry): at for entry, at in kept if entry and at}


def late(visit: Visit) -> list[Waiting]:
    """Every reading whose time is past, for the privacy officer; for others nothing."""
    if OFFICER not in visit.person.row.posts:
        return []
    found = _opened(visit, lambda one: one.rule in READINGS)
    shown = [waiting_of(visit, one) for one in _by_due(found)]
    return [one for one in shown if one.is_late]


def answer(
    visit: Visit,
    duty_id: bytes,
    verdict: str,
    *,
    why: str,
    entry_ids: Iterable[bytes] | None = None,
    left_out: Iterable[LeftOut] = (),
) -> Written:
    """Agree, narrow or object, with a reason.

    To narrow is to name the entries of those that would leave that may (`entry_ids`; all, where
    none are named), and passages of them that may not (`left_out`). What was agreed to may leave
    for 30 days, by the one who asked, once. An objection ends what others agreed to of exactly
    this. Raises `Unknown` for what this person was not asked to read, or could not be asked any
    more; `Conflicting` where it was answered meanwhile; `BadInput`.
    """
    vault = visit.vault
    if verdict not in VERDICTS:
        raise BadInput("verdict", "is none", one_of(VERDICTS, verdict))
    duty = asked_duty(visit, duty_id, READ)
    row, before = duty.row, duty.row.duty["terms"]
    terms = _narrowed(before, verdict, entry_ids, tuple(left_out))
    said = {
        "by": visit.person.described,
        "what": verdict,
        "why": one_line("why", why, WHY_CHARACTERS_MAX),
    }
    named = proposal_digest(vault.practice_id, row.client_id, before)
    owes: tuple[Duty, ...] = ()
    ended: list[Duty] = []
    if verdict == OBJECTED:
        with vault.store.snapshot() as reading:
            there = agreements(vault, reading, row.client_id)
        ended = [one for one in there if one.row.duty["proposal"] == named]
    else:
        check_objection(vault, row.client_id, named, visit.person)
        owes = (_agreement(visit, row.by, row.client_id, terms, row.held_until),)
    step = ReadingStep(duty=duty, said=said, terms=terms, owes=owes, done=(duty, *ended))
    return write_step(vault, step, visit.at)


def asked_duty(visit: Visit, duty_id: bytes, *rules: str) -> Duty:
    """The duty of this id, of one of these rules, that this person is asked for.

    Raises `Unknown`.
    """
    vault = visit.vault
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.by_key", duty_id=duty_id)
    if not there or there[0].row.duty["id"] not in rules or not is_asked(visit, there[0]):
        vault.refused_stranger(visit.at)
        raise Unknown
    return there[0]


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
    tied_to(visit, client_id)
    whom = Concerned(client_id, visit.unlocked.person_id, leaving.recipient)
    check_nobody(visit.vault, whom, visit.at)
    named = proposal_digest(visit.vault.practice_id, client_id, proposed.terms)
    if named in {one.get("proposal") for one in objections(visit.vault, client_id)}:
        raise BadInput("consultant", "does not outweigh an objection", "the privacy officer")
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
        "by": visit.person.described,
        "what": "stood in",
        "consultant": name,
        "reason": visit.vault.reason_sealed(client_id, reason),
    }
    step = ReadingStep(duty=agreement, said=said, terms=proposed.terms, owes=(agreement,))
    return write_step(visit.vault, step, visit.at)


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
            "terms": terms,
        },
        due=visit.at + GOOD_FOR,
        held_until=held_until,
    )


def _narrowed(
    terms: Mapping[str, Any],
    verdict: str,
    entry_ids: Iterable[bytes] | None,
    left_out: Sequence[LeftOut],
) -> Mapping[str, Any]:
    """What would leave, without the entries and the passages that a reader struck out."""
    if verdict != "narrowed":
        if entry_ids is not None or left_out:
            raise BadInput("entries", "are chosen by narrowing alone", "the verdict 'narrowed'")
        return terms
    there = {entry: version for entry, version, _ in terms["entries"]}
    kept = set(there) if entry_ids is None else {one.hex() for one in entry_ids}
    if not kept or not kept <= set(there) or (len(kept) == len(there) and not left_out):
        raise BadInput("entries", "do not narrow it", "some of those that would leave, not all")
    spans = {entry: [tuple(one) for one in some] for entry, _, some in terms["gaps"]}
    for one in left_out:
        entry = one.entry_id.hex()
        if entry not in kept or there[entry] != one.version:
            raise BadInput("passages", "are of no entry that may leave", "those that are ticked")
        if any(not 0 <= first < past for first, past in one.spans):
            raise BadInput("passages", "are empty or backwards", "from a character to a later one")
        spans.setdefault(entry, []).extend(one.spans)
    return {
        **terms,
        "entries": [one for one in terms["entries"] if one[0] in kept],
        "gaps": [
            [one, there[one], [list(span) for span in merged(some)]]
            for one, some in spans.items()
            if one in kept
        ],
    }


def waiting_of(visit: Visit, duty: Duty) -> Waiting:
    """A reading as somebody is shown it."""
    vault, row, said = visit.vault, duty.row, duty.row.duty
    found = [
        f"{who(one.get('by'))}: {one.get('why', '')}"
        for one in objections(vault, row.client_id)
        if one.get("recipient") == said["terms"]["recipient"]
    ]
    reader = said.get("reader")
    return Waiting(
        duty,
        _client(visit, duty),
        who(said["asked_by"]) if "asked_by" in said else vault.person(row.by).row.name,
        vault.person(bytes.fromhex(reader)).row.name if reader else "",
        tuple(found),
        is_late=row.due is not None and row.due <= visit.at,
    )


def _client(visit: Visit, duty: Duty) -> str:
    return name_as_met(visit, visit.vault.authority(duty.row.client_id))
