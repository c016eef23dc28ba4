"""Once a day: blank lines for everybody, counts written, a checkpoint."""

import contextlib
import datetime

import pytest

from angerona.errors import Unknown, Unopenable
from angerona.ledger.lines import Line
from angerona.ledger.verifying import read_receipt
from angerona.practice.upkeep import keep_up
from angerona.sealed.held_lines import hold
from angerona.sealed.keyset import epoch_of
from small_practice import AT, MINUTE, founded

pytestmark = pytest.mark.usefixtures("quickly")

DAY = datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    practice = founded(tmp_path_factory.mktemp("practice") / "data")
    yield practice
    practice.vault.store.close()


def kinds(practice, subject_id):
    return [line.kind for line in practice.vault.ledger.lines_of(subject_id)]


def test_everybody_gets_one_blank_line_a_day(tmp_path):
    practice = founded(tmp_path / "data")
    clients = [practice.client(f"Ada Invented {number}") for number in range(3)]
    told = []
    assert keep_up(practice.vault, AT, step=told.append).blanks == 3
    assert told == [3]
    assert keep_up(practice.vault, AT + MINUTE).blanks == 0
    assert keep_up(practice.vault, AT + DAY).blanks == 3
    for client_id in clients:
        assert kinds(practice, client_id)[-2:] == ["blank", "blank"]
    practice.vault.store.close()


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_an_upkeep_that_is_killed_goes_on_where_it_was(tmp_path, monkeypatch, killed_after):
    """One closed line a day, a held one among them, however often the upkeep is broken off."""
    monkeypatch.setattr("angerona.practice.upkeep._BATCH", 2)
    practice = founded(tmp_path / "data")
    vault = practice.vault
    clients = sorted(practice.client(f"Ada Invented {number}") for number in range(5))
    waits = [Line(one, "look", {"what": "head"}) for one in (clients[0], clients[0], clients[4])]
    for line in waits:
        hold(vault, line, AT, until=AT + 30 * DAY, authority=None)
    before = {one: len(vault.ledger.lines_of(one)) for one in clients}

    class Killed(BaseException):
        pass

    def kill(done):
        if done >= min(2 * killed_after, 5):
            raise Killed

    for at in (AT, AT + MINUTE):
        with contextlib.suppress(Killed):
            keep_up(vault, at, step=kill)
    blanks = keep_up(vault, AT + 2 * MINUTE).blanks
    told = {one: vault.ledger.lines_of(one)[before[one] :] for one in clients}
    assert [[line.kind for line in told[one]] for one in clients] == [
        ["look"],
        ["blank"],
        ["blank"],
        ["blank"],
        ["look"],
    ]
    assert blanks == (1 if killed_after == 1 else 0)
    assert keep_up(vault, AT + DAY).blanks == 5
    assert [vault.ledger.lines_of(one)[-1].kind for one in clients] == ["look", *["blank"] * 4]
    assert keep_up(vault, AT + DAY + MINUTE).blanks == 0
    vault.store.close()


def test_a_blank_line_shows_in_a_receipt_as_a_closed_one(practice):
    client_id = practice.client("Otto Invented")
    keep_up(practice.vault, AT + 2 * DAY)
    text = practice.vault.ledger.receipt(client_id, since=None, at=AT + 2 * DAY)
    *_, last = read_receipt(text).lines
    assert last.body is None


def test_counts_of_refusals_are_written_when_their_minute_is_over(practice):
    at = AT + 3 * DAY
    practice.open("Thea", at)
    for _ in range(5):
        with practice.visit("Thea", at) as visit, pytest.raises(Unknown):
            practice.door.look(visit, bytes(16), purpose="treatment")
    keep_up(practice.vault, at + MINUTE)
    last = practice.vault.ledger.lines_of(practice.vault.practice_id)[-1]
    assert (last.kind, last.body["more"]) == ("refusal", 4)


def test_a_new_epoch_begins_when_its_time_comes(practice):
    at = AT + 40 * DAY
    keep_up(practice.vault, at)
    assert practice.vault.keyset.newest == epoch_of(at)
    client_id = practice.client("Una Invented")
    practice.open("Thea", AT)
    practice.keep("Thea", client_id, "progress_note", "in the new epoch")
    assert practice.look("Thea", client_id).entries[0][1].text == "in the new epoch"


def test_the_checkpoint_can_be_remembered_and_compared(practice):
    note = keep_up(practice.vault, AT + 41 * DAY).checkpoint
    assert practice.vault.ledger.compare(note)


@pytest.mark.parametrize("noun", ["wraps", "shares", "event_keys"])
def test_one_broken_row_keeps_no_old_key_alive(tmp_path, noun):
    practice = founded(tmp_path / "data")
    client_id = practice.client("Ada Invented")
    vault = practice.vault
    place = {"practice_id": vault.practice_id}
    statement = "event_keys.by_key" if noun == "event_keys" else f"{noun}.of_client"
    row = vault.store.rows(statement, client_id=client_id, **place)[0]
    key = {"event_keys": ("client_id", client_id), "wraps": ("wrap_id", row[0])}.get(
        noun, ("share_id", row[0])
    )
    changed = {key[0]: key[1], "epoch": row[-2], "blob": row[-1][:-1] + b"x"}
    vault.store.write(lambda writing: writing.run(f"{noun}.update", **place, **changed)).result()
    for days in (31, 32):
        keep_up(vault, AT + datetime.timedelta(days=days))
    assert vault.keyset.epochs == (epoch_of(AT + datetime.timedelta(days=32)),)
    said = [
        line.body["rows"]
        for line in vault.ledger.lines_of(vault.practice_id)
        if line.body.get("what") == "rows that open no more"
    ]
    assert said == [1]
    vault.store.close()


def test_an_altered_row_of_a_form_that_was_sent_keeps_no_key_from_turning(tmp_path):
    practice = founded(tmp_path / "data")
    vault, at = practice.vault, AT + datetime.timedelta(days=31)
    junk = {"sent_id": bytes(16), "row": b"x" * 64, "blob": b"x" * 64}
    vault.store.write(
        lambda writing: writing.run("sent.insert", practice_id=vault.practice_id, **junk)
    ).result()
    with pytest.raises(Unopenable):
        keep_up(vault, at)
    assert vault.keyset.newest == epoch_of(at)
    vault.store.close()
