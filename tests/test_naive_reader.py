"""The second reader against cases worked out by hand, on tiny invented packs."""

import pytest

from naive_expressions import compare, parse, truth, unknown_facts
from tiny_packs import answer, duty, ground, lock, must, notice, pack, verdict

SERIOUS = {"threat.serious": True}


# Expressions.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes and no", False),
        ("unknown and no", False),
        ("yes and unknown", None),
        ("yes or unknown", True),
        ("no or unknown", None),
        ("not unknown", None),
        ("not no and (no or yes)", True),
        ("n == 16", True),
        ("n < 16 or n > 16", False),
        ("14 <= n <= 16", True),
        ("n in [1, 16]", True),
        ("word not in ['a', 'b']", True),
        ("unknown == 3", None),
        ("unknown in [true, false]", None),
        ("known(unknown)", False),
        ("known(no) and not no", True),
        ("hats == 'x'", True),
        ("hats != 'x'", False),
        ("hats in ['q', 'y']", True),
        ("hats not in ['q', 'r']", True),
        ("true and not false", True),
    ],
)
def test_three_valued_expressions(text, expected):
    facts = {"yes": True, "no": False, "n": 16, "word": "z", "hats": frozenset("xy")}
    assert truth(parse(text), facts.get) is expected


def test_only_unknown_parts_are_asked_for():
    facts = {"yes": True, "no": False}
    text = "(a and no) or (b and yes) or not (c == 3 and known(d))"
    assert unknown_facts(parse(text), (facts | {"d": 1}).get) == ["b", "c"]
    assert compare(None, "==", "x") is None


def test_what_is_not_in_the_language_is_an_error():
    with pytest.raises(ValueError, match="not in the language"):
        parse("open('x')")


# Grounds.


@pytest.mark.parametrize(
    ("facts", "expected"),
    [(SERIOUS, "may"), ({"threat.serious": False}, "barred"), ({}, "open")],
)
def test_a_need_is_met_unmet_or_open(facts, expected):
    assert verdict(pack(grounds=[ground("law.g", "threat.serious")]), facts=facts) == expected


def test_null_means_unknown():
    law = pack(grounds=[ground("law.g", "threat.serious")])
    assert answer(law, facts={"threat.serious": None})["questions"] == ["threat.serious"]


def test_a_false_need_beats_an_unknown_when():
    law = pack(grounds=[ground("law.g", "threat.serious", when="threat.imminent")])
    assert verdict(law, facts={"threat.serious": False}) == "barred"
    assert verdict(law, facts=SERIOUS) == "open"
    assert verdict(law, facts=SERIOUS | {"threat.imminent": False}) == "barred"


@pytest.mark.parametrize(
    "keys",
    [
        {"enabled": False},
        {"to": ["court"]},
        {"purposes": ["payment"]},
        {"instruments": ["consent"]},
        {"acts": ["erase"]},
        {"by": ["nurse", "author"]},
        {"covers": ["billing"]},
        {"excludes": ["risk"]},
    ],
)
def test_a_ground_for_something_else_does_not_apply(keys):
    assert verdict(pack(grounds=[ground()])) == "may"
    assert verdict(pack(grounds=[ground(**keys)])) == "barred"


def test_any_hat_fits():
    law = pack(grounds=[ground(by=["nurse", "author"])])
    hats = {"role": ["biller", "nurse"], "relation": "none"}
    assert verdict(law, by=hats) == "may"
    other = pack(grounds=[ground(when="by.role != 'nurse'")])
    assert verdict(other, by=hats) == "barred"


def test_an_unread_ground_is_open_and_asks_for_a_signature():
    law = pack(grounds=[ground("law.g", "threat.serious", verified=False)])
    assert answer(law, facts=SERIOUS)["questions"] == ["signed:law/law.g"]
    assert answer(law)["questions"] == ["threat.serious"]
    assert answer(law, facts={"threat.serious": False})["outcome"] == "deny"


def test_ways_and_review():
    ways = [{"what": "warn", "done": "law.warned"}, {"what": "call"}]
    facts = [{"key": "law.warned"}]
    law = pack(grounds=[must(ways=ways, review="P3D")], facts=facts)
    assert answer(law)["questions"] == ["law.warned"]
    assert answer(law, facts={"law.warned": True})["outcome"] == "deny"
    told = answer(law, facts={"law.warned": False})
    assert told["outcome"] == "require"
    assert [(d["id"], d["due"]) for d in told["duties"]] == [
        ("law.m.ways", None),
        ("law.m.review", "P3D"),
    ]


