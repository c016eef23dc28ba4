"""Words that may mean danger: help at once, the message kept, and whoever is on call told."""

import datetime

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.door import Shown
from angerona.practice.crisis import call_for_help, is_crisis, on_call_now, pass_on_danger
from angerona.practice.duties import CALL, fulfil, owed
from angerona.practice.help_lines import help_lines
from angerona.practice.messages import leave_message, own_messages
from angerona.practice.portal import give_way_in
from angerona.practice.who_looked import in_words
from angerona.sealed.comparing import check_duties
from prepared_practice import PASSWORD, packs, prepared, quick_passwords
from running_site import settle


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with quick_passwords(), copy.opened() as found:
        with found.visit("Tess") as visit:
            made = give_way_in(visit, copy.clients["Ada"], "Ada", PASSWORD)
            settle(visit, packs(), copy.clients["Ada"])
        found.people["Ada"] = made.person_id
        found.sign_in("Ada")
        found.clients = copy.clients
        yield found


def calls(practice, name):
    with practice.visit(name) as visit:
        return [one for one in owed(visit) if one.duty.row.duty["id"] == CALL]


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "I WANT  to\ndie.",
        "i don't want to live any more",
        "i don\u2019t want to live",
        "I think about Suicide a lot",
        "ich will sterben",
        "Überdosis",
        "je veux mourir",
        "ik denk aan zelfmoord",
    ],
)
def test_words_of_danger_are_found(text):
    assert is_crisis(text)


@pytest.mark.parametrize(
    "text", ["", "I died laughing", "the killjoy", "my skills", "Can we meet on Tuesday?", "diet"]
)
def test_others_are_not(text):
    assert not is_crisis(text)


def test_a_message_is_kept_and_nobody_is_called_for_it(practice):
    with practice.visit("Ada") as visit:
        left = leave_message(practice.door, visit, "Tuesday", "Can we meet later?")
        found = own_messages(practice.door, visit)
    assert not left.is_crisis
    assert isinstance(found, Shown)
    assert "Can we meet later?" in [entry.text for _, entry in found.entries]
    assert calls(practice, "Nina") == []


def test_a_message_with_words_of_danger_is_kept_and_the_one_on_call_is_told(practice):
    ada = practice.clients["Ada"]
    with practice.visit("Ada") as visit:
        left = leave_message(practice.door, visit, "", "I want to die")
    assert left.is_crisis
    assert "Nina" in left.called
    shown = practice.look("Tess", ada, entry_ids=[left.kept.entry_id])
    assert [entry.text for _, entry in shown.entries] == ["I want to die"]
    for name in ("Nina", "Tess", "Olaf"):
        [one] = calls(practice, name)
        assert (one.duty.row.client_id, one.client) == (ada, "Ada")
    for name in ("Fay", "Bill", "Stan", "Theo", "Sue", "Ada"):
        assert calls(practice, name) == [], name
    line = practice.vault.ledger.lines_of(ada)
    said = [one.sentence for one in in_words(line, datetime.UTC) if one.kind == "call"]
    assert "Nina" in said[-1]
    assert "die" not in str([one.body for one in line if one.kind == "call"])
    [one] = calls(practice, "Nina")
    for name, kind in (("Stan", Unknown), ("Ada", Unknown), ("Fay", Unknown)):
        with practice.visit(name) as visit, pytest.raises(kind):
            fulfil(visit, ada, one.duty.duty_id, how="x")
    with practice.visit("Nina") as visit:
        assert fulfil(visit, ada, one.duty.duty_id, how="spoke by phone") is not None
        assert fulfil(visit, ada, one.duty.duty_id, how="again") is None
    assert calls(practice, "Tess") == []
    assert in_words(practice.vault.ledger.lines_of(ada), datetime.UTC)[-1].sentence.startswith(
        "Nina (nurse) did"
    )


def test_a_client_can_ask_to_be_reached(practice):
    with practice.visit("Ada") as visit:
        assert call_for_help(visit, why="asked") == on_call_now(visit)
    [one] = calls(practice, "Nina")
    with practice.visit("Tess") as visit:
        fulfil(visit, practice.clients["Ada"], one.duty.duty_id, how="spoke at the door")


def test_only_a_client_calls_and_writes(practice):
    for name in ("Tess", "Fay"):
        with practice.visit(name) as visit, pytest.raises(NotPermitted):
            call_for_help(visit, why="asked")
        with practice.visit(name) as visit, pytest.raises(NotPermitted):
            leave_message(practice.door, visit, "", "hello")


