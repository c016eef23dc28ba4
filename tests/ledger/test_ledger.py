"""Appending durably and vouching for it, on both databases, with real failures and real threads."""

import datetime
import os
import threading
from concurrent.futures import wait

import pytest

from angerona.ciphers.signing import Signer
from angerona.errors import (
    Altered,
    AuthorityMoved,
    BadInput,
    Forged,
    LedgerMoved,
    StoreConflict,
    StoreFailed,
    Unknown,
)
from angerona.ledger import appending
from angerona.ledger.checking import fsck
from angerona.ledger.lines import ENTRIES, KEYS, Line
from angerona.ledger.remembering import Remembered, compare
from angerona.ledger.shelf import Shelf
from angerona.ledger.states import Recent
from angerona.ledger.verifying import EMPTY_ROOT, ZERO, read_vkey, verify, verify_checkpoint
from angerona.store import open_store
from ledgers import (
    AT,
    DAY,
    DIRECTORY,
    EVERYTHING,
    ORIGIN,
    PRACTICE,
    SIGNER,
    Keys,
    enrolled,
    look,
    opened,
    size_of,
    write,
)

A, B = b"a" * 32, b"b" * 32
# For what no database could change; the rest runs on both.
ON_SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def findings(store, **other):
    given = {**EVERYTHING, "keys": Keys(), "remembered": []} | other
    return fsck(store, PRACTICE, **given)


def places(ledger, subject_id):
    return [line.leaf.place for line in ledger.lines_of(subject_id)]


def held(store):
    """Hold the writer's thread in a job; what is handed in meanwhile becomes one group."""
    entered, let_go = threading.Event(), threading.Event()

    def job(_writing):
        entered.set()
        let_go.wait(10)

    store.write(job)
    entered.wait(10)
    return let_go


@ON_SQLITE
def test_a_line_is_written_and_read_again(store, ledger):
    [client] = enrolled(store, ledger)
    [written] = write(ledger, look(client, why="treatment", rule="us-hipaa.treatment"))
    [line] = ledger.lines_of(client)
    assert (line.event_id, line.leaf.commit) == (written.event_id, written.commit)
    assert written.subject_id == client
    assert (line.kind, line.at, line.held_until) == ("look", AT, None)
    assert line.body == {
        "by": "Dr. Thea Vale",
        "what": ["risk"],
        "why": "treatment",
        "rule": "us-hipaa.treatment",
    }
    assert line.raw.startswith(b'{"at":"2026-03-02T09:30:00Z","by":')


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


@ON_SQLITE
def test_a_checkpoint_covers_everything_and_is_signed_twice(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, look(client))
    note = ledger.checkpoint(AT)
    assert verify_checkpoint(note, ledger.key).size == 2
    assert note.count("— ") == 2
    again = ledger.checkpoint(AT + DAY)
    assert verify_checkpoint(again, ledger.key) == verify_checkpoint(note, ledger.key)
    assert [read_vkey(key).kind for key in ledger.published_keys()] == [1, 6]
    assert len(store.rows("heads.all", practice_id=PRACTICE)) == 1
    write(ledger, look(client), look(client))
    write(ledger, look(client))
    assert [row[0] for row in store.rows("heads.all", practice_id=PRACTICE)] == [2, 5]


@ON_SQLITE
def test_an_empty_ledger_can_have_a_checkpoint_and_receipts(store, ledger):
    assert ledger.head() == ""
    [client] = enrolled(store, ledger)
    with pytest.raises(BadInput, match="receipt"):
        ledger.receipt(client, since=None, at=AT)
    assert size_of(ledger.checkpoint(AT)) == 1
    proved = verify(ledger.receipt(client, since=None, at=AT), key=None, since=None)
    assert proved.lines == []
    write(ledger, look(client))
    ledger.checkpoint(AT)
    assert findings(store) == []


