"""The lock, and files from outside that are broken or meant to harm."""

import io
import re
import subprocess
import sys
import zlib

import pikepdf
import pytest

from angerona.errors import BadInput
from angerona.notices.packet_locks import (
    PASSPHRASE_WORDS,
    PDF_BYTES_MAX,
    STREAM_BYTES_MAX,
    lock,
    new_passphrase,
    normal_form,
    open_pdf,
)
from notices.handover import CLINICAL
from notices.reading_pages import inflated, texts_of


def test_only_the_passphrase_opens_a_locked_file(locked, pdf, signed):
    opened = open_pdf(locked.pdf, passphrase=locked.passphrase)
    assert opened.was_locked
    assert opened.packet_json == signed.as_json()
    assert texts_of(locked.pdf, locked.passphrase) == texts_of(pdf)
    with pytest.raises(BadInput, match="the PDF: locked, and no passphrase given"):
        open_pdf(locked.pdf, passphrase=None)
    for wrong in (locked.passphrase[:-1], locked.passphrase.upper(), "password"):
        with pytest.raises(BadInput, match="the PDF: another passphrase opens it") as caught:
            open_pdf(locked.pdf, passphrase=wrong)
        assert wrong not in str(caught.value)


def test_a_locked_file_holds_no_readable_word(locked):
    found = inflated(locked.pdf).decode("latin-1")
    for word in (
        *CLINICAL,
        "Confidential packet",
        "Typst",
        "angerona-packet",
        "pdfuaid",
        "Harbour",
    ):
        assert word not in found


def test_the_lock_is_aes_256_of_revision_6_over_everything(locked):
    with pikepdf.open(io.BytesIO(locked.pdf), password=locked.passphrase) as document:
        lock_used = document.encryption
        assert (lock_used.R, lock_used.V, lock_used.bits) == (6, 5, 256)
        methods = {lock_used.stream_method, lock_used.string_method, lock_used.file_method}
        assert methods == {pikepdf.models.EncryptionMethod.aesv3}
        assert "/EncryptMetadata" not in document.trailer.Encrypt
        assert document.allow.accessibility
        assert document.allow.print_highres


def test_each_lock_has_a_passphrase_of_its_own(pdf, locked):
    again = lock(pdf)
    assert again.passphrase != locked.passphrase
    assert again.pdf != locked.pdf
    assert again.passphrase not in repr(again)
    words = new_passphrase().split("-")
    assert len(words) == PASSPHRASE_WORDS
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in words)


def test_the_normal_form_is_the_same_locked_and_not(pdf, locked):
    normal = normal_form(pdf)
    assert normal_form(locked.pdf, passphrase=locked.passphrase) == normal
    assert normal_form(normal) == normal


def test_the_normal_form_shows_every_change(pdf):
    def changed(change):
        with pikepdf.open(io.BytesIO(pdf)) as document:
            change(document)
            out = io.BytesIO()
            document.save(out)
        return normal_form(out.getvalue())

    def one_more_page(document):
        document.pages.append(document.pages[0])

    def a_note(document):
        document.docinfo["/Title"] = "Another"

    def a_script(document):
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    def another_word(document):
        page = document.pages[0]
        page.Contents.write(page.Contents.read_bytes().replace(b"Tm", b"Tm 0 Ts", 1))

    assert changed(lambda _document: None) == normal_form(pdf)
    for change in (one_more_page, a_note, a_script, another_word):
        assert changed(change) != normal_form(pdf), change


# Files that are meant to harm.


