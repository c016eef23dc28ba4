"""What goes over the rows beside the ledger. That it finds what is wrong, tests/tampering shows."""

import datetime

import pytest

from angerona.practice import erasure
from angerona.practice.portal import give_way_in
from angerona.practice.ties import begin_tie, end_tie, share_notes, turn_keys
from angerona.sealed import comparing
from angerona.sealed.checking import CHECKS, check_rows
from angerona.sealed.owed import stored_wraps
from angerona.sealed.wraps import names_in
from angerona.store.copying import tables_in
from prepared_practice import AT, prepared, quick_passwords

LATER = AT + datetime.timedelta(minutes=5)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "practice").opened() as practice:
        yield practice


def test_a_practice_is_found_whole_through_all_that_its_people_do(practice):
    ada, stan = prepared().clients["Ada"], practice.people["Stan"]
    with practice.visit("Tess") as visit:
        for relation in ("treating", "supervisor", "covering"):
            tie_id = begin_tie(visit, ada, stan, relation, until=None)
            assert check_rows(practice.vault, AT) == []
            end_tie(visit, ada, tie_id)
            assert check_rows(practice.vault, AT) == []
        begin_tie(visit, ada, stan, "supervisor", until=LATER)
        turn_keys(visit, ada)
    assert check_rows(practice.vault, AT) == []
    assert check_rows(practice.vault, LATER) == [], "wraps that are over are no wraps"


def test_a_client_with_a_way_in_is_due_the_keys_of_the_own_record(practice):
    vault, ada = practice.vault, prepared().clients["Ada"]
    with practice.visit("Tess") as visit, quick_passwords():
        made = give_way_in(visit, ada, "Ada", "a sentence of her own")
    assert check_rows(vault, AT) == []
    place = {"practice_id": vault.practice_id, "client_id": ada, "recipient_id": made.person_id}
    vault.store.write(lambda writing: writing.run("wraps.delete_of_recipient", **place)).result()
    assert [one.check for one in check_rows(vault, AT)] == ["due"]


def test_who_is_tied_and_has_no_keys_is_named_by_id_alone(practice):
    vault, ada, sue = practice.vault, prepared().clients["Ada"], practice.people["Sue"]
    place = {"practice_id": vault.practice_id, "client_id": ada}
    vault.store.write(
        lambda writing: writing.run("wraps.delete_of_recipient", recipient_id=sue, **place)
    ).result()
    [finding] = check_rows(vault, AT)
    assert finding.check == "due"
    assert finding.sentence == f"client {ada.hex()}: {sue.hex()} has no keys of this record"


@pytest.mark.parametrize("is_shared", [False, True])
def test_what_is_left_of_a_tie_that_ran_out_is_missed_until_its_keys_turn(practice, is_shared):
    vault, ada, stan = practice.vault, prepared().clients["Ada"], practice.people["Stan"]
    with practice.visit("Tess") as visit:
        tie_id = begin_tie(visit, ada, stan, "supervisor", until=LATER)
        if is_shared:
            turn_keys(visit, ada)
            share_notes(visit, ada, tie_id)
    left = [one for one in stored_wraps(vault, ada) if one.recipient_id == stan]
    if is_shared:
        left = [one for one in left if len(names_in(vault.keyset, one).names) == 1]
    for one in left:
        place = {"practice_id": vault.practice_id, "wrap_id": one.wrap_id}
        vault.store.write(lambda writing, of=place: writing.run("wraps.delete", **of)).result()
    at = LATER + MINUTE
    assert [one.check for one in check_rows(vault, at)] == ["turning"]
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit:
        turn_keys(visit, ada)
    assert check_rows(vault, at) == []


def test_what_is_left_of_an_earlier_tie_does_not_stand_for_a_later_one(practice):
    """Two ties of one person owe the same keys; the row of the one that brought more is deleted."""
    vault, ada, stan = practice.vault, prepared().clients["Ada"], practice.people["Stan"]
    with practice.visit("Tess") as visit:
        begin_tie(visit, ada, stan, "covering", until=LATER)
        begin_tie(visit, ada, stan, "supervisor", until=LATER + MINUTE)
    at = LATER + 2 * MINUTE
    assert check_rows(vault, at) == []
    mine = [one for one in stored_wraps(vault, ada) if one.recipient_id == stan]
    [most] = [one for one in mine if "progress" in names_in(vault.keyset, one).names]
    place = {"practice_id": vault.practice_id, "wrap_id": most.wrap_id}
    vault.store.write(lambda writing: writing.run("wraps.delete", **place)).result()
    assert [one.check for one in check_rows(vault, at)] == ["turning"]


@pytest.mark.parametrize("first", ["covering", "supervisor"])
def test_two_ties_of_one_person_that_are_over_are_no_finding(practice, first):
    vault, ada, stan = practice.vault, prepared().clients["Ada"], practice.people["Stan"]
    second = {"covering": "supervisor", "supervisor": "covering"}[first]
    with practice.visit("Tess") as visit:
        begin_tie(visit, ada, stan, first, until=LATER + MINUTE)
        begin_tie(visit, ada, stan, second, until=LATER)
        begin_tie(visit, ada, stan, first, until=LATER + 2 * MINUTE)
    for minutes in range(1, 4):
        assert check_rows(vault, LATER + minutes * MINUTE) == []
    practice.open("Stan", AT + MINUTE)
    with practice.visit("Stan", AT + MINUTE) as visit:
        for tie_id, tie in list(vault.authority(ada).ties.items()):
            if tie.person_id == stan:
                end_tie(visit, ada, tie_id)
    for minutes in range(1, 4):
        assert check_rows(vault, LATER + minutes * MINUTE) == []


def test_where_the_practice_itself_is_altered_nothing_else_is_asked(practice):
    vault = practice.vault
    [(row,)] = vault.store.rows("practices.by_key", practice_id=vault.practice_id)
    vault.store.write(
        lambda writing: writing.run(
            "practices.update", practice_id=vault.practice_id, row=row[:-1] + b"x"
        )
    ).result()
    vault._kept._held.clear()  # noqa: SLF001 -- as after a restart
    assert [one.check for one in check_rows(vault, AT)] == ["practice"]


def test_every_check_is_a_sentence():
    assert all(" " in sentence and sentence[0].islower() for sentence in CHECKS.values())


def test_every_table_with_rows_of_a_client_is_looked_at_after_an_erasure(practice):
    """A new table must be emptied by an erasure, and be asked for what came back."""
    with practice.vault.store.snapshot() as reading:
        tables = tables_in(reading)
    of_clients = {name for name, table in tables.items() if "client_id" in table.columns}
    asked = {statement.partition(".")[0] for statement in comparing._ROWS["client_id"]}  # noqa: SLF001 -- the list itself
    emptied = {*erasure._OF_CLIENT, "event_keys", "clients"}  # noqa: SLF001 -- the list itself
    assert asked | {"clients"} == emptied == of_clients
