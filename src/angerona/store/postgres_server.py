"""The database under the PostgreSQL store: reached, recognised, claimed by one process, migrated.

One row, `store_state`, says at which version the tables stand, which process writes, and that it
is alive: the writer moves `beat` in every group, and once a second without one. Whoever opens the
store waits to see whether it moves. The same update is also the fence: a process whose claim was
taken over changes no row, and stops. So no advisory lock and no clock is needed, and no two
processes can extend one ledger (docs/adr/0010).
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import (
    MissingExtra,
    StoreAbsent,
    StoreBusy,
    StoreConflict,
    StoreDamaged,
    StoreError,
    StoreFailed,
    StoreForeign,
    StoreFull,
    StoreMisused,
    StoreMoved,
    StoreTaken,
)
from angerona.store.group import BEAT_S
from angerona.store.migrating import pending
from angerona.store.statements import NO_FIT

try:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo
    from psycopg.pq import TransactionStatus
except ImportError as missing:
    raise MissingExtra("PostgreSQL needs psycopg: pip install 'angerona[postgres]'") from missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from angerona.store.contract import Row, Value
    from angerona.store.migrating import Migration

NAME: Final = "the database"
"""Its place in messages. The address is not repeated: it may hold a password."""

SILENCE_S: Final = 3 * BEAT_S
"""After so many seconds without a beat, the process that wrote is taken for dead."""

_PATIENCE: Final[dict[str, Any]] = {
    "application_name": "angerona",
    "connect_timeout": 10,
    "tcp_user_timeout": 30_000,
}
"""Seconds and milliseconds after which a server that says nothing counts as gone."""

BEGIN_READING: Final = """
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL statement_timeout = 30000;
    SET LOCAL idle_in_transaction_session_timeout = 60000
"""

_BEGIN_WRITING: Final = """
    BEGIN ISOLATION LEVEL READ COMMITTED;
    SET LOCAL statement_timeout = 30000;
    SET LOCAL lock_timeout = 20000;
    SET LOCAL idle_in_transaction_session_timeout = 60000
"""

_MOVE_BEAT: Final = "UPDATE store_state SET beat = beat + 1 WHERE one = 1 AND holder = %(holder)s"

_FIRST_STATE: Final = """
    BEGIN;
    CREATE TABLE store_state (
        one BIGINT PRIMARY KEY,
        version BIGINT NOT NULL,
        holder BIGINT NOT NULL,
        beat BIGINT NOT NULL
    );
    INSERT INTO store_state (one, version, holder, beat) VALUES (1, 0, 0, 0);
    COMMIT
"""

_OUR_TABLES: Final = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
"""

_DURABLE: Final = ("fsync", "full_page_writes", "synchronous_commit")

_MEANINGS: Final[tuple[tuple[str, type[StoreError], str], ...]] = (
    ("23505", StoreConflict, "a row with this key is already there"),
    ("22", StoreMisused, NO_FIT),
    ("23", StoreMisused, NO_FIT),
    ("40", StoreMoved, "others changed the same rows at the same moment; try again"),
    ("531", StoreFull, "the disk of the server is full; make room, then try again"),
    ("53", StoreBusy, "the server has no room for more connections; try again"),
    ("55P03", StoreBusy, "another process held the rows for too long; try again"),
    ("57014", StoreBusy, "the server took too long; try again"),
    ("57", StoreFailed, "the server went away; try again when it is back"),
    ("08", StoreFailed, "the connection to the server was lost; try again when it is back"),
    ("25P03", StoreFailed, "a transaction was idle for too long; try again"),
    ("42501", StoreAbsent, "this role has no right to the tables; grant it"),
    ("XX00", StoreDamaged, "the database is damaged; restore a backup"),
    ("58", StoreFailed, "the disk of the server failed; look after it"),
)


def meaning(error: psycopg.Error) -> StoreError:
    """What an error of PostgreSQL means for whoever has to act. Its own text stays in the cause."""
    state = error.sqlstate
    if state is None:
        if isinstance(error, psycopg.OperationalError):
            return StoreFailed("the connection to the server was lost; try again when it is back")
        return StoreMisused(NO_FIT)
    for start, meant, words in _MEANINGS:
        if state.startswith(start):
            return meant(words)
    return StoreError(f"the database refused: {type(error).__name__}, SQLSTATE {state}")


def connected(address: str) -> psycopg.Connection:
    """A connection that begins no transaction by itself and prepares nothing.

    Raises:
        StoreAbsent: nobody answers there, or lets us in.
    """
    try:
        return psycopg.connect(
            make_conninfo(**(_PATIENCE | conninfo_to_dict(address))),
            autocommit=True,
            prepare_threshold=None,  # PgBouncer below 1.21 loses prepared statements.
        )
    except psycopg.Error:
        # Which of these it was stands only in a text that repeats the address.
        raise StoreAbsent(
            f"{NAME}: no server lets us in; see that it runs, then look at database, role, password"
        ) from None


