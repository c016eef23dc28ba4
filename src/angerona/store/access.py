"""Runs named statements on one connection, the same for both back ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from angerona.store import copying

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from angerona.store.contract import Row, Value
    from angerona.store.copying import Table
    from angerona.store.statements import Statement, Statements

    Execute = Callable[[str, Mapping[str, Value]], tuple[list[Row], int]]


class Access:
    """What a job or a snapshot reads and writes with: `Reading`, and `Writing` inside a group.

    After a statement has failed, PostgreSQL takes no other until it is undone. So that a job means
    the same on both, every later statement raises the same error here, and `failure` keeps it.
    """

    __slots__ = ("_execute", "_statements", "_writes", "failure")

    def __init__(self, statements: Statements, execute: Execute, *, writes: bool) -> None:
        """`execute` runs a text with its values and answers its rows and how many it changed."""
        self._writes = writes
        self._statements = statements
        self._execute = execute
        self.failure: Exception | None = None

    def rows(self, statement: str, /, **given: Value) -> list[Row]:
        """All rows of a statement; see `Reading.rows`."""
        return self._run(statement, given)[0]

    def run(self, statement: str, /, **given: Value) -> int:
        """How many rows a statement changed; see `Writing.run`."""
        return self._run(statement, given)[1]

    def count(self, table: Table, *, practice_id: bytes) -> int:
        """How many rows a practice has in a table."""
        return copying.count_of(self._run, self._statements, table, practice_id)

    def page(self, table: Table, *, practice_id: bytes, after: Row | None, most: int) -> list[Row]:
        """The next rows of a whole table; see `Reading.page`."""
        return copying.page_of(self._run, self._statements, table, practice_id, after, most)

    def fill(self, table: Table, rows: Sequence[Row]) -> int:
        """Put rows into a table; see `Writing.fill`."""
        return copying.fill(self._run, self._statements, table, rows)

    def _run(self, statement: str | Statement, given: Mapping[str, Value]) -> tuple[list[Row], int]:
        if self.failure:
            raise self.failure
        try:
            found = self._statements[statement] if isinstance(statement, str) else statement
            found.check(given, writes=self._writes)
            return self._execute(found.text, given)
        except Exception as error:
            self.failure = error
            raise
