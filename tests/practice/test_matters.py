"""Matters: begun, taken on step by step, settled; bound to the ledger, and shown to few."""

import datetime
from dataclasses import replace

import pytest

from angerona.errors import BadInput, Conflicting, NotPermitted, Unknown
from angerona.practice.duties import fulfil, owed
from angerona.practice.matters import (
    CONTENT_BYTES_MAX,
    KINDS,
    Step,
    advance,
    begin,
    found,
    open_matters,
    settle,
)
from angerona.practice.members import sign_in_with_password
from angerona.practice.portal import give_way_in
from angerona.practice.who_looked import in_words
from angerona.words import LINES
from owed_duties import DAY, copy, last, practice, there, wrong
from prepared_practice import AT
from small_practice import PASSWORD

__all__ = ["copy", "practice"]

STEP = Step(
    what="took down a request",
    said={"to": "insurer", "recipient": "Harbour Mutual", "purpose": "payment"},
    content={"name": "Harbour Mutual"},
    due=AT + DAY,
)


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def begun(practice, by, kind="request", step=STEP, at=AT):
    with practice.visit(by, at) as visit:
        return begin(visit, kind, step)


def seen_by(practice, *names):
    out = {}
    for name in names:
        with practice.visit(name) as visit:
            out[name] = [one.kind for one in open_matters(visit)]
    return out


def test_every_kind_is_a_line_and_has_words():
    assert set(KINDS) <= set(LINES)


def test_a_matter_about_a_client_is_in_the_client_s_list_and_seen_by_few(practice, ada):
    matter_id = begun(practice, "Tess", step=replace(STEP, client_id=ada))
    assert seen_by(practice, "Tess", "Olaf", "Sue", "Theo", "Stan", "Fay") == {
        "Tess": ["request"],
        "Olaf": ["request"],
        "Sue": [],
        "Theo": [],
        "Stan": [],
        "Fay": [],
    }
    line = last(practice, ada)
    assert (line.kind, line.body["matter"]) == ("request", matter_id.hex())
    [said] = in_words([line], datetime.UTC)
    assert said.sentence == (
        "Tess (psychologist) took down a request. "
        "An insurer (Harbour Mutual) asked for everything there is, for payment."
    )
    assert wrong(practice) == []


def test_what_is_about_nobody_known_here_stands_under_the_practice(practice):
    begun(practice, "Fay")
    assert last(practice, practice.vault.practice_id).kind == "request"
    assert seen_by(practice, "Fay", "Olaf", "Tess") == {
        "Fay": ["request"],
        "Olaf": ["request"],
        "Tess": [],
    }
    with practice.visit("Olaf") as visit:
        assert [one.client for one in owed(visit)] == [""]


def test_a_step_takes_the_place_of_the_one_before_under_the_same_id(practice, ada):
    matter_id = begun(practice, "Fay")
    with practice.visit("Olaf") as visit:
        first = found(visit, matter_id)
        step = Step(what="found whose record it is", said={}, client_id=ada)
        second = advance(visit, first, replace(step, handler_id=practice.people["Tess"]))
        assert (second.matter_id, second.client, second.client_id) == (matter_id, "Ada", ada)
        assert (second.content, second.due) == ({"name": "Harbour Mutual"}, AT + DAY)
        assert second.begun_by["name"] == "Fay"
        with pytest.raises(Conflicting):
            advance(visit, first, step)
        with pytest.raises(Conflicting):
            settle(visit, first, step)
    assert seen_by(practice, "Tess", "Fay") == {"Tess": ["request"], "Fay": ["request"]}
    assert len(there(practice)) == 1
    assert wrong(practice) == []


def test_what_is_settled_is_in_the_ledger_alone(practice, ada):
    matter_id = begun(practice, "Tess", step=replace(STEP, client_id=ada))
    with practice.visit("Tess") as visit:
        settle(visit, found(visit, matter_id), Step(what="refused a request by letter", said={}))
        with pytest.raises(Unknown):
            found(visit, matter_id)
    assert there(practice) == []
    assert last(practice, ada).body["what"] == "refused a request by letter"
    assert wrong(practice) == []


