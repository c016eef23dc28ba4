"""On a small screen: nothing lies over a page, menus take one line, with and without a script."""

import pytest

from browsing import browsing

SMALL, WIDE = {"width": 360, "height": 640}, {"width": 1100, "height": 800}
FORMS = ("/sign-in", "/sign-in/recovery", "/help", "/limits/ask")
"""What is shown to whoever is not signed in."""
OWN = ("/me", "/me/record", "/me/messages", "/me/reach", "/me/choices", "/account")
COVERED = """() => {
    const over = document.querySelector('.way-off').getBoundingClientRect();
    const named = 'a, button, input, select, textarea, label, summary, h1, p';
    return [...document.querySelectorAll(named)]
        .filter(one => !one.closest('.way-off') && !one.matches('.skip, [type=hidden], .unseen'))
        .filter(one => {
            const at = one.getBoundingClientRect();
            return at.width && at.top < over.bottom && at.bottom > over.top
                && at.left < over.right && at.right > over.left;
        })
        .map(one => one.outerHTML.slice(0, 80));
}"""
HIDDEN = """one => {
    const over = document.querySelector('.way-off').getBoundingClientRect();
    const at = one.getBoundingClientRect();
    return at.top < over.bottom && at.bottom > over.top;
}"""
SEEN = "all => all.filter(one => one.checkVisibility()).map(one => one.pathname)"
FIELDS = "main :is(input:not([type=hidden]), select, textarea, button, a)"


@pytest.fixture(scope="module", params=[True, False], ids=["with scripts", "without"])
def window_of(request, chromium, site):
    held = {}

    def window(name):
        if name not in held:
            held[name] = browsing(chromium, site, name, java_script_enabled=request.param)
        return held[name]

    yield window
    for one in held.values():
        one.context.close()


def small(window, path):
    status = window.to(path)
    assert status == 200
    window.page.set_viewport_size(SMALL)
    return window.page


@pytest.mark.parametrize(
    ("path", "name"), [*((one, "") for one in FORMS), *((one, "Ada") for one in OWN)]
)
def test_the_way_off_lies_over_nothing(window_of, path, name):
    page = small(window_of(name), path)
    assert page.locator(".way-off button").is_visible()
    assert page.evaluate(COVERED) == []
    fields = page.locator(FIELDS).all()
    for field in [*fields, *reversed(fields)]:
        field.focus()
        assert not field.evaluate(HIDDEN), "what is typed into is seen"
    assert page.locator(".way-off button").is_visible(), "and it comes along"
    assert page.locator(".way-off").bounding_box()["y"] == 0


@pytest.mark.parametrize(
    ("name", "menu", "link"),
    [
        ("Ada", "Pages", "Who looked"),
        ("Tess", "Pages", "Calendar"),
        ("Tess", "This client", "How to reach"),
    ],
)
def test_a_menu_takes_one_line_until_it_is_opened(window_of, site, name, menu, link):
    window = window_of(name)
    path = "/me" if name == "Ada" else f"/clients/{site.prepared.clients['Ada'].hex()}"
    page = small(window, path)
    nav = page.get_by_role("navigation", name=menu)
    found, opener = nav.get_by_role("link", name=link), nav.locator(".menu > summary")
    assert nav.bounding_box()["height"] < 60
    assert not found.is_visible()
    opener.focus()
    page.keyboard.press("Enter")
    assert found.is_visible()
    assert all(one.bounding_box()["height"] >= 24 for one in nav.get_by_role("link").all())
    with page.expect_navigation():
        found.click()
    page.set_viewport_size(WIDE)
    assert not opener.is_visible()
    assert found.is_visible(), "and where there is room it stands open"


def test_the_line_of_a_client_s_menu_says_where_one_is(window_of, site):
    path = f"/clients/{site.prepared.clients['Ada'].hex()}"
    for behind, says in (("", "Record"), ("/care", "Care"), ("/people", "People")):
        page = small(window_of("Tess"), path + behind)
        nav = page.get_by_role("navigation", name="This client")
        assert nav.locator("summary").inner_text() == says


def test_what_stands_behind_a_word_covers_nothing(window_of):
    window = window_of("Thea")
    assert window.to("/deadlines") == 200
    page = window.page
    for width in (1100, 700):
        page.set_viewport_size({"width": width, "height": 800})
        for opener in page.locator(".more > summary").all():
            opener.click()
            opened = page.locator(".more[open] > ul").bounding_box()
            assert opened["y"] + opened["height"] <= page.locator("h1").bounding_box()["y"]
            assert opened["y"] >= opener.bounding_box()["y"] + opener.bounding_box()["height"]


def test_a_request_that_came_is_one_click_from_the_calendar(window_of):
    for name in ("Fay", "Tess"):
        page = small(window_of(name), "/desk")
        with page.expect_navigation():
            page.get_by_role("link", name="A request came").click()
        assert page.url.endswith("/requests/new")


def test_danger_is_one_click_from_each_page_about_a_client(window_of, site):
    about = f"/clients/{site.prepared.clients['Ada'].hex()}"
    for behind in ("", "/care", "/messages"):
        page = small(window_of("Tess"), about + behind)
        with page.expect_navigation():
            page.get_by_role("link", name="Danger", exact=True).click()
        assert page.url.endswith(f"{about}/danger")
        numbers = page.locator("main a[href^='tel:']")
        assert numbers.first.bounding_box()["y"] < SMALL["height"], "whom to call is seen at once"


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"threat.target": "identified_person", "threat.serious": "yes"}, "Tell"),
        ({}, "Nothing leaves now"),
    ],
    ids=["somebody may be told", "nobody may be told"],
)
def test_whom_to_tell_and_to_call_is_on_the_first_screen(window_of, site, answers, says):
    page = small(window_of("Tess"), f"/clients/{site.prepared.clients['Ada'].hex()}/danger")
    for fact, value in answers.items():
        page.check(f"input[name='fact:{fact}'][value='{value}']")
    with page.expect_navigation():
        page.get_by_role("button", name="Whom may I tell?").click()
    if "/tell/" in page.url:
        with page.expect_navigation():
            page.get_by_role("link", name="Whom else").click()
    first = page.get_by_text(says).first
    for one in (page.locator("main a[href^='tel:']").first, first):
        assert one.bounding_box()["y"] < SMALL["height"]


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "wide"])
@pytest.mark.parametrize("name", ["Tess", "Thea"])
def test_each_page_of_the_menu_is_two_clicks_away(window_of, name, size):
    window = window_of(name)
    assert window.to("/deadlines") == 200
    page = window.page
    page.set_viewport_size(size)
    nav = page.get_by_role("navigation", name="Pages")
    unseen = set(nav.locator("a").evaluate_all("all => all.map(one => one.pathname)"))
    assert {"/clients", "/requests", "/rights", "/incidents", "/papers"} < unseen
    unseen -= set(nav.locator("a").evaluate_all(SEEN))
    for opener in nav.locator("summary").filter(visible=True).all():
        opener.click()
        unseen -= set(nav.locator("a").evaluate_all(SEEN))
    assert not unseen


def test_a_part_of_the_menu_says_that_one_is_in_it(window_of):
    window = window_of("Tess")
    for path, here in (("/rights", ["More"]), ("/deadlines", [])):
        assert window.to(path) == 200
        window.page.set_viewport_size(WIDE)
        assert window.page.locator(".more > summary.here").all_inner_texts() == here
        assert window.page.locator(f'.top a[aria-current][href="{path}"]').count() == 1
