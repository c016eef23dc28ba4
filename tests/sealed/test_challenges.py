"""Challenges: for one browser, for five minutes, answered once."""

import datetime
import os

import pytest

from angerona.sealed.challenges import LASTS, Challenges

AT = datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
MINE, ANOTHERS = os.urandom(32), os.urandom(32)


@pytest.fixture
def challenges():
    return Challenges()


def test_a_challenge_is_taken_once(challenges):
    made = challenges.new(MINE, AT)
    assert challenges.take(MINE, made, AT)
    assert not challenges.take(MINE, made, AT)


def test_no_two_are_the_same(challenges):
    assert challenges.new(MINE, AT) != challenges.new(MINE, AT)


def test_another_browser_cannot_answer_it(challenges):
    made = challenges.new(MINE, AT)
    assert not challenges.take(ANOTHERS, made, AT)
    assert challenges.take(MINE, made, AT), "and that does not use it up"


def test_it_ends_after_five_minutes(challenges):
    made = challenges.new(MINE, AT)
    assert not challenges.take(MINE, made, AT + LASTS + SECOND)
    assert challenges.take(MINE, made, AT + LASTS)


def test_what_was_answered_is_not_taken_again_however_much_came_between(challenges):
    made = challenges.new(MINE, AT)
    assert challenges.take(MINE, made, AT)
    for second in range(int(LASTS.total_seconds())):
        later = AT + second * SECOND
        assert challenges.take(MINE, challenges.new(MINE, later), later)
        assert not challenges.take(MINE, made, later)


@pytest.mark.parametrize("change", [0, 7, 8, 23, 24, 55])
def test_an_altered_one_is_none(challenges, change):
    made = bytearray(challenges.new(MINE, AT))
    made[change] ^= 1
    assert not challenges.take(MINE, bytes(made), AT)


@pytest.mark.parametrize("given", [b"", bytes(32), bytes(56), bytes(57)])
def test_what_is_none_is_none(challenges, given):
    assert not challenges.take(MINE, given, AT)


def test_another_process_made_none_of_these(challenges):
    assert not Challenges().take(MINE, challenges.new(MINE, AT), AT)


def test_what_was_made_for_one_act_is_taken_for_no_other(challenges):
    made = challenges.new(MINE, AT, act=b"a")
    assert not challenges.take(MINE, made, AT)
    assert not challenges.take(MINE, made, AT, act=b"b")
    assert challenges.take(MINE, made, AT, act=b"a")
    assert not challenges.take(MINE, challenges.new(MINE, AT), AT, act=b"a")
