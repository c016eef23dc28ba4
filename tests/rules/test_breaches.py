"""Whom to tell of a breach, pack by pack; and the unknown never takes anybody off the list."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from angerona.errors import BadPack
from angerona.packs import load
from angerona.practice.breach_clocks import DISCOVERED, END_OF_YEAR, ORAL
from angerona.rules.breaches import assess
from angerona.rules.compile import Packs
from prepared_practice import packs

WITH = [name for name, pack in load().packs.items() if pack.breaches]
HIPAA = {
    "incident.unsecured": True,
    "incident.impermissible": True,
    "incident.excluded": False,
    "incident.low_probability": False,
    "incident.at_business_associate": False,
    "incident.police_delay": False,
}
PLAIN = {"incident.breach": True, "incident.high_risk": True}
ART34 = {"incident.unintelligible": False, "incident.risk_removed": False}
AUTHORITY = ("data_protection_authority",)
BOTH = ("client", "data_protection_authority")
CLIENT = ("client",)
NONE = ()


def people(all_of_them, in_one_state=None):
    state = all_of_them if in_one_state is None else in_one_state
    return {**HIPAA, "incident.people": all_of_them, "incident.people_in_one_state": state}


def told(ids, facts, loaded=None):
    """(who, by when or the law's words, whether it is sure), in no order."""
    found = assess(loaded or packs(), ids, facts)
    return sorted(
        (one.rule.id.split(".", 1)[0], to, one.rule.due or one.rule.standard, one.is_sure)
        for one in found.owed
        for to in one.rule.to
    )


CASES = [
    # pack, facts, who with when
    ("us-hipaa", people(499), [("client", "P60D"), ("data_protection_authority", "P60D")]),
    (
        "us-hipaa",
        people(500),
        [("client", "P60D"), ("data_protection_authority", "P60D")],
    ),
    (
        "us-hipaa",
        people(501),
        [("client", "P60D"), ("data_protection_authority", "P60D"), ("media", "P60D")],
    ),
    ("us-hipaa", people(900, 500), [("client", "P60D"), ("data_protection_authority", "P60D")]),
    ("us-hipaa", {**people(3), "incident.low_probability": True}, []),
    ("us-hipaa", {**people(3), "incident.excluded": True}, []),
    ("us-hipaa", {**people(3), "incident.unsecured": False}, []),
    (
        "us-hipaa",
        {**people(3), "incident.unsecured": False, "incident.at_business_associate": True},
        [("other", "P60D")],
    ),
    ("us-part2", {**HIPAA, "record.part2": True}, [("client", "P60D")]),
    ("us-part2", {**HIPAA, "record.part2": False}, []),
    (
        "eu",
        {**PLAIN, **ART34, "eu.risk_unlikely": False},
        [("client", "PT0S"), ("data_protection_authority", "PT72H")],
    ),
    (
        "eu",
        {**PLAIN, **ART34, "incident.high_risk": False, "eu.risk_unlikely": False},
        [("data_protection_authority", "PT72H")],
    ),
    ("eu", {**PLAIN, **ART34, "incident.unintelligible": True, "eu.risk_unlikely": True}, []),
    (
        "uk",
        {**PLAIN, **ART34, "incident.risk_likely": True},
        [("client", "PT0S"), ("data_protection_authority", "PT72H")],
    ),
    (
        "uk",
        {**PLAIN, "incident.risk_removed": True, "incident.risk_likely": True},
        [("data_protection_authority", "PT72H")],
    ),
    ("uk", {"incident.breach": False}, []),
    (
        "ca",
        PLAIN,
        [("client", "as soon as feasible"), ("data_protection_authority", "as soon as feasible")],
    ),
    ("ca", {**PLAIN, "incident.high_risk": False}, []),
    (
        "ca-on",
        {"incident.breach": True},
        [
            ("client", "first reasonable opportunity"),
            ("data_protection_authority", "first reasonable opportunity"),
        ],
    ),
    ("ca-qc", PLAIN, [("client", "promptly"), ("data_protection_authority", "promptly")]),
    (
        "ca-ab",
        {**PLAIN, "incident.notice_would_harm": False},
        [
            (who, "as soon as practicable")
            for who in ("client", "data_protection_authority", "oversight_agency")
        ],
    ),
    (
        "ca-ab",
        {**PLAIN, "incident.notice_would_harm": True},
        [
            (who, "as soon as practicable")
            for who in ("data_protection_authority", "oversight_agency")
        ],
    ),
    (
        "au",
        {**PLAIN, "au.remedial_action": False},
        [("client", "P30D"), ("data_protection_authority", "P30D")],
    ),
    ("au", {**PLAIN, "au.remedial_action": True}, []),
    ("nz", PLAIN, [("client", "PT72H"), ("data_protection_authority", "PT72H")]),
    ("nz", {"incident.breach": True, "incident.high_risk": False}, []),
]


@pytest.mark.parametrize(("pack", "facts", "who"), CASES)
def test_who_must_be_told_and_by_when(pack, facts, who):
    assert told([pack], facts) == sorted((pack, to, when, True) for to, when in who)


def test_every_pack_with_a_rule_of_breaches_has_cases():
    assert {pack for pack, *_ in CASES} == set(WITH)


@pytest.mark.parametrize("pack", WITH)
def test_with_nothing_known_everybody_is_owed_and_unsure(pack):
    every = sorted((one.id, to) for one in packs().packs[pack].breaches for to in one.to)
    found = assess(packs(), [pack], {})
    assert sorted((one.rule.id, to) for one in found.owed for to in one.rule.to) == every
    assert not any(one.is_sure for one in found.owed)
    assert {fact for one in found.owed for fact in one.asks} <= set(found.questions)


def test_large_and_small_are_told_apart_by_the_number_alone():
    def rules(number):
        return {one.rule.id for one in assess(packs(), ["us-hipaa"], people(number, 1)).owed}

    assert "us-hipaa.breach.hhs_small" in rules(499)
    assert "us-hipaa.breach.hhs_large" not in rules(499)
    assert "us-hipaa.breach.hhs_large" in rules(500)
    assert "us-hipaa.breach.hhs_small" not in rules(500)


BOOLS = sorted(
    {
        name
        for name, fact in load().facts.items()
        if fact.type == "bool"
        and name.startswith(("incident.", "eu.risk", "au.remedial", "record.part2"))
    }
)
KNOWN = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(BOOLS, st.booleans()),
        "incident.people": st.integers(0, 1_000),
        "incident.people_in_one_state": st.integers(0, 1_000),
    },
)


