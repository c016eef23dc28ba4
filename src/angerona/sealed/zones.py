"""A practice's own clock: the zone in which its people read and give days and hours.

What is kept is kept in UTC; a zone only says how that reads in one place. The rules of the zones
come from the machine's database (IANA), which its updates keep current, and not from us.
"""

from __future__ import annotations

import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from angerona.errors import BadInput, MissingExtra

UTC_NAME: Final = "UTC"
_AREAS: Final = (
    *("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/"),
    *("Australia/", "Europe/", "Indian/", "Pacific/"),
)
A_ZONE: Final = "Europe/London"
"""One that every database of time zones knows."""
_NO_DATABASE: Final = (
    "there is no database of time zones on this machine; install its package tzdata, "
    "or `pip install tzdata`"
)


def zone_named(name: str) -> datetime.tzinfo:
    """The zone of an IANA name such as `Europe/Berlin`.

    Raises `BadInput` for none, `MissingExtra` where this machine knows no zones at all.
    """
    if name == UTC_NAME:
        return datetime.UTC
    found = _loaded(name)
    if found is None and _loaded(A_ZONE) is None:
        raise MissingExtra(_NO_DATABASE)
    if found is None:
        raise BadInput("the time zone", "is not known on this machine", "such as Europe/Berlin")
    return found


def check_zone(name: str) -> None:
    """Raise as `zone_named`, also for what the database holds beside the zones of places."""
    zone_named(name)
    if name not in every_zone():
        raise BadInput("the time zone", "is no zone of a place", "such as Europe/Berlin")


def every_zone() -> list[str]:
    """The zones of places that this machine knows, in order, and UTC."""
    return [*sorted(one for one in available_timezones() if one.startswith(_AREAS)), UTC_NAME]


def midnight(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """When a day begins in a zone, in UTC; where the clocks skip midnight, when they do."""
    return datetime.datetime.combine(day, datetime.time(), zone).astimezone(datetime.UTC)


def end_of(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """When a day is over in a zone, in UTC: the last day of something still counts."""
    return midnight(day + datetime.timedelta(days=1), zone)


def moments_of(local: datetime.datetime, zone: datetime.tzinfo) -> tuple[datetime.datetime, ...]:
    """The moments, in UTC, at which the clocks of a zone show this day and hour (without a zone).

    One as a rule; none where the clocks skip the hour, two, in order, where it comes twice.
    """
    shown = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    found = [one.astimezone(datetime.UTC) for one in shown]
    return tuple(
        dict.fromkeys(one for one in found if one.astimezone(zone).replace(tzinfo=None) == local)
    )


def hour_of(at: datetime.datetime, zone: datetime.tzinfo) -> str:
    """The hour of a moment by a clock: `09:30`, or `01:30 (second)` where the clocks show it twice.

    The first is before they go back: without that, two moments would read as one.
    """
    local = at.astimezone(zone)
    both = moments_of(local.replace(tzinfo=None, fold=0), zone)
    which = f" ({'second' if local.fold else 'first'})" if len(both) > 1 else ""
    return f"{local:%H:%M}{which}"


def noted(at: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    """When something was written, by a clock; a day that came without an hour stays that day."""
    return at.astimezone(datetime.UTC) if is_day(at) else at.astimezone(zone)


def is_day(at: datetime.datetime) -> bool:
    """Whether a day alone was noted: that is its midnight in UTC, to the microsecond."""
    return at.astimezone(datetime.UTC).time() == datetime.time()


def as_hour(at: datetime.datetime) -> datetime.datetime:
    """A moment in UTC that is never taken for a day alone."""
    moment = at.astimezone(datetime.UTC)
    return moment + datetime.timedelta(microseconds=1) if is_day(moment) else moment


def _loaded(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no name, a path, a folder of zones
        return None
