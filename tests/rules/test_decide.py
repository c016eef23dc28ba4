"""Layers, locks and outcomes, one small law at a time (docs/LANGUAGE.md sections 4 and 5)."""

import pytest

import tiny
from angerona.rules.answer import AskFirst, Permit, Refuse
from angerona.rules.decide import decided, outcome_of

MAY = '[[ground]]\nid = "{pack}.may"\nlimit = "other"\nforce = "may"\n'
MUST = '[[ground]]\nid = "{pack}.must"\nlimit = "other"\nforce = "must"\n'
NEED = 'needs = [{{fact = "threat.serious", ask = "Serious?"}}]\n'
LOCK = '[[lock]]\nid = "{pack}.lock"\n'


def law(*parts):
    return "".join(parts)


def verdict(folder, facts=None, changes=None, **packs):
    texts = {name: text.format(pack=name.replace("_", "-")) for name, text in packs.items()}
    loaded = tiny.load_tiny(folder, **texts)
    answer = tiny.answer(loaded, facts=facts or {}, **(changes or {}))
    return answer.classes["attendance"]


ONE_LAYER = [
    (law(), {}, "barred"),
    (law('default = "defer"\n'), {}, "barred"),
    (law(MAY), {}, "may"),
    (law(MUST), {}, "must"),
    (law(MAY, MUST), {}, "must"),
    (law(MAY, NEED), {}, "open"),
    (law(MAY, NEED), {"threat.serious": True}, "may"),
    (law(MAY, NEED), {"threat.serious": False}, "barred"),
    (law(MAY, 'when = "threat.serious"\n'), {}, "open"),
    (law(MAY, 'when = "threat.serious"\n'), {"threat.serious": False}, "barred"),
    (law(MAY, 'to = ["court"]\n'), {}, "barred"),
    (law(MAY, 'purposes = ["payment"]\n'), {}, "barred"),
    (law(MAY, 'instruments = ["consent"]\n'), {}, "barred"),
    (law(MAY, 'by = ["nurse"]\n'), {}, "barred"),
    (law(MAY, 'by = ["treating"]\n'), {}, "may"),
    (law(MAY, 'acts = ["erase"]\n'), {}, "barred"),
    (law(MAY, 'covers = ["risk"]\n'), {}, "barred"),
    (law(MAY, 'excludes = ["attendance"]\n'), {}, "barred"),
    (law(MAY, LOCK), {}, "barred"),
    (law(MAY, LOCK, 'opens_for = ["{pack}.may"]\n'), {}, "may"),
    (law(MAY, LOCK, 'opens_for = ["other"]\n'), {}, "may"),
    (law(MAY, LOCK, 'opens_for = ["harm"]\n'), {}, "barred"),
    (law(MUST, LOCK, 'opens_for = ["must"]\n'), {}, "must"),
    (law(MAY, LOCK, 'opens_for = ["must"]\n'), {}, "barred"),
    (law(MAY, NEED, LOCK, 'opens_for = ["{pack}.may"]\n'), {}, "open"),
    (law(MAY, LOCK, 'when = "threat.serious"\n'), {}, "open"),
    (law(MAY, LOCK, 'when = "threat.serious"\n'), {"threat.serious": False}, "may"),
    (law(MAY, LOCK, 'when = "threat.serious"\n'), {"threat.serious": True}, "barred"),
    (law(LOCK, 'when = "threat.serious"\n'), {}, "barred"),
    (law('default = "defer"\n', LOCK, 'when = "threat.serious"\n'), {}, "open"),
    (law(MAY, LOCK, 'classes = ["risk"]\n'), {}, "may"),
    (law(MAY, LOCK, 'to = ["court"]\n'), {}, "may"),
    (law(MAY, LOCK, 'purposes = ["payment"]\n'), {}, "may"),
    (law(MAY, LOCK, 'acts = ["erase"]\n'), {}, "may"),
    (law('applies_when = "record.part2"\n', MAY), {}, "open"),
    (law('applies_when = "record.part2"\n', MAY), {"record.part2": True}, "may"),
    (law('applies_when = "record.part2"\n', MAY), {"record.part2": False}, "barred"),
    (law('applies_when = "record.part2"\n', MAY, LOCK), {}, "open"),
    (law('applies_when = "record.part2"\n'), {}, "open"),
    (law('speaks_of = ["risk"]\n', MAY), {}, "barred"),
]


@pytest.mark.parametrize(("text", "facts", "expected"), ONE_LAYER)
def test_one_layer(tmp_path, text, facts, expected):
    assert verdict(tmp_path, facts, us_xx=text) == expected


