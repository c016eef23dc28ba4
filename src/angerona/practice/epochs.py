"""The epochs of the wrap vault: every 30 days the outer key changes, and the old one is destroyed.

Every wrap, share and event key lies under an outer key of its epoch (`sealed/keyset.py`). When an
epoch ends, what is still there is sealed again under the next one's key, and then the old key is
destroyed. Whoever was erased meanwhile was not sealed again: what an old copy of the database holds
of them opens no more, whatever else somebody has. So the roll is due within 35 days, as long as a
keyset backup may be kept.

A key is destroyed by the roll after the one that began its successor, so that nothing that was
being sealed at that very moment is lost with it. A roll that was interrupted goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from angerona.errors import Conflicting, Unopenable
from angerona.sealed.event_keys import EventKeyRow
from angerona.sealed.keyset import epoch_of
from angerona.sealed.rows import Row, ShareRow, WrapRow

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from angerona.sealed.vault import Vault
    from angerona.store import Writing

BATCH: Final = 250
"""Rows in one job of the writer: some ten milliseconds, so that others need not wait."""


class _Sealed(NamedTuple):
    """A table whose rows lie under an epoch: its noun, the kind of its rows, its key's column."""

    noun: str
    row: type[Row]
    key: str


_KINDS: Final = (
    _Sealed("wraps", WrapRow, "wrap_id"),
    _Sealed("shares", ShareRow, "share_id"),
    _Sealed("event_keys", EventKeyRow, "client_id"),
)


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a roll did: the epoch of everything now, how many rows moved, whose keys are gone.

    `broken` rows did not open under their epoch's key: they were altered or have rotted, and stand
    as they were, for `angerona ledger fsck` to name. They must not keep old keys from going.
    """

    epoch: int
    moved: int
    destroyed: tuple[int, ...]
    broken: int = 0


def roll_epoch(
    vault: Vault, at: datetime.datetime, *, moved: Callable[[int], None] = lambda _: None
) -> Rolled:
    """Begin the epoch that is due, seal everything under it, destroy the keys of older ones.

    To be called every day; it does nothing where nothing is due. `moved` is told how many rows are
    done. Raises `Conflicting` where something was sealed under an older key meanwhile, and what the
    store raises; what was done by then stays done.
    """
    keyset = vault.keyset
    over = tuple(epoch for epoch in keyset.epochs if epoch < keyset.newest)
    if epoch_of(at) > keyset.newest:
        keyset.begin(epoch_of(at))
    if len(keyset.epochs) == 1:
        return Rolled(keyset.newest, 0, ())
    count = broken = 0
    for kind in _KINDS:
        after: bytes | None = b""
        while after is not None:
            job = partial(_move, vault=vault, kind=kind, after=after)
            done, unopened, after = vault.store.write(job).result()
            count, broken = count + done, broken + unopened
            moved(count)
    if broken:
        said = {"what": "rows that open no more", "rows": broken}
        vault.record(vault.practice_id, "keys", said, at)
    if over:
        body = {"what": "epoch ended", "epoch": keyset.newest, "destroyed": list(over)}
        vault.record(vault.practice_id, "keys", body, at, changes=partial(_check_none, vault))
        for epoch in over:
            keyset.destroy(epoch)
    return Rolled(keyset.newest, count, over, broken)


def _move(
    writing: Writing, *, vault: Vault, kind: _Sealed, after: bytes
) -> tuple[int, int, bytes | None]:
    """One job: the next rows of other epochs; how many moved and broke, behind which to go on."""
    keyset, epoch = vault.keyset, vault.keyset.newest
    place = {"practice_id": vault.practice_id}
    rows = writing.rows(
        f"{kind.noun}.of_other_epochs", epoch=epoch, after=after, most=BATCH, **place
    )
    broken = 0
    for key, *others, old, blob in rows:
        try:
            under = keyset.vault(epoch)
            new = keyset.vault(old).resealed(kind.row, blob, *others, key, under=under)
        except Unopenable:
            new, broken = blob, broken + 1
        changed = {kind.key: key, "epoch": epoch, "blob": new}
        writing.run(f"{kind.noun}.update", **place, **changed)
    return len(rows) - broken, broken, rows[-1][0] if len(rows) == BATCH else None


def _check_none(vault: Vault, writing: Writing) -> None:
    """In the transaction of the line that says so: nothing lies under an older key any more."""
    for kind in _KINDS:
        left = writing.rows(
            f"{kind.noun}.of_other_epochs",
            practice_id=vault.practice_id,
            epoch=vault.keyset.newest,
            after=b"",
            most=1,
        )
        if left:
            raise Conflicting("something was sealed under an older epoch meanwhile; roll again")
