"""The typesetter in its own process, and what it does to texts before they are printed."""

import datetime
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.errors import PrintFailure
from angerona.notices import typesetting
from angerona.notices.paragraphs import day, moment, paragraphs
from angerona.notices.typesetting import WORD_MAX, answer, shown, typeset, unsafe
from notices.reading_pages import texts_of

AT = datetime.datetime(2026, 11, 3, 9, 5, tzinfo=datetime.UTC)
FACTS = {"practice": "P", "person": "Q", "made_on": "R", "paper": "a4", "words": ["AB"]}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'


def sheet(**facts):
    return typeset("recovery-code.typ", FACTS | facts, at=AT, figures={"qr": SVG})


def test_the_child_answers_as_the_same_code_does_here():
    odd = "\N{GRINNING FACE} 中文 \N{MAN}\u200d\N{ROCKET}"
    here = answer(
        template="recovery-code.typ",
        data=FACTS | {"person": odd},
        figures={"qr": SVG},
        attached="",
        at=int(AT.timestamp()),
    )
    assert here == sheet(person=odd)


def test_a_failure_repeats_nothing(capfd):
    with pytest.raises(PrintFailure, match=r"^the typesetter failed$"):
        typeset("recovery-code.typ", {"person": "naltrexone"}, at=AT)
    with pytest.raises(PrintFailure, match=r"^the typesetter failed$"):
        typeset("no-such.typ", FACTS, at=AT)
    assert capfd.readouterr() == ("", "")


def test_a_typesetter_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(typesetting, "SECONDS_MAX", 0.001)
    with pytest.raises(PrintFailure, match="not set within"):
        sheet()


def test_a_child_that_cannot_start_is_a_failure_too(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(PrintFailure, match="the typesetter could not be started"):
        sheet()


def test_many_kinds_of_signs_without_a_glyph_are_all_named():
    signs = [chr(0x1F600 + n) for n in range(30)] + [chr(0x4E00 + n) for n in range(60)]
    (text,) = texts_of(sheet(person=" ".join(signs)))
    assert "[grinning face]" in text
    assert "[U+4E3B]" in text
    assert "\N{REPLACEMENT CHARACTER}" not in text


def test_signs_that_belong_together_are_named_together():
    (text,) = texts_of(sheet(person="a \N{MAN}\u200d\N{ROCKET} b \U0001f1e8\U0001f1ed c"))
    assert "[man][U+200D][rocket]" in text
    assert "b " in text
    assert " c" in text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_printed_holds_nothing_unsafe_and_no_endless_word(text):
    out = shown([text], unsafe([text]))[0]
    assert not unsafe([out])
    assert max(map(len, out.replace("\u200b", " ").split()), default=0) <= WORD_MAX


@given(st.text(st.characters(categories=["L", "N", "Zs"])))
def test_plain_text_is_printed_as_it_is(text):
    assert shown(text, frozenset()).replace("\u200b", "") == text.replace("\u200b", "")


def test_numbers_and_yes_and_no_pass_unchanged():
    assert shown({"a": [1, True, {"b": "c"}]}, frozenset()) == {"a": [1, True, {"b": "c"}]}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one", [["one"]]),
        ("one\ntwo", [["one", "two"]]),
        ("one\r\n\r\ntwo\rthree", [["one"], ["two", "three"]]),
        ("\n\none\n \t\n\n\ntwo\n", [["one"], ["two"]]),
        ("  indented\n\n  more", [["  indented"], ["more"]]),
    ],
)
def test_an_empty_line_parts_paragraphs(text, lines):
    assert [one["lines"] for one in paragraphs(text)] == lines


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("שלום abc", True), ("abc שלום", False), ("12 مرحبا", True), ("... 12", False), ("", False)],
)
def test_a_paragraph_runs_as_its_first_letter_does(text, rtl):
    assert [one["rtl"] for one in paragraphs(text)] == [rtl]


def test_times_are_read_as_people_say_them():
    assert day(AT) == "3 November 2026"
    assert moment(AT) == "3 November 2026, 09:05 (UTC+00:00)"
    west = AT.astimezone(datetime.timezone(datetime.timedelta(hours=-9.5), "anything"))
    assert moment(west) == "2 November 2026, 23:35 (UTC-09:30)"
