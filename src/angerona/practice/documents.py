"""Documents: what a file is by its own bytes, taking one in, cleaned, and getting it out again.

Only kinds that are known are taken in; what a program would run or show as a page is none of them.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, MissingExtra
from angerona.gate.keeping import Draft
from angerona.notices.cleaning import cleaned_jpeg, cleaned_pdf, cleaned_png
from angerona.notices.cleaning_tiff import cleaned_tiff
from angerona.notices.previewing import first_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from angerona.gate.door import Door
    from angerona.gate.results import Kept, Shown
    from angerona.notices.previewing import FirstPages
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.vault import Visit

DOCUMENT_BYTES_MAX: Final = 25_000_000
NAME_CHARACTERS_MAX: Final = 120


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

TAKEN: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        PDF: "PDF",
        JPEG: "JPEG picture",
        PNG: "PNG picture",
        TIFF: "TIFF scan",
        WORD: "Word document",
        OPEN_TEXT: "OpenDocument text",
        TEXT: "plain text",
    }
)
"""The kinds that are taken in from a page, as people call them."""
_CLEANED: Final[Mapping[Kind, Callable[[bytes], bytes]]] = MappingProxyType(
    {PDF: cleaned_pdf, JPEG: cleaned_jpeg, PNG: cleaned_png, TIFF: cleaned_tiff}
)
_MACROS: Final = b"vbaProject.bin"
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


def keep_document(
    door: Door, visit: Visit, client_id: bytes, draft: Draft, data: bytes
) -> Kept | AskFirst | Refuse:
    """Keep a file, cleaned, with what was written about it; a draft without text says its kind.

    Raises `BadInput` for a kind that is not taken in, for one too large, for one that cannot be
    read; else as `Door.keep`.
    """
    kind, content = taken_in(data)
    told = Draft(
        wanted=draft.wanted,
        heading=draft.heading,
        text=draft.text or f"A document: {TAKEN[kind]}.",
        file=io.BytesIO(content),
        file_name=draft.file_name[-NAME_CHARACTERS_MAX:] or f"file.{kind.ending}",
        facts=draft.facts,
    )
    return door.keep(visit, client_id, told)


@dataclass(frozen=True, slots=True, repr=False)
class File:
    """The file of an entry, out of its seal: what it is, and its content."""

    kind: Kind
    data: bytes

    def first_pages(self) -> FirstPages | None:
        """Its first pages as pictures; None where there is no safe way to show it."""
        return first_pages(self.data, self.kind.media_type)


def file_of(door: Door, client_id: bytes, opened: Shown, entry_id: bytes) -> File:
    """The file of an entry that a look has just opened. Raises as `Door.fetch`."""
    held = io.BytesIO()
    door.fetch(client_id, opened, entry_id, held)
    return File(kind_of(held.getvalue()), held.getvalue())


def taken_in(data: bytes) -> tuple[Kind, bytes]:
    """The kind of a file and its content, cleaned where it can be. Raises `BadInput`."""
    if len(data) > DOCUMENT_BYTES_MAX:
        raise BadInput("file", "is too large", f"up to {DOCUMENT_BYTES_MAX // 1_000_000} MB")
    kind = kind_of(data)
    if kind not in TAKEN or (kind is WORD and _MACROS in data):
        raise BadInput("file", "is of a kind that is not taken in", ", ".join(TAKEN.values()))
    try:
        return kind, _CLEANED.get(kind, bytes)(data)
    except MissingExtra:
        raise BadInput(
            "file", "is a PDF, and what cleans one is not installed here", "a picture of it"
        ) from None


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not _CONTROLS.search(text) and not _MARKUP.search(text)
