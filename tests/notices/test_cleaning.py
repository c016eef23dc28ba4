"""Files cleaned of what they say beside their content; the content stays what it was."""

import io

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from angerona.errors import BadInput
from angerona.notices.cleaning import cleaned_jpeg, cleaned_pdf, cleaned_png

SECRET = "Otto Maker, 52.5N 13.4E"


def picture():
    made = Image.new("RGB", (40, 20), "white")
    for x in range(40):
        made.putpixel((x, x % 20), (x * 6, 40, 90))
    return made


def jpeg(turned=None, *, progressive=False):
    exif = Image.Exif()
    exif[0x010F] = SECRET
    if turned:
        exif[0x0112] = turned
    target = io.BytesIO()
    picture().save(
        target, "JPEG", exif=exif, comment=SECRET.encode(), progressive=progressive, quality=90
    )
    return target.getvalue()


def png():
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", SECRET)
    told.add_itxt("Comment", SECRET)
    exif = Image.Exif()
    exif[0x010F] = SECRET
    target = io.BytesIO()
    picture().save(target, "PNG", pnginfo=told, exif=exif)
    return target.getvalue()


def pdf():
    target = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.docinfo["/Author"] = SECRET
        with made.open_metadata() as told:
            told["dc:creator"] = [SECRET]
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        made.attachments["note.txt"] = pikepdf.AttachedFileSpec(made, SECRET.encode())
        made.pages[0].obj["/AA"] = pikepdf.Dictionary(
            O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(2)")
        )
        made.save(target)
    return target.getvalue()


def pixels(data):
    return Image.open(io.BytesIO(data)).tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_keeps_its_pixels_and_nothing_else(progressive):
    data = jpeg(progressive=progressive)
    assert SECRET.encode() in data
    found = cleaned_jpeg(data + b"\xff\xd8 behind the end: " + SECRET.encode())
    assert SECRET.encode() not in found
    assert pixels(found) == pixels(data)
    assert not Image.open(io.BytesIO(found)).getexif()


@pytest.mark.parametrize("turned", range(2, 9))
def test_a_jpeg_stays_the_right_way_up(turned):
    found = cleaned_jpeg(jpeg(turned))
    assert dict(Image.open(io.BytesIO(found)).getexif()) == {0x0112: turned}


def test_a_png_keeps_its_pixels_and_nothing_else():
    data = png()
    found = cleaned_png(data + SECRET.encode())
    assert SECRET.encode() not in found
    assert pixels(found) == pixels(data)
    shown = Image.open(io.BytesIO(found))
    shown.load()
    assert not shown.text
    assert not shown.getexif()


def test_a_pdf_keeps_its_pages_and_nothing_that_runs():
    found = cleaned_pdf(pdf())
    with pikepdf.open(io.BytesIO(found)) as read:
        assert len(read.pages) == 1
        assert not read.docinfo
        assert not read.attachments
        for name in ("/Metadata", "/OpenAction", "/AA"):
            assert name not in read.Root
        assert "/AA" not in read.pages[0].obj
        every = b"".join(
            one.read_bytes() for one in read.objects if isinstance(one, pikepdf.Stream)
        )
    assert SECRET.encode() not in found + every
    assert b"alert" not in found


@pytest.mark.parametrize(
    ("clean", "data"),
    [
        (cleaned_png, png()),
        (cleaned_jpeg, jpeg()),
        (cleaned_pdf, pdf()),
    ],
)
def test_what_is_cut_short_is_refused(clean, data):
    for length in (8, len(data) // 3, len(data) // 2):
        try:
            clean(data[:length])
        except BadInput:
            continue
        assert clean is cleaned_pdf, "a PDF may be mended; a picture is refused"


def test_a_locked_pdf_is_refused():
    target = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(target, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(BadInput, match="locked"):
        cleaned_pdf(target.getvalue())
