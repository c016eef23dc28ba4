"""When a time limit of a pack ends."""

import datetime
import zoneinfo

import pytest

from angerona.packs import load
from angerona.rules.durations import after, amounts

FRIDAY = datetime.datetime(2026, 1, 30, 9, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("duration", "end"),
    [
        ("PT0S", "2026-01-30T09:30"),
        ("PT36H", "2026-01-31T21:30"),
        ("PT1H30M5S", "2026-01-30T11:00:05"),
        ("P1D", "2026-01-31T09:30"),
        ("P2W", "2026-02-13T09:30"),
        ("P1M", "2026-02-28T09:30"),
        ("P25M", "2028-02-29T09:30"),
        ("P1Y2M3D", "2027-04-02T09:30"),
        ("P11M", "2026-12-30T09:30"),
        ("P1Y", "2027-01-30T09:30"),
    ],
)
def test_a_duration_ends_on_the_calendar(duration, end):
    assert after(duration, FRIDAY) == datetime.datetime.fromisoformat(f"{end}+00:00")


@pytest.mark.parametrize(
    ("days", "end"), [("P1D", "02-02"), ("P5D", "02-06"), ("P6D", "02-09"), ("PT0S", "01-30")]
)
def test_working_days_leave_out_saturdays_and_sundays(days, end):
    assert f"{after(days, FRIDAY, working=True):%m-%d}" == end


def test_what_is_no_duration_holds_nothing():
    assert amounts("") == amounts("P") == amounts("PT") == amounts("a week") == (0,) * 7


def test_every_time_limit_of_every_pack_ends_at_some_time():
    packs = load().packs.values()
    limits = [
        (due, duty.days)
        for pack in packs
        for duty in pack.duties
        for due in (duty.due, duty.not_before, *(one.due for one in duty.later_of))
        if due
    ]
    assert limits
    for due, days in limits:
        end = after(due, FRIDAY, working=days == "working")
        assert (end > FRIDAY) is any(amounts(due)), due


ANGELES = zoneinfo.ZoneInfo("America/Los_Angeles")
BEFORE = datetime.datetime(2026, 3, 6, 17, 30, tzinfo=ANGELES)
"""A Friday afternoon that is Saturday in UTC already; on Sunday the clocks go forward."""


def test_days_are_those_of_the_calendar_and_hours_are_hours():
    assert after("P3D", BEFORE).isoformat() == "2026-03-09T17:30:00-07:00"
    assert after("PT72H", BEFORE).isoformat() == "2026-03-09T18:30:00-07:00"
    length = after("PT72H", BEFORE).astimezone(datetime.UTC) - BEFORE.astimezone(datetime.UTC)
    assert length == datetime.timedelta(hours=72)


def test_working_days_are_those_of_the_place():
    assert f"{after('P1D', BEFORE, working=True):%m-%d}" == "03-09"
    assert f"{after('P1D', BEFORE.astimezone(datetime.UTC), working=True):%m-%d}" == "03-09"
    assert f"{after('P5D', BEFORE, working=True):%m-%d}" == "03-13"
