"""Files cleaned of what they say beside their content: who made them, where, with what device.

A picture keeps its pixels and which way up it is; a PDF keeps its pages and loses what is said
about it, what runs when it is opened, and what is attached to it. Whatever stands behind the end of
a picture goes too. Sources: ITU-T T.81 (JPEG), the PNG specification (W3C, third edition), ISO
32000-2 (PDF), Exif 2.32 (the tag for which way up).
"""

from __future__ import annotations

import io
import zlib
from typing import Final

from angerona.errors import BadInput
from angerona.notices.packet_locks import pikepdf_module

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD"}
)
_JPEG_START: Final = b"\xff\xd8"
_END, _SCAN, _COMMENT = 0xD9, 0xDA, 0xFE
_APP_FIRST, _APP_LAST, _JFIF, _EXIF, _ADOBE = 0xE0, 0xEF, 0xE0, 0xE1, 0xEE
_RESTARTS: Final = frozenset(range(0xD0, 0xD8)) | {0x01}
_EXIF_MARK: Final = b"Exif\x00\x00"
_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_ORIENTATIONS: Final = range(2, 9)
_ROOT_GOES: Final = ("/Metadata", "/OpenAction", "/AA", "/PieceInfo", "/Threads", "/AF")
_NAMES_GO: Final = ("/JavaScript", "/EmbeddedFiles")
_PAGE_GOES: Final = ("/Metadata", "/AA", "/PieceInfo", "/AF")


def cleaned_png(data: bytes) -> bytes:
    """A PNG with the chunks that draw it and no other. Raises `BadInput` where it is cut short."""
    kept, at = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while True:
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(
            data[end - 4 : end], "big"
        ):
            raise broken("a PNG picture")
        if name in _PNG_KEPT:
            kept.append(data[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end


def cleaned_jpeg(data: bytes) -> bytes:
    """A JPEG with the segments that draw it, and which way up it is; the rest is gone.

    Raises `BadInput` where it is cut short.
    """
    kept, at, turned = [_JPEG_START], 2, 0
    while True:
        marker, at = _marker(data, at)
        if marker == _END:
            kept.append(b"\xff\xd9")
            break
        if marker in _RESTARTS:
            kept.append(bytes((0xFF, marker)))
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):  # noqa: PLR2004 -- the length counts itself
            raise broken("a JPEG picture")
        segment = data[at : at + length]
        at += length
        if marker == _EXIF and segment[2:].startswith(_EXIF_MARK):
            turned = turned or _orientation(segment[2 + len(_EXIF_MARK) :])
        is_told = _APP_FIRST <= marker <= _APP_LAST and marker not in {_JFIF, _ADOBE}
        if not is_told and marker != _COMMENT:
            kept.append(bytes((0xFF, marker)) + segment)
        if marker == _SCAN:
            end = _end_of_scan(data, at)
            kept.append(data[at:end])
            at = end
    if turned:
        kept.insert(1, _exif_of(turned))
    return b"".join(kept)


def cleaned_pdf(data: bytes) -> bytes:
    """A PDF with its pages alone: nothing said about it, nothing that runs, nothing attached.

    Raises `BadInput` for one that is locked or cannot be read, `MissingExtra` without the extra.
    """
    pikepdf = pikepdf_module()
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                raise BadInput("file", "is locked with a password", "the same file, unlocked")
            del document.docinfo
            _without(document.Root, _ROOT_GOES)
            if "/Names" in document.Root:
                _without(document.Root.Names, _NAMES_GO)
            for page in document.pages:
                _without(page.obj, _PAGE_GOES)
            target = io.BytesIO()
            document.save(
                target, static_id=True, stream_decode_level=pikepdf.StreamDecodeLevel.none
            )
            return target.getvalue()
    except pikepdf.PasswordError:
        raise BadInput("file", "is locked with a password", "the same file, unlocked") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError):
        raise broken("a PDF") from None


def _without(held: object, names: tuple[str, ...]) -> None:
    for name in names:
        if name in held:  # type: ignore[operator]  # a dictionary of the PDF
            del held[name]  # type: ignore[attr-defined]  # the same


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The next marker, and where what follows it begins."""
    if data[at : at + 1] != b"\xff":
        raise broken("a JPEG picture")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise broken("a JPEG picture")
    return data[at], at + 1


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker begins that is neither stuffing nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise broken("a JPEG picture")
        if data[at + 1] == 0 or data[at + 1] in _RESTARTS:
            at += 2
        else:
            return at


def _orientation(exif: bytes) -> int:
    """Which way up, from a block of Exif: 2 to 8, or 0 where it is upright or not said."""
    order = {b"II": "little", b"MM": "big"}.get(exif[:2])
    if order is None:
        return 0

    def number(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], order)  # type: ignore[arg-type]  # as above

    first = number(4, 4)
    for entry in range(min(number(first, 2), 200)):
        at = first + 2 + 12 * entry
        if number(at, 2) == _ORIENTATION and number(at + 2, 2) == _SHORT:
            turned = number(at + 8, 2)
            return turned if turned in _ORIENTATIONS else 0
    return 0


def _exif_of(turned: int) -> bytes:
    """A segment of Exif that says which way up, and nothing else."""
    entry = b"".join(one.to_bytes(size, "big") for one, size in ((_ORIENTATION, 2), (_SHORT, 2)))
    entry += (1).to_bytes(4, "big") + turned.to_bytes(2, "big") + bytes(2)
    block = b"MM\x00\x2a" + (8).to_bytes(4, "big") + (1).to_bytes(2, "big") + entry + bytes(4)
    body = _EXIF_MARK + block
    return bytes((0xFF, _EXIF)) + (len(body) + 2).to_bytes(2, "big") + body


def broken(what: str) -> BadInput:
    """That a file of some kind, such as `a PDF`, cannot be read."""
    return BadInput("file", f"is {what} that cannot be read", "the whole file, as it was made")
