"""Incidents in a browser: from the report to letters and register, with a clock of 72 hours."""

import csv
import datetime
import io
import re

import pytest

from angerona.practice import breach_searches
from angerona.practice.clients import NewClient, enrol_client
from browsing import barriers, browsing, too_wide
from incident_forms import GONE, HARMLESS, LISTED, NONE, REPORT, given_out
from running_site import running
from small_practice import AT
from walking import comes, own_list, place, walks

CLICKS_MAX = 12
PHONE = {"width": 360, "height": 740}
NEEDLE = "spoke of the garden"


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        yield found


@pytest.fixture
def london(tmp_path):
    """A practice under the law of the United Kingdom, with its 72 hours."""
    with place(tmp_path / "london", ("house", "uk")) as found:
        for name in ("Ada Invented", "Otto Invented"):
            client_id = comes(found, name)
            found.practice.keep("Tess", client_id, "history", NEEDLE)
        yield found


def reported(site, by="Tess"):
    return site.in_session(by).post("/incidents", REPORT).to.partition("?")[0]


def test_a_breach_with_a_clock_of_72_hours_from_the_report_to_the_register(chromium, london):
    tess = walks(chromium, london, "Tess", viewport=PHONE)
    tess.menu("Incidents")
    tess.on("main a:text-is('Report an incident')")
    tess.fills(words="A laptop is gone from a car", discovered="2026-03-02T09:00")
    tess.tick("input[name=cause][value=device]")
    tess.on("main button:text-is('Report it')")
    for part in ("UK GDPR Art 33", "in 3 days", "by 5 March 2026, 09:00", "not sure yet"):
        assert part in tess.text, part
    assert tess.clicks <= CLICKS_MAX
    thea = walks(chromium, london, "Thea")
    thea.menu("Incidents")
    thea.on("main >> text=A laptop is gone from a car")
    for fact in ("breach", "risk_likely", "high_risk"):
        thea.tick(f"input[name='fact:incident.{fact}'][value=yes]")
    for fact in ("unintelligible", "risk_removed"):
        thea.tick(f"input[name='fact:incident.{fact}'][value=no]")
    thea.on("button:text-is('Keep what is known')")
    assert "not sure yet" not in thea.text
    thea.page.fill("#how-2, #how-1", "on the regulator's page")
    thea.on("button:text-is('It is told')")
    assert thea.clicks <= CLICKS_MAX
    thea.on("main a:text-is('What the letters say')")
    for one in thea.page.query_selector_all("[name^='blank:']"):
        one.fill("It is written here.")
    thea.on("main button:text-is('Keep')")
    report = thea.reads("section:has(h2:has-text('Report')) button:text-is('Save as a PDF')")
    assert "Notification of a personal data breach" in report
    assert NEEDLE not in report
    thea.on("main a:text-is('The incident')", "main a:text-is('Find out whom')")
    thea.tick("input[name=by][value=stolen]")
    thea.fills(keys="boot", since="2026-03-02T09:00", until="2026-03-02T09:30")
    thea.on("button:text-is('Look there')")
    listed = thea.page.inner_text("tbody")
    assert "Ada Invented" in listed
    assert "Otto Invented" in listed
    thea.on("button:text-is('Give each a notice')")
    for name in ("Ada Invented", "Otto Invented"):
        thea.on(f"main li >> text={name}")
        thea.tick("input[name=way][value=in_person]")
        letter = thea.reads("button:text-is('Save as a PDF first')")
        assert NEEDLE not in letter
        assert "name and contact" in letter
        thea.on("button:text-is('It has gone')")
        assert "kept in the record" in thea.said
    thea.on("main >> text=A laptop is gone from a car")
    thea.fills(result="Laptops hold nothing from now on")
    thea.on("button:text-is('Settle it')")
    thea.menu("Register of incidents")
    for part in ("A laptop is gone from a car", "2 clients", "on the regulator's page", "settled"):
        assert part in thea.text
    assert tess.window.heard == thea.window.heard == []
    own = own_list(chromium, london, "Ada Invented")
    assert "found that this record may be concerned by an incident" in own
    assert "did what was owed: tell the client of an incident" in own


def test_nothing_stands_in_anybody_s_way(chromium, site):
    thea = site.in_session("Thea")
    at = reported(site)
    for behind, said in LISTED:
        thea.post(f"{at}{behind}", said)
    thea.post(f"{at}/notices", {})
    duty = re.search(r"/incident-notices/[0-9a-f]{32}", thea.get(f"{at}/notices").text)[0]
    window = browsing(chromium, site)
    cookies = [{"name": one, "value": v, "url": site.origin} for one, v in thea.cookies.items()]
    window.context.add_cookies(cookies)
    pages = ("/incidents", "/incidents/new", at, "/incidents/register", duty)
    parts = (f"{at}/{one}" for one in ("where", "list", "letters", "notices"))
    for path in (*pages, *parts):
        assert window.to(path) == 200, path
        assert barriers(window.page) == [], path
        assert too_wide(window.page) == [], path


