"""How pages look where the system sets the colours, on paper, and in the dark."""

import pytest

from browsing import browsing

STYLE = "(one, [part, name]) => getComputedStyle(one, part).getPropertyValue(name)"


@pytest.fixture(scope="module")
def window(chromium, site):
    found = browsing(chromium, site, "Tess")
    yield found
    found.context.close()


@pytest.fixture
def page(window, site):
    """The messages of a client."""
    window.to(f"/clients/{site.prepared.clients['Ada'].hex()}/messages")
    yield window.page
    window.page.emulate_media(media="screen", color_scheme="light", forced_colors="none")


def style(found, name, part=None):
    return found.evaluate(STYLE, [part, name])


def test_where_the_system_sets_the_colours_one_sees_where_one_is(page):
    page.emulate_media(forced_colors="active")
    here = page.locator(".tabs a[aria-current]")
    others = page.locator(".tabs a:not([aria-current])").all()
    assert others
    colour = style(here, "border-bottom-color")
    assert colour not in {style(one, "border-bottom-color") for one in others}
    line = style(page.locator(".top a[aria-current]"), "text-decoration-line")
    assert line == "underline"


def test_paper_is_white_whatever_the_screen_is(page):
    seen = {}
    for scheme in ("light", "dark"):
        page.emulate_media(media="print", color_scheme=scheme)
        root = page.locator("html")
        names = ("--ground", "--ink", "--accent", "--care", "--ask-soft", "--good")
        seen[scheme] = [style(root, name) for name in names]
    assert seen["light"] == seen["dark"]
    page.emulate_media(media="screen", color_scheme="dark")
    assert style(page.locator("html"), "--accent") not in seen["light"]


def test_nothing_that_is_for_a_screen_alone_is_on_paper(window, site):
    window.to(f"/clients/{site.prepared.clients['Ada'].hex()}")
    page = window.page
    assert page.get_by_role("link", name="Add to this").first.is_visible()
    page.emulate_media(media="print")
    for one in ("nav", "button", "aside form", ".entry footer", ".way-off"):
        assert not any(found.is_visible() for found in page.locator(one).all()), one
    assert not page.locator(".entry .words").first.is_visible(), "a record is copied, not printed"
    assert page.locator(".instead").is_visible()
    page.emulate_media(media="screen")


def test_a_form_begins_with_its_heading(page):
    assert style(page.locator("form.sheet h2"), "margin-top") == "0px"
