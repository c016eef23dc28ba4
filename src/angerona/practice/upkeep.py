"""What a practice needs once a day, whether or not anybody works in it.

1. The epoch of the wrap vault begins anew each 30 days, and the old one's key goes (`epochs.py`).
2. Every client's list receives one closed line a day, on the day's first upkeep: a **blank** one,
   or in its place a line that the law holds back (`sealed/held_lines.py`). So the list, its count
   and its proof are the same whether or not anything is held back. One that is broken off goes on
   where it was.
3. What was counted of repeated refusals is written.
4. The ledger is covered by a checkpoint, to be remembered elsewhere.
5. It is counted which records have keys that must turn, or stand on former seats (`turning.py`).
   Posts whose end is past are taken away, and once no wrap stands on a former key pair of a post,
   that pair is destroyed (`posts.py`).
6. Second readings go on from whoever is away, or too late (`passing_on.py`).
7. Forms that were sent more than a week ago are forgotten (`sending.py`), and so are the files of
   what was handed over (`kept_packets.py`).
8. What the day's lines give alarm of opens an incident by itself (`breach_alarms.py`).
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.errors import Conflicting
from angerona.ledger.lines import Line
from angerona.practice.breach_alarms import watch
from angerona.practice.epochs import roll_epoch
from angerona.practice.kept_packets import forget_packets
from angerona.practice.passing_on import pass_on_due
from angerona.practice.posts import drop_former_pairs, take_what_ran_out
from angerona.practice.sending import forget_sent
from angerona.practice.turning import RecordsOwed, records_owed
from angerona.sealed.held_lines import delays_of, release, waiting
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from angerona.sealed.vault import Vault
    from angerona.store import Reading, Writing

_NAME: Final = "upkeep"
_BATCH: Final = 500


class UpkeepRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The day of which closed lines were written last; all of them, or up to a client.

    It moves with the lines, so an upkeep that was broken off goes on where it was.
    """

    domain: ClassVar[str] = "angerona/row/upkeep/v1"
    day: datetime.date
    through: bytes | None = None


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

    Raises what the store and the ledger raise, `Conflicting` where another upkeep is at work; what
    was done by then stays done, and is not done again that day.
    """
    vault.repeats.tick(at)
    blanks = _blank_lines(vault, at, step)
    pass_on_due(vault, at)
    roll_epoch(vault, at)
    take_what_ran_out(vault, at)
    drop_former_pairs(vault, at)
    watch(vault, at)
    kept = Kept(blanks, vault.ledger.checkpoint(at), records_owed(vault, at))
    forget_sent(vault, at)  # last: an altered row among them keeps no key from turning
    forget_packets(vault, at)
    return kept


def _blank_lines(vault: Vault, at: datetime.datetime, step: Callable[[int], None]) -> int:
    """The day's closed lines of all who have none of that day yet; gives how many."""
    with vault.store.snapshot() as reading:
        last = _last(vault, reading)
        rows = reading.rows("clients.ids", practice_id=vault.practice_id)
    is_begun = last is not None and last.day == at.date()
    if last is not None and is_begun and last.through is None:
        return 0
    clients = sorted(client_id for (client_id,) in rows)
    through = last.through if last is not None and is_begun else None
    done = first = bisect_right(clients, through) if through is not None else 0
    while True:
        batch = clients[done : done + _BATCH]
        done += len(batch)
        now = UpkeepRow(day=at.date(), through=batch[-1] if done < len(clients) else None)
        _closed_lines(vault, batch, at, last, now)
        last = now
        step(done)
        if now.through is None:
            return done - first


def _closed_lines(
    vault: Vault,
    clients: Sequence[bytes],
    at: datetime.datetime,
    last: UpkeepRow | None,
    now: UpkeepRow,
) -> None:
    """The day's closed line of each client: what waits longest, or nothing.

    Where the upkeep stands moves with them from `last` to `now`. Raises `Conflicting`.
    """
    with vault.store.snapshot() as reading:
        found = waiting(vault, reading)
    taken = {client_id: found[client_id] for client_id in clients if client_id in found}
    lines = [
        taken[client_id].line(at, delays_of(vault, client_id))
        if client_id in taken
        else Line(client_id, "blank")
        for client_id in clients
    ]

    def changes(writing: Writing) -> None:
        if _last(vault, writing) != last:
            raise Conflicting("another upkeep is at work")
        _remember(vault, writing, now)
        for one in taken.values():
            release(vault, writing, one)

    vault.ledger.append_all(lines, at, authority={}, changes=changes).result()


def _last(vault: Vault, reading: Reading) -> UpkeepRow | None:
    rows = reading.rows("settings.by_key", practice_id=vault.practice_id, name=_NAME)
    return vault.directory.open(UpkeepRow, rows[0][0], _NAME.encode()) if rows else None


def _remember(vault: Vault, writing: Writing, now: UpkeepRow) -> None:
    row = vault.directory.seal(now, _NAME.encode())
    place: dict[str, bytes | str] = {"practice_id": vault.practice_id, "name": _NAME}
    for statement in ("settings.update", "settings.insert"):
        if writing.run(statement, row=row, **place):
            return
