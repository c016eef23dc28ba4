"""Many at once in one record: nobody is shown an alarm, and a true one is still raised."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from angerona.errors import Altered, AuthorityMoved, Unopenable
from angerona.gate import door
from angerona.gate.results import Kept, Shown
from angerona.practice.ties import begin_tie, turn_keys
from angerona.sealed.holding import held_keys, key_for

THREADS = 6
EACH = 15


@pytest.fixture
def client(practice):
    return practice.client("Ada")


def test_many_who_write_and_look_at_once_raise_no_alarm(practice, client):
    def work(number):
        for turn in range(EACH):
            text = f"note {turn} of thread {number}"
            assert isinstance(practice.keep("Thea", client, "progress_note", text), Kept)
            assert isinstance(practice.look("Thea", client), Shown)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    assert len(practice.look("Thea", client).entries) == THREADS * EACH


def test_of_two_who_begin_a_shared_record_at_once_neither_is_turned_away(
    practice, client, monkeypatch
):
    with practice.visit("Thea") as visit:
        begin_tie(visit, client, practice.people["Sue"], "treating", until=None)
    real = door.begin_shared_key

    def meanwhile(*given):
        monkeypatch.setattr(door, "begin_shared_key", real)
        assert isinstance(practice.keep("Sue", client, "shared_record", "hers"), Kept)
        return real(*given)

    monkeypatch.setattr(door, "begin_shared_key", meanwhile)
    assert isinstance(practice.keep("Thea", client, "shared_record", "his"), Kept)


def without(practice, client, place):
    """Take a row out of the store, behind the ledger's back."""
    here = {"practice_id": practice.vault.practice_id, "client_id": client}
    practice.vault.store.write(lambda w: w.run("entries.delete", place=place, **here)).result()


def test_a_row_that_went_before_it_was_listed_is_missed(practice, client):
    practice.keep("Thea", client, "progress_note", "first")
    practice.look("Thea", client)
    practice.keep("Thea", client, "progress_note", "second")
    without(practice, client, place=1)
    with pytest.raises(Altered):
        practice.look("Thea", client)


def test_a_row_that_went_after_it_was_listed_is_missed(practice, client):
    practice.keep("Thea", client, "progress_note", "first")
    practice.look("Thea", client)
    without(practice, client, place=0)
    practice.keep("Thea", client, "progress_note", "second")
    with pytest.raises(Altered):
        practice.look("Thea", client)


def test_a_row_that_nobody_kept_is_found(practice, client):
    practice.keep("Thea", client, "progress_note", "first")
    practice.look("Thea", client)
    vault = practice.vault
    here = {"practice_id": vault.practice_id, "client_id": client}
    [row] = vault.store.rows("entries.of_client", **here)
    names = ("entry_id", "version", "class_byte", "author_id", "digest", "blob")
    twice = dict(zip(names, row[1:], strict=True)) | {"entry_id": bytes(16)}
    vault.store.write(lambda w: w.run("entries.insert", place=2, **twice, **here)).result()
    practice.keep("Thea", client, "progress_note", "second")
    with pytest.raises(Altered):
        practice.look("Thea", client)


@pytest.fixture
def turned(practice, client):
    """A client's authority as it was before the keys turned, and Thea newly signed in."""
    practice.keep("Thea", client, "progress_note", "first")
    authority = practice.vault.authority(client)
    with practice.visit("Thea") as visit:
        turn_keys(visit, client)
    practice.open("Thea")
    return authority


def test_keys_that_turned_after_the_decision_are_found(practice, turned):
    with practice.visit("Thea") as visit:
        before = key_for(visit, turned, "progress", 1)
        assert before != key_for(visit, turned, "progress", 2)


def test_keys_that_turned_are_not_changed_on_what_was_gathered_before(practice, turned):
    with practice.visit("Thea") as visit, pytest.raises(AuthorityMoved):
        held_keys(visit, turned)


def test_a_key_that_is_on_no_sheet_is_not_looked_for_twice(practice, turned):
    now = practice.vault.authority(turned.client_id)
    with practice.visit("Thea") as visit, pytest.raises(Unopenable):
        key_for(visit, now, "progress", 3)


def test_a_version_that_somebody_wrote_into_the_store_opens_nothing(practice, turned):
    vault = practice.vault
    now = vault.authority(turned.client_id)
    place = {"practice_id": vault.practice_id, "client_id": turned.client_id}
    vault.store.write(lambda writing: writing.run("clients.move_authority", **place)).result()
    with practice.visit("Thea") as visit, pytest.raises(AuthorityMoved):
        key_for(visit, now, "progress", 3)
