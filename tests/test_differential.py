"""Two readings of one language must agree: the product's rules against the naive reader.

The naive reader (naive_reader.py) was written from docs/LANGUAGE.md alone and shares no code with
the rules. Each part below is its own seed, so that workers can share them; together they are at
least 200,000 Asks.
"""

import functools
import pathlib

import pytest

import angerona.packs
import naive_reader
import random_asks
from angerona.packs import load
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide

PARTS = 40
ASKS_IN_A_PART = 5_000
FOLDER = pathlib.Path(angerona.packs.__file__).parent


@functools.cache
def both():
    return load(), naive_reader.load(FOLDER)


def owed(answer):
    keys = ("id", "kind", "mode", "what", "due", "due_from", "sure")
    return sorted(tuple(str(duty[key]) for key in keys) for duty in answer["duties"])


def differences(ours, theirs):
    """What differs between two Answers, by key; the order of lists does not count."""
    found = [key for key in ("outcome", "classes", "notice") if ours[key] != theirs[key]]
    found += [
        key
        for key in ("grounds", "locks", "questions", "conflicts", "ask_before_telling")
        if sorted(ours[key]) != sorted(theirs[key])
    ]
    return found + (["duties"] if owed(ours) != owed(theirs) else [])


@pytest.mark.parametrize("part", range(PARTS))
def test_the_rules_and_the_naive_reader_agree(part):
    packs, raw = both()
    for ask in random_asks.asks(part, ASKS_IN_A_PART, raw, random_asks.stacks_of(raw)):
        ours = decide(read_ask(ask, packs.facts, packs.packs), packs).as_json()
        theirs = naive_reader.decide(ask, raw)
        assert differences(ours, theirs) == [], (ask, ours, theirs)


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
