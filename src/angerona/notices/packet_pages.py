"""The pages of a packet: terms and statements first, then what is enclosed.

Nothing in the file's title, name or metadata tells of the client, the practice or the recipient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from angerona.notices.packet_files import fingerprint
from angerona.notices.paragraphs import day, moment, paragraphs
from angerona.notices.typesetting import typeset
from angerona.words import CLASSES, PURPOSES, RECIPIENTS, SCOPES

if TYPE_CHECKING:
    from angerona.notices.packet_files import SignedPacket
    from angerona.notices.packets import Packet, Part
    from angerona.notices.typesetting import Json


def pages_of(signed: SignedPacket) -> bytes:
    """The PDF of a signed packet, which carries its JSON within. Not locked yet.

    The same signed packet gives the same bytes wherever `typesetting.set_by` is the same. Raises
    `MissingExtra` and `PrintFailure`.
    """
    packet, scopes = signed.packet, dict(signed.packet.scopes)
    data: dict[str, Json] = {
        "paper": signed.paper,
        "title": f"Confidential packet {packet.short_id}",
        "short_id": packet.short_id,
        "facts": _facts(packet),
        "condition": paragraphs(packet.condition),
        "statements": [
            {"title": f"Demanded by {one.cite}", "paragraphs": paragraphs(one.text)}
            for one in packet.statements
        ],
        "grounds": [{"title": one.title, "cite": one.cite} for one in packet.grounds],
        "signed_on": day(packet.prepared_at),
        "fingerprint": spaced(fingerprint(signed.public)),
        "parts": [
            _part(number, part, scopes.get(part.item, ""))
            for number, part in enumerate(packet.parts, 1)
        ],
    }
    return typeset("packet.typ", data, at=packet.prepared_at, attached=signed.as_json().decode())


def spaced(digits: bytes) -> str:
    """Bytes as people compare them: hexadecimal, in groups of four."""
    return digits.hex(" ", 2)


def _facts(packet: Packet) -> Json:
    """Label and value, in the order in which they are read."""
    found = [
        ("From", packet.practice),
        ("Prepared by", packet.prepared_by),
        ("On", moment(packet.prepared_at)),
        ("For", f"{packet.name} ({RECIPIENTS.get(packet.to, packet.to)})"),
        ("Read by", "the judge alone, in camera" if packet.in_camera else ""),
        ("Your reference", packet.reference),
        ("Purpose", PURPOSES.get(packet.purpose, packet.purpose)),
    ]
    return [[label, value] for label, value in found if value]


def _part(number: int, part: Part, scope: str) -> Json:
    kind = CLASSES.get(part.of_class, part.of_class)
    title = f"{kind[:1].upper()}{kind[1:]}"
    by = f", by {part.author}" if part.author else ""
    facts: list[Json] = [
        ["Written", f"{moment(part.written_at)}{by}"],
        ["Entry", f"{part.entry_id.hex()[:8]}, version {part.version}"],
    ]
    return {
        "number": number,
        "title": f"{title}: {part.heading}" if part.heading else title,
        "scope": f" ({SCOPES[scope]})" if scope in SCOPES else "",
        "facts": facts,
        "paragraphs": paragraphs(part.text),
    }