def written(objects, trailer=b""):
    """A PDF of these objects, numbered from 1."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def stream(data, more=b"", how=b"/FlateDecode"):
    return b"<< /Length %d /Filter %s %s >>\nstream\n%s\nendstream" % (len(data), how, more, data)


def bloated():
    """A stream that inflates to twice what is allowed."""
    squeeze = zlib.compressobj(9)
    step = bytes(1_000_000)
    full = [squeeze.compress(step) for _ in range(2 * STREAM_BYTES_MAX // len(step))]
    return b"".join([*full, squeeze.flush()])


CATALOG = (
    b"<< /Type /Catalog /Pages 2 0 R "
    b"/Names << /EmbeddedFiles << /Names [(packet.json) 4 0 R] >> >> >>"
)
FRAME = [
    CATALOG,
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    b"<< /Type /Filespec /F (packet.json) /UF (packet.json) /EF << /F 5 0 R >> >>",
]
WITHIN = stream(zlib.compress(b"{}"))


def hidden_catalog(data):
    """A file whose catalogue stands in an object stream."""
    out, places = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    bodies = {2: FRAME[1], 3: FRAME[2], 4: FRAME[3], 5: WITHIN}
    bodies[6] = stream(data, b"/Type /ObjStm /N 1 /First 4")
    for number, body in bodies.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    rows = [(0, 0, 255), (2, 6, 0), *((1, places[n], 0) for n in range(2, 7)), (1, start, 0)]
    table = b"".join(bytes([kind]) + at.to_bytes(4, "big") + bytes([n]) for kind, at, n in rows)
    body = stream(zlib.compress(table), b"/Type /XRef /W [1 4 1] /Size 8 /Root 1 0 R")
    out.write(b"7 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (body, start))
    return out.getvalue()


def hostile():
    bomb = bloated()
    yield "nothing", b"%PDF-"
    yield "noise", b"%PDF-1.7\n" + bytes(range(256)) * 50
    yield "a bomb within", written([*FRAME, stream(bomb)])
    twice = stream(zlib.compress(bomb), how=b"[/FlateDecode /FlateDecode]")
    yield "a bomb in a bomb", written([*FRAME, twice])
    yield "a bomb of rows", written([*FRAME, stream(bomb, b"/DecodeParms << /Predictor 12 >>")])
    many = stream(b"", how=b"[" + b"/FlateDecode " * 9 + b"]")
    yield "many filters", written([*FRAME, many])
    yield "another squeeze", written([*FRAME, stream(b"\x80\x0b", how=b"/LZWDecode")])
    yield "in disguise", written([*FRAME, stream(b"\x80\x0b", how=b"/LZ#57Decode")])
    squeezed = zlib.compress(b"1 0 " + CATALOG + b" " * (2 * STREAM_BYTES_MAX))
    yield "a bomb of objects", hidden_catalog(squeezed)
    nested = CATALOG[:-2] + b"/X " + b"[" * 100_000 + b"]" * 100_000 + b">>"
    yield "too deep", written([nested, *FRAME[1:], WITHIN])
    yield "nothing within", written([b"<< /Type /Catalog /Pages 2 0 R >>", *FRAME[1:], WITHIN])
    looped = CATALOG.replace(b"<< /Names [(packet.json) 4 0 R] >>", b"6 0 R")
    yield "a loop", written([looped, *FRAME[1:], WITHIN, b"<< /Kids [6 0 R] /Limits [(a) (z)] >>"])
    for wrong in (b"<< /EF << /F 3 >> >>", b"<< >>", b"(x)", b"[1]", b"null"):
        yield f"not a file {wrong.decode()}", written([*FRAME[:3], wrong, WITHIN])
    odd = b"<< /Type /Catalog /Pages 2 0 R /Names [1 2 3] >>"
    yield "odd names", written([odd, *FRAME[1:], WITHIN])
    yield "an unknown lock", written([*FRAME, WITHIN], b"/Encrypt << /Filter /Foo /V 9 >>")


HOSTILE = dict(hostile())


def test_the_frame_of_these_files_is_sound():
    assert open_pdf(written([*FRAME, WITHIN]), passphrase=None).packet_json == b"{}"
    assert open_pdf(hidden_catalog(zlib.compress(b"1 0 " + CATALOG)), passphrase=None)


@pytest.mark.parametrize("pdf", HOSTILE.values(), ids=HOSTILE)
def test_a_harmful_file_is_refused_plainly(pdf):
    with pytest.raises(BadInput, match=r"^the PDF: (broken|no packet|compressed|locked)"):
        open_pdf(pdf, passphrase=None)


def test_a_file_that_is_too_large_is_not_read():
    with pytest.raises(BadInput, match="the PDF: too large"):
        open_pdf(b"%PDF-" + bytes(PDF_BYTES_MAX), passphrase=None)


def test_without_the_extra_nothing_is_locked(root):
    """In a process of its own, where `pikepdf` cannot be imported."""
    code = """
import sys
sys.modules["pikepdf"] = None
from angerona.errors import MissingExtra
from angerona.notices.packet_locks import lock, open_pdf
for job in (lambda: lock(b"%PDF-"), lambda: open_pdf(b"%PDF-", passphrase=None)):
    try:
        job()
    except MissingExtra as missing:
        print(missing)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    line = "locking and opening a PDF needs the extra 'pdf': pip install 'angerona[pdf]'\n"
    assert done.stdout == line * 2
