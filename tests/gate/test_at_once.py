"""Many at once in one record: nobody is shown an alarm, and a true one is still raised."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from angerona.errors import Altered
from angerona.gate.results import Kept, Shown

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
