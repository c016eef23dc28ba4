"""What a benchmark found: rows of figures, printed for a person and kept for a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.timing import Timed

NANOSECONDS = {"us": 1e3, "ms": 1e6, "s": 1e9}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `goal` is a bound: at most it, or for ratios (unit `x`) at least it."""

    what: str
    median: float | None
    best: float | None
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the median keeps the goal; if not, whether the least disturbed round does."""
        if self.goal is None or self.median is None:
            return ""
        if self._keeps(self.median):
            return "met"
        return "best only" if self.best is not None and self._keeps(self.best) else "MISSED"

    def _keeps(self, value: float) -> bool:
        goal = self.goal or 0.0
        return value >= goal if self.unit == "x" else value <= goal

    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        bound = "" if self.goal is None else f"{'>=' if self.unit == 'x' else '<='} {self.goal:g}"
        return (
            self.what,
            _figure(self.median),
            _figure(self.best),
            self.unit,
            bound,
            self.verdict,
            self.note,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What one benchmark found, with what a reader must know to judge it."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def timed(what: str, found: Timed, unit: str, goal: float | None = None, note: str = "") -> Row:
    """A row from measured times."""
    scale = NANOSECONDS[unit]
    return Row(what, found.median / scale, found.best / scale, unit, goal, note)


def not_measured(what: str, why: str) -> Row:
    """A row that says why there is no figure."""
    return Row(what, None, None, "", note=f"not measured here: {why}")


def lines(part: Part) -> Iterator[str]:
    """A part as aligned text."""
    head = ("what", "median", "best", "", "goal", "", "")
    table = [head, *(row.cells() for row in part.rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    yield part.title
    for row in table:
        yield "  " + "  ".join(_aligned(row, widths)).rstrip()
    for note in part.notes:
        yield f"  - {note}"


def _aligned(row: tuple[str, ...], widths: list[int]) -> Iterable[str]:
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.rjust(width) if column in {1, 2} else cell.ljust(width)


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
