"""Time limits of the packs: ISO 8601 durations such as PT36H, P30D or P1M, and when they end."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Final

DURATION: Final = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?\Z"
)
_NONE: Final = (0,) * 7
_MONTHS: Final = 12
_SATURDAY: Final = 5


def amounts(duration: str) -> tuple[int, ...]:
    """Years, months, weeks, days, hours, minutes and seconds; zeros for what is no duration."""
    found = DURATION.match(duration)
    return tuple(int(amount or 0) for amount in found.groups()) if found else _NONE


def after(duration: str, start: datetime.datetime, *, working: bool = False) -> datetime.datetime:
    """When a duration that runs from `start` ends: days by its zone's calendar, hours by length.

    A month ends on the same day of the next, or on that month's last. With `working` Saturdays and
    Sundays do not count; holidays do, so that the end comes too early rather than too late.
    """
    years, months, weeks, days, hours, minutes, seconds = amounts(duration)
    total = start.year * _MONTHS + start.month - 1 + years * _MONTHS + months
    year, month = divmod(total, _MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    end = start.replace(year=year, month=month + 1, day=min(start.day, last))
    end += datetime.timedelta(weeks=weeks, days=0 if working else days)
    while working and days:
        end += datetime.timedelta(days=1)
        days -= end.weekday() < _SATURDAY
    length = datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return (end.astimezone(datetime.UTC) + length).astimezone(start.tzinfo) if length else end
