"""Founding a practice: boot secret, keyset, posts, key holders' seats, the first member.

One person alone can found and run a practice: seats on sealed paper and with outside people count
like any other (three at least), and the first member may hold every post.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.ciphers.age_files import identity_of_seat, recipient_of
from angerona.ciphers.wraps import WrapPair
from angerona.errors import BadInput
from angerona.practice.members import Enrolled, NewMember, enrol
from angerona.sealed.compartments import BY_POST
from angerona.sealed.key_holders import check_quorum
from angerona.sealed.keyset import Keyset
from angerona.sealed.rows import PostRow, PracticeRow, SeatRow
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault, origin_of, practice_digest
from angerona.sealed.zones import check_zone

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

    from angerona.sealed.boot import BootSecret
    from angerona.store import Store, Writing

SEAT_KINDS: Final = ("paper", "outside", "member")
"""`member` is held by somebody who signs in; today every seat's secret is on paper at first."""
FIRST_GENERATION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPractice:
    """What is asked at the founding: name, place, packs of law, seats and how many must agree.

    `zone` is the time zone of its clocks, by its IANA name.
    """

    name: str
    place: str
    zone: str
    packs: tuple[str, ...]
    seats: tuple[str, ...]
    quorum: int


@dataclass(frozen=True, slots=True, repr=False)
class SeatPaper:
    """The secret of one seat (32 bytes), to be printed and kept nowhere else."""

    seat_id: bytes
    number: int
    title: str
    secret: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Founded:
    """The open practice, its first member, and the papers to hand out."""

    vault: Vault
    first: Enrolled
    papers: tuple[SeatPaper, ...]


def found(
    store: Store,
    boot: BootSecret,
    keyset_path: Path,
    practice: NewPractice,
    member: NewMember,
    *,
    password: str,
    at: datetime.datetime,
) -> Founded:
    """Found a practice in a store. Raises `BadInput`, and `MissingExtra` for want of time zones.

    What it made before that holds nothing.
    """
    check_quorum(practice.quorum, len(practice.seats))
    check_zone(practice.zone)
    if not practice.name.strip():
        raise BadInput("name", "is empty", "the name of the practice")
    practice_id, label = os.urandom(16), os.urandom(32)
    keys = boot.derived(practice_id)
    keyset = Keyset.found(keyset_path, practice_id, keys, at)
    vault = Vault(store, keys, keyset, Agent())
    row = PracticeRow(
        name=practice.name,
        place=practice.place,
        packs=practice.packs,
        label=label,
        origin=origin_of(practice_id),
        quorum=practice.quorum,
        founded=at,
        zone=practice.zone,
    )
    post_seeds = {name: os.urandom(32) for name in BY_POST}
    papers = tuple(
        SeatPaper(os.urandom(16), number, title, os.urandom(32))
        for number, title in enumerate(practice.seats, 1)
    )

    def changes(writing: Writing) -> bytes:
        vault.ledger.enrol(writing, practice_id, label)
        writing.run(
            "practices.insert",
            practice_id=practice_id,
            row=vault.directory.seal(row, practice_id),
        )
        _insert_posts(vault, writing, post_seeds)
        insert_seats(vault, writing, papers)
        return practice_digest(writing, practice_id)

    vault.event_keys.of_own(practice_id)
    body = {"by": {"name": member.name}, "what": "founded", "seats": len(papers)}
    vault.record(practice_id, "keys", body, at, slot="keys", changes=changes)
    first = enrol(vault, member, password, at, by={"name": member.name}, post_seeds=post_seeds)
    return Founded(vault, first, papers)


def _insert_posts(vault: Vault, writing: Writing, seeds: dict[str, bytes]) -> None:
    for name, seed in seeds.items():
        post_id = os.urandom(16)
        row = PostRow(name=name, generation=FIRST_GENERATION)
        writing.run(
            "posts.insert",
            practice_id=vault.practice_id,
            post_id=post_id,
            public=WrapPair.from_seed(seed).public,
            row=vault.directory.seal(row, post_id),
        )


def insert_seats(vault: Vault, writing: Writing, papers: Sequence[SeatPaper]) -> None:
    """Inside a job: write new seats, each by its paper's secret."""
    for paper in papers:
        age = recipient_of(identity_of_seat(paper.secret))
        row = SeatRow(title=paper.title, kind="paper", number=paper.number, age=age)
        writing.run(
            "seats.insert",
            practice_id=vault.practice_id,
            seat_id=paper.seat_id,
            public=WrapPair.from_seed(paper.secret).public,
            row=vault.directory.seal(row, paper.seat_id),
        )
