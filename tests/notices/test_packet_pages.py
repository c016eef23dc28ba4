"""The pages: terms first, numbered, the same every time, each word literal, open to all."""

import dataclasses
import io
import re
import sys

import pikepdf
import pytest

from angerona.errors import MissingExtra
from angerona.notices import typesetting
from angerona.notices.packet_files import PAPERS, sign_packet
from angerona.notices.packet_pages import pages_of
from notices.handover import CLINICAL, COVER, ODD, PARAGRAPHS, part
from notices.reading_pages import inflated, left_edges_of, texts_of


@pytest.fixture(scope="module")
def pages(pdf):
    return texts_of(pdf)


def unspaced(text):
    """Without the breaks of lines, which may stand anywhere."""
    return "".join(text.split()).replace("\u200b", "")


def printed(packet, signer, *parts, paper="a4"):
    made = dataclasses.replace(packet, parts=parts) if parts else packet
    return pages_of(sign_packet(made, signer=signer, paper=paper))


def test_the_statement_and_the_terms_stand_whole_on_the_first_page(pages, packet):
    for text in (packet.condition, *(one.text for one in packet.statements)):
        assert unspaced(text) in unspaced(pages[0])
    assert "Demanded by 42 CFR 2.32" in pages[0]


def test_the_first_page_says_from_whom_to_whom_what_for_and_why(pages, packet):
    for words in (
        f"From {COVER.practice}",
        f"For {COVER.name} (another treating provider)",
        f"Your reference {COVER.reference}",
        "Purpose treatment",
        "On 23 November 2026, 10:00 (UTC+00:00)",
        "1. Substance use: Session 12 (what was named), page 2",
        "2. Diagnosis (what was named), page 2",
        *(f"{ground.title} ({ground.cite})" for ground in packet.grounds),
    ):
        assert words in pages[0]


def test_what_is_enclosed_begins_after_the_first_page(pages):
    assert "naltrexone" not in pages[0]
    assert "naltrexone" in pages[1]


def test_every_page_has_its_number_and_the_packet_s(packet, signer):
    long = part(text="\n\n".join(["A week like the one before it."] * 200))
    pages = texts_of(printed(packet, signer, long))
    assert len(pages) > 4
    for number, text in enumerate(pages, 1):
        assert f"Confidential. Packet 0001-0203 page {number} of {len(pages)}" in text


