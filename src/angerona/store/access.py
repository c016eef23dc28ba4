"""Runs named statements on one connection, the same for both back ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from angerona.store.contract import Row, Value
    from angerona.store.statements import Statements

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

    def _run(self, statement: str, given: Mapping[str, Value]) -> tuple[list[Row], int]:
        if self.failure:
            raise self.failure
        try:
            found = self._statements[statement]
            found.check(given, writes=self._writes)
            return self._execute(found.text, given)
        except Exception as error:
            self.failure = error
            raise
