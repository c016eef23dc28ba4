"""Open sessions: keys live behind a cookie, and end with it."""

import datetime
import os
import pickle
import threading

import pytest

from angerona.errors import SignedOut
from angerona.sealed.people import new_person
from angerona.sealed.sessions import Agent

AT = datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
PRACTICE, PERSON, CLIENT = os.urandom(16), os.urandom(16), os.urandom(16)


@pytest.fixture
def agent():
    return Agent()


@pytest.fixture
def keys():
    return new_person()


def test_the_cookie_opens_the_session(agent, keys):
    cookie = agent.open(PRACTICE, PERSON, keys, AT)
    with agent.unlocked(cookie, AT) as unlocked:
        assert unlocked.keys.seed == keys.seed
        assert (unlocked.practice_id, unlocked.person_id) == (PRACTICE, PERSON)


@pytest.mark.parametrize("cookie", [b"", bytes(32)], ids=["empty", "made up"])
def test_another_cookie_opens_none(agent, keys, cookie):
    agent.open(PRACTICE, PERSON, keys, AT)
    with pytest.raises(SignedOut), agent.unlocked(cookie, AT):
        pass


def test_another_process_does_not_know_the_cookie(agent, keys):
    cookie = agent.open(PRACTICE, PERSON, keys, AT)
    with pytest.raises(SignedOut), Agent().unlocked(cookie, AT):
        pass


def test_idle_time_ends_it_and_use_keeps_it(agent, keys):
    cookie = agent.open(PRACTICE, PERSON, keys, AT)
    for minutes in (14, 28, 42):
        with agent.unlocked(cookie, AT + minutes * MINUTE):
            pass
    with pytest.raises(SignedOut), agent.unlocked(cookie, AT + 58 * MINUTE):
        pass
    with pytest.raises(SignedOut), agent.unlocked(cookie, AT + 43 * MINUTE):
        pass


def test_no_session_is_longer_than_half_a_day(agent, keys):
    cookie = agent.open(PRACTICE, PERSON, keys, AT)
    for quarter in range(1, 49):
        with agent.unlocked(cookie, AT + quarter * 15 * MINUTE):
            pass
    with pytest.raises(SignedOut), agent.unlocked(cookie, AT + 735 * MINUTE):
        pass


def test_sign_out_ends_it_twice_without_harm(agent, keys):
    cookie = agent.open(PRACTICE, PERSON, keys, AT)
    agent.close(cookie)
    agent.close(cookie)
    with pytest.raises(SignedOut), agent.unlocked(cookie, AT):
        pass


def test_all_sessions_of_a_person_end_together(agent, keys):
    theirs = [agent.open(PRACTICE, PERSON, keys, AT) for _ in range(3)]
    other = agent.open(PRACTICE, os.urandom(16), keys, AT)
    assert agent.close_all(PERSON) == 3
    for cookie in theirs:
        with pytest.raises(SignedOut), agent.unlocked(cookie, AT):
            pass
    with agent.unlocked(other, AT):
        pass


def test_keys_opened_in_a_session_are_kept_sealed(agent, keys):
    cookie = agent.open(PRACTICE, PERSON, keys, AT)
    key, name = os.urandom(32), (CLIENT, "progress", 1)
    with agent.unlocked(cookie, AT) as unlocked:
        assert unlocked.kept(name) is None
        unlocked.keep(name, key)
    with agent.unlocked(cookie, AT) as unlocked:
        assert unlocked.kept(name) == key
    agent.forget(PERSON, CLIENT)
    with agent.unlocked(cookie, AT) as unlocked:
        assert unlocked.kept(name) is None


def test_what_a_session_carries_is_sealed_and_ends_with_it(agent, keys):
    cookie, word = agent.open(PRACTICE, PERSON, keys, AT), b"a word nobody else reads"
    whole = agent.room(AT)
    with agent.unlocked(cookie, AT) as unlocked:
        unlocked.carry("one", word)
        unlocked.carry("two", b"")
        assert (unlocked.carried("one"), unlocked.carried("two")) == (word, b"")
        assert unlocked.carried("three") is None
        assert b"two" in everything_in(agent), "the scan finds what is there"
        assert word not in everything_in(agent)
        assert agent.room(AT) < whole - len(word)
        unlocked.put_down("two")
        unlocked.put_down("two")
        assert unlocked.carried("two") is None
        agent.close_all(PERSON)
        assert unlocked.carried("one") is None, "what runs at this moment finds nothing any more"
    assert agent.room(AT) == whole


def test_what_a_session_carries_is_swept_away_with_it(agent, keys):
    cookie = agent.open(PRACTICE, PERSON, keys, AT)
    whole = agent.room(AT)
    with agent.unlocked(cookie, AT) as unlocked:
        unlocked.carry("one", bytes(1_000))
    assert agent.room(AT + 14 * MINUTE) < whole
    assert agent.room(AT + 16 * MINUTE) == whole


def everything_in(agent):
    """All bytes that the table of sessions holds of what is carried."""
    return pickle.dumps([one.carried for one in agent._sessions.values()])  # noqa: SLF001 -- the same


def test_one_block_of_a_person_runs_at_a_time(agent):
    order, begun = [], threading.Event()

    def second():
        begun.set()
        with agent.alone(PERSON):
            order.append("second")

    thread = threading.Thread(target=second)
    with agent.alone(PERSON):
        with agent.alone(CLIENT):
            order.append("somebody else's")
        thread.start()
        begun.wait()
        order.append("first")
    thread.join()
    assert order == ["somebody else's", "first", "second"]


def test_the_table_holds_no_key_and_no_cookie(agent, keys):
    cookie = agent.open(PRACTICE, PERSON, keys, AT)
    key = os.urandom(32)
    with agent.unlocked(cookie, AT) as unlocked:
        unlocked.keep((CLIENT, "progress", 1), key)
    table = pickle.dumps(
        [(name, one.seed, one.kept, one.person_id) for name, one in agent._sessions.items()]  # noqa: SLF001 -- the very thing a reader of this memory would find
    )
    assert PERSON in table, "the scan finds what is there"
    for secret in (keys.seed, cookie, key):
        assert secret not in table


def test_sessions_that_are_over_are_swept_away(agent, keys):
    for _ in range(5):
        agent.open(PRACTICE, PERSON, keys, AT)
    agent.open(PRACTICE, PERSON, keys, AT + 20 * MINUTE)
    assert len(agent) == 1
