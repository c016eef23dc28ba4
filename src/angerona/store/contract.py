"""What every store promises, whichever database stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

    from angerona.store.copying import Table

Value = bytes | int | str | None
"""What a column may hold. Anything else is refused before it reaches the database."""

Row = tuple[Any, ...]
"""One row as it came: the caller knows the types of the columns it named."""

T = TypeVar("T")


class Reading(Protocol):
    """Reads at one moment: nothing that is written meanwhile shows."""

    def rows(self, statement: str, /, **given: Value) -> list[Row]:
        """All rows of a statement "noun.query" of `sql/`.

        Raises:
            StoreError: the statement is unknown or misused, or the database failed.
        """
        ...

    def count(self, table: Table, *, practice_id: bytes) -> int:
        """How many rows a practice has in a whole table."""
        ...

    def page(self, table: Table, *, practice_id: bytes, after: Row | None, most: int) -> list[Row]:
        """The next rows of a whole table behind the row `after`, in the order of its key.

        At most `most` of them, with all columns; none at the end. `copying.tables_in` names the
        tables.
        """
        ...


class Writing(Reading, Protocol):
    """What a job may do inside its group's transaction. Its reads see what it has written."""

    def run(self, statement: str, /, **given: Value) -> int:
        """Run a statement that changes rows; answers how many.

        Raises:
            StoreConflict: a row with this key is already there.
            StoreError: the statement is unknown or misused, or the database failed.
        """
        ...

    def fill(self, table: Table, rows: Sequence[Row]) -> int:
        """Put rows with all columns into a table, as `Reading.page` gave them; answers how many.

        Raises as `run`.
        """
        ...


class Store(Protocol):
    """A database of sealed rows. One process writes; any thread may read."""

    @property
    def kind(self) -> str:
        """`sqlite` or `postgres`."""
        ...

    def rows(self, statement: str, /, **given: Value) -> list[Row]:
        """One read, at a moment of its own, from any thread. Raises as `Reading.rows`."""
        ...

    def snapshot(self) -> AbstractContextManager[Reading]:
        """Several reads at one moment, that of the first. Never wait for a write inside."""
        ...

    def write(self, job: Callable[[Writing], T]) -> Future[T]:
        """Have a job run in the writer thread, together with others in one transaction.

        The future is done after the durable COMMIT. A job that raises is undone alone and its
        future carries what it raised; a failed COMMIT fails every job of the group. A job may be
        run again after its transaction was undone, so it changes nothing but the store. A future
        that failed because the connection was lost may yet have been written: ids made by the
        caller make a second try safe.

        Raises:
            StoreClosed: the store is closed, or has stopped after a failure it cannot mend.
        """
        ...

    def on_group(
        self,
        before_commit: Callable[[Writing], None],
        after_commit: Callable[[], None],
        after_failure: Callable[[], None],
    ) -> None:
        """Be called by the writer thread once per group.

        `before_commit` writes last, in the same transaction; if it raises, the group fails.
        `after_failure` says that the transaction was undone, or that nobody knows: whatever was
        remembered of it must be read again. These two must not raise; if one does, the store stops.
        """
        ...

    def close(self) -> None:
        """Finish what was handed in, then let go of everything. A second call does nothing."""
        ...
