"""One running site for all tests of a file, and one browser for all files."""

import functools
import shutil

import pytest

from running_site import running

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
)
"""No sandbox, because tests run as root; and nothing that calls anybody on the network."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site") / "practice") as found:
        yield found


@pytest.fixture(scope="module")
def visitor_of(site):
    """Somebody signed in, once for all tests of a file: sign-ins are counted."""
    return functools.cache(site.signed_in)


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, started once. The tests talk to it through pipes alone."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no browser here: install Debian's chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=[*FLAGS])
        yield browser
        browser.close()
