"""What leaves for a court, through the pages: produced, for the judge alone, narrowed."""

import csv
import datetime
import html
import io
import json
import re

import pytest

from angerona.notices.packet_locks import open_pdf
from angerona.practice.matters import found
from angerona.practice.requests import NewRequest, take_down
from angerona.practice.second_readers import answer, waiting
from angerona.practice.speaking import Asked, asked_in
from angerona.practice.who_looked import in_words
from prepared_practice import AT
from running_site import running
from second_readings import COURT, WISH


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice", ways_in=()) as found:
        yield found


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


@pytest.fixture
def tess(site):
    visitor = site.in_session("Tess")
    visitor.get("/requests/new")
    return visitor


def ordered_by_a_judge(site, client_id, **more):
    """A judge's order that was taken down: the path of its matter."""
    fields = {"to": "court", "instrument": WISH.instrument, "facts": dict(WISH.facts)}
    asked = Asked(
        **(fields | {"purpose": WISH.purpose, "received": AT, "wants": WISH.wants, "name": COURT})
        | more
    )
    with site.practice.visit("Tess") as visit:
        new = NewRequest(asked=asked, client_id=client_id, may_tell=True)
        return f"/matters/{take_down(site.practice.door, visit, new).hex()}"


def text(visitor, path):
    got = visitor.get(path)
    assert got.status == 200, got.text
    return html.unescape(got.text)


def ticked(visitor, about):
    return re.findall(r'name="entry" value="(\w{32})" checked', text(visitor, f"{about}/choose"))


def agreed(site, visitor, about):
    """A colleague reads second, and agrees to exactly what leaves."""
    olaf = site.practice.people["Olaf"].hex()
    asked = visitor.post(f"{about}/reader", {"reader": olaf, "why": "the order is here"})
    assert asked.status == 303, asked.text
    with site.practice.visit("Olaf") as visit:
        for one in waiting(visit):
            answer(visit, one.duty.duty_id, "agreed", why="as ordered")


def handed_over(site, visitor, about, **more):
    entries = ticked(visitor, about)
    assert visitor.post(f"{about}/choose", {"entry": entries}).status == 303
    agreed(site, visitor, about)
    seen = re.search(r'name="seen" value="(\w{64})"', text(visitor, f"{about}/leaves"))[1]
    form = {"seen": seen, "how": "by hand", "form": "json", **more}
    return visitor.post(f"{about}/leaves", form)


def test_the_list_of_what_was_produced_is_made_from_the_client_s_requests(site, ada, tess):
    about = ordered_by_a_judge(site, ada)
    assert f"/clients/{ada.hex()}/produced" in text(tess, f"/clients/{ada.hex()}/requests")
    got = handed_over(site, tess, about)
    assert got.status == 200, got.text
    packet = json.loads(got.data)
    path = f"/clients/{ada.hex()}/produced"
    page = text(tess, path)
    assert "exactly what had been announced" in page
    address = f"{path}/{packet['manifest']['packet']}"
    assert f'action="{address}"' in page
    table = tess.post(address, {"form": "csv"})
    assert "list.csv" in table.headers["content-disposition"]
    _, *rows = csv.reader(io.StringIO(table.data.decode()))
    signed = [(str(one["length"]), one["sha256"]) for one in packet["manifest"]["parts"]]
    assert [(row[5], row[6]) for row in rows] == signed
    assert tess.post(address, {"form": "pdf"}).data.startswith(b"%PDF")
    fay = site.in_session("Fay")
    assert "No packet has left" in text(fay, path)
    assert fay.post(address, {"form": "csv"}).status == 404


def for_the_judge(tess, about):
    home = about.replace("/matters/", "/requests/")
    given = tess.post(f"{home}/judge", {"court": "Court of the county, Judge Vale"})
    assert given.status == 303, given.text
    return home


def test_what_the_judge_alone_reads_is_sealed_and_says_so_everywhere(site, ada, tess):
    about = ordered_by_a_judge(site, ada)
    assert "Answer to the judge alone" in text(tess, about.replace("/matters/", "/requests/"))
    home = for_the_judge(tess, about)
    page = text(tess, home)
    assert "Court of the county, Judge Vale" in page
    refused = handed_over(site, tess, about)
    assert refused.status == 422
    assert "the judge alone opens it" in html.unescape(refused.text)
    page = text(tess, f"{about}/leaves")
    assert "The judge alone reads it." in page
    words = re.search(r'name="words" value="([^"]+)"', page)[1]
    seen = re.search(r'name="seen" value="(\w{64})"', page)[1]
    pieces = len(re.findall("<article", page))
    letter = text(tess, f"{home}/letters/in_camera.any")
    assert f"Number of pieces enclosed: {pieces}" in letter
    assert "To the court: Court of the county, Judge Vale" in letter
    sealed = {"seen": seen, "how": "by hand", "form": "pdf", "locked": "yes", "words": words}
    got = tess.post(f"{about}/leaves", sealed)
    assert got.status == 200, got.text
    opened = open_pdf(got.data, passphrase=words)
    packet = json.loads(opened.packet_json)
    assert packet["manifest"]["in_camera"] is True
    assert packet["manifest"]["to"] == "court"
    assert packet["condition"].startswith("FOR THE JUDGE ALONE")
    said = in_words(site.practice.vault.ledger.lines_of(ada), datetime.UTC)
    [announced] = [one.sentence for one in said if one.kind == "disclosure"]
    assert "the court (Court of the county, Judge Vale), for the judge alone to read" in announced


