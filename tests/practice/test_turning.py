"""Keys turn when somebody who held them is due them no more, at once or by the next who can."""

import datetime

import pytest

from angerona.errors import AuthorityMoved, Unopenable
from angerona.gate.keeping import Draft
from angerona.practice.leaving import shut_out
from angerona.practice.openings import contribute, open_record, state_request
from angerona.practice.ties import begin_tie, end_tie, share_notes, turn_keys
from angerona.practice.turning import records_owed, turn_owed
from angerona.sealed.checking import check_rows
from angerona.sealed.client_keys import at_generation
from angerona.sealed.compartments import COMPARTMENTS, process_compartment, shared_compartment
from angerona.sealed.holding import held_keys
from angerona.sealed.owed import keys_owed, stored_wraps
from prepared_practice import AT, prepared

LATER = AT + datetime.timedelta(minutes=5)
LENT = datetime.timedelta(hours=1)
IN_SUPERVISION = {"us_hipaa.own_training_program": True}


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "practice").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def tie_of(practice, client_id, name):
    ties = practice.vault.authority(client_id).ties.items()
    [found] = [one for one, tie in ties if tie.person_id == practice.people[name]]
    return found


def begin(practice, client_id, name, relation, *, until=None):
    with practice.visit("Tess") as visit:
        return begin_tie(visit, client_id, practice.people[name], relation, until=until)


def keys_of(practice, name, client_id, at=AT):
    """Every key that somebody holds now, as one who means to come back copies them."""
    with practice.visit(name, at) as visit:
        return held_keys(visit, practice.vault.authority(client_id))


def opens(practice, client_id, copied, name):
    """Whether keys that were copied open what is written under the newest one of a name."""
    authority = practice.vault.authority(client_id)
    sheet, whose = authority.sheet, authority.whose(practice.vault.practice_id)
    try:
        at_generation(whose, sheet, name, sheet.newest(name), copied[name])
    except Unopenable:
        return False
    return True


def owed(practice, client_id, at=AT):
    return keys_owed(practice.vault, practice.vault.authority(client_id), at).turn


def turn(practice, name, at=AT):
    practice.open(name, at)
    with practice.visit(name, at) as visit:
        return turn_owed(visit)


def test_who_ends_the_own_tie_leaves_keys_to_turn_and_the_next_who_treats_turns_them(practice, ada):
    tie_id = begin(practice, ada, "Stan", "supervisor")
    copied = keys_of(practice, "Stan", ada)
    with practice.visit("Stan") as visit:
        end_tie(visit, ada, tie_id)
    assert practice.vault.ledger.lines_of(ada)[-1].body["keys"] == "to be turned"
    assert set(COMPARTMENTS) <= owed(practice, ada)
    assert opens(practice, ada, copied, "progress")
    assert records_owed(practice.vault, AT).turn == 1
    assert check_rows(practice.vault, AT) == [], "what waits is no fault"
    assert turn(practice, "Theo") == 0, "whoever has nothing to do with her turns nothing"
    assert turn(practice, "Tess") == 1
    assert not owed(practice, ada)
    assert not opens(practice, ada, copied, "progress")
    assert practice.vault.ledger.lines_of(ada)[-1].body["what"] == "keys turned"
    assert turn(practice, "Tess") == 0
    assert check_rows(practice.vault, AT) == []
    assert records_owed(practice.vault, AT).turn == 0
    assert practice.look("Tess", ada).entries
    assert practice.look("Sue", ada, purpose="supervision").entries


def test_a_tie_that_runs_out_leaves_keys_to_turn(practice, ada):
    begin(practice, ada, "Stan", "covering", until=LATER)
    copied = keys_of(practice, "Stan", ada)
    assert not owed(practice, ada)
    assert owed(practice, ada, LATER) == {"identity", "diagnosis", "risk"}
    assert turn(practice, "Tess", LATER) == 1
    assert not owed(practice, ada, LATER)
    assert not opens(practice, ada, copied, "risk")


def test_a_shared_record_s_key_turns_with_the_tie_that_brought_it(practice, ada):
    name = shared_compartment(ada)
    tie_id = begin(practice, ada, "Stan", "treating")
    copied = keys_of(practice, "Stan", ada)
    practice.open("Tess")
    with practice.visit("Tess") as visit:
        end_tie(visit, ada, tie_id)
    assert not owed(practice, ada)
    assert not opens(practice, ada, copied, name)
    practice.keep("Tess", ada, "shared_record", "after Stan")
    shown = practice.look("Sue", ada, purpose="supervision")
    shared = [entry.text for place, entry in shown.entries if place.wanted == "shared_record"]
    assert len(shared) == 2, "what was written before, down the chain, and what came after"
    assert check_rows(practice.vault, AT) == []


