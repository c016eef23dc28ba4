"""What a file is by its own bytes, whatever it is called."""

import io
import zipfile

import pytest

from angerona.errors import BadInput
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept
from angerona.practice.documents import (
    DOCUMENT_BYTES_MAX,
    JPEG,
    OPEN_TEXT,
    PDF,
    PNG,
    TEXT,
    TIFF,
    UNKNOWN,
    WORD,
    keep_document,
    kind_of,
    taken_in,
)
from prepared_practice import prepared


def zipped(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", PDF),
        (b"\x89PNG\r\n\x1a\n...", PNG),
        (b"\xff\xd8\xff\xe0...", JPEG),
        (b"II*\x00...", TIFF),
        (b"MM\x00*...", TIFF),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), OPEN_TEXT),
        (zipped(**{"word__document.xml": "<w/>"}), WORD),
        ("Grüße, und 3 < 4.\n".encode(), TEXT),
        (zipped(anything="else"), UNKNOWN),
        (b"MZ\x90\x00", UNKNOWN),
        (b"\x7fELF\x02", UNKNOWN),
        (b"#!/bin/sh\nrm", UNKNOWN),
        (b"  <!DOCTYPE html><p>", UNKNOWN),
        (b"<svg xmlns='x'>", UNKNOWN),
        (b"text, then <script>", UNKNOWN),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", UNKNOWN),
        (b"a\x00b", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_a_file_is_known_by_its_bytes(data, kind):
    assert kind_of(data) == kind


def test_what_is_taken_in_is_cleaned_and_a_macro_is_not_taken():
    kind, content = taken_in(b"plain words")
    assert (kind, content) == (TEXT, b"plain words")
    assert taken_in(zipped(**{"word__document.xml": "<w/>"}))[0] == WORD
    for data in (
        zipped(**{"word__document.xml": "<w/>", "word__vbaProject.bin": "x"}),
        b"MZ\x90\x00",
        b"<html>",
        b"",
    ):
        with pytest.raises(BadInput, match="not taken in"):
            taken_in(data)
    with pytest.raises(BadInput, match="too large"):
        taken_in(b"x" * (DOCUMENT_BYTES_MAX + 1))


def test_a_document_is_kept_with_its_file(tmp_path):
    with prepared().copied(tmp_path / "copy").opened() as practice:
        ada = prepared().clients["Ada"]
        draft = Draft(wanted="correspondence", heading="A letter", text="", file_name="letter.txt")
        with practice.visit("Tess") as visit:
            kept = keep_document(practice.door, visit, ada, draft, b"what was written")
            assert isinstance(kept, Kept)
            shown = practice.door.look(visit, ada, purpose="treatment", entry_ids=[kept.entry_id])
            held = io.BytesIO()
            practice.door.fetch(ada, shown, kept.entry_id, held)
        [(_, entry)] = shown.entries
        assert (entry.text, entry.attachment.name) == ("A document: plain text.", "letter.txt")
        assert held.getvalue() == b"what was written"