DEFER = 'default = "defer"\n'
TWO_LAYERS = [
    (MAY, MAY, {}, "may"),
    (MAY, MUST, {}, "must"),
    (MAY, "", {}, "barred"),
    (MUST, "", {}, "conflict"),
    (MUST, LOCK, {}, "conflict"),
    (MUST, DEFER, {}, "must"),
    (MAY, law(DEFER, LOCK), {}, "barred"),
    (MAY, law(MAY, NEED), {}, "open"),
    (MUST, law(MAY, NEED), {}, "open"),
    ("", law(MAY, NEED), {}, "barred"),
    (MUST, law(MAY, 'when = "law.requires"\n'), {}, "must"),
    (law(MUST, NEED), law(MAY, 'when = "law.requires"\n'), {}, "open"),
    (MAY, law(MAY, 'when = "law.requires"\n'), {}, "barred"),
    (MAY, law(MAY, 'when = "law.permits"\n'), {}, "may"),
    (law(MAY, 'when = "law.permits"\n'), law(MAY, 'when = "law.permits"\n'), {}, "barred"),
    (MUST, law(MAY, LOCK), {}, "conflict"),
    (MUST, law(MAY, LOCK, 'opens_for = ["us-xx.must"]\n'), {}, "must"),
]


@pytest.mark.parametrize(("first", "second", "facts", "expected"), TWO_LAYERS)
def test_two_layers(tmp_path, first, second, facts, expected):
    assert verdict(tmp_path, facts, us_xx=first, us_yy=second) == expected


def test_the_house_is_no_law(tmp_path):
    follows = law(MAY, 'when = "law.permits"\n')
    assert verdict(tmp_path, house=MAY, us_xx=follows) == "barred"
    assert verdict(tmp_path, house=follows, us_xx=MAY) == "may"


def test_a_rule_whose_text_was_not_seen_bars_and_never_opens(tmp_path):
    unseen = tiny.pack_text(
        "us-xx", law(MAY, LOCK, 'when = "threat.serious"\n').format(pack="us-xx")
    )
    (tmp_path / "us-xx.toml").write_text(unseen.replace("verified = true", "verified = false"))
    packs = tiny.load_folder(tmp_path)
    answer = tiny.answer(packs, facts={"threat.serious": False})
    assert isinstance(answer, AskFirst)
    assert answer.questions == ("signed:us-xx/us-xx.may",)
    assert any("waits for a lawyer" in sentence for sentence in answer.because)
    barred = tiny.answer(packs, facts={"threat.serious": True})
    assert barred.locks == ("us-xx.lock",)
    assert any("was not seen; it bars" in sentence for sentence in barred.because)


def test_a_disabled_rule_does_not_exist(tmp_path):
    off = 'enabled = false\ndisabled_because = "not yet in force"\n'
    assert verdict(tmp_path, us_xx=law(MAY, off)) == "barred"
    assert verdict(tmp_path, us_xx=law(MAY, LOCK, off)) == "may"


def test_passages_take_the_strictest_verdict(tmp_path):
    packs = tiny.load_tiny(
        tmp_path,
        us_xx=law(MAY, 'covers = ["risk", "abuse"]\n', MUST, 'covers = ["abuse"]\n').format(
            pack="us-xx"
        ),
    )
    answer = tiny.answer(
        packs,
        wants=[
            {"passage": "p1", "classes": ["risk", "abuse"]},
            {"passage": "p2", "classes": ["abuse"]},
            {"passage": "p3", "classes": ["abuse", "billing"]},
        ],
    )
    assert answer.classes == {"p1": "must", "p2": "must", "p3": "barred"}
    assert isinstance(answer, Permit)
    assert answer.released == {"p1", "p2"}
    assert "must go to the police by itself" not in " ".join(answer.because[:1])


def test_a_class_inside_a_kept_passage_uses_no_ground(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx=law(MAY, 'covers = ["risk"]\n').format(pack="us-xx"))
    answer = tiny.answer(packs, wants=[{"passage": "p", "classes": ["risk", "billing"]}])
    assert answer.grounds == ()
    assert isinstance(answer, Refuse)


def test_an_assumption_only_closes(tmp_path):
    fact = '[[fact]]\nkey = "us_xx.begun"\ntype = "bool"\nask = "Begun?"\ndefault = {default}\n'
    ground = '[[ground]]\nid = "us-xx.may"\nlimit = "other"\nforce = "may"\nwhen = "us_xx.begun"\n'
    closing = tiny.load_tiny(tmp_path, us_xx=law(fact.format(default="false"), ground))
    answer = tiny.answer(closing)
    assert isinstance(answer, Refuse)
    assert "Assumed until it is known, and only to keep back: Begun? no." in answer.because
    assert isinstance(tiny.answer(closing, facts={"us_xx.begun": True}), Permit)
    opening = tiny.load_tiny(tmp_path, us_xx=law(fact.format(default="true"), ground))
    assert isinstance(tiny.answer(opening), AskFirst)


