"""What is written for a second reader, and what stands in where there is none."""

from unittest import mock

from angerona.errors import BadInput
from angerona.gate.door import Prepared
from angerona.practice import second_readers
from angerona.practice.second_readers import (
    Leaving,
    answer,
    ask_reader,
    readers,
    stand_in,
    waiting,
)
from second_readings import WISH


def second_readings(desk):
    """Asked, agreed, and handed on."""
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
        answer(visit, one.duty.duty_id, "agreed", why=desk.typed("whyitmay"))
    with desk.visit("Tess") as visit:
        given = desk.door.release(visit, ada, WISH, entry_ids=entries, recipient=leaving.recipient)
        assert isinstance(given, Prepared), given


def standing_in(desk):
    """A reason and a consultant, as in a practice of one: for a moment nobody here could read."""
    ada = desk.clients["Ada"]
    entries = frozenset(desk.entries[one] for one in WISH.wants)
    leaving = Leaving(wish=WISH, recipient=desk.typed("court"), entry_ids=entries)
    said = {"consultant": desk.typed("consultant"), "reason": desk.typed("reason")}
    with desk.visit("Tess") as visit:
        with desk.refused(BadInput):
            stand_in(desk.door, visit, ada, leaving, **said)
        with mock.patch.object(second_readers, "readers", return_value=[]):
            stand_in(desk.door, visit, ada, leaving, **said)
