"""A Friday evening in a practice of one: a subpoena comes, is read, and answered in a browser."""

import datetime

import pytest

from angerona.practice.legal_holds import holds_on
from browsing import browsing
from prepared_practice import quick_passwords
from running_site import over
from small_practice import founded

FRIDAY = datetime.datetime(2026, 11, 27, 17, 45, tzinfo=datetime.UTC)


@pytest.fixture
def site(tmp_path):
    with quick_passwords():
        practice = founded(tmp_path / "practice")
        practice.client_id = practice.client("Ada Invented")
        practice.keep("Thea", practice.client_id, "diagnosis", "a needle that nobody else wrote")
        try:
            with over(practice) as found:
                found.clock.at = FRIDAY
                yield found
        finally:
            practice.vault.store.close()


def test_a_subpoena_on_a_friday_evening_is_answered_and_nothing_leaves(chromium, site):
    practice = site.practice
    window = browsing(chromium, site, "Thea")
    page = window.page
    window.to(f"/clients/{practice.client_id.hex()}/requests")
    window.follow("main a:text-is('Write one down')")
    page.select_option("#to", "opposing_attorney")
    page.fill("#name", "A lawyer")
    page.select_option("#instrument", "subpoena_attorney")
    page.select_option("#purpose", "legal_proceeding")
    page.fill("#received", "2026-11-27T17:30")
    page.fill("#answer_by", "2026-12-01")
    page.fill("#answer_hour", "09:00")
    page.check("input[name=may_tell][value=yes]")
    window.follow("button:text-is('Write it down')")
    assert "Answer in writing by 1 December 2026, 09:00" in window.text
    assert "same silence" in window.text
    home = window.path
    window.follow("main a:text-is('Read the paper')")
    page.check("input[name=signer][value=attorney]")
    page.check("input[name=title][value=subpoena]")
    page.check("input[name=names_court][value=yes]")
    page.check("input[name=commands][value=both]")
    window.follow("button:text-is('Say what it is')")
    assert "It is no order of a judge" in window.text
    assert not page.locator("button:text-is('Say what it is')").is_visible(), (
        "what is settled lies aside"
    )
    assert "It asks for testimony" in window.text
    page.check("input[name=names][value=diagnosis]")
    window.follow("button:text-is('Keep what it says')")
    assert window.path == home
    assert "Choose what goes" not in window.text
    page.select_option("select[name=answer]", "objected")
    page.fill("#how", "by post")
    window.follow("button:text-is('Settle it')")
    window.to(f"/clients/{practice.client_id.hex()}/holds")
    assert "A lawyer's subpoena" in window.text
    practice.open("Thea", FRIDAY)
    with practice.visit("Thea", FRIDAY) as visit:
        assert len(holds_on(visit, practice.client_id)) == 1
    lines = practice.vault.ledger.lines_of(practice.client_id)
    assert not {"disclosure", "handed_over"}.intersection(one.kind for one in lines)
    assert window.heard == []