@pytest.mark.parametrize("checkpoints", [False, True])
def test_a_ledger_is_taken_up_where_it_was_left(address, checkpoints):
    store = open_store(address)
    ledger = opened(store)
    subjects = enrolled(store, ledger, 5)
    for turn in range(6):
        write(ledger, *[look(one) for one in subjects[: turn + 1]])
        if checkpoints and turn % 2:
            ledger.checkpoint(AT)
    write(ledger, Line(subjects[0], "keys", {}, slot=KEYS, binding=A), look(subjects[1]))
    states = {one: ledger.state_of(one) for one in subjects}
    head = ledger.head()
    store.close()
    store = open_store(address)
    ledger = opened(store)
    assert {one: ledger.state_of(one) for one in subjects} == states
    assert ledger.head() == head
    write(ledger, *[look(one) for one in subjects])
    ledger.checkpoint(AT)
    assert {one: ledger.state_of(one).n for one in subjects} == {
        one: states[one].n + 1 for one in subjects
    }
    assert ledger.compare(head) is Remembered.FINE
    assert findings(store, remembered=[head]) == []
    store.close()


@ON_SQLITE
def test_epochs_are_closed_unasked_so_that_a_start_stays_short(store, monkeypatch):
    monkeypatch.setattr(appending, "UNCOVERED_MAX", 8)
    ledger = opened(store)
    [client] = enrolled(store, ledger)
    for _ in range(20):
        write(ledger, look(client))
    sizes = [row[0] for row in store.rows("heads.all", practice_id=PRACTICE)]
    assert sizes[0] >= sizes[-1] - 8
    assert findings(store) == []
    assert opened(store).state_of(client) == ledger.state_of(client)


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


def test_a_second_writer_is_found_out_and_nothing_is_written(store, ledger):
    """Two ledgers over one store stand for two processes that both believe to be the only one."""
    [client] = enrolled(store, ledger)
    other = opened(store)
    write(ledger, look(client))
    with pytest.raises((LedgerMoved, StoreConflict)):
        write(other, look(client))
    with pytest.raises(LedgerMoved):
        other.checkpoint(AT)
    assert len(ledger.lines_of(client)) == 1


@ON_SQLITE
def test_a_key_that_does_not_belong_does_not_take_up_the_ledger(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, look(client))
    with pytest.raises(Altered, match="head"):
        opened(store, signer=Signer.from_seed(bytes(32)))
    with pytest.raises(Altered, match="head"):
        opened(store, origin="example.org/other")
    with pytest.raises(Altered):
        opened(store, directory_key=bytes(32))
    assert opened(store).state_of(client).n == 1


@ON_SQLITE
def test_an_erased_subject_still_counts(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, look(client), look(client))
    ledger.checkpoint(AT)
    keys = Keys()
    keys.erased.add(client)
    ledger = opened(store, keys=keys)
    lines = ledger.lines_of(client)
    assert [(line.kind, line.body, line.raw) for line in lines] == [(None, {}, None)] * 2
    proved = verify(ledger.receipt(client, since=None, at=AT), key=None, since=None)
    assert [line.body for line in proved.lines] == [None, None]
    with pytest.raises(Unknown):
        write(ledger, look(client))
    assert findings(store, keys=keys) == []


UNTIL = AT + 2 * DAY


@ON_SQLITE
def test_a_held_line_opens_when_its_hold_ends(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, look(client), Line(client, "disclosure", {"to": "police"}, held_until=UNTIL))
    ledger.checkpoint(AT)

    def shown(at):
        text = ledger.receipt(client, since=None, at=at)
        return [line.body is not None for line in verify(text, key=None, since=None).lines]

    assert shown(UNTIL - datetime.timedelta(seconds=1)) == [True, False]
    assert shown(UNTIL) == [True, True]
    assert [line.held_until for line in ledger.lines_of(client)] == [None, UNTIL]


@ON_SQLITE
def test_a_held_line_cannot_be_told_from_a_blank_one(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, Line(client, "disclosure", {"to": "police"}, held_until=UNTIL))
    [blank] = ledger.add_blanks([client], AT).result()
    assert blank.subject_id == client
    ledger.checkpoint(AT)
    text = ledger.receipt(client, since=None, at=AT)
    held_line, blank_line = verify(text, key=None, since=None).lines
    assert (
        (held_line.body, held_line.secret) == (blank_line.body, blank_line.secret) == (None, None)
    )
    # What is left of them is a label, a place and two hashes.
    assert held_line.leaf[:34] == blank_line.leaf[:34]
    assert held_line.leaf[106:] == blank_line.leaf[106:] == ZERO
    rows = store.rows("events.page", practice_id=PRACTICE, first=0)
    assert len({len(row[4]) for row in rows[:2]}) == len({len(row[5]) for row in rows[:2]}) == 1
    opens = verify(ledger.receipt(client, since=None, at=UNTIL), key=None, since=None).lines
    assert [line.body is not None for line in opens] == [True, False]


