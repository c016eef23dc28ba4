"""Papers of a court, a lawyer or an authority: what everybody sees the moment one has come."""

import datetime
import html

import pytest

from angerona.practice.absences import say_away
from angerona.practice.legal_holds import holds_on
from angerona.practice.requests import NewRequest, take_down
from angerona.practice.speaking import Asked
from paper_forms import SEEN, SUBPOENA
from prepared_practice import AT
from running_site import running
from second_readings import WISH

HELD = "Legal hold: nothing is destroyed"


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice", ways_in=()) as found:
        yield found


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"].hex()


def taken_down(site, client, name="Tess", **more):
    visitor = site.in_session(name)
    visitor.get("/requests/new")
    given = visitor.post("/requests/new", {**SUBPOENA, "client": client, **more})
    assert given.status == 303, given.text
    return visitor, given.to.partition("?")[0]


def on(site, client):
    with site.practice.visit("Olaf") as visit:
        return holds_on(visit, bytes.fromhex(client))


def text(visitor, path):
    got = visitor.get(path)
    assert got.status == 200, got.text
    return html.unescape(got.text)


def test_the_head_of_the_record_says_that_it_is_held(site, ada):
    tess = site.in_session("Tess")
    assert HELD not in text(tess, f"/clients/{ada}")
    taken_down(site, ada)
    for name, page in (("Tess", ""), ("Tess", "/care"), ("Olaf", "/consents")):
        assert HELD in text(site.in_session(name), f"/clients/{ada}{page}")
    assert HELD not in text(tess, f"/clients/{ada}/appointments").partition("<main")[0]
    assert HELD not in text(site.in_session("Fay"), f"/clients/{ada}/appointments")


def test_the_request_says_when_the_hour_is_and_what_the_hold_covers(site, ada):
    due = {"answer_by": "2026-03-10", "answer_hour": "09:00"}
    visitor, path = taken_down(site, ada, **due)
    page = text(visitor, path)
    assert "Answer in writing by <strong>10 March 2026, 09:00" in page
    assert "Refusing is not ignoring" in page
    assert "asked to testify, it is the same silence" in page
    assert f"/clients/{ada}/holds" in page


def test_a_plain_request_brings_none_of_it(site, ada):
    visitor, path = taken_down(site, ada, instrument="written_request")
    assert "testify" not in text(visitor, path)
    assert HELD not in text(visitor, f"/clients/{ada}")


def test_the_officer_lifts_it_with_a_reason_and_nobody_else(site, ada):
    taken_down(site, ada)
    [one] = on(site, ada)
    lifted = f"/clients/{ada}/holds/{one.matter_id.hex()}/lifted"
    tess, olaf = site.in_session("Tess"), site.in_session("Olaf")
    assert "Why it can end" not in text(tess, f"/clients/{ada}/holds")
    assert tess.post(lifted, {"reason": "I want to"}).status == 404
    assert "Why it can end" in text(olaf, f"/clients/{ada}/holds")
    assert olaf.post(lifted, {"reason": ""}).status == 422
    assert len(on(site, ada)) == 1
    otto = site.prepared.clients["Otto"].hex()
    assert olaf.post(lifted.replace(ada, otto), {"reason": "over"}).status == 404
    assert olaf.post(lifted, {"reason": "the case is over"}).status == 303
    assert on(site, ada) == []
    assert HELD not in text(olaf, f"/clients/{ada}/holds")


def test_whoever_is_away_is_named_with_whoever_stands_in(site, ada):
    visitor, path = taken_down(site, ada)
    assert "Sees to it: Tess." in text(visitor, path)
    with site.practice.visit("Tess") as visit:
        until = AT + datetime.timedelta(days=9)
        say_away(visit, visit.unlocked.person_id, AT, until, site.practice.people["Olaf"])
    assert "Sees to it: Tess, who is away: Olaf stands in." in text(visitor, path)


@pytest.mark.parametrize("name", ["Fay", "Bill", "Tess", "Olaf"])
def test_what_to_say_at_the_door_is_one_click_away_for_anybody_at_work(site, ada, name):
    visitor = site.in_session(name)
    assert '<a href="/at-the-door"' in text(visitor, "/account")
    ledger = site.practice.vault.ledger
    before = ledger.lines_of(bytes.fromhex(ada)), ledger.lines_of(site.practice.vault.practice_id)
    page = text(visitor, "/at-the-door")
    assert "We can neither confirm nor deny that any person is known to us" in page
    assert "judge" in page
    assert "Call the privacy officer, then the lawyer: Olaf" in page
    assert "Ada" not in page
    after = ledger.lines_of(bytes.fromhex(ada)), ledger.lines_of(site.practice.vault.practice_id)
    assert before == after


def test_it_hangs_beside_the_door_as_a_pdf(site):
    fay = site.in_session("Fay")
    fay.get("/at-the-door")
    got = fay.post("/at-the-door", {"contact": "", "paper": "a4"})
    assert got.status == 200, got.text
    assert got.data.startswith(b"%PDF")
    assert "sheet.pdf" in got.headers["content-disposition"]


def test_whom_to_call_at_the_door_is_whoever_stands_in(site):
    with site.practice.visit("Olaf") as visit:
        until = AT + datetime.timedelta(days=9)
        say_away(visit, visit.unlocked.person_id, AT, until, site.practice.people["Tess"])
    assert "Olaf is away: Tess stands in" in text(site.in_session("Fay"), "/at-the-door")


