import datetime

import pytest

import tiny
from angerona.errors import BadAsk
from angerona.rules.ask import read_ask
from angerona.words import CLASSES

NEEDLE = "told me about her brother in Ghent"
CONSENT = {
    "by": "client",
    "form": "general",
    "classes": ["risk"],
    "to": ["police"],
    "purposes": ["protection"],
    "from": "2026-01-01",
    "until": None,
    "revoked": None,
    "elements": {"expiry": True, "witnessed": False},
}
ORDER = {"kind": "court_order", "signed_by": "judge", "classes": ["risk"], "to": ["court"]}


@pytest.fixture
def packs(tmp_path):
    return tiny.load_tiny(
        tmp_path,
        us_xx='[[fact]]\nkey = "us_xx.kind"\ntype = "enum"\nvalues = ["a", "b"]\nask = "Which?"\n',
    )


def read(packs, /, **changes):
    raw = tiny.ask_of(packs, **changes)
    return read_ask(raw, packs.facts, packs.packs)


def test_a_whole_ask_is_read(packs):
    ask = read(
        packs,
        by={"role": ["psychologist", "biller"], "relation": "treating"},
        wants=["risk", {"passage": "p1", "classes": ["risk", "third_party"]}],
        consents=[CONSENT],
        orders=[ORDER],
        facts={"client.age": 3, "us_xx.kind": "b", "threat.serious": None},
        place="US-XX",
        act="erase",
        purpose_by="asker",
    )
    assert ask.roles == ("psychologist", "biller")
    assert ask.hats == {"psychologist", "biller", "treating"}
    assert ask.passages[0].classes == ("risk", "third_party")
    assert ask.consents[0].elements == {"expiry"}
    assert ask.consents[0].denied == {"witnessed"}
    assert ask.consents[0].starts == datetime.date(2026, 1, 1)
    assert ask.orders[0].names_notes is False
    assert ask.facts == {"client.age": 3, "us_xx.kind": "b"}
    assert not ask.purpose_established


def test_everything_stands_for_all_classes(packs):
    assert read(packs, wants=["everything"]).wants == tuple(CLASSES)


def test_the_day_is_counted_here_and_in_utc(packs):
    here, there = datetime.date(2026, 11, 23), datetime.date(2026, 11, 24)
    assert read(packs, at="2026-11-23T23:30:00-05:00").days == (here, there)
    assert read(packs, at="2026-11-24T09:00:00+13:00").days == (here, there)
    assert read(packs, at="2026-11-23T10:00:00Z").days == (here, here)


