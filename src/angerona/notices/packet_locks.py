"""Locks the PDF of a packet under a passphrase, and opens PDFs that come from outside.

The lock is AES-256 as PDF 2.0 has it (ISO 32000-2, revision 6), over every stream and text and the
metadata. The owner's password is random and thrown away: the passphrase is the only way in, and
once in everything is allowed, because readers for the blind need it.

A PDF from outside may be broken or meant to harm, so its size, its decompressed streams and what
its reader tolerates are bounded, and no message repeats anything of it.
"""

from __future__ import annotations

import io
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from angerona.ciphers.recovery import to_words
from angerona.errors import BadInput, MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from pikepdf import Pdf

PDF_BYTES_MAX: Final = 40_000_000
STREAM_BYTES_MAX: Final = 30_000_000
PASSPHRASE_WORDS: Final = 7
"""Of 2048 words each: 77 bits."""

ATTACHED: Final = "packet.json"
_UNBOUNDED: Final = b"LZWDecode"
"""The one compression whose growth the reader does not bound."""

_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PASSPHRASE: Final = re.compile(rf"[a-z]{{3,8}}(?:-[a-z]{{3,8}}){{{PASSPHRASE_WORDS - 1}}}")
_PLACE: Final = "the PDF"
_EXTRA: Final = "locking and opening a PDF needs the extra 'pdf': pip install 'angerona[pdf]'"


@dataclass(frozen=True, slots=True)
class Locked:
    """A locked PDF and its passphrase, which is nowhere else: send it by another way."""

    pdf: bytes
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """The JSON of the packet within a PDF, not checked yet, and whether the PDF was locked."""

    packet_json: bytes
    was_locked: bool


def lock(pdf: bytes, passphrase: str = "") -> Locked:
    """The same PDF, openable only with this passphrase; with a new one, where none was made before.

    Raises `MissingExtra`.
    """
    passphrase = passphrase or new_passphrase()
    pikepdf = pikepdf_module()
    lock_with = pikepdf.Encryption(
        user=passphrase, owner=secrets.token_urlsafe(32), R=6, aes=True, metadata=True
    )
    locked = io.BytesIO()
    with _opened(pdf, "") as document:
        document.save(locked, encryption=lock_with)
    return Locked(locked.getvalue(), passphrase)


def new_passphrase() -> str:
    """Seven English words of the BIP-39 list, which no two share their first four letters."""
    return "-".join(to_words(secrets.token_bytes(32)).split()[:PASSPHRASE_WORDS])


def read_passphrase(given: str) -> str:
    """The words that were shown, before anything is locked under them. Raises `BadInput`."""
    if not _PASSPHRASE.fullmatch(given):
        raise BadInput("the words", "are none that were made here", "the words as they were shown")
    return given


def open_pdf(pdf: bytes, *, passphrase: str | None) -> Opened:
    """The packet within a PDF, locked or not.

    Raises `BadInput` for what is no PDF, is broken or too large, for a wrong or missing passphrase
    and where no packet is within; `MissingExtra` where PDFs cannot be read.
    """
    with _opened(pdf, passphrase or "") as document:
        found = document.attachments.get(ATTACHED)
        if found is None:
            raise BadInput(_PLACE, "no packet is within")
        return Opened(found.get_file().read_bytes(), was_locked=document.is_encrypted)


def normal_form(pdf: bytes, *, passphrase: str | None = None) -> bytes:
    """The same PDF rewritten in one way, whatever wrote it and whether it was locked.

    The identifier and the note that AES-256 is used are left out, because locking adds them.
    Raises as `open_pdf` does.
    """
    pikepdf = pikepdf_module()
    written = io.BytesIO()
    with _opened(pdf, passphrase or "") as document:
        if "/Extensions" in document.Root:
            del document.Root["/Extensions"]
        document.save(
            written,
            encryption=False,
            deterministic_id=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return written.getvalue()


@cache
def pikepdf_module() -> ModuleType:
    """The reader of PDFs, with its bounds set once for the whole process."""
    try:
        import pikepdf  # noqa: PLC0415 -- an extra
        from pikepdf import settings  # noqa: PLC0415 -- an extra
    except ModuleNotFoundError as missing:
        raise MissingExtra(_EXTRA) from missing
    settings.set_qpdf_limits(
        flate_max_memory=STREAM_BYTES_MAX,
        png_max_memory=STREAM_BYTES_MAX,
        tiff_max_memory=STREAM_BYTES_MAX,
        run_length_max_memory=STREAM_BYTES_MAX,
        dct_max_memory=STREAM_BYTES_MAX,
        doc_max_warnings=20,
        parser_max_container_size=1_000_000,
        max_stream_filters=4,
    )
    return pikepdf


@contextmanager
def _opened(pdf: bytes, passphrase: str) -> Iterator[Pdf]:
    """The document, with each fault of the file made one plain `BadInput`."""
    pikepdf = pikepdf_module()
    if len(pdf) > PDF_BYTES_MAX:
        raise BadInput(_PLACE, "too large", f"at most {PDF_BYTES_MAX} bytes")
    if _UNBOUNDED in _ESCAPED.sub(_plain, pdf):
        raise BadInput(_PLACE, "compressed in a way we never use", "the file as it was sent")
    try:
        with _document(pikepdf, pdf, passphrase) as document:
            yield document
    except pikepdf.PasswordError:
        wrong = "another passphrase opens it" if passphrase else "locked, and no passphrase given"
        raise BadInput(_PLACE, wrong, "the words that came by another way") from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, KeyError):
        raise BadInput(_PLACE, "broken, or no PDF", "the file as it was sent") from None


def _document(pikepdf: ModuleType, pdf: bytes, passphrase: str) -> Pdf:
    """The document; the passphrase is tried only where one is needed."""
    document: Pdf
    try:
        document = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PasswordError:
        if not passphrase:
            raise
        document = pikepdf.open(io.BytesIO(pdf), password=passphrase)
    return document


def _plain(escape: re.Match[bytes]) -> bytes:
    """A byte that a PDF name may hide as `#` and two digits."""
    return bytes.fromhex(escape[1].decode())
