"""Appending durably and vouching for it, on both databases, with real failures and real threads."""

import os
import threading
from concurrent.futures import wait

import apsw
import pytest

from angerona.errors import (
    Altered,
    AuthorityMoved,
    BadInput,
    StoreConflict,
    StoreFailed,
    Unknown,
)
from angerona.ledger.lines import ENTRIES, KEYS, Line
from angerona.ledger.remembering import Remembered
from angerona.ledger.tree import Frontier
from angerona.ledger.verifying import EMPTY_ROOT, ZERO
from ledgers import (
    AT,
    ON_SQLITE,
    PRACTICE,
    enrolled,
    findings,
    held,
    look,
    opened,
    places,
    size_of,
    write,
)

A, B = b"a" * 32, b"b" * 32


@ON_SQLITE
def test_each_subject_counts_its_own_lines(store, ledger):
    first, second = enrolled(store, ledger, 2)
    write(ledger, look(first), look(second), look(first))
    assert places(ledger, first) == [0, 1]
    assert places(ledger, second) == [0]
    assert [line.seq for line in ledger.lines_of(first)] == [0, 2]
    assert ledger.state_of(first).n == 2
    assert ledger.state_of(first).label != ledger.state_of(second).label


@ON_SQLITE
def test_a_subject_without_lines_has_an_empty_state(store, ledger):
    [client] = enrolled(store, ledger)
    state = ledger.state_of(client)
    assert (state.n, state.root, state.keys, state.entries) == (0, EMPTY_ROOT, ZERO, ZERO)
    assert ledger.lines_of(client) == []


@ON_SQLITE
def test_nobody_knows_a_subject_that_is_not_enrolled(store, ledger):
    stranger = os.urandom(16)
    with pytest.raises(Unknown):
        ledger.state_of(stranger)
    with pytest.raises(Unknown):
        write(ledger, look(stranger))
    [client] = enrolled(store, ledger)
    write(ledger, look(client))
    assert ledger.state_of(client).n == 1


def test_a_slot_binds_and_its_epoch_is_in_the_same_group(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, Line(client, "keys", {}, slot=KEYS, binding=A))
    assert size_of(ledger.head()) == 2
    write(ledger, Line(client, "kept", {}, slot=ENTRIES, binding=B), look(client))
    state = ledger.state_of(client)
    assert (state.n, state.keys, state.entries) == (3, A, B)
    write(ledger, Line(client, "keys", {}, slot=KEYS, binding=B))
    assert (ledger.state_of(client).keys, ledger.state_of(client).entries) == (B, B)
    assert findings(store) == []


def test_changes_and_line_are_written_together_or_not_at_all(store, ledger):
    [client] = enrolled(store, ledger)

    def change(writing):
        writing.run("settings.insert", practice_id=PRACTICE, name="a", row=b"row")

    def fail(writing):
        change(writing)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        ledger.append(look(client), AT, authority=None, changes=fail).result()
    assert ledger.state_of(client).n == 0
    ledger.append(look(client), AT, authority=None, changes=change).result()
    with pytest.raises(StoreConflict):
        ledger.append(look(client), AT, authority=None, changes=change).result()
    assert ledger.state_of(client).n == 1
    assert len(store.rows("settings.all", practice_id=PRACTICE)) == 1
    assert findings(store) == []


def test_a_job_that_fails_in_a_group_leaves_no_gap(store, ledger):
    first, second = enrolled(store, ledger, 2)

    def fail(_writing):
        raise ValueError

    let_go = held(store)
    futures = [
        ledger.append(look(one), AT, authority=None, changes=changes)
        for one, changes in [(first, None), (second, fail), (second, None), (first, fail)]
    ]
    several = ledger.append_all([look(first), look(os.urandom(16))], AT, authority={}, changes=None)
    let_go.set()
    wait([*futures, several])
    assert [future.exception() is None for future in futures] == [True, False, True, False]
    assert isinstance(several.exception(), Unknown)
    assert [line.seq for one in (first, second) for line in ledger.lines_of(one)] == [0, 1]
    ledger.checkpoint(AT)
    assert findings(store) == []