def test_the_judge_alone_is_no_way_past_the_rules_nor_to_anybody_else(site, ada, tess):
    about = ordered_by_a_judge(site, ada, facts={})
    home = for_the_judge(tess, about)
    assert "Choose what goes" not in text(tess, home)
    assert tess.post(f"{home}/judge", {"alone": "no"}).status == 303
    assert "for the judge alone</strong>" not in text(tess, home)
    subpoena = ordered_by_a_judge(site, ada, instrument="subpoena_attorney")
    home = subpoena.replace("/matters/", "/requests/")
    assert "Answer to the judge alone" not in text(tess, home)
    given = tess.post(f"{home}/judge", {"court": "Court"})
    assert given.status == 422
    assert "none that a judge can look at first" in html.unescape(given.text)


def test_what_was_found_out_about_whoever_asked_says_nothing_of_the_judge(site, ada, tess):
    known = {**WISH.facts, "recipient.identity_verified": True}
    asked = {"to": "opposing_attorney", "name": "A lawyer", "facts": known}
    about = ordered_by_a_judge(site, ada, **asked)
    for_the_judge(tess, about)
    with site.practice.visit("Tess") as visit:
        now = asked_in(found(visit, bytes.fromhex(about.rpartition("/")[2])))
    assert (now.to, now.in_camera) == ("court", True)
    assert "recipient.identity_verified" not in now.facts
    home = about.replace("/matters/", "/requests/")
    assert tess.post(f"{home}/judge", {"alone": "no"}).status == 303
    with site.practice.visit("Tess") as visit:
        now = asked_in(found(visit, bytes.fromhex(about.rpartition("/")[2])))
    assert (now.to, now.name, now.in_camera) == ("opposing_attorney", "A lawyer", False)


def looks_of(site, client_id):
    return [one for one in site.practice.vault.ledger.lines_of(client_id) if one.kind == "look"]


def test_a_look_that_prepares_an_answer_says_that_it_does(site, ada, tess):
    about = ordered_by_a_judge(site, ada)
    ticked(tess, about)
    said = in_words(looks_of(site, ada), datetime.UTC)[-1].sentence
    assert "to answer a paper of a court, a lawyer or an authority" in said
    assert "treatment" not in said


def test_a_look_that_would_tell_of_a_secret_paper_is_held_back_with_it(site, ada, tess):
    before = len(looks_of(site, ada))
    asked = Asked(
        to="court",
        purpose=WISH.purpose,
        instrument=WISH.instrument,
        received=AT,
        wants=WISH.wants,
        name=COURT,
        facts=dict(WISH.facts),
    )
    with site.practice.visit("Tess") as visit:
        new = NewRequest(asked=asked, client_id=ada, may_tell=False)
        about = f"/matters/{take_down(site.practice.door, visit, new).hex()}"
    ticked(tess, about)
    assert len(looks_of(site, ada)) == before
    lines = site.practice.vault.ledger.lines_of(site.practice.vault.practice_id)
    held = [one.body for one in lines if one.kind == "held" and one.body["held"] == "look"]
    assert held[-1]["what"] == "to answer a paper of a court, a lawyer or an authority"


def test_what_asks_for_too_much_is_answered_narrower_in_one_click(site, ada, tess):
    wants = (*WISH.wants, "psychotherapy_note")
    about = ordered_by_a_judge(site, ada, wants=wants)
    home = about.replace("/matters/", "/requests/")
    page = text(tess, home)
    assert "It asks for more than may go" in page
    assert "Stays</strong>: process notes" in page
    given = tess.post(f"{home}/narrow")
    assert given.status == 303, given.text
    assert given.to.partition("?")[0] == f"{about}/leaves"
    page = text(tess, f"{about}/leaves")
    assert 'name="seen"' not in page.partition("A second reader first")[0]
    with site.practice.visit("Tess") as visit:
        now = asked_in(found(visit, bytes.fromhex(about.rpartition("/")[2])))
    places = {one.entry_id.hex(): one.wanted for one in site.practice.vault.places(ada)}
    assert {places[one] for one in now.chosen} <= set(WISH.wants)
    letter = re.search(rf'href="({home}/letters/narrowing[^"]+)"', page)[1]
    says = text(tess, letter)
    assert "What would be enough for the purpose that is named: session notes" in says
    assert "process notes" in says.partition("What it asks for")[2].partition("What would be")[0]
    assert "process notes" not in says.partition("What would be enough")[2]


def test_of_an_order_that_names_days_the_entries_of_those_days_are_chosen(site, ada, tess):
    days = (datetime.date(2020, 1, 1), datetime.date(2020, 12, 31))
    about = ordered_by_a_judge(site, ada, between=days)
    home = about.replace("/matters/", "/requests/")
    assert "from 1 January 2020 to 31 December 2020" in text(tess, home)
    refused = tess.post(f"{home}/narrow")
    assert refused.status == 422
    assert "are not chosen" in html.unescape(refused.text)


def test_where_nothing_may_go_nothing_narrower_is_proposed(site, ada, tess):
    about = ordered_by_a_judge(site, ada, facts={}, wants=WISH.wants)
    home = about.replace("/matters/", "/requests/")
    assert "A narrower answer" not in text(tess, home)
    assert tess.post(f"{home}/narrow").status == 422
