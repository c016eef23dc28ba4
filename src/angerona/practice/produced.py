"""What was produced: each packet that left a record, piece by piece, as its signed manifest has it.

The list is read off the ledger, where the line that says that a packet was handed over names every
piece with its length and hash. Beside it stands what had been announced before anything was
opened: that both are the same can be shown to a court. Of what stayed it says, for the practice
alone, which kinds and by which rules, and no entry.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from angerona.notices.csv_files import csv_of
from angerona.notices.letters import law_of
from angerona.notices.paragraphs import moment
from angerona.notices.registers import register_pdf
from angerona.practice.caseload import short_id
from angerona.practice.clients import known_authority
from angerona.practice.members import OFFICER
from angerona.sealed.held_lines import HAPPENED, HELD, all_waiting, lines_now
from angerona.words import CLASSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from angerona.gate.door import Door
    from angerona.ledger.lines import OpenedLine
    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Visit

COLUMNS: Final = ("number", "entry", "version", "kind", "passage", "bytes", "sha256")
FORMS: Final = ("pdf", "csv")
HEADING: Final = "What was produced"
_NEVER: Final = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a packet as its manifest has it: length in bytes, SHA-256 in digits."""

    entry_id: bytes
    version: int
    of_class: str
    passage: str
    length: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """A packet that left: its pieces, and what was announced before it was opened.

    `manifest` names its signed manifest (SHA-256 in digits). `to` and `instrument` are words of
    `words.py`, `opens` the classes that were asked for or that the order names. Of what stayed:
    `stayed` its classes, `unchosen` how many entries of the classes that went, `gaps` how many
    passages, `law` the citations of what kept it back. `announced` is `None` where that line is
    not to be read any more.
    """

    packet_id: bytes
    at: datetime.datetime
    how: str
    manifest: str
    pieces: tuple[Piece, ...]
    to: str = ""
    recipient: str = ""
    instrument: str = "none"
    announced: frozenset[tuple[bytes, int]] | None = None
    opens: tuple[str, ...] = ()
    stayed: tuple[str, ...] = ()
    unchosen: int = 0
    gaps: int = 0
    law: str = ""
    in_camera: bool = False

    @property
    def is_as_announced(self) -> bool:
        """Whether exactly the entries and versions left that had been announced."""
        went = frozenset((one.entry_id, one.version) for one in self.pieces)
        return self.announced == went

    @property
    def short_id(self) -> str:
        """What stands at the foot of the packet's pages."""
        return short_id(self.packet_id)


def produced_of(door: Door, visit: Visit, client_id: bytes) -> list[Produced]:
    """What was produced of a record, the newest first, with a line under the person.

    Whoever treats and the privacy officer see all of it, others what they handed over themselves;
    what is held back from the client's list, whoever handed it over and the officer alone. Raises
    `Unknown` for a client this person has nothing to do with.
    """
    vault, me = visit.vault, visit.unlocked.person_id
    authority = known_authority(visit, client_id)
    treats = "treating" in authority.relations(me, visit.at)
    lines = lines_now(vault, client_id)
    told = [one for one in lines if one.is_open(visit.at)]
    held = _held(visit, client_id, lines)
    announced = {
        one.event_id.hex(): one.body for one in (*told, *held) if _kind(one) == "disclosure"
    }
    left = [*(one for one in told if treats or _is_ones_own(visit, one))]
    left += [one for one in held if _is_ones_own(visit, one)]
    listed = {  # what was held and is told stands on both lists, and counts once
        one.body["packet"]: _produced(one, announced.get(one.body["announced"]), door.packs)
        for one in left
        if _kind(one) == "handed_over" and "produced" in one.body
    }
    body = {"by": visit.person.described, "what": "produced", "packets": len(listed)}
    vault.record(visit.person.person_id, "look", body, visit.at)
    return sorted(listed.values(), key=lambda one: one.at, reverse=True)


def produced_csv(one: Produced) -> bytes:
    """The list as CSV."""
    return csv_of(COLUMNS, (_cells(number, piece) for number, piece in enumerate(one.pieces, 1)))


