"""A ledger that is left and taken up again, set back, or held against what was remembered."""

import os

import pytest

from angerona.ciphers.signing import Signer
from angerona.errors import (
    Altered,
    BadInput,
    Forged,
    LedgerMoved,
    StoreConflict,
    Unknown,
)
from angerona.ledger import appending
from angerona.ledger.lines import KEYS, Line
from angerona.ledger.remembering import Remembered, compare
from angerona.ledger.shelf import Shelf
from angerona.ledger.states import Recent
from angerona.ledger.verifying import read_vkey, verify, verify_checkpoint
from angerona.store import open_store
from ledgers import (
    AT,
    DAY,
    DIRECTORY,
    ON_SQLITE,
    ORIGIN,
    PRACTICE,
    SIGNER,
    enrolled,
    findings,
    look,
    opened,
    size_of,
    write,
)

A, B = b"a" * 32, b"b" * 32


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
    [*_, (size, _, epoch)] = store.rows("heads.all", practice_id=PRACTICE)
    assert size - 8 < int.from_bytes(epoch) <= size
    assert findings(store) == []
    assert opened(store).state_of(client) == ledger.state_of(client)


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
        shelf.map_nodes(reading).write(A, 0, A, b"node")


def test_directory_key_of_another_length_is_refused(file_store):
    with pytest.raises(BadInput):
        opened(file_store, directory_key=DIRECTORY[:-1])


def test_the_signer_s_name_is_checked(file_store):
    with pytest.raises(BadInput, match="origin"):
        opened(file_store, origin="two words", signer=SIGNER)


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


def test_a_ledger_knows_whether_it_is_still_where_it_was(store, ledger):
    assert ledger.size == 0
    assert ledger.is_still_at(0)
    [client] = enrolled(store, ledger)
    write(ledger, look(client))
    assert ledger.size == 1
    assert ledger.is_still_at(1)
    assert not ledger.is_still_at(0)
    write(opened(store), look(client))
    assert not ledger.is_still_at(1), "somebody else wrote meanwhile"
