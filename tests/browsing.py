"""A person in a real browser: one page, kept for all tests of a file, and what may stand on it."""

import re
import time
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe

from angerona.notices.measures import measures
from angerona.web.care_forms import READERS
from angerona.web.own_rights import ASKED_HERE
from angerona.web.table import ROUTES
from angerona.web.turn import ANYBODY, MEMBER, VISITOR

HAVE = {
    VISITOR: ("",),
    ANYBODY: ("Tess", "Ada"),
    MEMBER: ("Tess", "Fay", "Olaf"),
    "clinic": ("Tess",),
    "client": ("Ada",),
    "desk": ("Fay",),
    "officer": ("Olaf",),
}
"""Who has a face. Nobody at all has no name."""
NAMES = re.compile(r"\{(\w+)\}")
GIVEN = {"form": tuple(READERS), "measure": tuple(measures()), "right": ASKED_HERE}
"""What stands for a part of an address that is no id: each word is a page of its own."""
FILES = "/feed/"
"""Where a file is sent and no page: a calendar for other programs."""
ANSWER_MS = 15_000
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
TWICE = {"width": 640, "height": 400}
"""What a window of 1280 by 800 holds at 200 %."""


def addresses():
    """Each page that is asked for by GET, with everybody who has it, every word of it filled in."""
    for route in ROUTES:
        if route.method == "GET" and not route.path.startswith(FILES):
            for words in _worded(route.path):
                for name in HAVE[route.face]:
                    yield words, name


def _worded(path):
    paths = [path]
    for name, words in GIVEN.items():
        paths = [
            one.replace(f"{{{name}}}", word)
            for one in paths
            for word in (words if f"{{{name}}}" in one else words[:1])
        ]
    return paths


@dataclass
class Browsing:
    """Somebody's window on the site."""

    site: object
    context: object
    heard: list = field(default_factory=list)

    def __post_init__(self):
        self.page = self.context.new_page()
        self.page.set_default_timeout(ANSWER_MS)
        self.page.on("console", lambda said: self.heard.append(said.text))
        self.page.on("pageerror", lambda said: self.heard.append(str(said)))

    def to(self, path):
        """Go to a page; its status."""
        self.page.set_viewport_size(WIDE)
        return self.page.goto(self.site.origin + path).status

    def follow(self, selector):
        """Click on what leads to another page, and be there when this returns."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def sign_in(self, name, password):
        """Sign in, whoever was signed in here before."""
        self.context.clear_cookies()
        self.to("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        self.follow("main button:text-is('Sign in')")

    def has_left(self):
        """Wait until the way off has led away and the session is over.

        With a script the page asks for its end and leaves without waiting for the answer.
        """
        self.page.wait_for_url("**/away")
        ends = time.monotonic() + ANSWER_MS / 1000
        account = f"{self.site.origin}/account"
        while self.context.request.get(account, max_redirects=0).status == 200:
            assert time.monotonic() < ends, "the session goes on"
            time.sleep(0.01)

    @property
    def path(self):
        return self.page.url.removeprefix(self.site.origin).partition("?")[0]

    @property
    def text(self):
        return self.page.inner_text("body")


def browsing(chromium, site, name="", **more):
    """The window of somebody who is signed in already; of nobody, without a name."""
    context = chromium.new_context(reduced_motion="reduce", **more)
    if name:
        cookies = site.in_session(name).cookies.items()
        context.add_cookies([{"name": one, "value": v, "url": site.origin} for one, v in cookies])
    return Browsing(site, context)


def barriers(page):
    """What stands in somebody's way on a page, light and dark, as axe-core finds it."""
    page.emulate_media(color_scheme="light")
    found = _run(page, {"type": "tag", "values": list(TAGS)})
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in _run(page, {"type": "rule", "values": ["color-contrast"]})]
    page.emulate_media(color_scheme="light")
    return found


def _run(page, only):
    options = {"resultTypes": ["violations"], "runOnly": only}
    told = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in told for node in one["nodes"]]


def too_wide(page):
    """At which sizes something of a page lies beside the window: narrow, magnified, large text."""
    found = []
    for name, size, text in (
        ("320 px", NARROW, "100%"),
        ("200 %", TWICE, "100%"),
        ("large text", WIDE, "200%"),
    ):
        page.set_viewport_size(size)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            found.append(f"{name}: {page.evaluate(_WIDEST)}")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(WIDE)
    return found


_WIDEST = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.tagName + '.' + one.className + ' ' + one.textContent.trim().slice(0, 30))
    .slice(0, 5).join('; ')"""
LOADED = """() => {
    const loaded = [...performance.getEntriesByType('navigation'),
                    ...performance.getEntriesByType('resource')]
        .filter(one => !one.name.startsWith('data:'));
    return [loaded.length, loaded.reduce((sum, one) => sum + one.decodedBodySize, 0)];
}"""
"""How many requests a page took, and how many bytes they brought, unpacked."""
LEFT = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage}, document.cookie, window.name, history.state,
    await indexedDB.databases(), await caches.keys(),
    await Promise.all((await caches.keys()).map(async one =>
        (await (await caches.open(one)).keys()).map(kept => kept.url))),
    (await navigator.serviceWorker.getRegistrations()).length,
])"""
"""Everything that a page can leave in a browser, and a script can read, as text."""
