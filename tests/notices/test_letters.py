"""Letters and sheets: filled without a gap, edited, set, and silent about everybody outside."""

import datetime
import io

import pikepdf
import pytest

from angerona.errors import BadInput
from angerona.notices.letters import (
    TEXT_MAX,
    VALUE_MAX,
    Letterhead,
    draft,
    file_name,
    fitting_letters,
    law_of,
    left_to_write,
    letter_named,
    open_blanks,
    page_of,
    set_letter,
)
from angerona.notices.packet_files import PAPERS
from angerona.packs.loading import load
from angerona.packs.texts import LETTERS, SHEETS, Occasion, load_texts
from notices.reading_pages import texts_of

AT = datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC)
HEAD = Letterhead(practice="Ferry Street")
GIVEN = {"head": HEAD, "at": AT, "paper": "a4"}
NEEDLE = "Zebedee Invented"


@pytest.fixture(scope="module")
def letter():
    return letter_named(load_texts(), "letter.process.us")


@pytest.fixture(scope="module")
def filled(letter):
    return {blank.name: f"the {blank.name}" for blank in letter.blanks}


def fits(kind, **occasion):
    return [one.id for one in fitting_letters(load_texts(), kind, Occasion(**occasion))]


def test_letters_fit_the_packs_in_force_and_the_paper():
    us = fits("letter", packs=("house", "us-hipaa"), to="police", instrument="court_order")
    uk = fits("letter", packs=("house", "uk"), to="police", instrument="court_order")
    assert us == ["letter.process.us", "letter.process", "letter.refused"]
    assert uk == ["letter.process", "letter.refused"]
    assert fits("letter", packs=("uk",), to="friend", instrument="none") == ["letter.refused"]
    assert fits("letter", packs=("uk",), to="workforce", instrument="none") == []
    assert fits("note", packs=(), outcome="deny") == []


def test_what_is_not_known_yet_excludes_no_letter():
    assert fits("letter", packs=("uk",)) == ["letter.client", "letter.process", "letter.refused"]


def test_what_goes_by_something_unknown_stands_after_what_does_not():
    us = ("house", "us-hipaa")
    assert fits("restriction_agreed", packs=us)[0] == "restriction_agreed.any"
    assert fits("restriction_agreed", packs=us, to="payer")[0] == "restriction_agreed.paid.us"
    assert fits("call_sheet", packs=("house", "uk"))[0] == "call_sheet.any"


def test_the_law_that_is_relied_on_comes_from_the_rules():
    packs = load()
    rules = [
        "house.lock.privileged",
        "us-hipaa.lock.privilege.federal",
        "us-ny.duty.subpoena_reply",
    ]
    cited = law_of(packs, [*rules, rules[-1]])
    assert cited == (
        "Jaffee v. Redmond, 518 U.S. 1 (1996); Fed. R. Evid. 501; "
        "N.Y. CPLR 3122(a)(2); 4504, 4507, 4508"
    )
    assert law_of(packs, ["uk.right.access", "uk.breach.rule"]).endswith("; UK GDPR Art 33")
    with pytest.raises(BadInput, match="no such rule is loaded"):
        law_of(packs, ["us-ny.nothing"])


def test_an_unknown_kind_and_an_unknown_letter_are_errors():
    with pytest.raises(BadInput, match="no such letter"):
        fitting_letters(load_texts(), "leter", Occasion(packs=()))
    for name in ("letter.nobody", "spoken.police"):
        with pytest.raises(BadInput, match="no such letter"):
            letter_named(load_texts(), name)


def test_a_draft_says_which_blanks_are_open(letter, filled):
    assert draft(letter, {}).open == letter.blanks
    assert draft(letter, {"paper date": " "}).open == letter.blanks
    first = draft(letter, {"paper date": "3 May"})
    assert "paper of 3 May, number [paper number]" in first.text
    assert [one.name for one in first.open] == ["paper number", "sender"]
    assert draft(letter, filled).open == ()


def test_a_blank_that_is_not_filled_never_goes_out(letter, filled):
    for name in filled:
        text = draft(letter, {key: one for key, one in filled.items() if key != name}).text
        with pytest.raises(BadInput, match=rf"\[{name}\] is not filled"):
            set_letter(letter, text, **GIVEN)
    text = draft(letter, filled).text
    with pytest.raises(BadInput, match="is not filled"):
        set_letter(letter, f"{text}\n\n[reason]", **GIVEN)


def test_a_sheet_may_be_printed_to_be_written_on_by_hand_but_no_letter(letter):
    sheet = letter_named(load_texts(), "call_sheet.police")
    first = draft(sheet, {"danger": "He said: tonight."})
    by_hand = left_to_write(sheet, first.text)
    assert open_blanks(by_hand) == ()
    assert "He said: tonight." in by_hand
    assert f"- Spoke to: {'.' * 40}" in by_hand
    with pytest.raises(BadInput, match="goes out"):
        left_to_write(letter, draft(letter, {}).text)


