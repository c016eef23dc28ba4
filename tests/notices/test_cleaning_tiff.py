"""Scans in TIFF, cleaned: the same pages in the same order, and nothing beside them."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from angerona.errors import BadInput
from angerona.notices.cleaning_tiff import cleaned_tiff

SECRET = "Otto Maker, 52.5N 13.4E"
PACKED = ["raw", "group3", "group4", "packbits", "tiff_lzw", "tiff_adobe_deflate", "jpeg"]


def pictures(mode, count=3):
    for number in range(count):
        made = Image.new("L", (90, 70), 255)
        for x in range(70):
            made.putpixel((x, (x + 9 * number) % 70), 0)
        yield made.convert(mode)


def tiff(packed="group4", count=3, *, big_first=False):
    first, *others = pictures("1" if packed.startswith("group") else "RGB", count)
    told = {270: SECRET, 305: SECRET, 315: SECRET, 700: SECRET.encode(), 33432: SECRET, 274: 6}
    target = io.BytesIO(b"MM" if big_first else b"")
    first.save(
        target, "TIFF", compression=packed, tiffinfo=told, save_all=True, append_images=others
    )
    return target.getvalue()


def by_hand(order, *entries, behind=b"", next_at=0):
    """A TIFF of one table, of (tag, type, count, four bytes or a number)."""
    packed = b"".join(
        struct.pack(
            f"{order}HHI4s", t, k, n, v if isinstance(v, bytes) else struct.pack(f"{order}I", v)
        )
        for t, k, n, v in entries
    )
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    table = struct.pack(f"{order}IH", 8, len(entries)) + packed + struct.pack(f"{order}I", next_at)
    return mark + table + behind


def square(order="<", next_at=0, **changes):
    """Eight by eight white points, by hand; `changes` by tag."""
    short = (lambda n: struct.pack("<HH", n, 0)) if order == "<" else (lambda n: n << 16)
    entries = {
        "t256": (256, 3, 1, short(8)),
        "t257": (257, 3, 1, short(8)),
        "t258": (258, 3, 1, short(8)),
        "t259": (259, 3, 1, short(1)),
        "t262": (262, 3, 1, short(1)),
        "t273": (273, 4, 1, 8 + 2 + 12 * 7 + 4),
        "t279": (279, 4, 1, 64),
    } | changes
    kept = [one for one in entries.values() if one]
    return by_hand(order, *kept, behind=b"\xff" * 64, next_at=next_at)


def pages(data):
    return [(one.mode, one.size, one.tobytes()) for one in ImageSequence.Iterator(opened(data))]


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("packed", PACKED)
def test_a_scan_keeps_its_pages_and_nothing_else(packed):
    data = tiff(packed)
    assert SECRET.encode() in data
    found = cleaned_tiff(data + SECRET.encode())
    assert SECRET.encode() not in found
    assert pages(found) == pages(data)
    assert len(pages(found)) == 3
    assert not {270, 305, 315, 700, 33432} & set(opened(found).tag_v2)
    assert opened(found).tag_v2[274] == 6, "and which way up it is"


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_file_of_either_order_of_bytes_is_read(order):
    found = cleaned_tiff(square(order))
    assert pages(found) == [("L", (8, 8), b"\xff" * 64)]


def test_what_a_picture_within_says_goes_too():
    jpeg = io.BytesIO()
    next(pictures("RGB")).save(jpeg, "JPEG", comment=SECRET.encode())
    held = jpeg.getvalue()
    short = lambda n: struct.pack("<HH", n, 0)  # noqa: E731 -- the shortest way to say it
    at = 8 + 2 + 12 * 8 + 4
    data = by_hand(
        "<",
        (256, 3, 1, short(90)),
        (257, 3, 1, short(70)),
        (258, 3, 3, at + len(held)),
        (259, 3, 1, short(7)),
        (262, 3, 1, short(6)),
        (273, 4, 1, at),
        (277, 3, 1, short(3)),
        (279, 4, 1, len(held)),
        behind=held + struct.pack("<3H", 8, 8, 8),
    )
    assert SECRET.encode() in data
    found = cleaned_tiff(data)
    assert SECRET.encode() not in found
    assert pages(found) == pages(data)


@pytest.mark.parametrize(
    "data",
    [
        b"II*\x00 a TIFF in name only",
        b"II*\x00\x00\x00\x00\x00",
        b"II*\x00\x08\x00",
        by_hand("<", next_at=8),
        by_hand("<"),
        square(next_at=8),
        square(t273=None),
        square(t279=(279, 4, 1, 65_000)),
        square(t279=(279, 4, 1, 0xFFFFFFFF)),
        square(t258=(258, 2, 4, b"word")),
        square(t258=(258, 3, 40, 8)),
        square(t256=(256, 3, 0, 8)),
        square(t256=(256, 4, 0x3FFFFFFF, 8)),
        square(t324=(324, 4, 1, 98), t325=(325, 4, 1, 64)),
    ],
)
def test_what_cannot_be_read_is_refused(data):
    with pytest.raises(BadInput, match="cannot be read"):
        cleaned_tiff(data)


def test_what_is_packed_in_a_way_not_known_is_refused():
    with pytest.raises(BadInput, match="not known here"):
        cleaned_tiff(square(t259=(259, 3, 1, struct.pack("<HH", 6, 0))))


def test_one_piece_named_a_thousand_times_does_not_grow():
    places = b"".join(struct.pack("<I", 8) for _ in range(1_000))
    sizes = b"".join(struct.pack("<I", 7_000) for _ in range(1_000))
    at = 8 + 2 + 12 * 7 + 4
    data = square(t273=(273, 4, 1_000, at + 64), t279=(279, 4, 1_000, at + 64 + len(places)))
    with pytest.raises(BadInput, match="cannot be read"):
        cleaned_tiff(data + places + sizes)


@given(st.data())
def test_whatever_is_wrong_with_a_file_is_said_and_nothing_else_happens(data):
    made = bytearray(tiff(count=2))
    for _ in range(data.draw(st.integers(1, 12))):
        made[data.draw(st.integers(4, len(made) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = cleaned_tiff(bytes(made))
    except BadInput:
        return
    assert len(found) <= 3 * len(made)
