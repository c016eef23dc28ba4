"""Every page of the table in a real browser, for everybody who has it: a new one is tried too."""

import functools
import re

import pytest

from browsing import GIVEN, LOADED, NAMES, addresses, barriers, browsing, too_wide
from consenting import ended
from every_form import MAKES, World
from forms_of_rights import ready
from incident_forms import given_out
from second_readings import ask, leaving

REQUESTS_MAX, BYTES_MAX = 3, 100_000
PAGES = [pytest.param(path, name, id=f"{path} {name or 'nobody'}") for path, name in addresses()]
NEUTRAL = (" · Folder", "Clouds")
"""How titles end; the other is that of the page which the way off leads to."""
OF_THE_CODE = re.compile(r"\b(?:[a-z]+_\w+|the (?:Answer|Ask)|limit (?:harm|abuse|court))\b")
"""Words that are for programs, and that nobody is to read."""
BARE = ("/away",)
"""What shows nothing of this software."""
KEPT = re.compile(r"what there is of \w+")
"""What the invented record says."""


@pytest.fixture(scope="module")
def ids(site):
    """What stands for the ids in an address: of Ada, whom Tess treats."""
    client = site.prepared.clients["Ada"]
    tess = site.prepared.people["Tess"]
    places = site.practice.vault.places(client)
    mine = next(one for one in places if one.author_id == tess and one.wanted == "progress_note")
    stan = site.prepared.people["Stan"]
    consent, line = ended(site.practice, client)
    found = {"client": client, "entry": mine.entry_id, "person": stan}
    found |= {"consent": consent, "line": line}
    found["asked"] = ready(World(site))
    found["reading"] = ask(site.practice, client, leaving(site.practice, client), "Olaf")
    hexed = {name: one.hex() for name, one in found.items()}
    return hexed | dict(zip(("incident", "notice"), given_out(site), strict=True))


@pytest.fixture(scope="module", autouse=True)
def measured(site, ids):
    """A measure was filled in twice, so that there is something to draw."""
    tess = site.in_session("Tess")
    for answer in ("1", "2"):
        path = f"/clients/{ids['client']}/measures/{GIVEN['measure'][0]}"
        tess.get(path)
        told = tess.post(path, {f"answer-{n}": answer for n in range(1, 11)})
        assert told.status == 303


@pytest.fixture(scope="module", autouse=True)
def asked(site):
    """Everybody who could be a second reader is asked to be one."""
    ada = site.prepared.clients["Ada"]
    for reader in ("Olaf", "Sue", "Cora"):
        ask(site.practice, ada, leaving(site.practice, ada), reader)


@pytest.fixture(scope="module")
def window_of(chromium, site):
    return functools.cache(functools.partial(browsing, chromium, site))


@pytest.fixture(scope="module")
def plain_window_of(chromium, site):
    return functools.cache(functools.partial(browsing, chromium, site, java_script_enabled=False))


@pytest.fixture(scope="module")
def visitor_in(site):
    return functools.cache(lambda name: site.in_session(name) if name else site.visitor())


@pytest.fixture(scope="module")
def address(site, ids):
    """Where a page lies: by the ids of this module, or where a form of that page is sent."""
    world = World(site)
    for name in ("Tess", "Theo", "Sue", "Thea", "Bill", "Cora", "Ada", "Olaf"):
        world.visitor(name)

    @functools.cache
    def found(path):
        if path in LED_TO:
            name, to, fields = MAKES[LED_TO[path]](world)
            return world.visitors[name].post(to, fields).to.partition("?")[0]
        if path.endswith("/letters/{letter}"):
            about = found(path.removesuffix("/letters/{letter}"))
            return world.found("Tess", about, rf"({about}/letters/[\w.]+)")
        if set(NAMES.findall(path)) <= ids.keys():
            return NAMES.sub(lambda one: ids[one[1]], path)
        form = next(one for one in sorted(MAKES) if f"{one}/".startswith(f"{path}/"))
        _, to, _ = MAKES[form](world)
        return "/".join(to.split("/")[: path.count("/") + 1])

    return found


LED_TO = {
    "/dangers/{matter}": "/clients/{client}/danger",
    "/reports/{matter}": "/clients/{client}/abuse",
}
"""Pages that no form is sent from, by the form that leads there."""


@pytest.mark.parametrize(("path", "name"), PAGES)
def test_a_page_is_whole_and_open_to_everybody(window_of, address, path, name):
    window = window_of(name)
    window.heard.clear()
    status = window.to(address(path))
    page = window.page
    if status == 200:
        assert window.heard == []
    requests, size = page.evaluate(LOADED)
    assert requests <= REQUESTS_MAX
    assert size <= BYTES_MAX
    assert page.title().endswith(NEUTRAL)
    assert barriers(page) == []
    assert too_wide(page) == []
    if status == 200 and path not in BARE:
        text = window.text
        assert text.count("not legal advice") == 1, "once, and calmly"
        assert OF_THE_CODE.findall(KEPT.sub("", text)) == []


@pytest.mark.parametrize(("path", "name"), PAGES)
def test_a_page_says_the_same_without_a_script(plain_window_of, address, path, name):
    window = plain_window_of(name)
    window.to(address(path))
    assert window.page.inner_text("h1")
    forms = window.page.locator("main form")
    for number in range(forms.count()):
        form = forms.nth(number)
        assert form.locator("button, input[type=submit]").count() >= 1, "it can be sent"


@pytest.mark.parametrize("path", sorted({path for path, _ in addresses()}))
def test_a_page_is_shown_to_somebody(visitor_in, address, path):
    """So that none of these tests looks at refusals alone."""
    names = [name for one, name in addresses() if one == path]
    statuses = [visitor_in(name).get(address(path)).status for name in names]
    assert {200, 303} & set(statuses)


def test_what_is_in_the_way_is_found(window_of):
    """The finders of these tests can find something."""
    page = window_of("").page
    page.goto("about:blank")
    page.set_content(
        "<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'><p style='width:900px'>x"
    )
    assert [one.partition(":")[0] for one in barriers(page)] == ["image-alt"]
    assert [one.partition(":")[0] for one in too_wide(page)] == ["320 px", "200 %"]
    pale = "@media (prefers-color-scheme: dark) { body { color: #777; background: #555 } }"
    page.set_content(f"<html lang=en><title>x</title><style>{pale}</style><main><h1>words")
    assert [one[:20] for one in barriers(page)] == ["dark: color-contrast"]
    assert OF_THE_CODE.findall("What the Answer lets go: third_party") == [
        "the Answer",
        "third_party",
    ]
