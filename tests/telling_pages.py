"""A danger or a worry that has begun, as its pages show it."""

import html
import re

from angerona.practice.matters import found
from angerona.practice.speaking import asked_in

THREAT = {
    "fact:threat.target": "identified_person",
    "fact:threat.serious": "yes",
    "fact:threat.made": "yes",
}
CHILD = {
    "fact:abuse.suspected": "yes",
    "fact:abuse.victim": "child",
    "fact:abuse.learned_professionally": "yes",
    "fact:us_ca.pregnancy_alone": "no",
}
SAFE = {"fact:client.unsafe_to_tell": "no", "fact:house.secrecy_ordered": "no"}
SECRET = "marzipan lighthouse, said on the telephone"


def begun(site, client_id, facts, tab="danger", who="Tess"):
    """A matter that has begun: the visitor, its id in digits, the page that follows."""
    visitor = site.in_session(who)
    visitor.get(f"/clients/{client_id.hex()}/{tab}")
    sent = visitor.post(f"/clients/{client_id.hex()}/{tab}", {**facts, "learned": ""})
    assert sent.status == 303, sent.text
    return visitor, re.search(r"\w{32}", sent.to)[0], sent.to


def page_of(visitor, digits, kind="dangers"):
    shown = visitor.get(f"/{kind}/{digits}")
    assert shown.status == 200, shown.text
    return html.unescape(re.sub(r"<[^>]+>", " ", shown.text))


def content_of(site, digits):
    with site.practice.visit("Tess", site.clock.at) as visit:
        return asked_in(found(visit, bytes.fromhex(digits)))
