"""What a practice agreed to keep back: a document that closes, class by class."""

import pytest

import tiny
from angerona.errors import BadAsk
from angerona.rules.answer import AskFirst, Permit

PACK = """
[[ground]]
id = "us-xx.any"
limit = "consent"
force = "may"
needs = [{expr = "not (client.restriction and client.paid_out_of_pocket)", ask = "?"}]
[[lock]]
id = "us-xx.lock"
when = "consent.withholds"
"""
KEPT = {"classes": ["risk"], "to": ["police"], "purposes": ["law_enforcement"]}
STATED = {"client.restriction": False, "client.paid_out_of_pocket": False}


@pytest.fixture
def packs(tmp_path):
    return tiny.load_tiny(tmp_path, us_xx=PACK)


def goes(packs, *restrictions, facts=STATED, **changes):
    wants = {"wants": ["risk", "history"]}
    found = tiny.answer(packs, restrictions=list(restrictions), facts=facts, **wants | changes)
    return found.released if isinstance(found, Permit) else type(found)


def test_without_one_nothing_is_withheld_and_nothing_asked(packs):
    assert goes(packs) == {"risk", "history"}


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        ({}, {"history"}),
        ({"to": ["court"]}, {"risk", "history"}),
        ({"purposes": ["payment"]}, {"risk", "history"}),
        ({"classes": ["billing"]}, {"risk", "history"}),
    ],
)
def test_it_bars_what_it_names_and_nothing_else(packs, changed, left):
    assert goes(packs, KEPT | changed) == left


def test_a_purpose_that_only_the_asker_states_keeps_none_away(packs):
    other = KEPT | {"purposes": ["payment"]}
    assert goes(packs, other, purpose_by="asker", wants=["risk"]) is not Permit


def test_what_is_stated_does_not_take_back_what_was_agreed(tmp_path):
    law = PACK.replace('when = "consent.withholds"', 'when = "client.restriction"')
    packs = tiny.load_tiny(tmp_path, us_xx=law)
    assert goes(packs) == {"risk", "history"}
    assert goes(packs, KEPT) == {"history"}
    assert goes(packs, KEPT, facts={**STATED, "client.restriction": True}).__name__ == "Refuse"


def test_other_classes_are_still_asked_about(packs):
    """What is agreed of one class says nothing of another: there a fact that is unknown is."""
    assert goes(packs, KEPT, facts={}) is AskFirst


@pytest.mark.parametrize("key", ["classes", "to", "purposes"])
def test_a_word_on_no_list_is_an_error(packs, key):
    with pytest.raises(BadAsk, match=key):
        goes(packs, KEPT | {key: ["nothing of the kind"]})
