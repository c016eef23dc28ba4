"""Incidents in a browser: from the report to letters and register, with a clock of 72 hours."""

import contextlib
import csv
import datetime
import io
import re
from types import SimpleNamespace

import pytest

from angerona.practice.clients import NewClient, enrol_client
from angerona.site.application import Site
from angerona.site.serving import listening, origin_at, served
from angerona.web.turn import House
from browsing import barriers, browsing, too_wide
from incident_forms import GONE, HARMLESS, LISTED, NONE, REPORT, given_out
from prepared_practice import quick_passwords
from running_site import HOST, TITLE, Clock, RunningSite, running
from small_practice import AT, founded

STEPS_MAX = 12


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        yield found


@pytest.fixture(scope="module")
def london(tmp_path_factory):
    """A practice under the law of the United Kingdom, with its 72 hours."""
    with quick_passwords():
        practice = founded(tmp_path_factory.mktemp("uk") / "data", packs=("house", "uk"))
        practice.enrol("Tess", roles=("psychologist",))
    clients = {"Ada": practice.client("Ada Invented"), "Otto": practice.client("Otto Invented")}
    bound, clock = listening(HOST, 0), Clock()
    port = bound.getsockname()[1]
    origin = origin_at(HOST, port, is_secure=False)
    house = House(door=practice.door, title=TITLE, origin=origin, is_sample=True)
    store = contextlib.closing(practice.vault.store)
    with store, served(Site(house, clock).application(), bound):
        yield RunningSite(practice, SimpleNamespace(clients=clients), port, clock)


def reported(site, by="Tess"):
    return site.in_session(by).post("/incidents", REPORT).to.partition("?")[0]


def test_a_breach_with_a_clock_of_72_hours_from_the_report_to_the_register(chromium, london):
    clicks = Clicks(browsing(chromium, london, "Tess"))
    clicks.window.to("/incidents/new")
    page = clicks.window.page
    page.fill("#words", "A laptop is gone from a car")
    page.check("input[name=cause][value=device]")
    page.fill("#discovered", "2026-03-02T09:00")
    clicks.follow("main button:text-is('Report it')")
    said = clicks.window.text
    for part in (
        "UK GDPR Art 33",
        "in 3 days",
        "by 5 March 2026, 09:00",
        "not sure yet",
    ):
        assert part in said, part
    address = clicks.window.path
    officer = Clicks(browsing(chromium, london, "Thea"))
    officer.window.to(address)
    page = officer.window.page
    for fact in ("breach", "risk_likely", "high_risk"):
        page.check(f"input[name='fact:incident.{fact}'][value=yes]")
    for fact in ("unintelligible", "risk_removed"):
        page.check(f"input[name='fact:incident.{fact}'][value=no]")
    officer.follow("button:text-is('Keep what is known')")
    assert "not sure yet" not in officer.window.text
    page.fill("#how-2, #how-1", "on the regulator's page")
    officer.follow("button:text-is('It is told')")
    officer.follow("a:text-is('What the letters say')")
    for one in page.query_selector_all("[name^='blank:']"):
        one.fill("It is written here.")
    officer.follow("button:text-is('Keep')")
    officer.window.to(f"{address}/where")
    page.check("input[name=by][value=stolen]")
    page.select_option("#keys", "boot")
    page.fill("#since", "2026-03-02T09:00")
    page.fill("#until", "2026-03-02T09:30")
    officer.follow("button:text-is('Look there')")
    assert {"Ada Invented", "Otto Invented"} <= set(
        page.inner_text("tbody").replace("\t", "\n").split("\n")
    )
    officer.follow("button:text-is('Give each a notice')")
    for _ in ("Ada", "Otto"):
        officer.window.to(f"{address}/notices")
        officer.follow("main li a")
        assert "name and contact" in page.input_value("#text")
        page.check("input[name=way][value=in_person]")
        officer.follow("button:text-is('It has gone')")
    officer.window.to(address)
    page.fill("#result", "Laptops hold nothing from now on")
    officer.follow("button:text-is('Settle it')")
    officer.window.to("/incidents/register")
    for part in ("A laptop is gone from a car", "2 clients", "on the regulator's page", "settled"):
        assert part in officer.window.text
    assert clicks.count + officer.count <= STEPS_MAX
    assert clicks.window.heard == officer.window.heard == []


class Clicks:
    """A window, and how often something in it was followed."""

    def __init__(self, window):
        self.window, self.count = window, 0

    def follow(self, selector):
        self.count += 1
        self.window.follow(selector)


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


def test_the_list_is_worked_out_a_part_at_a_time_and_goes_out_as_a_file(site):
    with site.practice.visit("Tess") as visit:
        for number in range(30):
            who = NewClient(name=f"Person {number} Invented", facts={"client.age": 34})
            enrol_client(visit, who, treating=site.practice.people["Tess"])
    at, thea = reported(site), site.in_session("Thea")
    step = thea.post(f"{at}/where", GONE)
    assert step.to == f"{at}/where/now"
    assert "10 of 32" in thea.get(step.to).text
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
