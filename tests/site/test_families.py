"""Walks in a browser: the parent of a sixteen-year-old; a couple of whom one has signed."""

import json
import re

import pytest

from browsing import browsing
from running_site import PASSWORD
from walking import comes, nothing_left, own_list, walks

SAID = "a needle about the harbour"
MOTHER = "Wanda Invented"
TEXT = "Both came late.\n\nAda: I sleep badly.\n\nDora: I shall move out.\n"


@pytest.fixture(scope="module")
def window(chromium, site):
    found = browsing(chromium, site)
    found.sign_in("Tess", PASSWORD)
    return found


def asked_by(page, who):
    """What the rules answer to one who asks, as the page says it."""
    row = page.locator("li", has=page.locator(f"strong:has-text('{who}')")).last
    return row.inner_text()


def test_the_parent_of_a_sixteen_year_old(chromium, site, window):
    page = window.page
    young = comes(site, "Mila Invented").hex()
    page.goto(f"{site.origin}/clients/{young}/people")
    window.follow("text=Age, maturity")
    page.fill("#born", site.clock().replace(year=site.clock().year - 16).date().isoformat())
    window.follow("text=Keep the day")
    assert "16 years old" in page.inner_text("main")
    page.click("text=Put somebody on file")
    page.fill("#name", MOTHER)
    page.fill("#paper", "birth certificate and passport")
    page.check("input[value=copies]")
    window.follow("text=I have seen the paper")
    before = asked_by(page, MOTHER)
    assert "Did the client, as a minor, lawfully consent to this care alone?" in before
    page.click("text=Keep what you found")
    page.select_option("#care", "talking")
    page.select_option("#mature", "yes")
    page.select_option("#own_consent", "yes")
    page.fill("#why", "We spoke about what it means, and she came alone.")
    window.follow("button:text-is('Keep it')")
    assert "Do not send this." in asked_by(page, MOTHER)
    the_mother_asks(chromium, site, bytes.fromhex(young))
    she_is_set_aside(site, window, bytes.fromhex(young))


def the_mother_asks(chromium, site, young):
    """For a copy: she gets a letter, and nothing of the record."""
    site.practice.keep("Tess", young, "progress_note", SAID)
    tess = walks(chromium, site, "Tess")
    tess.on("main >> text=Mila Invented")
    assert SAID in tess.text
    tess.tab("Requests")
    tess.on("main a:text-is('Write one down')")
    tess.fills(to="parent", name=MOTHER, instrument="written_request", purpose="client_request")
    tess.tick("input[name=may_tell][value=yes]")
    tess.on("button:text-is('Write it down')")
    tess.fills(asker=MOTHER)
    tess.on("section:has-text('Who is it that asks') >> button:text-is('Keep')")
    tess.answers({"purpose.established": "yes"})
    assert "Do not send this." in tess.text
    tess.opens("Why")
    assert "The minor who consented holds the confidence (California)" in tess.text
    assert "Fam. Code 6924" in tess.text
    letter = tess.refuses("Refusal to one who says they act for someone")
    assert "neither confirm nor deny that any person is or was known to us" in letter
    assert SAID not in letter
    assert "Mila" not in letter
    nothing_left(site, young)
    said = f"refused a request, saying neither yes nor no (by post). A parent ({MOTHER})"
    assert said in own_list(chromium, site, "Mila Invented")


def she_is_set_aside(site, window, young):
    """In silence: no line names her, or says why."""
    page = window.page
    before = len(site.practice.vault.ledger.lines_of(young))
    page.click("summary:has-text('Change')")
    page.fill("input[name=reason]", "She is afraid of her mother.")
    window.follow("button:text-is('Set aside in silence')")
    assert "Nobody is told of it" in page.inner_text("main")
    assert "set aside in silence" in page.inner_text("main")
    lines = json.dumps([one.body for one in site.practice.vault.ledger.lines_of(young)[before:]])
    assert "afraid" not in lines
    assert MOTHER not in lines


def test_a_couple_of_whom_one_has_signed(chromium, site, window):
    page, ada = window.page, site.prepared.clients["Ada"].hex()
    site.practice.client("Dora Invented", treating="Tess")
    page.goto(f"{site.origin}/clients/{ada}/people")
    window.follow("text=Couples, families, groups")
    page.click("text=Begin one")
    page.fill("#name", "Thursday, seven")
    page.fill(f"#known_as_{ada}", "Ada")
    page.get_by_label("Dora Invented").fill("Dora")
    window.follow("text=Begin the record")
    record = re.search(r"/clients/(\w{32})", page.url)[1]
    kept = site.practice.keep("Tess", bytes.fromhex(record), "shared_record", TEXT)
    assert kept.version == 1
    page.click("text=Put on file what one of them signed")
    page.select_option("#to", "insurer")
    page.select_option("#purpose", "insurance")
    for box in page.locator("input[name^=element_]").all():
        box.check()
    window.follow("text=It is signed")
    text = page.inner_text("main")
    assert "to an insurer" in text or "insurer" in text
    assert "Has signed nothing for what is of all." in text
    an_insurer_asks(chromium, site, bytes.fromhex(record))
    one_takes_the_own_words_home(site, record)


def an_insurer_asks(chromium, site, record):
    """For what is of both, on what one of them signed: nothing leaves."""
    tess = walks(chromium, site, "Tess")
    tess.on("main >> text=Thursday, seven")
    assert "I sleep badly" in tess.text
    tess.tab("Requests")
    tess.on("main a:text-is('Write one down')")
    tess.fills(to="insurer", name="Harbour Mutual", instrument="consent", purpose="insurance")
    tess.tick("input[name=may_tell][value=yes]")
    tess.on("button:text-is('Write it down')")
    tess.answers({"purpose.established": "yes"})
    assert "Do not send this." in tess.text
    assert tess.page.locator("main a:text-is('Choose what goes')").count() == 0
    tess.opens("Why")
    assert "A couple, family or group record belongs to everyone in it" in tess.text
    letter = tess.refuses("Refusal of a request")
    assert "neither confirm nor deny" in letter
    assert not any(one in letter for one in ("Ada", "Dora", "sleep", "move out", "late"))
    nothing_left(site, record)
    own = own_list(chromium, site, "Ada").partition("Sessions together")[2]
    assert "put a consent on file: couple, family or group record, to an insurer" in own
    assert "handed over" not in own


def one_takes_the_own_words_home(site, record):
    """And nothing of the other's, and nothing of what is of both."""
    tess = site.in_session("Tess")
    party = site.prepared.clients["Ada"].hex()
    facts = {"fact:recipient.identity_verified": "yes", "fact:us_hipaa.access_endangers": "no"}
    given = tess.post(f"/clients/{record}/joint/words", {"party": party, "form": "json", **facts})
    assert given.status == 200
    assert "I sleep badly" in given.text
    assert "move out" not in given.text
    assert "came late" not in given.text
