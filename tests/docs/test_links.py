"""Every link between the pages leads somewhere, headings included."""

import re

import pytest

from documents import ROOT

PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "adr").glob("*.md"))]
PAGES += [ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md"]
LINKS = sorted(
    {
        (page.relative_to(ROOT).as_posix(), link)
        for page in PAGES
        for link in re.findall(r"\]\(([^()\s]+)\)", page.read_text("utf-8"))
        if not re.match(r"[a-z]+:", link)
    }
)


def anchors(text):
    """The headings of a page as links name them."""
    found = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one).strip().lower().replace(" ", "-") for one in found}


def leads_somewhere(page, link):
    name, _, anchor = link.partition("#")
    target = (ROOT / page).parent / name if name else ROOT / page
    return target.exists() and (not anchor or anchor in anchors(target.read_text("utf-8")))


@pytest.mark.parametrize(("page", "link"), LINKS, ids=[": ".join(one) for one in LINKS])
def test_every_link_leads_somewhere(page, link):
    assert leads_somewhere(page, link)


@pytest.mark.parametrize("link", ["NO-SUCH.md", "THE-PATH.md#no-such", "#no-such"])
def test_a_wrong_link_would_be_seen(link):
    assert not leads_somewhere("docs/ARCHITECTURE.md", link)


def test_there_are_links_to_follow():
    assert len(LINKS) > 30
