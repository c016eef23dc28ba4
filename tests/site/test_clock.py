"""Pages by the practice's own clock: today, the edges of a week, hours given and shown."""

import datetime
import re

import pytest

from angerona.practice.calendar import appointments_of, feed, new_feed
from angerona.practice.zones import change_zone
from running_site import running

AT = datetime.datetime(2026, 3, 10, 5, 0, tzinfo=datetime.UTC)
"""Tuesday in UTC, still Monday evening in Los Angeles; the clocks there have just gone forward."""
STARTS = re.compile(r'<time datetime="([^"]+)">([^<]+)</time>')


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("clock") / "practice") as found:
        found.clock.at = AT
        found.practice.open("Olaf", AT)
        with found.practice.visit("Olaf", AT) as visit:
            change_zone(visit, "America/Los_Angeles")
        yield found


def path(site, client="Ada"):
    return f"/clients/{site.prepared.clients[client].hex()}/appointments"


def made(site, starts, **more):
    tess = site.in_session("Tess")
    tess.get(path(site))
    typed = {"with": site.practice.people["Tess"].hex(), "minutes": "50", "title": ""}
    return tess.post(path(site), typed | {"starts": starts} | more)


def starts(site):
    site.practice.open("Tess", AT)
    with site.practice.visit("Tess", AT) as visit:
        found = appointments_of(visit, site.prepared.clients["Ada"])
    return [one.row.starts.isoformat() for one in found]


def test_today_and_the_edges_of_a_week_are_those_of_the_place(site):
    assert made(site, "2026-03-15T23:30").status == 303
    assert "2026-03-16T06:30:00+00:00" in starts(site)
    tess = site.in_session("Tess")
    week = tess.get("/desk").text
    monday, sunday = week.index("Monday, 9 March 2026"), week.index("Sunday, 15 March 2026")
    assert week[monday:].startswith('Monday, 9 March 2026 <span class="tag">today</span>')
    assert week.index("23:30\u201300:20") > sunday
    assert "23:30" not in tess.get("/desk?on=2026-03-16").text
    assert "23:30" in tess.get("/desk?as=day&on=2026-03-15").text
    assert "Times are those of Los Angeles." in week
    assert "UTC" not in week
    assert "15 March 2026, 23:30" in tess.get(path(site)).text
    assert "15 March 2026, 23:30" in site.in_session("Ada").get("/me/appointments").text


def test_an_hour_that_is_skipped_comes_back_to_be_typed_anew(site):
    answer = made(site, "2027-03-14T02:30")
    assert answer.status == 422
    assert "does not exist: the clocks go forward" in answer.text
    assert 'value="2027-03-14T02:30"' in answer.text
    assert 'name="which"' not in answer.text


def test_an_hour_that_comes_twice_is_asked_about(site):
    answer = made(site, "2026-11-01T01:30")
    assert answer.status == 422
    assert "This hour comes twice" in answer.text
    assert made(site, "2026-11-01T01:30", which="second").status == 303
    assert "2026-11-01T09:30:00+00:00" in starts(site)
    assert made(site, "2026-11-01T01:30", which="first").status == 303
    assert "2026-11-01T08:30:00+00:00" in starts(site)
    shown = site.in_session("Ada").get("/me/appointments").text
    assert "01:30 (first)" in shown
    assert "01:30 (second)" in shown
    assert (
        "01:30 (first)\u201301:20 (second)"
        in site.in_session("Tess").get("/desk?on=2026-11-01").text
    )


def test_a_feed_stays_in_utc(site):
    made(site, "2026-03-12T10:00")
    site.practice.open("Tess", AT)
    with site.practice.visit("Tess", AT) as visit:
        secret = new_feed(visit)
    assert "DTSTART:20260312T170000Z" in feed(site.practice.vault, secret, AT)


@pytest.mark.parametrize(
    ("who", "about"),
    [
        *(("Tess", "/clients/{}"), ("Olaf", "/clients/{}/who-looked"), ("Olaf", "/members")),
        *(("Tess", "/clients/{}/care"), ("Tess", "/clients/{}/notes/new"), ("Tess", "/account")),
        *(("Ada", "/me/who-looked"), ("Ada", "/me/appointments"), ("Tess", "/calls")),
        *(("Ada", "/me"), ("Ada", "/me/record"), ("Ada", "/me/messages"), ("Ada", "/me/sharing")),
        *(("Tess", "/clients/{}/people"), ("Tess", "/desk"), ("Ada", "/me/measures")),
    ],
)
def test_each_page_says_the_clock_once(site, who, about):
    page = site.in_session(who).get(about.format(site.prepared.clients["Ada"].hex()))
    assert page.status == 200
    assert page.text.count("Times are those of Los Angeles.") == 1
    assert "UTC" not in page.text


def test_what_was_written_and_looked_at_reads_by_the_clock(site):
    """Kept on 2 March at 09:30 in UTC, which is the middle of the night there."""
    ada = site.prepared.clients["Ada"].hex()
    assert "2 March 2026, 01:30" in site.in_session("Tess").get(f"/clients/{ada}").text
    assert "2 March 2026, 01:30" in site.in_session("Olaf").get(f"/clients/{ada}/who-looked").text
    page = site.in_session("Ada").get("/me/who-looked").text
    assert "9 March 2026" in page
    assert "22:00" in page
    assert "10 March 2026" not in page


def test_a_tie_ends_with_its_last_day_there(site):
    ada, theo = site.prepared.clients["Ada"], site.practice.people["Theo"].hex()
    tess = site.signed_in("Tess")
    tess.get(f"/clients/{ada.hex()}/people")
    typed = {"person": theo, "relation": "covering", "until": "2026-03-12"}
    assert tess.post(f"/clients/{ada.hex()}/people", typed).status == 303
    ends = [one.until for one in site.practice.vault.authority(ada).ties.values() if one.until]
    assert [one.isoformat() for one in ends] == ["2026-03-13T07:00:00+00:00"]
    assert "until 13 March 2026, 00:00" in tess.get(f"/clients/{ada.hex()}/people").text


def test_the_privacy_officer_chooses_another_clock(site):
    olaf = site.in_session("Olaf")
    page = olaf.get("/practice").text
    assert "America/Los_Angeles, where it is 22:00 now" in page
    assert '<option value="America/Los_Angeles" selected>' in page
    try:
        assert olaf.post("/practice/zone", {"zone": "Europe/Berlin"}).to == "/practice?done=zone"
        assert "Europe/Berlin, where it is 06:00 now" in olaf.get("/practice").text
        assert "Times are those of Berlin." in olaf.get("/members").text
        for wrong in ("", "Atlantis/Main", "right/Europe/Berlin"):
            assert olaf.post("/practice/zone", {"zone": wrong}).status == 422
    finally:
        olaf.post("/practice/zone", {"zone": "America/Los_Angeles"})


@pytest.mark.parametrize("who", ["Tess", "Fay", "Ada"])
def test_nobody_else_sees_or_changes_the_practice(site, who):
    visitor = site.in_session(who)
    assert visitor.get("/practice").status == 404
    assert visitor.post("/practice/zone", {"zone": "UTC"}).status == 404
