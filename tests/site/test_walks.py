"""Walks through the pages as people take them, and what the walks leave behind: nothing."""

import logging
import re
import urllib.parse

import pytest

from angerona.ledger.verifying import verify
from browsing import LEFT, browsing
from running_site import PASSWORD, TITLE

NOTE = "marzipan lighthouse: what nobody else may ever read"
LATER = "the ferryman's umbrella, added on the next day"
CLIENT = "Quillon Fairweather"
PHONE = "555-0199"
WORDS = ("marzipan", "lighthouse", "ferryman", "umbrella", "quillon", "fairweather", PHONE, TITLE)
"""Long enough not to stand anywhere by chance."""
TABS_MAX = 60


class Heard(logging.Handler):
    """Keeps all that anything in this process logs, as it would be printed."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.said = []

    def emit(self, record):
        self.said.append(self.format(record))


FIELDS = re.compile(r'<textarea[^>]*>.*?</textarea>|value="[^"]*"', re.DOTALL)


@pytest.fixture(scope="module", autouse=True)
def log():
    root, heard = logging.getLogger(), Heard()
    before = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    for name in ("asyncio", "uvicorn", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield heard
    root.removeHandler(heard)
    root.setLevel(before)
    for name in ("asyncio", "uvicorn", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(scope="module")
def windows(chromium, site):
    """The windows in which somebody walked, by whose they are, with every address asked for."""
    kept = {}

    def window(name, **more):
        if name not in kept:
            kept[name] = browsing(chromium, site, **more)
            kept[name].asked = []
            kept[name].page.on("request", lambda one: kept[name].asked.append(one.url))
        return kept[name]

    window.kept = kept
    return window


def walk_of_a_therapist(window, client):
    page = window.page
    window.sign_in("Tess", PASSWORD)
    assert window.path == "/clients"
    window.follow("text=New client")
    page.fill("#name", client)
    page.fill("#age", "34")
    page.fill("#phone", PHONE)
    window.follow("text=Open the record")
    assert page.inner_text("h1") == client
    window.follow("main >> text=New note")
    page.fill("#heading", "Session 1")
    page.fill("textarea >> nth=0", NOTE)
    window.follow("button:text-is('Keep')")
    assert page.inner_text("[role=status]").startswith("Kept")
    assert NOTE in page.inner_text("article")
    window.follow("text=Add to this")
    page.fill("textarea >> nth=0", LATER)
    window.follow("button:text-is('Keep')")
    assert LATER in window.text
    window.follow("text=Sign out")
    assert window.path == "/sign-in"
    page.go_back()
    assert NOTE not in window.text


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_a_therapist_opens_a_record_writes_and_adds(windows, script):
    name = "Tess" if script else "Tess, without scripts"
    client = CLIENT if script else f"{CLIENT} the Second"
    walk_of_a_therapist(windows(name, java_script_enabled=script), client)


def test_a_client_reads_sees_who_looked_and_leaves(windows):
    window = windows("Ada", accept_downloads=True)
    page = window.page
    window.sign_in("Ada", PASSWORD)
    assert window.path == "/me"
    window.follow("nav >> text=My record")
    assert "Ada and nobody else" in window.text
    window.follow("nav >> text=Who looked")
    assert "Tess" in window.text
    window.follow("text=check it yourself")
    with page.expect_download() as kept:
        page.click("main button >> nth=0")
    assert verify(kept.value.path().read_text(), key=None, since=None).lines
    assert kept.value.suggested_filename == "receipt.txt"
    page.click("button:text('Leave this page') >> nth=0")
    window.has_left()
    assert "Ada" not in window.text
    for address in ("/me/record", "/me/who-looked"):
        window.to(address)
        assert window.path == "/sign-in", "the session ended, with a script as without"


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_who_leaves_a_page_cannot_be_followed_back(chromium, site, script):
    window = browsing(chromium, site, "Otto", java_script_enabled=script)
    page = window.page
    for address in ("/me", "/me/record", "/me/who-looked"):
        window.to(address)
    assert "Theo" in window.text
    page.click("button:text('Leave this page') >> nth=0")
    window.has_left()
    page.go_back()
    page.wait_for_url("**/sign-in*")
    assert "Theo" not in window.text


def test_three_times_shift_leaves_as_well(chromium, site):
    window = browsing(chromium, site, "Otto")
    window.to("/me/who-looked")
    for _ in range(3):
        window.page.keyboard.press("Shift")
    window.has_left()
    window.to("/me/who-looked")
    assert window.path == "/sign-in"


def test_the_desk_reaches_people_and_reads_nothing(windows):
    window = windows("Fay")
    page = window.page
    window.sign_in("Fay", PASSWORD)
    page.goto(f"{window.site.origin}/clients")
    window.follow("text=Ada")
    assert window.path.endswith("/appointments")
    assert "nobody else" not in window.text
    window.follow("nav >> text=How to reach")
    assert window.path.endswith("/reach")
    assert window.page.locator("h1").inner_text() == "Ada"


def test_the_officer_sees_who_looked_and_no_note(windows):
    window = windows("Olaf")
    page = window.page
    window.sign_in("Olaf", PASSWORD)
    page.goto(f"{window.site.origin}/clients")
    window.follow("text=Ada")
    assert "nobody else" not in window.text
    assert window.to(f"{window.path}/who-looked") == 200
    assert "Tess" in page.inner_text(".lines")


def tab_to(page, wanted):
    """Go from one thing to the next by the key alone, until the focus, always seen, is there."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        seen, is_there = page.evaluate(
            """wanted => {
                const at = document.activeElement, style = getComputedStyle(at);
                const seen = at === document.body
                    || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
                return [seen, at.matches(wanted[0]) && at.textContent.includes(wanted[1])];
            }""",
            list(wanted),
        )
        assert seen, page.evaluate("document.activeElement.outerHTML")
        if is_there:
            return
    pytest.fail(f"no key leads to {wanted}")