def test_the_worst_first_page_still_holds_its_terms(handover, signer):
    """The longest lines and the longest statement that `prepare` lets pass, on either paper."""
    from notices.test_packets import prepared  # noqa: PLC0415 -- a neighbour's, used once

    cover = dataclasses.replace(
        COVER, **dict.fromkeys(("practice", "name", "reference"), "mm " * 66)
    )
    room = 3200 - len(prepared(handover, blanks={"scope of the consent": "x"}).statements[0].text)
    given = "wide words " * ((room - 400) // 11)
    packet = prepared(handover, cover=cover, blanks={"scope of the consent": given})
    for paper in PAPERS:
        first = texts_of(printed(packet, signer, paper=paper))[0]
        assert unspaced(packet.statements[0].text) in unspaced(first)


def test_what_looks_like_a_command_is_printed_as_it_was_written(pages):
    assert ODD in pages[1]


def test_a_right_to_left_paragraph_begins_on_the_right(pdf):
    (edge,) = {x for x, text in left_edges_of(pdf, 1) if PARAGRAPHS[2].split()[0][::-1] in text}
    assert edge > 300


def test_only_the_typesetter_s_own_fonts_are_used(packet, signer):
    every = " ".join(chr(sign) for sign in range(0x80, 0x3000, 37) if chr(sign).isprintable())
    with pikepdf.open(io.BytesIO(printed(packet, signer, part(text=every)))) as document:
        fonts = {
            str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()
        }
    assert fonts
    for font in fonts:
        assert re.search(r"\+(LibertinusSerif|DejaVuSansMono|NewCM)", font), font


def test_a_right_to_left_line_keeps_its_words(pages):
    for word in PARAGRAPHS[2].split():
        assert word in pages[1] or word[::-1] in pages[1]


def test_what_cannot_be_shown_is_named_and_the_data_keeps_it(pages, signed):
    assert "[grinning face] and [U+4E2D][U+6587], and [U+202E]turned" in pages[1]
    assert "Some signs cannot be printed here" in pages[-1]
    assert "\N{GRINNING FACE} and 中文, and \u202eturned" in signed.as_json().decode()


def test_plain_text_has_no_word_about_signs(packet, signer):
    assert "cannot be printed" not in " ".join(
        texts_of(printed(packet, signer, part(text="Well.")))
    )


def test_a_word_longer_than_the_line_stays_on_the_page(packet, signer):
    pdf = printed(packet, signer, part(text="x" * 3000))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[1]
        right = float(page.MediaBox[2]) - 50
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "TJ":
                signs = sum(
                    len(bytes(one)) // 2 for one in operands[0] if isinstance(one, pikepdf.String)
                )
                assert signs * 5 < right, "a line that runs off the page"
    assert unspaced(texts_of(pdf)[1]).count("x") >= 3000


def test_the_same_signed_packet_gives_the_same_bytes(signed, pdf):
    assert pages_of(signed) == pdf


@pytest.mark.parametrize("paper", PAPERS)
def test_the_paper_is_the_practice_s(packet, signer, paper):
    with pikepdf.open(io.BytesIO(printed(packet, signer, paper=paper))) as document:
        width = float(document.pages[0].MediaBox[2])
    assert width == pytest.approx({"a4": 595.28, "us-letter": 612}[paper], abs=0.1)


def test_readers_for_the_blind_find_what_they_need(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en"
        assert root.ViewerPreferences.DisplayDocTitle
        assert "<pdfuaid:part>1<" in root.Metadata.read_bytes().decode()
        tags = _tags(root.StructTreeRoot)
        assert tags[:2] == ["Document", "H1"] or "H1" in tags
        assert tags.count("H1") == 1
        assert {"H2", "H3", "L", "LI", "P"} <= set(tags)


def _tags(node):
    found = [str(node.S).lstrip("/")] if "/S" in node else []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            found += _tags(kid)
    return found


def test_nothing_beside_the_pages_tells_of_anybody(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        beside = str(dict(document.docinfo)) + document.Root.Metadata.read_bytes().decode()
        names = [name for name, _ in document.attachments.items()]
    assert "Confidential packet 0001-0203" in beside
    for word in (*CLINICAL, "Harbour"):
        assert word not in beside
    assert names == ["packet.json"]


def test_the_date_of_the_file_is_the_packet_s(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20261123100000")


def test_a_long_record_is_set_too(packet, signer):
    week = "She came on time and spoke of the week, of sleep, of work, and of what had helped. " * 8
    parts = [part(text="\n\n".join([week] * 5), heading=f"Session {n}") for n in range(370)]
    pages = texts_of(printed(packet, signer, *parts))
    assert len(pages) >= 300
    assert f"page {len(pages)} of {len(pages)}" in pages[-1]


def test_the_scan_would_find_a_word_in_a_file_that_is_not_locked(pdf):
    assert b"naltrexone" not in pdf
    found = inflated(pdf).decode("latin-1")
    assert [word for word in CLINICAL if word in found] == list(CLINICAL)


def test_without_the_typesetter_the_data_is_signed_and_pages_are_refused(
    monkeypatch, packet, signer, key
):
    from angerona.notices.packet_verifying import verify_packet  # noqa: PLC0415 -- as a fresh start

    monkeypatch.setitem(sys.modules, "typst", None)
    typesetting.set_by.cache_clear()
    try:
        signed = sign_packet(packet, signer=signer, paper="a4")
        assert signed.set_by == ""
        assert verify_packet(signed.as_json(), key=key).pages == "none"
        with pytest.raises(MissingExtra, match=re.escape("pip install 'angerona[pdf]'")):
            pages_of(signed)
    finally:
        typesetting.set_by.cache_clear()
