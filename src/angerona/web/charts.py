"""A measure over time, as the numbers of a drawing: no script, no style of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.notices.measures import measure_of
from angerona.notices.structured import Measured

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from angerona.notices.measures import Measure
    from angerona.practice.care import Standing

WIDTH: Final = 640
HEIGHT: Final = 200
_LEFT: Final = 34
_RIGHT: Final = 14
_ABOVE: Final = 12
_BELOW: Final = 12


@dataclass(frozen=True, slots=True)
class Point:
    """A score: where it stands in the drawing, when it was, its band."""

    x: float
    y: float
    score: int
    at: datetime.datetime
    band: str
    alarm: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A measure over time, the oldest first; `bands`: the height at which each begins."""

    measure: Measure
    points: tuple[Point, ...]
    bands: tuple[tuple[float, int], ...]

    @property
    def line(self) -> str:
        """The points of the line, as SVG writes them."""
        return " ".join(f"{one.x},{one.y}" for one in self.points)


def charts(measured: Iterable[Standing]) -> list[Chart]:
    """A chart for each measure that was ever filled in, by the measure's title."""
    held: dict[str, list[tuple[datetime.datetime, Measured]]] = {}
    for one in measured:
        if isinstance(one.form, Measured):
            held.setdefault(one.form.measure, []).append((one.entry.written, one.form))
    made = [_chart(measure_of(name), scores) for name, scores in held.items()]
    return sorted(made, key=lambda one: one.measure.title)


def _chart(measure: Measure, scores: list[tuple[datetime.datetime, Measured]]) -> Chart:
    first, last = scores[0][0], scores[-1][0]
    span = (last - first).total_seconds() or 1.0

    def height(score: int) -> float:
        room = HEIGHT - _ABOVE - _BELOW
        return round(HEIGHT - _BELOW - room * score / measure.most, 1)

    def across(at: datetime.datetime) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (at - first).total_seconds() / span, 1)

    points = tuple(
        Point(across(at), height(form.score), form.score, at, measure.band(form.score), form.alarm)
        for at, form in scores
    )
    bands = tuple((height(least), least) for least, _ in measure.bands)
    return Chart(measure, points, (*bands, (height(measure.most), measure.most)))
