"""Cases are read strictly and run as they stand."""

import json

import pytest

from angerona.errors import BadAsk
from angerona.packs import load
from angerona.packs.scenarios import CASES_LIMIT, read_cases, run_case


@pytest.fixture(scope="module")
def packs():
    return load()


@pytest.fixture
def ask(examples):
    return json.loads((examples / "threat-california.json").read_text(encoding="utf-8"))


RIGHT = {
    "outcome": "require",
    "release": ["risk", "identity"],
    "withhold": ["progress_note"],
    "grounds_any": ["us-ca.nothing", "us-ca.protect"],
    "locks_any": [],
    "notice": "discretionary",
    "deadline": "PT24H",
    "questions_any": ["house.secrecy_ordered"],
}


def case(ask, **expect):
    return {"id": "C1", "title": "A threat", "ask": ask, "expect": expect}


def differences(packs, raw):
    (read,) = read_cases([raw])
    mismatch = run_case(read, packs)
    return mismatch.differences if mismatch else ()


def test_a_case_that_comes_out_as_expected(packs, ask):
    assert differences(packs, case(ask, **RIGHT)) == ()


def test_what_is_null_or_empty_is_not_checked(packs, ask):
    unchecked = dict.fromkeys(RIGHT) | {"release": [], "withhold": [], "grounds_any": []}
    assert differences(packs, case(ask, **unchecked)) == ()
    assert differences(packs, case(ask)) == ()


WRONG = [
    ({"outcome": "deny"}, "outcome: expected deny, got require"),
    ({"release": ["progress_note"]}, "release: expected progress_note to go, got barred"),
    ({"release": ["billing"]}, "release: expected billing to go, got not wanted"),
    ({"withhold": ["risk"]}, "withhold: expected risk to stay, got must"),
    ({"grounds_any": ["us-ca.x", "us-ca.y"]}, "grounds: expected us-ca.x or us-ca.y, got house"),
    ({"locks_any": ["us-ca.x"]}, "locks: expected us-ca.x, got nothing"),
    ({"notice": "none"}, "notice: expected none, got discretionary"),
    ({"deadline": "PT36H"}, "deadline: expected PT36H, got PT24H"),
    ({"questions_any": ["client.age"]}, "questions: expected client.age, got house.secrecy"),
]


@pytest.mark.parametrize(("expect", "said"), WRONG)
def test_each_thing_that_differs_is_said(packs, ask, expect, said):
    (difference,) = differences(packs, case(ask, **RIGHT | expect))
    assert difference.startswith(said)


def test_what_nobody_asked_for_may_be_expected_to_stay(packs, ask):
    assert differences(packs, case(ask, withhold=["billing", "p1"])) == ()


@pytest.mark.parametrize("wrong", [{"to": "polise"}, {"packs": ["us-zz"]}, {"wants": None}])
def test_an_ask_that_cannot_be_read_is_a_mismatch(packs, ask, wrong):
    (difference,) = differences(packs, case(ask | wrong))
    assert difference.startswith(f"the ask cannot be read: {next(iter(wrong))}")


def test_an_ask_that_is_no_table_is_a_mismatch(packs):
    assert "where a table is needed" in differences(packs, case([]))[0]


ASK = {"packs": []}
UNREADABLE = [
    ({}, "the cases: a table where a list of cases is needed"),
    ([[]] * (CASES_LIMIT + 1), "the cases: too many"),
    (["C1"], "case no. 1: 'C1' where a table is needed"),
    ([{"id": 7}], "case no. 1: id: a number where a text is needed"),
    ([{"id": "a b"}], "case no. 1: id: not a plain name"),
    ([{"id": "C1"}], "case C1: title: missing"),
    ([{"id": "C1", "title": "t"}], "case C1: ask: missing"),
    ([case(ASK) | {"more": 1}], "case C1: (a key): unknown key"),
    ([case(ASK) | {"expect": []}], "case C1: expect: a list where a table is needed"),
    ([case(ASK) | {"hard": "no"}], "case C1: hard: a text where true or false is needed"),
    ([case(ASK) | {"why": 1}], "case C1: why: a number where a text is needed"),
    ([case(ASK, more=1)], "case C1: expect.(a key): unknown key"),
    ([case(ASK, outcome="maybe")], "case C1: expect.outcome: unknown word (a text)"),
    ([case(ASK, notice="maybe")], "case C1: expect.notice: unknown word (a text)"),
    ([case(ASK, deadline="1 day")], "case C1: expect.deadline: not an ISO 8601 duration"),
    ([case(ASK, release="risk")], "case C1: expect.release: a text where a list is needed"),
    ([case(ASK, withhold=["a b"])], "case C1: expect.withhold[0]: neither a class nor"),
    ([case(ASK), case(ASK)], "case C1: id: used twice"),
]


@pytest.mark.parametrize(("raw", "said"), UNREADABLE)
def test_a_file_that_is_no_list_of_cases(raw, said):
    with pytest.raises(BadAsk) as caught:
        read_cases(raw)
    assert str(caught.value).startswith(said)


def test_the_shared_cases(packs, shared):
    for path in sorted((shared / "scenarios").glob("*.json")):
        cases = read_cases(json.loads(path.read_text(encoding="utf-8")))
        wrong = [mismatch for one in cases if (mismatch := run_case(one, packs))]
        assert cases
        assert not wrong
