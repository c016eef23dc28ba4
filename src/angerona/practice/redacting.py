"""What might not have to go of a text: names that the record knows, signs of people, some words.

A suggestion is no judgement: whoever hands over decides, passage by passage. Nothing is found that
is written otherwise than it is known here.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from angerona.practice.caseload import known_to
from angerona.practice.colleagues import colleagues

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from angerona.sealed.vault import Visit

LETTERS_MIN: Final = 3
"""Shorter parts of names stand in too many other words."""
_NAME: Final = re.compile(r"[^\W\d_]+")
_SENTENCE: Final = re.compile(r"[^.!?\n]+(?:[.!?]+|\n+|$)\s*")
_SIGNS: Final = (
    ("a mail address", re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")),
    ("a day in somebody's life", re.compile(r"(?<!\d)\d{1,2}[./]\d{1,2}[./]\d{2,4}(?!\d)")),
    ("a number to reach somebody by", re.compile(r"(?<![\w.])\+?\d[\d ()/-]{6,}\d(?!\w)")),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A passage that might not have to go: from its first character to its past, and why."""

    span: tuple[int, int]
    says: str
    why: str


def suggestions(visit: Visit, client_id: bytes, text: str) -> list[Suggestion]:
    """What stands in a text that might not have to go, in order.

    `client_id`: whose text it is, whose own name is no reason.
    """
    found: dict[tuple[int, int], str] = {}
    client = visit.vault.authority(client_id).client
    own = _parts(client.name)
    for why, names in (
        ("somebody who works here", _staff(visit) - own),
        ("the name of another client", _others(visit, client_id) - own),
    ):
        for span, word in _words_in(text):
            if word in names:
                found.setdefault(span, why)
    for value in client.contact.values():
        for one in re.finditer(re.escape(value), text, flags=re.IGNORECASE) if value else ():
            found.setdefault(one.span(), "a way to reach the client")
    for why, pattern in (*_SIGNS, *_lexicon()):
        for one in pattern.finditer(text):
            found.setdefault(one.span(), why)
    return [Suggestion(span, text[span[0] : span[1]], why) for span, why in sorted(found.items())]


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text begins and ends, without the white space around it."""
    out = []
    for one in _SENTENCE.finditer(text):
        said = one.group()
        first = one.start() + len(said) - len(said.lstrip())
        past = one.start() + len(said.rstrip())
        if past > first:
            out.append((first, past))
    return out


def _words_in(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    for one in _NAME.finditer(text):
        if one.group()[0].isupper():
            yield one.span(), one.group().casefold()


def _parts(name: str) -> frozenset[str]:
    return frozenset(part.casefold() for part in _NAME.findall(name) if len(part) >= LETTERS_MIN)


def _all_parts(names: Iterable[str]) -> frozenset[str]:
    return frozenset(part for name in names for part in _parts(name))


def _staff(visit: Visit) -> frozenset[str]:
    return _all_parts(one.row.name for one in colleagues(visit))


def _others(visit: Visit, client_id: bytes) -> frozenset[str]:
    return _all_parts(one.name for one in known_to(visit) if one.client_id != client_id)


@cache
def _lexicon() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The words of `redaction_words.toml`, by why they may matter."""
    found = resources.files("angerona.practice").joinpath("redaction_words.toml")
    told = tomllib.loads(found.read_text(encoding="utf-8"))
    return tuple(
        (
            one["why"],
            re.compile(rf"\b(?:{'|'.join(map(re.escape, one['words']))})\b", re.IGNORECASE),
        )
        for one in told["group"]
    )
