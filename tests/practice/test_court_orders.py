"""Papers told apart by signature and court, and read into a document that the gate judges."""

import datetime
import itertools

import pytest

from angerona.errors import BadInput
from angerona.gate.waiting import NOTICED
from angerona.practice.court_orders import (
    STATED,
    Reading,
    Seen,
    choices,
    pictures,
    read_off,
    seen_in,
    tell_apart,
    told_apart,
)
from angerona.practice.legal_holds import PROCESS, holds_on
from angerona.practice.preparing import WISHED, wished
from angerona.practice.requests import NewRequest, request, take_down
from angerona.practice.speaking import Asked, asked_in, told, wish_of
from angerona.words import INSTRUMENTS, ORDER_SIGNERS
from owed_duties import copy, practice
from prepared_practice import AT

__all__ = ["copy", "practice"]

ALL = [
    Seen(title=title, signer=signer, names_court=court, commands="records")
    for title, signer, court in itertools.product(
        choices("titles"), choices("signers"), (True, False)
    )
]
ORDER = Seen(title="order", signer="judge", names_court=True, commands="records")
BY_LAWYER = Seen(title="order", signer="attorney", names_court=True, commands="both")


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def taken_down(practice, client_id, **more):
    fields = {"to": "court", "purpose": "legal_proceeding", "instrument": "written_request"}
    asked = Asked(**(fields | {"received": AT, "name": "A court"} | more))
    with practice.visit("Tess") as visit:
        new = NewRequest(asked=asked, client_id=client_id, may_tell=True)
        return take_down(practice.door, visit, new)


def apart(practice, matter_id, seen=ORDER):
    with practice.visit("Tess") as visit:
        return tell_apart(practice.door, visit, request(visit, matter_id), seen)


def read(practice, matter_id, **more):
    reading = {"classes": ("diagnosis",), "to": "court", "facts": {}}
    with practice.visit("Tess") as visit:
        matter = request(visit, matter_id)
        return read_off(practice.door, visit, matter, Reading(**(reading | more)))


def answer(practice, matter_id):
    with practice.visit("Tess") as visit:
        return told(practice.door, visit, request(visit, matter_id)).answer


def test_every_paper_that_can_come_is_told_apart():
    assert {told_apart(one).instrument for one in ALL} <= INSTRUMENTS.keys()
    assert {one.instrument for one in pictures()} >= PROCESS
    assert all(one.why for one in map(told_apart, ALL))


@pytest.mark.parametrize("seen", ALL, ids=lambda one: f"{one.title}-{one.signer}-{one.names_court}")
def test_only_a_judge_of_a_court_makes_an_order_or_a_search_warrant(seen):
    strong = {"court_order", "search_warrant", "protective_order"}
    if told_apart(seen).instrument in strong:
        assert (seen.signer, seen.names_court) == ("judge", True)
    if seen.signer == "nobody":
        assert told_apart(seen).instrument == "written_request"


@pytest.mark.parametrize("signer", ["officer", "agency", "clerk", "attorney"])
def test_a_warrant_that_no_judge_signed_is_administrative(signer):
    for court in (True, False):
        seen = Seen(title="warrant", signer=signer, names_court=court, commands="enter")
        assert told_apart(seen).instrument == "administrative_warrant"


def test_what_states_law_carries_its_source():
    for one in map(told_apart, ALL):
        assert bool(one.cite) == bool(one.source_url)


def test_who_signed_an_order_document_is_a_word_of_the_language():
    assert set(choices("signers")) - {"nobody"} == set(ORDER_SIGNERS)


@pytest.mark.parametrize("name", ["title", "signer", "commands"])
def test_a_word_on_no_list_is_refused(name):
    seen = {"title": "order", "signer": "judge", "names_court": True, "commands": "records"}
    with pytest.raises(BadInput):
        told_apart(Seen(**(seen | {name: "a napkin"})))


def test_telling_it_apart_changes_the_instrument_and_holds_the_record(practice, ada):
    matter_id = taken_down(practice, ada)
    matter = apart(practice, matter_id)
    assert asked_in(matter).instrument == "court_order"
    assert seen_in(asked_in(matter)) == ORDER
    with practice.visit("Olaf") as visit:
        assert [one.content["instrument"] for one in holds_on(visit, ada)] == ["court_order"]


def test_what_was_read_of_another_paper_counts_no_more(practice, ada):
    matter_id = taken_down(practice, ada)
    apart(practice, matter_id)
    assert asked_in(read(practice, matter_id)).orders
    assert asked_in(apart(practice, matter_id, BY_LAWYER)).orders == ()


def test_nor_do_the_facts_and_the_notice_that_were_read_off_it(practice, ada):
    matter_id = taken_down(practice, ada)
    apart(practice, matter_id)
    facts = {"subpoena.notice_to_client": True, "subpoena.objection_period_over": True}
    asked = asked_in(read(practice, matter_id, noticed=AT, facts=facts))
    assert facts.items() <= asked.facts.items()
    assert NOTICED[0] in asked.moments
    now = asked_in(apart(practice, matter_id, BY_LAWYER))
    assert not now.facts.keys() & set(STATED)
    assert not set(NOTICED) & now.moments.keys()


