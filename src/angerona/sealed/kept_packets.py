"""The file of what was handed over, kept for a while: sealed to whoever handed it over, alone.

A connection can break off while a file is sent. No key of a record opens what is kept here, no key
holder, nobody else's session; that it is the file that left, the ledger says by its hash.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from dataclasses import dataclass
from typing import ClassVar, Final

import msgspec

from angerona.ciphers.encoding import packed
from angerona.ciphers.padding import padded, unpadded
from angerona.ciphers.wraps import WrapPair, unwrap, wrap
from angerona.errors import Unopenable
from angerona.sealed.rows import Row

_PACKET: Final = "angerona/kept-packet/v1"


class KeptPacketRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom it went, and when; until when its lines are held back, if they are."""

    domain: ClassVar[str] = "angerona/row/kept-packet/v1"
    recipient: str
    at: datetime.datetime
    held_until: datetime.datetime | None = None


class KeptPacket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file with its name and media type, and the words that open it, where it is locked.

    `wish` is what was wished of the gate (MessagePack), `classes` what it released: by these it is
    weighed again.
    """

    name: str
    media_type: str
    data: bytes
    words: str
    wish: bytes
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PacketPlace:
    """Where a packet lies, as its clear columns say: four ids of 16 bytes."""

    practice_id: bytes
    client_id: bytes
    person_id: bytes
    packet_id: bytes

    @property
    def info(self) -> bytes:
        """What the sealed packet is bound to."""
        return packed(_PACKET, self.practice_id, self.client_id, self.person_id, self.packet_id)


def sealed_packet(public: bytes, place: PacketPlace, packet: KeptPacket) -> bytes:
    """It, sealed to the public key (1,216 bytes) of whoever handed it over."""
    return wrap(public, place.info, padded(msgspec.msgpack.encode(packet)))


def opened_packet(pair: WrapPair, place: PacketPlace, blob: bytes) -> KeptPacket:
    """What was kept. Raises `Unopenable` for another person or place, and an altered byte."""
    try:
        return msgspec.msgpack.decode(unpadded(unwrap(pair, place.info, blob)), type=KeptPacket)
    except msgspec.MsgspecError:
        raise Unopenable("a packet that was handed over") from None