def produced_pdf(
    one: Produced, *, practice: str, zone: datetime.tzinfo, at: datetime.datetime, paper: str
) -> bytes:
    """The list as pages, made `at`. Raises as `registers.register_pdf`."""
    alone = ", for the judge alone" if one.in_camera else ""
    many = "1 piece" if len(one.pieces) == 1 else f"{len(one.pieces)} pieces"
    entries: list[tuple[str, Sequence[str]]] = [
        (
            f"Packet {one.short_id}",
            (
                f"Handed over on {moment(one.at.astimezone(zone))}, {one.how}.",
                f"To: {one.recipient or RECIPIENTS.get(one.to, 'whoever asked')}{alone}.",
                f"{many}, and nothing else; each with its length and its hash, as they are signed.",
                f"SHA-256 of the signed manifest: {one.manifest}",
            ),
        )
    ]
    for number, entry, version, kind, passage, length, sha256 in (
        _cells(number, piece) for number, piece in enumerate(one.pieces, 1)
    ):
        which = f"Entry {entry}, version {version}{f', {passage}' if passage else ''}."
        entries.append(
            (
                f"{number}. {kind[:1].upper() + kind[1:]}",
                (which, f"{length} bytes. SHA-256: {sha256}"),
            )
        )
    return register_pdf(HEADING, entries, practice=practice, at=at.astimezone(zone), paper=paper)


def _cells(number: int, piece: Piece) -> Sequence[str]:
    return (
        str(number),
        piece.entry_id.hex(),
        str(piece.version),
        CLASSES.get(piece.of_class, piece.of_class),
        piece.passage,
        str(piece.length),
        piece.sha256,
    )


def _held(visit: Visit, client_id: bytes, lines: Iterable[OpenedLine]) -> list[OpenedLine]:
    """The practice's own lines of what is or was held, where anything of this client was."""
    vault = visit.vault
    with vault.store.snapshot() as reading:
        waits = any(one.row.client_id == client_id for one in all_waiting(vault, reading))
    if not waits and not any(HAPPENED in one.body for one in lines):
        return []
    named = client_id.hex()
    own = vault.ledger.lines_of(vault.practice_id)
    return [one for one in own if one.kind == HELD and one.body.get("client") == named]


def _kind(line: OpenedLine) -> str | None:
    return line.body.get(HELD) if line.kind == HELD else line.kind


def _is_ones_own(visit: Visit, line: OpenedLine) -> bool:
    """Whether this person wrote a line, or is the privacy officer, whose every line it is."""
    by = line.body.get("by", {})
    return by.get("id") == visit.unlocked.person_id.hex() or OFFICER in visit.person.row.posts


def _produced(line: OpenedLine, first: Mapping[str, Any] | None, packs: Packs) -> Produced:
    """A packet by the line that says it was handed over, and the line that announced it."""
    body, begun = line.body, first or {}
    stayed: Mapping[str, Any] = begun.get("stayed", {"classes": [], "entries": 0})
    named = [one for order in begun.get("orders", ()) for one in order["classes"]]
    gone = [*begun.get("classes", ()), *stayed["classes"]]
    known = {one.id for pack in packs.packs.values() for one in pack.locks}
    happened = body.get(HAPPENED)
    return Produced(
        packet_id=bytes.fromhex(body["packet"]),
        at=datetime.datetime.fromisoformat(happened) if happened else line.at or _NEVER,
        how=body["how"],
        manifest=body["produced"]["manifest"],
        pieces=tuple(_piece(*one) for one in body["produced"]["parts"]),
        to=begun.get("to", ""),
        recipient=begun.get("what", ""),
        instrument=begun.get("instrument", "none"),
        announced=None if first is None else frozenset(map(_entry, begun.get("entries", ()))),
        opens=tuple(dict.fromkeys(named or gone)),
        stayed=tuple(stayed["classes"]),
        unchosen=stayed["entries"],
        gaps=sum(begun.get("passages", {}).values()),
        in_camera=bool(begun.get("in_camera")),
        law=law_of(packs, [one for one in begun.get("locks", ()) if one in known]),
    )


def _piece(entry: str, of_class: str, passage: str, length: int, sha256: str) -> Piece:
    return Piece(*_entry(entry), of_class, passage, length, sha256)


def _entry(named: str) -> tuple[bytes, int]:
    entry, _, version = named.partition(":")
    return bytes.fromhex(entry), int(version)