@pytest.mark.parametrize(
    ("heading", "text"), [("", " "), ("", "x" * 20_001), ("x" * 121, "hello"), ("a\x00b", "hello")]
)
def test_what_is_no_message_is_refused(practice, heading, text):
    with practice.visit("Ada") as visit, pytest.raises(BadInput):
        leave_message(practice.door, visit, heading, text)


def test_what_is_owed_is_what_the_lines_say(practice):
    assert list(check_duties(practice.vault)) == []


@pytest.mark.parametrize(
    ("ids", "first", "also"),
    [
        (("house", "us-hipaa", "us-ca"), "911", "988, call or text"),
        (("house", "uk"), "999", "116 123"),
        (("house", "eu", "de"), "112", "0800 111 0 111 or 0800 111 0 222"),
        (("house", "au", "au-nsw"), "000", "13 11 14"),
    ],
)
def test_the_lines_are_those_of_the_place_each_with_its_source(ids, first, also):
    found = help_lines(packs(), ids)
    assert found[0].reach == first
    assert found[0].number == first
    assert also in [one.reach for one in found]
    assert all(one.cite and one.as_of and one.who for one in found)
    assert len({one.reach for one in found}) == len(found)
    in_danger = [one.is_for_danger for one in found]
    assert in_danger == sorted(in_danger, reverse=True), "those for abuse alone come last"
    assert in_danger[:2] == [True, True]


def test_a_number_that_nobody_saw_is_not_shown():
    assert help_lines(packs(), ("house",)) == []


def test_who_dies_between_the_call_and_the_message_has_called(practice, monkeypatch):
    class Died(BaseException):
        pass

    def dies(*_args, **_more):
        raise Died

    before = len(calls(practice, "Nina"))
    monkeypatch.setattr(type(practice.door), "deposit", dies)
    with practice.visit("Ada") as visit, pytest.raises(Died):
        leave_message(practice.door, visit, "", "I want to die")
    assert len(calls(practice, "Nina")) == before + 1


def test_where_nobody_can_be_called_the_message_is_kept_all_the_same(practice, monkeypatch):
    def fails(*_args, **_more):
        raise Unknown

    monkeypatch.setattr("angerona.practice.messages.call_for_help", fails)
    text = "I want to die, and nobody hears"
    with practice.visit("Ada") as visit:
        left = leave_message(practice.door, visit, "", text)
        shown = own_messages(practice.door, visit)
    assert (left.is_crisis, left.called) == (True, None)
    assert text in {entry.text for _, entry in shown.entries}


def test_a_danger_that_the_desk_heard_of_goes_to_those_who_may_weigh_it(practice):
    client_id = practice.clients["Ada"]
    with practice.visit("Fay") as visit:
        assert pass_on_danger(visit, client_id, how="caller") == ["Tess", "Nina", "Thea"]
    for name in ("Tess", "Nina"):
        [call] = calls(practice, name)
        assert call.duty.row.duty["what"] == (
            "speak with Fay now, who heard of a danger from a caller"
        )
    assert calls(practice, "Theo") == []


def test_the_client_s_list_is_silent_of_it_also_once_it_was_done(practice):
    client_id, lines = practice.clients["Ada"], practice.vault.ledger.lines_of
    before = [one.kind for one in lines(client_id)]
    with practice.visit("Fay") as visit:
        pass_on_danger(visit, client_id, how="client")
    [call] = calls(practice, "Nina")
    with practice.visit("Nina") as visit:
        fulfil(visit, client_id, call.duty.duty_id, how="spoke with Fay")
    assert calls(practice, "Nina") == []
    assert [one.kind for one in lines(client_id) if one.kind in {"call", "done"}] == [
        one for one in before if one in {"call", "done"}
    ]
    assert list(check_duties(practice.vault)) == []


def test_a_danger_is_passed_on_only_about_somebody_one_knows_of_and_by_a_known_way(practice):
    client_id = practice.clients["Ada"]
    with practice.visit("Theo") as visit, pytest.raises(Unknown):
        pass_on_danger(visit, client_id, how="caller")
    with practice.visit("Fay") as visit, pytest.raises(BadInput, match="no way to hear of it"):
        pass_on_danger(visit, client_id, how="marzipan lighthouse")
    with practice.visit("Ada") as visit, pytest.raises(NotPermitted):
        pass_on_danger(visit, client_id, how="caller")
