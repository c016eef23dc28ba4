"""Which SQLite stands behind the store, for whoever looks after a machine."""

from __future__ import annotations

import apsw

from angerona.store.sqlite_file import SQLITE_LEAST as _LEAST


def sqlite_version() -> tuple[int, int, int]:
    """Major, minor and patch of the SQLite that apsw brings along."""
    return _parts(apsw.SQLITE_VERSION_NUMBER)


def oldest_sqlite() -> tuple[int, int, int]:
    """The oldest SQLite that the store opens a file with."""
    return _parts(_LEAST)


def _parts(number: int) -> tuple[int, int, int]:
    """1,000,000 times the major number, 1,000 times the minor one, and the patch."""
    return number // 1_000_000, number // 1_000 % 1_000, number % 1_000
