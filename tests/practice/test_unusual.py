"""What makes a look worth a second glance, and what never does."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.practice.unusual import (
    FEWEST_RECORDS,
    KINDS,
    NEAR_DAYS,
    Hours,
    Looked,
    Tally,
    family_name,
    unusual,
)

HOURS = Hours()
MONDAY = datetime.datetime(2026, 3, 2, 10, 0, tzinfo=datetime.UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
USUAL = {
    "name": "Fay Invented",
    "posts": ("front_desk",),
    "relations": (),
    "client": "Ada Quiet",
    "local": MONDAY,
    "appointments": [MONDAY + 3 * DAY],
}


def kinds(**other):
    return unusual(Looked(**{**USUAL, **other}), HOURS)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, ()),
        ({"client": "Otto Invented"}, ("own_name",)),
        ({"client": "Otto INVENTED "}, ("own_name",)),
        ({"name": "Fay Müller", "client": "Ada Muller"}, ("own_name",)),
        ({"name": "", "client": ""}, ()),
        ({"is_close": True}, ("close",)),
        ({"is_colleague": True}, ("colleague",)),
        ({"is_marked": True}, ("marked",)),
        ({"local": MONDAY.replace(hour=23)}, ("after_hours",)),
        ({"local": MONDAY.replace(hour=6, minute=59)}, ("after_hours",)),
        ({"local": MONDAY.replace(hour=7)}, ()),
        ({"local": MONDAY.replace(hour=21)}, ("after_hours",)),
        ({"local": MONDAY - DAY}, ("after_hours",)),
        ({"local": MONDAY.replace(hour=23), "posts": ("on_call",)}, ()),
        ({"appointments": []}, ("no_tie",)),
        ({"appointments": [MONDAY + (NEAR_DAYS + 1) * DAY]}, ("no_tie",)),
        ({"appointments": [MONDAY + NEAR_DAYS * DAY]}, ()),
        ({"appointments": [MONDAY - NEAR_DAYS * DAY]}, ()),
        ({"appointments": [], "relations": ("supervisor",)}, ()),
        ({"appointments": [], "is_reviewed": True}, ()),
        ({"local": MONDAY.replace(hour=23), "is_reviewed": True}, ()),
        ({"is_marked": True, "is_reviewed": True}, ("marked",)),
        ({"relations": ("treating",), "is_marked": True}, ()),
        ({"relations": ("treating",), "is_marked": True, "appointments": []}, ("marked",)),
        (
            {"client": "A Invented", "is_colleague": True, "appointments": []},
            ("own_name", "colleague", "no_tie"),
        ),
    ],
)
def test_what_is_noticed_of_one_look(other, found):
    assert kinds(**other) == found


@given(
    local=st.datetimes(timezones=st.just(datetime.UTC)),
    came=st.times(),
    more=st.sets(st.sampled_from(["supervisor", "covering", "on_call"])),
    known=st.fixed_dictionaries(
        {
            "posts": st.sets(st.sampled_from(["front_desk", "biller", "privacy_officer"])),
            "client": st.sampled_from(["Ada Invented", "Ada Quiet"]),
            "is_close": st.booleans(),
            "is_colleague": st.booleans(),
            "is_marked": st.booleans(),
            "is_reviewed": st.booleans(),
        }
    ),
)
def test_who_treats_and_has_an_appointment_that_day_is_never_noticed(local, came, more, known):
    look = Looked(
        name="Fay Invented",
        relations=more | {"treating"},
        local=local,
        appointments=[datetime.datetime.combine(local.date(), came, datetime.UTC)],
        **known,
    )
    assert look.is_of_today
    assert unusual(look, HOURS) == ()


def test_every_kind_says_why_and_what_it_may_innocently_mean_and_accuses_nobody():
    for kind in KINDS.values():
        assert kind.title
        assert kind.why.endswith(".")
        assert kind.innocent.endswith(".")
        said = f"{kind.title} {kind.why} {kind.innocent}".casefold()
        for word in ("snoop", "abuse", "illegal", "violat", "suspect", "offen", "guilt", "spy"):
            assert word not in said


@pytest.mark.parametrize(
    ("name", "last"),
    [("Ada Ångström", "angstrom"), ("  Ines  de la Cruz ", "cruz"), ("Ada", "ada"), ("", "")],
)
def test_the_family_name_is_the_last_word(name, last):
    assert family_name(name) == last


def counted(tally, number, at, *, first=0):
    return [tally.count(bytes([one]), at, at.date()) for one in range(first, first + number)]


def test_more_than_twice_the_busiest_hour_is_noticed_once_a_day():
    tally = Tally(FEWEST_RECORDS, MONDAY.date())
    assert not any(counted(tally, FEWEST_RECORDS, MONDAY))
    assert counted(tally, 3, MONDAY, first=FEWEST_RECORDS) == [True, False, False]


def test_the_same_records_again_are_no_more():
    tally = Tally(FEWEST_RECORDS, MONDAY.date())
    for _ in range(4):
        assert not any(counted(tally, FEWEST_RECORDS, MONDAY))


def test_what_is_spread_over_hours_is_not_noticed():
    tally = Tally(FEWEST_RECORDS, MONDAY.date())
    for hour in range(5):
        found = counted(tally, FEWEST_RECORDS, MONDAY + hour * HOUR, first=hour * FEWEST_RECORDS)
        assert not any(found)


def test_who_is_always_busy_is_measured_by_that_and_nobody_gets_used_to_it_in_a_day():
    tally, limits = Tally(FEWEST_RECORDS, MONDAY.date()), []
    for day in range(4):
        noticed = any(counted(tally, 100, MONDAY + day * DAY))
        limits.append((tally.limit, noticed))
    assert limits == [(15, True), (30, True), (60, True), (120, False)]


def test_a_busy_hour_is_forgotten_after_ten_days_of_work():
    tally = Tally(FEWEST_RECORDS, MONDAY.date())
    counted(tally, FEWEST_RECORDS, MONDAY)
    for day in range(1, 12):
        counted(tally, 1, MONDAY + day * DAY)
    assert tally.limit == FEWEST_RECORDS
    assert len(tally.peaks) == 10
