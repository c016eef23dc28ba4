"""The file under the SQLite store: made private, locked, recognised, checked, migrated.

Nothing here opens the file other than through SQLite. A plain open and close would drop the POSIX
locks that this process holds on it (sqlite.org, "How To Corrupt An SQLite Database File", 2.2).
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import apsw

from angerona.errors import (
    StoreAbsent,
    StoreBusy,
    StoreConflict,
    StoreDamaged,
    StoreError,
    StoreFailed,
    StoreForeign,
    StoreFull,
    StoreMisused,
    StoreTaken,
)
from angerona.store.migrating import pending
from angerona.store.statements import NO_FIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from angerona.store.migrating import Migration

APPLICATION_ID: Final = 0x416E6772
"""The four letters "Angr" in the header of the file."""

SQLITE_LEAST: Final = 3_051_003
"""3.51.3 is the first without the WAL-reset fault, which can lose commits (docs/adr/0010)."""

CHECK_S: Final = 1.0
"""How long the check at start may take. A larger file is checked as far as that goes."""

_BUSY_MS: Final = 5_000
_STATEMENTS_KEPT: Final = 256
_STEPS_BETWEEN_LOOKS_AT_THE_CLOCK: Final = 10_000

_PRAGMAS: Final = {
    "synchronous": "FULL",
    "secure_delete": "ON",
    "foreign_keys": "ON",
    "temp_store": "MEMORY",
    "cell_size_check": "ON",
    "trusted_schema": "OFF",
}

GUARDS: Final = {
    apsw.SQLITE_DBCONFIG_DEFENSIVE: 1,
    apsw.SQLITE_DBCONFIG_DQS_DDL: 0,
    apsw.SQLITE_DBCONFIG_DQS_DML: 0,
    apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER: 0,
    apsw.SQLITE_DBCONFIG_ENABLE_VIEW: 0,
}
"""We have no triggers and no views; one that stands in the file was put there by somebody else."""

_KEYS_TWICE: Final = (
    apsw.SQLITE_CONSTRAINT_PRIMARYKEY,
    apsw.SQLITE_CONSTRAINT_UNIQUE,
    apsw.SQLITE_CONSTRAINT_ROWID,
)

_MEANINGS: Final[tuple[tuple[type[apsw.Error], type[StoreError], str], ...]] = (
    (apsw.FullError, StoreFull, "the disk is full; make room, then try again"),
    (apsw.BusyError, StoreBusy, "another program holds the file; end it, then try again"),
    (apsw.LockedError, StoreBusy, "another program holds the file; end it, then try again"),
    (apsw.CorruptError, StoreDamaged, "the file is damaged; restore a backup"),
    (
        apsw.NotADBError,
        StoreForeign,
        "no database, or its first page is damaged; name another file",
    ),
    (
        apsw.CantOpenError,
        StoreAbsent,
        "the file cannot be opened; look at the rights of its folder",
    ),
    (apsw.ReadOnlyError, StoreAbsent, "the file cannot be written; look at its rights"),
    (apsw.PermissionsError, StoreAbsent, "the file cannot be written; look at its rights"),
    (apsw.IOError, StoreFailed, "the disk failed; look after it, then open the store again"),
)


def meaning(error: apsw.Error) -> StoreError:
    """What an error of SQLite means for whoever has to act. Its own text stays in the cause."""
    if isinstance(error, apsw.ConstraintError):
        if getattr(error, "extendedresult", 0) in _KEYS_TWICE:
            return StoreConflict("a row with this key is already there")
        return StoreMisused(NO_FIT)
    for raised, meant, words in _MEANINGS:
        if isinstance(error, raised):
            return meant(words)
    return StoreError(f"the database refused: {type(error).__name__}")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Errors of SQLite come out as ours, with the file's name in front."""
    try:
        yield
    except apsw.Error as error:
        meant = meaning(error)
        raise type(meant)(f"{path}: {meant}") from error