def test_several_hats_and_under_which(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx=law(MAY, 'by = ["biller"]\n').format(pack="us-xx"))
    by = {"role": ["psychologist", "biller"], "relation": ["treating"]}
    answer = tiny.answer(packs, by=by)
    assert isinstance(answer, Permit)
    assert "T: as biller." in answer.because


def test_a_lock_of_another_purpose_is_not_kept_away_by_the_askers_word(tmp_path):
    text = law(MAY, LOCK, 'purposes = ["payment"]\n')
    assert verdict(tmp_path, us_xx=text) == "may"
    claimed = {"purpose_by": "asker"}
    assert verdict(tmp_path, changes=claimed, us_xx=text) == "open"
    same = text.replace("payment", "law_enforcement")
    assert verdict(tmp_path, changes=claimed, us_xx=same) == "barred"


def test_a_ground_that_names_a_purpose_needs_it_established(tmp_path):
    packs = tiny.load_tiny(
        tmp_path, us_xx=law(MAY, 'purposes = ["law_enforcement"]\n').format(pack="us-xx")
    )
    answer = tiny.answer(packs, purpose_by="asker")
    assert answer.questions == ("purpose.established",)
    sure = tiny.answer(packs, purpose_by="asker", facts={"purpose.established": True})
    assert isinstance(sure, Permit)


def test_one_of_several_ways(tmp_path):
    packs = tiny.load_tiny(
        tmp_path,
        us_xx='[[fact]]\nkey = "us_xx.admitted"\ntype = "bool"\nask = "Admitted?"\n'
        + law(MUST).format(pack="us-xx")
        + 'review = "PT24H"\nways = [{what = "warn"}, {what = "admit", done = "us_xx.admitted"}]\n',
    )
    asked = tiny.answer(packs)
    assert asked.questions == ("us_xx.admitted",)
    due = tiny.answer(packs, facts={"us_xx.admitted": False})
    ways, review = due.duties
    assert ways.id == "us-xx.must.ways"
    assert ways.as_json()["ways"] == ["warn", "admit"]
    assert (review.id, review.due) == ("us-xx.must.review", "PT24H")
    assert isinstance(tiny.answer(packs, facts={"us_xx.admitted": True}), Refuse)


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        (["must", "conflict"], "require"),
        (["may", "conflict", "open"], "permit"),
        (["conflict", "open", "barred"], "conflict"),
        (["open", "barred"], "ask"),
        (["barred"], "deny"),
    ],
)
def test_the_outcome_is_the_first_that_is_found(verdicts, outcome):
    assert outcome_of(dict(enumerate(verdicts))) == outcome


def test_an_answer_is_neither_true_nor_false(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx=MAY.format(pack="us-xx"))
    answer = tiny.answer(packs)
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(answer)
    with pytest.raises(AttributeError):
        answer.outcome = "deny"
    assert list(answer.as_json()) == [
        "outcome",
        "classes",
        "grounds",
        "locks",
        "questions",
        "conflicts",
        "duties",
        "notice",
        "ask_before_telling",
        "because",
    ]


def test_verdicts_alone_are_those_of_the_answer(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx=MAY.format(pack="us-xx"))
    ask = tiny.read(packs)
    assert decided(ask, packs) == tiny.answer(packs).classes


def test_a_duty_does_not_vanish_in_a_passage(tmp_path):
    packs = tiny.load_tiny(
        tmp_path,
        us_xx=law(MUST, 'covers = ["abuse"]\n').format(pack="us-xx")
        + '[[duty]]\nid = "us-xx.report"\non = ["us-xx.must"]\nkind = "deadline"\n'
        + 'mode = "required"\nwhat = "report"\ndue = "PT24H"\n',
    )
    answer = tiny.answer(packs, wants=[{"passage": "p1", "classes": ["abuse", "billing"]}])
    assert isinstance(answer, Refuse)
    assert [owed.id for owed in answer.duties] == ["us-xx.report"]
    said = "The passage as it stands must stay, but concern about abuse or neglect must go to the "
    assert f"{said}police by itself." in answer.because


def test_what_the_law_may_yet_demand_is_asked_and_said(tmp_path):
    packs = tiny.load_tiny(
        tmp_path,
        us_xx=MAY.format(pack="us-xx"),
        us_yy=law('default = "defer"\n', MUST, NEED).format(pack="us-yy"),
    )
    answer = tiny.answer(packs)
    assert answer.outcome == "permit"
    assert answer.questions == ("threat.serious",)
    assert "Whether the law demands it is not settled: T [Code 1]." in answer.because
    assert tiny.answer(packs, facts={"threat.serious": False}).questions == ()
    assert tiny.answer(packs, facts={"threat.serious": True}).outcome == "require"


def test_the_verdicts_of_an_answer_cannot_be_changed(tmp_path):
    answer = tiny.answer(tiny.load_tiny(tmp_path, us_xx=MAY.format(pack="us-xx")))
    with pytest.raises(TypeError):
        answer.classes["risk"] = "may"
