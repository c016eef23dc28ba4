"""The README shows what the product prints, and counts what is there."""

import pathlib
import re
import subprocess
import sys

import pytest

from angerona.packs import load

ROOT = pathlib.Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.search(r"```console\n\$ (.*?)\n(.*?)\n```", README, re.DOTALL)


def test_the_answer_shown_is_the_answer_given():
    command = SHOWN.group(1).split()
    assert command[0] == "angerona"
    run = subprocess.run(
        [sys.executable, "-c", "from angerona.cli import main; main()", *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith(SHOWN.group(2))


def test_the_packs_counted_are_the_packs_there():
    packs = load().packs
    assert f"{len(packs)} packs" in README
    states = [name for name in packs if re.fullmatch(r"us-[a-z]{2}", name)]
    assert len(states) == 15
    assert "fifteen of its states" in README
    assert f"{50 - len(states)} US states are missing" in README


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_page_linked_is_there(link):
    assert (ROOT / link).exists()
