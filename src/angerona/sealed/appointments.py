"""Appointments as they lie: each is bound by the newest line of its client that is about it.

A row is written and changed with a line that names it and its digest, so that one which was
deleted, put back, moved or made up is found. The digest is over what the row says, not over how it
is sealed.
"""

from __future__ import annotations

import contextlib
import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec

from angerona.ciphers.encoding import digest
from angerona.errors import Unknown, Unopenable
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from angerona.sealed.vault import Vault
    from angerona.store import Reading

_APPOINTMENT: Final = "appointment"
_ROW: Final = "row"


class AppointmentRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a client comes (`starts`, aware), for how many minutes, to which person."""

    domain: ClassVar[str] = "angerona/row/appointment/v1"
    person_id: bytes
    starts: datetime.datetime
    minutes: int
    title: str
    is_cancelled: bool = False


def binding(
    practice_id: bytes, client_id: bytes, appointment_id: bytes, row: AppointmentRow
) -> dict[str, str]:
    """What a line says of an appointment: its id and what its row is, in hexadecimal digits."""
    said = digest(
        "angerona/appointment/v1",
        practice_id,
        client_id,
        appointment_id,
        msgspec.msgpack.encode(row),
    )
    return {_APPOINTMENT: appointment_id.hex(), _ROW: said.hex()}


@dataclass(frozen=True, slots=True)
class Differing:
    """The ids of rows that no line says so, and how many rows are missing that lines name."""

    extra: tuple[bytes, ...]
    missing: int


def differing(vault: Vault, reading: Reading) -> Differing:
    """Compare every row with every line of every client who is there. Raises `Altered`.

    Of a client whose lines cannot all be read, nothing is said.
    """
    practice_id, stated = vault.practice_id, dict[tuple[bytes, str], str]()
    rows = reading.rows("appointments.all", practice_id=practice_id)
    unread = set[bytes]()
    for (client_id,) in reading.rows("clients.ids", practice_id=practice_id):
        with contextlib.suppress(Unknown):  # a client whom an older ledger does not know yet
            for line in vault.ledger.lines_of(client_id):
                if line.kind is None:
                    unread.add(client_id)
                elif _APPOINTMENT in line.body:
                    stated[client_id, line.body[_APPOINTMENT]] = line.body[_ROW]
    extra = list[bytes]()
    for appointment_id, client_id, sealed in rows:
        said = stated.pop((client_id, appointment_id.hex()), None)
        if client_id not in unread and said != _as_it_lies(
            vault, client_id, appointment_id, sealed
        ):
            extra.append(appointment_id)
    missing = sum(client_id not in unread for client_id, _ in stated)
    return Differing(tuple(extra), missing)


def _as_it_lies(vault: Vault, client_id: bytes, appointment_id: bytes, sealed: bytes) -> str | None:
    try:
        row = vault.directory.open(AppointmentRow, sealed, client_id, appointment_id)
    except Unopenable:
        return ""
    return binding(vault.practice_id, client_id, appointment_id, row)[_ROW]
