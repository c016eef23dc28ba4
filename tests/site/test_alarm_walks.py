"""Walks through a danger and a worry in a browser, from the record to what was told and settled."""

import contextlib
import re

import pytest

from browsing import browsing
from prepared_practice import quick_passwords
from running_site import over
from small_practice import founded

US = ("house", "us-hipaa")
THREAT = {
    "threat.target": "identified_person",
    "threat.serious": "yes",
    "threat.imminent": "yes",
    "threat.made": "yes",
    "threat.intent": "yes",
    "threat.ability": "yes",
}
UK = {
    "uk.nation": "england",
    "threat.less_intrusive_insufficient": "yes",
    "uk.risk_real": "yes",
}
NAMED = {
    "CA": ((*US, "us-ca"), THREAT, "You must tell", "You must tell"),
    "TX": ((*US, "us-tx"), {**THREAT, "us_tx.professional_determines": "yes"}, "You may", "No"),
    "FL": ((*US, "us-fl"), THREAT, "You must tell", "You may tell"),
    "uk": (("uk",), {**THREAT, **UK}, "Not settled", "Not settled"),
}
"""The packs, what is answered, and what is said of the police and of the person at risk."""
OF_ONE = {"client.objects": "yes", "uk.benefit_outweighs": "yes"}
"""What is asked in the United Kingdom of each telling alone."""
CHILD = {
    "abuse.suspected": "yes",
    "abuse.victim": "child",
    "abuse.learned_professionally": "yes",
}
CLOCKS = {
    "CA": (
        "us-ca",
        {**CHILD, "us_ca.pregnancy_alone": "no"},
        "telephone the agency, at once on reasonable suspicion",
        "written report, form SS 8572, within 36 hours",
    ),
    "TX": ("us-tx", CHILD, "within 24 hours of first reasonable cause", ""),
    "CO": ("us-co", CHILD, "within 24 hours of receiving the information", "written report"),
}
"""What is answered, the limit of the first report, and what is said of the written one."""
SURVIVOR = {
    "abuse.suspected": "yes",
    "abuse.victim": "adult",
    "abuse.historic": "yes",
    "abuse.learned_professionally": "yes",
    "us_co.position_of_trust": "no",
}
WORDS = "marzipan lighthouse, and no more than they need"


@contextlib.contextmanager
def place(folder, packs):
    """A practice under these laws, with Tess, who treats Ada; somebody's window on Ada's record."""
    with quick_passwords():
        practice = founded(folder / "practice", packs=packs)
        practice.enrol("Tess", roles=("psychologist",))
    client_id = practice.client("Ada Invented", treating="Tess")
    with over(practice) as site:
        yield site, client_id
    practice.vault.store.close()


@pytest.fixture
def at(chromium, tmp_path):
    with contextlib.ExitStack() as stack:

        def opened(packs):
            site, client_id = stack.enter_context(place(tmp_path, packs))
            window = browsing(chromium, site, "Tess")
            stack.callback(window.context.close)
            window.to(f"/clients/{client_id.hex()}")
            window.client_id = client_id
            return window

        yield opened


def answered(window, facts, button):
    """Answer what the page asks of these, and send it; what is left for the next page."""
    page = window.page
    for details in page.locator("form details").all():
        if details.get_attribute("open") is None:
            details.locator("summary").click()
    left = {}
    for name, value in facts.items():
        choice = page.locator(f"input[name='fact:{name}'][value='{value}']")
        if choice.count():
            choice.first.check()
        else:
            left[name] = value
    window.follow(button)
    return left


def begun(window, tab, facts):
    """From the record, by the tab, to whom to tell; every answer that was asked for is given."""
    window.follow(f"nav.tabs >> text={tab}")
    left = answered(window, facts, "button:text-is('Whom may I tell?')")
    if "/tell/" in window.path:
        window.follow("text=Whom else, and everything about it")
    for _ in range(3):
        button = window.page.locator("button:text-is('Go on')")
        asked = [one for one in left if window.page.locator(f"[name='fact:{one}']").count()]
        if not asked:
            return
        where = "Go on" if button.count() else "Keep"
        left = answered(window, left, f"form[action$='/found'] button:text-is('{where}') >> nth=0")
        if "/tell/" in window.path:
            window.follow("text=Whom else, and everything about it")


def row(window, whom):
    rows = window.page.locator("section[aria-labelledby=whom] > ul > li")
    return rows.filter(has_text=re.compile(f"^\\s*{whom}")).first.inner_text()


def left(window):
    vault = window.site.practice.vault
    lines = [*vault.ledger.lines_of(window.client_id), *vault.ledger.lines_of(vault.practice_id)]
    return [one for one in lines if {"announced", "how"} <= one.body.keys()]


