"""The clocks of zones: hours that are skipped or come twice, midnights that are none, no zones."""

import datetime

import pytest

from angerona.errors import BadInput, MissingExtra
from angerona.sealed.zones import (
    as_hour,
    check_zone,
    is_day,
    midnight,
    moments_of,
    noted,
    zone_named,
)
from without_zones import no_zones

BERLIN, SANTIAGO = zone_named("Europe/Berlin"), zone_named("America/Santiago")


def utc(text):
    return datetime.datetime.fromisoformat(f"{text}+00:00")


def local(text):
    return datetime.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("shown", "moments"),
    [
        ("2026-03-29T01:59", ["2026-03-29T00:59"]),
        ("2026-03-29T02:00", []),
        ("2026-03-29T02:59", []),
        ("2026-03-29T03:00", ["2026-03-29T01:00"]),
        ("2026-10-25T01:59", ["2026-10-24T23:59"]),
        ("2026-10-25T02:00", ["2026-10-25T00:00", "2026-10-25T01:00"]),
        ("2026-10-25T02:59", ["2026-10-25T00:59", "2026-10-25T01:59"]),
        ("2026-10-25T03:00", ["2026-10-25T02:00"]),
    ],
)
def test_an_hour_is_shown_once_never_or_twice(shown, moments):
    assert moments_of(local(shown), BERLIN) == tuple(utc(one) for one in moments)


def test_a_day_begins_when_its_clocks_say_so():
    assert midnight(datetime.date(2026, 3, 29), BERLIN) == utc("2026-03-28T23:00")
    assert midnight(datetime.date(2026, 3, 30), BERLIN) == utc("2026-03-29T22:00")
    # Here the clocks go forward at midnight: the day begins at 01:00.
    first = midnight(datetime.date(2026, 9, 6), SANTIAGO)
    assert first == utc("2026-09-06T04:00")
    assert first.astimezone(SANTIAGO).hour == 1


def test_a_day_that_was_noted_without_an_hour_stays_that_day():
    day = utc("2026-03-04T00:00")
    assert is_day(day)
    assert noted(day, SANTIAGO).date() == datetime.date(2026, 3, 4)
    assert noted(utc("2026-03-04T01:30"), SANTIAGO).date() == datetime.date(2026, 3, 3)
    hour = as_hour(local("2026-03-03T21:00-03:00"))
    assert not is_day(hour)
    assert f"{noted(hour, SANTIAGO):%d %H:%M}" == "03 21:00"
    assert as_hour(utc("2026-03-04T01:30")) == utc("2026-03-04T01:30")


@pytest.mark.parametrize("name", ["", "Atlantis/Main", "../../etc/passwd", "/etc/hosts", "Europe"])
def test_what_is_no_zone_is_refused(name):
    with pytest.raises(BadInput):
        zone_named(name)


@pytest.mark.parametrize("name", ["posix/Europe/Berlin", "right/Europe/Berlin", "localtime"])
def test_what_the_database_holds_beside_places_is_not_chosen(name):
    with pytest.raises(BadInput):
        check_zone(name)
    check_zone("UTC")


def test_a_machine_without_zones_says_what_to_install():
    with no_zones():
        assert zone_named("UTC") is datetime.UTC
        with pytest.raises(MissingExtra, match="install its package tzdata"):
            zone_named("Europe/Berlin")
