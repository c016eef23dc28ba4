"""What a practice needs once a day, whether or not anybody works in it.

1. The epoch of the wrap vault begins anew each 30 days, and the old one's key goes (`epochs.py`).
2. Every client's list receives a **blank line**, once a day, so that a line the law holds back
   cannot be told from one by counting. It is written on the day's first upkeep, for everybody.
3. What was counted of repeated refusals is written.
4. The ledger is covered by a checkpoint, to be remembered elsewhere.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.practice.epochs import roll_epoch
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
    """What an upkeep did: blank lines written, and the newest checkpoint."""

    blanks: int
    checkpoint: str


def keep_up(
    vault: Vault, at: datetime.datetime, *, step: Callable[[int], None] = lambda _: None
) -> Kept:
    """Do what is due, as often as it is called; `step` is told how many clients are done.

    Raises what the store and the ledger raise; what was done by then stays done.
    """
    roll_epoch(vault, at)
    for written in vault.repeats.tick(at):
        written.result()
    blanks = _blank_lines(vault, at, step) if _last(vault) != at.date() else 0
    return Kept(blanks, vault.ledger.checkpoint(at))


def _blank_lines(vault: Vault, at: datetime.datetime, step: Callable[[int], None]) -> int:
    rows = vault.store.rows("clients.ids", practice_id=vault.practice_id)
    clients = [client_id for (client_id,) in rows]
    for start in range(0, len(clients), _BATCH):
        batch: Sequence[bytes] = clients[start : start + _BATCH]
        vault.ledger.add_blanks(batch, at).result()
        step(start + len(batch))
    vault.store.write(lambda writing: _remember(vault, writing, at.date())).result()
    return len(clients)


def _last(vault: Vault) -> datetime.date | None:
    rows = vault.store.rows("settings.by_key", practice_id=vault.practice_id, name=_NAME)
    return vault.directory.open(UpkeepRow, rows[0][0], _NAME.encode()).day if rows else None


def _remember(vault: Vault, writing: Writing, day: datetime.date) -> None:
    row = vault.directory.seal(UpkeepRow(day=day), _NAME.encode())
    place: dict[str, bytes | str] = {"practice_id": vault.practice_id, "name": _NAME}
    for statement in ("settings.update", "settings.insert"):
        if writing.run(statement, row=row, **place):
            return
