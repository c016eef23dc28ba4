"""What every store promises, on both databases."""

import os
import threading
import time
from concurrent.futures import CancelledError, wait

import pytest

from angerona.errors import (
    StoreClosed,
    StoreConflict,
    StoreError,
    StoreFailed,
    StoreMisused,
    StoreMoved,
)
from angerona.store import open_store
from angerona.store.group import JOBS_MAX

PRACTICE = bytes(range(16))


def put(name, row=b"row"):
    return lambda writing: writing.run("settings.insert", practice_id=PRACTICE, name=name, row=row)


def names(reading):
    return [name for name, _ in reading.rows("settings.all", practice_id=PRACTICE)]


def held(store):
    """Hold the writer thread in a job; what is handed in meanwhile becomes one group."""
    entered, let_go = threading.Event(), threading.Event()

    def job(_writing):
        entered.set()
        let_go.wait(10)

    future = store.write(job)
    entered.wait(10)
    return let_go, future


def in_one_group(store, jobs):
    let_go, _ = held(store)
    futures = [store.write(job) for job in jobs]
    let_go.set()
    wait(futures, 10)
    return futures


def test_what_was_written_is_read_back(store):
    assert store.write(put("a", b"\x00\xff")).result() == 1
    assert store.rows("settings.by_key", practice_id=PRACTICE, name="a") == [(b"\x00\xff",)]


def test_what_was_written_is_there_after_reopening(address):
    for name in "ab":
        store = open_store(address)
        store.write(put(name)).result()
        store.close()
    store = open_store(address)
    assert names(store) == ["a", "b"]
    store.close()


def test_numbers_and_texts_come_back_as_they_were(store):
    great, small = 2**63 - 1, -(2**63)
    for number in (great, small, 0, 2**31, 2**15):
        client = os.urandom(16)
        store.write(
            lambda writing, number=number, client=client: writing.run(
                "clients.insert", practice_id=PRACTICE, client_id=client, authority=number, row=b""
            )
        ).result()
        found = store.rows("clients.by_key", practice_id=PRACTICE, client_id=client)
        assert found == [(number, b"")]
    store.write(put("Ünïcode % :name 'quoted'")).result()
    assert names(store) == ["Ünïcode % :name 'quoted'"]


def test_a_job_that_raises_is_undone_alone(store):
    def fails(writing):
        put("lost")(writing)
        raise LookupError("mine")

    first, failed, last = in_one_group(store, [put("a"), fails, put("b")])
    assert (first.result(), last.result()) == (1, 1)
    with pytest.raises(LookupError, match="mine"):
        failed.result()
    assert names(store) == ["a", "b"]


def test_a_job_that_raises_alone_leaves_nothing(store):
    def fails(writing):
        put("lost")(writing)
        raise LookupError

    with pytest.raises(LookupError):
        store.write(fails).result()
    assert names(store) == []
    assert store.write(put("a")).result() == 1


def test_even_an_exit_in_a_job_does_not_end_the_writer(store):
    def leaves(_writing):
        raise SystemExit

    with pytest.raises(SystemExit):
        store.write(leaves).result()
    assert store.write(put("a")).result() == 1


def test_a_key_twice_is_a_conflict(store):
    one, two, other = in_one_group(store, [put("a"), put("a", b"other"), put("b")])
    assert (one.result(), other.result()) == (1, 1)
    with pytest.raises(StoreConflict, match="already there"):
        two.result()
    assert store.rows("settings.by_key", practice_id=PRACTICE, name="a") == [(b"row",)]


def test_a_job_that_caught_the_error_of_a_statement_has_failed_all_the_same(store):
    def goes_on(writing):
        try:
            put("a")(writing)
        except StoreConflict:
            return "as if nothing had happened"

    store.write(put("a")).result()
    with pytest.raises(StoreConflict):
        store.write(goes_on).result()
    other, failed = in_one_group(store, [put("b"), goes_on])
    assert other.result() == 1
    with pytest.raises(StoreConflict):
        failed.result()

    def again(writing):
        try:
            put("a")(writing)
        except StoreConflict:
            return put("c")(writing)

    with pytest.raises(StoreConflict):
        store.write(again).result()
    assert names(store) == ["a", "b"]


