"""Whose words a passage of a joint record holds, and how they are marked in a text.

A line that begins with the name by which a party is known there, and a colon, begins that party's
words; they go on to an empty line or to the next such line. What no mark covers is of all.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
import re
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OF_ALL: Final = frozenset({"all", "both"})
"""What begins a line that is of all again; nobody is known by one of these."""
_MARK: Final = re.compile(r"[ \t]*([^\s:]+)[ \t]*:")


class Party(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody whom a joint record is about: a client, by the name used there, until when."""

    client_id: bytes
    known_as: str
    since: datetime.date
    until: datetime.date | None = None


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose the characters from `first` to before `past` are (a client's id)."""

    of: bytes
    first: int
    past: int


def words_in(text: str, parties: Iterable[Party]) -> tuple[Words, ...]:
    """The passages of a text that are one party's, in order; characters as Python counts them."""
    known = {one.known_as.casefold(): one.client_id for one in parties}
    return tuple(_words(text, known))


def _words(text: str, known: dict[str, bytes]) -> Iterator[Words]:
    of, first, at = b"", 0, 0
    for line in text.splitlines(keepends=True):
        mark = _MARK.match(line)
        name = mark[1].casefold() if mark else ""
        if name in known or name in OF_ALL or not line.strip():
            if of:
                yield Words(of=of, first=first, past=at)
            of, first = known.get(name, b""), at
        at += len(line)
    if of:
        yield Words(of=of, first=first, past=at)


def others_than(party: bytes, words: Iterable[Words], length: int) -> Iterator[tuple[int, int]]:
    """The stretches of a text that are not one party's alone, in order."""
    at = 0
    for one in words:
        if one.of == party:
            if at < one.first:
                yield at, one.first
            at = one.past
    if at < length:
        yield at, length
