"""The practice's own clock: chosen anew, and what days and hours mean by it."""

import datetime
import json

import msgspec
import pytest

from angerona.errors import BadInput, Conflicting, NotPermitted
from angerona.gate.gathering import Wish, gather
from angerona.practice.consents import keep_consent, take_back_consent
from angerona.practice.zones import change_zone, comes_twice, read_moment, times_are
from angerona.rules.consents import _in_force
from angerona.sealed.checking import check_rows
from angerona.sealed.rows import PracticeRow
from angerona.sealed.zones import every_zone, hour_of, zone_named
from prepared_practice import AT, prepared, quick_passwords
from small_practice import founded

BERLIN, ANGELES = "Europe/Berlin", "America/Los_Angeles"
CONSENT = {
    "by": "client",
    "form": "authorization",
    "classes": ["diagnosis"],
    "to": ["insurer"],
    "purposes": ["insurance"],
    "from": None,
    "until": None,
    "revoked": None,
    "elements": {},
}


def utc(text):
    return datetime.datetime.fromisoformat(f"{text}+00:00")


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with quick_passwords(), copy.opened() as practice:
        practice.ada = copy.clients["Ada"]
        yield practice


def chosen(practice, zone, who="Olaf", at=AT):
    practice.open(who, at)
    with practice.visit(who, at) as visit:
        change_zone(visit, zone)


def test_another_clock_is_a_line_under_the_practice(practice):
    before = len(practice.vault.ledger.lines_of(practice.vault.practice_id))
    chosen(practice, BERLIN)
    assert practice.vault.practice().row.zone == BERLIN
    assert practice.vault.practice().local(AT).hour == 10
    *_, last = lines = practice.vault.ledger.lines_of(practice.vault.practice_id)
    assert len(lines) == before + 1
    assert (last.kind, last.body["what"], last.body["by"]["name"]) == (
        "setting",
        "time zone",
        "Olaf",
    )
    assert (last.body["before"], last.body["zone"]) == ("UTC", BERLIN)
    assert last.at == AT
    chosen(practice, BERLIN)
    assert len(practice.vault.ledger.lines_of(practice.vault.practice_id)) == before + 1
    practice.vault.ledger.checkpoint(AT)
    assert list(check_rows(practice.vault, AT)) == []


@pytest.mark.parametrize("who", ["Tess", "Fay", "Nina"])
def test_only_the_privacy_officer_chooses_it(practice, who):
    with pytest.raises(NotPermitted):
        chosen(practice, BERLIN, who)
    assert practice.vault.practice().row.zone == "UTC"


@pytest.mark.parametrize("zone", ["", "Berlin", "right/Europe/Berlin", "Europe/Atlantis"])
def test_a_zone_that_is_none_is_refused(practice, zone):
    with pytest.raises(BadInput):
        chosen(practice, zone)


def test_two_who_choose_at_once_do_not_overwrite_each_other(practice, monkeypatch):
    vault, practice_of = practice.vault, practice.vault.practice

    def slower():
        found = practice_of()
        monkeypatch.setattr(vault, "practice", practice_of)
        chosen(practice, ANGELES)
        return found

    with practice.visit("Thea") as visit:
        monkeypatch.setattr(vault, "practice", slower)
        with pytest.raises(Conflicting):
            change_zone(visit, BERLIN)
    assert vault.practice().row.zone == ANGELES


def test_it_is_founded_and_changed_on_postgresql_too(postgres_server, tmp_path):
    practice = founded(tmp_path / "data", address=postgres_server.empty(), zone=ANGELES)
    assert practice.vault.practice().row.zone == ANGELES
    chosen(practice, BERLIN, "Thea")
    assert practice.vault.practice().row.zone == BERLIN
    practice.vault.store.close()


class RowBefore(msgspec.Struct, frozen=True, kw_only=True):
    """A practice's row as it was before it had a zone."""

    name: str
    place: str
    packs: tuple[str, ...]
    label: bytes
    origin: str
    quorum: int
    founded: datetime.datetime