def test_another_act_needs_its_own_ground():
    law = pack(grounds=[ground(acts=["erase"], needs=[{"expr": "act == 'erase'", "ask": "?"}])])
    assert verdict(law, act="erase") == "may"
    assert verdict(pack(grounds=[ground()]), act="erase") == "barred"


def test_a_dispute_changes_nothing():
    assert verdict(pack(grounds=[ground(contested="by some")])) == "may"


# Who says what the purpose is.


def test_a_purpose_that_only_the_asker_states_is_open():
    law = pack(grounds=[ground(purposes=["protection"])])
    told = answer(law, purpose_by="asker")
    assert (told["outcome"], told["questions"]) == ("ask", ["purpose.established"])
    established = {"purpose.established": True}
    assert verdict(law, purpose_by="asker", facts=established) == "may"
    assert verdict(pack(grounds=[ground()]), purpose_by="asker") == "may"


def test_a_lock_of_other_purposes_is_unsure_then():
    law = pack(grounds=[ground()], locks=[lock(purposes=["marketing"])])
    assert verdict(law) == "may"
    assert answer(law, purpose_by="asker")["questions"] == ["purpose.established"]
    matching = pack(grounds=[ground()], locks=[lock(purposes=["protection"])])
    assert verdict(matching, purpose_by="asker") == "barred"


def test_an_expression_does_not_see_a_purpose_that_only_the_asker_states():
    law = pack(grounds=[ground("law.g", "purpose == 'protection'")])
    assert verdict(law) == "may"
    assert answer(law, purpose_by="asker")["questions"] == ["purpose.established"]
    law = pack(grounds=[ground()], locks=[lock(when="purpose != 'protection'")])
    assert verdict(law, purpose_by="asker") == "open"


# Locks.


@pytest.mark.parametrize(
    ("keys", "facts", "expected"),
    [
        ({}, {}, "barred"),
        ({"verified": False}, {}, "barred"),
        ({"enabled": False}, {}, "may"),
        ({"classes": ["billing"]}, {}, "may"),
        ({"acts": ["erase"]}, {}, "may"),
        ({"when": "threat.serious"}, SERIOUS, "barred"),
        ({"when": "threat.serious"}, {}, "open"),
        ({"when": "not threat.serious"}, SERIOUS, "may"),
        ({"opens_for": ["law.g"]}, {}, "may"),
        ({"opens_for": ["other"]}, {}, "may"),
        ({"opens_for": ["must"]}, {}, "barred"),
        ({"opens_for": ["law.unknown"]}, {}, "barred"),
    ],
)
def test_a_lock(keys, facts, expected):
    assert verdict(pack(grounds=[ground()], locks=[lock(**keys)]), facts=facts) == expected


def test_a_limit_opens_only_by_its_own_pack_but_must_by_any():
    other = pack("other", default="defer", grounds=[must("other.m", limit="court")])
    law = pack(grounds=[ground()], locks=[lock(opens_for=["court"])])
    told = answer(law, other)
    assert (told["outcome"], told["locks"]) == ("conflict", ["law.l"])
    assert verdict(pack(grounds=[ground()], locks=[lock(opens_for=["must"])]), other) == "must"


def test_an_open_opener_makes_a_lock_unsure_and_is_asked_for():
    law = pack(
        grounds=[ground(), ground("law.key", "threat.imminent")],
        locks=[lock(opens_for=["law.key"])],
    )
    assert answer(law)["questions"] == ["threat.imminent"]
    told = answer(law, facts={"threat.imminent": False})
    assert (told["outcome"], told["locks"]) == ("deny", ["law.l"])


# Layers.


def test_a_layer_that_defers_is_quiet_also_with_an_open_ground():
    quiet = pack("quiet", default="defer", grounds=[ground("quiet.g", "threat.serious")])
    told = answer(pack(grounds=[ground()]), quiet)
    assert told["classes"] == {"risk": "may"}
    assert told["layers"] == {"risk": {"law": "may", "quiet": "quiet"}}
    assert verdict(quiet) == "barred"


def test_an_unsure_lock_counts_in_a_layer_that_defers_or_could_speak():
    unsure = [lock(when="threat.serious")]
    assert verdict(pack(default="defer", locks=unsure)) == "open"
    assert verdict(pack(locks=unsure)) == "barred"
    assert verdict(pack(locks=unsure, grounds=[ground("law.g", "care.emergency")])) == "open"


def test_a_layer_that_defers_asks_for_its_locks_alone():
    law = pack(
        default="defer",
        grounds=[ground("law.g", "care.emergency")],
        locks=[lock(when="threat.serious")],
    )
    assert answer(law)["questions"] == ["threat.serious"]


