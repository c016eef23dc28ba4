import pytest

import tiny
from angerona.rules.answer import AskFirst, Permit, Refuse

PACK = """
[[fact]]
key = "us_xx.names_notes"
type = "bool"
ask = "Does it name the notes?"
reads = "order.names_notes"
[[ground]]
id = "us-xx.order"
limit = "court"
force = "must"
instruments = ["court_order", "search_warrant"]
excludes = ["psychotherapy_note"]
needs = [
  {expr = "order.signed_by_judge or warrant.judicial", ask = "?"},
  {fact = "order.covers_these", ask = "?"},
  {expr = 'to == "court" or recipient.named_in_order', ask = "?"},
]
[[ground]]
id = "us-xx.order.notes"
limit = "court"
force = "may"
covers = ["psychotherapy_note"]
needs = [
  {fact = "order.signed_by_judge", ask = "?"},
  {fact = "us_xx.names_notes", ask = "?"},
  {fact = "order.part2_findings", ask = "?"},
]
[[duty]]
id = "us-xx.duty.secret"
on = ["release"]
kind = "notice"
mode = "prohibited"
to = "client"
what = "say nothing"
when = "order.secrecy"
"""
ORDER = {
    "kind": "court_order",
    "signed_by": "judge",
    "classes": ["risk"],
    "to": ["police"],
    "from": "2026-11-01",
    "until": "2026-12-01",
}
COURT = {"to": "court", "purpose": "legal_proceeding", "instrument": "court_order"}


@pytest.fixture
def packs(tmp_path):
    return tiny.load_tiny(tmp_path, us_xx=PACK)


def answer(packs, *orders, **changes):
    base = {"instrument": "court_order", "wants": ["risk"]}
    documents = [ORDER | order for order in orders]
    return tiny.answer(packs, orders=documents, **(base | changes))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({}, Permit),
        ({"signed_by": "clerk"}, Refuse),
        ({"signed_by": "officer"}, Refuse),
        ({"classes": ["billing"]}, Refuse),
        ({"classes": ["everything"]}, Permit),
        ({"to": ["court"]}, Refuse),
        ({"from": "2026-11-24"}, Refuse),
        ({"until": "2026-11-22"}, Refuse),
        ({"from": None, "until": None}, Permit),
        ({"kind": "search_warrant"}, Refuse),
    ],
)
def test_an_order_opens_what_it_says(packs, order, expected):
    assert isinstance(answer(packs, order), expected)


def test_a_warrant_of_a_judge(packs):
    warrant = {"kind": "search_warrant"}
    assert isinstance(answer(packs, warrant, instrument="search_warrant"), Permit)
    by_officer = warrant | {"signed_by": "officer"}
    assert isinstance(answer(packs, by_officer, instrument="search_warrant"), Refuse)


def test_two_papers_do_not_add_up_to_one_order(packs):
    by_clerk = {"signed_by": "clerk"}
    of_judge_for_bills = {"classes": ["billing"]}
    assert isinstance(answer(packs, by_clerk, of_judge_for_bills), Refuse)


def test_an_order_to_the_court_needs_no_name(packs):
    assert isinstance(answer(packs, {"to": []}, **COURT), Permit)


def test_a_stated_fact_only_narrows(packs):
    assert isinstance(answer(packs, {}, facts={"order.covers_these": False}), Refuse)
    refused = answer(packs, {"classes": ["billing"]}, facts={"order.covers_these": True})
    assert isinstance(refused, Refuse)
    both = answer(packs, {}, facts={"order.covers_these": True})
    assert isinstance(both, Permit)


def test_without_documents_the_facts_speak_and_are_asked(packs):
    asked = tiny.answer(packs, instrument="court_order", wants=["risk"])
    assert isinstance(asked, AskFirst)
    assert asked.questions[0] in {"order.signed_by_judge", "warrant.judicial"}


NOTES = {"classes": ["psychotherapy_note"], "names_notes": True, "part2_findings": True}


@pytest.mark.parametrize(
    ("order", "facts", "expected"),
    [
        (NOTES, {}, Permit),
        (NOTES | {"names_notes": False}, {}, Refuse),
        (NOTES | {"part2_findings": False}, {}, Refuse),
        (NOTES | {"classes": ["everything"]}, {}, Refuse),
        (NOTES, {"us_xx.names_notes": False}, Refuse),
        (NOTES | {"names_notes": False}, {"us_xx.names_notes": True}, Refuse),
    ],
)
def test_process_notes_are_named_expressly(packs, order, facts, expected):
    asked = answer(packs, order, wants=["psychotherapy_note"], facts=facts)
    assert isinstance(asked, expected)


def test_secrecy_binds_from_either_side(packs):
    assert answer(packs, {}).notice == "none"
    assert answer(packs, {"secrecy": True}).notice == "prohibited"
    assert answer(packs, {}, facts={"order.secrecy": True}).notice == "prohibited"
    assert answer(packs, {"secrecy": True}, facts={"order.secrecy": False}).notice == "prohibited"