@ON_SQLITE
def test_blank_lines_go_to_everyone_named(store, ledger):
    subjects = enrolled(store, ledger, 3)
    ledger.add_blanks(subjects, AT).result()
    assert [ledger.lines_of(one)[0].kind for one in subjects] == ["blank"] * 3


def put_back(store, subject_id, statement, **other):
    place = {"practice_id": PRACTICE, "subject_id": subject_id}
    store.write(lambda writing: writing.run(statement, **place, **other)).result()


def test_a_state_that_was_put_back_is_noticed_before_it_is_used(store, ledger):
    [client] = enrolled(store, ledger)
    place = {"practice_id": PRACTICE, "subject_id": client}
    rows = [store.rows("subjects.by_key", **place)[0][0]]
    for binding in (A, B):
        write(ledger, Line(client, "keys", {}, slot=KEYS, binding=binding))
        rows.append(store.rows("subjects.by_key", **place)[0][0])
    for old in rows[:2]:
        put_back(store, client, "subjects.update", row=old)
        assert ledger.state_of(client).keys == B, "what is in memory needs no row"
        again = opened(store)
        with pytest.raises(Altered, match="state"):
            again.state_of(client)
        with pytest.raises(Altered, match="state"):
            write(again, look(client))
        with pytest.raises(Altered, match="state"):
            ledger.receipt(client, since=None, at=AT)
    put_back(store, client, "subjects.update", row=rows[-1])
    assert opened(store).state_of(client).keys == B


def test_a_store_set_back_under_a_running_ledger_is_noticed(file_store):
    ledger = opened(file_store)
    first, second = enrolled(file_store, ledger, 2)
    write(ledger, Line(first, "keys", {}, slot=KEYS, binding=A))
    old = file_store.rows("heads.all", practice_id=PRACTICE)
    write(ledger, Line(first, "keys", {}, slot=KEYS, binding=B))
    size, note, state = old[0]

    def set_back(writing):
        writing.run("heads.delete_all_but", practice_id=PRACTICE, kept=0)
        writing.run("heads.insert", practice_id=PRACTICE, size=size, note=note, state=state)

    file_store.write(set_back).result()
    with pytest.raises(Altered, match="head"):
        ledger.state_of(second)
    with pytest.raises(Altered, match="head"):
        ledger.receipt(first, since=None, at=AT)
    with pytest.raises(LedgerMoved):
        write(ledger, look(first))


@ON_SQLITE
def test_a_receipt_reaches_back_only_to_where_there_was_something(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, look(client))
    size = size_of(ledger.checkpoint(AT))
    for since in (0, -1, size + 1):
        with pytest.raises(BadInput, match="receipt"):
            ledger.receipt(client, since=since, at=AT)
    for since in range(1, size + 1):
        assert ledger.receipt(client, since=since, at=AT)
    with pytest.raises(Unknown):
        ledger.receipt(os.urandom(16), since=None, at=AT)


def test_remembered_heads_tell_a_rollback_and_a_fork(address, tmp_path):
    store = open_store(address)
    ledger = opened(store)
    [client] = enrolled(store, ledger)
    write(ledger, look(client))
    early = ledger.head()
    write(ledger, *[look(client)] * 300)
    late = ledger.checkpoint(AT)
    assert ledger.compare(early) is ledger.compare(late) is Remembered.FINE
    other_store = open_store(f"sqlite://{tmp_path}/other/angerona.db")
    other = opened(other_store)
    assert other.compare(early) is Remembered.ROLLBACK
    [client] = enrolled(other_store, other)
    write(other, look(client))
    assert other.compare(early) is Remembered.FORK
    assert other.compare(late) is Remembered.ROLLBACK
    assert {one.check for one in findings(other_store, remembered=[early])} == {"remembered"}
    stranger = opened(other_store_of(tmp_path), signer=Signer.from_seed(bytes(32)))
    with pytest.raises(Forged, match="remembered head"):
        stranger.compare(early)
    for crooked in ("", "no note", early.replace(ORIGIN, "example.org/other")):
        with pytest.raises(Forged, match="remembered head"):
            ledger.compare(crooked)
    other_store.close()
    store.close()


