"""Away from the desk: a page locks itself, and what was typed is not lost."""

import pytest

from browsing import browsing
from running_site import PASSWORD, running

WORDS = "a long thought that nobody should lose"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("locking") / "practice") as found:
        yield found


def test_a_page_that_nobody_touches_locks_itself_and_keeps_the_draft(chromium, site):
    window = browsing(chromium, site, "Tess")
    page, client = window.page, site.prepared.clients["Ada"].hex()
    page.clock.install()
    window.to(f"/clients/{client}/notes/new")
    page.locator("textarea").first.fill(WORDS)
    page.clock.run_for(30_000)
    page.wait_for_selector("text=Draft saved")
    assert "/notes/new" in page.url, "not while somebody is at work"
    with page.expect_navigation(url="**/sign-in?done=locked*"):
        page.clock.run_for(15 * 60 * 1000)
    assert "Sign in to go on" in page.inner_text("main")
    page.fill("#name", "Tess")
    page.fill("#password", PASSWORD)
    with page.expect_navigation(url=f"**/clients/{client}/notes/new"):
        page.click("main button:has-text('Sign in')")
    assert "Unfinished" in page.inner_text("main"), "the draft is offered again"


def test_a_form_whose_session_is_over_gives_back_what_was_typed(site):
    theo, client = site.signed_in("Theo"), site.prepared.clients["Otto"].hex()
    theo.get(f"/clients/{client}/people")
    session = dict(theo.cookies)
    theo.post("/account/sessions")
    theo.cookies = session
    answer = theo.post("/hand-over", {"note": f"{WORDS} <b>", "short": "two words"})
    assert answer.status == 403
    assert f"{WORDS} &lt;b&gt;" in answer.text
    assert ">two words" not in answer.text
    assert 'name="held:short" value="two words"' in answer.text, "it comes along all the same"
    assert theo.post("/hand-over", {}).to.startswith("/sign-in"), "where nothing was typed"
