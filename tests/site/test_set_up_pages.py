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
    page.select_option("#profession", "psychologist")
    page.click("main button")
    assert page.inner_text("[role=alert] strong") == "The same once more"
    assert page.input_value("#password") == ""
    assert page.input_value("#holders") == "Thea\nNotary\nSister"
    check(page)
    window.heard.clear()  # that the answer was 422
    page.fill("#password", PASSWORD)
    page.fill("#repeated", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/papers")
    check(page)
    with page.expect_download() as found:
        page.click("text=Seat 3: Sister")
    assert found.value.suggested_filename == "seat-3.pdf"
    for name in ("kit", "seats", "code"):
        page.check(f"[name={name}]")
    page.click("main button", no_wait_after=True)
    page.wait_for_url("**/sign-in?done=founded", timeout=60_000)
    page.fill("#name", "Thea Invented")
    page.fill("#password", PASSWORD)
    page.click("main button:text-is('Sign in')")
    page.wait_for_url("**/account/second")
    assert window.heard == []