def test_a_practice_of_before_reads_its_times_in_utc(practice):
    row = practice.vault.practice().row
    names = RowBefore.__struct_fields__
    former = msgspec.json.encode(RowBefore(**{name: getattr(row, name) for name in names}))
    assert msgspec.json.decode(former, type=PracticeRow) == row
    assert row.zone == "UTC"


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-07-01T09:00", "2026-07-01T07:00"),
        (" 2026-01-01T09:00 ", "2026-01-01T08:00"),
        ("2026-01-01T09:00Z", "2026-01-01T09:00"),
        ("2026-01-01T09:00-05:00", "2026-01-01T14:00"),
    ],
)
def test_an_hour_is_read_by_the_clock_unless_it_names_another(given, moment):
    assert read_moment("starts", given, zone_named(BERLIN)) == utc(moment)


def test_an_hour_that_comes_twice_is_asked_about():
    berlin, twice = zone_named(BERLIN), "2026-10-25T02:30"
    assert comes_twice(twice, berlin)
    with pytest.raises(BadInput, match="comes twice"):
        read_moment("starts", twice, berlin)
    assert read_moment("starts", twice, berlin, which="first") == utc("2026-10-25T00:30")
    assert read_moment("starts", twice, berlin, which="second") == utc("2026-10-25T01:30")
    once = "2026-10-25T03:30"
    assert not comes_twice(once, berlin)
    assert read_moment("starts", once, berlin, which="second") == utc("2026-10-25T02:30")


def test_two_moments_do_not_read_as_one_where_an_hour_comes_twice():
    berlin = zone_named(BERLIN)
    assert hour_of(utc("2026-10-25T00:30"), berlin) == "02:30 (first)"
    assert hour_of(utc("2026-10-25T01:30"), berlin) == "02:30 (second)"
    assert hour_of(utc("2026-10-25T02:30"), berlin) == "03:30"
    assert hour_of(utc("2026-10-25T01:30"), datetime.UTC) == "01:30"


def test_an_hour_that_is_skipped_is_refused():
    berlin, skipped = zone_named(BERLIN), "2026-03-29T02:30"
    assert not comes_twice(skipped, berlin)
    with pytest.raises(BadInput, match="does not exist"):
        read_moment("starts", skipped, berlin)


@pytest.mark.parametrize(
    "given", ["", "soon", "2026-02-30T09:00", "0001-01-01T00:00", "9999-12-31T23:59"]
)
def test_what_is_no_hour_of_a_calendar_is_refused(given):
    with pytest.raises(BadInput):
        read_moment("starts", given, zone_named(BERLIN))
    assert not comes_twice(given, zone_named(BERLIN))


def test_the_clock_is_said_once_and_plainly():
    assert times_are(ANGELES) == "Times are those of Los Angeles."
    assert times_are("UTC") == "Times are UTC."
    zones = every_zone()
    assert {BERLIN, ANGELES, "UTC"} <= set(zones)
    assert not [one for one in zones if one.startswith(("posix", "right", "Etc"))]


def on_file(practice, at, **changes):
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit:
        return keep_consent(visit, practice.ada, {**CONSENT, **changes})


def in_force(practice, at):
    """Whether the rules see a consent in force at a moment."""
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit:
        wish = Wish(wants=("diagnosis",), purpose="insurance", to="insurer")
        ask = gather(visit, practice.door.packs, practice.ada, wish).ask
    return [_in_force(one, ask) for one in ask.consents]


def test_a_consent_ends_with_its_last_day_here(practice):
    """In Berlin that is an hour before the day ends in UTC."""
    chosen(practice, BERLIN)
    on_file(practice, AT, until="2026-03-10")
    assert in_force(practice, utc("2026-03-10T22:59")) == [True]
    assert in_force(practice, utc("2026-03-10T23:01")) == [False]


def test_what_was_taken_back_stays_so_whatever_clock_is_chosen(practice):
    """It is 00:30 of the next day in Berlin; in Los Angeles that day has long not begun."""
    chosen(practice, BERLIN)
    consent_id = on_file(practice, AT)
    late = utc("2026-03-09T23:30")
    practice.open("Tess", late)
    with practice.visit("Tess", late) as visit:
        take_back_consent(visit, practice.ada, consent_id)
    document = json.loads(practice.vault.authority(practice.ada).consents[consent_id].document)
    assert document["revoked"] == "2026-03-09"
    assert in_force(practice, late) == [False]
    chosen(practice, ANGELES, at=late)
    assert in_force(practice, late) == [False]
