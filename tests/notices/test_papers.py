"""The papers: one page, readable by people and machines, and right."""

import datetime
import functools
import io
import re
import sys

import pikepdf
import pytest
import segno

from angerona.ciphers.recovery import (
    from_words,
    new_code,
    read_code,
    share_from_words,
    share_to_words,
    to_words,
)
from angerona.errors import BadInput, MissingExtra
from angerona.notices.packet_files import PAPERS
from angerona.notices.papers import kit_share, recovery_code_sheet, recovery_kit, seat_paper
from notices.reading_pages import texts_of

AT = datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC)
SECRET = bytes(range(100, 132))
WORDS = share_to_words(bytes(range(74)))
CODE = "00000-00000-00000-00000-00000-00000-00000"
LONG = "The Very Long Name of a Practice " * 3
GIVEN = {"practice": "Harbour Counselling", "at": AT, "paper": "a4"}

MADE = {
    "kit": functools.partial(recovery_kit, SECRET, command="angerona keys open"),
    "share": functools.partial(
        kit_share, WORDS, number=3, needed=2, shares=3, set_name="3F9A-01C2"
    ),
    "seat": functools.partial(
        seat_paper, SECRET, seat=2, needed=2, seats=3, command="angerona keys open"
    ),
    "code": functools.partial(recovery_code_sheet, CODE, person="Ada Quill"),
}


def numbered(text):
    return [word for _, word in sorted((int(n), word) for n, word in WORD.findall(text))]


WORD = re.compile(r"(?<!\S)(\d{1,2})\. ([a-z]{3,8})(?!\S)")


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_each_paper_is_one_page_even_with_the_longest_name(make, paper):
    assert len(texts_of(make(**GIVEN | {"practice": LONG, "paper": paper}))) == 1


@pytest.mark.parametrize("name", ["kit", "seat"])
def test_the_words_on_the_paper_give_the_secret_back(name):
    (text,) = texts_of(MADE[name](**GIVEN))
    words = numbered(text)
    assert from_words(" ".join(words)) == SECRET


def test_the_words_of_a_share_stand_on_its_paper():
    (text,) = texts_of(MADE["share"](**GIVEN))
    assert share_from_words(" ".join(numbered(text))) == bytes(range(74))
    assert "share 3 of 3, set 3F9A-01C2" in text
    assert "Any 2 of the 3 shares of this set together are the boot secret" in text


def test_the_code_on_the_paper_is_the_code():
    code = new_code()
    (text,) = texts_of(recovery_code_sheet(code, person="Ada Quill", **GIVEN))
    (found,) = re.findall(r"(?:[0-9A-Z]{5}-){6}[0-9A-Z]{5}", text.replace("\u200b", ""))
    assert read_code(found) == read_code(code)


def test_each_paper_says_whose_it_is_and_what_it_is_for():
    kit, share, seat, code = (texts_of(make(**GIVEN))[0] for make in MADE.values())
    for text in (kit, share, seat, code):
        assert "Harbour Counselling, 23 November 2026" in text
        assert "Where to keep it" in text
        assert "Read it back" in text
    assert "It opens no notes" in kit
    assert "Run angerona keys open and type the words" in kit
    assert "seat 2 of 3" in seat
    assert "You hold one of 3 keys. 2 of them together open the record of one client" in seat
    assert "For Ada Quill." in code


def test_the_qr_code_holds_the_words_in_capitals():
    """Its dark squares, as they stand on the page, are those of the words' code."""
    code = segno.make(to_words(SECRET).upper(), error="q", boost_error=False, micro=False)
    assert code.mode == "alphanumeric"
    assert from_words(to_words(SECRET).upper()) == SECRET
    expected = {
        (column, number)
        for number, row in enumerate(code.matrix)
        for column, dark in enumerate(row)
        if dark
    }
    assert _dark_squares(MADE["kit"](**GIVEN)) == expected


def _dark_squares(pdf, border=4):
    """Column and row of each dark square: the code is drawn as lines, one square high."""
    found, start = set(), None
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
            point = tuple(float(one) for one in operands) if str(operator) in {"m", "l"} else None
            if str(operator) == "m":
                start = point
            elif str(operator) == "l" and start[1] % 1 == point[1] % 1 == 0.5:
                columns = range(int(start[0]), int(point[0]))
                found |= {(column - border, int(point[1]) - border) for column in columns}
    return found


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_readers_for_the_blind_find_what_they_need(make):
    with pikepdf.open(io.BytesIO(make(**GIVEN))) as document:
        assert document.Root.MarkInfo.Marked
        assert document.docinfo["/Title"]
        assert "QR code of the same" in _descriptions(document.Root.StructTreeRoot)


def _descriptions(node):
    found = str(node.get("/Alt", ""))
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            found += _descriptions(kid)
    return found


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_each_paper_is_black_on_white_and_keeps_its_secret_out_of_its_title(make):
    with pikepdf.open(io.BytesIO(make(**GIVEN))) as document:
        beside = str(dict(document.docinfo)) + document.Root.Metadata.read_bytes().decode()
        colours = {
            tuple(float(one) for one in operands)
            for operands, operator in pikepdf.parse_content_stream(document.pages[0])
            if str(operator) in {"rg", "RG", "scn", "SCN", "g", "G", "k", "K"}
            and all(not isinstance(one, pikepdf.Name) for one in operands)
        }
    assert {len(set(one)) for one in colours} <= {1}, "a colour, not a grey"
    for word in (*to_words(SECRET).split(), CODE, "Harbour", "Ada"):
        assert word not in beside


def test_the_same_paper_comes_out_the_same():
    assert MADE["kit"](**GIVEN) == MADE["kit"](**GIVEN)


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("kit", {"practice": ""}, "practice: empty, too long or not one line"),
        ("kit", {"practice": "a\nb"}, "practice: empty, too long or not one line"),
        ("kit", {"practice": "a" * 101}, "practice: empty, too long or not one line"),
        ("kit", {"paper": "a5"}, "paper: no such paper"),
        ("kit", {"command": ""}, "command: empty"),
        ("seat", {"seat": 4}, "seat: no such seat"),
        ("seat", {"seat": 0}, "seat: no such seat"),
        ("seat", {"needed": 4}, "seat: no such seat"),
        ("share", {"number": 4}, "share: no such share"),
        ("share", {"needed": 4}, "share: no such share"),
        ("share", {"set_name": ""}, "set: empty"),
        ("code", {"person": " "}, "person: empty"),
    ],
)
def test_a_paper_that_cannot_be_right_is_refused(name, changed, said):
    with pytest.raises(BadInput, match=said):
        MADE[name](**GIVEN | changed)


def test_a_secret_of_another_length_or_a_mistyped_code_is_not_printed():
    with pytest.raises(BadInput, match="recovery words"):
        recovery_kit(b"short", command="c", **GIVEN)
    with pytest.raises(BadInput, match="recovery code"):
        recovery_code_sheet(CODE[:-1] + "1", person="Ada", **GIVEN)


def test_without_the_extra_no_paper_is_made(monkeypatch):
    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(MissingExtra, match=re.escape("pip install 'angerona[pdf]'")):
        MADE["kit"](**GIVEN)
