"""What may be put into a packet, and what is refused."""

import dataclasses
import datetime

import pytest

from angerona.errors import BadInput
from angerona.notices.packets import (
    FIRST_PAGE_CHARACTERS_MAX,
    LINE_MAX,
    PACKET_CHARACTERS_MAX,
    PART_CHARACTERS_MAX,
    PARTS_MAX,
    Cover,
    prepare,
)
from angerona.rules.answer import Refuse
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from notices.handover import GIVEN, SCOPE, part, raw_ask


def prepared(handover, **changed):
    given = handover | changed
    return prepare(given.pop("permit"), **given)


def changed_cover(handover, **changed):
    return {"cover": dataclasses.replace(handover["cover"], **changed)}


def decided(handover, **changed):
    """Another Ask, answered for real."""
    ask = read_ask(raw_ask(**changed), handover["packs"].facts, handover["packs"].packs)
    return {"ask": ask, "permit": decide(ask, handover["packs"])}


def test_a_packet_says_to_whom_what_for_and_on_which_grounds(packet, handover):
    assert (packet.to, packet.purpose) == ("treating_provider", "treatment")
    grounds = {one.title: one.cite for one in packet.grounds}
    assert grounds["Written consent with all Part 2 elements"] == "42 CFR 2.31(a), 2.33"
    assert packet.scopes == (("diagnosis", "named"), ("substance_use", "named"))
    assert packet.owed == handover["permit"].duties


def test_a_statement_goes_along_in_the_words_of_the_law(packet):
    (statement,) = packet.statements
    assert (statement.duty, statement.cite) == ("us-part2.duty.redisclosure", "42 CFR 2.32")
    assert statement.text.startswith("This record which has been disclosed to you is protected by")
    assert statement.text.endswith(f"What the consent covers: {GIVEN}")


def test_what_the_practice_owes_is_told_to_nobody_else(packet):
    what = {one.what for one in packet.owed}
    told = " ".join((packet.condition, *(one.text for one in packet.statements)))
    assert what
    assert not [one for one in what if one in told]


@pytest.mark.parametrize(
    "kept_back",
    ["psychotherapy_note", "progress_note", "legal"],
    ids=["barred", "not asked for", "never named"],
)
def test_a_part_that_was_not_released_is_refused(handover, kept_back):
    with pytest.raises(BadInput, match=r"parts\[1\]: .* was not released; only what the Permit"):
        prepared(handover, parts=(part(), part(kept_back, "She said that")))


def test_a_passage_goes_only_where_it_was_released_under_its_name(handover):
    wants = ["diagnosis", {"passage": "p1", "classes": ["substance_use", "diagnosis"]}]
    released = decided(handover, wants=wants)
    assert released["permit"].released == {"diagnosis", "p1"}
    (one,) = prepared(handover, **released, parts=(part(passage="p1"),)).parts
    assert one.item == "p1"
    with pytest.raises(BadInput, match="a passage was not released"):
        prepared(handover, **released, parts=(part(passage="p2"),))
    with pytest.raises(BadInput, match="substance use was not released"):
        prepared(handover, **released, parts=(part(),))


def test_only_a_permit_makes_a_packet(handover):
    refused = decided(handover, consents=[])
    assert isinstance(refused["permit"], Refuse)
    with pytest.raises(BadInput, match="permit: a Refuse where a Permit is needed"):
        prepared(handover, **refused)


def test_nothing_says_that_a_part_was_kept_back(handover, packet):
    assert handover["permit"].classes["psychotherapy_note"] == "barred"
    shorter = decided(handover, wants=["substance_use", "diagnosis"])
    assert prepared(handover, **shorter) == packet


def test_a_client_is_told_what_was_kept_back_where_the_law_demands_it(handover):
    facts = raw_ask()["facts"] | {"record.part2": False, "us_hipaa.access_endangers": False}
    own = decided(
        handover,
        packs=["house", "us-hipaa"],
        to="client",
        purpose="client_request",
        instrument="written_request",
        wants=["diagnosis", "psychotherapy_note"],
        facts=facts | {"us_hipaa.third_party_harm": False},
        consents=[],
    )
    blanks = {
        "why a part is kept back": "process notes are kept apart",
        "review of the decision": "this cannot be reviewed",
        "whom to complain to here, with telephone": "Bo Lind, 555 0100",
        "how to complain to the Secretary": "in writing, within 180 days",
    }
    packet = prepared(handover, **own, blanks=blanks, parts=(part("diagnosis", "F32.1"),))
    (statement,) = packet.statements
    assert statement.duty == "us-hipaa.duty.denial_partial"
    assert "The reason: process notes are kept apart" in statement.text
    assert packet.condition.startswith("This is for you.")


