"""What an Answer says besides yes and no: duties, notice, questions, reasons, ways that remain."""

import pytest

import tiny
from angerona.packs import load
from angerona.rules.answer import AskFirst, Permit, Refuse

MAY = '[[ground]]\nid = "us-xx.may"\nlimit = "harm"\nforce = "may"\n'
SERIOUS = 'needs = [{fact = "threat.serious", ask = "Is it serious?"}]\n'


def duty(name, on, extra=""):
    return (
        f'[[duty]]\nid = "us-xx.{name}"\non = ["{on}"]\nkind = "notice"\nmode = "required"\n'
        f'what = "tell"\nto = "client"\n{extra}'
    )


def ids(answer):
    return {owed.id.removeprefix("us-xx.") for owed in answer.duties}


@pytest.mark.parametrize(
    ("on", "facts", "wants", "owed"),
    [
        ("us-xx.may", {"threat.serious": True}, ["risk"], True),
        ("harm", {"threat.serious": True}, ["risk"], True),
        ("court", {"threat.serious": True}, ["risk"], False),
        ("release", {"threat.serious": True}, ["risk"], True),
        ("release", {"threat.serious": False}, ["risk"], False),
        ("refusal", {"threat.serious": False}, ["risk"], True),
        ("refusal", {"threat.serious": True}, ["risk"], False),
        ("refusal", {}, ["risk"], False),
        ("withheld", {"threat.serious": True}, ["risk", "billing"], True),
        ("withheld", {"threat.serious": True}, ["risk"], False),
        ("conflict", {"threat.serious": True}, ["risk"], False),
    ],
)
def test_what_triggers_a_duty(tmp_path, on, facts, wants, owed):
    text = MAY + SERIOUS + 'covers = ["risk"]\n' + duty("d", on)
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    answer = tiny.answer(packs, facts=facts, wants=wants)
    assert ids(answer) == ({"d"} if owed else set())
    assert answer.notice == ("required" if owed else "none")


def test_a_conflict_is_owed_for(tmp_path):
    must = '[[ground]]\nid = "us-xx.must"\nlimit = "harm"\nforce = "must"\n'
    packs = tiny.load_tiny(tmp_path, us_xx=must + duty("d", "conflict"), us_yy="")
    answer = tiny.answer(packs)
    assert isinstance(answer, Refuse)
    assert answer.outcome == "conflict"
    assert answer.conflicts == ("attendance",)
    assert ids(answer) == {"d"}
    assert "Two laws disagree" in answer.because[0]
    assert "must go to the police; us-yy bars it. Stay silent" in answer.because[0]


def test_a_disabled_duty_and_a_silent_pack_owe_nothing(tmp_path):
    off = 'enabled = false\ndisabled_because = "?"\n'
    packs = tiny.load_tiny(
        tmp_path,
        us_xx=MAY + duty("d", "release", off),
        us_yy='default = "defer"\nspeaks_of = ["risk"]\n'
        + duty("e", "release").replace("us-xx", "us-yy"),
    )
    assert tiny.answer(packs).duties == ()


def modes(*pairs):
    return "".join(
        duty(name, "release", extra).replace('mode = "required"', f'mode = "{mode}"')
        for name, mode, extra in pairs
    )


UNSAFE = 'when = "client.unsafe_to_tell"\n'


@pytest.mark.parametrize(
    ("facts", "notice", "ask_first"),
    [
        ({}, "required", ("client.unsafe_to_tell",)),
        ({"client.unsafe_to_tell": True}, "prohibited", ()),
        ({"client.unsafe_to_tell": False}, "required", ()),
    ],
)
def test_an_unsure_prohibition_is_asked_and_does_not_decide(tmp_path, facts, notice, ask_first):
    text = MAY + modes(
        ("a", "discretionary", ""), ("b", "required", ""), ("c", "prohibited", UNSAFE)
    )
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    answer = tiny.answer(packs, facts=facts)
    assert answer.notice == notice
    assert answer.ask_before_telling == ask_first
    assert answer.questions == ask_first
    assert [owed.sure for owed in answer.duties][-1] is not (not facts)


