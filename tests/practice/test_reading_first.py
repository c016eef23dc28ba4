"""A second reader reads exactly what would leave, with the gaps; each look has its line."""

import datetime
from dataclasses import replace

import pytest

from angerona.errors import Unknown
from angerona.gate.paring import LeftOut
from angerona.gate.reading_first import ToRead, read_proposal
from angerona.practice.second_readers import late, read, reading_purpose
from angerona.practice.who_looked import in_words
from angerona.rules.answer import AskFirst
from owed_duties import DAY, copy, practice, there, wrong
from prepared_practice import AT, text_of
from second_readings import WISH, ask, leaving

__all__ = ["copy", "practice"]


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def opened(practice, duty_id, by="Sue", **facts):
    with practice.visit(by) as visit:
        return read(practice.door, visit, duty_id, facts=facts)


def with_gap(practice, ada, first, past):
    [place] = [one for one in practice.vault.places(ada) if one.wanted == "risk"]
    gap = LeftOut(place.entry_id, place.version, ((first, past),))
    return replace(leaving(practice, ada), left_out=(gap,))


def test_a_reader_who_holds_the_keys_reads_what_would_leave_with_its_gaps(practice, ada):
    duty_id = ask(practice, ada, with_gap(practice, ada, 4, 21), reader="Sue")
    waiting, found = opened(practice, duty_id)
    assert isinstance(found, ToRead)
    assert waiting.client == "A."
    texts = {one.place.wanted: one for one in found.entries}
    assert set(texts) == set(WISH.wants)
    whole = text_of("Ada", "risk")
    assert texts["risk"].entry.text == f"{whole[:4]}[...]{whole[21:]}"
    assert texts["risk"].kept == ((0, whole[:4]), (21, whole[21:]))
    assert texts["risk"].entry.attachment is None
    assert texts["progress_note"].entry.text == text_of("Ada", "progress_note")
    assert found.shut == ()
    line = practice.vault.ledger.lines_of(ada)[-1]
    [said] = in_words([line], datetime.UTC)
    assert (line.kind, line.body["purpose"]) == ("look", "supervision")
    assert said.sentence.startswith("Sue (psychologist), as the second reader, looked at")
    assert not wrong(practice)


def test_the_version_is_read_that_would_leave_and_not_a_later_one(practice, ada):
    duty_id = ask(practice, ada, leaving(practice, ada), reader="Sue")
    [place] = [one for one in practice.vault.places(ada) if one.wanted == "risk"]
    practice.keep("Tess", ada, "risk", "it was otherwise", amends=place.entry_id)
    _, found = opened(practice, duty_id)
    assert {one.entry.text for one in found.entries} == {text_of("Ada", one) for one in WISH.wants}


def test_an_officer_without_a_key_sees_the_classes_and_no_word(practice, ada):
    duty_id = ask(practice, ada, leaving(practice, ada))
    _, found = opened(practice, duty_id, by="Olaf")
    facts = {}
    while isinstance(found, AskFirst):
        facts |= dict.fromkeys(found.questions, True)
        _, found = opened(practice, duty_id, by="Olaf", **facts)
    if isinstance(found, ToRead):
        assert found.entries == ()
        assert {one.wanted for one in found.shut} == set(WISH.wants)


def test_nobody_opens_what_another_is_asked_to_read(practice, ada):
    duty_id = ask(practice, ada, leaving(practice, ada), reader="Sue")
    [duty] = [one for one in there(practice) if one.duty_id == duty_id]
    for who in ("Cora", "Tess", "Olaf", "Stan"):
        with pytest.raises(Unknown):
            opened(practice, duty_id, by=who)
        with practice.visit(who) as visit, pytest.raises(Unknown):
            read_proposal(practice.door, visit, duty, purpose="treatment", facts={})


def test_a_reading_that_was_put_back_opens_nothing(practice, ada):
    """The row alone says nothing: the ledger must leave it owed."""
    duty_id = ask(practice, ada, leaving(practice, ada), reader="Sue")
    [duty] = [one for one in there(practice) if one.duty_id == duty_id]
    forged = replace(duty, duty_id=bytes(16))
    with practice.visit("Sue") as visit, pytest.raises(Unknown):
        read_proposal(practice.door, visit, forged, purpose="supervision", facts={})


def test_where_telling_is_forbidden_the_look_is_held_too(practice, ada):
    wish = replace(WISH, facts={**WISH.facts, "house.secrecy_ordered": True})
    before = practice.vault.ledger.lines_of(ada)
    duty_id = ask(practice, ada, leaving(practice, ada, wish=wish), reader="Sue")
    _, found = opened(practice, duty_id)
    assert {one.entry.text for one in found.entries} == {text_of("Ada", one) for one in WISH.wants}
    assert practice.vault.ledger.lines_of(ada) == before
    held = practice.vault.ledger.lines_of(practice.vault.practice_id)[-1].body
    assert (held["held"], held["what"]) == ("look", "to read second")
    assert not wrong(practice)


def test_what_a_reader_looks_for_follows_from_the_tie(practice, ada):
    said = {}
    for who in ("Sue", "Cora", "Olaf"):
        with practice.visit(who) as visit:
            said[who] = reading_purpose(visit, ada)
    assert said == {"Sue": "supervision", "Cora": "treatment", "Olaf": "operations"}


def test_late_readings_are_the_officer_s_to_see(practice, ada):
    ask(practice, ada, leaving(practice, ada), reader="Sue")
    for who, at, count in (("Olaf", AT, 0), ("Olaf", AT + 2 * DAY, 1), ("Cora", AT + 2 * DAY, 0)):
        practice.open(who, at)
        with practice.visit(who, at) as visit:
            found = late(visit)
        assert len(found) == count
        assert all(one.reader == "Sue" for one in found)
