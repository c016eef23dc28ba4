"""Consents, walked through in a browser: on the screen, on paper, in a client's own pages."""

import json
from dataclasses import replace

import pytest

from angerona.gate.door import Prepared
from angerona.practice.duties import owed
from angerona.practice.relying import TELL
from angerona.practice.representatives import (
    NewRepresentative,
    enter_representative,
    freeze,
)
from browsing import browsing
from consenting import WISH, sent
from running_site import PASSWORD

SCAN = b"A paper that Ada signed, as plain text."


@pytest.fixture
def tess(chromium, site):
    return browsing(chromium, site, "Tess", accept_downloads=True, java_script_enabled=False)


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


def choose(window, ada, how, *, classes=("diagnosis",), to="insurer"):
    page = window.page
    window.to(f"/clients/{ada.hex()}/consents/new")
    page.select_option("#to", to)
    page.fill("#recipient", "Harbour Mutual")
    page.select_option("#purpose", "insurance")
    for one in classes:
        page.check(f"input[name=classes][value={one}]")
    page.fill("#until", "2026-12-01")
    page.check(f"input[name=how][value={how}]")
    window.follow("text=Go on")


def tick_all(page):
    for box in page.locator("input[name=said]").all():
        box.check()


def saved(page, click):
    with page.expect_download() as kept:
        page.click(click)
    return kept.value.suggested_filename, kept.value.path().read_bytes()


def row_at(site, ada, path):
    """The consent whose page is at this path."""
    return site.practice.vault.authority(ada).consents[bytes.fromhex(path.rpartition("/")[2])]


def to_my_aunt(site, ada):
    rows = site.practice.vault.authority(ada).consents.values()
    return next(one for one in rows if one.signed and one.signed.recipient == "My aunt")


def test_signed_here_used_and_taken_back(site, tess, ada):
    page = tess.page
    choose(tess, ada, "screen")
    assert "Harbour Mutual (an insurer)" in tess.text
    assert page.locator("nav").count() == 0, "whoever signs cannot go anywhere from here"
    page.fill("#name", "Ada Invented")
    tess.follow("button:text-is('Sign')")
    assert "until it has what is missing" in tess.text
    tick_all(page)
    tess.follow("button:text-is('Sign')")
    if page.locator("input[name=known]").count():
        page.check("input[name=known]")
        tess.follow("button:text-is('Sign')")
    assert "hand the screen back" in tess.text
    assert page.locator("nav").count() == 0, "nor once it is signed"
    tess.follow("text=Go on (for the practice)")
    assert "In force" in tess.text
    here = tess.path
    assert isinstance(sent(site.practice, ada), Prepared)
    tess.to(here)
    assert "packet 0001-0203" in tess.text
    tess.follow("button:text-is('Take it back')")
    assert "It stands among what is owed" in tess.text
    assert not isinstance(sent(site.practice, ada), Prepared)
    with site.practice.visit("Tess", site.clock()) as visit:
        waits = [one.duty.row.duty for one in owed(visit) if one.duty.row.duty["id"] == TELL]
    assert [one["to"] for one in waits] == ["insurer"]
    assert saved(page, "text=As pages")[1].startswith(b"%PDF-")
    name, data = saved(page, "text=As data")
    states = [one["event_state"] for one in json.loads(data)["consent_record"]["events"]]
    assert (name, states) == ("receipt.json", ["consent given", "consent withdrawn"])
    tess.follow("text=Letter: it has ended")
    assert "packet 0001-0203" in page.input_value("#text")
    assert "Ada" not in page.input_value("#text")
    name, data = saved(page, "text=Make the PDF")
    assert (name, data[:5]) == ("letter.pdf", b"%PDF-")


def test_what_can_not_be_signed_leads_to_where_it_can(tess, ada):
    page = tess.page
    choose(tess, ada, "screen", classes=("psychotherapy_note", "risk"))
    assert "Make two: one for the notes kept apart alone" in tess.text
    tess.follow("text=Change what goes, or who signs")
    assert page.input_value("#recipient") == "Harbour Mutual"
    assert page.is_checked("input[name=classes][value=risk]")
    page.uncheck("input[name=classes][value=psychotherapy_note]")
    page.select_option("#by", "parent")
    tess.follow("text=Go on")
    assert "The client is of age, and signs alone." in tess.text
    assert page.locator(f"a[href='/clients/{ada.hex()}/standing']").count() == 1
    tess.follow("text=Change what goes, or who signs")
    page.select_option("#by", "representative")
    tess.follow("text=Go on")
    assert page.locator("#against").count() == 0
    page.fill("#name", "Wanda Invented")
    page.fill("#authority", "a deed of 2025")
    tess.follow("button:text-is('Sign')")
    assert "Look at the paper, and tick that it was seen" in tess.text
    tick_all(page)
    tess.follow("button:text-is('Sign')")
    if page.locator("input[name=known]").count():
        page.check("input[name=known]")
        tess.follow("button:text-is('Sign')")
    assert "hand the screen back" in tess.text