@pytest.mark.parametrize("by", ["Tess", "Stan"])
def test_what_an_author_shared_turns_by_the_author_alone(practice, ada, by):
    name = process_compartment(practice.people["Tess"])
    begin(practice, ada, "Stan", "treating")
    of_sue = tie_of(practice, ada, "Sue")
    with practice.visit("Tess") as visit:
        share_notes(visit, ada, of_sue)
    copied = keys_of(practice, "Sue", ada)
    with practice.visit(by) as visit:
        end_tie(visit, ada, of_sue)
    assert owed(practice, ada) == (set() if by == "Tess" else {name})
    assert opens(practice, ada, copied, name) == (by == "Stan")
    assert not opens(practice, ada, copied, "progress")
    assert turn(practice, "Stan") == 0
    assert turn(practice, "Tess") == (by == "Stan")
    assert not opens(practice, ada, copied, name)
    kept = practice.keep("Tess", ada, "psychotherapy_note", "for nobody else")
    old = next(
        one.entry_id for one in practice.vault.places(ada) if one.wanted == "psychotherapy_note"
    )
    shown = practice.look("Tess", ada, entry_ids=[kept.entry_id, old])
    assert len(shown.entries) == 2
    assert check_rows(practice.vault, AT) == []


def test_a_supervisor_who_stays_reads_on_what_the_author_shares(practice, ada):
    with practice.visit("Tess") as visit:
        share_notes(visit, ada, tie_of(practice, ada, "Sue"))
        turn_keys(visit, ada)
    practice.keep("Tess", ada, "psychotherapy_note", "after the keys turned")
    practice.open("Sue")
    shown = practice.look("Sue", ada, purpose="supervision", facts=IN_SUPERVISION)
    texts = [entry.text for _, entry in shown.entries]
    assert "after the keys turned" in texts
    name = process_compartment(practice.people["Tess"])
    assert practice.vault.authority(ada).sheet.newest(name) == 2


def test_what_is_left_of_an_ended_wrap_holds_no_key(practice, ada):
    before = stored(practice, ada)
    with practice.visit("Cora") as visit:
        end_tie(visit, ada, tie_of(practice, ada, "Cora"))
    after = stored(practice, ada)
    [left] = after - before
    assert len(left) < 700 < min(len(one) for one in before)


def stored(practice, client_id):
    place = {"practice_id": practice.vault.practice_id, "client_id": client_id}
    return {blob for *_, blob in practice.vault.store.rows("wraps.of_client", **place)}


def test_whoever_was_shown_what_an_author_keeps_apart_does_not_turn_its_key(practice, ada):
    begin(practice, ada, "Stan", "treating")
    as_supervisor = begin(practice, ada, "Stan", "supervisor")
    with practice.visit("Tess") as visit:
        share_notes(visit, ada, as_supervisor)
    with practice.visit("Stan") as visit:
        turn_keys(visit, ada)
    sheet = practice.vault.authority(ada).sheet
    assert sheet.newest(process_compartment(practice.people["Stan"])) == 2
    assert sheet.newest(process_compartment(practice.people["Tess"])) == 1


def test_what_key_holders_opened_for_a_time_leaves_nothing_to_turn(practice, ada):
    """A line of keys that turn would tell of an opening whose own line a court has held."""
    with practice.visit("Olaf") as visit:
        request = state_request(
            visit, ada, ["risk"], limit="court", reason="an order", expires=AT + LENT
        )
        parts = [contribute(practice.vault, request, one.secret, AT) for one in practice.papers[:2]]
        open_record(visit, request, parts)
    assert not keys_owed(practice.vault, practice.vault.authority(ada), AT + LENT)
    assert turn(practice, "Tess", AT + LENT) == 0


def test_nothing_is_wrapped_to_whoever_was_shut_out_while_the_ties_stand(practice, ada):
    """Keys turn without her: at the next visit of whoever treats, and each time after."""
    copied, sue = keys_of(practice, "Sue", ada), practice.people["Sue"]
    with practice.visit("Tess") as visit:
        share_notes(visit, ada, tie_of(practice, ada, "Sue"))
    apart = process_compartment(practice.people["Tess"])
    practice.open("Olaf")
    with practice.visit("Olaf") as visit:
        shut_out(visit, sue, posts={})
    assert owed(practice, ada) == {*COMPARTMENTS, apart, shared_compartment(ada)}
    assert check_rows(practice.vault, AT) == []
    assert turn(practice, "Tess") == 1
    assert not opens(practice, ada, copied, "progress")
    assert owed(practice, ada) == set()
    practice.open("Tess", LATER)
    with practice.visit("Tess", LATER) as visit:
        turn_keys(visit, ada)
        with pytest.raises(AuthorityMoved):
            share_notes(visit, ada, tie_of(practice, ada, "Sue"))
        practice.door.keep(visit, ada, Draft(wanted="shared_record", heading="", text="we"))
    assert not [one for one in stored_wraps(practice.vault, ada) if one.recipient_id == sue]
    assert "supervisor" in practice.vault.authority(ada).relations(sue, LATER), "the tie stands"
    assert check_rows(practice.vault, LATER) == []


def test_who_was_shut_out_and_kept_something_apart_leaves_nothing_owed_for_ever(practice, ada):
    begin(practice, ada, "Stan", "treating")
    practice.open("Olaf")
    with practice.visit("Olaf") as visit:
        shut_out(visit, practice.people["Tess"], posts={})
    assert turn(practice, "Stan") == 1
    assert owed(practice, ada) == set()