def test_a_paper_is_told_apart_by_its_signature_and_its_court(site, ada):
    visitor, path = taken_down(site, ada, instrument="written_request")
    assert "What each looks like" in text(visitor, f"{path}/paper")
    assert "Read what it says" not in text(visitor, f"{path}/paper")
    given = visitor.post(f"{path}/paper", {**SEEN, "signer": "attorney", "commands": "both"})
    assert given.status == 303, given.text
    page = text(visitor, f"{path}/paper")
    assert "A lawyer's subpoena" in page
    assert "It is no order of a judge" in page
    assert "It asks for testimony" in page
    assert [one.content["instrument"] for one in on(site, ada)] == ["subpoena_attorney"]
    assert "objection" in text(visitor, path).lower()


def test_an_administrative_warrant_leads_to_the_door_and_to_no_judge(site, ada):
    visitor, path = taken_down(site, ada, to="immigration", purpose="immigration")
    seen = {"title": "warrant", "signer": "officer", "names_court": "no", "commands": "enter"}
    visitor.post(f"{path}/paper", seen)
    page = text(visitor, f"{path}/paper")
    assert "An administrative warrant" in page
    assert "I-200" in page
    assert '<a href="/at-the-door">' in page


def test_what_is_read_off_an_order_is_kept_and_shown_again(site, ada):
    visitor, path = taken_down(site, ada, to="court")
    visitor.post(f"{path}/paper", SEEN)
    fields = {
        "names": ["diagnosis"],
        "since": "2025-01-01",
        "until": "2025-12-31",
        "to": "court",
        "ends": "2026-12-31",
        "secret": "yes",
        "fact:order.served": "yes",
    }
    given = visitor.post(f"{path}/paper/read", fields)
    assert given.status == 303, given.text
    page = text(visitor, path)
    assert "from 1 January 2025 to 31 December 2025" in page
    assert "not in the client" in page
    again = text(visitor, f"{path}/paper")
    assert 'name="names" value="diagnosis" checked' in again
    assert 'value="2026-12-31"' in again


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"names": []}, "the classes on the paper"),
        ({"since": "2025-01-01"}, "both, or neither"),
        ({"starts": "soon"}, "days as 2026-03-01"),
        ({"to": "a napkin"}, "none of the choices"),
    ],
)
def test_what_is_wrong_on_a_paper_is_said_and_kept(site, ada, fields, said):
    visitor, path = taken_down(site, ada, to="court")
    visitor.post(f"{path}/paper", SEEN)
    given = visitor.post(
        f"{path}/paper/read", {"names": ["risk"], "to": "court", "ends": "2027-01-01", **fields}
    )
    assert given.status == 422
    assert said in html.unescape(given.text)
    assert 'value="2027-01-01"' in given.text


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("csv", b"number,written")])
def test_the_list_of_what_is_kept_back_is_a_file_that_names_nobody(site, ada, kind, begins):
    visitor, path = taken_down(site, ada)
    assert "It says that there is a record" in text(visitor, f"{path}/paper")
    got = visitor.post(f"{path}/privilege-log", {"form": kind, "paper": "a4"})
    assert got.status == 200, got.text
    assert got.data.startswith(begins)
    assert f"list.{kind}" in got.headers["content-disposition"]
    assert site.in_session("Fay").post(f"{path}/privilege-log", {"form": kind}).status == 404


def test_before_it_leaves_all_that_the_paper_names_is_listed(site, ada):
    entries = [
        one.entry_id.hex()
        for one in site.practice.vault.places(bytes.fromhex(ada))
        if one.wanted in WISH.wants
    ]
    practice, client_id = site.practice, bytes.fromhex(ada)
    asked = Asked(
        to="court",
        purpose=WISH.purpose,
        instrument=WISH.instrument,
        received=AT,
        wants=WISH.wants,
        facts=dict(WISH.facts),
    )
    tess = site.in_session("Tess")
    with practice.visit("Tess") as visit:
        new = NewRequest(asked=asked, client_id=client_id, may_tell=True)
        about = f"/matters/{take_down(practice.door, visit, new).hex()}"
    tess.get(f"{about}/choose")
    assert tess.post(f"{about}/choose", {"entry": entries[:1]}).status == 303
    page = text(tess, f"{about}/leaves")
    assert f"1 of {len(set(entries))} go" in page
    assert "<strong>stays</strong>: was not chosen" in page


def test_the_hour_on_the_paper_becomes_the_time_limit_also_where_it_is_found_later(site, ada):
    visitor, path = taken_down(site, ada, to="court")
    assert "find it, and write it down" in text(visitor, path)
    visitor.post(f"{path}/paper", SEEN)
    fields = {"names": ["diagnosis"], "to": "court", "secret": "no", "answer_by": "2026-03-10"}
    given = visitor.post(f"{path}/paper/read", {**fields, "answer_hour": "09:00"})
    assert given.status == 303, given.text
    assert "Answer in writing by <strong>10 March 2026, 09:00" in text(visitor, path)
    assert 'value="09:00"' in text(visitor, f"{path}/paper")
    refused = visitor.post(f"{path}/paper/read", {**fields, "answer_by": "2025-03-10"})
    assert refused.status == 422
    assert "before it came" in html.unescape(refused.text)
