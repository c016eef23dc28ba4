"""First pages as pictures, from files that mean well and files that do not."""

import io
import struct
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from angerona.notices import previewing
from angerona.notices.confining import can_confine
from angerona.notices.previewing import EDGE_MAX, PAGES_SHOWN, READERS, first_pages

pytestmark = pytest.mark.skipif(not can_confine(), reason="no process can be shut in here")
PDF, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"
RED, BLUE = (200, 20, 20), (20, 20, 200)


def picture(size=(1500, 900), mode="RGB"):
    """Red above, blue below."""
    made = Image.new("RGB", size, BLUE)
    made.paste(RED, (0, 0, size[0], size[1] // 2))
    return made.convert(mode)


def saved(made, form, **more):
    target = io.BytesIO()
    made.save(target, form, **more)
    return target.getvalue()


def pdf(*contents, **more):
    target = io.BytesIO()
    with pikepdf.new() as made:
        for content in contents:
            page = made.add_blank_page(page_size=(612, 792))
            page.contents_add(content)
        made.save(target, **more)
    return target.getvalue()


def shown(found, number=0):
    return Image.open(io.BytesIO(found.pictures[number]), formats=["WEBP"]).convert("RGB")


def is_near(one, other):
    return all(abs(a - b) < 25 for a, b in zip(one, other, strict=True))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width, height):
    """A small PNG that says it is a picture of this size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(3_000_000), 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + body


SQUARE = b"0.8 0.08 0.08 rg 0 396 612 396 re f 0.08 0.08 0.8 rg 0 0 612 396 re f"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (saved(picture(), "PNG"), PNG),
        (saved(picture(mode="P"), "PNG"), PNG),
        (saved(picture(mode="RGBA"), "PNG"), PNG),
        (saved(picture((6000, 4000)), "JPEG"), JPEG),
        (saved(picture(mode="CMYK"), "JPEG"), JPEG),
        (saved(picture(), "TIFF", compression="tiff_lzw"), TIFF),
        (pdf(SQUARE), PDF),
    ],
)
def test_a_page_is_shown_as_a_picture(data, media_type):
    found = first_pages(data, media_type)
    assert (found.pages, len(found.pictures)) == (1, 1)
    made = shown(found)
    assert max(made.size) in {EDGE_MAX, EDGE_MAX + 1}
    assert is_near(made.getpixel((50, 50)), RED)
    assert is_near(made.getpixel((50, made.height - 50)), BLUE)


def test_a_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 3
    made = shown(first_pages(saved(picture(), "JPEG", exif=exif), JPEG))
    assert is_near(made.getpixel((50, 50)), BLUE)
    turned = saved(picture(), "TIFF", tiffinfo={274: 3})
    assert is_near(shown(first_pages(turned, TIFF)).getpixel((50, 50)), BLUE)


def test_what_lets_light_through_stands_on_white():
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert is_near(shown(first_pages(saved(clear, "PNG"), PNG)).getpixel((20, 20)), (255,) * 3)


def test_deep_greys_are_shown_as_they_are():
    deep = Image.new("I;16", (40, 40), 128 << 8)
    for form, media_type in (("PNG", PNG), ("TIFF", TIFF)):
        made = shown(first_pages(saved(deep, form), media_type))
        assert is_near(made.getpixel((20, 20)), (128,) * 3)


def test_of_many_pages_the_first_are_shown():
    found = first_pages(pdf(*[SQUARE] * 2_000), PDF)
    assert (found.pages, len(found.pictures)) == (2_000, PAGES_SHOWN)
    black = Image.new("1", (80, 60))
    scans = saved(black, "TIFF", compression="group4", save_all=True, append_images=[black] * 9)
    found = first_pages(scans, TIFF)
    assert (found.pages, len(found.pictures)) == (10, PAGES_SHOWN)


def test_a_form_shows_what_was_filled_in():
    target = io.BytesIO()
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(600, 600))
        drawn = made.make_stream(b"0.8 0.08 0.08 rg 0 0 600 600 re f")
        drawn.Type, drawn.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        drawn.BBox = [0, 0, 600, 600]
        field = made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Btn,
                T="yes",
                F=4,
                Rect=[0, 0, 600, 600],
                AS=pikepdf.Name.On,
                V=pikepdf.Name.On,
                AP=pikepdf.Dictionary(N=pikepdf.Dictionary(On=drawn)),
            )
        )
        page.obj.Annots = [field]
        made.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        made.save(target)
    made = shown(first_pages(target.getvalue(), PDF))
    assert is_near(made.getpixel((600, 600)), RED)


LOCK = pikepdf.Encryption(owner="o", user="u")
HOSTILE = {
    "a locked PDF": (pdf(SQUARE, encryption=LOCK), PDF),
    "a PDF in name only": (b"%PDF-1.7\nand nothing more", PDF),
    "a PDF without a page": (pdf(), PDF),
    "a picture that is a PDF": (pdf(SQUARE), PNG),
    "a picture larger than a page can be": (bomb(60_000, 60_000), PNG),
    "a picture that unpacks to too much": (bomb(30_000, 3_300), PNG),
    "a picture cut short": (saved(picture(), "JPEG")[:2_000], JPEG),
    "a scan cut short": (saved(picture(), "TIFF", compression="tiff_lzw")[:900], TIFF),
    "nothing": (b"", PDF),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_shown_safely_is_not_shown(what, capfd):
    assert first_pages(*HOSTILE[what]) is None
    assert capfd.readouterr() == ("", "")


def test_a_child_that_takes_too_long_is_ended(monkeypatch, tmp_path):
    sleeper = tmp_path / "python"
    sleeper.write_text("#!/bin/sh\nexec sleep 600\n", "utf-8")
    sleeper.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    monkeypatch.setattr(previewing, "SECONDS_MAX", 0.2)
    assert first_pages(pdf(SQUARE), PDF) is None


def test_the_child_is_shut_in_before_it_takes_the_file():
    command = [sys.executable, "-I", "-m", "angerona.notices.previewing", PDF]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        told = Path(f"/proc/{child.pid}/status")
        tries = (time.sleep(0.05) or "Seccomp:\t2\n" in told.read_text("ascii") for _ in range(999))
        assert any(tries)
        made, _ = child.communicate(pdf(SQUARE))
    assert b"WEBP" in made


def test_a_kind_that_is_not_known_starts_nothing(monkeypatch):
    monkeypatch.setattr(previewing, "_asked", None)
    assert first_pages(b"words", "text/plain; charset=utf-8") is None
    for name in ("can_confine", "_is_installed"):
        with monkeypatch.context() as here:
            here.setattr(previewing, name, lambda: False)
            assert first_pages(b"%PDF-", PDF) is None


def test_where_no_process_can_be_started_nothing_is_shown(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert first_pages(pdf(SQUARE), PDF) is None


def test_no_more_than_so_many_are_made_at_once(monkeypatch):
    monkeypatch.setattr(previewing, "TURNS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(previewing, "SECONDS_MAX", 0.01)
    monkeypatch.setattr(previewing, "_asked", lambda *_: first_pages(b"%PDF-", PDF) or b"")
    assert first_pages(pdf(SQUARE), PDF) is None
    assert previewing.TURNS.acquire(blocking=False), "and the turn was given back"


WEBP = saved(picture((8, 8)), "WEBP")
FRAME = struct.pack(">I", len(WEBP)) + WEBP


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        struct.pack(">I", 3),
        struct.pack(">II", 1, 4) + b"<svg",
        struct.pack(">II", 1, len(WEBP) + 4) + WEBP + b"more",
        struct.pack(">II", 1, 12) + b"RIFF\x04\x00\x00\x00PNG ",
        struct.pack(">I", 9) + FRAME * (PAGES_SHOWN + 1),
    ],
)
def test_of_a_child_that_was_taken_over_nothing_but_pictures_is_believed(monkeypatch, answer):
    monkeypatch.setattr(previewing, "_asked", lambda *_: answer)
    assert first_pages(b"", PDF) is None


def test_no_more_than_so_much_of_an_answer_is_read(monkeypatch):
    monkeypatch.setattr(previewing, "ANSWER_BYTES_MAX", 1_000)
    assert first_pages(pdf(SQUARE), PDF) is None


def test_every_kind_that_can_be_shown_is_tried_here():
    assert set(READERS) == {PDF, PNG, JPEG, TIFF}