def test_a_duty_says_what_its_pack_says(tmp_path):
    extra = (
        'due = "P2D"\ndue_from = "the oral report"\ndays = "working"\nstandard = "promptly"\n'
        'later_of = [{due = "P1D", due_from = "a"}, {due = "P3D", due_from = "b"}]\n'
        'not_before = "P10D"\n'
    )
    packs = tiny.load_tiny(tmp_path, us_xx=MAY + duty("d", "release", extra))
    assert tiny.answer(packs).duties[0].as_json() == {
        "id": "us-xx.d",
        "kind": "notice",
        "mode": "required",
        "what": "tell",
        "due": "P2D",
        "due_from": "the oral report",
        "sure": True,
        "to": "client",
        "days": "working",
        "standard": "promptly",
        "later_of": [{"due": "P1D", "due_from": "a"}, {"due": "P3D", "due_from": "b"}],
        "not_before": "P10D",
    }


def test_a_when_true_for_one_class_is_enough(tmp_path):
    when = "when = 'wanted == \"risk\"'\n"
    packs = tiny.load_tiny(tmp_path, us_xx=MAY + duty("d", "release", when))
    assert ids(tiny.answer(packs, wants=["risk", "billing"])) == {"d"}
    assert ids(tiny.answer(packs, wants=["billing"])) == set()


def test_the_most_deciding_question_comes_first(tmp_path):
    text = (
        MAY
        + 'covers = ["risk"]\nneeds = [{fact = "threat.made", ask = "?"}, '
        + '{fact = "threat.intent", ask = "?"}]\n'
        + MAY.replace("may", "two", 1)
        + 'covers = ["risk", "billing"]\nneeds = [{fact = "client.agrees", ask = "?"}]\n'
    )
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    answer = tiny.answer(packs, wants=["risk", "billing"])
    assert isinstance(answer, AskFirst)
    assert answer.questions == ("client.agrees", "threat.made", "threat.intent")


def test_screening_questions_come_before_all(tmp_path):
    text = MAY + (
        'needs = [{fact = "client.agrees", ask = "?"}, {fact = "threat.serious", ask = "?"}]\n'
    )
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    assert tiny.answer(packs).questions == ("threat.serious", "client.agrees")


def test_an_unknown_law_asks_what_lies_behind_it(tmp_path):
    must = '[[ground]]\nid = "us-xx.must"\nlimit = "harm"\nforce = "must"\n' + SERIOUS
    may = MAY.replace("us-xx", "us-yy") + 'when = "law.permits or law.requires"\n'
    defer = 'default = "defer"\n'
    packs = tiny.load_tiny(tmp_path, us_xx=defer + must, us_yy=may)
    assert tiny.answer(packs).questions == ("threat.serious",)


def test_an_unsure_lock_behind_law_forbids_is_asked(tmp_path):
    text = (
        MAY
        + '[[lock]]\nid = "us-xx.l"\nwhen = "record.part2"\nclasses = ["billing"]\n'
        + duty("d", "release", 'when = "law.forbids"\n')
    )
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    answer = tiny.answer(packs, wants=["risk", "billing"])
    assert isinstance(answer, Permit)
    assert answer.questions == ("record.part2",)
    assert answer.duties[0].sure is False
    barred = tiny.answer(packs, wants=["risk", "billing"], facts={"record.part2": True})
    assert barred.duties[0].sure is True


def test_reasons_cite_and_speak_plainly(tmp_path):
    text = (
        MAY
        + SERIOUS
        + 'covers = ["risk"]\ncontested = "two courts differ"\n'
        + '[[lock]]\nid = "us-xx.l"\nclasses = ["billing"]\n'
    )
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    answer = tiny.answer(packs, facts={"threat.serious": True}, wants=["risk", "billing"])
    assert answer.because == (
        "Risk and safety plan may go to the police: T (us-xx) [Code 1].",
        "Billing must stay: T (us-xx) [Code 1].",
        "Contested: two courts differ [Code 1].",
    )
    refused = tiny.answer(packs, facts={"threat.serious": False}, wants=["risk"])
    assert refused.because[:2] == (
        (
            "Us-xx has no reason that lets risk and safety plan go to the police for law "
            "enforcement."
        ),
        "Not met: T [Code 1]. It turns on this: Is it serious?",
    )


