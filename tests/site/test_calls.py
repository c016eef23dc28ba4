"""A call for help reaches whoever is on call on a page that is open already."""

import datetime

import pytest

from angerona.practice.crisis import call_for_help
from angerona.practice.duties import calls_waiting
from angerona.web.calls import waited
from running_site import PASSWORD, running


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        yield found


def calls(site, name):
    site.practice.open(name, site.clock.at)
    with site.practice.visit(name, site.clock.at) as visit:
        call_for_help(visit, why="asked")


def count(page):
    return int(page.text.split('data-count="')[1].split('"')[0])


def test_the_number_of_calls_is_told_to_whom_they_concern_and_leaves_no_line(site):
    people = {name: site.in_session(name) for name in ("Nina", "Tess", "Theo", "Fay")}
    calls(site, "Ada")
    before = site.practice.vault.ledger.size
    told = {name: count(one.get("/calls/waiting")) for name, one in people.items()}
    assert told == {"Nina": 1, "Tess": 1, "Theo": 0, "Fay": 0}
    assert site.practice.vault.ledger.size == before
    assert "Ada" not in people["Nina"].get("/calls/waiting").text


def test_the_longest_wait_stands_first_in_words(site):
    calls(site, "Otto")
    site.clock.goes_on(minutes=12)
    calls(site, "Ada")
    site.clock.goes_on(seconds=30)
    page = site.in_session("Nina").get("/calls").text
    assert page.index("waits for 12 minutes") < page.index("waits for less than a minute")


def test_asking_again_and_again_keeps_no_session_open(site):
    nina = site.in_session("Nina")
    for _ in range(4):
        assert nina.get("/calls/waiting").status == 200
        site.clock.goes_on(minutes=4)
    assert nina.get("/calls/waiting").to.startswith("/sign-in"), (
        "nobody did anything for 16 minutes"
    )


@pytest.mark.parametrize(
    ("length", "said"),
    [
        ({"seconds": 59}, "less than a minute"),
        ({"minutes": 1}, "1 minute"),
        ({"hours": 2}, "2 hours"),
    ],
)
def test_a_wait_in_words(length, said):
    assert waited(datetime.timedelta(**length)) == said


def test_a_call_appears_on_an_open_page(chromium, site):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{site.origin}/sign-in")
    page.fill("#name", "Nina")
    page.fill("#password", PASSWORD)
    page.click("main button:has-text('Sign in')")
    page.goto(f"{site.origin}/account")
    alert = page.locator("[role=alert][data-calls]")
    assert alert.inner_text() == ""
    calls(site, "Ada")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    alert.get_by_text("See whom").wait_for()  # a function to wait for would be text to evaluate
    assert "A client waits to be reached now." in alert.inner_text()
    alert.get_by_text("See whom").click()
    assert page.locator("h1").inner_text() == "Calls for help"
    assert page.locator("[role=alert][data-calls]").inner_text() == "", "it stands on the page"
    context.close()


def test_it_counts_what_waits_and_not_what_was_done(site):
    calls(site, "Ada")
    nina = site.in_session("Nina")
    path = nina.get("/calls").text.split('<form method="post" action="/clients')[1].split('"')[0]
    assert nina.post(f"/clients{path}", {"how": "by telephone"}).to == "/calls?done=reached"
    with site.practice.visit("Nina", site.clock.at) as visit:
        assert calls_waiting(visit) == 0


def test_the_desk_passes_a_danger_on_in_two_clicks_and_is_told_to_whom(site):
    about = f"/clients/{site.prepared.clients['Ada'].hex()}"
    fay = site.in_session("Fay")
    assert f'href="{about}/heard"' in fay.get(f"{about}/people").text
    assert fay.get(f"{about}/danger").status == 404
    first = fay.get(f"{about}/heard").text
    assert "911" in first
    assert "Say neither that somebody comes here nor that nobody does" in first
    assert "<strong>Tess, Nina, Thea</strong>" in first
    sent = fay.post(f"{about}/heard", {"how": "caller"})
    assert sent.status == 303
    assert "They see that you wait" in fay.get(sent.to).text
    waits = site.in_session("Nina").get("/calls").text
    assert "Speak with Fay now, who heard of a danger from a caller" in waits
    assert f'href="{about}/danger"' in waits


def test_how_it_was_heard_is_asked_for_and_whoever_treats_has_one_tab(site):
    about = f"/clients/{site.prepared.clients['Ada'].hex()}"
    sent = site.in_session("Fay").post(f"{about}/heard", {"how": ""})
    assert sent.status == 422
    assert "from" not in sent.text.partition('role="alert"')[2].partition("</")[0].split()
    assert f'href="{about}/heard"' not in site.in_session("Tess").get(f"{about}/people").text
