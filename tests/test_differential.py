"""Two readings of one language must agree: the product's rules against the naive reader.

The naive reader (naive_reader.py) was written from docs/LANGUAGE.md alone and shares no code with
the rules. Each part below is its own seed, so that workers can share them; together they are at
least 200,000 Asks.
"""

import functools
import pathlib
import sys

import pytest

import angerona.packs
import naive_reader
import random_asks
from angerona.packs import load, load_folder
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide

OF_A_GROUND = (".ways", ".review")
PARTS = 40
ASKS_IN_A_PART = 5_000
FOLDER = pathlib.Path(angerona.packs.__file__).parent
CORNERS = pathlib.Path(__file__).parent / "corners"


@pytest.fixture
def untraced():
    """Without coverage's tracer: other tests cover every branch, and here it costs minutes.

    The marker `no_cover` does not reach the thread in which a worker runs its tests.
    """
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@functools.cache
def both():
    return load(), naive_reader.load(FOLDER)


@functools.cache
def both_corners():
    """Two invented packs that use what the packs that ship use seldom or not at all."""
    return load_folder(CORNERS), naive_reader.load(CORNERS)


def owed(answer):
    """The duties as rows to compare; those of a ground itself by name and time alone."""
    keys = ("id", "due", "sure", "kind", "mode", "what", "due_from")
    return sorted(
        tuple(str(duty[key]) for key in keys[: 3 if duty["id"].endswith(OF_A_GROUND) else None])
        for duty in answer["duties"]
    )


def differences(ours, theirs):
    """What differs between two Answers, by key; the order of lists does not count."""
    found = [key for key in ("outcome", "classes", "notice") if ours[key] != theirs[key]]
    found += [
        key
        for key in ("grounds", "locks", "questions", "conflicts", "ask_before_telling")
        if sorted(ours[key]) != sorted(theirs[key])
    ]
    return found + (["duties"] if owed(ours) != owed(theirs) else [])


def assert_they_agree(packs, raw, seed, count):
    for ask in random_asks.asks(seed, count, raw, random_asks.stacks_of(raw)):
        ours = decide(read_ask(ask, packs.facts, packs.packs), packs).as_json()
        theirs = naive_reader.decide(ask, raw)
        assert differences(ours, theirs) == [], (ask, ours, theirs)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("part", range(PARTS))
def test_the_rules_and_the_naive_reader_agree(part):
    assert_they_agree(*both(), part, ASKS_IN_A_PART)


@pytest.mark.usefixtures("untraced")
@pytest.mark.parametrize("part", range(6))
def test_they_agree_in_the_corners_of_the_language(part):
    assert_they_agree(*both_corners(), part, ASKS_IN_A_PART)


def test_a_difference_would_be_found():
    packs, raw = both()
    ask = next(random_asks.asks(1, 1, raw, random_asks.stacks_of(raw)))
    ours = decide(read_ask(ask, packs.facts, packs.packs), packs).as_json()
    theirs = naive_reader.decide(ask, raw)
    for key in ("outcome", "notice"):
        assert differences(ours, {**theirs, key: "something else"}) == [key]
    assert differences(ours, {**theirs, "grounds": ["house.invented"]}) == ["grounds"]
    assert differences({**ours, "duties": []}, {**theirs, "duties": ours["duties"][:1]}) != [
        "outcome"
    ]
