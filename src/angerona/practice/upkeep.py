"""What a practice needs once a day, whether or not anybody works in it.

1. The epoch of the wrap vault begins anew each 30 days, and the old one's key goes (`epochs.py`).
2. Every client's list receives one closed line a day, on the day's first upkeep: a **blank** one,
   or in its place a line that the law holds back (`sealed/held_lines.py`). So the list, its count
   and its proof are the same whether or not anything is held back.
3. What was counted of repeated refusals is written.
4. The ledger is covered by a checkpoint, to be remembered elsewhere.
5. It is counted which records have keys that must turn, or stand on former seats (`turning.py`).
   Once no wrap stands on a former key pair of a post, that pair is destroyed (`posts.py`).
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.ledger.lines import Line
from angerona.practice.epochs import roll_epoch
from angerona.practice.posts import drop_former_pairs
from angerona.practice.turning import RecordsOwed, records_owed
from angerona.sealed.held_lines import release, waiting
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from angerona.sealed.vault import Vault
    from angerona.store import Writing

_NAME: Final = "upkeep"
_BATCH: Final = 500


class UpkeepRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When blank lines were written last."""

    domain: ClassVar[str] = "angerona/row/upkeep/v1"
    day: datetime.date


@dataclass(frozen=True, slots=True)
class Kept:
    """What an upkeep did: blank lines written, and the newest checkpoint; what of keys is owed."""

    blanks: int
    checkpoint: str
    owed: RecordsOwed


def keep_up(
    vault: Vault, at: datetime.datetime, *, step: Callable[[int], None] = lambda _: None
) -> Kept:
    """Do what is due, as often as it is called; `step` is told how many clients are done.

    Raises what the store and the ledger raise; what was done by then stays done.
    """
    vault.repeats.tick(at)
    blanks = _blank_lines(vault, at, step) if _last(vault) != at.date() else 0
    roll_epoch(vault, at)
    drop_former_pairs(vault, at)
    return Kept(blanks, vault.ledger.checkpoint(at), records_owed(vault, at))


def _blank_lines(vault: Vault, at: datetime.datetime, step: Callable[[int], None]) -> int:
    rows = vault.store.rows("clients.ids", practice_id=vault.practice_id)
    clients = [client_id for (client_id,) in rows]
    for start in range(0, len(clients), _BATCH):
        batch: Sequence[bytes] = clients[start : start + _BATCH]
        _closed_lines(vault, batch, at)
        step(start + len(batch))
    vault.store.write(lambda writing: _remember(vault, writing, at.date())).result()
    return len(clients)


def _closed_lines(vault: Vault, clients: Sequence[bytes], at: datetime.datetime) -> None:
    """The day's closed line of each client: what waits longest, or nothing."""
    with vault.store.snapshot() as reading:
        found = waiting(vault, reading)
    taken = {client_id: found[client_id] for client_id in clients if client_id in found}
    lines = [
        taken[client_id].line(at) if client_id in taken else Line(client_id, "blank")
        for client_id in clients
    ]

    def changes(writing: Writing) -> None:
        for one in taken.values():
            release(vault, writing, one)

    vault.ledger.append_all(lines, at, authority={}, changes=changes).result()


def _last(vault: Vault) -> datetime.date | None:
    rows = vault.store.rows("settings.by_key", practice_id=vault.practice_id, name=_NAME)
    return vault.directory.open(UpkeepRow, rows[0][0], _NAME.encode()).day if rows else None


def _remember(vault: Vault, writing: Writing, day: datetime.date) -> None:
    row = vault.directory.seal(UpkeepRow(day=day), _NAME.encode())
    place: dict[str, bytes | str] = {"practice_id": vault.practice_id, "name": _NAME}
    for statement in ("settings.update", "settings.insert"):
        if writing.run(statement, row=row, **place):
            return