def test_a_hook_that_caught_the_error_of_a_statement_fails_the_group(store):
    def before(writing):
        try:
            put("a")(writing)
        except StoreConflict:
            return

    store.write(put("a")).result()
    store.on_group(before, lambda: None, lambda: None)
    with pytest.raises(StoreConflict):
        store.write(put("b")).result()
    assert names(store) == ["a"]


def test_a_job_sees_what_it_wrote_and_readers_do_not_yet(store):
    seen = []

    def job(writing):
        put("a")(writing)
        seen.append(names(writing))
        seen.append(names(store))

    store.write(job).result()
    assert seen == [["a"], []]
    assert names(store) == ["a"]


def test_a_snapshot_stays_at_one_moment(store):
    store.write(put("a")).result()
    with store.snapshot() as moment:
        assert names(moment) == ["a"]
        store.write(put("b")).result()
        assert names(moment) == ["a"]
        assert names(store) == ["a", "b"]
    with store.snapshot() as moment:
        assert names(moment) == ["a", "b"]


def test_a_snapshot_cannot_write(store):
    with pytest.raises(StoreError), store.snapshot() as moment:
        moment.rows("settings.delete", practice_id=PRACTICE, name="a")
    with pytest.raises(StoreError):
        store.rows("settings.delete", practice_id=PRACTICE, name="a")
    assert names(store) == []


def test_jobs_that_wait_share_one_commit(store):
    calls = []
    store.on_group(
        lambda _writing: calls.append("before"),
        lambda: calls.append("after"),
        lambda: calls.append("failure"),
    )
    futures = in_one_group(store, [put(f"{n:03}") for n in range(40)])
    assert [future.result() for future in futures] == [1] * 40
    assert calls == ["before", "after"] * 2  # The job that held the thread, then all the others.


def test_a_group_has_an_end(store):
    groups = []
    store.on_group(groups.append, lambda: None, lambda: None)
    in_one_group(store, [put(f"{n:04}") for n in range(JOBS_MAX + 1)])
    assert len(groups) == 3
    assert len(names(store)) == JOBS_MAX + 1


def test_before_commit_writes_in_the_same_transaction(store):
    store.on_group(put("line"), lambda: None, lambda: None)
    store.write(put("a")).result()
    assert names(store) == ["a", "line"]


def test_a_failing_before_commit_fails_the_whole_group(store):
    calls = []

    def before(writing):
        put("line")(writing)
        raise LookupError("the ledger")

    store.on_group(before, lambda: calls.append("after"), lambda: calls.append("failure"))
    futures = in_one_group(store, [put("a"), put("b")])
    for future in futures:
        with pytest.raises(LookupError, match="the ledger"):
            future.result()
    assert calls == ["failure"] * 2
    assert names(store) == []


def test_a_group_in_which_every_job_failed_is_not_committed(store):
    calls = []
    store.on_group(
        lambda _writing: calls.append("before"),
        lambda: calls.append("after"),
        lambda: calls.append("failure"),
    )
    store.write(put("a")).result()
    calls.clear()
    with pytest.raises(StoreConflict):
        store.write(put("a")).result()
    assert calls == ["failure"]


@pytest.mark.parametrize("which", ["after_commit", "after_failure"])
def test_a_hook_that_must_not_raise_and_does_stops_all_writing(store, which):
    def raises():
        raise LookupError("memory and store have parted")

    hooks = {"before_commit": put("line"), "after_commit": lambda: None}
    hooks |= {"after_failure": lambda: None, which: raises}
    store.on_group(**hooks)
    first = store.write(put("a"))
    if which == "after_commit":
        assert first.result() == 1  # It is durable, so whoever waits is told so.
    else:
        first.result()
        with pytest.raises(StoreConflict):
            store.write(put("a")).result()
    with pytest.raises((StoreClosed, StoreFailed)):
        store.write(put("b")).result()
    assert names(store) == ["a", "line"]


def test_a_group_that_others_disturbed_is_run_again(store):
    runs, failures = [], []
    store.on_group(lambda _writing: None, lambda: None, lambda: failures.append(1))

    def disturbed(writing):
        runs.append(1)
        put("a")(writing)
        if len(runs) < 3:
            raise StoreMoved("others were there")
        return "done"

    first, second = in_one_group(store, [put("b"), disturbed])
    assert (first.result(), second.result()) == (1, "done")
    assert (len(runs), len(failures)) == (3, 2)
    assert names(store) == ["a", "b"]


