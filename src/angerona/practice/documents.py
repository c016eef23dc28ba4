"""Documents: what a file is by its own bytes, whatever it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: its media type, and how the name of its copy ends."""

    media_type: str
    ending: str


PDF: Final = Kind("application/pdf", "pdf")
PNG: Final = Kind("image/png", "png")
JPEG: Final = Kind("image/jpeg", "jpg")
TIFF: Final = Kind("image/tiff", "tif")
WORD: Final = Kind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"
)
OPEN_TEXT: Final = Kind("application/vnd.oasis.opendocument.text", "odt")
TEXT: Final = Kind("text/plain; charset=utf-8", "txt")
UNKNOWN: Final = Kind("application/octet-stream", "bin")
"""Something else: it can be taken out again, and nothing more is said of it."""

_MAGIC: Final = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_ZIP: Final = b"PK\x03\x04"
_OPEN_TEXT_MARK: Final = b"mimetypeapplication/vnd.oasis.opendocument.text"
_WORD_MARK: Final = b"word/document.xml"
_MARKUP: Final = re.compile(
    r"<\s*(?:!doctype|html|head|body|svg|script|iframe|\?xml|\?php)|^\s*#!", re.IGNORECASE
)
"""What some program would run or show as a page."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")


def kind_of(data: bytes) -> Kind:
    """What a file is. Text that some program would run or show as a page is `UNKNOWN`."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(_ZIP):
        if _OPEN_TEXT_MARK in data[:120]:
            return OPEN_TEXT
        return WORD if _WORD_MARK in data else UNKNOWN
    return TEXT if _is_text(data) else UNKNOWN


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not _CONTROLS.search(text) and not _MARKUP.search(text)
