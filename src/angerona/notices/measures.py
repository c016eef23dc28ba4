"""Measures that are filled in and scored: their words, their rule, their bands, as data.

The words are in `measures.toml`, each with its authors, its terms and its source. A score is no
diagnosis; a band is what the measure's authors call a range of scores.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from angerona.errors import BadInput, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure: answers count by their place among `options`, the sum goes `times` a factor.

    `bands`: from which score on, which word. `asks_of_suicide`: the number of the question that
    does, from 1, or 0.
    """

    name: str
    title: str
    about: str
    asks: str
    options: tuple[str, ...]
    items: tuple[str, ...]
    times: int
    bands: tuple[tuple[int, str], ...]
    asks_of_suicide: int
    authors: str
    terms: str

    @property
    def most(self) -> int:
        """The highest score there is."""
        return len(self.items) * (len(self.options) - 1) * self.times

    def check(self, answers: Sequence[int]) -> None:
        """Raise `BadInput` unless every question has one of the answers."""
        if len(answers) != len(self.items):
            raise BadInput(self.title, "has questions without an answer", "an answer to each")
        if not all(0 <= one < len(self.options) for one in answers):
            raise BadInput(self.title, "has an answer that is none", one_of(self.options))

    def score(self, answers: Sequence[int]) -> int:
        """The score of answers that were checked."""
        return sum(answers) * self.times

    def band(self, score: int) -> str:
        """The word for a score."""
        return next((word for least, word in reversed(self.bands) if score >= least), "")

    def alarm(self, answers: Sequence[int]) -> str:
        """What was answered to the question about suicide, where it was anything but the first."""
        answer = answers[self.asks_of_suicide - 1] if self.asks_of_suicide else 0
        return self.options[answer] if answer else ""


@cache
def measures() -> Mapping[str, Measure]:
    """Every measure, by its name."""
    data = resources.files("angerona.notices").joinpath("measures.toml").read_text("utf-8")
    return {
        name: Measure(
            name=name,
            title=held["title"],
            about=held["about"],
            asks=held["asks"],
            options=tuple(held["options"]),
            items=tuple(held["items"]),
            times=held["times"],
            bands=tuple((least, word) for least, word in held["bands"]),
            asks_of_suicide=held["alarm"],
            authors=held["authors"],
            terms=held["terms"],
        )
        for name, held in tomllib.loads(data).items()
    }


def measure_of(name: str) -> Measure:
    """One measure. Raises `BadInput` for a name that none has."""
    found = measures().get(name)
    if found is None:
        raise BadInput("measure", "is none that is known here", one_of(measures()))
    return found