def test_only_the_house_refuses(tmp_path):
    packs = tiny.load_tiny(tmp_path, house="", us_xx=MAY)
    because = tiny.answer(packs).because
    assert any("only the practice's own ethic keeps it back" in sentence for sentence in because)


@pytest.mark.parametrize(
    ("changes", "law"),
    [
        ({"place": "US-WY"}, "The law of US-WY is not loaded"),
        ({"packs": ["us-xx"]}, "The law of the client's state is not loaded"),
        ({"packs": ["house"]}, "The law of the client's place is not loaded"),
    ],
)
def test_law_that_is_missing_is_named(tmp_path, changes, law):
    packs = tiny.load_tiny(
        tmp_path,
        house="",
        us_xx='local_law = "state"\n' + MAY,
        us_yy='extends = ["us-xx"]\n',
    )
    because = " ".join(tiny.answer(packs, **changes).because)
    assert law in because
    assert "no duty" not in because
    whole = tiny.answer(packs, packs=["house", "us-xx", "us-yy"])
    assert "not loaded" not in " ".join(whole.because)


def test_an_old_text_is_named_as_weak(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx=MAY)
    later = tiny.answer(packs, at="2029-01-01T00:00:00Z").because
    assert any("Text last seen on 2026-11-01" in sentence for sentence in later)


ALARM = {
    "packs": ["house", "us-hipaa", "us-ca"],
    "to": "friend",
    "purpose": "protection",
    "wants": ["risk", "identity"],
    "facts": {
        "threat.made": True,
        "threat.serious": True,
        "threat.imminent": True,
        "threat.necessary": True,
        "threat.target": "identified_person",
        "recipient.able_to_prevent": False,
        "recipient.is_target": False,
        "client.restriction": False,
    },
}


def test_under_harm_a_refusal_says_what_remains():
    answer = tiny.answer(load(), **ALARM)
    assert isinstance(answer, Refuse)
    assert list(answer.instead.tell) == ["police", "person_at_risk"]  # Cal. Civ. Code 43.92
    assert answer.instead.tell["police"] == ("risk", "identity")
    assert "crisis_team" in answer.instead.tell_if
    assert "friend" not in (*answer.instead.tell, *answer.instead.tell_if)
    text = " ".join(answer.because)
    for words in ("you may tell: ", "without a name", "Call your supervisor"):
        assert words in text


def test_what_is_known_of_one_recipient_is_not_taken_for_another(tmp_path):
    text = MAY + 'to = ["hospital"]\nneeds = [{fact = "recipient.able_to_prevent", ask = "?"}]\n'
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    for known in (True, False):
        facts = {"recipient.able_to_prevent": known}
        answer = tiny.answer(packs, purpose="emergency", to="media", facts=facts)
        assert not answer.instead.tell
        assert answer.instead.tell_if == {"hospital": ("attendance",)}


def test_elsewhere_a_refusal_is_silence():
    changed = ALARM | {"purpose": "employment", "to": "employer"}
    answer = tiny.answer(load(), **changed)
    assert isinstance(answer, Refuse)
    assert answer.instead is None


def test_where_nobody_may_be_told_the_ways_stay_open(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx="")
    answer = tiny.answer(packs, purpose="abuse_report", to="child_protection")
    assert answer.instead.tell == answer.instead.tell_if == answer.instead.tell_once == {}
    assert any("nobody may be told yet who it is" in sentence for sentence in answer.because)


def test_help_lines_are_named_where_their_page_was_seen(tmp_path):
    line = (
        '[[help]]\nid = "us-xx.line"\nwho = "the line"\nreach = "123"\nfor = ["{what}"]\n'
        'when_open = "day and night"\n'
    )
    packs = tiny.load_tiny(tmp_path, us_xx=line.format(what="abuse"))
    said = "Call the line: 123, day and night [Code 1]."
    assert said in tiny.answer(packs, purpose="abuse_report").because
    assert said not in tiny.answer(packs, purpose="protection").because


def test_a_duty_to_tell_now_is_found_without_checking_anyone(tmp_path):
    text = MAY + 'to = ["hospital"]\n'
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    answer = tiny.answer(packs, purpose="emergency")
    assert answer.instead.tell == {"hospital": ("attendance",)}
    said = "Instead you may tell now: a hospital (attendance (being a client, session dates))."
    assert said in answer.because


