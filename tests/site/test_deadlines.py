"""The board of deadlines in a browser: what is owed, how it was done, a feed, small screens."""

import re

import pytest

from angerona.practice.exporting import copy_record
from angerona.practice.matters import Step, begin
from angerona.practice.paper import purpose_of
from angerona.web.deadlines import ELSEWHERE, MATTERS
from angerona.web.table import ROUTES
from browsing import barriers, browsing, too_wide
from owed_duties import glass

SMALL = {"width": 360, "height": 640}
GONE = "It was shredded."


@pytest.fixture(scope="module", autouse=True)
def owed(site):
    return glass(site.practice, site.prepared.clients["Ada"])


def test_the_board_says_how_long_there_is_and_who_else_can_do_it(site):
    page = site.in_session("Tess").get("/deadlines")
    assert page.status == 200
    assert "Who else can do it" in page.text
    assert "Olaf" in page.text
    assert re.search(r"today by|tomorrow by|in \d+ (working )?days?", page.text)
    assert "Ada" not in re.search(r"<title>(.*?)</title>", page.text)[1]


def test_who_has_nothing_to_do_with_it_sees_nothing_of_it(site):
    page = site.in_session("Stan").get("/deadlines").text
    assert "Nothing is owed." in page
    assert "Ada" not in page


def on_paper(site):
    """Something that is marked as done on the board itself."""
    ada = site.prepared.clients["Ada"]
    site.practice.open("Tess", site.clock.at)
    with site.practice.visit("Tess", site.clock.at) as visit:
        purpose = purpose_of("read", visit.at)
        copy_record(site.practice.door, visit, ada, purpose=purpose)


def test_a_review_is_done_at_the_officers_desk_alone(site):
    assert 'href="/oversight"' in site.in_session("Olaf").get("/deadlines").text
    page = site.in_session("Tess").get("/deadlines").text
    assert "privacy officer reviews every emergency look" in page
    assert 'name="how"' not in page


@pytest.mark.parametrize("scripts", [True, False])
def test_it_fits_a_small_screen_without_a_script_and_is_done_there(site, chromium, scripts):
    on_paper(site)
    window = browsing(chromium, site, "Olaf", java_script_enabled=scripts)
    assert window.to("/deadlines") == 200
    page = window.page
    page.set_viewport_size(SMALL)
    if scripts:
        assert barriers(page) == too_wide(page) == []
    before = page.locator("article").count()
    paper = page.locator("article").filter(has=page.locator("input[name=how]")).first
    box = paper.locator("input[name=how]")
    box.fill(GONE)
    paper.get_by_role("button", name="It is done").click()
    page.get_by_text("It is owed no more").wait_for()
    assert page.locator("article").count() == before - 1
    window.context.close()


def test_without_a_word_how_the_form_comes_back_with_what_was_typed(site):
    on_paper(site)
    visitor = site.in_session("Olaf")
    path = re.search(r'action="(/deadlines/\w{32}/\w{32})"', visitor.get("/deadlines").text)[1]
    answer = visitor.post(path, {"how": "x" * 300})
    assert answer.status == 422
    assert "x" * 300 in answer.text


def test_the_feed_is_shown_once_and_tells_nothing(site):
    glass(site.practice, site.prepared.clients["Ada"])
    visitor = site.in_session("Tess")
    visitor.get("/deadlines")
    shown = visitor.post("/deadlines/feed").text
    text = site.visitor().get(re.search(r"/feed/[0-9a-f]{64}", shown)[0]).text
    assert "SUMMARY:Something is due" in text
    assert not [one for one in ("Ada", "Tess", "review", site.called) if one in text]


def test_calls_and_matters_are_shown_and_done_on_their_own_pages(site):
    ada = site.in_session("Ada")
    ada.get("/help")
    ada.post("/me/call")
    with site.practice.visit("Tess") as visit:
        matter_id = begin(visit, "request", Step(what="took down a request", said={}))
    page = site.in_session("Olaf").get("/deadlines")
    assert page.status == 200
    assert 'href="/calls"' in page.text
    assert "Answer the request." in page.text
    assert f'href="/requests/{matter_id.hex()}"' in page.text
    assert "The practice" in page.text


def test_a_review_is_offered_to_whoever_may_do_it(site):
    glass(site.practice, site.prepared.clients["Ada"])
    forms = [
        site.in_session(name).get("/deadlines").text.count('name="how"')
        for name in ("Nina", "Olaf")
    ]
    assert forms[0] == 0
    assert forms[1] > 0


def test_every_page_that_the_board_leads_to_is_there():
    there = {route.path.split("/{")[0] for route in ROUTES if route.method == "GET"}
    assert {*MATTERS.values(), *ELSEWHERE.values()} <= there
