"""Compares rows with what lines say of them: who was erased, what is held, and what is owed.

Whoever is erased leaves the digest of an erasure in the ledger (`authority.erased_digest`) and a
line of the practice, and no row. So somebody whose rows are gone without them was made away with,
and a row that is there after them was put back. What the law delays waits in the outbox or stands
on its client's list (`held_lines.py`). Every row of `duties` and of `appointments` is named by a
line (`duties.py`, `appointments.py`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.ledger.checking import Finding
from angerona.sealed.appointments import differing
from angerona.sealed.authority import ERASED, erased_digest
from angerona.sealed.duties import difference
from angerona.sealed.held_lines import compared
from angerona.sealed.kept_packets import all_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from angerona.sealed.vault import Vault
    from angerona.store import Reading

CHECKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "erasures": "whoever is gone was erased, as the practice's own list says, and stays gone",
        "held": "every line that the law delays waits, or stands on its client's list",
        "duties": "what is owed is what the lines leave owed",
        "appointments": "every appointment is as its client's lines say, and none is missing",
    }
)
_ROWS: Final = {
    "client_id": (
        "appointments.of_client",
        "attachments.any_of_client",
        "consents.of_client",
        "drafts.any_of_client",
        "duties.of_client",
        "entries.last",
        "event_keys.by_key",
        "key_sheets.newest",
        "shares.of_client",
        "ties.of_client",
        "wraps.of_client",
    ),
    "person_id": ("credentials.of_person", "post_keys.of_person"),
}
"""What is there of somebody, beside the row of the client or person itself."""


def check_erasures(vault: Vault) -> Iterator[Finding]:
    """Whatever is wrong with who is gone. Raises `Altered` where a list is not the ledger's."""
    practice_id = vault.practice_id
    said = {
        bytes.fromhex(one)
        for line in vault.ledger.lines_of(practice_id)
        if line.kind == ERASED
        for one in line.body[ERASED]
    }
    with vault.store.snapshot() as reading:
        nouns = ("people.all", "clients.ids")
        there = {row[0] for noun in nouns for row in reading.rows(noun, practice_id=practice_id)}
        there |= {row.client_id for _, _, row in all_rows(vault, reading)} & said
        known = {row[0] for row in reading.rows("subjects.all", practice_id=practice_id)}
        for subject_id in sorted((known - there - {practice_id}) | said):
            who = f"subject {subject_id.hex()}"
            bound = vault.ledger.state_of(subject_id).keys
            is_bound = bound == erased_digest(practice_id, subject_id)
            if not is_bound and subject_id not in said:
                yield Finding("erasures", f"{who} is gone, and no line says that it was erased")
            elif not is_bound:
                yield Finding("erasures", f"{who} was not erased, though the practice says so")
            elif subject_id not in said:
                yield Finding("erasures", f"{who} was erased, and the practice does not say so")
            elif subject_id in there or _is_left(reading, practice_id, subject_id):
                yield Finding("erasures", f"{who} was erased, and something of it is there again")


def check_held(vault: Vault) -> Iterator[Finding]:
    """Whatever is wrong with what is held. Raises `Altered` where a list is not the ledger's."""
    found = compared(vault)
    for line in found.missing:
        where = f"client {line.body['client']}"
        yield Finding("held", f"{where}: a line that is held neither waits nor stands on the list")
    for wrong, rows in (
        ("and the practice does not say so", found.unsaid),
        ("and stands on the list already", found.told),
        ("until another time than was said", found.moved),
    ):
        for one in rows:
            yield Finding("held", f"client {one.row.client_id.hex()}: a line waits, {wrong}")


def check_duties(vault: Vault) -> Iterator[Finding]:
    """Whatever is wrong with what is owed. Raises `Altered` where a list is not the ledger's."""
    with vault.store.snapshot() as reading:
        found = difference(vault, reading)
    if found.missing:
        yield Finding("duties", f"{len(found.missing)} duties that lines leave owed are missing")
    for duty_id in found.extra:
        where = f"duty {duty_id.hex()}"
        yield Finding("duties", f"{where} was altered, or put there from elsewhere")


def check_appointments(vault: Vault) -> Iterator[Finding]:
    """Whatever is wrong with the calendar. Raises `Altered` where a list is not the ledger's."""
    with vault.store.snapshot() as reading:
        found = differing(vault, reading)
    if found.missing:
        yield Finding("appointments", f"{found.missing} appointments that lines name are missing")
    for appointment_id in found.extra:
        where = f"appointment {appointment_id.hex()}"
        yield Finding("appointments", f"{where} was altered, or put there from elsewhere")


def _is_left(reading: Reading, practice_id: bytes, subject_id: bytes) -> bool:
    """Whether there is a row of somebody who was erased."""
    return any(
        row != (None,)
        for column, statements in _ROWS.items()
        for statement in statements
        for row in reading.rows(statement, practice_id=practice_id, **{column: subject_id})
    )
