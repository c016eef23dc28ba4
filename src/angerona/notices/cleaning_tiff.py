"""Scans in TIFF, cleaned: every page written anew from what draws it, in its order.

A TIFF is a chain of tables that point at what they name, so what was between, behind or beside the
pictures does not come along, nor do tables that only other programs know (Exif, place, thumbnails).
Sources: TIFF 6.0 (Adobe, 1992); Adobe Photoshop TIFF Technical Notes (2002), for JPEG within it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from angerona.errors import BadInput
from angerona.notices.cleaning import broken, cleaned_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TIFF_PAGES_MAX: Final = 1_000
_ORDERS: Final[Mapping[bytes, str]] = {b"II*\x00": "<", b"MM\x00*": ">"}
_SHORT, _LONG, _RATIONAL, _UNDEFINED = 3, 4, 5, 7
_SIZES: Final[Mapping[int, int]] = {_SHORT: 2, _LONG: 4, _RATIONAL: 8, _UNDEFINED: 1}
_COMPRESSION, _COLOUR_MAP, _JPEG_TABLES = 259, 320, 347
_PIECES: Final[Mapping[int, int]] = {273: 279, 324: 325}
"""Where the pieces of a picture lie, as strips or tiles, and the tag that says how long each is."""
_NUMBERS: Final = frozenset(
    {254, 256, 257, 258, 259, 262, 266, 274, 277, 278, 282, 283, 284, 292, 293, 296, 317, 322, 323}
    | {332, 334, 338, 339, 529, 530, 531, 532}
)
"""The tags that say how a page is drawn, in a few numbers each."""
_NUMBERS_MAX: Final = 12
_KEPT: Final = _NUMBERS | {_COLOUR_MAP, _JPEG_TABLES} | _PIECES.keys() | set(_PIECES.values())
_JPEG: Final = 7
_COMPRESSIONS: Final = frozenset({1, 2, 3, 4, 5, _JPEG, 8, 32773, 32946})
"""None, those of fax, LZW, JPEG, deflate, PackBits, deflate as it was numbered first."""
_FIRST_AT, _ENTRY_BYTES = 4, 12


@dataclass(frozen=True, slots=True)
class _Value:
    """What a tag holds: of which type, and its bytes in the order of the file."""

    kind: int
    data: bytes

    @property
    def count(self) -> int:
        return len(self.data) // _SIZES[self.kind]


_Page: TypeAlias = dict[int, _Value]


def cleaned_tiff(data: bytes) -> bytes:
    """A TIFF with what draws its pages and nothing else. Raises `BadInput`."""
    order = _ORDERS.get(data[:4])
    if order is None:
        raise _broken()
    made, next_at = bytearray(data[:4] + bytes(4)), _FIRST_AT
    try:
        for page in _pages(data, order):
            table = _with_its_pieces(made, page, data, order)
            next_at = _add_table(made, table, next_at, order)
    except struct.error:
        raise _broken() from None
    if next_at == _FIRST_AT:
        raise _broken()
    return bytes(made)


def _pages(data: bytes, order: str) -> Iterator[_Page]:
    """What is kept of each table of the chain."""
    (at,) = struct.unpack_from(f"{order}I", data, _FIRST_AT)
    for _ in range(TIFF_PAGES_MAX):
        if not at:
            return
        (count,) = struct.unpack_from(f"{order}H", data, at)
        entries = (
            struct.unpack_from(f"{order}HHI4s", data, at + 2 + _ENTRY_BYTES * one)
            for one in range(count)
        )
        yield {entry[0]: _value(data, order, *entry[1:]) for entry in entries if entry[0] in _KEPT}
        (at,) = struct.unpack_from(f"{order}I", data, at + 2 + _ENTRY_BYTES * count)
    raise _broken()


def _value(data: bytes, order: str, kind: int, count: int, held: bytes) -> _Value:
    if kind not in _SIZES:  # such as words, which nothing that draws a page needs
        raise _broken()
    size = _SIZES[kind] * count
    if size > len(held):
        (at,) = struct.unpack(f"{order}I", held)
        held = data[at : at + size]
    if not size or len(held) < size:
        raise _broken()
    return _Value(kind, held[:size])


def _with_its_pieces(made: bytearray, page: _Page, data: bytes, order: str) -> _Page:
    """Write the pieces of a page behind what is made; its table, which says where they are now."""
    [compression] = _numbers(page[_COMPRESSION], order) if _COMPRESSION in page else [1]
    found = [one for one in _PIECES if one in page and _PIECES[one] in page]
    if compression not in _COMPRESSIONS:
        raise BadInput("file", "is a TIFF packed in a way not known here", "the scan as a PDF")
    if len(found) != 1 or any(page[one].count > _NUMBERS_MAX for one in _NUMBERS & page.keys()):
        raise _broken()
    where, lengths = found[0], _PIECES[found[0]]
    table = {one: page[one] for one in page.keys() & (_NUMBERS | {_COLOUR_MAP})}
    if compression == _JPEG and _JPEG_TABLES in page:
        table[_JPEG_TABLES] = _Value(_UNDEFINED, cleaned_jpeg(page[_JPEG_TABLES].data))
    places, sizes = [], []
    spans = zip(_numbers(page[where], order), _numbers(page[lengths], order), strict=False)
    for at, length in spans:
        piece = data[at : at + length]
        if len(piece) < length or len(made) > 2 * len(data):  # cut short, or one named often
            raise _broken()
        places.append(len(made))
        made += cleaned_jpeg(piece) if compression == _JPEG else piece
        sizes.append(len(made) - places[-1])
        made += bytes(len(made) % 2)
    for tag, numbers in ((where, places), (lengths, sizes)):
        table[tag] = _Value(_LONG, struct.pack(f"{order}{len(numbers)}I", *numbers))
    return table


def _add_table(made: bytearray, table: _Page, named_at: int, order: str) -> int:
    """Write a table, and where it is where it is to be named; where the next one is to be."""
    entries = []
    for tag, value in sorted(table.items()):
        held = value.data.ljust(4, b"\0")
        if len(value.data) > 4:  # noqa: PLR2004 -- what fits into an entry stands there
            held = struct.pack(f"{order}I", len(made))
            made += value.data + bytes(len(value.data) % 2)
        entries.append(struct.pack(f"{order}HHI4s", tag, value.kind, value.count, held))
    struct.pack_into(f"{order}I", made, named_at, len(made))
    made += struct.pack(f"{order}H", len(entries)) + b"".join(entries) + bytes(4)
    return len(made) - 4


def _numbers(value: _Value, order: str) -> tuple[int, ...]:
    letter = {_SHORT: "H", _LONG: "I"}.get(value.kind)
    if letter is None:
        raise _broken()
    return struct.unpack(f"{order}{value.count}{letter}", value.data)


def _broken() -> BadInput:
    return broken("a TIFF")
