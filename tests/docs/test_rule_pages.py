"""docs/rules is what the packs and the specification say today, and says it readably."""

import re
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from angerona.packs import load
from angerona.rules.compile import Packs
from spec.gathering import all_cases, tables_by_pack

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "rules"
SCRIPT = ROOT / "scripts" / "write_rule_pages.py"


@pytest.fixture(scope="module")
def packs():
    return load()


@pytest.fixture
def rule_pages(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return import_module("rule_pages")


@pytest.fixture
def made(rule_pages, packs):
    return rule_pages.pages(packs, tables_by_pack())


def test_no_page_is_stale(made):
    found = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in made.keys() | found if made.get(name) != found.get(name))
    assert not stale, f"run `python scripts/write_rule_pages.py`: {stale}"


def test_the_script_says_the_same():
    run = subprocess.run(
        [sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_changed_pack_makes_its_page_stale(rule_pages, packs, made):
    ground = packs.packs["us-ca"].grounds[0]
    changed = replace(
        packs.packs["us-ca"],
        grounds=(replace(ground, title="Another title"), *packs.packs["us-ca"].grounds[1:]),
    )
    again = rule_pages.pages(Packs({**packs.packs, "us-ca": changed}), tables_by_pack())
    assert {name for name in made if made[name] != again[name]} == {"us-ca.md"}


def test_every_rule_has_its_place(made, packs):
    """Enabled or not, with its citation and whether its text was seen."""
    for pack in packs.packs.values():
        page = made[f"{pack.id}.md"]
        for rule in (*pack.grounds, *pack.locks):
            assert f"`{rule.id}`" in page
            assert rule.cite.replace("|", "\\|") in page
            assert rule.enabled or rule.disabled_because in page
        for duty in pack.duties:
            assert duty.what.replace("|", "\\|") in page


def test_every_case_is_on_the_page_of_its_pack(made):
    for case in all_cases():
        assert f"**{case.title}** (`{case.id}`)" in made[f"{case.ask['packs'][-1]}.md"]


def test_a_page_says_calmly_once_that_it_is_not_legal_advice(made):
    for name, page in made.items():
        assert page.lower().count("not legal advice") == 1, name


def test_no_page_says_verified(made):
    """People read "text seen on"; verified would promise more than anybody did."""
    for name, page in made.items():
        prose = re.sub(r"`[^`]*`|<[^>]*>", "", page)
        assert not re.search(r"\bverified (true|false)\b|\bverified:", prose), name


def test_what_was_not_seen_is_said(made, packs):
    for pack in packs.packs.values():
        unseen = [rule for rule in (*pack.grounds, *pack.locks) if not rule.verified]
        said = made[f"{pack.id}.md"].count("text not seen: it bars and never opens")
        assert said >= len([rule for rule in unseen if rule.enabled])


def test_the_index_names_the_weak_spots(made):
    index = made["README.md"]
    assert "35 states of the United States are not loaded" in index
    for words in ("Few sources", "Subpart E", "For counsel first", "Wyoming"):
        assert words in index


@pytest.mark.parametrize(
    ("duration", "days", "words"),
    [
        ("PT0S", "calendar", "at once"),
        ("PT24H", "calendar", "24 hours"),
        ("P1D", "working", "1 working day"),
        ("P30D", "calendar", "30 days"),
        ("P1Y6M", "calendar", "1 year and 6 months"),
        ("PT36H30M", "calendar", "36 hours and 30 minutes"),
    ],
)
def test_times_are_said_in_words(rule_pages, duration, days, words):
    assert rule_pages.say.time(duration, days) == words
