"""Pages open the duties that they show, and a row that was touched is never taken as known."""

import contextlib

import apsw
import pytest

from angerona.errors import Unopenable
from angerona.gate.announcing import Act, announced
from angerona.practice.deadlines import board, due_moments
from angerona.practice.duties import calls_waiting, fulfil, owed
from angerona.practice.matters import open_matters
from angerona.practice.oversight import desk
from angerona.practice.reminders import remind
from angerona.practice.second_readers import waiting
from angerona.practice.watching import UNUSUAL, alarms_waiting
from angerona.sealed.duties import DutyRow, new_duty, sighted
from angerona.sealed.rows import Directory
from owed_duties import AT, DAY, copy, glass, practice

__all__ = ["copy", "practice"]


def alarms(visit):
    with visit.vault.store.snapshot() as reading:
        return alarms_waiting(visit.vault, reading)


PAGES = {
    "calls": calls_waiting,
    "matters": open_matters,
    "readings": waiting,
    "reminders": lambda visit: remind(visit.vault, visit.at),
    "calendar": lambda visit: due_moments(visit.vault, visit.unlocked.person_id, visit.at),
}
"""What shows none of the reviews that are owed here, or nothing but when they are due."""


@pytest.fixture
def opened(monkeypatch):
    """How many rows of duties were opened, by whatever runs in the test."""
    counted, real = [], Directory.open

    def count(self, kind, blob, *ids):
        if kind is DutyRow:
            counted.append(ids)
        return real(self, kind, blob, *ids)

    monkeypatch.setattr(Directory, "open", count)
    return counted


@contextlib.contextmanager
def as_officer(practice, at=AT):
    practice.open("Olaf", at)
    with practice.visit("Olaf", at) as visit:
        yield visit


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_what_is_new_and_nothing_that_it_does_not_show(practice, copy, opened, page):
    for _ in range(3):
        glass(practice, copy.clients["Ada"])
    with as_officer(practice) as visit:
        PAGES[page](visit)
        del opened[:]
        PAGES[page](visit)
        assert opened == []
        glass(practice, copy.clients["Otto"])
        del opened[:]
        found = PAGES[page](visit)
        assert len(opened) == 1
    if page == "calendar":
        assert len(found) == 4


def test_alarms_are_counted_without_opening_them_anew(practice, opened):
    vault = practice.vault
    row = DutyRow(client_id=vault.practice_id, act="look", by=bytes(16), at=AT, owed=b"")
    found = [
        new_duty(row, id=UNUSUAL, kind="review", what="settle it", kinds=kinds)
        for kinds in (["many"], ["own_name"], ["own_name", "searching"])
    ]
    announced(vault, Act(vault.practice_id, "oversight", {}, owes=tuple(found)), AT, authority=None)
    with as_officer(practice) as visit:
        assert alarms(visit) == 2
        assert len(opened) == 3
        assert (alarms(visit), len(opened)) == (2, 3)


def test_the_board_of_somebody_opens_no_duty_of_others(practice, copy, opened):
    for client in copy.clients.values():
        glass(practice, client)
    with practice.visit("Theo") as visit:
        board(visit)
        del opened[:]
        assert [one.owing.client for group in board(visit).values() for one in group] == ["Otto"]
    assert len(opened) == 1


def test_what_was_done_long_ago_is_not_there_to_be_opened(practice, copy, opened):
    [duty] = glass(practice, copy.clients["Ada"]).owed
    with as_officer(practice) as visit:
        fulfil(visit, copy.clients["Ada"], duty.duty_id, how="read")
        del opened[:]
        assert (owed(visit), desk(visit).owed, calls_waiting(visit)) == ([], 0, 0)
    assert opened == []


def touched(copy, sql):
    connection = apsw.Connection(str(copy.database))
    connection.execute(sql)
    connection.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE duties SET row = zeroblob(900)",
        "UPDATE duties SET client_id = practice_id",
        "UPDATE duties SET duty_id = zeroblob(16)",
        "UPDATE duties SET row = (SELECT row FROM clients LIMIT 1)",
    ],
)
def test_a_row_that_was_touched_is_opened_and_refused(practice, copy, sql):
    glass(practice, copy.clients["Ada"])
    with as_officer(practice) as visit:
        assert desk(visit).owed == 1
        touched(copy, sql)
        for page in (calls_waiting, desk, owed, open_matters):
            with pytest.raises(Unopenable):
                page(visit)


def test_two_rows_that_changed_places_are_refused(practice, copy):
    for client in copy.clients.values():
        glass(practice, client)
    with as_officer(practice, AT + DAY) as visit:
        assert desk(visit).owed == 2
        touched(
            copy,
            "UPDATE duties SET row = (SELECT row FROM duties AS other"
            " WHERE other.duty_id != duties.duty_id)",
        )
        with pytest.raises(Unopenable):
            desk(visit)


def test_a_glance_tells_what_the_whole_row_does(practice, copy):
    glass(practice, copy.clients["Ada"])
    vault = practice.vault
    for _ in range(2):
        with vault.store.snapshot() as reading:
            [one] = sighted(vault, reading, "duties.all")
        assert one.glance == one.opened(vault).glance
