"""Takes the pictures in docs/pictures: the main pages of the invented practice, wide and narrow.

`make pictures` runs it. It needs what the tests need, and Debian's Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

from angerona.cli import asking
from angerona.cli.demo import DATA, folder_of_the_demo, lay_out
from angerona.cli.demo_house import ANY_PORT, HOST
from angerona.cli.entrance import opened
from angerona.cli.serving import NEAR_NAME, house_of, open_to_browsers
from angerona.practice.sample_world import PASSWORD
from angerona.site.serving import listening, origin_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PICTURES: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"
BYTES_MAX: Final = 150_000
SIZES: Final = {"wide": (1100, 800), "narrow": (360, 740)}
FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
WALKS: Final = (
    (
        "Ines Halloran",
        (
            ("clients", "/clients"),
            ("record", "{Dov Lindqvist}"),
            ("note", "{Dov Lindqvist}/notes/new?form=soap"),
            ("care", "{Dov Lindqvist}/care"),
            ("danger", "{Dov Lindqvist}/danger"),
            ("request", "/requests/new"),
            ("kept-apart", "{Amara Nwosu}/kept-apart"),
        ),
    ),
    ("Noor Eskander", (("desk", "/desk"), ("reach", "{Dov Lindqvist}/reach"))),
    (
        "Grace Tamura",
        (("who-looked", "{Benedikt Sorel}/who-looked"), ("members", "/members")),
    ),
    (
        "Hana Mori",
        (
            ("client-home", "/me"),
            ("client-record", "/me/record"),
            ("client-who-looked", "/me/who-looked"),
            ("client-check", "/me/check"),
            ("client-sharing", "/me/sharing"),
            ("client-limits", "/limits"),
        ),
    ),
)
"""Who walks, and which page is which picture; a name in braces is the record of that client."""


def main() -> int:
    """Take them all anew; 1 if a page is not there or a picture is too large."""
    program = shutil.which("chromium")
    if program is None:
        print("no browser here: install Debian's chromium", file=sys.stderr)
        return 1
    with (
        folder_of_the_demo(None) as folder,
        tempfile.TemporaryDirectory() as taken,
        sync_playwright() as started,
    ):
        lay_out(folder)
        with opened(folder / DATA) as vault:
            bound = listening(HOST, ANY_PORT)
            origin = origin_at(NEAR_NAME, bound.getsockname()[1], is_secure=False)
            house = house_of(vault, asking.loaded(None), origin, is_sample=True)
            with open_to_browsers(house, bound):
                browser = started.chromium.launch(executable_path=program, args=[*FLAGS])
                problems = list(_taken(browser, origin, Path(taken)))
                browser.close()
        for problem in problems:
            print(problem, file=sys.stderr)
        if not problems:
            shutil.rmtree(PICTURES, ignore_errors=True)
            shutil.copytree(taken, PICTURES)
    return int(bool(problems))


def _taken(browser: Browser, origin: str, folder: Path) -> Iterator[str]:
    """Take every picture into a folder; gives what went wrong."""
    page = browser.new_context().new_page()
    page.goto(f"{origin}/sign-in")
    yield from _picture(page, "sign-in", folder)
    for name, pages in WALKS:
        page = browser.new_context(reduced_motion="reduce").new_page()
        page.goto(f"{origin}/sign-in")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("main button")
        for picture, where in pages:
            answer = page.goto(origin + _address(page, origin, where))
            if answer is None or not answer.ok:
                yield f"{picture}: there is no such page"
            else:
                yield from _picture(page, picture, folder)


def _address(page: Page, origin: str, where: str) -> str:
    """The address of a page, about the client whose name stands in braces."""
    if not where.startswith("{"):
        return where
    client, _, behind = where.removeprefix("{").partition("}")
    page.goto(f"{origin}/clients")
    found = page.locator(".list a", has_text=client).get_attribute("href") or ""
    return f"{'/'.join(found.split('/')[:3])}{behind}"  # the desk is led to a page of the record


def _picture(page: Page, name: str, folder: Path) -> Iterator[str]:
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        path = folder / f"{name}-{size}.png"
        page.screenshot(path=path)
        if path.stat().st_size > BYTES_MAX:
            yield f"{path.name}: larger than {BYTES_MAX} bytes"


if __name__ == "__main__":
    sys.exit(main())
