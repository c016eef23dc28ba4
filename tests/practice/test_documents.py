"""What a file is by its own bytes, whatever it is called."""

import io
import zipfile

import pytest

from angerona.practice.documents import (
    JPEG,
    OPEN_TEXT,
    PDF,
    PNG,
    TEXT,
    TIFF,
    UNKNOWN,
    WORD,
    kind_of,
)


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
