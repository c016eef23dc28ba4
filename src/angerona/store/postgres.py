"""The store on PostgreSQL: the same groups and the same statements, on a server.

One dedicated connection writes; a few others read. Everything set is set for one transaction only,
so that a pooler such as PgBouncer may stand between.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from angerona.errors import StoreFailed
from angerona.store.access import Access
from angerona.store.group import Writer
from angerona.store.migrating import migrations
from angerona.store.postgres_server import BEGIN_READING, Claim, connected, execute
from angerona.store.readers import Readers
from angerona.store.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    import psycopg

    from angerona.store.contract import Reading, Row, Value, Writing
    from angerona.store.migrating import Migration

T = TypeVar("T")

READERS_MAX: Final = 8
PATIENCE_S: Final = 10.0


def open_postgres(address: str, *, steps: Sequence[Migration] | None = None) -> PostgresStore:
    """The store in a database of its own, brought up to the last of `steps`.

    Raises:
        StoreError: it cannot be opened; the message says why and what to do.
    """
    claim = Claim(address, migrations("postgres") if steps is None else steps)
    return PostgresStore(address, claim)


class PostgresStore:
    """A `Store` in one database. Only `open_postgres` makes one."""

    kind: Final = "postgres"

    def __init__(self, address: str, claim: Claim) -> None:
        """Start the thread that writes, on a claimed database."""
        self._statements = Statements(self.kind)
        self._claim = claim
        self._readers = Readers(lambda: connected(address), most=READERS_MAX, patience_s=PATIENCE_S)
        self._writer = Writer(_Transactions(claim, self._statements))

    def rows(self, statement: str, /, **given: Value) -> list[Row]:
        """One read at a moment of its own; see `Store.rows`."""
        try:
            return self._one_read(statement, given)
        except StoreFailed:
            self._readers.forget()  # A server that was restarted has left them all behind.
            return self._one_read(statement, given)

    @contextmanager
    def snapshot(self) -> Iterator[Reading]:
        """Several reads at one moment; see `Store.snapshot`."""
        with self._readers.lent(_begin_reading) as connection:
            yield _access(connection, self._statements, writes=False)
            execute(connection, "COMMIT")

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
        """Finish what was handed in, let go of the claim and of every connection."""
        self._writer.close()
        self._readers.close()
        self._claim.close()

    def _one_read(self, statement: str, given: Mapping[str, Value]) -> list[Row]:
        with self._readers.lent() as connection:
            return _access(connection, self._statements, writes=False).rows(statement, **given)


def _begin_reading(connection: psycopg.Connection) -> None:
    execute(connection, BEGIN_READING)


def _access(connection: psycopg.Connection, statements: Statements, *, writes: bool) -> Access:
    """Named statements on this connection."""
    return Access(statements, lambda text, given: execute(connection, text, given), writes=writes)


class _Transactions:
    """Group and savepoint in PostgreSQL's words."""

    def __init__(self, claim: Claim, statements: Statements) -> None:
        self._claim = claim
        self._statements = statements
        self._to_release = False

    def begin(self) -> Access:
        """Begin, and hold the row that says who writes."""
        self._claim.begin()
        self._to_release = False
        return _access(self._claim.connection, self._statements, writes=True)

    def beat(self) -> None:
        """Move the row, so that others see that we are here."""
        self._claim.beat()

    def savepoint(self) -> None:
        """Mark the place; the one before is released on the same way to the server."""
        self._execute(
            "RELEASE SAVEPOINT job; SAVEPOINT job" if self._to_release else "SAVEPOINT job"
        )
        self._to_release = True

    def release(self) -> None:
        """Keep what was done since. The next savepoint does it, or the COMMIT."""

    def undo_to_savepoint(self) -> None:
        """Undo what was done since."""
        self._execute("ROLLBACK TO SAVEPOINT job")

    def commit(self) -> None:
        """Durable when this returns."""
        self._claim.commit()

    def rollback(self) -> None:
        """Undo everything."""
        self._claim.rollback()

    def _execute(self, text: str) -> None:
        execute(self._claim.connection, text)
