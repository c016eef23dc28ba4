"""Rows out of a file that somebody brings: CSV, JSON Lines or one JSON list, strictly UTF-8.

A row that cannot be read is rejected by its line and a reason, and reading goes on with the next;
nothing of what stands there is repeated. A quotation mark that is never closed costs its own line
alone. A file whose header cannot be used is refused whole. Never more than one row is in memory,
save for a JSON list.
"""

from __future__ import annotations

import csv
import io
import json
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from angerona.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROW_BYTES_MAX: Final = 2_000_000
LIST_BYTES_MAX: Final = 50_000_000
FILE_BYTES_MAX: Final = 2_000_000_000
PLACE: Final = "the file"
_BOM: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = (",", ";", "\t")
_TOO_LONG: Final = f"longer than {ROW_BYTES_MAX} bytes"


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One row: the line it begins on, from 1 (in a JSON list, its place), and its fields."""

    line: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken, and why, without a word of it."""

    line: int
    reason: str


class Wrong(Exception):
    """What is wrong with a row, in words that repeat nothing of it."""


def plain_line(name: str, given: str, most: int, *, empty: bool = False) -> str:
    """A field as one line, its white space made single spaces. Raises `Wrong`."""
    text = " ".join(given.split())
    if not text and not empty:
        raise Wrong(f"{name} is empty")
    if len(text) > most or not text.isprintable():
        raise Wrong(f"{name} is longer than {most} characters, or not one plain line")
    return text


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, and the names of its columns (none for JSON: each row has its own)."""

    columns: tuple[str, ...]
    rows: Iterator[Row | Rejected]


def read_table(source: BinaryIO) -> Table:
    """The rows of an open file that can be rewound, by what stands at its beginning.

    Raises `BadInput` for a file that is empty, too large, no text, or has no usable header.
    """
    size = source.seek(0, io.SEEK_END)
    if size > FILE_BYTES_MAX:
        raise BadInput(PLACE, "too large", f"at most {FILE_BYTES_MAX} bytes; split it")
    source.seek(0)
    first = source.read(len(_BOM))
    if first.startswith(_UTF_16):
        raise BadInput(PLACE, "not UTF-8 text", "save it as UTF-8")
    source.seek(len(_BOM) if first == _BOM else 0)
    start = source.tell()
    sign = source.read(4096).lstrip()[:1]
    source.seek(start)
    match sign:
        case b"":
            raise BadInput(PLACE, "is empty")
        case b"[":
            found = _list(source)
            return Table((), (_object(place, one) for place, one in enumerate(found, 1)))
        case b"{":
            return Table((), _json_lines(_Lines(source)))
        case _:
            return _csv(_Lines(source))


@dataclass(slots=True)
class _Lines:
    """The lines of a file with their numbers; those that were read too far are put back."""

    source: BinaryIO
    _number: int = 0
    _back: deque[tuple[int, bytes]] = field(default_factory=deque)

    def next(self) -> tuple[int, bytes] | None:
        """The next line; of one that is too long, its beginning and nothing of the rest."""
        if self._back:
            return self._back.popleft()
        line = self.source.readline(ROW_BYTES_MAX + 1)
        if not line:
            return None
        rest = line
        while len(rest) > ROW_BYTES_MAX and not rest.endswith(b"\n"):
            rest = self.source.readline(ROW_BYTES_MAX + 1)
        self._number += 1
        return self._number, line

    def put_back(self, lines: Sequence[tuple[int, bytes]]) -> None:
        """Have these come again, before all others."""
        self._back.extendleft(reversed(lines))


def _csv(lines: _Lines) -> Table:
    header = lines.next()
    if header is None:
        raise BadInput(PLACE, "is empty")
    delimiter = next((one for one in _DELIMITERS if one.encode() in header[1]), ",")
    lines.put_back([header])
    found = _record(lines, delimiter)
    if found is None or isinstance(found, Rejected):
        raise BadInput(PLACE, "the line of column names cannot be read", "CSV in UTF-8")
    columns = tuple(name.strip().lower() for name in found[1])
    if len(set(columns)) != len(columns):
        raise BadInput(PLACE, "a column name stands twice", "each column once")
    return Table(columns, _csv_rows(lines, columns, delimiter))


def _csv_rows(lines: _Lines, columns: Sequence[str], delimiter: str) -> Iterator[Row | Rejected]:
    while (found := _record(lines, delimiter)) is not None:
        if isinstance(found, Rejected):
            yield found
            continue
        line, values = found
        if not any(value.strip() for value in values):
            continue
        if len(values) != len(columns):
            yield Rejected(line, f"{len(values)} fields where there are {len(columns)} columns")
        else:
            yield Row(line, dict(zip(columns, values, strict=True)))


def _record(lines: _Lines, delimiter: str) -> tuple[int, list[str]] | Rejected | None:
    """The next record, which may run over several lines; nothing at the end of the file.

    Where its quotation marks do not fit, its first line alone is given up: the others may be whole.
    """
    taken: list[tuple[int, bytes]] = []
    csv.field_size_limit(ROW_BYTES_MAX)
    try:
        values = next(csv.reader(_texts(lines, taken), delimiter=delimiter, strict=True), None)
    except (csv.Error, _TooLong):
        lines.put_back(taken[1:])
        number, line = taken[0]
        return Rejected(number, _TOO_LONG if len(line) > ROW_BYTES_MAX else _QUOTED)
    if values is None:
        return None
    number = taken[0][0]
    wrong = _wrong_text(values)
    return Rejected(number, wrong) if wrong else (number, values)


_QUOTED: Final = "its quotation marks do not fit"


class _TooLong(Exception):
    """A record grew beyond what a row may have."""


def _texts(lines: _Lines, taken: list[tuple[int, bytes]]) -> Iterator[str]:
    size = 0
    while (found := lines.next()) is not None:
        taken.append(found)
        size += len(found[1])
        if size > ROW_BYTES_MAX:
            raise _TooLong
        yield found[1].decode("utf-8", "surrogateescape")


def _wrong_text(values: Sequence[str]) -> str:
    """What is wrong with the text of a row, if anything."""
    joined = "".join(values)
    if "\0" in joined:
        return "holds a NUL character"
    try:
        joined.encode()
    except UnicodeEncodeError:
        return "not UTF-8 text"
    return ""


def _json_lines(lines: _Lines) -> Iterator[Row | Rejected]:
    while (found := lines.next()) is not None:
        line, raw = found
        if len(raw) > ROW_BYTES_MAX:
            yield Rejected(line, _TOO_LONG)
        elif raw.strip():
            yield _object(line, _parsed(raw))


def _list(source: BinaryIO) -> list[object]:
    raw = source.read(LIST_BYTES_MAX + 1)
    if len(raw) > LIST_BYTES_MAX:
        raise BadInput(PLACE, "too large for a JSON list", "one JSON object on each line instead")
    found = _parsed(raw)
    if not isinstance(found, list):
        raise BadInput(PLACE, "not a JSON list", "one whole list of objects, in UTF-8")
    return found


def _parsed(raw: bytes) -> object:
    """What the JSON says; nothing where it is none, or a key stands twice in one object."""
    try:
        return json.loads(raw.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError
    return table


def _object(line: int, found: object) -> Row | Rejected:
    if not isinstance(found, dict):
        return Rejected(line, "not a JSON object with each key once, in UTF-8")
    values = {name: "" if value is None else value for name, value in found.items()}
    if not all(isinstance(value, str) for value in values.values()):
        return Rejected(line, "holds something other than text")
    wrong = _wrong_text([*values, *values.values()])
    return Rejected(line, wrong) if wrong else Row(line, values)