def test_a_row_that_was_put_back_is_found(practice, ada):
    matter_id = begun(practice, "Tess", step=replace(STEP, client_id=ada))
    place = {"practice_id": practice.vault.practice_id, "duty_id": matter_id}
    [(_, _, old)] = practice.vault.store.rows("duties.by_key", **place)
    with practice.visit("Tess") as visit:
        advance(visit, found(visit, matter_id), Step(what="answered", said={}))
    assert wrong(practice) == []

    def put_back(writing):
        writing.run("duties.delete", **place)
        writing.run("duties.insert", **place, client_id=ada, row=old)

    practice.vault.store.write(put_back).result()
    assert wrong(practice) != []


def test_while_it_is_held_the_client_s_list_is_silent(practice, ada):
    before = practice.vault.ledger.lines_of(ada)
    until = AT + 30 * DAY
    step = replace(STEP, client_id=ada, held_until=until)
    matter_id = begun(practice, "Tess", "danger", step)
    with practice.visit("Tess") as visit:
        held = advance(visit, found(visit, matter_id), Step(what="weighed it", said={}))
        assert held.held_until == until
    assert practice.vault.ledger.lines_of(ada) == before
    assert seen_by(practice, "Tess", "Olaf") == {"Tess": ["danger"], "Olaf": ["danger"]}
    with practice.visit("Tess") as visit:
        told = advance(visit, held, Step(what="told the client", said={}, is_told=True))
        assert told.held_until is None
    assert last(practice, ada).body["what"] == "told the client"
    assert wrong(practice) == []


def test_a_hold_that_is_over_holds_no_step_back(practice, ada):
    matter_id = begun(practice, "Tess", step=replace(STEP, client_id=ada, held_until=AT + DAY))
    practice.open("Tess", AT + 2 * DAY)
    with practice.visit("Tess", AT + 2 * DAY) as visit:
        advance(visit, found(visit, matter_id), Step(what="answered", said={}))
    assert last(practice, ada).body["what"] == "answered"


def test_nobody_else_finds_it_and_a_matter_is_no_duty_to_tick_off(practice, ada):
    matter_id = begun(practice, "Tess", step=replace(STEP, client_id=ada))
    for name in ("Theo", "Stan", "Sue"):
        with practice.visit(name) as visit, pytest.raises(Unknown):
            found(visit, matter_id)
    with practice.visit("Tess") as visit:
        with pytest.raises(Unknown):
            found(visit, matter_id, kinds=("right",))
        with pytest.raises(Unknown):
            fulfil(visit, ada, matter_id, how="done")


def test_what_cannot_be_begun(practice, copy):
    otto = copy.clients["Otto"]
    with practice.visit("Tess") as visit:
        with pytest.raises(BadInput, match="of no kind"):
            begin(visit, "quarrel", STEP)
        with pytest.raises(Unknown):
            begin(visit, "request", replace(STEP, client_id=otto))
        large = {"name": "x" * CONTENT_BYTES_MAX}
        with pytest.raises(BadInput, match="holds too much"):
            begin(visit, "request", replace(STEP, content=large))
        matter_id = begin(visit, "request", STEP)
        matter = found(visit, matter_id)
        with pytest.raises(Unknown):
            advance(visit, matter, replace(STEP, client_id=otto))


def way_in(practice, client_id, name):
    with practice.visit("Tess") as visit:
        made = give_way_in(visit, client_id, name, PASSWORD)
    practice.people[name] = made.person_id
    practice.cookies[name] = sign_in_with_password(practice.vault, name, PASSWORD, AT)


def test_who_sees_to_it_works_here(practice, ada):
    way_in(practice, ada, "ada")
    with practice.visit("Tess") as visit:
        for nobody in (practice.people["ada"], bytes(16)):
            with pytest.raises((BadInput, Unknown)):
                begin(visit, "request", replace(STEP, handler_id=nobody))


def test_a_client_begins_a_right_of_his_or_her_own_and_nothing_else(practice, ada, copy):
    way_in(practice, ada, "ada")
    own = Step(what="asked for a copy", said={}, client_id=ada)
    with practice.visit("Tess") as visit:
        begin(visit, "request", replace(STEP, client_id=ada))
    with practice.visit("ada") as visit:
        for kind, client_id in (("request", ada), ("right", copy.clients["Otto"]), ("right", None)):
            with pytest.raises(NotPermitted):
                begin(visit, kind, replace(own, client_id=client_id))
        matter_id = begin(visit, "right", own)
        assert [one.matter_id for one in open_matters(visit)] == [matter_id]
    with practice.visit("Tess") as visit:
        step = replace(own, what="looked at it", held_until=AT + DAY)
        advance(visit, found(visit, matter_id), step)
    with practice.visit("ada") as visit:
        assert open_matters(visit) == []
