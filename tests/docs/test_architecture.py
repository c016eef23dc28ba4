"""docs/ARCHITECTURE.md names what exists, and leaves no file out."""

import re

import pytest

from documents import PACKAGE, ROOT, found, guards_in, is_defined, page, paths_in, rows, sections

PAGE = page("docs/ARCHITECTURE.md")
FLOORS = re.search(r"^`(cli > .+)`$", PAGE, flags=re.MULTILINE)[1]
NAMES = [name for row in FLOORS.split(" > ") for name in row.split(" | ")]
NAMED = sorted(set(re.findall(rf"`((?:{'|'.join(NAMES)})(?:\.(?!py`)\w+)+)`", PAGE)))
GUARDS = guards_in(PAGE)
FILES = sections(sections(PAGE)["The files, floor by floor"], "###")
WORDS_MAX = 620
"""About a page, set small; tables count as their words."""


@pytest.mark.parametrize("name", NAMED)
def test_every_name_exists(name):
    assert found(name) is not None


@pytest.mark.parametrize("name", ["rules.decide.no_such", "rules.no_such.decide"])
def test_a_wrong_name_would_be_seen(name):
    with pytest.raises((AttributeError, ModuleNotFoundError)):
        found(name)


@pytest.mark.parametrize("path", paths_in(PAGE))
def test_every_path_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize(("path", "name"), GUARDS)
def test_every_guard_is_a_test(path, name):
    assert is_defined(path, name)


def test_there_is_something_to_check():
    assert len(NAMED) > 45
    assert len(GUARDS) > 12


def test_the_floors_are_those_that_are_held():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    layers = re.search(r"^layers = \[(.*?)^\]", text, flags=re.DOTALL | re.MULTILINE)[1]
    held = [re.sub(r"[()]", "", row) for row in re.findall(r'"(.+)"', layers)]
    assert held == FLOORS.split(" > ")


def test_what_is_built_is_said_and_nothing_else():
    told = re.findall(r"^\| (`.+?`) \| .+ \| (yes|to come) \|$", PAGE, flags=re.MULTILINE)
    said = {name for names, there in told if there == "yes" for name in re.findall(r"\w+", names)}
    there = {
        name for name in NAMES if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()
    }
    assert said == there


FLOOR_OF = {heading: re.match(r"`(\w+)`", heading)[1] for heading in FILES}
"""Of a table, the floor; a large one has several, each with what it is about behind a colon."""


def listed(floor):
    """The files that the page lists for a floor."""
    tables = [FILES[heading] for heading, name in FLOOR_OF.items() if name == floor]
    return [
        name
        for table in tables
        for names, _ in rows(table, 2)
        for name in re.findall(r"`(.+?)`", names)
    ]


def test_every_floor_of_files_has_its_table():
    assert {name for name in NAMES if (PACKAGE / name).is_dir()} == set(FLOOR_OF.values())
    assert all(re.fullmatch(r"`\w+`(: [a-z ,]+)?", heading) for heading in FILES)


@pytest.mark.parametrize("floor", sorted(set(FLOOR_OF.values())))
def test_every_file_is_listed_once_and_no_other(floor):
    folder = PACKAGE / floor
    there = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if path.name != "__init__.py"
    )
    assert sorted(listed(floor)) == there


@pytest.mark.parametrize("heading", sections(PAGE))
def test_each_part_is_about_one_page(heading):
    if heading != "The files, floor by floor":
        assert len(sections(PAGE)[heading].split()) < WORDS_MAX


@pytest.mark.parametrize("floor", FILES)
def test_the_files_of_a_floor_fill_at_most_half_a_page(floor):
    assert len(FILES[floor].split()) < WORDS_MAX // 2