def test_a_colleague_who_is_neither_of_the_two_finds_nothing(site):
    at = reported(site)
    for name in ("Sue", "Fay", "Nina"):
        visitor = site.in_session(name)
        assert at.rpartition("/")[2] not in visitor.get("/incidents").text
        assert {visitor.get(f"{at}{one}").status for one in ("", "/where", "/list")} == {404}
        assert visitor.get("/incidents/register").status == 404
    assert site.in_session("Olaf").get(at).status == 200


def test_a_report_with_something_wrong_keeps_what_was_typed(site):
    answer = site.in_session("Tess").post(
        "/incidents", {**REPORT, "discovered": "2027-03-02T09:00"}
    )
    assert answer.status == 422
    assert REPORT["words"] in answer.text
    assert "lies ahead" in answer.text


def test_nobody_is_told_only_with_a_second_person(site):
    at, thea, tess = reported(site), site.in_session("Thea"), site.in_session("Tess")
    thea.post(f"{at}/answers", HARMLESS)
    assert thea.post(f"{at}/settled", {"result": "Nothing."}).status == 422
    thea.post(f"{at}/not-told", NONE)
    mine = {"who": "nobody", "why": "so it is", "agrees": "yes"}
    assert thea.post(f"{at}/not-told/answer", mine).status == 422
    assert "I agree that nobody is told" not in thea.get(at).text
    assert "I agree that nobody is told" in tess.get(at).text
    assert tess.post(f"{at}/not-told/answer", mine).status == 303
    assert thea.post(f"{at}/settled", {"result": "Nothing."}).to.endswith("incident-settled")


def test_the_list_is_worked_out_a_part_at_a_time_and_goes_out_as_a_file(site, monkeypatch):
    monkeypatch.setattr(breach_searches, "SLICE", 10)
    with site.practice.visit("Tess") as visit:
        for number in range(30):
            who = NewClient(name=f"Person {number} Invented", facts={"client.age": 34})
            enrol_client(visit, who, treating=site.practice.people["Tess"])
    at, thea = reported(site), site.in_session("Thea")
    step = thea.post(f"{at}/where", GONE)
    assert step.to == f"{at}/where/now"
    done, total = re.search(r"(\d+) of (\d+) lines and clients", thea.get(step.to).text).groups()
    assert int(total) - int(done) == 32 - 10
    assert thea.post(step.to, {}).to == thea.post(step.to, {}).to == step.to
    assert thea.post(step.to, {}).to.startswith(f"{at}/list")
    answer = thea.post(f"{at}/list", {})
    rows = list(csv.DictReader(io.StringIO(answer.data.decode())))
    assert len(rows) == 32
    assert answer.headers["content-disposition"].startswith("attachment")


def test_sessions_are_listed_for_the_device_that_is_lost(site):
    at, thea = reported(site), site.signed_in("Thea")
    site.signed_in("Tess").get(f"/clients/{site.prepared.clients['Ada'].hex()}")
    whose = site.practice.people["Tess"].hex()
    shown = thea.get(f"{at}/where?person={whose}").text
    [session] = re.findall(r'name="session" value="([^"]+)"', shown)
    form = {"act": "add", "by": "session", "person": whose, "session": session}
    assert thea.post(f"{at}/where", form).to.startswith(f"{at}/list")
    assert "Ada" in thea.get(f"{at}/list").text
    assert "Otto" not in thea.get(f"{at}/list").text.partition("<tbody>")[2]


def test_the_board_of_deadlines_leads_to_incidents_and_their_notices(site):
    incident, notice = given_out(site)
    board = site.in_session("Thea").get("/deadlines").text
    for path in (f"/incidents/{incident}", "/incidents", f"/incident-notices/{notice}"):
        assert f'href="{path}"' in board
    assert f'href="/incident-notices/{notice}"' in site.in_session("Tess").get("/deadlines").text


def test_a_letter_to_an_authority_and_the_register_are_files(site):
    at, thea = reported(site), site.in_session("Thea")
    shown = thea.get(f"{at}/letters").text
    assert "Report of a breach to the Department" in shown
    form = {"to": "data_protection_authority", "text": "All is said.", "address": "The office"}
    assert thea.post(f"{at}/letters/paper", form).data.startswith(b"%PDF")
    gap = thea.post(f"{at}/letters/paper", {**form, "text": "Here: [contact]"})
    assert (gap.status, "is not filled" in gap.text) == (422, True)
    assert b"A letter went to" in thea.post("/incidents/register", {"as": "list"}).data
    assert thea.post("/incidents/register", {"as": "paper"}).data.startswith(b"%PDF")


def test_the_clock_is_late_when_its_time_is_over(site):
    at = reported(site)
    site.clock.at = AT + datetime.timedelta(days=61)
    assert "late" in site.in_session("Thea").get(at).text
