"""The privacy officer's desk in a browser."""

import csv
import io

import pytest

from angerona.practice.caseload import met
from angerona.practice.unusual import KINDS
from angerona.practice.watching import watch
from browsing import barriers, browsing
from owed_duties import GLASS
from prepared_practice import AT
from running_site import running


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        watch(found.practice.vault, AT)
        yield found


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


def glass(site, ada, name="Nina"):
    site.practice.open(name)
    site.practice.look(name, ada, reason="he said goodbye", **GLASS)


def noticed(site, ada, name="Bill"):
    site.practice.open(name)
    with site.practice.visit(name) as visit:
        met(visit, ada)
    watch(site.practice.vault, AT)


def path_in(page, what):
    return page.text.partition(f'action="/oversight/{what}/')[2].partition('"')[0]


def test_the_desk_is_the_officers_alone(site):
    for name, status in (("Olaf", 200), ("Tess", 404), ("Fay", 404), ("Nina", 404), ("Ada", 404)):
        visitor = site.in_session(name)
        assert visitor.get("/oversight").status == status, name
        assert ("/oversight" in visitor.get("/account").text) is (status == 200), name


def test_a_review_is_done_and_what_is_wrong_with_it_keeps_what_was_typed(site, ada):
    glass(site, ada)
    olaf = site.in_session("Olaf")
    page = olaf.get("/oversight")
    assert "Nina (nurse): looked past the usual way" in page.text
    path = f"/oversight/reviews/{path_in(page, 'reviews')}"
    wrong = olaf.post(path, {"outcome": "not_in_order", "why": ""})
    assert (wrong.status, "Please look at this again" in wrong.text) == (422, True)
    long = "so " * 60
    wrong = olaf.post(path, {"outcome": "talk", "why": long})
    assert (wrong.status, long.strip() in wrong.text) == (422, True)
    done = olaf.post(path, {"outcome": "in_order", "why": "he was in danger"})
    assert done.to == "/oversight?done=reviewed"
    assert "Nothing waits for a review" in olaf.get("/oversight").text


def test_what_was_noticed_says_why_and_what_it_may_innocently_mean(site, ada):
    noticed(site, ada)
    olaf = site.in_session("Olaf")
    page = olaf.get("/oversight")
    for said in (KINDS["no_tie"].title, KINDS["no_tie"].why, KINDS["no_tie"].innocent):
        assert said in page.text
    path = f"/oversight/noticed/{path_in(page, 'noticed')}"
    assert olaf.post(path, {"outcome": "talk", "why": "ask"}).to == "/oversight?done=noticed"
    page = olaf.get("/oversight")
    path = f"/oversight/talks/{path_in(page, 'talks')}"
    assert "Speak with whoever looked" in page.text
    assert olaf.post(path, {"how": "a bill came back"}).to == "/oversight?done=talked"
    assert "To talk about" not in olaf.get("/oversight").text


def test_an_own_look_is_shown_without_a_form(site, ada):
    noticed(site, ada, "Olaf")
    page = site.in_session("Olaf").get("/oversight")
    assert "another privacy officer settles it" in page.text
    assert "/oversight/noticed/" not in page.text


def test_an_alarm_stands_on_every_page_of_the_officer_and_of_nobody_else(site, monkeypatch, ada):
    monkeypatch.setattr("angerona.practice.watching.FEWEST_RECORDS", 0)
    site.practice.open("Bill")
    with site.practice.visit("Bill") as visit:
        met(visit, ada)
    watch(site.practice.vault, AT)
    assert "An alarm waits for you" in site.in_session("Olaf").get("/account").text
    assert "alarm" not in site.in_session("Bill").get("/account").text
    page = site.in_session("Olaf").get("/oversight")
    assert "1 in an hour; up to 0 would have been as usual" in page.text