def made(path: Path) -> None:
    """Make the file, readable by its owner alone, if it is not there; and its folder.

    Raises:
        StoreAbsent: it cannot be made there.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _remembered(path.parent)
        _remembered(path.parent.parent)
    except FileExistsError:
        if not path.is_file():
            raise StoreAbsent(f"{path}: no file, or not in a folder; name another") from None
    except OSError as error:
        raise StoreAbsent(f"{path}: cannot be made there: {error.strerror}") from error


def _remembered(folder: Path) -> None:
    """Make a new name in a folder outlast a power cut, where folders can be synced at all."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def locked(path: Path) -> apsw.Connection:
    """Hold the lock file beside the database for as long as the connection lives, however it ends.

    It is an empty database under an exclusive lock, so that every platform has it and a process
    that dies lets go of it.

    Raises:
        StoreTaken: another process, or another store of this one, holds it.
    """
    beside = path.with_name(f"{path.name}.lock")
    made(beside)
    with translated(beside):
        lock = apsw.Connection(str(beside), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            lock.pragma("journal_mode", "MEMORY")  # No journal file appears beside an empty one.
            lock.execute("BEGIN EXCLUSIVE")
        except apsw.BusyError:
            raise StoreTaken(f"{path}: another process has it open; end that one first") from None
        return lock


def connected(path: Path, *, flags: int) -> apsw.Connection:
    """A connection with our settings."""
    connection = apsw.Connection(str(path), flags=flags, statementcachesize=_STATEMENTS_KEPT)
    connection.set_busy_timeout(_BUSY_MS)
    for guard, on in GUARDS.items():
        connection.config(guard, on)
    for name, value in _PRAGMAS.items():
        connection.pragma(name, value)
    return connection


def prepared(path: Path, steps: Sequence[Migration]) -> apsw.Connection:
    """The connection that writes, to a file that is ours, whole and up to date.

    A file that is not ours is left untouched.

    Raises:
        StoreForeign, StoreTooNew, StoreDamaged: it is not ours, too new, or damaged.
    """
    if apsw.SQLITE_VERSION_NUMBER < SQLITE_LEAST:
        raise StoreError(f"SQLite {apsw.sqlite_lib_version()} is too old; 3.51.3 is the least")
    with translated(path):
        connection = connected(path, flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            version = _recognised(connection, path)
            missing = pending(steps, version, place=str(path))
            _checked(connection, path)
            _logged_ahead(connection, path)
            for step in missing:
                _migrate(connection, step)
        except BaseException:
            connection.close()
            raise
        return connection


def _recognised(connection: apsw.Connection, path: Path) -> int:
    """The version of the tables; 0 for a file that is still empty."""
    mark = connection.pragma("application_id")
    empty = not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    if mark == APPLICATION_ID or (mark == 0 and empty):
        return int(connection.pragma("user_version"))
    raise StoreForeign(f"{path}: a database of another program; name another file")


def _checked(connection: apsw.Connection, path: Path) -> None:
    """SQLite's quick check, for as long as CHECK_S allows."""
    until = time.monotonic() + CHECK_S
    connection.set_progress_handler(
        lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS_AT_THE_CLOCK
    )
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchall()
    except apsw.InterruptError:
        return
    finally:
        connection.set_progress_handler(None)
    if found != [("ok",)]:
        raise StoreDamaged(f"{path}: the file is damaged; restore a backup")


def _logged_ahead(connection: apsw.Connection, path: Path) -> None:
    """Turn the write-ahead log on; the file remembers it."""
    if connection.pragma("journal_mode", "WAL") != "wal":
        raise StoreFailed(f"{path}: this folder cannot hold the log; use a local disk")


def _migrate(connection: apsw.Connection, step: Migration) -> None:
    """One step, whole or not at all; our mark goes in with the first."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(step.text)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", step.number)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
