"""When nobody can sign in any more: key holders put a successor in, who takes a record over."""

import pytest

from angerona.errors import BadInput, TooFewSeats, Unopenable
from angerona.gate.door import Shown
from angerona.practice.members import NewMember, sign_in_with_password
from angerona.practice.openings import contribute, open_record, state_request
from angerona.practice.succession import succeed
from angerona.practice.ties import begin_tie, turn_keys
from angerona.sealed.compartments import BY_POST, COMPARTMENTS, process_compartment
from angerona.sealed.holding import seeds_of
from small_practice import AT, MINUTE, PASSWORD, founded

pytestmark = pytest.mark.usefixtures("quickly")

SUCCESSOR = NewMember(name="Sue", roles=("psychologist",), posts=())


@pytest.fixture
def practice(tmp_path):
    practice = founded(tmp_path / "data")
    yield practice
    practice.vault.store.close()


def put_in(practice, *papers, who=SUCCESSOR):
    secrets = [practice.papers[one].secret for one in papers]
    made = succeed(practice.vault, secrets, who, PASSWORD, AT)
    practice.people[who.name] = made.person_id
    practice.sign_in(who.name)


def taken_over(practice, client_id):
    names = [*COMPARTMENTS, process_compartment(practice.people["Thea"])]
    with practice.visit("Sue") as visit:
        request = state_request(
            visit, client_id, names, limit="care", reason="Thea died", expires=AT + 9 * MINUTE
        )
        parts = [
            contribute(practice.vault, request, practice.papers[one].secret, AT) for one in (0, 1)
        ]
        open_record(visit, request, parts)


def test_a_successor_takes_a_record_over_and_goes_on_treating(practice):
    client_id = practice.client("Ada Invented")
    practice.keep("Thea", client_id, "progress_note", "spoke of the garden")
    practice.keep("Thea", client_id, "risk", "safety plan")
    put_in(practice, 0, 2)
    assert practice.look("Sue", client_id).entries == (), "the posts' new keys open nothing yet"
    taken_over(practice, client_id)
    shown = practice.look("Sue", client_id)
    assert {entry.text for _, entry in shown.entries} == {"spoke of the garden", "safety plan"}
    practice.keep("Sue", client_id, "progress_note", "the first session with Sue")
    with practice.visit("Sue") as visit:
        turn_keys(visit, client_id)
    assert len(practice.look("Sue", client_id).entries) == 3
    practice.enrol_by("Sue", "Tom", roles=("psychologist",))
    with practice.visit("Sue") as visit:
        begin_tie(visit, client_id, practice.people["Tom"], "treating", until=None)
    assert len(practice.look("Tom", client_id).entries) == 3


def test_every_line_of_it_stands_in_the_ledger(practice):
    client_id = practice.client("Ada Invented")
    put_in(practice, 1, 2)
    taken_over(practice, client_id)
    [line] = [
        one
        for one in practice.vault.ledger.lines_of(practice.vault.practice_id)
        if one.body.get("what") == "succession"
    ]
    assert line.body["by"]["seats"] == [2, 3]
    last = practice.vault.ledger.lines_of(client_id)[-1]
    assert (last.kind, last.body["takes_over"]) == ("opened", True)


def test_the_successor_holds_every_post_by_new_keys(practice):
    put_in(practice, 0, 1)
    with practice.visit("Sue") as visit:
        assert set(seeds_of(visit, BY_POST)) == set(BY_POST)
    with practice.visit("Thea") as visit, pytest.raises(Unopenable):
        seeds_of(visit, ["privacy_officer"])
    assert sign_in_with_password(practice.vault, "Sue", PASSWORD, AT)
    client_id = practice.client("Otto Invented", treating="Sue")
    practice.keep("Sue", client_id, "risk", "safety plan")
    assert isinstance(practice.look("Sue", client_id), Shown)


@pytest.mark.parametrize("papers", [(), (0,), (1, 1)])
def test_fewer_than_the_quorum_put_nobody_in(practice, papers):
    with pytest.raises(TooFewSeats):
        put_in(practice, *papers)


def test_neither_a_made_up_seat_nor_a_taken_name_will_do(practice):
    secrets = [practice.papers[0].secret, bytes(range(32))]
    with pytest.raises(Unopenable):
        succeed(practice.vault, secrets, SUCCESSOR, PASSWORD, AT)
    with pytest.raises(BadInput, match="already"):
        put_in(practice, 0, 1, who=NewMember(name="thea", roles=(), posts=()))
    with practice.visit("Thea") as visit:
        assert seeds_of(visit, ["privacy_officer"]), "the posts are as they were"