def test_what_is_typed_is_put_in_once_and_other_brackets_are_text(letter, filled):
    got = draft(letter, filled | {"sender": "[paper date] [sic]"})
    assert got.text.endswith("[paper date] [sic]")
    assert [one.name for one in got.open] == ["paper date"]
    assert open_blanks("[sic] [Reason]") == ()


def test_a_value_nobody_asked_for_is_left_aside_but_a_wrong_name_is_an_error(letter):
    assert draft(letter, {"reason": NEEDLE}).text == draft(letter, {}).text
    with pytest.raises(BadInput, match="a blank that no letter has"):
        draft(letter, {"resaon": "x"})


def test_sizes_are_bounded(letter, filled):
    with pytest.raises(BadInput, match="too long"):
        draft(letter, {"sender": "x" * (VALUE_MAX + 1)})
    with pytest.raises(BadInput, match="too long"):
        draft(letter, {"reason": "x" * 10**6})
    with pytest.raises(BadInput, match="too long"):
        set_letter(letter, "x" * (TEXT_MAX + 1), **GIVEN)
    with pytest.raises(BadInput, match="more than one line"):
        draft(letter, {"paper date": "3\nMay"})
    with pytest.raises(BadInput, match="says nothing"):
        set_letter(letter, " \n", **GIVEN)
    text = draft(letter, filled).text
    for wrong in (
        {"paper": "a5"},
        {"head": Letterhead(practice="x" * 201)},
        {"head": Letterhead(practice="x\ny")},
        {"head": Letterhead(practice="x", to="y" * 601)},
        {"head": Letterhead(practice="x", address="y" * 601)},
        {"head": Letterhead(practice="x", reference="y\nz")},
    ):
        with pytest.raises(BadInput):
            set_letter(letter, text, **GIVEN | wrong)


def test_paragraphs_headings_and_lists(letter):
    page = page_of(letter, "One.\nTwo.\n\n# Head\n\n- a\n- b\n\n- a\nb\n\n# Not\nthis", **GIVEN)
    assert [(one["is"], one.get("items", one["lines"])) for one in page["blocks"]] == [
        ("paragraph", ["One.", "Two."]),
        ("heading", ["Head"]),
        ("list", [["a"], ["b"]]),
        ("list", [["a", "b"]]),
        ("paragraph", ["# Not", "this"]),
    ]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_pdf_holds_the_words_as_edited_under_its_letterhead(letter, filled, paper):
    edited = draft(letter, filled).text.replace("every such paper", "each such paper")
    head = Letterhead(practice="Ferry Street", address="1 Road\nTown", to="R. Roe", reference="A/1")
    (page,) = texts_of(set_letter(letter, edited, head=head, at=AT, paper=paper))
    said = " ".join(page.split())
    for part in ("Ferry Street", "1 Road", "R. Roe", "Your reference: A/1", "23 November 2026"):
        assert part in said
    for part in edited.split("\n\n"):
        assert " ".join(part.split()) in said
    assert "every such paper" not in said


def test_file_name_title_and_metadata_tell_nothing(letter):
    values = {blank.name: NEEDLE for blank in letter.blanks}
    head = Letterhead(practice=NEEDLE, address=NEEDLE, to=NEEDLE, reference=NEEDLE)
    pdf = set_letter(letter, draft(letter, values).text, head=head, at=AT, paper="a4")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        beside = str(dict(document.docinfo)) + document.Root.Metadata.read_bytes().decode()
        assert str(document.docinfo["/Title"]) == "Letter"
        assert document.Root.MarkInfo.Marked
    assert "Zebedee" not in beside
    assert NEEDLE in texts_of(pdf)[0]
    assert {file_name(one) for one in load_texts() if one.kind in LETTERS} <= {
        "letter.pdf",
        "sheet.pdf",
    }
    assert file_name(letter) == "letter.pdf"
    assert letter.kind not in SHEETS


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ('#panic("x")', '#panic("x")'),
        ("= Head $x$ `a` *b* <c> @d", "= Head $x$ `a` *b* <c> @d"),
        ("a\x07b\x1bc\u202ed", "a[U+0007]b[U+001B]c[U+202E]d"),
        ("\\u{41} {{ 7*7 }} {% raw %}", "\\u{41} {{ 7*7 }} {% raw %}"),
    ],
)
def test_hostile_values_are_text(letter, filled, given, printed):
    pdf = set_letter(letter, draft(letter, filled | {"sender": given}).text, **GIVEN)
    assert printed in " ".join(" ".join(texts_of(pdf)).split())


def test_a_long_letter_runs_over_pages(letter):
    assert len(texts_of(set_letter(letter, "word " * (TEXT_MAX // 5), **GIVEN))) > 1
    pages = texts_of(set_letter(letter, "x" * TEXT_MAX, **GIVEN))
    assert sum(one.count("x") for one in pages) == TEXT_MAX
