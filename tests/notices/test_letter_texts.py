"""The letters that ship: for every pack, true for its country, whole, plain where clients read."""

import datetime
import io
import re

import pikepdf
import pytest

from angerona.notices import typesetting
from angerona.notices.letters import TEMPLATE, Letterhead, draft, fitting_letters, page_of
from angerona.packs.loading import load
from angerona.packs.texts import LETTERS, SHEETS, TO_CLIENTS, Occasion, load_texts
from notices.reading_pages import texts_of
from reading import grade, sentences_of_letter

AT = datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC)
HEAD = Letterhead(practice="Ferry Street")
NEEDLE = "Zebedee Invented"
PACKS = load()
ALL = [one for one in load_texts() if one.kind in LETTERS]
FOR_CLIENTS = [
    one
    for one in load_texts()
    if one.kind in TO_CLIENTS
    or (one.to == {"client"} and one.kind in {"letter", "spoken", "condition"})
]
GRADE_MAX, WORDS_MAX = 6, 20


def ids(letters):
    return [one.id for one in letters]


def stacks():
    """Each pack with the practice's own ethic and its parents; American ones also with Part 2."""
    for pack in PACKS.packs.values():
        parents = pack.extends
        stack = tuple(dict.fromkeys(("house", *parents, pack.id)))
        yield stack
        if pack.id.startswith("us-") and "us-part2" not in stack:
            yield (*stack, "us-part2")


STACKS = list(dict.fromkeys(stacks()))
AMERICAN = re.compile(
    r"HIPAA|authorization|\bCFR\b|\bUSC\b|(?<!power of )attorney|motion to quash|deposition"
    r"|Secretary of|health plan|the Department|unsecured protected"
)
SUBPOENA = re.compile("subpoena", re.IGNORECASE)
EUROPEAN = re.compile(
    r"GDPR|Information Commissioner|office that watches over data|supervisory authority|solicitor"
    r"|personal data|excluded material"
)
ELSEWHERE = re.compile(r"Privacy Commissioner")


@pytest.mark.parametrize("stack", STACKS, ids="+".join)
def test_every_letter_renders_for_every_pack_without_a_gap(stack):
    for kind in LETTERS:
        found = fitting_letters(load_texts(), kind, Occasion(packs=stack))
        assert found, kind
        for letter in found:
            filled = draft(letter, {blank.name: NEEDLE for blank in letter.blanks})
            assert filled.open == ()
            page = page_of(letter, filled.text, head=HEAD, at=AT, paper="a4")
            assert all("[" not in line for one in page["blocks"] for line in one["lines"])


@pytest.mark.parametrize("stack", STACKS, ids="+".join)
def test_the_words_are_those_of_the_country(stack):
    american = any(one.startswith("us-") for one in stack)
    foreign = [
        *([] if american else [AMERICAN]),
        *([] if american or "au" in stack else [SUBPOENA]),
        *([] if {"uk", "eu"} & set(stack) else [EUROPEAN]),
        *([] if "nz" in stack else [ELSEWHERE]),
    ]
    for kind in LETTERS:
        for letter in fitting_letters(load_texts(), kind, Occasion(packs=stack)):
            words = f"{letter.title} {letter.before} {letter.says} {letter.cite}"
            assert [one.findall(words) for one in foreign if one.search(words)] == [], letter.id


@pytest.mark.parametrize("letter", ALL, ids=ids(ALL))
def test_every_letter_is_set_and_its_file_tells_nothing(letter):
    values = {blank.name: NEEDLE for blank in letter.blanks}
    head = Letterhead(practice=NEEDLE, to=NEEDLE, reference=NEEDLE)
    page = page_of(letter, draft(letter, values).text, head=head, at=AT, paper="a4")
    pdf = typesetting.answer(
        template=TEMPLATE, data=page, figures={}, attached="", at=int(AT.timestamp())
    )
    with pikepdf.open(io.BytesIO(pdf)) as document:
        beside = str(dict(document.docinfo)) + document.Root.Metadata.read_bytes().decode()
        assert str(document.docinfo["/Title"]) in {"Letter", "Sheet"}
    assert "Zebedee" not in beside
    said = " ".join(" ".join(texts_of(pdf)).split())
    for line in draft(letter, values).text.splitlines():
        assert " ".join(line.lstrip("#- ").split()) in said
    assert (letter.title in said) >= (letter.kind in SHEETS)
    assert len(texts_of(pdf)) <= 2


