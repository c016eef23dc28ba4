"""A Friday evening in a practice of one: a subpoena comes, is read, and answered in a browser."""

import datetime

import pytest

from angerona.practice.legal_holds import holds_on
from small_practice import PACKS
from walking import comes, nothing_left, own_list, place, walks

FRIDAY = datetime.datetime(2026, 11, 27, 17, 45, tzinfo=datetime.UTC)
NEEDLE = "a needle that nobody else wrote"


@pytest.fixture
def site(tmp_path):
    with place(tmp_path / "practice", PACKS, is_solo=True) as found:
        found.client_id = comes(found, "Ada Invented", treating="Thea")
        found.practice.keep("Thea", found.client_id, "diagnosis", NEEDLE)
        found.clock.at = FRIDAY
        yield found


def test_a_subpoena_on_a_friday_evening_is_answered_and_nothing_leaves(chromium, site):
    thea = walks(chromium, site, "Thea")
    page = thea.page
    thea.on("main >> text=Ada Invented")
    assert NEEDLE in thea.text
    thea.tab("Requests")
    thea.on("main a:text-is('Write one down')")
    thea.fills(
        to="opposing_attorney",
        name="A lawyer",
        instrument="subpoena_attorney",
        purpose="legal_proceeding",
        received="2026-11-27T17:30",
        answer_by="2026-12-01",
        answer_hour="09:00",
    )
    thea.tick("input[name=may_tell][value=yes]")
    thea.on("button:text-is('Write it down')")
    assert "Answer in writing by 1 December 2026, 09:00" in thea.text
    assert "same silence" in thea.text
    home = thea.window.path
    thea.on("main a:text-is('Read the paper')")
    thea.tick("input[name=signer][value=attorney]", "input[name=title][value=subpoena]")
    thea.tick("input[name=names_court][value=yes]", "input[name=commands][value=both]")
    thea.on("button:text-is('Say what it is')")
    assert "It is no order of a judge" in thea.text
    is_asked = page.locator("button:text-is('Say what it is')").is_visible()
    assert not is_asked, "what is settled lies aside"
    assert "It asks for testimony" in thea.text
    thea.tick("input[name=names][value=diagnosis]")
    thea.on("button:text-is('Keep what it says')")
    assert thea.window.path == home
    assert page.locator("main a:text-is('Choose what goes')").count() == 0
    objection = thea.refuses("Objection: the privilege is claimed", "objected")
    assert "27 November 2026" in objection
    assert NEEDLE not in objection
    assert "Ada" not in objection
    thea.menu("Clients")
    thea.on("main >> text=Ada Invented", "a:text-is('Legal hold: nothing is destroyed')")
    assert "A lawyer's subpoena" in thea.text
    site.practice.open("Thea", FRIDAY)
    with site.practice.visit("Thea", FRIDAY) as visit:
        assert len(holds_on(visit, site.client_id)) == 1
    nothing_left(site, site.client_id)
    said = "objected to a paper (by post). The other side's lawyer (A lawyer) asked for"
    assert said in own_list(chromium, site, "Ada Invented")
    assert thea.window.heard == []
