"""Ties and the keys that come and go with them: nobody keeps a key that no tie brings."""

import datetime

import pytest

from angerona.errors import BadInput, Unknown
from angerona.gate.door import Kept
from angerona.practice.leaving import shut_out
from angerona.practice.ties import begin_tie, end_tie, share_notes
from angerona.sealed.checking import check_rows
from angerona.sealed.compartments import (
    BY_TIE,
    brought_by,
    process_compartment,
    shared_compartment,
)
from angerona.sealed.holding import held_keys
from angerona.sealed.wraps import Wrap, names_in
from prepared_practice import AT, prepared

LATER = AT + datetime.timedelta(minutes=5)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "practice").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def held(practice, name, client_id, at=AT):
    with practice.visit(name, at) as visit:
        return set(held_keys(visit, practice.vault.authority(client_id)))


def begin(practice, client_id, name, relation, *, until=None, by="Tess", at=AT):
    with practice.visit(by, at) as visit:
        return begin_tie(visit, client_id, practice.people[name], relation, until=until)


def end(practice, client_id, tie_id, *, by="Tess", at=AT):
    with practice.visit(by, at) as visit:
        end_tie(visit, client_id, tie_id)


def due(practice, client_id, name, relation):
    return brought_by(relation, person_id=practice.people[name], client_id=client_id)


@pytest.mark.parametrize("relation", ["treating", "supervisor", "covering"])
def test_a_tie_brings_its_keys_and_takes_them_along_when_it_ends(practice, ada, relation):
    assert held(practice, "Stan", ada) == set()
    tie_id = begin(practice, ada, "Stan", relation)
    assert held(practice, "Stan", ada) == due(practice, ada, "Stan", relation)
    end(practice, ada, tie_id)
    apart = {process_compartment(practice.people["Stan"])}
    assert held(practice, "Stan", ada) == (apart if relation == "treating" else set())


@pytest.mark.parametrize("by", ["Tess", "Stan"])
@pytest.mark.parametrize("relation", ["treating", "supervisor", "covering"])
def test_a_tie_that_ends_leaves_no_key_beyond_the_end_of_another(practice, ada, by, relation):
    """Another tie brings the same keys, for a shorter time: they go when that is over."""
    practice.keep("Tess", ada, "shared_record", "what we said")
    begin(practice, ada, "Stan", relation, until=LATER)
    lasting = begin(practice, ada, "Stan", relation)
    end(practice, ada, lasting, by=by)
    brought = due(practice, ada, "Stan", relation)
    assert held(practice, "Stan", ada) == brought
    practice.open("Stan", LATER)
    apart = {process_compartment(practice.people["Stan"])}
    assert held(practice, "Stan", ada, LATER) == brought & apart
    assert check_rows(practice.vault, AT) == []
    assert check_rows(practice.vault, LATER) == []


@pytest.mark.parametrize("by", ["Tess", "Stan"])
def test_of_two_ties_the_one_that_stays_keeps_its_keys_and_no_more(practice, ada, by):
    """Also where one ends it oneself, when the record's keys do not turn."""
    treating = begin(practice, ada, "Stan", "treating")
    begin(practice, ada, "Stan", "covering")
    assert held(practice, "Stan", ada) == due(practice, ada, "Stan", "treating")
    end(practice, ada, treating, by=by)
    apart = {process_compartment(practice.people["Stan"])}
    assert held(practice, "Stan", ada) == BY_TIE["covering"] | apart
    practice.open("Stan")
    assert practice.look("Stan", ada).entries


def test_nobody_treats_without_a_profession_to_treat_in(practice, ada):
    with pytest.raises(BadInput, match="nobody who treats"):
        begin(practice, ada, "Fay", "treating")
    assert begin(practice, ada, "Nina", "treating")


@pytest.mark.parametrize("by", ["Tess", "Cora"])
def test_when_a_tie_ended_is_not_moved(practice, ada, by):
    tie_id = begin(practice, ada, "Cora", "covering", until=LATER)
    end(practice, ada, tie_id)
    before = practice.vault.authority(ada)
    practice.open(by, AT + MINUTE)
    with practice.visit(by, AT + MINUTE) as visit, pytest.raises(Unknown):
        end_tie(visit, ada, tie_id)
    assert practice.vault.authority(ada) == before


def test_a_shared_record_goes_to_those_who_treat_or_supervise_now(practice):
    with practice.visit("Theo") as visit:
        otto = practice.client("Otilie Invented", treating="Theo")
        former = begin_tie(visit, otto, practice.people["Stan"], "treating", until=None)
        begin_tie(visit, otto, practice.people["Sue"], "supervisor", until=LATER)
        begin_tie(visit, otto, practice.people["Cora"], "covering", until=None)
        end_tie(visit, otto, former)
    kept = practice.keep("Theo", otto, "shared_record", "Both came today")
    assert isinstance(kept, Kept)
    shared = shared_compartment(otto)
    vault = practice.vault
    place = {"practice_id": vault.practice_id, "client_id": otto}
    given = {
        recipient_id
        for wrap_id, recipient_id, epoch, blob in vault.store.rows("wraps.of_client", **place)
        if shared in names_in(vault.keyset, Wrap(wrap_id, otto, recipient_id, epoch, blob)).names
    }
    assert given == {practice.people["Theo"], practice.people["Sue"]}
    assert shared in held(practice, "Sue", otto)
    assert shared not in held(practice, "Sue", otto, LATER)
    shown = practice.look("Sue", otto, purpose="supervision")
    assert [entry.text for _, entry in shown.entries] == ["Both came today"]


