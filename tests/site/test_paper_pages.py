"""Paper from a browser: the gate, the papers that are out there, and what Print itself gives."""

import re

import pytest

from angerona.practice.paper import FOR, PAPER
from angerona.practice.watching import watch
from browsing import browsing
from prepared_practice import AT, text_of
from running_site import running


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        watch(found.practice.vault, AT)
        yield found


@pytest.fixture
def about(site):
    return f"/clients/{site.prepared.clients['Ada'].hex()}"


def owed(site):
    with site.practice.vault.store.snapshot() as reading:
        rows = reading.rows("duties.all", practice_id=site.practice.vault.practice_id)
    return len(rows)


def lines(site):
    return site.practice.vault.ledger.lines_of(site.prepared.clients["Ada"])


@pytest.mark.parametrize("path", ["/copy", "/export"])
def test_a_copy_asks_what_for_and_keeps_the_day_that_was_typed(site, about, path):
    tess = site.signed_in("Tess")
    path = path if path == "/export" else about + path
    assert tess.get(path).text.count('value="meeting"') == 1
    before = len(lines(site))
    for fields in ({}, {"for": "fun"}, {"for": "read", "until": "2020-01-01"}):
        wrong = tess.post(path, {"until": "2026-03-20", **fields})
        assert wrong.status == 422
        assert f'value="{fields.get("until", "2026-03-20")}"' in wrong.text
    copied = [one for one in lines(site)[before:] if one.body.get("what") == "copied"]
    assert (copied, owed(site)) == ([], 0)


def test_a_file_is_saved_only_after_its_purpose_and_leaves_a_paper(site, about):
    tess = site.signed_in("Tess")
    entry = re.search(r"/entries/([0-9a-f]{32})/file", tess.get(about).text)[1]
    before = len(lines(site))
    page = tess.post(f"{about}/entries/{entry}/file", {"version": "1"})
    assert "Save this file" in page.text
    assert len(lines(site)) == before, "nothing was opened"
    wrong = tess.post(f"{about}/entries/{entry}/file", {"version": "1", "for": "fun"})
    assert (wrong.status, len(lines(site))) == (422, before)
    given = {"version": "1", "for": "client", "until": "2026-03-20"}
    tess.post(f"{about}/entries/{entry}/file", given)
    assert lines(site)[-1].body["for"] == FOR["client"]
    page = tess.get("/papers").text
    assert "by 20 March 2026<" in page, "the day that was said, not the midnight after it"
    assert "destroy or file what was put on paper to hand to the client" in page.lower()
    path = re.search(r"/papers/[0-9a-f]{32}", page)[0]
    assert tess.post(path, {"end": "handed"}).to == "/papers?done=paper"
    assert "Nothing of yours is on paper" in tess.get("/papers").text
    assert lines(site)[-1].body["rule"] == PAPER


def test_all_of_ones_own_is_one_paper(site):
    site.signed_in("Tess").post("/export", {"for": "moving"})
    assert owed(site) == 1


@pytest.mark.parametrize("path", ["", "/care", "/messages", "/kept-apart", "/people", "/copy"])
def test_what_a_browser_prints_by_itself_says_nothing_of_anybody(site, chromium, about, path):
    window = browsing(chromium, site, "Tess")
    assert window.to(about + path) == 200
    assert "Ada" in window.text
    window.page.emulate_media(media="print")
    assert not window.page.locator("main").is_visible()
    assert window.page.locator(".instead").is_visible()
    assert "Tess, 2 March 2026, 09:30" in window.text
    assert "Ada" not in window.text
    assert text_of("Ada", "history")[:20] not in window.text
    window.context.close()


def test_a_page_that_names_nobody_prints_as_it_stands(site, chromium):
    window = browsing(chromium, site, "Tess")
    window.to("/account")
    window.page.emulate_media(media="print")
    assert window.page.locator("main").is_visible()
    window.context.close()


def test_a_client_prints_the_own_pages_as_they_stand(site, chromium):
    window = browsing(chromium, site, "Ada")
    window.to("/me/record")
    window.page.emulate_media(media="print")
    assert window.page.locator("main").is_visible()
    window.context.close()
