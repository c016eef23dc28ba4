"""The entries of a look as a timeline: months, in them sessions, in them entries with their past.

What was kept under one heading at one moment by one person is one session, in parts of one class
each. An entry stands where it was first kept, however often it was added to.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from angerona.notices.structured import read_structured
from angerona.practice.care import CLASS_OF, cosignatures
from angerona.sealed.compartments import COMPARTMENT_OF, PROCESS
from angerona.sealed.zones import noted
from angerona.words import CLASSES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from angerona.sealed.entries import EntryPlace, EntryText

    Version = tuple[EntryPlace, EntryText]


@dataclass(frozen=True, slots=True)
class Signature:
    """That somebody read a version of an entry and agrees."""

    person_id: bytes
    author_name: str
    written: datetime.datetime
    version: int
    remark: str


@dataclass(frozen=True, slots=True)
class Part:
    """An entry as it stands, and every earlier version of it, the newest of them first."""

    place: EntryPlace
    entry: EntryText
    first: EntryText
    earlier: tuple[Version, ...]
    signed: tuple[Signature, ...] = ()

    @property
    def is_kept_apart(self) -> bool:
        """Whether it lies under its author's own key."""
        return COMPARTMENT_OF[self.place.wanted] == PROCESS

    @property
    def is_data(self) -> bool:
        """Whether its text is data: it is changed by a form of its own."""
        return read_structured(self.entry.text) is not None

    @property
    def is_care(self) -> bool:
        """Whether it is data that stands, or stood, of the client's care."""
        return type(read_structured(self.entry.text)) in CLASS_OF

    def is_signed_by(self, person_id: bytes) -> bool:
        """Whether this person agreed to the newest version."""
        return any(
            one.person_id == person_id and one.version == self.place.version for one in self.signed
        )


@dataclass(frozen=True, slots=True)
class Session:
    """What was kept under one heading at one moment."""

    heading: str
    written: datetime.datetime
    author_name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The sessions of a month; `anchor` is where a page finds it, such as 2026-11."""

    anchor: str
    first: datetime.datetime
    sessions: tuple[Session, ...]


def timeline(
    entries: Sequence[Version], zone: datetime.tzinfo, *, newest_first: bool
) -> list[Month]:
    """Every entry of a look, each with the versions that were opened of it, by a clock's months."""
    found = sorted(sessions(entries), key=lambda one: one.written, reverse=newest_first)
    months = groupby(found, key=lambda one: f"{noted(one.written, zone):%Y-%m}")
    return [
        Month(anchor, held[0].written, held)
        for anchor, held in ((anchor, tuple(group)) for anchor, group in months)
    ]


def sessions(entries: Sequence[Version]) -> list[Session]:
    """The entries by session, in the order in which each session was begun."""
    held: dict[object, list[Part]] = {}
    for part in _parts(entries):
        first, place = part.first, part.place
        alone = () if first.heading else (place.entry_id,)
        key = (first.heading, first.written, place.author_id, *alone)
        held.setdefault(key, []).append(part)
    return [
        Session(
            parts[0].entry.heading, parts[0].first.written, parts[0].entry.author_name, (*parts,)
        )
        for parts in held.values()
    ]


def shut(unopened: Sequence[EntryPlace]) -> list[tuple[str, int]]:
    """What no key that is held opens: each class as people read it, and how many entries."""
    counted = Counter(
        CLASSES[wanted] for wanted in {p.entry_id: p.wanted for p in unopened}.values()
    )
    return sorted(counted.items())


def _parts(entries: Sequence[Version]) -> list[Part]:
    versions: dict[bytes, list[Version]] = {}
    signed, theirs = _signatures(entries)
    for place, entry in entries:
        if place.entry_id not in theirs:
            versions.setdefault(place.entry_id, []).append((place, entry))
    return [
        Part(
            *held[-1],
            held[0][1],
            tuple(reversed(held[:-1])),
            tuple(one for place, _ in held for one in signed.get(_version(place), ())),
        )
        for held in versions.values()
    ]


def _version(place: EntryPlace) -> tuple[str, int, str]:
    return (place.entry_id.hex(), place.version, place.digest.hex())


def _signatures(
    entries: Sequence[Version],
) -> tuple[dict[tuple[str, int, str], list[Signature]], set[bytes]]:
    """Who agreed to which version; and the ids of the entries that say so of what is here."""
    there = {_version(place) for place, _ in entries}
    signed: dict[tuple[str, int, str], list[Signature]] = {}
    theirs: set[bytes] = set()
    for of, found in cosignatures(entries).items():
        if of not in there:
            continue
        for place, entry, form in found:
            theirs.add(place.entry_id)
            signed.setdefault(of, []).append(
                Signature(
                    place.author_id, entry.author_name, entry.written, form.version, form.remark
                )
            )
    return signed, theirs
