"""`angerona demo`: the invented practice in a browser, with a sign-in for each face.

It lies in a temporary folder, which is deleted at the end, and only this machine reaches it.
"""

from __future__ import annotations

import http.client
import os
import re
import sys
import urllib.parse
import webbrowser
from contextlib import closing
from functools import partial
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Final

from angerona.cli import asking
from angerona.cli.demo import DATA, folder_of_the_demo, lay_out
from angerona.cli.entrance import now, opened
from angerona.cli.output import say, say_styled
from angerona.cli.page import QUIET, Page, width_now
from angerona.cli.serving import NEAR_NAME, house_of, open_to_browsers, told_to_stop
from angerona.errors import BadInput
from angerona.practice.sample_world import PASSWORD, WEEKS
from angerona.site.logs import log_plainly
from angerona.site.proving import prove
from angerona.site.serving import listening, origin_at, wait

if TYPE_CHECKING:
    import socket

    from angerona.practice.sample_world import Sample

HOST: Final = "127.0.0.1"
ANY_PORT: Final = 0
SIGN_INS: Final = (
    ("therapist", "Ines Halloran"),
    ("therapist, supervised", "Tomas Birk"),
    ("supervisor", "Ruth Adair"),
    ("on call", "Dana Whitlock"),
    ("front desk", "Noor Eskander"),
    ("biller", "Pavel Lind"),
    ("privacy officer", "Grace Tamura"),
    ("client", "Hana Mori"),
    ("client, who has turned nothing on yet", "Lena Vargas"),
)
"""For each face somebody to sign in as."""
_TOKEN: Final = re.compile(r'name="token" value="([0-9a-f]{64})"')
_MOVES_MAX: Final = 3
_ANSWER_S: Final = 30


def open_house(keep: str | None, *, port: int, is_check: bool) -> int:
    """Build the practice and serve it until told to stop; with `is_check` try each way in and end.

    Gives 1 if somebody could not sign in, or the server ended by itself. Raises `BadInput`.
    """
    log_plainly()
    with told_to_stop(), folder_of_the_demo(keep) as folder:
        bound = _free(port)
        _say_beginning()
        began = now()
        sample = lay_out(folder)
        with opened(folder / DATA) as vault:
            packs = asking.loaded(None)
            prove(packs, vault.practice().row.packs, now())
            port = bound.getsockname()[1]
            called = origin_at(NEAR_NAME, port, is_secure=False)
            house = house_of(vault, packs, called, is_sample=True)
            with open_to_browsers(house, bound) as thread:
                took = (now() - began).total_seconds()
                tell = partial(_say, called, took, sample)
                if is_check:
                    tell()
                    return _checked(port)
                return int(not wait(thread, tell))


def _free(port: int) -> socket.socket:
    """A socket on that port, or on any where it is taken."""
    try:
        return listening(HOST, port)
    except BadInput:
        return listening(HOST, ANY_PORT)


def _say_beginning() -> None:
    page = Page()
    page.headline("A practice on Ferry Street", "bold cyan")
    page.space()
    page.paragraph("Everybody in it is invented. Building it takes a few seconds.")
    say_styled(page.lines(width_now()))


def _say(called: str, took: float, sample: Sample) -> None:
    """Say where it is and how to come in; open the browser where there is one."""
    people, clients = len(sample.people), len(sample.clients)
    page = Page()
    page.paragraph(
        f"There it is, after {took:.0f} seconds: {people} people, {clients} clients, {WEEKS} weeks "
        "of notes."
    )
    page.space()
    page.headline(called, "bold")
    page.space()
    page.paragraph("Sign in as")
    for face, name in SIGN_INS:
        page.item(face, f"{name:<16}")
    page.space()
    page.paragraph(f"The password of them all: {PASSWORD}")
    page.space()
    page.paragraph("Ctrl-C ends it, and deletes it.", style=QUIET)
    say_styled(page.lines(width_now()))
    if _has_browser():
        webbrowser.open(called)


def _has_browser() -> bool:
    """Whether somebody sits here who has a browser with windows."""
    if sys.stdout is None or not sys.stdout.isatty():
        return False
    has_windows = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(has_windows) or sys.platform in {"darwin", "win32"}


def _checked(port: int) -> int:
    """Sign in as each, and say how it went."""
    says = [(name, _first_page(port, name)) for _, name in SIGN_INS]
    for name, status in says:
        say(f"{name}: {'sees the first page' if status == http.HTTPStatus.OK else status}")
    return int(any(status != http.HTTPStatus.OK for _, status in says))


def _first_page(port: int, name: str) -> int:
    """The status of the page that somebody comes to who signs in."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=_ANSWER_S)) as connection:
        heads = {"host": f"{NEAR_NAME}:{port}", "sec-fetch-site": "same-origin"}
        connection.request("GET", "/sign-in", headers=heads)
        response = connection.getresponse()
        cookie, found = _cookie(response), _TOKEN.search(response.read().decode())
        fields = {"token": found[1] if found else "", "name": name, "password": PASSWORD}
        form = {"content-type": "application/x-www-form-urlencoded", "cookie": cookie}
        connection.request("POST", "/sign-in", urllib.parse.urlencode(fields), heads | form)
        response = connection.getresponse()
        cookie = _cookie(response)
        for _ in range(_MOVES_MAX):
            response.read()
            if response.status != http.HTTPStatus.SEE_OTHER:
                break
            to = response.getheader("location", "")
            connection.request("GET", to, headers=heads | {"cookie": cookie})
            response = connection.getresponse()
        return response.status


def _cookie(response: http.client.HTTPResponse) -> str:
    """The cookies that an answer sets, as the browser sends them back."""
    held = [SimpleCookie(said) for said in response.headers.get_all("set-cookie", [])]
    return "; ".join(
        f"{name}={one.value}" for each in held for name, one in each.items() if one.value
    )
