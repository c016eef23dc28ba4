"""Out of office: who is away, who stands in, and who may say so."""

import datetime

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.practice.absences import absences_of, deputy_of, is_away, say_away, take_back
from angerona.practice.colleagues import give_post, on_call
from angerona.practice.leaving import shut_out
from angerona.practice.roles import own_changes
from angerona.sealed.checking import check_rows
from owed_duties import DAY, copy, practice
from prepared_practice import AT

__all__ = ["copy", "practice"]


def away(practice, name, deputy="Cora", *, first=0, last=7, by=None, at=AT):
    practice.open(by or name, at)
    with practice.visit(by or name, at) as visit:
        whom = None if deputy is None else practice.people[deputy]
        say_away(visit, practice.people[name], AT + first * DAY, AT + last * DAY, whom)


def is_gone(practice, name, days=0):
    return is_away(practice.vault, practice.people[name], AT + days * DAY)


def deputy(practice, name, days=0):
    found = deputy_of(practice.vault, practice.people[name], AT + days * DAY)
    return None if found is None else found.row.name


def test_somebody_is_away_from_its_first_moment_until_its_last(practice):
    away(practice, "Sue", first=1, last=3)
    assert [is_gone(practice, "Sue", days) for days in range(5)] == [0, 1, 1, 0, 0]
    assert [deputy(practice, "Sue", days) for days in (0, 1)] == [None, "Cora"]
    [line] = practice.vault.ledger.lines_of(practice.people["Sue"])[-1:]
    assert (line.kind, line.body["what"]) == ("member", "out of office")
    assert line.body["whom"]["name"] == "Cora"
    practice.open("Sue")
    with practice.visit("Sue") as visit:
        assert "Sue wrote that you are away" in own_changes(visit)[0][1]
    assert check_rows(practice.vault, AT) == []


def test_where_the_deputy_is_away_too_the_next_stands_in(practice):
    away(practice, "Sue")
    away(practice, "Cora", "Olaf")
    assert deputy(practice, "Sue") == "Olaf"
    away(practice, "Olaf", "Sue")
    assert deputy(practice, "Sue") is None


def test_a_deputy_who_has_left_stands_in_for_nobody(practice):
    away(practice, "Sue", "Stan")
    with practice.visit("Thea") as visit:
        shut_out(visit, practice.people["Stan"], posts={})
    assert deputy(practice, "Sue") is None


def test_one_says_it_of_oneself_and_the_officer_of_anybody(practice):
    away(practice, "Sue", by="Olaf")
    assert is_gone(practice, "Sue")
    with pytest.raises(NotPermitted):
        away(practice, "Cora", "Sue", by="Tess")
    with practice.visit("Tess") as visit, pytest.raises(NotPermitted):
        absences_of(visit, practice.people["Sue"])
    with practice.visit("Olaf") as visit, pytest.raises(Unknown):
        absences_of(visit, bytes(16))


def test_it_is_taken_back_and_what_has_begun_is_over(practice):
    away(practice, "Sue", first=-1)
    away(practice, "Sue", first=8, last=9)
    with practice.visit("Sue") as visit:
        take_back(visit, practice.people["Sue"], AT - DAY)
        assert [one.since for one in absences_of(visit, practice.people["Sue"])] == [AT + 8 * DAY]
        with pytest.raises(BadInput, match="never said"):
            take_back(visit, practice.people["Sue"], AT)
    assert not is_gone(practice, "Sue")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"first": -3, "last": -1}, "until"),
        ({"first": 2, "last": 2}, "until"),
        ({"first": 6, "last": 9}, "from"),
        ({"first": 20, "last": 21, "deputy": None}, "deputy"),
        ({"first": 20, "last": 21, "deputy": "Sue"}, "deputy"),
    ],
)
def test_what_cannot_be_an_absence_is_said(practice, more, place):
    away(practice, "Sue")
    with pytest.raises(BadInput) as problem:
        away(practice, "Sue", **more)
    assert problem.value.place == place


def test_so_many_lie_ahead_and_no_more(practice):
    for number in range(12):
        away(practice, "Sue", first=2 * number, last=2 * number + 1)
    with pytest.raises(BadInput, match="too many"):
        away(practice, "Sue", first=50, last=51)
    away(practice, "Sue", first=50, last=51, at=AT + datetime.timedelta(days=1))


def test_whoever_is_on_call_and_away_is_not_called_unless_everybody_is(practice):
    def called():
        return [one.row.name for one in on_call(practice.vault, AT)]

    with practice.visit("Thea") as visit:
        give_post(visit, practice.people["Stan"], "on_call")
    assert called() == ["Nina", "Stan", "Thea"]
    away(practice, "Nina")
    assert called() == ["Stan", "Thea"]
    away(practice, "Stan")
    away(practice, "Thea")
    assert called() == ["Nina", "Stan", "Thea"]
