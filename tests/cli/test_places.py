"""Places and their clocks: one for each, and what is done where there are several."""

import pytest

from angerona.cli.places import NAMES, ZONES, zone_of
from angerona.errors import BadInput
from angerona.sealed.zones import check_zone


def test_every_place_has_a_clock_that_this_machine_knows():
    assert ZONES.keys() == NAMES.keys()
    for zones in ZONES.values():
        assert len(zones) == len(set(zones)) > 0
        for one in zones:
            check_zone(one)


@pytest.mark.parametrize(
    ("place", "zone"),
    [("US-CA", "America/Los_Angeles"), ("DE", "Europe/Berlin"), ("AU-QLD", "Australia/Brisbane")],
)
def test_a_place_with_one_clock_needs_no_other(place, zone):
    assert zone_of(place, "") == zone
    assert zone_of(place, "UTC") == "UTC"
    assert zone_of(place, "Asia/Tokyo") == "Asia/Tokyo"


@pytest.mark.parametrize("place", ["US", "CA", "AU", "US-TX", "PT", "NZ"])
def test_a_place_with_several_must_say_which(place):
    with pytest.raises(BadInput, match=ZONES[place][1]):
        zone_of(place, "")
