"""Checks a packet that comes back: JSON or PDF, locked or not. What `angerona packet verify` says.

The signature covers the data within. Whether the pages show that data and nothing else is found by
setting them anew and comparing: byte for byte where the file was not locked, in one rewritten form
where it was. That can be done only by the same release of the typesetter; by another the pages stay
uncompared, and the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Forged
from angerona.notices import typesetting
from angerona.notices.packet_files import FILE_BYTES_MAX, SignedPacket, fingerprint, verify_json
from angerona.notices.packet_locks import PDF_BYTES_MAX, normal_form, open_pdf
from angerona.notices.packet_pages import pages_of, spaced
from angerona.notices.paragraphs import moment

if TYPE_CHECKING:
    from pathlib import Path

PAGES: Final = {
    "none": "This is the data alone, without pages.",
    "same": "The pages are exactly what was signed.",
    "uncompared": (
        "The pages were not compared: another release set them. Do not rely on them; "
        "have the pages made anew from the data, which was checked."
    ),
}
"""What may be said of the pages of a packet whose data is authentic."""

FINGERPRINT_BYTES: Final = 32
_PDF_STARTS: Final = b"%PDF-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A packet whose data is authentic. `pages` is a word of `PAGES`."""

    signed: SignedPacket
    pages: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was checked, for a person to read. None repeats a word of what is enclosed."""
        packet = self.signed.packet
        parts = "1 part" if len(packet.parts) == 1 else f"{len(packet.parts)} parts"
        prepared = f"prepared by {packet.practice} on {moment(packet.prepared_at)}"
        return (
            f"Packet {packet.short_id} was {prepared}.",
            f"It is signed with the key {spaced(fingerprint(self.signed.public))}.",
            f"Its terms, its statements and its {parts} are what was signed.",
            PAGES[self.pages],
        )


def verify_packet(source: bytes | Path, *, key: bytes, passphrase: str | None = None) -> Verified:
    """Check a packet whole. `key` is the fingerprint (32 bytes) of the practice's signing key.

    Raises `BadInput` for a file that is none of ours, broken, too large or not opened by the
    passphrase, `Forged` where data or pages are not what was signed, `MissingExtra` for a PDF where
    PDFs cannot be read. No message repeats anything that is enclosed.
    """
    data = _read(source)
    if not data.startswith(_PDF_STARTS):
        return Verified(signed=verify_json(data, key=key), pages="none")
    opened = open_pdf(data, passphrase=passphrase)
    signed = verify_json(opened.packet_json, key=key)
    if not signed.set_by or signed.set_by != typesetting.set_by():
        return Verified(signed=signed, pages="uncompared")
    anew = pages_of(signed)
    if opened.was_locked:
        anew, data = normal_form(anew), normal_form(data, passphrase=passphrase)
    if anew != data:
        raise Forged("the pages are not those that were signed; only the data within is authentic")
    return Verified(signed=signed, pages="same")


def signed_within(
    source: bytes | Path, *, key: bytes, passphrase: str | None = None
) -> SignedPacket:
    """The signed data of a packet, checked, whatever the pages around it show.

    For making the pages anew when they were not compared or are not those that were signed. Raises
    as `verify_packet` does, save for the pages.
    """
    data = _read(source)
    if data.startswith(_PDF_STARTS):
        data = open_pdf(data, passphrase=passphrase).packet_json
    return verify_json(data, key=key)


def read_fingerprint(typed: str) -> bytes:
    """The fingerprint of a key as somebody typed it, with or without spaces. `BadInput` if not."""
    try:
        found = bytes.fromhex("".join(typed.split()))
    except ValueError:
        found = b""
    if len(found) != FINGERPRINT_BYTES:
        raise BadInput("fingerprint", "not one", "64 digits and letters a to f, spaces or none")
    return found


def _read(source: bytes | Path) -> bytes:
    """The file, never more of it than the largest that is allowed."""
    most = max(FILE_BYTES_MAX, PDF_BYTES_MAX)
    if isinstance(source, bytes):
        return source
    try:
        with source.open("rb") as file:
            data = file.read(most + 1)
    except OSError:
        raise BadInput("the packet", "cannot be read", "a file that is there") from None
    if len(data) > most:
        raise BadInput("the packet", "too large", f"at most {most} bytes")
    return data
