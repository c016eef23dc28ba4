"""The set-up in a real browser: founded, printed, and through to the first page of the site."""

import re
from dataclasses import dataclass

import pytest

from browsing import LOADED, Browsing, barriers, too_wide
from served_process import launched, wait_until_said

PASSWORD = "a long and quiet sentence"
REQUESTS_MAX, BYTES_MAX = 3, 100_000


@dataclass
class Address:
    origin: str


def check(page):
    requests, size = page.evaluate(LOADED)
    assert (requests <= REQUESTS_MAX, size <= BYTES_MAX) == (True, True)
    assert page.title().endswith(" · Folder")
    assert barriers(page) == []
    assert too_wide(page) == []


@pytest.fixture
def window(chromium, tmp_path):
    with launched(tmp_path) as server:
        wait_until_said(server, "/begin/")
        wait_until_said(server, "\n")
        window = Browsing(
            Address(f"http://localhost:{server.port}"),
            chromium.new_context(reduced_motion="reduce"),
        )
        assert window.to("/") == 404
        check(window.page)
        window.heard.clear()
        window.to(re.search(r"/begin/[0-9a-f]{32}", server.said)[0])
        yield window
        window.context.close()


def test_a_practice_is_founded_in_a_browser(window):
    page = window.page
    assert window.path == "/set-up"
    check(page)
    for name, typed in (
        ("name", "Invented Rooms"),
        ("founder", "Thea Invented"),
        ("password", PASSWORD),
        ("repeated", "another sentence"),
        ("holders", "Thea\nNotary\nSister"),
    ):
        page.fill(f"#{name}", typed)
    page.select_option("#place", "US-CA")
    page.check("[name=roles][value=psychologist]")
    page.check("[name=roles][value=nurse]")
    page.check("[name=kit][value=shares]")
    page.fill("#needed", "2")
    page.fill("#shares", "3")
    page.click("main button")
    assert page.inner_text("[role=alert] strong") == "The same once more"
    assert page.input_value("#password") == ""
    assert page.input_value("#holders") == "Thea\nNotary\nSister"
    assert page.is_checked("[name=roles][value=nurse]")
    assert page.is_checked("[name=kit][value=shares]")
    assert page.input_value("#shares") == "3"
    check(page)
    window.heard.clear()  # that the answer was 422
    page.fill("#password", PASSWORD)
    page.fill("#repeated", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/papers")
    check(page)
    for link, file in (("Seat 3: Sister", "seat-3.pdf"), ("Share 2 of 3", "kit-share-2.pdf")):
        with page.expect_download() as found:
            page.click(f"text={link}")
        assert found.value.suggested_filename == file
    text = page.inner_text("main")
    assert "any 2 of these 3 do what the whole kit does" in text
    assert text.index("Before your first note") < text.index("When all is printed")
    assert "what you keep apart stays shut for good" in text
    assert "two of their own that open their keys" in text
    for name in ("kit", "seats", "code"):
        page.check(f"[name={name}]")
    page.click("main button", no_wait_after=True)
    page.wait_for_url("**/sign-in?done=founded", timeout=60_000)
    page.fill("#name", "Thea Invented")
    page.fill("#password", PASSWORD)
    page.click("main button:text-is('Sign in')")
    page.wait_for_url("**/account/second")
    assert "What it means to lose everything" in page.inner_text("main")
    window.to("/clients")
    assert window.path == "/account/second"
    assert window.heard == []
