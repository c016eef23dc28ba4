"""What leaves under a matter leaves once, whoever else hands it over at the same moment."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from angerona.errors import AngeronaError, BadInput, Conflicting, Unknown
from angerona.practice.handing_over import HandedOver, Outgoing, hand_over
from angerona.practice.matters import after_it_left, leaves_once
from angerona.practice.requests import (
    NewRequest,
    answer_with,
    answer_without,
    pass_on,
    request,
    take_down,
)
from angerona.practice.speaking import Asked, choose, keep_asked, leaving_of
from angerona.practice.upkeep import keep_up
from owed_duties import DAY, wrong
from prepared_practice import quick_passwords
from second_readings import THREAT
from small_practice import AT, founded

ASKED = Asked(
    to="police",
    purpose="protection",
    instrument="own_initiative",
    received=AT,
    wants=("risk",),
    facts=dict(THREAT.facts),
)
AT_ONCE = 4
LATER = AT + datetime.timedelta(minutes=11)


@pytest.fixture(params=["sqlite", "postgres"])
def practice(request, tmp_path):
    address = None
    if request.param == "postgres":
        address = request.getfixturevalue("postgres_server").empty()
    with quick_passwords():
        made = founded(tmp_path / "practice", address=address)
        made.ada = made.client("Ada Invented")
        made.keep("Thea", made.ada, "risk", "He has a plan.")
        yield made
        made.vault.store.close()


def asked_for(practice):
    """A request with its one entry chosen: the id of it."""
    places = practice.vault.places(practice.ada)
    with practice.visit("Thea") as visit:
        new = NewRequest(asked=ASKED, client_id=practice.ada, may_tell=True)
        matter = request(visit, take_down(practice.door, visit, new))
        choose(visit, matter, [one.entry_id for one in places])
    return matter.matter_id


def answered(practice, matter, at=AT):
    with practice.visit("Thea", at) as visit:
        outgoing = Outgoing(leaving=leaving_of(practice.door, matter), form="json")
        return answer_with(practice.door, visit, matter, outgoing)


def looked_up(practice, matter_id, at=AT):
    with practice.visit("Thea", at) as visit:
        return request(visit, matter_id)


def kinds(practice):
    return [one.kind for one in practice.vault.ledger.lines_of(practice.ada)]


def test_of_two_at_the_same_moment_one_leaves(practice):
    matter = looked_up(practice, asked_for(practice))
    ready = threading.Barrier(AT_ONCE)

    def one(_):
        ready.wait()
        try:
            return answered(practice, matter)
        except AngeronaError as problem:
            return problem

    with ThreadPoolExecutor(AT_ONCE) as pool:
        came = list(pool.map(one, range(AT_ONCE)))
    assert sum(isinstance(made, HandedOver) for made in came) == 1, came
    assert sum(isinstance(made, Conflicting) for made in came) == AT_ONCE - 1, came
    assert [kinds(practice).count(one) for one in ("disclosure", "handed_over")] == [1, 1]
    with pytest.raises(Unknown):
        looked_up(practice, matter.matter_id)
    assert wrong(practice) == []


def test_what_came_to_nothing_can_be_tried_again_at_once(practice):
    matter_id = asked_for(practice)

    def cannot(_data):
        raise FileNotFoundError

    with practice.visit("Thea") as visit:
        matter = request(visit, matter_id)
        leaving = leaving_of(practice.door, matter)
        outgoing = Outgoing(leaving=leaving, form="json", matter=matter)
        with pytest.raises(FileNotFoundError):
            hand_over(practice.door, visit, practice.ada, outgoing, deliver=cannot)
    assert isinstance(answered(practice, looked_up(practice, matter_id)), HandedOver)
    assert kinds(practice)[-5:] == ["disclosure", "failed", "disclosure", "handed_over", "request"]
    assert wrong(practice) == []


def test_what_was_announced_and_never_followed_waits_and_can_then_be_tried_again(practice):
    matter_id = asked_for(practice)
    with practice.visit("Thea") as visit:
        matter = request(visit, matter_id)
        leaving = leaving_of(practice.door, matter)
        practice.door.release(
            visit,
            practice.ada,
            leaving.wish,
            entry_ids=leaving.entry_ids,
            recipient=leaving.recipient,
            along=leaves_once(visit, matter),
        )
    with pytest.raises(Conflicting):
        answered(practice, looked_up(practice, matter_id))
    practice.open("Thea", LATER)
    assert isinstance(answered(practice, looked_up(practice, matter_id, LATER), LATER), HandedOver)
    assert wrong(practice) == []


def test_what_has_left_and_was_not_settled_leaves_again_only_if_chosen_otherwise(practice):
    matter_id = asked_for(practice)
    with practice.visit("Thea") as visit:
        matter = request(visit, matter_id)
        leaving = leaving_of(practice.door, matter)
        outgoing = Outgoing(leaving=leaving, form="json", matter=matter)
        hand_over(practice.door, visit, practice.ada, outgoing)
    practice.open("Thea", LATER)
    with pytest.raises(BadInput, match="has left already"):
        answered(practice, looked_up(practice, matter_id, LATER), LATER)
    assert kinds(practice).count("disclosure") == 1
    with practice.visit("Thea", LATER) as visit:
        matter = request(visit, matter_id)
        answer_without(visit, matter, "elsewhere", how="by post")
    assert wrong(practice) == []


def test_what_was_held_and_has_left_does_not_leave_again_once_it_is_told(practice):
    places = practice.vault.places(practice.ada)
    with practice.visit("Thea") as visit:
        new = NewRequest(asked=ASKED, client_id=practice.ada, may_tell=False)
        matter = request(visit, take_down(practice.door, visit, new))
        matter = choose(visit, matter, [one.entry_id for one in places])
        leaving = leaving_of(practice.door, matter)
        outgoing = Outgoing(leaving=leaving, form="json", matter=matter)
        assert isinstance(hand_over(practice.door, visit, practice.ada, outgoing), HandedOver)
    assert "disclosure" not in kinds(practice), "it is held back"
    for days in range(1, 8):
        keep_up(practice.vault, AT + days * DAY)
    assert "disclosure" in kinds(practice), "it took the place of a blank line"
    later = AT + 8 * DAY
    practice.open("Thea", later)
    with pytest.raises(BadInput, match="has left already"):
        answered(practice, looked_up(practice, matter.matter_id, later), later)
    assert wrong(practice) == []


def test_the_end_of_a_request_does_not_tell_what_is_held_back(practice):
    places = practice.vault.places(practice.ada)
    facts = {**ASKED.facts, "house.secrecy_ordered": True}
    secret = msgspec.structs.replace(ASKED, facts=facts)
    with practice.visit("Thea") as visit:
        new = NewRequest(asked=secret, client_id=practice.ada, may_tell=True)
        matter = request(visit, take_down(practice.door, visit, new))
        matter = choose(visit, matter, [one.entry_id for one in places])
    before = kinds(practice)
    assert isinstance(answered(practice, matter), HandedOver)
    assert kinds(practice) == before
    assert wrong(practice) == []


def test_a_refusal_marks_nothing(practice):
    matter_id = asked_for(practice)
    with practice.visit("Thea") as visit:
        matter = request(visit, matter_id)
        other = msgspec.structs.replace(ASKED, facts={})
        matter = keep_asked(visit, matter, other, "put it otherwise")
    assert not isinstance(answered(practice, matter), HandedOver)
    assert looked_up(practice, matter_id).leaving is None


def test_what_has_left_is_settled_whoever_changed_the_matter_meanwhile(practice):
    matter_id = asked_for(practice)
    with practice.visit("Thea") as visit:
        before = request(visit, matter_id)
        pass_on(visit, before, practice.people["Thea"])
        after_it_left(visit, before, lambda now: answer_without(visit, now, "elsewhere", how=""))
        with pytest.raises(Unknown):
            request(visit, matter_id)
        after_it_left(visit, before, lambda now: answer_without(visit, now, "elsewhere", how=""))
    assert wrong(practice) == []
