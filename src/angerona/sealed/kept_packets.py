"""The file of what was handed over, kept for a while: sealed to whoever handed it over, alone.

A connection can break off while a file is sent. No key of a record opens what is kept here, no key
holder, nobody else's session; that it is the file that left, the ledger says by its hash. Whose
record it is of stands sealed: beside a list that keeps silent, a clear id would tell.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec

from angerona.ciphers.encoding import packed
from angerona.ciphers.padding import padded, unpadded
from angerona.ciphers.wraps import WrapPair, unwrap, wrap
from angerona.errors import Unopenable
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from angerona.sealed.vault import Vault
    from angerona.store import Reading

_PACKET: Final = "angerona/kept-packet/v1"


class KeptPacketRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of whom it is, to whom it went, when; until when its lines are held back, if they are."""

    domain: ClassVar[str] = "angerona/row/kept-packet/v1"
    client_id: bytes
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
    """Where a packet lies, and whose record it is of: four ids of 16 bytes."""

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


def sealed_row(vault: Vault, place: PacketPlace, row: KeptPacketRow) -> bytes:
    """Its row, bound to its place."""
    return vault.directory.seal(row, place.person_id, place.packet_id)


def opened_row(vault: Vault, person_id: bytes, packet_id: bytes, sealed: bytes) -> KeptPacketRow:
    """The row at a place. Raises `Unopenable`."""
    return vault.directory.open(KeptPacketRow, sealed, person_id, packet_id)


def all_rows(vault: Vault, reading: Reading) -> list[tuple[bytes, bytes, KeptPacketRow]]:
    """Every row there is, after the ids of its person and its packet. Raises `Unopenable`."""
    rows = reading.rows("packets.all", practice_id=vault.practice_id)
    return [
        (person_id, packet_id, opened_row(vault, person_id, packet_id, sealed))
        for person_id, packet_id, sealed in rows
    ]