def test_a_group_that_is_disturbed_again_and_again_fails(store):
    def disturbed(_writing):
        raise StoreMoved("others were there")

    first, second = in_one_group(store, [put("b"), disturbed])
    for future in (first, second):
        with pytest.raises(StoreMoved):
            future.result()
    assert names(store) == []


def test_what_waits_when_writing_stops_is_refused(store):
    def raises():
        raise LookupError("memory and store have parted")

    store.on_group(lambda _writing: None, raises, lambda: None)
    let_go, first = held(store)
    second = store.write(put("a"))
    let_go.set()
    first.result()
    with pytest.raises(StoreFailed, match="open the store again"):
        second.result()
    with pytest.raises(StoreClosed, match="writing has stopped"):
        store.write(put("b"))
    assert names(store) == []


def test_a_result_comes_after_the_commit_and_after_the_hooks(store):
    order = []
    store.on_group(lambda _writing: None, lambda: order.append("after"), lambda: None)
    future = store.write(put("a"))
    future.add_done_callback(lambda _future: order.append(names(store)))
    future.result()
    while len(order) < 2:
        time.sleep(0.001)
    assert order == ["after", ["a"]]


def test_a_job_that_was_called_off_in_time_does_not_run(store):
    let_go, _ = held(store)
    off, on = store.write(put("off")), store.write(put("on"))
    assert off.cancel()
    let_go.set()
    assert on.result() == 1
    with pytest.raises(CancelledError):
        off.result()
    assert names(store) == ["on"]


def test_a_job_cannot_hand_in_another(store):
    with pytest.raises(StoreMisused, match="may not hand in another"):
        store.write(lambda _writing: store.write(put("a")).result()).result()


def test_closing_finishes_what_was_handed_in(address):
    store = open_store(address)
    let_go, _ = held(store)
    futures = [store.write(put(f"{n:02}")) for n in range(30)]
    closing = threading.Thread(target=store.close)
    closing.start()
    let_go.set()
    closing.join()
    assert [future.result() for future in futures] == [1] * 30
    for use in (lambda: store.write(put("late")), lambda: names(store)):
        with pytest.raises(StoreClosed, match="closed"):
            use()
    store.close()


def test_many_threads_write_and_read_at_once(store):
    problems = []

    def work(number):
        try:
            for step in range(10):
                name = f"{number:02}.{step}"
                store.write(put(name)).result()
                assert name in names(store)
                with store.snapshot() as moment:
                    assert names(moment) == names(moment)
        except BaseException as problem:  # noqa: BLE001 -- shown by the thread that asserts
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert len(names(store)) == 120


def test_an_error_inside_a_snapshot_costs_only_its_connection(store):
    for _ in range(100):
        with pytest.raises(StoreMisused), store.snapshot() as moment:
            moment.rows("nothing.here")
    assert names(store) == []


@pytest.mark.parametrize(
    ("statement", "given", "message"),
    [
        ("settings.all", {}, "settings.all takes practice_id"),
        ("settings.all", {"practice_id": b"", "more": 1}, "settings.all takes practice_id"),
        ("settings.all", {"practice_id": 1.5}, "practice_id is a number; allowed: bytes"),
        ("settings.all", {"practice_id": True}, "practice_id is true; allowed: bytes"),
        ("settings.all", {"practice_id": bytearray(16)}, "practice_id is a bytearray"),
        (
            "settings.al",
            {"practice_id": b""},
            "no statement of this name; did you mean settings.all",
        ),
        ("settings.insert", {"practice_id": PRACTICE, "name": "a", "row": None}, "does not fit"),
        ("settings.insert", {"practice_id": PRACTICE, "name": "a", "row": 12}, "refused|not fit"),
        ("settings.insert", {"practice_id": PRACTICE, "name": "\ud800", "row": b""}, "not fit"),
        ("post_keys.of_person", {"practice_id": 2**63, "person_id": b""}, "refused|not fit"),
    ],
)
def test_a_misused_statement_is_named(store, statement, given, message):
    with pytest.raises(StoreError, match=message) as problem:
        store.write(lambda writing: writing.run(statement, **given)).result()
    assert "store" not in type(problem.value).__module__  # Never the driver's own error.
    assert store.write(put("b")).result() == 1


def test_a_message_never_repeats_a_value(store):
    store.write(put("whisper")).result()
    for job in (put("whisper"), put("whisper", 3)):
        with pytest.raises(StoreError) as problem:
            store.write(job).result()
        assert "whisper" not in str(problem.value)
