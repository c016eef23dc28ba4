"""All consents of a practice in columns of numbers: a proposal, measured here.

A consent is nine numbers, because its words are from closed lists: classes, recipients and
purposes are bits; its form and its elements are numbers of what was seen before; dates are days.
`of` gives back, for one client, the frozen `Consent` values that an Ask carries.
"""

from __future__ import annotations

import datetime
import json
from array import array
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from angerona.rules.ask import Consent
from angerona.words import CLASSES, EVERYTHING, PURPOSES, RECIPIENTS, SIGNERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

AT_ONCE: Final = 50
"""Consents read in one go, column by column; few enough to stay in the cache of a core."""
COLUMNS: Final = {
    "client": "i",
    "by": "b",
    "form": "i",
    "elements": "i",
    "classes": "i",
    "to": "q",
    "purposes": "i",
    "from": "i",
    "until": "i",
    "revoked": "i",
}
"""The keys of a consent on file, each with the type code of its column."""
Row = tuple[Any, ...]


class Numbers(dict[Any, int]):
    """Numbers things in the order they are first seen."""

    def __missing__(self, key: object) -> int:
        number = self[key] = len(self)
        return number


class Days(dict[str | None, int]):
    """Dates as day numbers, each worked out once; 0 for none."""

    def __missing__(self, text: str | None) -> int:
        if text is None:
            return 0
        day = self[text] = datetime.date.fromisoformat(text).toordinal()
        return day


class Bits(dict[tuple[str, ...], int]):
    """Lists of words as bits of one number, each different list worked out once."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__()
        self._bit = {word: 1 << place for place, word in enumerate(words)}
        self._sets: dict[int, frozenset[str]] = {}

    def __missing__(self, words: tuple[str, ...]) -> int:
        bits = 0
        for word in words:
            bits |= self._bit[word]
        self[words] = bits
        return bits

    def words(self, bits: int) -> frozenset[str]:
        """The words of a number."""
        found = self._sets.get(bits)
        if found is None:
            found = frozenset([word for word, bit in self._bit.items() if bits & bit])
            self._sets[bits] = found
        return found


class ConsentFile:
    """The consents of all clients, in columns sorted by client."""

    def __init__(self) -> None:
        self._clients = Numbers()
        self._forms = Numbers()
        self._elements = Numbers()
        self._classes = Bits((*CLASSES, EVERYTHING))
        self._to = Bits(RECIPIENTS)
        self._purposes = Bits(PURPOSES)
        self._by = {word: number for number, word in enumerate(SIGNERS)}
        self._days = Days()
        self._first = np.zeros(1, dtype=np.int32)
        self._columns: tuple[np.ndarray[Any, Any], ...] = ()

    @classmethod
    def of_lines(cls, lines: Iterable[str]) -> ConsentFile:
        """Read JSON, one consent a line; raises `ValueError`, `KeyError` or `TypeError`."""
        held = cls()
        reading = iter(lines)
        held._fill(
            held._numbers(json.loads(f"[{','.join(some)}]"))
            for some in iter(lambda: list(islice(reading, AT_ONCE)), [])
        )
        return held

    @classmethod
    def of_rows(
        cls, rows: Iterator[Row], forms: Iterable[str], elements: Iterable[Any]
    ) -> ConsentFile:
        """Take rows of numbers as `rows` gives them, with the `lists` they point into."""
        held = cls()
        held._forms.update({form: number for number, form in enumerate(forms)})
        held._elements.update(
            {
                (tuple(keys), tuple(present)): number
                for number, (keys, present) in enumerate(elements)
            }
        )
        held._fill(
            ([held._clients[client] for client in owners], *others)
            for some in iter(lambda: list(islice(rows, AT_ONCE)), [])
            for owners, *others in [zip(*some, strict=True)]
        )
        return held

    def lists(self) -> tuple[list[str], list[Any]]:
        """The forms and the sets of elements into which the numbers of `rows` point."""
        return list(self._forms), list(self._elements)

    def rows(self) -> Iterator[Row]:
        """Everything as rows of a client and nine numbers, the form in which a store keeps it."""
        clients = np.repeat(list(self._clients), np.diff(self._first)).tolist()
        return zip(clients, *(column.tolist() for column in self._columns), strict=True)

    def _numbers(self, raws: list[dict[str, Any]]) -> Iterator[list[int]]:
        """Some consents as plain tables, column by column, in the order of COLUMNS."""
        if any(len(raw) != len(COLUMNS) for raw in raws):
            message = f"a consent on file has {len(COLUMNS)} keys: {', '.join(COLUMNS)}"
            raise ValueError(message)
        yield [self._clients[raw["client"]] for raw in raws]
        yield [self._by[raw["by"]] for raw in raws]
        yield [self._forms[raw["form"]] for raw in raws]
        given = [raw["elements"] for raw in raws]
        yield [self._elements[tuple(one), tuple(one.values())] for one in given]
        yield [self._classes[tuple(raw["classes"])] for raw in raws]
        yield [self._to[tuple(raw["to"])] for raw in raws]
        yield [self._purposes[tuple(raw["purposes"])] for raw in raws]
        yield [self._days[raw["from"]] for raw in raws]
        yield [self._days[raw["until"]] for raw in raws]
        yield [self._days[raw["revoked"]] for raw in raws]

    def _fill(self, batches: Iterable[Iterable[Iterable[int]]]) -> None:
        """Gather the columns and sort them by client; each client keeps the order of the file."""
        columns = [array(code) for code in COLUMNS.values()]
        for batch in batches:
            for column, values in zip(columns, batch, strict=True):
                column.extend(values)
        owner = np.frombuffer(columns[0], dtype=np.int32)
        by_client = np.argsort(owner, kind="stable")
        counts = np.bincount(owner, minlength=len(self._clients))
        self._first = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        self._columns = tuple(
            np.frombuffer(column, dtype=np.dtype(column.typecode))[by_client]
            for column in columns[1:]
        )

    def __len__(self) -> int:
        return int(self._first[-1])

    @property
    def clients(self) -> Collection[str]:
        """Who has a consent on file."""
        return self._clients.keys()

    def of(self, client: str) -> tuple[Consent, ...]:
        """The consents of one client, in the order of the file; none for one who has none."""
        number = self._clients.get(client)
        if number is None:
            return ()
        rows = slice(int(self._first[number]), int(self._first[number + 1]))
        return tuple(
            self._consent(row)
            for row in zip(*(column[rows].tolist() for column in self._columns), strict=True)
        )

    def _consent(self, row: Row) -> Consent:
        by, form, elements, classes, to, purposes, starts, ends, revoked = row
        keys, present = _at(self._elements, elements)
        return Consent(
            by=_at(self._by, by),
            form=_at(self._forms, form),
            classes=self._classes.words(classes),
            to=self._to.words(to),
            purposes=self._purposes.words(purposes),
            starts=_date(starts),
            ends=_date(ends),
            revoked=_date(revoked),
            elements=frozenset(key for key, is_so in zip(keys, present, strict=True) if is_so),
            denied=frozenset(key for key, is_so in zip(keys, present, strict=True) if not is_so),
        )


def _at(numbers: dict[Any, int], number: int) -> Any:  # noqa: ANN401 -- whatever was numbered
    """What has this number: a walk over what is a short list (forms, sets of elements)."""
    return next(islice(numbers, number, None))


def _date(day: int) -> datetime.date | None:
    return datetime.date.fromordinal(day) if day else None