def test_a_group_that_fails_leaves_no_trace(store, ledger):
    first, second = enrolled(store, ledger, 2)
    write(ledger, look(first))
    ledger.checkpoint(AT)
    before = ledger.head(), ledger.state_of(first), ledger.state_of(second)
    broken = threading.Event()

    def refuse(_writing):
        if broken.is_set():
            raise StoreFailed("the disk failed")

    store.on_group(refuse, lambda: None, lambda: None)
    broken.set()
    with pytest.raises(StoreFailed):
        write(ledger, look(first), look(second))
    with pytest.raises(StoreFailed):
        write(ledger, Line(first, "keys", {}, slot=KEYS, binding=A))
    with pytest.raises(StoreFailed):
        ledger.checkpoint(AT)
    assert before == (ledger.head(), ledger.state_of(first), ledger.state_of(second))
    broken.clear()
    write(ledger, look(second), Line(first, "keys", {}, slot=KEYS, binding=B))
    assert places(ledger, first) == [0, 1]
    assert places(ledger, second) == [0]
    assert ledger.state_of(first).keys == B
    assert findings(store) == []


def with_client(store, client, version):
    place = {"practice_id": PRACTICE, "client_id": client}
    store.write(
        lambda writing: writing.run("clients.insert", **place, authority=version, row=b"row")
    ).result()
    return place


def test_nothing_is_written_under_an_authority_that_moved(store, ledger):
    [client] = enrolled(store, ledger)
    place = with_client(store, client, 3)
    ledger.append(look(client), AT, authority=3, changes=None).result()

    def revoke(writing):
        writing.run("clients.update", **place, authority=4, row=b"row")

    ledger.append(Line(client, "revocation"), AT, authority=3, changes=revoke).result()
    for stale in (3, 5):
        with pytest.raises(AuthorityMoved):
            ledger.append(look(client), AT, authority=stale, changes=revoke).result()
    [stranger] = enrolled(store, ledger)
    with pytest.raises(AuthorityMoved):
        ledger.append(look(stranger), AT, authority=1, changes=None).result()
    assert ledger.state_of(client).n == 2


def test_of_two_who_gathered_the_same_authority_only_the_first_changes_it(store, ledger):
    [client] = enrolled(store, ledger)
    place = with_client(store, client, 1)

    def change(writing):
        writing.run("clients.update", **place, authority=2, row=b"row")

    let_go = held(store)
    futures = [ledger.append(look(client), AT, authority=1, changes=change) for _ in range(2)]
    let_go.set()
    wait(futures)
    assert futures[0].exception() is None
    assert isinstance(futures[1].exception(), AuthorityMoved)
    assert ledger.state_of(client).n == 1


@ON_SQLITE
def test_several_lines_go_together(store, ledger):
    client, person = enrolled(store, ledger, 2)
    with_client(store, client, 1)
    written = ledger.append_all(
        [look(client), Line(person, "sign_in"), look(client)],
        AT,
        authority={client: 1},
        changes=None,
    ).result()
    assert [one.subject_id for one in written] == [client, person, client]
    assert places(ledger, client) == [0, 1]
    with pytest.raises(AuthorityMoved):
        ledger.append_all([look(client)], AT, authority={client: 2}, changes=None).result()


def test_an_id_or_label_is_enrolled_once(store, ledger):
    label, [client] = os.urandom(32), enrolled(store, ledger)

    def enrol(subject_id, name):
        store.write(lambda writing: ledger.enrol(writing, subject_id, name)).result()

    with pytest.raises(StoreConflict):
        enrol(client, label)
    enrol(other := os.urandom(16), label)
    write(ledger, look(other))
    for _ in range(2):
        with pytest.raises(BadInput, match="another subject's"):
            enrol(os.urandom(16), label)
        ledger.checkpoint(AT)
    for subject_id, name in [(bytes(16), label), (b"short", label), (os.urandom(16), b"short")]:
        with pytest.raises(BadInput, match="enrol"):
            enrol(subject_id, name)


@ON_SQLITE
def test_two_who_were_given_one_label_are_told_apart_at_the_first_line(store, ledger):
    """Nothing in the map or in memory tells of a label without lines, so both could be enrolled."""
    label, one, two = os.urandom(32), os.urandom(16), os.urandom(16)
    for subject_id in (one, two):
        store.write(lambda writing, it=subject_id: ledger.enrol(writing, it, label)).result()
    with pytest.raises(BadInput, match="another subject's"):
        ledger.append_all([look(one), look(two)], AT, authority={}, changes=None).result()
    write(ledger, look(one), look(one))
    with pytest.raises(BadInput, match="another subject's"):
        write(ledger, look(two))
    ledger.checkpoint(AT)
    with pytest.raises(Altered, match="state"):
        write(ledger, look(two))
    write(ledger, look(one))
    assert ledger.state_of(one).n == 3


