"""Whoever may write and not read leaves things behind; whoever may read finds them."""

import io

import pytest

from angerona.errors import BadInput, Unknown
from angerona.gate.keeping import Draft
from angerona.practice.ties import turn_keys
from angerona.rules.answer import Refuse


@pytest.fixture
def client(practice):
    return practice.client("Ada Invented")


def leave(practice, who, client, wanted, text, **more):
    draft = Draft(wanted=wanted, heading="Left", text=text, purpose="operations", **more)
    with practice.visit(who) as visit:
        return practice.door.deposit(visit, client, draft)


def read(practice, who, client, purpose="treatment"):
    shown = practice.look(who, client, purpose=purpose)
    return {entry.text for _, entry in shown.entries}


def test_the_desk_scans_a_letter_that_it_cannot_read_again(practice, client):
    file = io.BytesIO(b"a subpoena, scanned")
    kept = leave(
        practice, "Fay", client, "correspondence", "came by post", file=file, file_name="a"
    )
    assert read(practice, "Thea", client) == {"came by post"}
    shown = practice.look("Thea", client)
    target = io.BytesIO()
    practice.door.fetch(client, shown, kept.entry_id, target)
    assert target.getvalue() == b"a subpoena, scanned"
    assert isinstance(practice.look("Fay", client, purpose="operations"), Refuse)


def test_what_is_left_about_a_danger_is_read_by_who_is_on_call(practice, client):
    leave(practice, "Fay", client, "risk", "she rang and wept")
    assert read(practice, "Nina", client) == {"she rang and wept"}


def test_what_was_left_is_read_after_the_keys_turned(practice, client):
    leave(practice, "Nina", client, "progress_note", "spoke at night")
    with practice.visit("Thea") as visit:
        turn_keys(visit, client)
    leave(practice, "Nina", client, "progress_note", "spoke again")
    assert read(practice, "Thea", client) == {"spoke at night", "spoke again"}


def test_a_stranger_leaves_nothing(practice, client):
    with pytest.raises(Unknown):
        leave(practice, "Sue", client, "correspondence", "hello")
    with pytest.raises(Unknown):
        leave(practice, "Fay", bytes(16), "correspondence", "hello")


@pytest.mark.parametrize("wanted", ["billing", "psychotherapy_note", "shared_record"])
def test_some_classes_take_nothing(practice, client, wanted):
    with pytest.raises(BadInput):
        leave(practice, "Fay", client, wanted, "hello")


def test_what_is_left_amends_nothing(practice, client):
    kept = practice.keep("Thea", client, "correspondence", "a letter")
    with pytest.raises(BadInput, match="new entry"):
        leave(practice, "Fay", client, "correspondence", "another", amends=kept.entry_id)


def test_it_is_in_the_ledger_and_in_the_chain(practice, client):
    kept = leave(practice, "Fay", client, "correspondence", "came by post")
    last = practice.vault.ledger.lines_of(client)[-1]
    assert (last.kind, last.body["what"], last.body["by"]["name"]) == ("kept", "left", "Fay")
    assert practice.vault.places(client)[-1].entry_id == kept.entry_id
