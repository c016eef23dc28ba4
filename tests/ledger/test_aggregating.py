"""Lines that could flood the ledger: the first, and how many more in its minute."""

import datetime
import threading
from concurrent.futures import Future

import pytest

from angerona.errors import StoreFull
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
    assert repeats.write(failed(one), AT).subject_id == one
    for step in range(1, 60):
        assert repeats.write(failed(one), AT + step * SECOND) is None
    assert len(ledger.lines_of(one)) == 1
    assert repeats.write(failed(other), AT + SECOND)
    assert repeats.write(Line(one, "refusal"), AT + SECOND)
    [written] = repeats.tick(AT + MINUTE)
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
    repeats.write(failed(one), AT)
    assert repeats.tick(AT + MINUTE) == []
    assert len(ledger.lines_of(one)) == 1


def test_a_new_minute_begins_without_a_tick(case):
    ledger, repeats, [one, _] = case
    repeats.write(failed(one), AT)
    repeats.write(failed(one), AT)
    repeats.write(failed(one), AT + MINUTE)
    bodies = [body for _, _, body in told(ledger, one)]
    assert bodies == [{"name": "not known"}, {"more": 1, "in_the_minute": "09:30Z"}, bodies[0]]


def test_each_person_and_each_thing_seen_is_counted_apart_and_named(case):
    ledger, repeats, [one, _] = case
    fay, bill = ({"id": digit * 32, "name": name} for digit, name in (("a", "Fay"), ("b", "Bill")))
    for by, what in ((fay, "head"), (bill, "head"), (fay, "people"), (fay, "head")):
        repeats.write(Line(one, "look", {"by": by, "what": what}), AT)
    repeats.tick(AT + MINUTE)
    bodies = [body for _, _, body in told(ledger, one)]
    assert [(body["by"]["name"], body["what"], body.get("more")) for body in bodies] == [
        ("Fay", "head", None),
        ("Bill", "head", None),
        ("Fay", "people", None),
        ("Fay", "head", 1),
    ]


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
    assert written.subject_id == one
    assert [body.get("more") for _, _, body in told(ledger, one)] == [None, 199]


class Failing:
    """A ledger that cannot be written while it is told so: at once, or in the writer's hands."""

    def __init__(self, ledger, *, later):
        self._ledger = ledger
        self._later = later
        self.fails = False

    def __getattr__(self, name):
        return self._fail if self.fails else getattr(self._ledger, name)

    def _fail(self, *_, **__):
        problem, future = StoreFull("the disk"), Future()
        if not self._later:
            raise problem
        future.set_exception(problem)
        return future


@pytest.mark.parametrize("later", [False, True])
def test_what_cannot_be_written_is_said_and_still_owed(case, later):
    ledger, _, [one, _] = case
    broken = Failing(ledger, later=later)
    repeats = Repeats(broken)
    for _ in range(3):
        repeats.write(failed(one), AT)
    broken.fails = True
    with pytest.raises(StoreFull):
        repeats.tick(AT + MINUTE)
    for _ in range(2):
        with pytest.raises(StoreFull):
            repeats.write(failed(one), AT + MINUTE)
    broken.fails = False
    assert len(repeats.tick(AT + 2 * MINUTE)) == 3
    assert repeats.tick(AT + 2 * MINUTE) == []
    counted = [(body["in_the_minute"], body["more"]) for _, _, body in told(ledger, one)[1:]]
    assert counted == [("09:30Z", 2), ("09:31Z", 1), ("09:31Z", 1)]
