"""Walks through a danger and a worry in a browser, from the record to what was told and settled."""

import contextlib
import re

import pytest

from walking import comes, left, nothing_left, own_list, place, walks

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
SAYS = {
    "police": "The police",
    "child_protection": "Child protection",
    "adult_protection": "Adult protection",
}
NOT_THEIRS = "spoke of the garden, and of nobody else"
CLICKS_MAX = 12
PHONE = {"width": 360, "height": 740}
WORDS = "marzipan lighthouse, and no more than they need"


@pytest.fixture
def at(chromium, tmp_path):
    """Tess, at the record of Ada under the law of a place, with each click counted from there."""
    with contextlib.ExitStack() as stack:

        def opened(packs, **more):
            site = stack.enter_context(place(tmp_path / "practice", packs))
            client_id = comes(site, "Ada Invented")
            site.practice.keep("Tess", client_id, "history", NOT_THEIRS)
            walk = walks(chromium, site, "Tess", **more)
            stack.callback(walk.window.context.close)
            walk.on("main >> text=Ada Invented")
            assert NOT_THEIRS in walk.text
            walk.client_id, walk.site, walk.clicks = client_id, site, 0
            walk.chromium = chromium
            return walk

        yield opened


def answered(walk, facts, button):
    """Answer what the page asks of these, and send it; what is left for the next page."""
    page, left = walk.page, {}
    for name, value in facts.items():
        choice = page.locator(f"input[name='fact:{name}'][value='{value}']")
        if not choice.count():
            left[name] = value
            continue
        if not choice.first.is_visible():
            walk.clicks += 1
            page.locator("form details:not([open])", has=choice).locator("> summary").click()
        walk.clicks += 1
        choice.first.check()
    walk.on(button)
    return left


def begun(walk, tab, facts):
    """From the record, by the tab, to whom to tell; every answer that was asked for is given."""
    walk.tab(tab)
    left = answered(walk, facts, "button:text-is('Whom may I tell?')")
    if "/tell/" in walk.window.path:
        walk.on("text=Whom else, and everything about it")
    for _ in range(3):
        button = walk.page.locator("button:text-is('Go on')")
        asked = [one for one in left if walk.page.locator(f"[name='fact:{one}']").count()]
        if not asked:
            return
        where = "Go on" if button.count() else "Keep"
        left = answered(walk, left, f"form[action$='/found'] button:text-is('{where}') >> nth=0")
        if "/tell/" in walk.window.path:
            walk.on("text=Whom else, and everything about it")


def row(walk, whom):
    rows = walk.page.locator("section[aria-labelledby=whom] > ul > li")
    return rows.filter(has_text=re.compile(f"^\\s*{whom}")).first.inner_text()


def told(walk, to):
    """Say that somebody was told, with what was said; where it must be, in few clicks."""
    is_must = "You must" in row(walk, SAYS[to])
    walk.on(f"a[href$='/tell/{to}'] >> nth=0")
    assert "Do not say" in walk.text
    walk.opens("Who it was, when")
    walk.fills(said=WORDS)
    walk.on("button:text-matches('write it down', 'i')")
    assert walk.said.startswith("It is written down")
    assert walk.clicks <= CLICKS_MAX or not is_must, walk.clicks


def sheet(walk, to):
    """The words of the sheet for the call, as a PDF; nothing of the record stands on it."""
    walk.on(f"a[href$='/tell/{to}'] >> nth=0")
    words = walk.reads("article button:text-is('As a PDF') >> nth=0")
    assert NOT_THEIRS not in words
    walk.on("text=Whom else, and everything about it")
    return words


def held_back(walk):
    """The client's list is silent of it, until that is settled."""
    assert walk.page.locator("main strong:has-text('not in the client')").count() == 1
    own = own_list(walk.chromium, walk.site, "Ada Invented")
    assert "wrote: personal history" in own
    assert not any(one in own for one in ("police", "protection", "told somebody", "danger"))