def test_whoever_treats_again_reads_again_what_he_or_she_kept_apart(practice, ada):
    first = begin(practice, ada, "Stan", "treating")
    old = practice.keep("Stan", ada, "psychotherapy_note", "before")
    end(practice, ada, first)
    with pytest.raises(Unknown):
        practice.keep("Stan", ada, "psychotherapy_note", "in between")
    with pytest.raises(Unknown):
        practice.look("Stan", ada, entry_ids=[old.entry_id])
    begin(practice, ada, "Stan", "treating")
    new = practice.keep("Stan", ada, "psychotherapy_note", "after")
    shown = practice.look("Stan", ada, entry_ids=[old.entry_id, new.entry_id])
    assert [entry.text for _, entry in shown.entries] == ["before", "after"]


def test_notes_apart_outlive_a_tie_that_ends_by_itself_for_the_tie_that_follows_it(practice, ada):
    begin(practice, ada, "Stan", "treating", until=LATER)
    kept = practice.keep("Stan", ada, "psychotherapy_note", "before")
    begin(practice, ada, "Stan", "treating")
    new = practice.keep("Stan", ada, "psychotherapy_note", "after", at=LATER)
    shown = practice.look("Stan", ada, LATER, entry_ids=[kept.entry_id, new.entry_id])
    assert [entry.text for _, entry in shown.entries] == ["before", "after"]
    name = process_compartment(practice.people["Stan"])
    assert practice.vault.authority(ada).sheet.newest(name) == 1


def test_a_supervisor_reads_the_notes_of_those_who_share_them_and_no_others(practice, ada):
    facts = {"us_hipaa.own_training_program": True}
    tie_id = begin(practice, ada, "Stan", "treating")
    practice.keep("Stan", ada, "psychotherapy_note", "what Stan thinks")
    practice.keep("Tess", ada, "psychotherapy_note", "what Tess thinks")
    with practice.visit("Tess") as visit:
        ties = practice.vault.authority(ada).ties
        [of_sue] = [one for one, tie in ties.items() if tie.person_id == practice.people["Sue"]]
        share_notes(visit, ada, of_sue)
    shown = practice.look("Sue", ada, purpose="supervision", facts=facts)
    texts = [entry.text for _, entry in shown.entries]
    assert "what Tess thinks" in texts
    assert "what Stan thinks" not in texts
    with practice.visit("Sue") as visit:
        places = practice.door.list(visit, ada, purpose="supervision", facts=facts)
    authors = {one.author_id for one in places if one.wanted == "psychotherapy_note"}
    assert authors == {practice.people["Tess"]}
    end(practice, ada, of_sue)
    begin(practice, ada, "Sue", "supervisor")
    shown = practice.look("Sue", ada, purpose="supervision", facts=facts)
    assert "what Tess thinks" not in [entry.text for _, entry in shown.entries]
    assert tie_id != of_sue


@pytest.mark.parametrize("until", [None, LATER])
def test_nothing_is_shared_by_a_tie_that_is_over(practice, ada, until):
    tie_id = begin(practice, ada, "Stan", "supervisor", until=until)
    if until is None:
        end(practice, ada, tie_id)
    at = until or AT
    before = practice.vault.authority(ada).version
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit, pytest.raises(Unknown):
        share_notes(visit, ada, tie_id)
    assert practice.vault.authority(ada).version == before


def test_the_last_who_treats_goes_once_somebody_took_over(practice, ada):
    [mine] = [
        one
        for one, tie in practice.vault.authority(ada).ties.items()
        if tie.person_id == practice.people["Tess"]
    ]
    with pytest.raises(BadInput, match="the last by which somebody treats"):
        end(practice, ada, mine)
    begin(practice, ada, "Stan", "covering")
    with pytest.raises(BadInput, match="the last by which somebody treats"):
        end(practice, ada, mine)
    begin(practice, ada, "Stan", "treating")
    end(practice, ada, mine)
    assert practice.vault.authority(ada).relations(practice.people["Tess"], AT) == ()
    assert check_rows(practice.vault, AT) == []


def test_who_has_left_takes_nothing_over(practice, ada):
    begin(practice, ada, "Stan", "treating")
    with practice.visit("Olaf") as visit:
        shut_out(visit, practice.people["Stan"], posts={})
    [mine] = [
        one
        for one, tie in practice.vault.authority(ada).ties.items()
        if tie.person_id == practice.people["Tess"]
    ]
    with pytest.raises(BadInput, match="the last by which somebody treats"):
        end(practice, ada, mine)