def test_that_the_client_wishes_to_read_first_is_not_the_papers_to_say(practice, ada):
    matter_id = taken_down(practice, ada)
    apart(practice, matter_id)
    with practice.visit("Tess") as visit:
        wished(visit, request(visit, matter_id), AT)
    for more in ({}, {"noticed": AT}):
        assert asked_in(read(practice, matter_id, **more)).moments[WISHED] == AT
    assert asked_in(apart(practice, matter_id, BY_LAWYER)).moments[WISHED] == AT


def test_nothing_is_read_off_what_was_not_told_apart(practice, ada):
    with pytest.raises(BadInput, match="told apart"):
        read(practice, taken_down(practice, ada, instrument="court_order"))
    letter = Seen(title="letter", signer="attorney", names_court=True, commands="nothing")
    matter_id = taken_down(practice, ada)
    apart(practice, matter_id, letter)
    with pytest.raises(BadInput, match="told apart"):
        read(practice, matter_id)


def test_what_is_read_is_the_document_of_the_ask(practice, ada):
    matter_id = taken_down(practice, ada)
    apart(practice, matter_id)
    days = (datetime.date(2026, 1, 1), datetime.date(2026, 2, 1))
    matter = read(
        practice,
        matter_id,
        starts=datetime.date(2026, 2, 1),
        ends=datetime.date(2026, 12, 1),
        between=days,
        facts={"order.served": True, "order.hearing_held": False},
    )
    asked = asked_in(matter)
    assert asked.wants == ("diagnosis",)
    assert asked.between == days
    assert asked.facts["order.served"] is True
    [document] = asked.orders
    assert document["signed_by"] == "judge"
    with practice.visit("Tess") as visit:
        [read_by_rules] = told(practice.door, visit, matter).ask.orders
    assert (read_by_rules.kind, read_by_rules.ends) == ("court_order", datetime.date(2026, 12, 1))


@pytest.mark.parametrize(
    ("seen", "more", "opens"),
    [
        (ORDER, {}, True),
        (ORDER, {"to": "opposing_attorney"}, False),
        (ORDER, {"ends": datetime.date(2026, 1, 1)}, False),
        (BY_LAWYER, {}, False),
    ],
    ids=["a judge's", "to somebody else", "over", "a lawyer's"],
)
def test_the_gate_judges_it_as_a_document(practice, ada, seen, more, opens):
    to = "prosecutor" if more.get("to") else "court"
    matter_id = taken_down(practice, ada, to=to)
    apart(practice, matter_id, seen)
    facts = {
        "order.served": True,
        "subpoena.notice_to_client": False,
        "order.protective_order": False,
    }
    read(practice, matter_id, **({"facts": facts} | more))
    outcome = answer(practice, matter_id).outcome
    assert (outcome != "deny") == opens, outcome


def test_what_a_document_says_takes_the_place_of_an_answer(practice, ada):
    matter_id = taken_down(practice, ada, facts={"order.signed_by_judge": False})
    apart(practice, matter_id)
    assert "order.signed_by_judge" not in asked_in(read(practice, matter_id)).facts


def test_when_the_client_had_notice_is_a_moment_of_the_ask(practice, ada):
    matter_id = taken_down(practice, ada)
    apart(practice, matter_id)
    noticed = AT - datetime.timedelta(days=3)
    wish = wish_of(practice.door, read(practice, matter_id, noticed=noticed))
    assert {name: wish.moments[name] for name in NOTICED} == dict.fromkeys(NOTICED, noticed)
    assert wish.moments["receipt"] == AT
    with pytest.raises(BadInput, match="still to come"):
        read(practice, matter_id, noticed=AT + datetime.timedelta(days=1))


def test_a_paper_that_forbids_telling_holds_its_lines_back(practice, ada):
    matter_id = taken_down(practice, ada)
    apart(practice, matter_id)
    before = practice.vault.ledger.lines_of(ada)
    matter = read(practice, matter_id, is_secret=True)
    assert matter.held_until > AT
    assert practice.vault.ledger.lines_of(ada) == before
    assert asked_in(matter).orders[0]["secrecy"] is True
    assert read(practice, matter_id, is_secret=False).held_until is None


@pytest.mark.parametrize(
    "more",
    [
        {"classes": ()},
        {"classes": ("a napkin",)},
        {"to": "a napkin"},
        {"facts": {"client.age": True}},
        {"starts": datetime.date(2026, 2, 2), "ends": datetime.date(2026, 2, 1)},
        {"is_secret": True, "hold_until": AT},
    ],
)
def test_what_cannot_be_on_a_paper_is_refused(practice, ada, more):
    matter_id = taken_down(practice, ada)
    apart(practice, matter_id)
    with pytest.raises(BadInput):
        read(practice, matter_id, **more)


def test_every_fact_that_a_paper_gives_is_one_that_the_packs_ask(practice):
    assert set(STATED) <= practice.door.packs.facts.keys()
