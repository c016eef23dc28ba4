"""What a practice would tell: worked out from its law, true for each country, no fixed text."""

import dataclasses
import datetime

import pytest

from angerona.practice.limits import PLACES, PRIVATE, VERDICTS, Law, _told, cases
from angerona.words import CLASSES, INSTRUMENTS, PURPOSES, RECIPIENTS
from prepared_practice import packs

AT = datetime.datetime(2026, 11, 26, tzinfo=datetime.UTC)
LAWS = {
    "US-CA": ("house", "us-hipaa", "us-ca"),
    "US-TX": ("house", "us-hipaa", "us-tx"),
    "UK": ("house", "uk"),
    "DE": ("house", "eu", "de"),
    "CA-ON": ("house", "ca", "ca-on"),
    "NZ": ("house", "nz"),
}
GOLDEN = {
    "US-CA": {"plan": "may", "other": "must", "child": "must", "order": "must", "lawyer": "yes"},
    "US-TX": {"plan": "depends", "child": "must", "elder": "must", "order": "must"},
    "UK": {"plan": "depends", "child": "depends", "order": "depends", "lawyer": "yes_checked"},
    "DE": {"child": "depends", "elder": "yes", "order": "yes", "lawyer": "yes"},
    "CA-ON": {"child": "must", "elder": "yes", "order": "depends"},
    "NZ": {"plan": "depends", "elder": "yes"},
}
"""The limits as these packs have them: who changes a pack looks at these again."""


def law(place):
    return Law(place, LAWS[place], packs(), AT)


def verdicts(place, page):
    return {one.id: one.verdict for one in cases(law(place), page)}


@pytest.mark.parametrize("place", GOLDEN)
def test_the_limits_are_those_of_the_country(place):
    found = verdicts(place, "limit")
    assert {one: found[one] for one in GOLDEN[place]} == GOLDEN[place]


@pytest.mark.parametrize("place", LAWS)
def test_six_cards_and_in_no_country_does_a_caller_hear_anything(place):
    found = verdicts(place, "card")
    assert len(found) == 6
    for one in ("partner", "employer", "police"):
        assert found[one] in PRIVATE
    assert found["thought"] in PRIVATE, "a thought alone is nobody's business"


@pytest.mark.parametrize("place", LAWS)
def test_every_answer_is_said_and_names_whom(place):
    for page in PLACES:
        for one in cases(law(place), page):
            assert one.answer
            assert "{" not in one.answer
            assert one.rules
            assert bool(one.depends_on) <= (one.verdict in {"depends", "perhaps"})


def test_young_people_are_asked_about_as_young_people():
    grown = {one.id: one for one in cases(law("US-CA"), "told")}["drugs"]
    young = {one.id: one for one in cases(law("US-CA"), "young")}["drugs"]
    assert (grown.verdict, young.verdict) == ("yes", "yes_checked")


def test_a_law_that_is_not_loaded_is_named():
    assert law("UK").missing == []
    assert Law("US-WY", LAWS["US-CA"][:2], packs(), AT).missing == ["the law of US-WY"]
    assert Law("DE", ("house", "de"), packs(), AT).missing


def test_the_rules_decide_and_not_the_text():
    """Without the law that opens it, the same case is answered otherwise."""
    alone = Law("US-CA", ("house",), packs(), AT)
    with_law = verdicts("US-CA", "limit")
    assert {one.id: one.verdict for one in cases(alone, "limit")} != with_law
    assert dataclasses.replace(law("US-CA"), at=AT).missing == []


def test_the_cases_use_the_words_there_are():
    told = _told()
    for one in told["case"]:
        assert set(one["in"]) <= set(PLACES)
        assert set(one["wants"]) <= set(CLASSES)
        assert one["to"] in RECIPIENTS
        assert one["purpose"] in PURPOSES
        assert one["instrument"] in INSTRUMENTS
    stated = [told["facts"], told["young"], *(one.get("facts", {}) for one in told["case"])]
    unknown = {name for one in stated for name in one} - set(packs().facts)
    assert unknown == set(), "a fact that no pack knows would be left out unseen"
    assert {"must", "may", "depends", "yes", "never"} <= set(VERDICTS)
