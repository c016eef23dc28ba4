"""Reading plain tables (JSON, TOML) strictly.

Each wrong thing is one error that names its place and what is allowed.

One `Table` wraps one mapping at one place. It hands out fields by name and type; at the end,
`done()` refuses keys nobody asked for.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Final, NoReturn

from angerona.errors import BadInput, is_near, one_of, shown
from angerona.rules.durations import DURATION

if TYPE_CHECKING:
    from collections.abc import Collection

TEXT_LIMIT: Final = 4000
LIST_LIMIT: Final = 1000
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}\Z")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class Table:
    """A mapping being read. `error` is the kind of error to raise, `place` where we are."""

    def __init__(self, raw: object, place: str, error: type[BadInput]) -> None:
        """Begin reading; raises `error` if `raw` is no table with text keys."""
        self.place = place
        self.error = error
        here = place.rstrip(": ") or "the input"
        if not isinstance(raw, dict):
            raise error(here, f"{error.naming(raw)} where a table is needed")
        if len(raw) > LIST_LIMIT or not all(isinstance(key, str) for key in raw):
            raise error(here, f"not a table of at most {LIST_LIMIT} keys, each a text")
        self.raw: dict[str, object] = raw
        self._seen: set[str] = set()

    def at(self, key: str) -> str:
        """The place of a key in this table."""
        joint = "" if not self.place or self.place.endswith(" ") else "."
        return f"{self.place}{joint}{key}"

    def fail(self, key: str, wrong: str, allowed: str = "") -> NoReturn:
        """Raise the error for a key."""
        raise self.error(self.at(key), wrong, allowed)

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        self._seen.add(key)
        return self.raw.get(key) is not None

    def need(self, key: str) -> object:
        """The value of a key that must be there."""
        if not self.has(key):
            self.fail(key, "missing")
        return self.raw[key]

    def text(self, key: str, default: str | None = None) -> str:
        """A text of at most TEXT_LIMIT characters; without `default` it must be there."""
        if default is not None and not self.has(key):
            return default
        value = self.need(key)
        if not isinstance(value, str):
            self.fail(key, f"{self.error.naming(value)} where a text is needed")
        if len(value) > TEXT_LIMIT:
            self.fail(key, "too long", f"at most {TEXT_LIMIT} characters")
        return value

    def name(self, key: str, default: str | None = None) -> str:
        """A short plain name: letters, digits, `_ . : -`."""
        value = self.text(key, default)
        if value != default and not NAME.match(value):
            self.fail(key, "not a plain name", "letters, digits, _ . : - to 80 characters")
        return value

    def word(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One word out of a closed list."""
        value = self.need(key) if default is None or self.has(key) else default
        return self._word(self.at(key), value, allowed)

    def words(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list of words out of a closed list, each once; empty if the key is absent."""
        words = tuple(
            self._word(f"{self.at(key)}[{index}]", value, allowed)
            for index, value in enumerate(self.items(key))
        )
        return tuple(dict.fromkeys(words))

    def set_of(self, key: str, allowed: Collection[str]) -> frozenset[str] | None:
        """Like `words`, as a set, and `None` if the key is absent: "any".

        An empty list is refused: a lock on nothing bars nothing, and is a mistake.
        """
        if not self.has(key):
            return None
        words = frozenset(self.words(key, allowed))
        if not words:
            self.fail(key, "an empty list", "leave it out for all, or name some")
        return words

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if the key is absent."""
        out: list[str] = []
        for index, value in enumerate(self.items(key)):
            if not isinstance(value, str) or len(value) > TEXT_LIMIT:
                self.fail(f"{key}[{index}]", f"{self.error.naming(value)} where a text is needed")
            out.append(value)
        return tuple(out)

    def items(self, key: str) -> list[object]:
        """A list of at most LIST_LIMIT things; empty if the key is absent."""
        if not self.has(key):
            return []
        value = self.raw[key]
        if not isinstance(value, list):
            self.fail(key, f"{self.error.naming(value)} where a list is needed")
        if len(value) > LIST_LIMIT:
            self.fail(key, "too long a list", f"at most {LIST_LIMIT}")
        return value

    def tables(self, key: str) -> list[Table]:
        """A list of tables; empty if the key is absent."""
        return [
            Table(value, f"{self.at(key)}[{index}]", self.error)
            for index, value in enumerate(self.items(key))
        ]

    def flag(self, key: str, *, default: bool) -> bool:
        """A yes or no."""
        if not self.has(key):
            return default
        value = self.raw[key]
        if not isinstance(value, bool):
            self.fail(key, f"{self.error.naming(value)} where true or false is needed")
        return value

    def date(self, key: str) -> datetime.date | None:
        """A date, as TOML gives it or as text `YYYY-MM-DD`; `None` if absent."""
        if not self.has(key):
            return None
        value = self.raw[key]
        if isinstance(value, str):
            try:
                value = datetime.date.fromisoformat(value)
            except ValueError:
                value = None
        if type(value) is not datetime.date or not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            self.fail(key, "not a date", "YYYY-MM-DD")
        return value

    def duration(self, key: str) -> str:
        """An ISO 8601 duration such as `PT36H` or `P30D`, kept as text; empty if absent."""
        value = self.text(key, "")
        if value and not DURATION.match(value):
            self.fail(key, "not an ISO 8601 duration", "such as PT36H or P30D")
        return value

    def done(self) -> None:
        """Refuse keys that nobody asked for."""
        for key in self.raw:
            if key not in self._seen:
                self.fail_key(key, "unknown key", self._seen)

    def fail_key(self, key: str, wrong: str, allowed: Collection[str]) -> NoReturn:
        """Raise the error for a key that is no key: itself only if it may be repeated."""
        repeated = self.error.naming(key) == shown(key) or is_near(key, allowed)
        place = key if repeated and NAME.match(key) else "(a key)"
        self.fail(place, wrong, one_of(allowed, key) if allowed else "no keys here")

    def _word(self, place: str, value: object, allowed: Collection[str]) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise self.error(
                place, f"unknown word ({self.error.naming(value)})", one_of(allowed, value)
            )
        return value


def moment(text: str) -> datetime.datetime | None:
    """An ISO 8601 date and time with a zone, or `None` if it is not one."""
    try:
        value = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    if value.tzinfo is None or not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        return None
    return value
