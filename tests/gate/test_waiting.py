"""What the law lets go no sooner than after a time does not leave before, whoever asks the gate."""

import datetime
from dataclasses import replace

import pytest

from angerona.errors import BadInput, NotAgreed
from angerona.gate import door as door_module
from angerona.gate.waiting import NOTICED
from angerona.packs import load
from angerona.rules.answer import Owed, Permit
from owed_duties import DAY, copy, practice
from prepared_practice import AT
from second_readings import COURT, WISH

__all__ = ["copy", "practice"]

WAIT = Owed(
    id="xx.wait",
    kind="notice",
    mode="required",
    what="the client had notice before production",
    to="client",
    not_before="P10D",
)
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


@pytest.fixture
def also(monkeypatch):
    """The Answers of the rules, with further duties."""
    real = door_module.decide

    def answers(*duties):
        def decide(ask, loaded):
            found = real(ask, loaded)
            assert isinstance(found, Permit), found
            return replace(found, duties=(*found.duties, *duties))

        monkeypatch.setattr(door_module, "decide", decide)

    return answers


def leaves(practice, client_id, wish):
    """Whether the gate would let it leave, but for a second reader."""
    places = practice.vault.places(client_id)
    entries = [one.entry_id for one in places if one.wanted in wish.wants]
    with practice.visit("Tess") as visit:
        try:
            practice.door.release(visit, client_id, wish, entry_ids=entries, recipient=COURT)
        except NotAgreed:
            return True
    return True


def noticed(at, names=NOTICED):
    return replace(WISH, moments=dict.fromkeys(names, at))


def test_without_such_a_time_it_leaves(practice, ada):
    assert leaves(practice, ada, WISH)


@pytest.mark.parametrize("due_from", ["", "notice to client and provider"])
def test_nothing_leaves_before_it_is_over_and_the_day_is_said(practice, ada, also, due_from):
    also(replace(WAIT, due_from=due_from))
    lines = practice.vault.ledger.lines_of(ada)
    with pytest.raises(BadInput, match="from 12 March 2026 on"):
        leaves(practice, ada, noticed(AT))
    with pytest.raises(BadInput, match="from 2 March 2026 on"):
        leaves(practice, ada, noticed(AT - 10 * DAY + SECOND))
    assert practice.vault.ledger.lines_of(ada) == lines
    assert leaves(practice, ada, noticed(AT - 10 * DAY))


def test_under_a_court_a_time_that_nobody_knows_to_have_begun_has_not(practice, ada, also):
    also(WAIT)
    with pytest.raises(BadInput, match="had notice"):
        leaves(practice, ada, WISH)


def test_a_duty_of_which_it_is_not_sure_is_waited_for(practice, ada, also):
    also(replace(WAIT, sure=False))
    with pytest.raises(BadInput, match="too soon"):
        leaves(practice, ada, noticed(AT))


@pytest.mark.parametrize(
    "more", [{"mode": "discretionary"}, {"not_before": ""}, {"due_from": "the disclosure"}]
)
def test_what_is_no_waiting_before_it_leaves_holds_nothing_up(practice, ada, also, more):
    also(replace(WAIT, **more))
    assert leaves(practice, ada, WISH)


def test_every_waiting_time_of_the_packs_begins_with_a_moment_that_is_known():
    found = {
        one.due_from
        for pack in load().packs.values()
        for one in pack.duties
        if one.not_before and one.mode == "required"
    }
    assert found <= {"", *NOTICED, "client asks to see it"}