def other_store_of(tmp_path):
    return open_store(f"sqlite://{tmp_path}/stranger/angerona.db")


def test_a_past_that_cannot_be_read_any_more_is_another_past(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, look(client))

    def gone(_):
        raise Altered("a tile of the ledger")

    assert compare(ledger.head(), ledger.key, 1, gone) is Remembered.FORK


def test_several_lines_go_with_their_change(store, ledger):
    [client] = enrolled(store, ledger)

    def change(writing):
        writing.run("settings.insert", practice_id=PRACTICE, name="a", row=b"row")

    for _ in range(2):
        future = ledger.append_all([look(client)] * 2, AT, authority={}, changes=change)
        wait([future])
    assert isinstance(future.exception(), StoreConflict)
    assert ledger.state_of(client).n == 2


def test_what_was_not_used_for_longest_is_let_go_of():
    kept = Recent(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(name) for name in "abc"] == [1, None, 3]


def test_nodes_that_were_opened_to_be_read_are_not_written(store):
    shelf = Shelf.of(PRACTICE, DIRECTORY)
    with store.snapshot() as reading, pytest.raises(RuntimeError, match="to be read"):
        shelf.map_nodes(reading).write(b"place", A, b"node")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"kind": "peek"}, "no kind of line"),
        ({"body": {"kind": "look"}}, "'kind' is set by the ledger"),
        ({"body": {"at": 1}}, "'at' is set by the ledger"),
        ({"body": {"held_until": 1}}, "'held_until' is set by the ledger"),
        ({"slot": 3, "binding": A}, "no such binding"),
        ({"slot": KEYS, "binding": b"short"}, "no such binding"),
        ({"binding": A}, "a binding without a slot"),
        ({"held_until": UNTIL, "slot": KEYS, "binding": A}, "binds nothing"),
        ({"held_until": UNTIL.replace(tzinfo=None)}, "must have a zone"),
    ],
)
def test_a_line_that_could_not_be_read_again_is_refused(given, wrong):
    with pytest.raises(BadInput, match=wrong):
        Line(**({"subject_id": b"s" * 16, "kind": "look"} | given))


@pytest.mark.parametrize("body", [{"a": object()}, {"a": {1j: 2}}, {"a": "\ud800"}])
def test_a_body_that_json_cannot_say_is_refused(file_store, body):
    ledger = opened(file_store)
    with pytest.raises(BadInput, match="JSON"):
        ledger.append(Line(b"s" * 16, "look", body), AT, authority=None, changes=None)


def test_a_time_without_a_zone_is_refused(file_store):
    with pytest.raises(BadInput, match="zone"):
        opened(file_store).append(
            look(b"s" * 16), AT.replace(tzinfo=None), authority=None, changes=None
        )


@ON_SQLITE
def test_times_are_told_in_utc(store, ledger):
    [client] = enrolled(store, ledger)
    zone = datetime.timezone(datetime.timedelta(hours=-8))
    write(ledger, look(client), at=AT.astimezone(zone))
    assert ledger.lines_of(client)[0].raw.startswith(b'{"at":"2026-03-02T09:30:00Z"')


def test_directory_key_of_another_length_is_refused(file_store):
    with pytest.raises(BadInput):
        opened(file_store, directory_key=DIRECTORY[:-1])


def test_the_signer_s_name_is_checked(file_store):
    with pytest.raises(BadInput, match="origin"):
        opened(file_store, origin="two words", signer=SIGNER)


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


def test_a_snapshot_is_vouched_for_as_of_its_own_moment(store, ledger):
    covered, uncovered = enrolled(store, ledger, 2)
    write(ledger, Line(covered, "keys", {}, slot=KEYS, binding=A), look(uncovered))
    then = {one: ledger.state_of(one) for one in (covered, uncovered)}
    with store.snapshot() as reading:
        reading.rows("heads.all", practice_id=PRACTICE)
        write(ledger, Line(covered, "keys", {}, slot=KEYS, binding=B), look(uncovered))
        state_of = ledger.states_in(reading)
        assert {one: state_of(one) for one in then} == then
        with pytest.raises(Unknown):
            state_of(os.urandom(16))
    assert ledger.state_of(covered).keys == B