def test_a_form_that_lacks_something_leads_to_one_that_has_it(tess, ada):
    """A paper stays as it is; the same terms stand in the form for a new one."""
    page = tess.page
    choose(tess, ada, "paper", classes=("assessment",), to="school")
    page.fill("#name", "Ada Invented")
    scan = {"name": "scan.txt", "mimeType": "text/plain", "buffer": SCAN}
    for _ in range(2):
        page.set_input_files("#file", scan)
        if page.locator("input[name=known]").count():
            page.check("input[name=known]")
        tess.follow("button:text-is('Put on file')")
    assert "Opens nothing yet" in tess.text
    tess.follow("text=Make the form that has it")
    assert page.input_value("#to") == "school"
    assert page.is_checked("input[name=classes][value=assessment]")


def test_a_guardian_who_is_set_aside_signs_and_learns_nothing(chromium, site):
    """On the screen it is as ever; for members it opens nothing; her own pages show no change."""
    window = browsing(chromium, site, "Tess", java_script_enabled=False)
    page, otto = window.page, site.practice.client("Mara Invented", treating="Tess")
    new = NewRepresentative(
        name="Wanda Invented",
        standing="guardian",
        paper="a deed",
        powers=("consent",),
        since=site.clock().date(),
    )
    with site.practice.visit("Tess", site.clock()) as visit:
        guardian = enter_representative(visit, otto, new)
    signed = signed_as(window, otto, guardian.hex())
    with site.practice.visit("Tess", site.clock()) as visit:
        freeze(visit, otto, guardian, "a reason")
    again = signed_as(window, otto, "representative", to="hospital")
    assert again == signed, "what the one who signs is shown is the same, to the letter"
    window.to(f"/clients/{otto.hex()}/consents")
    assert page.locator("text=Opens nothing now").count() == 2
    assert "No consent is in force." in window.text
    page.click("ul.list li:first-child a")
    assert "Whoever signed it is set aside." in window.text
    window.follow("text=Have a new one signed")
    assert page.input_value("#to") in {"school", "hospital"}


def signed_as(window, client, by, to="school"):
    """The text of the last page that somebody sees who signs on the screen."""
    page = window.page
    window.to(f"/clients/{client.hex()}/consents/new")
    page.select_option("#to", to)
    page.select_option("#purpose", "treatment")
    page.check("input[name=classes][value=diagnosis]")
    page.fill("#until", "2026-12-01")
    page.select_option("#by", by)
    window.follow("text=Go on")
    tick_all(page)
    page.fill("#name", "Wanda Invented")
    if page.locator("#authority").count():
        page.fill("#authority", "a deed")
    window.follow("button:text-is('Sign')")
    if page.locator("input[name=known]").count():
        page.check("input[name=known]")
        window.follow("button:text-is('Sign')")
    return window.text


def test_printed_signed_by_hand_and_scanned(site, tess, ada):
    page = tess.page
    choose(tess, ada, "print", classes=("history",), to="hospital")
    name, data = saved(page, "text=Make the PDF")
    assert (name, data[:5]) == ("form.pdf", b"%PDF-")
    choose(tess, ada, "paper", classes=("history",), to="hospital")
    tick_all(page)
    page.uncheck("input[name=said][value=st_revoke]")
    page.fill("#name", "Ada Invented")
    scan = {"name": "scan.txt", "mimeType": "text/plain", "buffer": SCAN}
    page.set_input_files("#file", scan)
    tess.follow("button:text-is('Put on file')")
    assert "Does it tell of the right to revoke" in tess.text
    page.check("input[name=known]")
    page.set_input_files("#file", scan)
    tess.follow("button:text-is('Put on file')")
    assert "Opens nothing yet" in tess.text
    row = row_at(site, ada, tess.path)
    assert json.loads(row.document)["elements"]["st_revoke"] is False
    shown = site.practice.look("Tess", ada, entry_ids=[row.signed.entry_id])
    assert shown.entries[0][0].wanted == "correspondence"
    assert shown.entries[0][1].attachment is not None


