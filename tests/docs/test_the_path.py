"""docs/THE-PATH.md walks through what exists, and every step of the gate is on it."""

import ast
import inspect
import re

import pytest

from angerona.gate.door import Door
from documents import PACKAGE, is_defined, page, sections

PAGE = page("docs/THE-PATH.md")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py): ([\w.]+)`", PAGE)))
STEPS = re.findall(r"^\d\. \*\*(.+?)\*\*", PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[": ".join(one) for one in NAMED])
def test_every_name_exists(path, name):
    assert is_defined(f"src/angerona/{path}", name)


@pytest.mark.parametrize("name", ["Door.look_away", "Gate.look", "no_such"])
def test_a_wrong_name_would_be_seen(name):
    assert not is_defined("src/angerona/gate/door.py", name)


def test_no_file_is_named_without_one_of_its_names():
    assert not re.findall(r"`(?:\w+/)+\w+\.py`", PAGE)
    assert len(NAMED) > 80


def test_the_five_steps_are_those_that_the_door_names():
    docstring = ast.get_docstring(ast.parse((PACKAGE / "gate" / "door.py").read_text("utf-8")))
    assert re.findall(r"^\d\. \*\*(.+?)\*\*", docstring, flags=re.MULTILINE) == STEPS
    assert len(STEPS) == 5


def test_every_way_through_the_door_is_on_the_path():
    ways = {name for name, one in vars(Door).items() if inspect.isfunction(one) and name[0] != "_"}
    assert ways == {name.partition(".")[2] for _, name in NAMED if name.startswith("Door.")}


@pytest.mark.parametrize("walk", ["One look", "One note kept", "One disclosure"])
def test_each_walk_says_what_is_durable_and_what_happens_when_something_fails(walk):
    text = sections(PAGE)[walk].lower()
    assert "what is durable then |" in text
    assert "when something fails" in text