def told(window, to):
    """Say that somebody was told, with what was said."""
    page = window.page
    window.follow(f"a[href$='/tell/{to}'] >> nth=0")
    assert "Do not say" in window.text
    page.click("summary:has-text('Who it was, when')")
    page.fill("#said", WORDS)
    window.follow("button:text-matches('write it down', 'i')")
    assert page.inner_text("[role=status]").startswith("It is written down")


@pytest.mark.parametrize("name", NAMED)
def test_a_threat_to_a_named_person(at, name):
    packs, facts, police, victim = NAMED[name]
    window = at(packs)
    begun(window, "Danger", facts)
    assert police in row(window, "The police")
    assert victim in row(window, "The person at risk")
    assert "Always open to you" in window.text
    if name == "uk":
        window.follow("a[href$='/tell/police']")
        answered(window, OF_ONE, "button:text-is('Go on')")
        window.follow("text=Whom else, and everything about it")
        assert "You may tell" in row(window, "The police")
    told(window, "police")
    [line] = left(window)
    assert line.body["how"].startswith("by telephone")
    window.follow("main >> text=What was weighed")
    window.page.fill("#weighed-silence", WORDS)
    window.follow("button:text-is('Keep')")
    window.page.select_option("#ending", "told")
    window.follow("button:text-is('Settle it')")
    assert window.path == f"/clients/{window.client_id.hex()}"
    assert window.text.count(WORDS) == 2, "what was said, and what was weighed"


def test_vague_anger_and_nothing_leaves(at):
    window = at((*US, "us-ca"))
    vague = {
        "threat.target": "unnamed",
        "threat.serious": "no",
        "threat.imminent": "no",
        "threat.made": "no",
        "threat.told_by_family": "no",
        "care.emergency": "no",
        "crime.on_premises": "no",
    }
    begun(window, "Danger", vague)
    assert "Nothing leaves now" in window.text
    assert "keep talking with the client" in window.text
    assert "988" in window.text
    assert window.page.locator("a.button:text-is('Tell')").count() == 0
    for to in ("police", "person_at_risk", "hospital"):
        window.follow(f"a[href$='/tell/{to}']")
        assert window.page.locator("button:text-matches('write it down', 'i')").count() == 0
        assert "You may" in window.text, "what one may do instead"
        window.follow("text=Whom else, and everything about it")
    assert left(window) == []


@pytest.mark.parametrize("name", CLOCKS)
def test_child_abuse_with_both_clocks(at, name):
    law, facts, first, written = CLOCKS[name]
    window = at((*US, law))
    begun(window, "Abuse or neglect", facts)
    assert "You must tell" in row(window, "Child protection")
    assert first in window.text
    assert written in window.text
    told(window, "child_protection")
    assert len(left(window)) == 1
    owed = window.text.partition("Still owed")[2].partition("Whom to tell")[0]
    assert (written.partition(",")[0] in owed.lower()) if written else owed


@pytest.mark.parametrize("at_risk", [True, False], ids=["a child at risk now", "no child at risk"])
def test_historic_abuse_told_by_an_adult_survivor(at, at_risk):
    window = at((*US, "us-co"))
    begun(
        window,
        "Abuse or neglect",
        {**SURVIVOR, "abuse.child_at_risk_now": "yes" if at_risk else "no"},
    )
    if at_risk:
        assert "You must tell" in row(window, "Child protection")
        told(window, "child_protection")
        assert len(left(window)) == 1
        return
    assert "Nothing leaves now" in window.text
    assert "You must tell" not in window.text
    window.follow("a[href$='/tell/child_protection']")
    assert window.page.locator("button:text-matches('write it down', 'i')").count() == 0
    assert left(window) == []


def test_money_taken_from_an_elder(at):
    window = at((*US, "us-ca"))
    elder = {
        "abuse.suspected": "yes",
        "abuse.victim": "elder",
        "abuse.kind": "financial",
        "us_ca.elder_exception": "no",
    }
    begun(window, "Abuse or neglect", elder)
    assert "You must tell" in row(window, "Adult protection")
    window.follow("main >> text=What is to be told")
    window.page.fill("textarea >> nth=0", WORDS)
    window.follow("button:text-is('Keep')")
    told(window, "adult_protection")
    owed = window.text.partition("Still owed")[2].partition("Whom to tell")[0]
    assert "form SOC 341" in owed
    assert "by " in owed
    window.follow("a[href$='/tell/adult_protection']")
    window.follow("button:text-is('Choose what goes')")
    assert window.path.endswith("/leaves")
    assert WORDS in window.text
    assert "A second reader first" not in window.text