@pytest.mark.parametrize("name", NAMED)
def test_a_threat_to_a_named_person(at, name):
    packs, facts, police, victim = NAMED[name]
    walk = at(packs)
    begun(walk, "Danger", facts)
    assert police in row(walk, "The police")
    assert victim in row(walk, "The person at risk")
    assert "Always open to you" in walk.text
    if name == "uk":
        walk.on("a[href$='/tell/police']")
        answered(walk, OF_ONE, "button:text-is('Go on')")
        walk.on("text=Whom else, and everything about it")
        assert "You may tell" in row(walk, "The police")
    told(walk, "police")
    [line] = left(walk.site, walk.client_id)
    assert line.body["how"].startswith("by telephone")
    on_paper = sheet(walk, "police")
    assert "On the phone to the police" in on_paper
    assert "Do not say" in on_paper
    held_back(walk)
    walk.on("main >> text=What was weighed")
    walk.page.fill("#weighed-silence", WORDS)
    walk.on("button:text-is('Keep')")
    walk.page.select_option("#ending", "told")
    walk.on("button:text-is('Settle it')")
    assert walk.window.path == f"/clients/{walk.client_id.hex()}"
    assert walk.text.count(WORDS) == 2, "what was said, and what was weighed"


def test_vague_anger_and_nothing_leaves(at):
    walk = at((*US, "us-ca"), viewport=PHONE)
    vague = {
        "threat.target": "unnamed",
        "threat.serious": "no",
        "threat.imminent": "no",
        "threat.made": "no",
        "threat.told_by_family": "no",
        "care.emergency": "no",
        "crime.on_premises": "no",
    }
    begun(walk, "Danger", vague)
    assert "Nothing leaves now" in walk.text
    assert "keep talking with the client" in walk.text
    assert "988" in walk.text
    assert walk.page.locator("a.button:text-is('Tell')").count() == 0
    for to in ("police", "person_at_risk", "hospital"):
        walk.on(f"a[href$='/tell/{to}']")
        assert walk.page.locator("button:text-matches('write it down', 'i')").count() == 0
        assert "You may" in walk.text, "what one may do instead"
        walk.on("text=Whom else, and everything about it")
    nothing_left(walk.site, walk.client_id)


@pytest.mark.parametrize("name", CLOCKS)
def test_child_abuse_with_both_clocks(at, name):
    law, facts, first, written = CLOCKS[name]
    walk = at((*US, law), java_script_enabled=name != "CO")
    begun(walk, "Abuse or neglect", facts)
    assert "You must tell" in row(walk, "Child protection")
    assert first in walk.text
    assert written in walk.text
    told(walk, "child_protection")
    assert len(left(walk.site, walk.client_id)) == 1
    assert "On the phone to child protection" in sheet(walk, "child_protection")
    held_back(walk)
    owed = walk.text.partition("Still owed")[2].partition("Whom to tell")[0]
    assert (written.partition(",")[0] in owed.lower()) if written else owed


@pytest.mark.parametrize("at_risk", [True, False], ids=["a child at risk now", "no child at risk"])
def test_historic_abuse_told_by_an_adult_survivor(at, at_risk):
    walk = at((*US, "us-co"))
    begun(
        walk,
        "Abuse or neglect",
        {**SURVIVOR, "abuse.child_at_risk_now": "yes" if at_risk else "no"},
    )
    if at_risk:
        assert "You must tell" in row(walk, "Child protection")
        told(walk, "child_protection")
        assert len(left(walk.site, walk.client_id)) == 1
        return
    assert "Nothing leaves now" in walk.text
    assert "You must tell" not in walk.text
    walk.on("a[href$='/tell/child_protection']")
    assert walk.page.locator("button:text-matches('write it down', 'i')").count() == 0
    nothing_left(walk.site, walk.client_id)


def test_money_taken_from_an_elder(at):
    walk = at((*US, "us-ca"))
    elder = {
        "abuse.suspected": "yes",
        "abuse.victim": "elder",
        "abuse.kind": "financial",
        "us_ca.elder_exception": "no",
    }
    begun(walk, "Abuse or neglect", elder)
    assert "You must tell" in row(walk, "Adult protection")
    walk.on("main >> text=What is to be told")
    walk.page.fill("textarea >> nth=0", WORDS)
    walk.on("button:text-is('Keep')")
    told(walk, "adult_protection")
    owed = walk.text.partition("Still owed")[2].partition("Whom to tell")[0]
    assert "form SOC 341" in owed
    assert "by " in owed
    walk.site.clock.goes_on(minutes=5)
    walk.on("a[href$='/tell/adult_protection']")
    walk.on("button:text-is('Choose what goes')")
    assert walk.window.path.endswith("/leaves")
    assert WORDS in walk.text
    assert "A second reader first" not in walk.text
    packet = walk.reads("button:text-is('Hand it over')")
    assert WORDS in packet
    assert "Report of abuse of an elder or vulnerable adult" in packet
    assert NOT_THEIRS not in packet
    walk.on("main a:text-is('Back')")
    assert "Adult protection: by post, 2 March 2026, 09:35" in walk.text
    held_back(walk)
