"""Small words: time limits, choices, places, letters a terminal lacks."""

import pytest

from angerona.cli import choices
from angerona.cli.output import clean, folded
from angerona.cli.places import packs_if, packs_of, places_fitting
from angerona.practice.durations import NO_TIME, in_words, limit_in_words, seconds, urgency
from angerona.rules.answer import Owed
from angerona.rules.entries import Due
from angerona.words import ACTS, INSTRUMENTS, PURPOSES, RECIPIENTS, RELATIONS, ROLES, SIGNERS


def owed(**fields):
    return Owed(id="x", kind="deadline", mode="required", what="tell", **fields)


LIMITS = [
    (owed(due="PT36H", due_from="receiving it"), "within 36 hours of receiving it"),
    (owed(due="P1D", due_from="the look"), "within 1 day of the look"),
    (owed(due="P3D", due_from="it", days="working"), "within 3 working days of it"),
    (owed(due="P1D", days="working"), "within 1 working day"),
    (owed(due="P1Y2M1W"), "within 1 year, 2 months and 1 week"),
    (owed(due="PT1H30M"), "within 1 hour and 30 minutes"),
    (owed(due="PT0S", due_from="arrival"), "at once on arrival"),
    (owed(due="PT0S"), "at once"),
    (owed(standard="promptly"), "promptly"),
    (owed(not_before="P10D"), "not before 10 days have passed"),
    (owed(due="P2W", not_before="P10D"), "within 2 weeks, but not before 10 days have passed"),
    (
        owed(later_of=(Due("P5D", "the call"), Due("PT0S", "the hearing"))),
        "within 5 days of the call or at once on the hearing, whichever is later",
    ),
    (owed(), ""),
]


@pytest.mark.parametrize(("duty", "said"), LIMITS)
def test_time_limits_are_said_in_words(duty, said):
    assert limit_in_words(duty) == said


def test_the_sooner_comes_first():
    ladder = [
        owed(due="PT0S"),
        owed(standard="immediately"),
        owed(due="PT36H"),
        owed(standard="promptly"),
        owed(due="P5D"),
        owed(due="P5D", days="working"),
        owed(later_of=(Due("P5D", ""), Due("P10D", ""))),
        owed(due="P1M"),
        owed(),
    ]
    found = [urgency(duty) for duty in ladder]
    assert found == sorted(found)
    assert found[-1] == NO_TIME
    assert seconds("PT1M") == 60
    assert in_words("nonsense") == ""


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (choices.WHO_ASKS, RECIPIENTS),
        (choices.IN_HAND, INSTRUMENTS),
        (choices.WHAT_FOR, PURPOSES),
        (choices.YOUR_ROLE, ROLES),
        (choices.YOUR_TIE, RELATIONS),
        (choices.WHICH_ACT, ACTS),
        (choices.SIGNED_BY, SIGNERS),
    ],
)
def test_every_word_has_exactly_one_place(shown, words):
    assert sorted(shown.words) == sorted(words)


@pytest.mark.parametrize(
    "shown", [choices.WHO_ASKS, choices.IN_HAND, choices.WHAT_FOR, choices.WHAT]
)
def test_each_choice_is_found_by_number_by_word_and_as_it_is_said(shown):
    for number, word in enumerate(shown.words, 1):
        assert shown.fitting(str(number)) == (word,)
        assert shown.fitting(word) == (word,)
        assert shown.fitting(shown.said[word].lower()) == (word,)


TYPED = [
    ("police", ("police",)),
    ("the police", ("police",)),
    ("other side", ("opposing_attorney",)),
    ("subject to nothing", ()),
    ("attorney", ("opposing_attorney", "client_attorney", "own_attorney")),
    ("0", ()),
    ("999", ()),
    ("\u00b2", ()),
]


@pytest.mark.parametrize(("typed", "words"), TYPED)
def test_a_part_of_a_word_is_enough(typed, words):
    assert choices.WHO_ASKS.fitting(typed) == words


PLACES = [
    ("us-ca", ("US-CA",)),
    ("california", ("US-CA",)),
    ("calif", ("US-CA",)),
    ("ca", ("CA",)),
    ("wyoming", ("US-WY",)),
    ("germany", ("DE",)),
    ("scotland", ("UK",)),
    ("gb", ("UK",)),
    ("new", ("NZ", "US-NH", "US-NJ", "US-NM", "US-NY", "CA-NB", "CA-NL", "AU-NSW")),
    ("br", ("BR",)),
    ("tx", ("TX", "US-TX")),
    ("us-zz", ("US-ZZ",)),
    ("atlantis", ()),
]


@pytest.mark.parametrize(("typed", "places"), PLACES)
def test_places_are_found_by_code_and_by_name(typed, places):
    assert places_fitting(typed) == places


BINDING = [
    ("US-CA", ("house", "us-hipaa", "us-ca"), ("us-part2",)),
    ("US-WY", ("house", "us-hipaa"), ("us-part2",)),
    ("DE", ("house", "eu", "de"), ()),
    ("ES", ("house", "eu"), ()),
    ("UK", ("house", "uk"), ()),
    ("CA-ON", ("house", "ca", "ca-on"), ()),
    ("AU-NSW", ("house", "au", "au-nsw"), ()),
    ("BR", ("house",), ()),
]


@pytest.mark.parametrize(("place", "always", "sometimes"), BINDING)
def test_the_packs_of_a_place(packs, place, always, sometimes):
    assert packs_of(place, packs) == always
    assert tuple(pack.id for pack in packs_if(place, packs)) == sometimes


def test_every_pack_that_ships_binds_somewhere(packs):
    places = {pack.jurisdiction for pack in packs.packs.values()} | {"DE"}
    bound = {one for place in places for one in packs_of(place, packs)}
    bound |= {one.id for place in places for one in packs_if(place, packs)}
    assert bound == set(packs.packs)


def test_letters_a_terminal_lacks():
    assert folded("\u00a7 5 \u201cd\u00e9j\u00e0\u201d \u2014 \u4eba", "ascii") == 's. 5 "deja" - ?'
    assert folded("\u00a7 5", "utf-8") == "\u00a7 5"
    assert folded("\u00a7 5", None) == "s. 5"
    assert clean("a\x1b[2Jb\u202ec\nd") == "a [2Jb c\nd"