def test_reasons_speak_only_of_what_goes(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx=MAY + 'covers = ["risk", "abuse"]\n')
    answer = tiny.answer(packs, wants=["abuse", {"passage": "p", "classes": ["risk", "billing"]}])
    assert "Concern about abuse or neglect may go to the police: T (us-xx) [Code 1]." in (
        answer.because
    )


def test_only_what_is_undecided_is_asked(tmp_path):
    text = (
        MAY
        + 'covers = ["risk"]\nneeds = [{fact = "client.agrees", ask = "?"}]\n'
        + MAY.replace("may", "two", 1)
        + 'covers = ["risk"]\nneeds = [{fact = "threat.made", ask = "?"}]\n'
        + '[[lock]]\nid = "us-xx.l"\nwhen = "record.joint"\nopens_for = ["us-xx.three"]\n'
        + MAY.replace("may", "three", 1)
        + 'covers = ["risk"]\nneeds = [{fact = "threat.intent", ask = "?"}]\n'
    )
    other = '[[lock]]\nid = "us-yy.l"\nwhen = "record.part2"\n'
    packs = tiny.load_tiny(tmp_path, us_xx=text, us_yy='default = "defer"\n' + other)
    asked = tiny.answer(packs, wants=["risk"], facts={"threat.made": False})
    assert set(asked.questions) == {
        "client.agrees",
        "record.joint",
        "threat.intent",
        "record.part2",
    }
    met = tiny.answer(packs, wants=["risk"], facts={"client.agrees": True, "record.part2": False})
    assert set(met.questions) == {"record.joint", "threat.intent"}


def test_a_claimed_purpose_is_asked_for_a_lock_too(tmp_path):
    text = MAY + '[[lock]]\nid = "us-xx.l"\npurposes = ["payment"]\n'
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    assert tiny.answer(packs, purpose_by="asker").questions == ("purpose.established",)


def test_a_condition_on_a_claimed_purpose_asks_for_it(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx=MAY + "when = 'purpose == \"law_enforcement\"'\n")
    assert tiny.answer(packs, purpose_by="asker").questions == ("purpose.established",)


def test_law_facts_that_wait_for_each_other_ask_for_what_is_beneath(tmp_path):
    one = MAY + 'when = "law.permits or threat.made"\n'
    must = MAY.replace("may", "must", 2).replace("us-xx", "us-yy") + 'when = "law.permits"\n'
    packs = tiny.load_tiny(tmp_path, us_xx=one, us_yy=must)
    assert tiny.answer(packs).questions == ("threat.made",)


def test_a_reason_without_a_hat_of_its_own_names_none(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx=MAY)
    by = {"role": ["psychologist", "biller"], "relation": "treating"}
    assert len(tiny.answer(packs, by=by).because) == 1


def test_a_lock_of_the_house_is_not_the_law_forbidding(tmp_path):
    house = '[[lock]]\nid = "house.l"\nwhen = "record.joint"\nclasses = ["billing"]\n'
    allowed = MAY.replace("us-xx", "house")
    text = (
        MAY
        + '[[lock]]\nid = "us-xx.l"\nwhen = "record.part2"\nclasses = ["billing"]\n'
        + duty("d", "release", 'when = "law.forbids"\n')
    )
    packs = tiny.load_tiny(tmp_path, house=house + allowed, us_xx=text)
    facts = {"record.part2": False}
    assert tiny.answer(packs, wants=["risk", "billing"], facts=facts).duties == ()
    open_still = tiny.answer(packs, wants=["risk", "billing"])
    assert set(open_still.questions) == {"record.joint", "record.part2"}


def test_the_house_is_not_called_a_law_that_disagrees(tmp_path):
    must = '[[ground]]\nid = "us-xx.must"\nlimit = "harm"\nforce = "must"\n'
    packs = tiny.load_tiny(tmp_path, house="", us_xx=must)
    answer = tiny.answer(packs)
    assert answer.outcome == "conflict"
    assert answer.because[0].startswith("The law requires it, and only the practice's own ethic")


@pytest.mark.parametrize(
    ("act", "said"),
    [("erase", "be erased"), ("amend", "be amended"), ("notify", "be made known to the police")],
)
def test_reasons_name_the_act(tmp_path, act, said):
    packs = tiny.load_tiny(tmp_path, us_xx=MAY + f'acts = ["{act}"]\n')
    assert f"may {said}: T" in tiny.answer(packs, act=act).because[0]


