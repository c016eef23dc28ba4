"""What the ledger binds of a practice, its people and its clients, worked out from their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from angerona.errors import Altered, Unknown
from angerona.sealed.authority import authority_digest, erased_digest, stored_authority
from angerona.sealed.rows import ClientRow, PersonRow
from angerona.sealed.vault import person_digest, practice_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.sealed.vault import Vault
    from angerona.store import Reading


@dataclass(frozen=True, slots=True)
class Subject:
    """Whoever has a keys slot in the ledger."""

    subject_id: bytes
    kind: Literal["practice", "person", "client"]


def subjects_of(reading: Reading, practice_id: bytes) -> Iterator[Subject]:
    """The practice, every person, every client."""
    yield Subject(practice_id, "practice")
    for person in reading.rows("people.all", practice_id=practice_id):
        yield Subject(person[0], "person")
    for client in reading.rows("clients.all", practice_id=practice_id):
        yield Subject(client[0], "client")


def binding_of(reading: Reading, practice_id: bytes, subject: Subject) -> bytes:
    """What the ledger should hold of a subject (32 bytes), as its rows are. Raises `Unknown`."""
    subject_id = subject.subject_id
    match subject.kind:
        case "practice":
            return practice_digest(reading, practice_id)
        case "person":
            return person_digest(reading, practice_id, subject_id)
        case "client":
            stored = stored_authority(reading, practice_id, subject_id)
            return authority_digest(practice_id, subject_id, stored)


def label_of(vault: Vault, reading: Reading, subject: Subject) -> bytes:
    """The label under which a person's or a client's lines stand (32 bytes), from the row."""
    practice_id, subject_id = vault.practice_id, subject.subject_id
    if subject.kind == "person":
        place = {"practice_id": practice_id, "person_id": subject_id}
        [(_, row)] = reading.rows("people.by_key", **place)
        return vault.directory.open(PersonRow, row, subject_id).label
    place = {"practice_id": practice_id, "client_id": subject_id}
    [(_, row)] = reading.rows("clients.by_key", **place)
    return vault.directory.open(ClientRow, row, subject_id).label


def not_vouched(vault: Vault, reading: Reading) -> list[Subject]:
    """The subjects whose rows are not what the ledger binds, at the moment of a snapshot.

    Raises `Altered` where the ledger itself is not what was signed.
    """
    state_of = vault.ledger.states_in(reading)

    def is_vouched(subject: Subject) -> bool:
        try:
            held = state_of(subject.subject_id).keys
            return held == binding_of(reading, vault.practice_id, subject)
        except (Unknown, Altered):
            return False

    return [one for one in subjects_of(reading, vault.practice_id) if not is_vouched(one)]


def erased_since(vault: Vault, reading: Reading) -> list[bytes]:
    """Whom the ledger of a snapshot knows as there, and of whom there is no row any more."""
    practice_id, state_of = vault.practice_id, vault.ledger.states_in(reading)
    there = {one.subject_id for one in subjects_of(reading, practice_id)}
    known = [row[0] for row in reading.rows("subjects.all", practice_id=practice_id)]
    return [
        one
        for one in known
        if one not in there and state_of(one).keys != erased_digest(practice_id, one)
    ]