def test_the_hours_are_set_and_shown_and_what_cannot_be_is_said(site):
    olaf = site.in_session("Olaf")
    olaf.get("/oversight/rules")
    fields = {"day": ["0", "5"], "opens": "08:30", "closes": "19:00"}
    assert olaf.post("/oversight/hours", fields).to == "/oversight/rules?done=hours"
    page = olaf.get("/oversight/rules").text
    assert 'value="08:30"' in page
    assert page.count(" checked") == 2
    for wrong in ({**fields, "closes": "08:30"}, {**fields, "opens": "x"}, {**fields, "day": []}):
        assert olaf.post("/oversight/hours", wrong).status == 422


def test_the_law_in_use_names_what_bars_because_its_text_was_not_seen(site):
    page = site.in_session("Olaf").get("/oversight/rules").text
    assert page.count("as of ") == 3
    assert "whose text was not seen" in page


def test_evidence_is_a_file_that_needs_the_password_and_runs_no_formula(site, ada):
    glass(site, ada)
    olaf = site.signed_in("Olaf")
    olaf.get("/oversight/evidence")
    fields = {"since": "2026-03-01", "until": "2026-03-02", "form": "csv"}
    answer = olaf.post("/oversight/evidence", fields)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    read = list(csv.reader(io.StringIO(answer.data.decode(), newline="")))
    assert any("broken glass" in row for row in read)
    assert "Ada" not in answer.text
    wrong = olaf.post("/oversight/evidence", {**fields, "until": "2026-02-01"})
    assert (wrong.status, 'value="2026-03-01"' in wrong.text) == (422, True)
    site.clock.goes_on(minutes=10)
    answer = olaf.post("/oversight/evidence", fields)
    assert answer.headers["content-type"].startswith("text/html")


def test_those_who_treat_and_the_officer_have_a_record_watched(site, ada):
    path = f"/clients/{ada.hex()}"
    for name, may in (("Tess", True), ("Olaf", True), ("Sue", False), ("Fay", False)):
        visitor = site.in_session(name)
        assert ("Watch this record" in visitor.get(f"{path}/people").text) is may, name
        answer = visitor.post(f"{path}/watched", {"watched": "yes"})
        assert answer.status == (303 if may else 404), name
    assert site.practice.vault.authority(ada).client.watched


def test_an_officer_walks_from_an_alarm_to_evidence(site, chromium, ada, monkeypatch):
    """In the browser: the alarm, what was noticed, a review, the talk that is left, the file."""
    monkeypatch.setattr("angerona.practice.watching.FEWEST_RECORDS", 0)
    glass(site, ada)
    noticed(site, ada)
    window = browsing(chromium, site, "Olaf")
    window.to("/account")
    window.follow("text=See what was noticed")
    assert window.path == "/oversight"
    review = window.page.locator("section:has(#reviews) article").first
    review.locator("input[name=why]").fill("he was in danger")
    with window.page.expect_navigation():
        review.get_by_role("button", name="In order", exact=True).click()
    assert "Nothing waits for a review" in window.text
    count = window.page.locator("section:has(#noticed) article").count()
    assert count >= 2
    for left in range(count, 0, -1):
        first = window.page.locator("section:has(#noticed) article").first
        first.locator("input[name=why]").fill("a bill came back")
        wanted = "It needs a talk" if left == 1 else "Explained"
        with window.page.expect_navigation():
            first.get_by_role("button", name=wanted).click()
    assert "Nothing was noticed" in window.text
    window.page.locator("section:has(#talks) input[name=how]").fill("we spoke")
    window.follow("text=It is done")
    assert "To talk about" not in window.text
    window.follow("main >> text=Evidence for an audit")
    window.page.check("input[value=csv]")
    with window.page.expect_download() as given:
        window.page.get_by_role("button", name="Make it").click()
    assert given.value.suggested_filename == "evidence.csv"
    assert window.heard == []
    window.context.close()


@pytest.mark.parametrize("path", ["/oversight", "/oversight/rules", "/oversight/evidence"])
def test_nothing_on_these_pages_stands_in_anybodys_way(site, chromium, ada, path):
    glass(site, ada)
    noticed(site, ada)
    window = browsing(chromium, site, "Olaf")
    window.to(path)
    assert barriers(window.page) == []
    window.context.close()
