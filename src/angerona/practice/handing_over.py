"""Handing over: what the gate lets leave, made up as a signed packet, with both lines of it.

From the moment the ledger has announced it, every way this can end is followed by a second line:
handed over, or failed.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, one_of
from angerona.gate.results import FileLeft, Prepared
from angerona.notices.packet_files import PAPERS, produced, sign_packet
from angerona.notices.packet_locks import lock
from angerona.notices.packet_pages import pages_of
from angerona.notices.packets import ID_BYTES, Cover, Part, prepare
from angerona.packs.texts import load_texts
from angerona.practice.kept_packets import keeping
from angerona.practice.matters import leaves_once
from angerona.practice.who_looked import who
from angerona.sealed.kept_packets import KeptPacket, KeptPacketRow

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from angerona.gate.door import Door
    from angerona.notices.packet_files import SignedPacket
    from angerona.notices.packets import Packet
    from angerona.practice.matters import Matter
    from angerona.practice.second_readers import Leaving
    from angerona.rules.answer import AskFirst, Permit, Refuse
    from angerona.rules.ask import Ask
    from angerona.sealed.entries import EntryPlace
    from angerona.sealed.vault import Visit

MEDIA: Final = {"pdf": "application/pdf", "json": "application/json"}
FORMS: Final = tuple(MEDIA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What leaves, and how it is made up.

    `reference`: the recipient's own sign for the matter; `blanks`: what fills the blanks of
    statements; `form` of `FORMS`, `paper` of `notices.packet_files.PAPERS`; `is_locked`: opened by
    a passphrase, a PDF alone, by `words` where they were made and shown before; `how`: by which way
    it goes, in words for the ledger; `seen`: what whoever agrees has seen of it
    (`Door.proposed`), where that is to count; `matter`: under which one it leaves, once; `is_kept`:
    the file can be had again for a while by whoever hands it over (`kept_packets.py`). `fulfils`:
    the rules whose duties it fulfils, beside those whose statements it carries.
    """

    leaving: Leaving
    reference: str = ""
    blanks: Mapping[str, str] = field(default_factory=dict)
    form: str = "pdf"
    paper: str = "a4"
    is_locked: bool = False
    words: str = ""
    how: str = "as a file"
    seen: str | None = None
    matter: Matter | None = None
    is_kept: bool = False
    fulfils: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class HandedOver:
    """What was handed over: the packet, its file, the words that open it, if it is locked.

    `files_left`: how many files kept with its entries are no part of it. `held_until`: until when
    its lines are held back from the client's list, if they are.
    """

    packet: Packet
    data: bytes
    passphrase: str
    files_left: int
    form: str
    held_until: datetime.datetime | None

    @property
    def file_name(self) -> str:
        """A name that says nothing about anybody."""
        return self.packet.file_name(self.form)

    @property
    def media_type(self) -> str:
        """What kind of file it is."""
        return MEDIA[self.form]


def rehearse(
    door: Door,
    visit: Visit,
    outgoing: Outgoing,
    said: tuple[Ask, Permit],
    going: Iterable[EntryPlace],
) -> Packet:
    """The packet without its words, to see whether it can be made. Raises `BadInput`.

    A statement whose blanks are not filled is found so before anything opens. `said`: an Ask and
    the Permit that is its Answer.
    """
    _checked(outgoing)
    blank = [
        Part(
            of_class=one.wanted,
            heading="",
            written_at=visit.at,
            author="",
            text="-",
            entry_id=one.entry_id,
            version=one.version,
        )
        for one in going
    ]
    return _packet(door, visit, outgoing, said, blank)


