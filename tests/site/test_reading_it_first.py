"""A client who wishes to read first what goes to an insurer has that time, from that day on."""

import datetime
import html
import re

import pytest

from angerona.practice.consents import keep_consent
from driven import MORNING, practice_of

CONSENT = {
    "by": "client",
    "form": "general",
    "classes": ["report_summary"],
    "to": ["insurer"],
    "purposes": ["insurance"],
    "from": "2026-09-01",
    "until": "2027-08-31",
    "revoked": None,
    "elements": dict.fromkeys(
        ("capacity", "informed", "recipient_named", "scope_named", "voluntary"), True
    ),
}
SAID = {
    "uk.nation": "england",
    "recipient.identity_verified": "yes",
    "purpose.established": "yes",
}
WAITED = datetime.timedelta(days=21)


@pytest.fixture
def site(tmp_path):
    with practice_of(("house", "uk"), tmp_path / "practice") as found:
        practice = found.practice
        found.client_id = practice.client("Ada Invented", treating="Tess")
        practice.keep("Tess", found.client_id, "report_summary", "a summary for whoever insures")
        practice.open("Tess", MORNING)
        with practice.visit("Tess", MORNING) as visit:
            keep_consent(visit, found.client_id, CONSENT)
        yield found


def text(visitor, path):
    got = visitor.get(path)
    assert got.status == 200, got.text
    return html.unescape(got.text)


def asked(site):
    """An insurer has asked, and what decides is answered: whoever treats, and the path."""
    tess = site.in_session("Tess")
    tess.get("/requests/new")
    fields = {
        "client": site.client_id.hex(),
        "to": "insurer",
        "name": "An insurer",
        "instrument": "consent",
        "purpose": "insurance",
        "wants": ["report_summary"],
        "received": MORNING.strftime("%Y-%m-%dT%H:%M"),
        "may_tell": "yes",
    }
    path = tess.post("/requests/new", fields).to.partition("?")[0]
    about = path.replace("/requests/", "/matters/")
    for _ in range(20):
        fact = re.search(r'name="fact" value="([^"]+)">\n<fieldset>', tess.get(path).text)
        if fact is None:
            break
        value = SAID.get(fact[1], "no")
        given = tess.post(f"{about}/answers", {"fact": fact[1], "value": value})
        assert given.status == 303, (fact[1], given.text)
    return tess, path, about


def handed_over(tess, about):
    choose = tess.get(f"{about}/choose").text
    entries = re.findall(r'name="entry" value="(\w{32})"', choose)
    assert tess.post(f"{about}/choose", {"entry": entries}).status == 303
    seen = re.search(r'name="seen" value="(\w{64})"', tess.get(f"{about}/leaves").text)[1]
    return tess.post(f"{about}/leaves", {"seen": seen, "how": "by post", "form": "json"})


def test_nothing_leaves_in_that_time_and_it_does_after(site):
    tess, path, about = asked(site)
    assert "Does the client wish to read it first?" in text(tess, path)
    said = MORNING.strftime("%Y-%m-%dT%H:%M")
    assert tess.post(f"{path}/wished", {"wished": said}).status == 303
    assert "The client asked on" in text(tess, path)
    refused = handed_over(tess, about)
    assert refused.status == 422
    assert "from 14 December 2026 on" in html.unescape(refused.text)
    site.clock.at = MORNING + WAITED
    tess = site.in_session("Tess")
    tess.get(path)
    assert handed_over(tess, about).status == 200


def test_a_moment_to_come_is_none(site):
    tess, path, _ = asked(site)
    later = (MORNING + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    refused = tess.post(f"{path}/wished", {"wished": later})
    assert refused.status == 422
    assert "still to come" in html.unescape(refused.text)


def test_without_that_wish_it_leaves_at_once(site):
    tess, _, about = asked(site)
    assert handed_over(tess, about).status == 200
