"""What was handed over, to be had again by whoever did: the very same file, for a week.

The ledger says that something was handed over before its file goes out, for what has left must be
in the list even if the power fails that moment. So the file is kept in that very transaction,
sealed to whoever hands it over. Each time it is had again is a line, the rules are asked anew each
time, and only the file whose hash the ledger has is given.
"""

from __future__ import annotations

import datetime
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import Altered, Unknown
from angerona.gate.announcing import Act, announced
from angerona.gate.gathering import Wish
from angerona.practice.clients import known_authority, reaches
from angerona.practice.supervision import name_as_met
from angerona.rules.answer import Permit
from angerona.sealed.held_lines import delays_of, later_end
from angerona.sealed.kept_packets import (
    KeptPacket,
    KeptPacketRow,
    PacketPlace,
    all_rows,
    opened_packet,
    opened_row,
    sealed_packet,
    sealed_row,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.gate.door import Door
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

KEPT_FOR: Final = datetime.timedelta(days=7)
"""How long a file can be had again."""
AGAIN: Final = "packet again"
"""What the line of having it again says."""
FILE: Final = "file"
"""Under which name the line of what was handed over has the SHA-256 of the file."""


@dataclass(frozen=True, slots=True, repr=False)
class HadAgain:
    """A packet that this person handed over: its id (16 bytes), the client as met, to whom, when.

    `until`: the last moment at which it can be had; `words`: what opens it, where it is locked.
    """

    packet_id: bytes
    client_id: bytes
    client: str
    recipient: str
    at: datetime.datetime
    until: datetime.datetime
    words: str


def keeping(
    visit: Visit, packet_id: bytes, row: KeptPacketRow, packet: KeptPacket
) -> Callable[[Writing], None]:
    """What keeps a file in the transaction that says that it was handed over."""
    vault, keys = visit.vault, visit.unlocked.keys
    place = PacketPlace(vault.practice_id, row.client_id, visit.unlocked.person_id, packet_id)
    blob = sealed_packet(keys.public.wrap, place, packet)

    def change(writing: Writing) -> None:
        writing.run(
            "packets.insert",
            practice_id=vault.practice_id,
            packet_id=packet_id,
            person_id=place.person_id,
            row=sealed_row(vault, place, row),
            blob=blob,
        )

    return change


def kept_packets(visit: Visit) -> list[HadAgain]:
    """What this person can have again, the newest first; with a line under the person.

    Of whom this person has nothing more to do with, nothing is named.
    """
    vault, person_id = visit.vault, visit.unlocked.person_id
    rows = vault.store.rows("packets.of_person", practice_id=vault.practice_id, person_id=person_id)
    found = []
    for packet_id, sealed, blob in rows:
        row = opened_row(vault, person_id, packet_id, sealed)
        authority = _within_reach(visit, row.client_id)
        if authority is None or _is_over(row, visit.at):
            continue
        place = PacketPlace(vault.practice_id, row.client_id, person_id, packet_id)
        packet = opened_packet(visit.unlocked.keys.pair, place, blob)
        found.append(
            HadAgain(
                packet_id,
                row.client_id,
                name_as_met(visit, authority),
                row.recipient,
                row.at,
                row.at + KEPT_FOR,
                packet.words,
            )
        )
    body = {"by": visit.person.described, "what": "packets", "packets": len(found)}
    vault.record(person_id, "look", body, visit.at)
    return sorted(found, key=lambda one: one.at, reverse=True)


def have_again(door: Door, visit: Visit, packet_id: bytes) -> KeptPacket | None:
    """The very file that was handed over, once more, with a line; nothing where the rules say no.

    Raises `Unknown` for what this person did not hand over, has no more to do with, or can have no
    more; `Altered` for a file that is not the one of the ledger.
    """
    vault, person_id = visit.vault, visit.unlocked.person_id
    rows = vault.store.rows(
        *("packets.by_key",),
        practice_id=vault.practice_id,
        packet_id=packet_id,
        person_id=person_id,
    )
    if not rows:
        raise Unknown
    sealed, blob = rows[0]
    row = opened_row(vault, person_id, packet_id, sealed)
    if _is_over(row, visit.at):
        raise Unknown
    client_id = row.client_id
    authority = known_authority(visit, client_id)
    place = PacketPlace(vault.practice_id, client_id, person_id, packet_id)
    packet = opened_packet(visit.unlocked.keys.pair, place, blob)
    if hashlib.sha256(packet.data).hexdigest() != _hash_of(vault, client_id, packet_id):
        raise Altered("the file of a packet")
    wish = msgspec.msgpack.decode(packet.wish, type=Wish)
    answer = door.preview(visit, client_id, wish).answer
    if not isinstance(answer, Permit) or not answer.released.issuperset(packet.classes):
        return None
    body = {
        "by": visit.person.described,
        "what": AGAIN,
        "packet": packet_id.hex(),
        "classes": list(packet.classes),
    }
    act = Act(client_id, "look", body, held_until=_held_until(visit, row))
    announced(vault, act, visit.at, authority=authority.version)
    return packet


def let_go(visit: Visit, packet_id: bytes) -> None:
    """Keep a file no longer: it has arrived. Raises `Unknown` for what is not this person's."""
    vault = visit.vault
    mine = {"practice_id": vault.practice_id, "person_id": visit.unlocked.person_id}
    place = {**mine, "packet_id": packet_id}
    if not vault.store.rows("packets.by_key", **place):
        raise Unknown
    vault.store.write(lambda writing: writing.run("packets.delete", **place)).result()


def forget_packets(vault: Vault, at: datetime.datetime) -> None:
    """Let go of every file that can be had no more."""
    with vault.store.snapshot() as reading:
        rows = all_rows(vault, reading)
    old = [
        {"person_id": person_id, "packet_id": packet_id}
        for person_id, packet_id, row in rows
        if _is_over(row, at)
    ]

    def job(writing: Writing) -> None:
        for one in old:
            writing.run("packets.delete", practice_id=vault.practice_id, **one)

    if old:
        vault.store.write(job).result()


def _within_reach(visit: Visit, client_id: bytes) -> Authority | None:
    with suppress(Unknown):
        authority = visit.vault.authority(client_id)
        if reaches(visit.person, authority, visit.at):
            return authority
    return None


def _held_until(visit: Visit, row: KeptPacketRow) -> datetime.datetime | None:
    """Until when the first lines are held back now; nothing where they are open."""
    if row.held_until is None:
        return None
    until = later_end(row.held_until, delays_of(visit.vault, row.client_id))
    return until if until > visit.at else None


def _is_over(row: KeptPacketRow, at: datetime.datetime) -> bool:
    return row.at + KEPT_FOR <= at


def _hash_of(vault: Vault, client_id: bytes, packet_id: bytes) -> str:
    """What the ledger has of the file; empty where it has nothing."""
    bodies = (
        one.body
        for subject_id in (client_id, vault.practice_id)
        for one in vault.ledger.lines_of(subject_id)
    )
    said = (one for one in bodies if one.get("packet") == packet_id.hex())
    return next((str(one[FILE]) for one in said if FILE in one), "")
