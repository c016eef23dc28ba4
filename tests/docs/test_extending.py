"""docs/EXTENDING-THE-LAW.md walked from top to bottom: files written, commands run and read."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from angerona.packs import load_folder
from angerona.packs.scenarios import read_cases, run_case

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "EXTENDING-THE-LAW.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: title=(\S+))?\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
CASES_RUN = re.compile(r"(\d)/4 as expected")


def walk(folder):
    """Do what the page says, in order: each command, what the page promises, what happened."""
    (folder / "src").symlink_to(ROOT / "src")
    for kind, title, text in BLOCKS:
        if kind == "console":
            yield from run(folder, text)
        else:
            with (folder / title).open("a", encoding="utf-8") as file:
                file.write(text + "\n")


def run(folder, text):
    for command, promised in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", text, flags=re.MULTILINE):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env={"PATH": f"{Path(sys.executable).parent}:{os.defpath}", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        yield command, promised, done.stdout + done.stderr


def is_as_promised(promised, happened):
    """Line by line; `...` stands for anything."""
    pattern = re.escape(promised.rstrip()).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, happened.rstrip(), flags=re.DOTALL)


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    return list(walk(tmp_path_factory.mktemp("checkout")))


def test_every_step_does_what_the_page_says(steps):
    assert len(steps) >= 9
    for command, promised, happened in steps:
        assert is_as_promised(promised, happened), f"$ {command}\n{happened}"


def test_the_case_fails_before_the_rule_is_written(steps):
    counts = [int(found[1]) for _, _, told in steps if (found := CASES_RUN.search(told))]
    assert counts == [0, 3, 4]


def failing(folder, *blocks):
    """The cases that fail where the pack is made of these blocks, by the loader alone."""
    shutil.copytree(ROOT / "src" / "angerona" / "packs", folder / "law")
    (folder / "law" / "us-xx.toml").write_text("\n".join(blocks), encoding="utf-8")
    packs = load_folder(folder / "law")
    cases = next(text for kind, _, text in BLOCKS if kind == "json")
    found = (run_case(case, packs) for case in read_cases(json.loads(cases)))
    return [one.case.id for one in found if one is not None]


TOML = [text for kind, _, text in BLOCKS if kind == "toml"]
HEAD, FACT, GROUND, DUTIES, LOCK = TOML


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (TOML, []),
        ([HEAD, FACT, GROUND, DUTIES], ["EX-4"]),
        ([HEAD, FACT, GROUND, LOCK], ["EX-1"]),
        ([HEAD, FACT, LOCK], ["EX-1", "EX-3"]),
        ([HEAD, FACT], ["EX-1", "EX-3", "EX-4"]),
        ([HEAD], ["EX-1", "EX-2", "EX-3", "EX-4"]),
    ],
    ids=["whole", "no lock", "no duty", "no ground", "no rule", "no fact"],
)
def test_each_step_is_needed(tmp_path, blocks, expected):
    assert failing(tmp_path, *blocks) == expected


def test_the_example_is_plainly_invented():
    toml = "".join(TOML)
    assert "INVENTED" in toml
    for cite in re.findall(r'^cite = "(.*)"$', toml, flags=re.MULTILINE):
        assert cite.endswith("(invented)")
    for address in re.findall(r"https?://[^\"]+", toml):
        assert address.startswith("https://example.org/")
    assert not (ROOT / "src" / "angerona" / "packs" / "us-xx.toml").exists()
