"""Walks in a browser: a right asked for in a client's place; a party of a joint record signs."""

import pytest

from angerona.practice.joint_records import begin_joint
from angerona.practice.representatives import (
    NewRepresentative,
    enter_representative,
    freeze,
)
from browsing import browsing
from running_site import PASSWORD

MOTHER = "Wanda Invented"
SEVERAL = ("Vera", "Walt")


@pytest.fixture(scope="module")
def window(chromium, site):
    found = browsing(chromium, site)
    found.sign_in("Tess", PASSWORD)
    return found


def stands_for(site, name, standing="guardian"):
    """A client of Tess's, for whom a guardian is on file; their ids."""
    client = site.practice.client(name, treating="Tess")
    site.practice.keep("Tess", client, "history", "born by the sea")
    new = NewRepresentative(
        name=MOTHER,
        standing=standing,
        paper="an order of the court",
        powers=("copies",),
        since=site.clock().date(),
    )
    with site.practice.visit("Tess", site.clock()) as visit:
        return client, enter_representative(visit, client, new)


def asks_for(window, client, right, who):
    """Take down what somebody asks for in the client's place; then answer what the rules ask."""
    page = window.page
    window.to(f"/clients/{client.hex()}/rights/new")
    page.select_option("#who", who)
    page.select_option("#right", right)
    page.fill("#text", "Please do this.")
    page.fill("#checked", "passport seen")
    window.follow("text=Write it down")
    if page.locator("text=Answer what the rules ask").count():
        window.follow("text=Answer what the rules ask")
        while page.locator("main input[type=radio]").count():
            for name in {
                one.get_attribute("name") for one in page.locator("main input[type=radio]").all()
            }:
                page.check(f"input[name='{name}'][value=no]")
            window.follow("main button")


def test_a_guardian_asks_for_a_copy_and_is_given_it(site, window):
    client, guardian = stands_for(site, "Nora Invented")
    asks_for(window, client, "copy", guardian.hex())
    text = window.page.inner_text("main")
    assert f"{MOTHER}, as a guardian, or an attorney under a power" in text
    assert "paper seen: an order of the court" in text
    assert "Answer as you would answer a stranger" not in text
    about = window.page.url.partition("?")[0].partition("/rights/")[2]
    sent = site.in_session("Tess").post(f"/rights/{about}/weigh", {"who": "client"})
    assert sent.status == 422, "what another asked does not become the client's own"
    window.follow("text=Choose what goes")
    assert "born by the sea" in window.page.inner_html("main")


def test_one_who_is_set_aside_reads_what_a_stranger_reads(site, window):
    page, letters = window.page, []
    client, guardian = stands_for(site, "Olga Invented")
    with site.practice.visit("Tess", site.clock()) as visit:
        freeze(visit, client, guardian, "a reason")
    for right in ("copy", "accounting"):
        asks_for(window, client, right, guardian.hex())
        assert "Answer as you would answer a stranger" in page.inner_text("main")
        assert page.input_value("#outcome") == "refused"
        assert page.locator("#longer").count() == 0, "a letter for more time would tell"
        letters.append(page.input_value("#letter"))
    assert len(set(letters)) == 1
    assert "neither confirm nor deny" in letters[0]
    assert "Olga" not in letters[0]
    page.select_option("#outcome", "granted")
    page.fill("#letter", "Here it is.")
    window.follow("main button:text-is('Answer')")
    assert "may not have this in the client's place" in page.inner_text("main")
    page.select_option("#outcome", "refused")
    page.fill("#letter", letters[0].replace("[sender]", "Tess"))
    window.follow("main button:text-is('Answer')")
    assert "/rights" in window.path
    assert page.locator("text=Accounting").count() == 0


def test_one_of_a_couple_signs_on_the_screen(site, window):
    """The consent is that party's own, and says whose it is; the other has signed nothing."""
    page = window.page
    people = {site.practice.client(f"{one} Invented", treating="Tess"): one for one in SEVERAL}
    with site.practice.visit("Tess", site.clock()) as visit:
        record = begin_joint(visit, "Friday, five", people)
    window.to(f"/clients/{record.hex()}/joint")
    window.follow("text=Let one of them sign on this screen")
    page.select_option("#to", "court")
    page.select_option("#purpose", "legal_proceeding")
    page.check("input[name=classes][value=shared_record]")
    page.fill("#until", "2026-12-01")
    page.select_option("#by", label="Vera")
    window.follow("text=Go on")
    for box in page.locator("input[name=said]").all():
        box.check()
    page.fill("#name", "Vera Invented")
    window.follow("button:text-is('Sign')")
    window.follow("text=Go on (for the practice)")
    assert "Vera, signed on a screen in the practice" in page.inner_text("main")
    vera = next(one for one, name in people.items() if name == "Vera")
    rows = site.practice.vault.authority(record).consents.values()
    assert [row.signer for row in rows] == [vera]
