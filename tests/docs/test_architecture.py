"""docs/ARCHITECTURE.md names only what exists: modules, functions, files and tests."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:rules|packs|cli|errors|words)(?:\.\w+)*)`", PAGE)))
PATHS = sorted(set(re.findall(r"`((?:tests|scripts|src|docs)/[\w./-]+)`", PAGE)))
GUARDS = sorted(set(re.findall(r"`(tests/[\w./]+\.py)::(\w+)`", PAGE)))
FLOORS = re.search(r"^`(cli > .+)`$", PAGE, flags=re.MULTILINE)[1]


def found(name):
    """The thing a dotted name under angerona stands for; raises if there is none."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing = import_module(".".join(("angerona", *parts[:end])))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            thing = getattr(thing, part)
        return thing
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize("name", NAMED)
def test_every_name_exists(name):
    assert found(name) is not None


@pytest.mark.parametrize("name", ["rules.decide.no_such", "rules.no_such.decide"])
def test_a_wrong_name_would_be_seen(name):
    with pytest.raises((AttributeError, ModuleNotFoundError)):
        found(name)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("path", "name"), GUARDS)
def test_every_guard_is_a_test(path, name):
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_is_something_to_check():
    assert len(NAMED) > 30
    assert len(GUARDS) > 12


def test_the_floors_are_those_that_are_held():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    layers = re.search(r"^layers = \[(.*?)^\]", text, flags=re.DOTALL | re.MULTILINE)[1]
    held = [re.sub(r"[()]", "", row) for row in re.findall(r'"(.+)"', layers)]
    assert held == FLOORS.split(" > ")


def test_what_is_built_is_said_and_nothing_else():
    rows = re.findall(r"^\| (`.+?`) \| .+ \| (yes|to come) \|$", PAGE, flags=re.MULTILINE)
    said = {name for names, there in rows if there == "yes" for name in re.findall(r"\w+", names)}
    package = ROOT / "src" / "angerona"
    floors = {name for row in FLOORS.split(" > ") for name in row.split(" | ")}
    there = {
        name for name in floors if (package / name).is_dir() or (package / f"{name}.py").is_file()
    }
    assert said == there


def test_it_is_about_one_page():
    assert len(PAGE.split()) < 1300