def test_a_layer_that_only_follows_says_so_once(tmp_path):
    follows = MAY.replace("us-xx", "us-yy") + 'when = "law.permits"\n'
    packs = tiny.load_tiny(tmp_path, us_xx=MAY, us_yy='short = "that law"\n' + follows)
    because = tiny.answer(packs).because
    assert because[1] == "That law follows: T [Code 1]."


def test_a_paper_in_hand_is_named_and_a_missing_consent_is_no_news(tmp_path):
    consent = '[[ground]]\nid = "us-xx.c"\nlimit = "consent"\nforce = "may"\n'
    needs = 'needs = [{fact = "consent.covers", ask = "Signed?"}]\n'
    packs = tiny.load_tiny(tmp_path, us_xx=consent + needs)
    because = tiny.answer(packs, instrument="subpoena_attorney").because
    assert because[0].endswith("for law enforcement on a lawyer's subpoena.")
    assert not any("Signed?" in sentence for sentence in because)


def test_others_are_named_only_where_the_law_demands_it(tmp_path):
    may = MAY + 'to = ["school"]\n'
    packs = tiny.load_tiny(tmp_path, us_xx=may)
    assert tiny.answer(packs, purpose="protection").instead.tell == {}
    packs = tiny.load_tiny(tmp_path, us_xx=may.replace('"may"', '"must"'))
    assert tiny.answer(packs, purpose="protection", wants=["risk"]).instead.tell == {
        "school": ("risk",)
    }


def test_one_answer_from_telling_is_said(tmp_path):
    text = MAY + 'to = ["hospital"]\nneeds = [{fact = "threat.serious", ask = "?"}]\n'
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    answer = tiny.answer(packs, purpose="emergency")
    question = packs.facts["threat.serious"].ask
    assert answer.instead.tell_once == {"hospital": question}
    said = f"Whether you may tell a hospital depends first on this: {question}"
    assert said in answer.because


def test_what_was_agreed_for_one_is_not_agreed_for_another(tmp_path):
    text = MAY + 'to = ["hospital"]\nneeds = [{fact = "client.agrees", ask = "?"}]\n'
    packs = tiny.load_tiny(tmp_path, us_xx=text)
    answer = tiny.answer(packs, purpose="emergency", facts={"client.agrees": True})
    assert answer.instead.tell == {}
    assert list(answer.instead.tell_once) == ["hospital"]


def test_where_every_law_is_silent_that_is_said(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx='default = "defer"\n')
    assert (
        "No law that is loaded here gives a reason to let attendance"
        in (tiny.answer(packs).because[0])
    )


def test_a_parent_that_is_not_asked_is_named(tmp_path):
    packs = tiny.load_tiny(tmp_path, us_xx="", us_yy='extends = ["us-xx"]\n')
    because = " ".join(tiny.answer(packs, packs=["us-yy"]).because)
    assert "The pack us-xx, on which us-yy builds, is not loaded" in because


def test_an_open_law_is_not_said_to_allow(tmp_path):
    open_law = MAY.replace("us-xx", "us-yy") + SERIOUS
    packs = tiny.load_tiny(tmp_path, house="", us_xx=MAY, us_yy=open_law)
    because = " ".join(tiny.answer(packs).because)
    assert "The law would allow" not in because


def test_a_must_that_its_own_law_bars_is_not_cited_against_it(tmp_path):
    must = '[[ground]]\nid = "us-xx.must"\nlimit = "harm"\nforce = "must"\ncite = "Own"\n'
    lock = '[[lock]]\nid = "us-xx.lock"\n'
    other = must.replace("us-xx", "us-yy")
    text = tiny.pack_text("us-xx", must.replace('cite = "Own"\n', "") + lock)
    (tmp_path / "us-xx.toml").write_text(text.replace('cite = "Code 1"', 'cite = "Own law"', 1))
    tiny.write(tmp_path, us_yy=other.replace('cite = "Own"\n', ""))
    answer = tiny.answer(tiny.load_folder(tmp_path))
    assert answer.outcome == "conflict"
    assert "Own law" not in answer.because[0].split("bars it")[0]