@pytest.mark.parametrize("blanks", [{}, {SCOPE: "  "}, {SCOPE: GIVEN, "another": "x"}])
def test_every_blank_is_filled_and_no_other(handover, blanks):
    with pytest.raises(BadInput, match="blanks"):
        prepared(handover, blanks=blanks)


def test_what_fills_a_blank_is_no_blank_itself(handover):
    packet = prepared(handover, blanks={SCOPE: "all of [scope of the consent]"})
    assert packet.statements[0].text.endswith("all of [scope of the consent]")


def test_a_statement_that_may_be_owed_must_be_settled_first(handover):
    duties = tuple(
        dataclasses.replace(one, sure=one.id != "us-part2.duty.redisclosure")
        for one in handover["permit"].duties
    )
    with pytest.raises(BadInput, match="redisclosure: not settled whether it is owed"):
        prepared(handover, permit=dataclasses.replace(handover["permit"], duties=duties))


def test_terms_and_statements_must_fit_the_first_page(handover):
    with pytest.raises(BadInput, match="statements: too long for the first page"):
        prepared(handover, blanks={SCOPE: "a" * (FIRST_PAGE_CHARACTERS_MAX - 100)})


BEFORE = datetime.datetime(2026, 11, 23)  # noqa: DTZ001 -- a time without its zone is the very case

BAD_PARTS = {
    "none at all": ((), "parts: 0 of them"),
    "too many": ((part(text="a"),) * (PARTS_MAX + 1), "parts: 2001 of them"),
    "no such class": ((part("gossip"),), r"parts\[0\].of_class: no class"),
    "no words": ((part(text=" \n"),), r"parts\[0\].text: empty or too long"),
    "too long": ((part(text="a" * (PART_CHARACTERS_MAX + 1)),), r"parts\[0\].text: empty or too"),
    "too long together": (
        (part(text="a" * PART_CHARACTERS_MAX),)
        * (PACKET_CHARACTERS_MAX // PART_CHARACTERS_MAX + 1),
        "parts: too long together",
    ),
    "half a sign": ((part(text="a\ud800"),), r"parts\[0\].text: text that is not Unicode"),
    "a long heading": ((part(heading="a" * (LINE_MAX + 1)),), r"parts\[0\].heading: too long"),
    "two lines": ((part(author="a\nb"),), r"parts\[0\].author: too long or of several lines"),
    "no entry": ((part(entry_id=b"e"),), r"parts\[0\]: not an entry"),
    "no version": ((part(version=0),), r"parts\[0\]: not an entry"),
    "no zone": ((part(written_at=BEFORE),), r"parts\[0\].written_at: a time without its zone"),
}


@pytest.mark.parametrize(("parts", "said"), BAD_PARTS.values(), ids=BAD_PARTS)
def test_a_part_that_is_none_is_refused_by_its_place(handover, parts, said):
    with pytest.raises(BadInput, match=said):
        prepared(handover, parts=parts)


@pytest.mark.parametrize(
    ("cover", "said"),
    [
        ({"practice": " "}, "cover.practice: empty"),
        ({"prepared_by": ""}, "cover.prepared_by: empty"),
        ({"name": ""}, "cover.name: empty"),
        ({"reference": "a" * (LINE_MAX + 1)}, "cover.reference: too long"),
        ({"name": "a\rb"}, "cover.name: too long or of several lines"),
    ],
)
def test_the_cover_is_short_and_not_empty(handover, cover, said):
    with pytest.raises(BadInput, match=said):
        prepared(handover, **changed_cover(handover, **cover))


def test_id_and_time_are_whole(handover):
    with pytest.raises(BadInput, match="packet_id: not 16 bytes"):
        prepared(handover, packet_id=b"1")
    with pytest.raises(BadInput, match="at: a time without its zone"):
        prepared(handover, at=BEFORE)


def test_no_refusal_repeats_a_word_of_the_record(handover):
    for parts, _ in BAD_PARTS.values():
        with pytest.raises(BadInput) as caught:
            prepared(handover, parts=parts)
        assert "naltrexone" not in str(caught.value)


def test_the_file_s_name_says_nothing_about_anybody(packet):
    assert packet.file_name("pdf") == "packet-0001-0203.pdf"


def test_a_cover_may_leave_out_the_reference():
    assert not Cover(practice="a", prepared_by="b", name="c").reference
