"""Every case of the specification, answered twice: by the product and by the plain reader."""

import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest

import naive_reader
from angerona.packs import load
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from spec.checking import further_mismatches, mismatches
from spec.gathering import all_cases, tables_by_pack

PACK_FOLDER = Path(__file__).resolve().parents[2] / "src" / "angerona" / "packs"
CASES = all_cases()
FEWEST_CASES = 267 + 40


@pytest.fixture(scope="module")
def packs():
    return load()


@pytest.fixture(scope="module")
def naive_packs():
    return naive_reader.load(PACK_FOLDER)


def answered(case, packs):
    return decide(read_ask(copy.deepcopy(case.ask), packs.facts, packs.packs), packs)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_answer_is_as_expected_and_for_the_right_reason(case, packs):
    answer = answered(case, packs)
    found = [*mismatches(case, answer.as_json()), *further_mismatches(case, answer)]
    assert not found, f"{case.title}: {found}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_plain_reader_agrees(case, naive_packs):
    found = list(mismatches(case, naive_reader.decide(case.ask, naive_packs)))
    assert not found, f"{case.title}: {found}"


def test_every_shared_case_is_here_unaltered(shared):
    files = sorted((shared / "scenarios").glob("*.json"))
    assert files, "the reference material holds no scenarios"
    given = [one for file in files for one in json.loads(file.read_text("utf-8"))]
    ours = {case.id: case.as_scenario() for case in CASES}
    for scenario in given:
        kept = {key: value for key, value in scenario.items() if key in ours[scenario["id"]]}
        assert ours[scenario["id"]] == kept
        assert not set(scenario) - set(kept) - {"why", "pending"}


def test_no_case_is_missing_by_count():
    assert len(CASES) >= FEWEST_CASES


def test_no_two_cases_share_a_name():
    names = [case.id for case in CASES]
    assert len(set(names)) == len(names)


def test_a_case_stands_with_its_most_local_law():
    for pack, tables in tables_by_pack().items():
        for table in tables:
            for case in table.cases:
                assert case.ask["packs"][-1] == pack, case.id


def test_every_pack_has_its_cases(packs):
    assert set(tables_by_pack()) == set(packs.packs)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_readable(case):
    assert case.title
    assert case.citation
    for text in (case.title, case.story, case.citation, case.note):
        assert text == " ".join(text.split())


# The cases can fail: a wrong answer of every kind is seen.

WRONG = [
    ("outcome", "deny"),
    ("release", ["ledger"]),
    ("withhold", ["progress_note"]),
    ("grounds_any", ["house.look.author"]),
    ("locks_any", ["us-ca.lock.parent"]),
    ("questions_any", ["client.deceased"]),
    ("notice", "prohibited"),
    ("deadline", "P99D"),
    ("says", ["a sentence that nobody says"]),
    ("never_says", ["Court order"]),
    ("tell", "police"),
    ("owes", {"house.duty.ledger": {"mode": "prohibited"}}),
    ("owes", {"house.duty.no_such": {}}),
    ("owes_not", "house.duty.ledger"),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_wrong_answer_is_seen(key, value, packs):
    case = next(case for case in CASES if case.id == "N174")
    answer = answered(case, packs)
    assert not [*mismatches(case, answer.as_json()), *further_mismatches(case, answer)]
    wrong = replace(case, expect={**case.expect, key: value})
    found = [*mismatches(wrong, answer.as_json()), *further_mismatches(wrong, answer)]
    assert len(found) == 1