def test_a_no_is_written_down(site, tess, ada):
    choose(tess, ada, "refused", classes=("medication",))
    tess.page.fill("#name", "Ada Invented")
    tess.follow("text=Write it down")
    assert "Nothing goes on it" in tess.text
    assert row_at(site, ada, tess.path).signed.way == "refused"
    choose(tess, ada, "screen", classes=("medication",))
    assert "The client said no to the same" in tess.text


@pytest.mark.parametrize("notes", ["psychotherapy_note", "substance_use_counseling_note"])
def test_notes_kept_apart_stand_alone_or_not_at_all(tess, ada, notes):
    choose(tess, ada, "screen", classes=(notes, "risk"))
    assert "It can not be signed" in tess.text
    assert tess.page.locator("button:text-is('Sign')").count() == 0
    choose(tess, ada, "screen", classes=(notes,))
    assert tess.page.locator("button:text-is('Sign')").count() == 1


def told(site, ada):
    """Something goes to the aunt on that yes."""
    wish = replace(
        WISH,
        wants=("attendance",),
        to="family",
        purpose="family_involvement",
        facts={**WISH.facts, "recipient.suspected_abuser": False},
    )
    found = sent(site.practice, ada, wish, recipient="My aunt")
    assert isinstance(found, Prepared), found


def waiting(site):
    with site.practice.visit("Tess", site.clock()) as visit:
        duties = [one.duty.row.duty for one in owed(visit)]
    return sum(one["id"] == TELL and one["to"] == "family" for one in duties)


def test_a_client_signs_takes_home_and_takes_back(chromium, site, ada):
    window = browsing(chromium, site, accept_downloads=True, java_script_enabled=False)
    page = window.page
    window.sign_in("Ada", PASSWORD)
    window.to("/me/sharing/new")
    page.select_option("#to", "family")
    page.fill("#recipient", "My aunt")
    page.select_option("#purpose", "family_involvement")
    page.check("input[name=classes][value=attendance]")
    page.fill("#until", "2026-12-01")
    page.check("input[name=read]")
    tick_all(page)
    page.fill("#name", "Ada Invented")
    window.follow("main button:text-is('Say yes')")
    assert "My aunt (family)" in window.text
    row = to_my_aunt(site, ada)
    assert (row.signed.way, row.signed.name) == ("own", "Ada Invented")
    assert any("take it back" in one for one in row.signed.told)
    assert saved(page, "article:has-text('My aunt') >> text=Take a copy home")[0] == "receipt.pdf"
    told(site, ada)
    window.to("/me/sharing")
    here = "article:has-text('My aunt') >> "
    page.click(here + "text=Share less")
    page.fill(here + "input[name=until]", "2026-11-01")
    page.check(here + "details input[name=untold]")
    window.follow(here + "button:text-is('Share less from now on')")
    assert to_my_aunt(site, ada).untold
    window.follow(here + "button:has-text('Tell them now')")
    assert not to_my_aunt(site, ada).untold
    assert waiting(site) == 1
    window.follow(here + "button:has-text('Do not tell them')")
    assert to_my_aunt(site, ada).untold
    assert waiting(site) == 0
    window.follow("article:has-text('My aunt') >> button:text-is('Take it back')")
    assert json.loads(to_my_aunt(site, ada).document)["revoked"] == "2026-03-02"


def test_a_no_of_the_client_is_not_on_the_screen_of_somebody_else_who_signs(site, ada):
    visitor, path = site.in_session("Tess"), f"/clients/{ada.hex()}/consents"
    terms = {
        "to": "school",
        "purpose": "education",
        "classes": ["diagnosis"],
        "until": "2026-12-01",
    }
    visitor.get(f"{path}/new")
    assert visitor.post(f"{path}/refused", {**terms, "by": "client", "name": "Ada"}).status == 303
    for by, how, is_said in (
        ("client", "screen", True),
        ("representative", "paper", True),
        ("representative", "screen", False),
    ):
        page = visitor.post(f"{path}/form", {**terms, "by": by, "how": how}).text
        assert "This does not fit" in page
        assert ("The client said no" in page) == is_said
