"""Readings that go on to somebody else: by hand, by itself, and where a reader steps aside.

Nothing that was asked is lost: where the reader is away, has left or cannot read it any more, or
the time is past, it goes on to the deputy, or else to another who can read it and has not had it
yet. Each step is a line that whoever asked can see. Where nobody else is left it stays where it
is, and is late.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import (
    AuthorityMoved,
    BadInput,
    Conflicting,
    Sealed,
    Tampered,
    Unknown,
    one_line,
)
from angerona.gate.owing import AFTER, USUAL_DUE
from angerona.gate.second_reading import READ, own_duty, proposal_digest
from angerona.practice.absences import deputy_of
from angerona.practice.colleagues import everybody
from angerona.practice.members import OFFICER
from angerona.practice.reading_steps import (
    ASIDE,
    READINGS,
    ReadingStep,
    objections,
    write_step,
)
from angerona.practice.second_readers import WHY_CHARACTERS_MAX
from angerona.practice.who_looked import who
from angerona.practice.who_reads import Concerned, can_read, check_reader, is_asked, present
from angerona.rules.durations import after
from angerona.sealed.duties import find, sighted_whole

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.ledger.lines import Written
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Person, Vault, Visit

PASSED: Final = "passed on"
UNREAD: Final = "own.unread"
"""The duty of whoever asked, where nobody is left here who could read it."""
_AWAY, _LATE, _GONE = "out of office", "the time was past", "cannot read it any more"


def pass_on(visit: Visit, duty_id: bytes, reader_id: bytes, *, why: str) -> Written:
    """Pass a reading on to somebody who can read it and is here, by hand.

    For whoever is asked to read it, whoever asked, and the privacy officer. Raises `Unknown` for
    others, `BadInput` for somebody who cannot read it, `Conflicting` where it was answered.
    """
    vault, duty = visit.vault, _theirs(visit, duty_id)
    reader = vault.person(reader_id).at(visit.at)
    check_reader(vault, Concerned.by(duty), reader, visit.at)
    if not _may_have(vault, duty, reader):
        raise BadInput("second reader", "somebody has objected to this", "the privacy officer")
    because = one_line("why", why, WHY_CHARACTERS_MAX)
    said = {"by": visit.person.described}
    return _passed(vault, duty, reader, visit.at, because=because, said=said)


def others_for(visit: Visit, duty: Duty) -> list[Person]:
    """To whom a reading could be passed on now, by name: not to whoever has it."""
    vault, at, had = visit.vault, visit.at, _reader_of(duty)
    there = present(vault, Concerned.by(duty), everybody(vault, at), at)
    return [one for one in there if one.person_id != had and _may_have(vault, duty, one)]


def step_aside(visit: Visit, duty_id: bytes) -> Written:
    """Say that one should not read this: it goes on to another, and one is never asked again.

    Why is nobody's to know. It counts for everything about this client. Raises `Unknown` where this
    person is not asked; `Conflicting` where it was answered.
    """
    vault, at = visit.vault, visit.at
    duty = _theirs(visit, duty_id)
    if not is_asked(visit, duty):
        vault.refused_stranger(at)
        raise Unknown
    reader = _next(vault, duty, at, but=visit.unlocked.person_id)
    said = {"by": visit.person.described}
    if reader is not None:
        return _passed(vault, duty, reader, at, because="", said={**said, "what": ASIDE})
    left = _left_unread(duty, at)
    step = ReadingStep(duty=duty, said={**said, "what": ASIDE}, owes=(left,), done=(duty,))
    return write_step(vault, step, at)


def pass_on_due(vault: Vault, at: datetime.datetime) -> int:
    """Pass on whatever its reader cannot read now, or has not read in time; gives how many.

    What has left and was put to nobody yet is put to somebody. What others change at this moment,
    or was altered, is left for the next time.
    """
    with vault.store.snapshot() as reading:
        rows, _ = sighted_whole(vault, reading, "duties.all")
        there = [one.opened(vault) for one in rows if one.glance.rule in READINGS]
    done = 0
    for one in there:
        with suppress(AuthorityMoved, Conflicting, Sealed, Tampered):
            done += _passed_by_itself(vault, one, at)
    return done


def _passed_by_itself(vault: Vault, duty: Duty, at: datetime.datetime) -> bool:
    because, had = _because(vault, duty, at), _reader_of(duty)
    if because is None:
        return False
    reader = _next(vault, duty, at, but=had)
    if reader is None:
        return False
    _passed(vault, duty, reader, at, because=because, said={})
    return True


def _because(vault: Vault, duty: Duty, at: datetime.datetime) -> str | None:
    """Why a reading goes on now; nothing where it stays."""
    had = _reader_of(duty)
    if had is None:
        return ""
    person = vault.person(had)
    if not can_read(vault, Concerned.by(duty), person, at):
        return _GONE
    if person.row.absence_at(at) is not None:
        return _AWAY
    return _LATE if duty.row.due is not None and duty.row.due <= at else None


def _next(vault: Vault, duty: Duty, at: datetime.datetime, *, but: bytes | None) -> Person | None:
    """Who reads it next: the deputy, else an officer, else somebody tied; nobody twice."""
    had = {*duty.row.duty.get("had", ()), *([but.hex()] if but else [])}
    there = present(vault, Concerned.by(duty), everybody(vault, at), at)
    found = [one for one in there if one.person_id.hex() not in had]
    found = [one for one in found if _may_have(vault, duty, one)]
    deputy = None if but is None else deputy_of(vault, but, at)
    stands_in = None if deputy is None else deputy.person_id

    def order(one: Person) -> tuple[bool, bool, str]:
        return one.person_id != stands_in, OFFICER not in one.row.posts, one.row.name

    return min(found, key=order, default=None)


def _may_have(vault: Vault, duty: Duty, reader: Person) -> bool:
    """Whether it can be put to somebody: what was objected to, to the officer alone."""
    if OFFICER in reader.row.posts or duty.row.duty["id"] != READ:
        return True
    named = proposal_digest(vault.practice_id, duty.row.client_id, duty.row.duty["terms"])
    said = objections(vault, duty.row.client_id)
    return named not in {one.get("proposal") for one in said}


def _passed(
    vault: Vault,
    duty: Duty,
    reader: Person,
    at: datetime.datetime,
    *,
    because: str,
    said: Mapping[str, object],
) -> Written:
    row, rule, had = duty.row, duty.row.duty, _reader_of(duty)
    line: dict[str, object] = {"what": PASSED, "whom": reader.described, "why": because, **said}
    owed: dict[str, Any] = {**rule, "reader": reader.person_id.hex()}
    if had is not None:
        before = vault.person(had).described
        line["from"] = before
        owed["had"] = [*rule.get("had", ()), had.hex()]
        owed["passed"] = [*rule.get("passed", ()), _told(before, because)]
    due = row.due
    if due is None or due <= at:
        due = after(USUAL_DUE, at, working=True)
    new = own_duty(row.client_id, row.by, at, owed, due=due, held_until=row.held_until)
    step = ReadingStep(duty=duty, said=line, owes=(new,), done=(duty,))
    return write_step(vault, step, at)


def _told(before: dict[str, object], because: str) -> str:
    return f"{who(before)}: {because}" if because else who(before)


def _left_unread(duty: Duty, at: datetime.datetime) -> Duty:
    """What whoever asked is left with: to ask somebody outside, or to let it be."""
    rule, row = duty.row.duty, duty.row
    owed = {
        **{name: value for name, value in rule.items() if name != "reader"},
        "id": UNREAD if rule["id"] == READ else AFTER,
        "what": "nobody here can read this: ask somebody outside, or let it be",
    }
    return own_duty(row.client_id, row.by, at, owed, due=row.due, held_until=row.held_until)


def _reader_of(duty: Duty) -> bytes | None:
    digits = duty.row.duty.get("reader")
    return bytes.fromhex(digits) if digits else None


def _theirs(visit: Visit, duty_id: bytes) -> Duty:
    """A reading that this person is asked for, asked for, or sees as the officer."""
    vault = visit.vault
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.by_key", duty_id=duty_id)
    for one in there:
        is_reading = one.row.duty["id"] in READINGS
        is_asker = one.row.by == visit.unlocked.person_id
        is_officer = OFFICER in visit.person.row.posts
        if is_reading and (is_asker or is_officer or is_asked(visit, one)):
            return one
    vault.refused_stranger(visit.at)
    raise Unknown
