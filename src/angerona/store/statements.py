"""Loads the statements of `sql/`: one text for both back ends, named "noun.query".

A file `<noun>.sql` holds queries, each under a header line of one word (`-- insert`); a comment has
several words. `<noun>.postgres.sql` replaces single queries of its noun on that back end. Values
are given by name (`:client_id`) and never put into the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from angerona.errors import StoreMisused, kind_of, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from importlib.resources.abc import Traversable

    from angerona.store.contract import Value

SQL: Final = resources.files("angerona.store") / "sql"

NO_FIT: Final = "a value does not fit its column"

_HEADER = re.compile(r"-- ([a-z][a-z0-9_]*)\n?\Z")
_CHANGE = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")
_PARAMETER = re.compile(r"(?<![:\w]):([a-z][a-z0-9_]*)")
_VALUES: Final = (bytes, int, str, type(None))


@dataclass(frozen=True, slots=True)
class Statement:
    """One query, in the words of one back end."""

    name: str
    text: str
    parameters: frozenset[str]
    changes: bool

    def check(self, given: Mapping[str, Value], *, writes: bool) -> None:
        """Refuse values that are missing, too many or of a kind no column holds.

        And, where nothing may be written, a statement that changes rows.

        Raises:
            StoreMisused: names the statement and the parameter, never the value.
        """
        if given.keys() != self.parameters:
            raise StoreMisused(
                f"{self.name} takes {', '.join(sorted(self.parameters)) or 'nothing'}"
            )
        if self.changes and not writes:
            raise StoreMisused(f"{self.name} changes rows, which takes a job")
        for name, value in given.items():
            if type(value) not in _VALUES:
                raise StoreMisused(f"{self.name}: {name} is {kind_of(value)}; allowed: {_ALLOWED}")


_ALLOWED: Final = "bytes, int, str, None"


class Statements:
    """All statements of one back end, by name."""

    def __init__(self, kind: str, folder: Traversable = SQL) -> None:
        """Read every file once; `kind` is `sqlite` or `postgres`."""
        self._kind = kind
        portable, own = [], []
        for file in folder.iterdir():
            noun, _, rest = file.name.partition(".")
            if rest == "sql":
                portable.append((noun, file))
            elif rest == f"{kind}.sql":
                own.append((noun, file))
        self._found: dict[str, Statement] = {}
        for noun, file in [*sorted(portable), *sorted(own)]:
            for query, text in queries(file.read_text(encoding="utf-8")):
                name = f"{noun}.{query}"
                self._found[name] = _statement(name, text, kind)
        self._put_together: dict[str, Statement] = {}

    def __getitem__(self, name: str) -> Statement:
        """The statement of this name.

        Raises:
            StoreMisused: there is none.
        """
        try:
            return self._found[name]
        except KeyError:
            raise StoreMisused(f"no statement of this name; {one_of(self._found, name)}") from None

    def put_together(self, name: str, text: Callable[[], str]) -> Statement:
        """A statement about a whole table (`copying.py`), whose text is made when first needed."""
        found = self._put_together.get(name)
        if found is None:
            found = self._put_together[name] = _statement(name, text(), self._kind)
        return found

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._found)


def queries(text: str) -> list[tuple[str, str]]:
    """The queries of one file as (name, text), comments left out."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if header := _HEADER.match(line):
            found.append((header[1], []))
        elif line.strip() and not line.lstrip().startswith("--"):
            if not found:
                raise StoreMisused(
                    "a file of statements begins with a header line such as `-- insert`"
                )
            found[-1][1].append(line)
    return [(name, "\n".join(lines)) for name, lines in found]


def _statement(name: str, text: str, kind: str) -> Statement:
    parameters = frozenset(_PARAMETER.findall(text))
    if kind == "postgres":
        text = _PARAMETER.sub(r"%(\1)s", text.replace("%", "%%"))
    return Statement(name, text, parameters, changes=bool(_CHANGE.search(text)))
