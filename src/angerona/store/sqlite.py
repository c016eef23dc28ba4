"""The store on SQLite: one file, one thread that writes, as many that read as there are threads.

WAL with `synchronous=FULL`: a COMMIT that returned is on the disk. The driver is apsw, which brings
an SQLite of its own (docs/adr/0010).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

import apsw

from angerona.errors import StoreMisused
from angerona.store.access import Access
from angerona.store.group import Writer
from angerona.store.migrating import migrations
from angerona.store.readers import Readers
from angerona.store.sqlite_file import connected, locked, made, meaning, prepared, translated
from angerona.store.statements import NO_FIT, Statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from angerona.store.contract import Reading, Row, Value, Writing
    from angerona.store.migrating import Migration

T = TypeVar("T")

READERS_MAX: Final = 64
PATIENCE_S: Final = 10.0


def open_sqlite(path: Path, *, steps: Sequence[Migration] | None = None) -> SqliteStore:
    """The store in a file; made if it is not there, brought up to the last of `steps`.

    Raises:
        StoreError: it cannot be opened; the message says why and what to do.
    """
    made(path)
    lock = locked(path)
    try:
        connection = prepared(path, migrations("sqlite") if steps is None else steps)
        return SqliteStore(path, connection, lock)
    except BaseException:
        lock.close()
        raise


class SqliteStore:
    """A `Store` in one file. Only `open_sqlite` makes one."""

    kind: Final = "sqlite"

    def __init__(self, path: Path, connection: apsw.Connection, lock: apsw.Connection) -> None:
        """Start the thread that writes, on a prepared connection."""
        self._path = path
        self._statements = Statements(self.kind)
        self._connection = connection
        self._lock = lock
        self._readers = Readers(self._reader, most=READERS_MAX, patience_s=PATIENCE_S)
        self._writer = Writer(_Transactions(connection, self._statements))

    def rows(self, statement: str, /, **given: Value) -> list[Row]:
        """One read at a moment of its own; see `Store.rows`."""
        with self._readers.lent() as connection:
            return access(connection, self._statements, writes=False).rows(statement, **given)

    @contextmanager
    def snapshot(self) -> Iterator[Reading]:
        """Several reads at one moment; see `Store.snapshot`."""
        with self._readers.lent() as connection:
            connection.execute("BEGIN")
            yield access(connection, self._statements, writes=False)
            connection.execute("COMMIT")

    def write(self, job: Callable[[Writing], T]) -> Future[T]:
        """Have a job run in the next group; see `Store.write`."""
        return self._writer.write(job)

    def on_group(
        self,
        before_commit: Callable[[Writing], None],
        after_commit: Callable[[], None],
        after_failure: Callable[[], None],
    ) -> None:
        """Be called once per group; see `Store.on_group`."""
        self._writer.on_group(before_commit, after_commit, after_failure)

    def close(self) -> None:
        """Finish what was handed in, empty the write-ahead log, let go of the file."""
        self._writer.close()
        self._readers.close()
        self._connection.close()
        self._lock.close()

    def _reader(self) -> apsw.Connection:
        with translated(self._path):
            return connected(self._path, flags=apsw.SQLITE_OPEN_READONLY)


def access(connection: apsw.Connection, statements: Statements, *, writes: bool) -> Access:
    """Named statements on this connection."""

    def execute(text: str, given: Mapping[str, Value]) -> tuple[list[Row], int]:
        try:
            rows = connection.execute(text, given).fetchall()
        except apsw.Error as error:
            raise meaning(error) from error
        except (OverflowError, UnicodeError) as error:
            raise StoreMisused(NO_FIT) from error
        return rows, connection.changes()

    return Access(statements, execute, writes=writes)


class _Transactions:
    """Group and savepoint in SQLite's words."""

    def __init__(self, connection: apsw.Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements

    def begin(self) -> Access:
        """Take the write lock at once; nobody else contends for it."""
        self._execute("BEGIN IMMEDIATE")
        return access(self._connection, self._statements, writes=True)

    def beat(self) -> None:
        """The lock file says that we are here."""

    def savepoint(self) -> None:
        """Mark the place."""
        self._execute("SAVEPOINT job")

    def release(self) -> None:
        """Keep what was done since."""
        self._execute("RELEASE job")

    def undo_to_savepoint(self) -> None:
        """Undo what was done since. Fails if SQLite has undone everything by itself already."""
        self._execute("ROLLBACK TO job")
        self._execute("RELEASE job")

    def commit(self) -> None:
        """Durable when this returns."""
        self._execute("COMMIT")

    def rollback(self) -> None:
        """Undo everything."""
        if self._connection.in_transaction:
            self._execute("ROLLBACK")

    def _execute(self, text: str) -> None:
        try:
            self._connection.execute(text)
        except apsw.Error as error:
            raise meaning(error) from error