@ON_SQLITE
def test_one_can_be_enrolled_and_written_about_in_one_job(ledger):
    client = os.urandom(16)
    line = Line(client, "keys", {}, slot=KEYS, binding=A)

    def enrol(writing):
        ledger.enrol(writing, client, os.urandom(32))

    ledger.append(line, AT, authority=None, changes=enrol).result()
    assert ledger.state_of(client).keys == A


def read(ledger, edge):
    """Every line behind an edge, page by page, with whether that was the rest."""
    found, is_whole = [], False
    while not is_whole:
        lines, is_whole = ledger.lines_after(edge)
        found += lines
    return found


def test_all_lines_are_read_in_one_pass_that_the_signed_head_vouches_for(store, ledger):
    assert ledger.lines_after(Frontier()) == ([], True)
    subjects = enrolled(store, ledger, 3)
    for _ in range(4):
        ledger.append_all([look(one) for one in subjects] * 100, AT, authority={}, changes=None)
        ledger.checkpoint(AT)
    edge = Frontier()
    first, is_whole = ledger.lines_after(edge)
    assert not is_whole
    found = first + read(ledger, edge)
    assert len(found) == 1_200 < edge.size == ledger.size
    for subject_id in subjects:
        assert [one for who, one in found if who == subject_id] == ledger.lines_of(subject_id)
    write(ledger, look(subjects[0]))
    assert [who for who, _ in read(ledger, edge)] == [subjects[0]]
    assert ledger.lines_after(edge) == ([], True)


def test_what_was_read_and_is_not_the_ledger_is_found_at_its_end(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, *[look(client)] * 5)
    for wrong in (Frontier(2, [A]), Frontier(4, [A]), Frontier(8, [A])):
        with pytest.raises(Altered):
            read(ledger, wrong)


@pytest.mark.parametrize("gone", [0, 1, 4])
def test_a_line_that_was_cut_off_or_out_ends_the_pass(file_store, tmp_path, gone):
    ledger = opened(file_store)
    [client] = enrolled(file_store, ledger)
    write(ledger, *[look(client)] * 5)
    connection = apsw.Connection(str(tmp_path / "practice" / "angerona.db"))
    connection.execute("DELETE FROM events WHERE seq = ?", (gone,))
    connection.close()
    with pytest.raises(Altered):
        read(ledger, Frontier())


def test_many_threads_write_one_ledger(store, ledger):
    subjects = enrolled(store, ledger, 4)
    each, threads = 40, 4
    seen, failures = [], []

    def work(number):
        try:
            for turn in range(each):
                subject_id = subjects[(number + turn) % len(subjects)]
                slot = {"slot": ENTRIES, "binding": os.urandom(32)} if turn % 7 == 0 else {}
                before = ledger.state_of(subject_id).n
                write(ledger, Line(subject_id, "kept", {"n": turn}, **slot))
                assert ledger.state_of(subject_id).n > before
                assert len(ledger.lines_of(subject_id)) > before
                if turn % 10 == 0:
                    ledger.checkpoint(AT)
                    seen.append(ledger.head())
                    ledger.receipt(subject_id, since=None, at=AT)
        except Exception as problem:  # noqa: BLE001 -- told to the test below
            failures.append(problem)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert sum(ledger.state_of(one).n for one in subjects) == each * threads
    assert findings(store, remembered=seen) == []
    assert all(ledger.compare(head) is Remembered.FINE for head in seen)


def test_several_lines_go_with_their_change(store, ledger):
    [client] = enrolled(store, ledger)

    def change(writing):
        writing.run("settings.insert", practice_id=PRACTICE, name="a", row=b"row")

    for _ in range(2):
        future = ledger.append_all([look(client)] * 2, AT, authority={}, changes=change)
        wait([future])
    assert isinstance(future.exception(), StoreConflict)
    assert ledger.state_of(client).n == 2


def test_what_a_line_binds_may_be_worked_out_in_its_own_transaction(store, ledger):
    """Two who add to the same list in one group: the second builds on the first."""
    [client] = enrolled(store, ledger)

    def add(writing):
        before = ledger.now(writing, client)
        return bytes([before.n + 1]) + before.entries[:31]

    let_go = held(store)
    line = Line(client, "kept", {}, slot=ENTRIES)
    futures = [ledger.append(line, AT, authority=None, changes=add) for _ in range(3)]
    let_go.set()
    wait(futures)
    assert ledger.state_of(client).entries == b"\3\2\1" + bytes(29)
    with pytest.raises(BadInput, match="without a slot"):
        ledger.append(look(client), AT, authority=None, changes=add).result()
    with pytest.raises(Unknown):
        store.write(lambda writing: ledger.now(writing, os.urandom(16))).result()
    assert ledger.state_of(client).n == 3