@settings(max_examples=150, deadline=None)
@given(KNOWN, st.data())
def test_an_unknown_fact_never_takes_anybody_off_the_list(facts, data):
    kept = data.draw(st.sets(st.sampled_from(sorted(facts))) if facts else st.just(set()))
    fewer = {name: value for name, value in facts.items() if name in kept}
    told_now = {(one.rule.id) for one in assess(packs(), WITH, facts).owed}
    told_then = {(one.rule.id) for one in assess(packs(), WITH, fewer).owed}
    assert told_now <= told_then
    sure_then = {one.rule.id for one in assess(packs(), WITH, fewer).owed if one.is_sure}
    assert sure_then <= told_now
    delays = {one.rule.id for one in assess(packs(), WITH, fewer).delays}
    assert delays <= {one.rule.id for one in assess(packs(), WITH, facts).delays}


def changed(pack, rule_id, **fields):
    one = packs().packs[pack]
    breaches = tuple(
        replace(rule, **fields) if rule.id == rule_id else rule for rule in one.breaches
    )
    return Packs({**packs().packs, pack: replace(one, breaches=breaches)})


def test_law_that_nobody_has_seen_demands_and_never_lets_off():
    facts = {**PLAIN, "incident.notice_would_harm": True}
    unseen = changed("ca-ab", "ca-ab.breach.person", verified=False)
    assert "client" in {to for _, to, *_ in told(["ca-ab"], facts, unseen)}
    asked = {**people(3), "incident.police_delay": True}
    assert [one.rule.id for one in assess(packs(), ["us-hipaa"], asked).delays] == [
        "us-hipaa.breach.police_delay"
    ]
    unseen = changed("us-hipaa", "us-hipaa.breach.police_delay", verified=False)
    assert assess(unseen, ["us-hipaa"], asked).delays == ()


def test_law_that_is_silent_of_breaches_is_named_and_the_house_is_no_law():
    found = assess(packs(), ["house", "us-hipaa", "us-ca"], {})
    assert [one.id for one in found.silent] == ["us-ca"]
    assert [one.rule.id for one in found.weighing] == ["us-hipaa.breach.presumption"]


def test_the_question_that_decides_most_comes_first_and_a_delay_last():
    facts = {"incident.at_business_associate": False}
    questions = assess(packs(), ["us-hipaa"], facts).questions
    assert questions[0] in {"incident.unsecured", "incident.impermissible"}
    assert questions[-1] == "incident.police_delay"
    assert assess(packs(), ["us-hipaa"], people(3)).questions == ()


def test_a_rule_that_is_switched_off_is_none_and_one_that_cannot_be_read_is_an_error():
    off = changed("au", "au.breach.rule", enabled=False)
    found = assess(off, ["au"], {})
    assert found.owed == ()
    assert [one.id for one in found.silent] == ["au"]
    with pytest.raises(BadPack):
        assess(changed("au", "au.breach.rule", when="incident.nothing"), ["au"], {})


def test_every_moment_that_a_clock_runs_from_is_known_here():
    froms = {rule.due_from for pack in packs().packs.values() for rule in pack.breaches if rule.due}
    assert froms <= {*DISCOVERED, END_OF_YEAR, ORAL}
