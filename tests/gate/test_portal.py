"""The client's own way in: one's own record, who looked, and nobody else's."""

import pytest

from angerona.errors import BadAsk, BadInput, NotPermitted, Unknown
from angerona.gate.door import Shown
from angerona.gate.keeping import Draft
from angerona.practice.clients import NewClient, enrol_client, establish
from angerona.practice.members import sign_in_with_password
from angerona.practice.portal import give_way_in
from angerona.practice.ties import turn_keys
from angerona.rules.answer import AskFirst
from small_practice import AT, PASSWORD

ENDANGERS = "us_hipaa.access_endangers"
MESSAGE = "a message"
"""What Ada leaves in one of these tests."""


@pytest.fixture(scope="module")
def ada(practice):
    return with_way_in(practice, "ada")


def with_way_in(practice, name):
    """A client with an own way in, and one note of each kind."""
    client_id = practice.client(f"{name.title()} Invented")
    with practice.visit("Thea") as visit:
        made = give_way_in(visit, client_id, name, PASSWORD)
        establish(visit, practice.door.packs, client_id, {ENDANGERS: False})
    practice.people[name] = made.person_id
    practice.cookies[name] = sign_in_with_password(practice.vault, name, PASSWORD, AT)
    practice.keep("Thea", client_id, "progress_note", "spoke of the garden")
    practice.keep("Thea", client_id, "psychotherapy_note", "my own thoughts")
    return client_id


def texts(shown):
    assert isinstance(shown, Shown), shown
    return [entry.text for _, entry in shown.entries]


def test_the_client_reads_the_record_and_not_what_is_kept_apart(practice, ada):
    read = texts(practice.look("ada", ada, purpose="client_request"))
    assert [text for text in read if text != MESSAGE] == ["spoke of the garden"]


def test_the_clients_own_look_is_a_line_too(practice, ada):
    practice.look("ada", ada, purpose="client_request")
    last = practice.vault.ledger.lines_of(ada)[-1]
    assert (last.kind, last.body["by"]["name"], last.body["to"]) == ("look", "ada", "client")


@pytest.mark.usefixtures("ada")
def test_the_client_reads_nobody_elses_record(practice):
    other = practice.client("Otto Invented")
    practice.keep("Thea", other, "progress_note", "of somebody else")
    with pytest.raises(Unknown):
        practice.look("ada", other, purpose="client_request")


def test_the_client_reads_on_after_the_keys_turned(practice):
    bea = with_way_in(practice, "bea")
    with practice.visit("Thea") as visit:
        turn_keys(visit, bea)
    practice.keep("Thea", bea, "progress_note", "afterwards")
    read = texts(practice.look("bea", bea, purpose="client_request"))
    assert read == ["spoke of the garden", "afterwards"]


def test_a_second_way_in_is_refused(practice, ada):
    with practice.visit("Thea") as visit, pytest.raises(BadInput, match="already"):
        give_way_in(visit, ada, "ada again", PASSWORD)


def test_what_the_client_says_of_the_law_is_not_believed(practice, ada):
    with practice.visit("Thea") as visit:
        establish(visit, practice.door.packs, ada, {ENDANGERS: None})
    said = {ENDANGERS: False}
    assert isinstance(practice.look("ada", ada, purpose="client_request", facts=said), AskFirst)
    with practice.visit("Thea") as visit:
        establish(visit, practice.door.packs, ada, said)


def test_facts_on_file_are_those_that_the_law_asks_for(practice, ada):
    for facts in ({"no.such_fact": True}, {"client.age": "old"}):
        with practice.visit("Thea") as visit, pytest.raises(BadAsk):
            establish(visit, practice.door.packs, ada, facts)
    with practice.visit("Sue") as visit, pytest.raises(Unknown):
        establish(visit, practice.door.packs, ada, {"client.age": 35})
    for who in ("Fay", "Nina", "ada"):
        with practice.visit(who) as visit, pytest.raises(NotPermitted):
            establish(visit, practice.door.packs, ada, {"client.age": 35})


def test_only_who_treats_gives_a_way_in(practice):
    with practice.visit("Sue") as visit, pytest.raises(Unknown):
        give_way_in(visit, practice.client("Una Invented"), "una", PASSWORD)
    with practice.visit("Fay") as visit, pytest.raises(NotPermitted):
        give_way_in(visit, practice.client("Una Invented"), "una", PASSWORD)


def test_a_reason_is_sealed_to_the_client_and_the_officer(practice, ada):
    practice.look("Thea", ada, reason="she asked me to check a date")
    last = practice.vault.ledger.lines_of(ada)[-1]
    assert len(last.body["reason"]) == 2
    assert "date" not in str(dict(last.body))


@pytest.mark.parametrize("purpose", ["treatment", "payment", "emergency", "protection"])
def test_what_the_client_wants_it_for_is_not_for_the_session_to_say(practice, ada, purpose):
    with practice.visit("Thea") as visit:
        establish(visit, practice.door.packs, ada, {ENDANGERS: None})
    assert isinstance(practice.look("ada", ada, purpose=purpose), AskFirst)
    with practice.visit("Thea") as visit:
        establish(visit, practice.door.packs, ada, {ENDANGERS: False})
    last = practice.look("ada", ada, purpose=purpose)
    assert isinstance(last, Shown)
    looks = [line for line in practice.vault.ledger.lines_of(ada) if line.kind == "look"]
    assert looks[-1].body["purpose"] == "client_request"


def test_the_client_leaves_messages_and_writes_no_notes(practice, ada):
    with practice.visit("ada") as visit:
        message = Draft(wanted="correspondence", heading="", text=MESSAGE)
        practice.door.deposit(visit, ada, message)
        with pytest.raises(BadInput, match="not for clients"):
            practice.door.deposit(visit, ada, Draft(wanted="progress_note", heading="", text="x"))
        with pytest.raises(NotPermitted):
            practice.door.keep(visit, ada, Draft(wanted="diagnosis", heading="", text="x"))
        with pytest.raises(NotPermitted):
            turn_keys(visit, ada)
        with pytest.raises(NotPermitted):
            enrol_client(visit, NewClient(name="Eve"), treating=practice.people["Thea"])


def test_a_taken_name_leaves_neither_a_person_nor_a_way_in(practice):
    client_id = practice.client("Una Invented")
    before = len(practice.vault.store.rows("people.all", practice_id=practice.vault.practice_id))
    with practice.visit("Thea") as visit, pytest.raises(BadInput, match="already"):
        give_way_in(visit, client_id, " THEA ", PASSWORD)
    assert practice.vault.authority(client_id).client.person_id is None
    after = len(practice.vault.store.rows("people.all", practice_id=practice.vault.practice_id))
    assert before == after


def test_nobody_without_a_clinical_role_treats(practice):
    with practice.visit("Fay") as visit, pytest.raises(BadInput, match="treating"):
        enrol_client(visit, NewClient(name="Eve"), treating=practice.people["Fay"])
