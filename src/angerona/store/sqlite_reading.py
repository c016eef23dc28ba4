"""An SQLite store opened to be read alone: where the disk is full, or lets nothing be written.

SQLite keeps an index of its log in a file beside the database, for which a full disk has no room.
Here one connection has the file for itself and keeps that index in memory. On a medium that lets
nothing be written at all, the file is read as it lies there, if its log is empty.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

import apsw

from angerona.errors import StoreAbsent, StoreFailed, StoreForeign
from angerona.store.migrating import migrations, pending
from angerona.store.sqlite import access
from angerona.store.sqlite_file import APPLICATION_ID, GUARDS, locked, translated
from angerona.store.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from angerona.store.contract import Reading, Row, Value, Writing

T = TypeVar("T")

_WRITES_NOTHING: Final = "this store was opened to be read alone"


def open_sqlite_to_read(path: Path) -> SqliteReading:
    """The store in a file that is there; nothing of it is changed.

    Raises:
        StoreError: it cannot be read either, or was written by another release.
    """
    with translated(path):
        lock = _lock(path)
        try:
            connection = _connected(path)
        except BaseException:
            if lock is not None:
                lock.close()
            raise
    return SqliteReading(path, connection, lock)


def _lock(path: Path) -> apsw.Connection | None:
    """The lock of who writes; none on a medium where nobody can write.

    Raises `StoreTaken` where a process has the practice open: there the emergency is to be met.
    """
    try:
        return locked(path)
    except StoreAbsent:
        return None


def _connected(path: Path) -> apsw.Connection:
    empty_log = not _size(path.with_name(f"{path.name}-wal"))
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        return _checked(connection, path)
    except apsw.Error:
        if not empty_log:
            raise
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        address = f"file:///{quote(str(path).lstrip('/'))}?immutable=1"
        return _checked(apsw.Connection(address, flags=flags), path)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _checked(connection: apsw.Connection, path: Path) -> apsw.Connection:
    """Have the file for oneself, change nothing, and see that it is of this release."""
    try:
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        for guard, on in GUARDS.items():
            connection.config(guard, on)
        for name, value in (("locking_mode", "EXCLUSIVE"), ("temp_store", "MEMORY")):
            connection.pragma(name, value)
        connection.pragma("query_only", "ON")
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: apsw.Connection, path: Path) -> None:
    if connection.pragma("application_id") != APPLICATION_ID:
        raise StoreForeign(f"{path}: a database of another program; name another file")
    if pending(migrations("sqlite"), connection.pragma("user_version"), place=str(path)):
        raise StoreFailed(f"{path}: an older release wrote it, and it cannot be brought up now")


class SqliteReading:
    """A `Store` that reads and writes nothing. Only `open_sqlite_to_read` makes one."""

    kind: Final = "sqlite"

    def __init__(
        self, path: Path, connection: apsw.Connection, lock: apsw.Connection | None
    ) -> None:
        """Read on one connection, for one thread at a time."""
        self._path = path
        self._connection = connection
        self._lock = lock
        self._turn = threading.RLock()
        self._access = access(connection, Statements(self.kind), writes=False)

    def rows(self, statement: str, /, **given: Value) -> list[Row]:
        """One read; see `Store.rows`."""
        with self._turn:
            return self._access.rows(statement, **given)

    @contextmanager
    def snapshot(self) -> Iterator[Reading]:
        """Several reads. Nobody writes meanwhile, so they are of one moment in any case."""
        with self._turn:
            yield self._access

    def write(self, _job: Callable[[Writing], T]) -> Future[T]:
        """Nothing is written: the future has failed already."""
        future: Future[T] = Future()
        future.set_exception(StoreFailed(_WRITES_NOTHING))
        return future

    def on_group(
        self,
        _before_commit: Callable[[Writing], None],
        _after_commit: Callable[[], None],
        _after_failure: Callable[[], None],
    ) -> None:
        """There are no groups."""

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        if self._lock is not None:
            self._lock.close()
