"""Lines that could flood the ledger: the first, and how many more in its minute."""

import datetime
import threading

import pytest

from angerona.ledger.aggregating import Repeats
from angerona.ledger.lines import Line
from ledgers import AT, enrolled, opened

SECOND = datetime.timedelta(seconds=1)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def case(file_store):
    ledger = opened(file_store)
    subjects = enrolled(file_store, ledger, 2)
    return ledger, Repeats(ledger), subjects


def told(ledger, subject_id):
    return [(line.kind, line.at, dict(line.body)) for line in ledger.lines_of(subject_id)]


def failed(subject_id):
    return Line(subject_id, "failed_sign_in", {"name": "not known"})


def test_the_first_is_written_at_once_and_the_rest_are_counted(case):
    ledger, repeats, [one, other] = case
    assert repeats.write(failed(one), AT).result().subject_id == one
    for step in range(1, 60):
        assert repeats.write(failed(one), AT + step * SECOND) is None
    assert len(ledger.lines_of(one)) == 1
    assert repeats.write(failed(other), AT + SECOND).result()
    assert repeats.write(Line(one, "refusal"), AT + SECOND).result()
    [written] = [future.result() for future in repeats.tick(AT + MINUTE)]
    assert written.subject_id == one
    assert told(ledger, one) == [
        ("failed_sign_in", AT, {"name": "not known"}),
        ("refusal", AT + SECOND, {}),
        ("failed_sign_in", AT + MINUTE, {"more": 59, "in_the_minute": "09:30Z"}),
    ]
    assert len(ledger.lines_of(other)) == 1


def test_a_tick_before_the_minute_is_over_writes_nothing(case):
    _, repeats, [one, _] = case
    repeats.write(failed(one), AT)
    repeats.write(failed(one), AT)
    assert repeats.tick(AT + 59 * SECOND) == []
    assert len(repeats.tick(AT + 60 * SECOND)) == 1
    assert repeats.tick(AT + 60 * SECOND) == []
    assert repeats.tick(AT - MINUTE) == []


def test_one_alone_leaves_no_count(case):
    ledger, repeats, [one, _] = case
    repeats.write(failed(one), AT).result()
    assert repeats.tick(AT + MINUTE) == []
    assert len(ledger.lines_of(one)) == 1


def test_a_new_minute_begins_without_a_tick(case):
    ledger, repeats, [one, _] = case
    repeats.write(failed(one), AT)
    repeats.write(failed(one), AT)
    repeats.write(failed(one), AT + MINUTE).result()
    bodies = [body for _, _, body in told(ledger, one)]
    assert bodies == [{"name": "not known"}, {"more": 1, "in_the_minute": "09:30Z"}, bodies[0]]


def test_nothing_is_lost_between_threads(case):
    ledger, repeats, [one, _] = case
    threads = [
        threading.Thread(target=lambda: [repeats.write(failed(one), AT) for _ in range(50)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [written] = repeats.tick(AT + MINUTE)
    written.result()
    assert [body.get("more") for _, _, body in told(ledger, one)] == [None, 199]
