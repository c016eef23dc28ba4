"""A day as it is given on a command line, such as 2027-06-30."""

from __future__ import annotations

import datetime
from typing import Final

from angerona.errors import BadInput

YEAR_MAX: Final = 9_000


def day_of(place: str, given: str) -> datetime.date:
    """The day that was given. Raises `BadInput` naming `place`."""
    try:
        day = datetime.date.fromisoformat(given)
    except ValueError:
        day = datetime.date.max
    if not datetime.MINYEAR < day.year <= YEAR_MAX:  # a clock may show the day before or after
        raise BadInput(place, "is no day", "such as 2027-06-30")
    return day