def test_signing_in_and_a_note_by_the_keyboard_alone(windows):
    window = windows("Theo")
    page, keys = window.page, window.page.keyboard
    window.context.clear_cookies()
    window.to("/sign-in")
    tab_to(page, ("#name", ""))
    keys.type("Theo")
    tab_to(page, ("#password", ""))
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/clients")
    tab_to(page, (".list a", "Otto"))
    keys.press("Enter")
    page.wait_for_url("**/clients/*")
    tab_to(page, ("main a", "New note"))
    keys.press("Enter")
    page.wait_for_url("**/notes/new*")
    tab_to(page, ("textarea", ""))
    keys.type(NOTE)
    tab_to(page, ("button", "Keep"))
    keys.press("Enter")
    page.wait_for_url("**done=kept*")
    assert NOTE in window.text


def test_the_first_key_leads_past_the_menu(windows):
    window = windows("Theo")
    window.to("/account")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    assert window.page.evaluate("location.hash") == "#main"


def hits(text):
    """Which of the words stand in a text, however it was written into an address."""
    plain = " ".join((text, urllib.parse.unquote_plus(text))).casefold()
    return [word for word in WORDS if word.casefold() in plain]


def history(window):
    """Titles and addresses of where a window has been, as the browser keeps them."""
    talk = window.context.new_cdp_session(window.page)
    told = talk.send("Page.getNavigationHistory")["entries"]
    return " ".join(f"{one['url']} {one['title']} {one['userTypedURL']}" for one in told)


def left_by(window):
    """All that a walk left in its browser."""
    return " ".join((window.page.evaluate(LEFT), history(window), *window.asked))


# A request to open is no promise: awaited as it is, the list may be read before the database is.
OPENED = """new Promise((opened, failed) => {
    const asked = indexedDB.open('ferryman');
    asked.onsuccess = opened;
    asked.onerror = failed;
})"""


def test_what_is_left_behind_would_be_found(chromium, site):
    """The scan finds a word in each place where it looks."""
    plants = {
        "localStorage.setItem('a', 'marzipan')": "marzipan",
        "sessionStorage.setItem('lighthouse', '')": "lighthouse",
        OPENED: "ferryman",
        "caches.open('umbrella')": "umbrella",
        "history.pushState({}, '', '?q=Quillon+X')": "quillon",
        "document.title = 'Fairweather'": "fairweather",
        "document.cookie = 'a=555-0199'": PHONE,
        "name = 'Quiet Rooms'": TITLE,
    }
    window = browsing(chromium, site)
    window.asked = []
    window.to("/sign-in")
    for plant, word in plants.items():
        window.page.evaluate(f"async () => {{ await ({plant}) }}")
        assert word in hits(left_by(window)), plant


WALKS = ("Tess", "Ada", "Fay", "Olaf", "Theo")


@pytest.fixture(scope="module")
def walked(windows):
    """The windows after the walks; each is taken here where its own test did not run."""
    walks = (
        ("Tess", lambda: test_a_therapist_opens_a_record_writes_and_adds(windows, script=True)),
        ("Ada", lambda: test_a_client_reads_sees_who_looked_and_leaves(windows)),
        ("Fay", lambda: test_the_desk_reaches_people_and_reads_nothing(windows)),
        ("Olaf", lambda: test_the_officer_sees_who_looked_and_no_note(windows)),
        ("Theo", lambda: test_signing_in_and_a_note_by_the_keyboard_alone(windows)),
    )
    for name, walk in walks:
        if name not in windows.kept:
            walk()
    return windows


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_leaves_no_word_in_the_browser(walked, name):
    assert hits(left_by(walked(name))) == []


@pytest.mark.usefixtures("walked")
def test_a_walk_leaves_no_word_in_the_server_s_log(log):
    logging.getLogger("a library").warning("Quillon")
    assert hits("\n".join(log.said)) == ["quillon"], "and this one would be found"


ASKED = urllib.parse.quote("marzipan lighthouse")


@pytest.mark.parametrize(
    "path",
    [
        f"/{ASKED}",
        f"/clients/{ASKED}",
        f"/clients/{'00' * 16}/notes/{ASKED}",
        f"/sign-in?name={ASKED}&done={ASKED}",
        f"/static/{ASKED}",
    ],
)
def test_no_page_says_again_what_was_asked_for(site, path):
    visitor = site.in_session("Tess")
    assert hits(visitor.get(path).text.replace(TITLE, "")) == []


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/clients/new", {"token": "0" * 64, "name": CLIENT}, 403),
        ("/nothing", {"name": CLIENT}, 404),
        (f"/clients/{'00' * 16}/notes/new", {"text": NOTE, "heading": CLIENT}, 404),
        ("/clients/new", {"name": f"{CLIENT}\0"}, 422),
    ],
)
def test_no_error_says_again_what_was_typed(site, log, path, fields, status):
    """But in fields, for whoever typed it to go on with."""
    visitor = site.in_session("Tess")
    visitor.get("/clients/new")
    told = visitor.post(path, fields, token=fields.get("token"))
    assert told.status == status
    said = FIELDS.sub("", told.text.replace(TITLE, ""))
    assert hits(said) == []
    assert hits("\n".join(log.said[-20:])) in ([], ["quillon"])