def hand_over(
    door: Door,
    visit: Visit,
    client_id: bytes,
    outgoing: Outgoing,
    *,
    deliver: Callable[[bytes], object] = bytes,
) -> HandedOver | AskFirst | Refuse:
    """Release what leaves, make it up, `deliver` its file, and say that it was handed over.

    Where `deliver` raises, nothing left, and the ledger says so. Raises as `Door.release`,
    `matters.leaves_once` and `notices.packets.prepare`.
    """
    _checked(outgoing)
    leaving, matter = outgoing.leaving, outgoing.matter
    prepared = door.release(
        visit,
        client_id,
        leaving.wish,
        entry_ids=leaving.entry_ids,
        left_out=leaving.left_out,
        recipient=leaving.recipient,
        seen=outgoing.seen,
        along=None if matter is None else leaves_once(visit, matter),
    )
    if not isinstance(prepared, Prepared):
        return prepared
    try:
        zone = door.vault.practice().zone
        parts = [Part.of(place, text, zone) for place, text in prepared.entries]
        said = (prepared.gathered.ask, prepared.permit)
        packet = _packet(door, visit, outgoing, said, parts)
        signed = sign_packet(packet, signer=door.vault.keyset.signer(), paper=outgoing.paper)
        data, passphrase = _file(outgoing, signed)
        file = _left(visit, client_id, outgoing, prepared, (packet, data, passphrase))
        deliver(data)
    except BaseException as problem:
        door.failed(prepared, visit.at, why=_why(problem))
        raise
    carried = outgoing.fulfils.union(one.duty for one in packet.statements)
    door.handed_over(
        *(prepared, visit.at),
        how=outgoing.how,
        packet_id=packet.packet_id,
        carried=carried,
        file=file,
        produced=produced(signed),
    )
    files = sum(text.attachment is not None for _, text in prepared.entries)
    return HandedOver(packet, data, passphrase, files, outgoing.form, prepared.held_until)


def _checked(outgoing: Outgoing) -> None:
    """Refuse early what could not be done at the end."""
    for place, word, allowed in (
        ("form", outgoing.form, FORMS),
        ("paper", outgoing.paper, PAPERS),
    ):
        if word not in allowed:
            raise BadInput(place, "no such word", one_of(allowed, word))
    is_sealed = outgoing.is_locked and outgoing.form == "pdf"
    if outgoing.leaving.wish.in_camera and not is_sealed:
        raise BadInput("lock", "is missing: the judge alone opens it", "pages (PDF), locked")
    if outgoing.is_locked and outgoing.form != "pdf":
        raise BadInput("lock", "only a PDF is locked", "the form pdf")


def _packet(
    door: Door,
    visit: Visit,
    outgoing: Outgoing,
    said: tuple[Ask, Permit],
    parts: Sequence[Part],
) -> Packet:
    ask, permit = said
    practice = door.vault.practice()
    return prepare(
        permit,
        ask=ask,
        packs=door.packs,
        texts=load_texts(),
        cover=Cover(
            practice=practice.row.name,
            prepared_by=who(visit.person.described),
            name=outgoing.leaving.recipient,
            reference=outgoing.reference,
            in_camera=outgoing.leaving.wish.in_camera,
        ),
        parts=parts,
        blanks=outgoing.blanks,
        packet_id=os.urandom(ID_BYTES),
        at=practice.local(visit.at),
    )


def _file(outgoing: Outgoing, signed: SignedPacket) -> tuple[bytes, str]:
    """The packet as a file, and the passphrase that opens it, if it is locked."""
    if outgoing.form == "json":
        return signed.as_json(), ""
    pages = pages_of(signed)
    if not outgoing.is_locked:
        return pages, ""
    locked = lock(pages, outgoing.words)
    return locked.pdf, locked.passphrase


def _left(
    visit: Visit,
    client_id: bytes,
    outgoing: Outgoing,
    prepared: Prepared,
    made: tuple[Packet, bytes, str],
) -> FileLeft:
    """The file as the ledger names it, and what keeps it, where it is to be had again."""
    packet, data, words = made
    digest = hashlib.sha256(data).digest()
    if not outgoing.is_kept:
        return FileLeft(digest)
    row = KeptPacketRow(
        client_id=client_id,
        recipient=outgoing.leaving.recipient,
        at=visit.at,
        held_until=prepared.held_until,
    )
    kept = KeptPacket(
        name=packet.file_name(outgoing.form),
        media_type=MEDIA[outgoing.form],
        data=data,
        words=words,
        wish=msgspec.msgpack.encode(outgoing.leaving.wish),
        classes=tuple(sorted({place.wanted for place, _ in prepared.entries})),
    )
    return FileLeft(digest, keeping(visit, packet.packet_id, row, kept))


def _why(problem: BaseException) -> str:
    """In a few words that say nothing of anybody."""
    return "stopped" if isinstance(problem, KeyboardInterrupt) else "the packet was not written"