WRONG = [
    ({"packs": []}, "packs: names no pack"),
    ({"packs": ["us-yy"]}, "packs[0]: unknown word (a text); did you mean us-xx?"),
    ({"packs": "us-xx"}, "packs: a text where a list is needed"),
    ({"at": "yesterday"}, "at: not a date and time with a zone"),
    ({"at": "2026-11-23T10:00:00"}, "at: not a date and time with a zone"),
    ({"at": "0001-01-01T00:00:00Z"}, "at: not a date and time with a zone"),
    ({"at": 5}, "at: a number where a text is needed"),
    ({"by": "me"}, "by: a text where a table is needed"),
    ({"by": {"role": "psychologist"}}, "by.relation: missing"),
    ({"by": {"role": [], "relation": "none"}}, "by.role: an empty list"),
    ({"by": {"role": "nurse", "relation": "none", "x": 1}}, "by.(a key): unknown key"),
    ({"to": "polcie"}, "to: unknown word (a text); did you mean police"),
    ({"to": NEEDLE}, "to: unknown word (a text)"),
    ({"to": None}, "to: missing"),
    ({"purpose": ["treatment"]}, "purpose: unknown word (a list)"),
    ({"purpose_by": "judge"}, "purpose_by: unknown word (a text); allowed: asker, practice"),
    ({"instrument": 3}, "instrument: unknown word (a number)"),
    ({"act": "burn"}, "act: unknown word (a text)"),
    ({"wants": []}, "wants: asks for nothing"),
    ({"wants": "risk"}, "wants: a text where a list is needed"),
    ({"wants": ["everything", "risk"]}, "wants: names everything and more"),
    ({"wants": ["risk", "risk"]}, "wants: names something twice"),
    ({"wants": [NEEDLE]}, "wants[0]: unknown class (a text)"),
    ({"wants": [{"passage": "risk", "classes": ["risk"]}]}, "wants[0].passage: a passage cannot"),
    ({"wants": [{"passage": "p", "classes": []}]}, "wants[0].classes: a passage has at least"),
    ({"wants": [{"passage": NEEDLE, "classes": ["risk"]}]}, "wants[0].passage: not a plain name"),
    ({"wants": [{"passage": "p", "classes": ["risk"], "x": 1}]}, "wants[0].(a key): unknown key"),
    ({"wants": ["risk"] * 1001}, "wants: too long a list; at most 1000"),
    ({"consents": [{**CONSENT, "from": "soon"}]}, "consents[0].from: not a date; YYYY-MM-DD"),
    ({"consents": [{**CONSENT, "from": 5}]}, "consents[0].from: not a date"),
    ({"consents": [{**CONSENT, "until": "9999-01-01"}]}, "consents[0].until: not a date"),
    ({"consents": [{**CONSENT, "by": "dog"}]}, "consents[0].by: unknown word (a text)"),
    ({"consents": [{**CONSENT, "elements": {"a": 1}}]}, "consents[0].elements.a: a number where"),
    ({"consents": [{**CONSENT, "elements": {NEEDLE: True}}]}, "consents[0].elements.(a key): unkn"),
    ({"consents": [{**CONSENT, "form": ""}]}, "consents[0].form: not a plain name"),
    ({"consents": [{**CONSENT, "x": 1}]}, "consents[0].(a key): unknown key"),
    ({"consents": {"by": 1}}, "consents: a table where a list is needed"),
    ({"orders": [{**ORDER, "signed_by": "me"}]}, "orders[0].signed_by: unknown word (a text)"),
    ({"orders": [{**ORDER, "secrecy": "yes"}]}, "orders[0].secrecy: a text where true or false"),
    ({"orders": [{**ORDER, "x": 1}]}, "orders[0].(a key): unknown key"),
    ({"facts": []}, "facts: a list where a table is needed"),
    ({"facts": {"client.agee": 3}}, "facts.client.agee: unknown fact; did you mean client.age"),
    ({"facts": {NEEDLE: 3}}, "facts.(a key): unknown fact"),
    ({"facts": {"client.age": "three"}}, "facts.client.age: cannot be a text; a whole number"),
    ({"facts": {"client.age": True}}, "facts.client.age: cannot be true; a whole number"),
    ({"facts": {"client.age": -1}}, "facts.client.age: cannot be a number; a whole number"),
    ({"facts": {"client.age": 10**30}}, "facts.client.age: cannot be a number; a whole number"),
    ({"facts": {"client.age": 1.5}}, "facts.client.age: cannot be a number; a whole number"),
    ({"facts": {"threat.serious": NEEDLE}}, "facts.threat.serious: cannot be a text; true or f"),
    ({"facts": {"us_xx.kind": "c"}}, "facts.us_xx.kind: cannot be a text; allowed: a, b"),
    ({"facts": {"law.requires": True}}, "facts.(a key): unknown fact"),
    ({"place": "Utah"}, "place: not an ISO 3166 code"),
    ({"place": "U" * 5000}, "place: too long; at most 4000 characters"),
    ({"xyzzy": 1}, "(a key): unknown key"),
    ({NEEDLE: 1}, "(a key): unknown key"),
    ({"Maria.Lopez": 1}, "(a key): unknown key"),
    ({"purposes": 1}, "purposes: unknown key; did you mean purpose"),
]


@pytest.mark.parametrize(("changes", "message"), WRONG)
def test_what_is_wrong_is_named_by_place(packs, changes, message):
    with pytest.raises(BadAsk) as problem:
        read(packs, **changes)
    assert str(problem.value).startswith(message)
    assert NEEDLE not in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    "raw", [None, [], 3, "x", {1: 2}, set(), dict.fromkeys(map(str, range(2000)))]
)
def test_what_is_no_table_is_no_ask(packs, raw):
    with pytest.raises(BadAsk, match=r"the input: .* table"):
        read_ask(raw, packs.facts, packs.packs)


@pytest.mark.parametrize(("given", "kept"), [("GB", "UK"), ("GB-SCT", "UK-SCT"), ("IE", "IE")])
def test_the_united_kingdom_is_said_as_its_packs_say_it(packs, given, kept):
    assert read(packs, place=given).place == kept
