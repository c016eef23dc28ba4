"""What leaves on a paper is what it names, or the difference is listed with a reason."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from angerona.errors import Unknown
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.handing_over import HandedOver, Outgoing
from angerona.practice.ordered import NOT_CHOSEN, NOTHING_THERE, ordered
from angerona.practice.requests import NewRequest, answer_with, request, take_down
from angerona.practice.second_readers import answer, ask_reader, waiting
from angerona.practice.speaking import Asked, choose, leaving_of, proposed
from owed_duties import copy, practice
from prepared_practice import AT
from second_readings import COURT, WISH

__all__ = ["copy", "practice"]
CLASSES = ("progress_note", "risk", "diagnosis", "history", "psychotherapy_note")


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def taken_down(practice, client_id, wants, **more):
    fields = {"to": "court", "instrument": "court_order", "facts": dict(WISH.facts)}
    asked = Asked(
        **(fields | {"purpose": WISH.purpose, "received": AT, "name": COURT, "wants": wants} | more)
    )
    with practice.visit("Tess") as visit:
        new = NewRequest(asked=asked, client_id=client_id, may_tell=True)
        return take_down(practice.door, visit, new)


def listed(practice, matter_id):
    with practice.visit("Tess") as visit:
        return ordered(practice.door, visit, request(visit, matter_id))


def handed_over(practice, matter_id):
    """What left, once a colleague had agreed where that is asked for."""
    with practice.visit("Tess") as visit:
        matter = request(visit, matter_id)
        leaving, now = leaving_of(practice.door, matter), proposed(practice.door, visit, matter)
        if now.is_awaited:
            ask_reader(
                *(practice.door, visit, matter.client_id, leaving),
                practice.people["Olaf"],
                why="the order is here",
            )
    if now.is_awaited:
        with practice.visit("Olaf") as visit:
            [one] = waiting(visit)
            answer(visit, one.duty.duty_id, "agreed", why="as ordered")
    with practice.visit("Tess") as visit:
        matter = request(visit, matter_id)
        outgoing = Outgoing(leaving=leaving, form="json", seen=now.seen)
        made = answer_with(practice.door, visit, matter, outgoing)
    assert isinstance(made, HandedOver), made
    return {(one.entry_id, one.version) for one in made.packet.parts}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    wants=st.lists(st.sampled_from(CLASSES), min_size=1, unique=True),
    picked=st.lists(st.booleans(), min_size=12, max_size=12),
)
def test_what_leaves_is_what_is_named_or_the_rest_is_listed_with_a_reason(
    practice, ada, wants, picked
):
    practice.open("Tess")
    practice.open("Olaf")
    matter_id = taken_down(practice, ada, tuple(wants))
    first = listed(practice, matter_id)
    everything = {
        (one.entry_id, one.version) for one in practice.vault.places(ada) if one.wanted in wants
    }
    newest = dict(sorted(everything))
    assert {(one.entry_id, one.version) for one in first if one.entry_id} == set(newest.items())
    may = [one.entry_id for one in first if one.goes or one.why == NOT_CHOSEN]
    chosen = [one for one, is_in in zip(may, picked, strict=False) if is_in]
    if not chosen:
        return
    with practice.visit("Tess") as visit:
        choose(visit, request(visit, matter_id), chosen)
    found = listed(practice, matter_id)
    assert {(one.entry_id, one.version) for one in found if one.goes} == handed_over(
        practice, matter_id
    )
    assert all(one.goes or one.why for one in found)


def test_a_class_that_is_named_and_of_which_nothing_stands_is_listed(practice):
    with practice.visit("Tess") as visit:
        who = NewClient(name="Una Invented", facts={"client.age": 34})
        una = enrol_client(visit, who, treating=practice.people["Tess"])
    practice.keep("Tess", una, "diagnosis", "what stands there")
    found = listed(practice, taken_down(practice, una, ("diagnosis", "history")))
    assert [one.of_class for one in found] == ["diagnosis", "history"]
    assert (found[1].entry_id, found[1].why) == (None, NOTHING_THERE)


def test_about_nobody_there_is_none(practice):
    with pytest.raises(Unknown):
        listed(practice, taken_down(practice, None, ("diagnosis",)))
