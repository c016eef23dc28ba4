"""What is written for a second reader, and what stands in where there is none."""

from unittest import mock

from angerona.errors import BadInput
from angerona.gate.door import Prepared
from angerona.practice import second_readers
from angerona.practice.passing_on import others_for, pass_on, pass_on_due, step_aside
from angerona.practice.read_afterwards import say_afterwards, say_for_consultant
from angerona.practice.second_readers import (
    Leaving,
    answer,
    ask_reader,
    asked_by,
    kept_on,
    late,
    read,
    readers,
    reading_purpose,
    stand_in,
    waiting,
)
from second_readings import WISH
from small_practice import AT
from theft.accounts import absent


def second_readings(desk):
    """Somebody is away; asked, agreed, and handed on."""
    absent(desk)
    ada = desk.clients["Ada"]
    entries = frozenset(desk.entries[one] for one in WISH.wants)
    leaving = Leaving(wish=WISH, recipient=desk.typed("court"), entry_ids=entries)
    with desk.visit("Tess") as visit:
        assert desk.person("Olaf") in [one.person_id for one in readers(visit, ada)]
        ask_reader(
            desk.door, visit, ada, leaving, desk.person("Olaf"), why=desk.typed("whyitshould")
        )
    with desk.visit("Olaf") as visit:
        [one] = waiting(visit)
        read(desk.door, visit, one.duty.duty_id)
        kept_on(desk.door, visit, one.duty)
        assert reading_purpose(visit, ada) == "operations"
        assert late(visit) == []
        assert others_for(visit, one.duty)
        answer(visit, one.duty.duty_id, "agreed", why=desk.typed("whyitmay"))
    with desk.visit("Tess") as visit:
        given = desk.door.release(visit, ada, WISH, entry_ids=entries, recipient=leaving.recipient)
        assert isinstance(given, Prepared), given


def going_on(desk):
    """What left without waiting is put to readers, goes on, and is read by whoever has it then."""
    assert pass_on_due(desk.vault, AT)
    first, *rest = to_read_afterwards(desk)
    name, duty_id = first
    other = "Thea" if name == "Olaf" else "Olaf"
    with desk.visit(name) as visit:
        pass_on(visit, duty_id, desk.person(other), why=desk.typed("passedon"))
    for name, duty_id in rest[:1]:
        with desk.visit(name) as visit:
            step_aside(visit, duty_id)
    with desk.visit("Tess") as visit:
        waits, _ = asked_by(visit)
        said = {"consultant": desk.typed("outside"), "why": desk.typed("outsidewhy")}
        with desk.refused(BadInput):
            say_for_consultant(visit, waits[0].duty.duty_id, "in_order", **said)
    for name, duty_id in to_read_afterwards(desk):
        with desk.visit(name) as visit:
            why = desk.typed("afterwards")
            say_afterwards(visit, duty_id, "less", why=why, to_do=["correct"])


def to_read_afterwards(desk):
    """Who has what to read that has left."""
    found = []
    for name in ("Olaf", "Thea", "Sue"):
        with desk.visit(name) as visit:
            found += [(name, one.duty.duty_id) for one in waiting(visit) if one.is_after]
    return found


def standing_in(desk):
    """A reason and a consultant, as in a practice of one: for a moment nobody here could read."""
    ada = desk.clients["Ada"]
    entries = frozenset(desk.entries[one] for one in WISH.wants)
    leaving = Leaving(wish=WISH, recipient=desk.typed("court"), entry_ids=entries)
    said = {"consultant": desk.typed("consultant"), "reason": desk.typed("reason")}
    with desk.visit("Tess") as visit:
        with desk.refused(BadInput):
            stand_in(desk.door, visit, ada, leaving, **said)
        with mock.patch.object(second_readers, "check_nobody"):
            stand_in(desk.door, visit, ada, leaving, **said)