def test_every_closed_layer_must_agree():
    both = [pack("a", grounds=[ground("a.g")]), pack("b", grounds=[ground("b.g", "known(to)")])]
    told = answer(*both)
    assert (told["outcome"], told["grounds"]) == ("permit", ["a.g", "b.g"])
    assert verdict(pack("a", grounds=[ground("a.g")]), pack("b")) == "barred"
    half = pack("b", grounds=[ground("b.g", "threat.serious")])
    assert verdict(pack("a", grounds=[must("a.m")]), half) == "open"


def test_must_in_one_layer_and_barred_in_another_is_a_conflict():
    told = answer(pack("a", grounds=[must("a.m")]), pack("b"), wants=["risk", "billing"])
    assert told["conflicts"] == ["risk", "billing"]
    assert told["outcome"] == "conflict"
    assert told["grounds"] == []


def test_a_layer_that_does_not_speak_of_a_class_is_left_out():
    silent = pack("silent", speaks_of=["billing"], locks=[lock("silent.l")])
    told = answer(pack(grounds=[ground()]), silent)
    assert told["classes"] == {"risk": "may"}
    assert (told["locks"], told["layers"]) == ([], {"risk": {"law": "may"}})
    assert answer(silent)["outcome"] == "deny"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"record.part2": False}, "may"),
        ({"record.part2": True}, "barred"),
        ({}, "open"),
    ],
)
def test_a_pack_that_may_not_apply(facts, expected):
    part2 = pack("part2", applies_when="record.part2")
    assert verdict(pack(grounds=[ground()]), part2, facts=facts) == expected


def test_a_pack_of_unknown_application_opens_nothing_for_sure():
    law = pack(applies_when="record.part2", grounds=[ground()])
    assert answer(law)["questions"] == ["record.part2"]
    lax = pack(default="defer", applies_when="record.part2", grounds=[ground()])
    assert verdict(lax) == "barred"
    locked = pack("p", default="defer", applies_when="record.part2", locks=[lock("p.l")])
    assert verdict(pack(grounds=[ground()]), locked) == "open"


# Facts across layers.


def test_what_one_law_requires_another_may_follow():
    duty_to_warn = pack("state", default="defer", grounds=[must("state.m", "threat.serious")])
    follows = pack(grounds=[ground("law.g", "law.requires")])
    assert verdict(follows, duty_to_warn, facts=SERIOUS) == "must"
    assert answer(follows, duty_to_warn)["questions"] == ["threat.serious"]
    assert verdict(follows, duty_to_warn, facts={"threat.serious": False}) == "barred"


def test_the_fixpoint_takes_several_rounds_and_starts_false():
    chain = pack(
        grounds=[
            ground("law.c", "law.requires"),
            must("law.b", "law.permits"),
            ground("law.a", "threat.serious"),
        ]
    )
    told = answer(chain, facts=SERIOUS)
    assert told["grounds"] == ["law.c", "law.b", "law.a"]
    circle = pack(grounds=[must("law.m", "law.requires")])
    assert verdict(circle) == "barred"


def test_the_house_makes_no_law():
    house = pack("house", grounds=[must("house.m")])
    follows = pack(grounds=[ground("law.g", "law.permits and wanted == 'risk'")])
    assert verdict(house, follows) == "conflict"


def test_law_forbids_looks_at_the_locks_of_laws():
    law = pack(default="defer", locks=[lock(when="threat.serious")])
    house = pack("house", grounds=[ground("house.g")], locks=[lock("house.l", when="law.forbids")])
    assert answer(law, house, facts=SERIOUS)["locks"] == ["law.l", "house.l"]
    assert answer(law, house)["questions"] == ["threat.serious"]


def test_what_never_settles_is_an_error():
    law = pack(grounds=[ground("law.g", "not law.permits")])
    with pytest.raises(ValueError, match="never settle"):
        answer(law)


# Assumptions.


def test_an_assumption_closes_what_is_open():
    fact = {"key": "law.sealed", "default": True}
    law = pack(grounds=[ground()], locks=[lock(when="law.sealed")], facts=[fact])
    told = answer(law)
    assert (told["outcome"], told["locks"], told["questions"]) == ("deny", ["law.l"], [])
    assert verdict(law, facts={"law.sealed": False}) == "may"


def test_an_assumption_never_opens():
    fact = {"key": "law.fine", "default": True}
    law = pack(grounds=[ground("law.g", "law.fine")], facts=[fact])
    told = answer(law)
    assert (told["outcome"], told["questions"]) == ("ask", ["law.fine"])