def execute(
    connection: psycopg.Connection, text: str, given: Mapping[str, Value] | None = None
) -> tuple[list[Row], int]:
    """The rows of a statement and how many it changed. Without values, several may stand in a text.

    Raises:
        StoreError: what the server's error means.
    """
    try:
        cursor = connection.execute(text, given, binary=given is not None)
        return (cursor.fetchall() if cursor.description else []), cursor.rowcount
    except psycopg.Error as error:
        raise meaning(error) from error
    except UnicodeError as error:
        raise StoreMisused(NO_FIT) from error


class Claim:
    """The right to write, as a row says it; and the one connection that does."""

    def __init__(self, address: str, steps: Sequence[Migration]) -> None:
        """Reach, recognise and claim the database, then bring it up to the last of `steps`."""
        self._address = address
        self._holder = int.from_bytes(os.urandom(7)) + 1
        self.connection = connected(address)
        try:
            self._refuse_what_forgets()
            version = self._recognised(steps)
            self._take()
            for step in pending(steps, version, place=NAME):
                self._migrate(step)
        except BaseException:
            self.close()
            raise

    def begin(self) -> None:
        """Begin a transaction that holds the row; reach the server anew if it went away.

        Raises:
            StoreTaken: another process has taken over; this one writes no more.
        """
        try:
            execute(self.connection, _BEGIN_WRITING)
        except StoreFailed:
            self.connection.close()
            self.connection = connected(self._address)
            execute(self.connection, _BEGIN_WRITING)
        if execute(self.connection, _MOVE_BEAT, {"holder": self._holder})[1] != 1:
            self.rollback()
            raise StoreTaken(
                f"{NAME}: another process has taken over writing; this one has stopped"
            )

    def commit(self) -> None:
        """Durable when this returns. A COMMIT that only ends a failed transaction is a failure."""
        try:
            ended = self.connection.execute("COMMIT").statusmessage
        except psycopg.Error as error:
            raise meaning(error) from error
        if ended != "COMMIT":
            raise StoreError(f"{NAME}: a statement had failed, so nothing was kept")

    def rollback(self) -> None:
        """Undo everything. A connection that cannot even do that is dropped."""
        try:
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                self.connection.execute("ROLLBACK")
        except psycopg.Error:
            self.connection.close()

    def beat(self) -> None:
        """Say that we are alive. It need not be durable, so it waits for no disk."""
        self.begin()
        execute(self.connection, "SET LOCAL synchronous_commit = off")
        self.commit()

    def close(self) -> None:
        """Let go of the claim, so that the next process need not wait, and of the connection.

        What was begun and not committed is undone.
        """
        self.rollback()
        try:
            self.begin()
            execute(self.connection, "UPDATE store_state SET holder = 0 WHERE one = 1")
            self.commit()
        except StoreError:
            pass  # The next process will wait until our silence is long enough.
        finally:
            self.connection.close()

    def _refuse_what_forgets(self) -> None:
        for name in _DURABLE:
            ((setting,),) = execute(
                self.connection, "SELECT current_setting(%(name)s, true)", {"name": name}
            )[0]
            if setting == "off":
                raise StoreError(f"{NAME}: {name} is off, so a power cut loses what was written")

    def _recognised(self, steps: Sequence[Migration]) -> int:
        """The version of the tables, 0 at first; what is not ours is left as it is."""
        tables = {name for (name,) in execute(self.connection, _OUR_TABLES)[0]}
        if not tables:
            execute(self.connection, _FIRST_STATE)
        elif "store_state" not in tables:
            raise StoreForeign(f"{NAME} holds tables of another program; name an empty one")
        ((version,),) = execute(self.connection, "SELECT version FROM store_state WHERE one = 1")[0]
        pending(steps, version, place=NAME)
        return int(version)

    def _take(self) -> None:
        """Claim the row if nobody holds it, or if its holder stays silent."""
        holder, beat = self._state()
        until = time.monotonic() + SILENCE_S
        while holder and time.monotonic() < until:
            time.sleep(BEAT_S / 4)
            if self._state() != (holder, beat):
                raise StoreTaken(f"{NAME}: another process writes there; end that one first")
        taken = execute(
            self.connection,
            "UPDATE store_state SET holder = %(ours)s, beat = beat + 1"
            " WHERE one = 1 AND holder = %(holder)s AND beat = %(beat)s",
            {"ours": self._holder, "holder": holder, "beat": beat},
        )[1]
        if taken != 1:
            raise StoreTaken(f"{NAME}: another process writes there; end that one first")

    def _state(self) -> Row:
        text = "SELECT holder, beat FROM store_state WHERE one = 1"
        (state,) = execute(self.connection, text)[0]
        return state

    def _migrate(self, step: Migration) -> None:
        """One step, whole or not at all."""
        self.begin()
        execute(self.connection, step.text)
        execute(
            self.connection,
            "UPDATE store_state SET version = %(version)s WHERE one = 1",
            {"version": step.number},
        )
        self.commit()
