"""Whole tables, row by row: for a copy that either back end takes in again.

The text of these statements is put together from names of tables and columns. They come from the
database's own catalogue, never from what somebody typed or from a file, and only plain words pass.
So a copy leaves no table out that a later version brings, and rows of an earlier version go back
into the tables of that version. Rows come in the order of their keys, which are random ids: when
each was written does not show, and nothing of a row that was deleted is there.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from angerona.errors import StoreMisused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from angerona.store.contract import Reading, Row, Value
    from angerona.store.statements import Statement, Statements

    Run = Callable[[Statement, dict[str, Value]], tuple[list[Row], int]]

_PRACTICE: Final = "practice_id"
_NAME: Final = re.compile(r"[a-z][a-z_0-9]{0,40}\Z")
ROWS_IN_ONE: Final = 16
"""Rows in one statement that fills a table. More make the reading of its text slow."""


class Table(NamedTuple):
    """A table of a practice: its columns in order, and those of its key, the practice first."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def tables_in(reading: Reading) -> dict[str, Table]:
    """Every table whose rows belong to a practice, by name."""
    columns: dict[str, list[str]] = {}
    keys: dict[str, dict[int, str]] = {}
    for table, column, place in reading.rows("catalogue.columns"):
        columns.setdefault(table, []).append(column)
        if place:
            keys.setdefault(table, {})[place] = column
    found = (
        Table(name, tuple(columns[name]), tuple(key[place] for place in sorted(key)))
        for name, key in sorted(keys.items())
    )
    return {table.name: table for table in found if table.key[0] == _PRACTICE}


def version_in(reading: Reading) -> int:
    """The version of the tables: the number of the last step they were brought up by."""
    [(version,)] = reading.rows("catalogue.version")
    return int(version)


def count_of(run: Run, statements: Statements, table: Table, practice_id: bytes) -> int:
    """How many rows a practice has in a table."""
    found = statements.put_together(f"{table.name}.count", partial(_count, table))
    [[count]] = run(found, {_PRACTICE: practice_id})[0]
    return int(count)


def page_of(
    run: Run,
    statements: Statements,
    table: Table,
    practice_id: bytes,
    after: Sequence[Any] | None,
    most: int,
) -> list[Row]:
    """The next rows of a practice behind the row `after`, at most so many, by their key."""
    name = f"{table.name}.{'first' if after is None else 'next'}_page"
    found = statements.put_together(name, lambda: _page(table, begins=after is None))
    given: dict[str, Value] = {_PRACTICE: practice_id, "most": most}
    if after is not None:
        behind = dict(zip(table.columns, after, strict=True))
        given |= {f"after_{column}": behind[column] for column in table.key[1:]}
    return run(found, given)[0]


def fill(run: Run, statements: Statements, table: Table, rows: Sequence[Sequence[Value]]) -> int:
    """Put rows into a table; how many.

    Raises `StoreConflict` where one is there already.
    """
    count = 0
    for start in range(0, len(rows), ROWS_IN_ONE):
        part = rows[start : start + ROWS_IN_ONE]
        name = f"{table.name}.fill_{len(part)}"
        found = statements.put_together(name, partial(_fill, table, len(part)))
        given = {
            f"{column}_{number}": value
            for number, row in enumerate(part)
            for column, value in zip(table.columns, row, strict=True)
        }
        count += run(found, given)[1]
    return count


def _count(table: Table) -> str:
    return f"SELECT count(*) FROM {_word(table.name)} WHERE practice_id = :practice_id"  # noqa: S608 -- plain words of the catalogue


def _page(table: Table, *, begins: bool) -> str:
    columns, rest = _words(table.columns), table.key[1:]
    text = f"SELECT {', '.join(columns)} FROM {_word(table.name)} WHERE practice_id = :practice_id"  # noqa: S608 -- plain words of the catalogue
    if rest and not begins:
        behind = ", ".join(f":after_{column}" for column in rest)
        text += f" AND ({', '.join(_words(rest))}) > ({behind})"
    elif not begins:
        text += " AND practice_id > :practice_id"
    return f"{text} ORDER BY {', '.join(_words(table.key))} LIMIT :most"


def _fill(table: Table, rows: int) -> str:
    columns = _words(table.columns)
    values = (f"({', '.join(f':{one}_{row}' for one in columns)})" for row in range(rows))
    return f"INSERT INTO {_word(table.name)} ({', '.join(columns)}) VALUES {', '.join(values)}"  # noqa: S608 -- plain words of the catalogue


def _words(names: Sequence[str]) -> list[str]:
    return [_word(name) for name in names]


def _word(name: str) -> str:
    if not _NAME.match(name):
        raise StoreMisused("a table or column whose name is no plain word")
    return name