# Wanted items.


def test_a_passage_takes_the_strictest_of_its_classes():
    law = pack(grounds=[ground(covers=["risk"]), must(covers=["identity"])])
    passage = {"passage": "p7", "classes": ["identity", "risk"]}
    assert answer(law, wants=[passage])["classes"] == {"p7": "must"}
    mixed = {"passage": "p8", "classes": ["identity", "billing"]}
    told = answer(law, wants=[mixed, "identity"])
    assert told["classes"] == {"p8": "barred", "identity": "must"}


def test_everything_is_every_class_and_the_best_item_makes_the_outcome():
    told = answer(pack(grounds=[must(covers=["risk"])]), wants=["everything"])
    assert (told["outcome"], len(told["classes"])) == ("require", 23)
    assert told["classes"]["ledger"] == "barred"


# Duties.


def duties_of(told):
    return [d["id"] for d in told["duties"]]


def test_what_triggers_a_duty():
    duties = [
        duty("law.r", on=["release"]),
        duty("law.n", on=["refusal"]),
        duty("law.w", on=["withheld"]),
        duty("law.c", on=["conflict"]),
        duty("law.g1", on=["law.g"]),
        duty("law.limit", on=["harm"]),
        duty("law.off", on=["release"], enabled=False),
    ]
    law = pack(grounds=[ground(limit="harm", covers=["risk"])], duties=duties)
    assert duties_of(answer(law)) == ["law.r", "law.g1", "law.limit"]
    part = answer(law, wants=["risk", "billing"])
    assert duties_of(part) == ["law.r", "law.w", "law.g1", "law.limit"]
    assert duties_of(answer(law, wants=["billing"])) == ["law.n"]
    other = pack("other", default="defer", grounds=[must("other.m")])
    assert duties_of(answer(other, law, wants=["billing"])) == ["law.n", "law.c"]


def test_a_limit_is_that_of_the_own_pack_and_the_pack_must_speak():
    law = pack(grounds=[ground(limit="harm")])
    other = pack("other", default="defer", duties=[duty("other.d", on=["harm"])])
    assert duties_of(answer(law, other)) == []
    silent = pack("silent", speaks_of=["billing"], duties=[duty("silent.d", on=["release"])])
    assert duties_of(answer(law, silent)) == []


def test_an_unsure_duty_is_owed_and_asked_for():
    law = pack(grounds=[ground()], duties=[duty(on=["release"], when="threat.imminent")])
    told = answer(law)
    assert (told["outcome"], told["questions"]) == ("permit", ["threat.imminent"])
    assert [d["sure"] for d in told["duties"]] == [False]
    assert answer(law, facts={"threat.imminent": False})["duties"] == []


def test_a_duty_that_depends_on_the_class_is_owed_for_one():
    law = pack(grounds=[ground()], duties=[duty(on=["release"], when="wanted == 'abuse'")])
    assert duties_of(answer(law, wants=["risk", "abuse"])) == ["law.d"]
    assert duties_of(answer(law)) == []


def test_the_strictest_notice_wins_unless_it_is_unsure():
    duties = [
        notice("law.may", "discretionary"),
        notice("law.must", "required", when="threat.serious"),
        notice("law.not", "prohibited", when="client.unsafe_to_tell"),
    ]
    law = pack(grounds=[ground()], duties=duties)
    told = answer(law)
    assert (told["notice"], told["ask_before_telling"]) == ("required", ["client.unsafe_to_tell"])
    assert set(told["questions"]) == {"threat.serious", "client.unsafe_to_tell"}
    assert answer(law, facts={"client.unsafe_to_tell": True})["notice"] == "prohibited"
    calm = {"client.unsafe_to_tell": False, "threat.serious": False}
    assert answer(law, facts=calm)["notice"] == "discretionary"
    assert answer(pack(grounds=[ground()]))["notice"] == "none"


# The Ask itself.


def test_an_ask_must_look_like_one():
    with pytest.raises(ValueError, match="look like"):
        answer(pack(), colour="red")
    with pytest.raises(ValueError, match="look like"):
        answer(pack(), wants=[])
    with pytest.raises(ValueError, match="no such fact"):
        answer(pack(), facts={"law.nothing": True})
    with pytest.raises(ValueError, match="no such fact"):
        answer(pack(), facts={"consent.covers": True})
    with pytest.raises(ValueError, match="zone"):
        answer(pack(), at="2026-11-23T10:00:00")