def test_the_particular_stands_before_the_general_and_none_is_out_of_reach():
    """A letter that an earlier one of its kind always comes before would never be offered first."""
    for kind in LETTERS:
        of_kind = [one for one in ALL if one.kind == kind]
        for index, later in enumerate(of_kind):
            for earlier in of_kind[:index]:
                assert not _covers(earlier, later), (earlier.id, later.id)


def _covers(earlier, later):
    return all(
        wide is None or (narrow is not None and narrow <= wide)
        for wide, narrow in (
            (earlier.packs, later.packs),
            (earlier.to, later.to),
            (earlier.purposes, later.purposes),
            (earlier.instruments, later.instruments),
            (earlier.outcomes, later.outcomes),
        )
    )


def test_the_first_letter_is_that_of_the_place_and_the_listener():
    def first(kind, *packs, **more):
        return fitting_letters(load_texts(), kind, Occasion(packs=packs, **more))[0].id

    assert first("objection", "house", "us-hipaa", "us-ny") == "objection.us"
    assert first("objection", "house", "us-hipaa", "us-ny", "us-part2") == "objection.part2"
    assert first("objection", "house", "uk") == "objection.any"
    assert first("quash_sheet", "house", "au", "au-nsw") == "quash_sheet.au"
    assert first("door_sheet", "house", "uk") == "door_sheet.uk"
    assert first("copy_refused", "house", "eu", "de") == "copy_refused.gdpr"
    assert first("copy_refused", "house", "ca", "ca-on") == "copy_refused.any"
    for to in ("police", "crisis_team", "child_protection", "adult_protection", "person_at_risk"):
        assert first("call_sheet", "house", "uk", to=to) == f"call_sheet.{to.removesuffix('_team')}"
    assert first("call_sheet", "house", "uk", to="emergency_services") == "call_sheet.emergency"
    assert first("call_sheet", "house", "uk", to="media") == "call_sheet.any"
    assert first("report_sheet", "house", "uk", to="adult_protection") == "report_sheet.adult"


def test_no_text_speaks_in_words_of_the_code():
    words = re.compile(r"\b(the (Answer|Ask)|[a-z]+_[a-z_]+|limit (harm|abuse|court))\b")
    found = [(one.id, words.search(one.says)) for one in load_texts()]
    assert not [(name, it[0]) for name, it in found if it]
    assert words.search("Have the Answer at hand.")


def test_what_goes_to_those_who_ask_neither_confirms_nor_denies():
    for letter in ALL:
        if letter.kind in {
            "letter",
            "objection",
            "order_needed",
            "not_a_judge",
            "answer_later",
        } or (letter.kind == "representative_refused"):
            if letter.to == {"client"}:
                continue
            assert "neither confirm nor deny" in letter.says, letter.id
            assert not re.search(r"\b(client|patient|our file|his|her|she|he)\b", letter.says)


BREACHES = [
    (pack.id, breach)
    for pack in PACKS.packs.values()
    for breach in pack.breaches
    if breach.contents
]
FIXED = {
    "that the Privacy Commissioner was told": "We have told the Privacy Commissioner.",
    "how to complain to the Privacy Commissioner": "You can complain to the Commissioner",
}
"""What a letter says in words of its own, so that no blank is needed."""


@pytest.mark.parametrize(("pack", "breach"), BREACHES, ids=[one.id for _, one in BREACHES])
def test_a_breach_letter_holds_what_the_law_of_the_place_wants_in_it(pack, breach):
    kinds = {"client": "breach_notice", "data_protection_authority": "breach_authority"}
    for to in breach.to or ("data_protection_authority",):
        if to not in kinds:
            continue
        occasion = Occasion(packs=("house", *PACKS.packs[pack].extends, pack))
        letter = fitting_letters(load_texts(), kinds[to], occasion)[0]
        blanks = {blank.name for blank in letter.blanks}
        for content in breach.contents:
            assert content in blanks or FIXED.get(content, "\0") in letter.says, (
                letter.id,
                content,
            )


@pytest.mark.parametrize("letter", FOR_CLIENTS, ids=ids(FOR_CLIENTS))
def test_what_a_client_reads_is_easy_to_read(letter):
    found = sentences_of_letter(letter.says)
    assert grade(found) <= GRADE_MAX
    assert [" ".join(one) for one in found if len(one) > WORDS_MAX] == []


def test_the_measure_of_a_letter_can_find_fault():
    hard = "Notwithstanding confidentiality obligations, statutory notification is mandatory."
    assert grade(sentences_of_letter(hard)) > GRADE_MAX
    assert sentences_of_letter("# A b\n\n[reason]\n\n- C [what] d. E") == [
        ["A", "b"],
        ["C", "this", "d"],
        ["E"],
    ]
