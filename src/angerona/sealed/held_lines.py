"""Lines that the law delays: durable at once, and on the client's list without a tell.

A line that may not be told yet is written under the practice, where the privacy officer finds it,
and waits in the outbox. The client's list gets exactly one closed line a day, whatever happened
(`practice/upkeep.py`): a line that waits takes the place of that day's blank one, one a day. So
neither the list, nor its count, nor its proof shows that anything is held back, and when the hold
ends the line opens where it stands.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
import os
from typing import TYPE_CHECKING, Any, ClassVar, Final

import msgspec

from angerona.errors import Unopenable
from angerona.ledger.lines import LINE_BYTES_MIN, Line, Written
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.sealed.vault import Vault
    from angerona.store import Reading, Writing

HELD: Final = "held"


class HeldRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line that waits for a day of its client's list: its body is JSON, as the ledger's.

    `number` is the place of its line among the practice's own: what came first goes first.
    """

    domain: ClassVar[str] = "angerona/row/held-line/v1"
    least: ClassVar[int] = LINE_BYTES_MIN
    client_id: bytes
    kind: str
    body: bytes
    at: datetime.datetime
    until: datetime.datetime
    number: int = 0


class Waiting(msgspec.Struct, frozen=True):
    """A held line and the id (16 bytes) it waits under."""

    message_id: bytes
    row: HeldRow

    def line(self, at: datetime.datetime) -> Line:
        """The line as it goes on the client's list today."""
        body: dict[str, Any] = msgspec.json.decode(self.row.body)
        body["happened"] = self.row.at.isoformat()
        until = self.row.until if self.row.until > at else None
        return Line(self.row.client_id, self.row.kind, body, held_until=until)


def hold(
    vault: Vault,
    client_id: bytes,
    kind: str,
    body: Mapping[str, object],
    at: datetime.datetime,
    *,
    until: datetime.datetime,
    authority: int | None,
) -> Written:
    """Write a line that the client may not see yet; it is durable when this returns.

    Raises as `Vault.record`.
    """
    message_id = os.urandom(16)
    said = {**body, "held": kind, "client": client_id.hex(), "until": until.isoformat()}

    def changes(writing: Writing) -> None:
        row = HeldRow(
            client_id=client_id,
            kind=kind,
            body=msgspec.json.encode(body),
            at=at,
            until=until,
            number=vault.ledger.now(writing, vault.practice_id).n,
        )
        place = {"practice_id": vault.practice_id, "message_id": message_id}
        writing.run("outbox.insert", row=vault.directory.seal(row, message_id), **place)

    [written] = vault.ledger.append_all(
        [Line(vault.practice_id, HELD, said)],
        at,
        authority={} if authority is None else {client_id: authority},
        changes=changes,
    ).result()
    # The commit is of this very line; what it announces concerns the client.
    return Written(written.event_id, client_id, written.commit)


def waiting(vault: Vault, reading: Reading) -> dict[bytes, Waiting]:
    """The line that waits longest, for each client who has one."""
    found: dict[bytes, Waiting] = {}
    for message_id, sealed in reading.rows("outbox.all", practice_id=vault.practice_id):
        try:
            row = vault.directory.open(HeldRow, sealed, message_id)
        except Unopenable:
            continue  # another kind of message waits there
        before = found.get(row.client_id)
        if before is None or row.number < before.row.number:
            found[row.client_id] = Waiting(message_id, row)
    return found
