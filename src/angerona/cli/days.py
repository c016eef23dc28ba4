"""A day as it is given on a command line, such as 2027-06-30."""

from __future__ import annotations

import datetime
from typing import Final

from angerona.errors import BadInput

YEAR_MAX: Final = 9_000


def beginning_of(place: str, given: str) -> datetime.datetime:
    """When a day begins, in UTC. Raises `BadInput` naming `place`."""
    try:
        day = datetime.date.fromisoformat(given)
    except ValueError:
        day = datetime.date.max
    if day.year > YEAR_MAX:
        raise BadInput(place, "is no day", "such as 2027-06-30")
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def end_of(place: str, given: str) -> datetime.datetime:
    """When it is over, for the last day of something still counts. Raises `BadInput`."""
    return beginning_of(place, given) + datetime.timedelta(days=1)
