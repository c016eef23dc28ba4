"""Legal holds: they begin with the paper, keep everything, and end by the officer alone."""

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.practice.erasure import erase_client
from angerona.practice.legal_holds import PROCESS, hold, holds_on, lift
from angerona.practice.matters import found
from angerona.practice.requests import (
    NewRequest,
    answer_without,
    is_about,
    may_be_told,
    request,
    take_down,
)
from angerona.practice.speaking import Asked
from angerona.words import INSTRUMENTS
from owed_duties import copy, last, practice, wrong
from prepared_practice import AT

__all__ = ["copy", "practice"]


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def subpoena(**more):
    asked = {
        "to": "opposing_attorney",
        "purpose": "legal_proceeding",
        "instrument": "subpoena_attorney",
        "received": AT,
        "name": "A lawyer",
    }
    return Asked(**(asked | more))


def taken_down(practice, client_id, by="Tess", *, may_tell=True, **more):
    with practice.visit(by) as visit:
        new = NewRequest(asked=subpoena(**more), client_id=client_id, may_tell=may_tell)
        return take_down(practice.door, visit, new)


def on(practice, client_id, by="Olaf"):
    with practice.visit(by) as visit:
        return holds_on(visit, client_id)


def erase(practice, client_id, by="Olaf"):
    with practice.visit(by) as visit:
        packs = practice.door.packs
        return erase_client(visit, packs, client_id, reason="asked to", facts={})


def test_every_paper_of_process_is_a_paper():
    assert set(INSTRUMENTS) > PROCESS


@pytest.mark.parametrize("instrument", sorted(PROCESS))
def test_a_paper_of_process_holds_at_once(practice, ada, instrument):
    taken_down(practice, ada, instrument=instrument)
    assert [one.content["instrument"] for one in on(practice, ada)] == [instrument]


@pytest.mark.parametrize("instrument", ["oral_request", "written_request", "consent"])
def test_a_plain_request_holds_nothing(practice, ada, instrument):
    taken_down(practice, ada, instrument=instrument)
    assert on(practice, ada) == []


def test_it_begins_when_somebody_finds_whose_record_it_is(practice, ada):
    matter_id = taken_down(practice, None, by="Fay")
    assert on(practice, ada) == []
    with practice.visit("Olaf") as visit:
        is_about(practice.door, visit, request(visit, matter_id), ada)
    assert len(on(practice, ada)) == 1


def test_the_hold_is_told_with_the_paper_that_brought_it(practice, ada):
    matter_id = taken_down(practice, ada, may_tell=False)
    assert on(practice, ada)[0].held_until
    before = len(practice.vault.ledger.lines_of(ada))
    with practice.visit("Tess") as visit:
        may_be_told(visit, request(visit, matter_id))
    assert on(practice, ada)[0].held_until is None
    said = [one.body["what"] for one in practice.vault.ledger.lines_of(ada)[before:]]
    assert "found that the client may know of a legal hold" in said
    assert not wrong(practice)


def test_the_hold_stays_silent_while_another_request_is(practice, ada):
    matter_id = taken_down(practice, ada, may_tell=False)
    taken_down(practice, ada, may_tell=False)
    with practice.visit("Tess") as visit:
        may_be_told(visit, request(visit, matter_id))
    assert on(practice, ada)[0].held_until


def test_two_papers_of_a_kind_are_one_hold(practice, ada):
    taken_down(practice, ada)
    taken_down(practice, ada, by="Olaf")
    assert len(on(practice, ada)) == 1
    with practice.visit("Tess") as visit:
        assert hold(visit, ada, "court_order", held_until=None) is not None
    assert len(on(practice, ada)) == 2


@pytest.mark.parametrize("may_tell", [True, False])
def test_nothing_is_erased_while_it_is_on(practice, ada, may_tell, monkeypatch):
    taken_down(practice, ada, may_tell=may_tell)
    allow_erasing(monkeypatch)
    with pytest.raises(BadInput, match="legal hold"):
        erase(practice, ada)
    assert practice.vault.places(ada)
    [one] = on(practice, ada)
    with practice.visit("Olaf") as visit:
        lift(visit, one.matter_id, reason="the case is over")
    assert erase(practice, ada).written is not None
    assert wrong(practice) == []


def allow_erasing(monkeypatch):
    monkeypatch.setattr("angerona.practice.erasure.is_whole", lambda _answer, _wish: True)


def test_it_outlives_the_request_that_brought_it(practice, ada):
    matter_id = taken_down(practice, ada)
    with practice.visit("Tess") as visit:
        answer_without(visit, request(visit, matter_id), "objected", how="by post")
    assert len(on(practice, ada)) == 1


def test_the_officer_alone_lifts_it_with_a_reason(practice, ada):
    taken_down(practice, ada)
    [one] = on(practice, ada)
    for name in ("Tess", "Theo", "Fay"):
        with practice.visit(name) as visit, pytest.raises(NotPermitted):
            lift(visit, one.matter_id, reason="the case is over")
    with practice.visit("Olaf") as visit:
        with pytest.raises(BadInput):
            lift(visit, one.matter_id, reason=" ")
        lift(visit, one.matter_id, reason="the case is over")
        with pytest.raises(Unknown):
            found(visit, one.matter_id)
    assert last(practice, ada).body["how"] == "the case is over"


def test_a_secret_paper_s_hold_is_not_in_the_client_s_list(practice, ada):
    before = practice.vault.ledger.lines_of(ada)
    taken_down(practice, ada, may_tell=False)
    assert practice.vault.ledger.lines_of(ada) == before
    assert len(on(practice, ada)) == 1
