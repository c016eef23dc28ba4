"""docs/THREAT-MODEL.md: its tables are the database's, its boundaries are guarded."""

import re

import pytest

from documents import PACKAGE, ROOT, found, guards_in, is_defined, page, rows, sections

PAGE = page("docs/THREAT-MODEL.md")
PARTS = sections(PAGE)
MIGRATIONS = PACKAGE / "store" / "sql" / "migrations"
NEVER_CLEAR = {"row", "blob", "stub", "body", "sheet", "private", "usk"}
BOUNDARIES = [
    (keeper, *guards_in(guard)[0]) for _, keeper, guard in rows(PARTS["Boundaries"], 3)[1:]
]


def in_the_database(kind):
    """Table -> its columns, in the order of their making."""
    text = "\n".join(one.read_text("utf-8") for one in sorted((MIGRATIONS / kind).iterdir()))
    return {
        table: re.findall(r"^    ([a-z_]+) [A-Z]", body, flags=re.MULTILINE)
        for table, body in re.findall(
            r"CREATE TABLE (\w+) \((.+?)^\)", text, flags=re.DOTALL | re.MULTILINE
        )
    }


def on_the_page():
    """Table -> (columns in clear, sealed columns)."""
    return {
        re.match(r"`(\w+)`", table)[1]: [re.findall(r"\w+", clear), re.findall(r"\w+", sealed)]
        for table, clear, sealed, _ in rows(PARTS["What each table shows"], 4)[1:]
    }


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_the_page_names_every_column_of_every_table_and_no_other(kind):
    told = {table: clear + sealed for table, (clear, sealed) in on_the_page().items()}
    assert told == in_the_database(kind)


def test_what_is_called_sealed_is_sealed_and_nothing_sealed_is_called_clear():
    columns = in_the_database("sqlite").values()
    assert set().union(*columns) > NEVER_CLEAR, "else the list below is out of date"
    for table, (clear, sealed) in on_the_page().items():
        assert set(sealed) <= NEVER_CLEAR, table
        assert not NEVER_CLEAR.intersection(clear), table


def test_all_thirteen_attackers_are_there():
    told = [row[0] for row in rows(PARTS["Attackers and what each reads"], 7)[1:]]
    assert [int(name[1:]) for name in told if name.strip("b") == name] == list(range(1, 14))


@pytest.mark.parametrize(("keeper", "path", "name"), BOUNDARIES, ids=[b[2] for b in BOUNDARIES])
def test_every_boundary_has_its_keeper_and_its_guard(keeper, path, name):
    assert found(keeper.strip("`")) is not None
    assert is_defined(path, name)


def test_every_floor_that_holds_something_keeps_a_boundary():
    floors = {keeper.strip("`").partition(".")[0] for keeper, *_ in BOUNDARIES}
    holding = {"ciphers", "store", "ledger", "sealed", "notices", "gate", "practice"}
    assert floors == holding | {"site", "web"}
    assert len(BOUNDARIES) > 35


def test_what_the_linter_is_said_to_hold_it_holds():
    contracts = (ROOT / "pyproject.toml").read_text("utf-8")
    for name in ("unsealing", "databases", "ciphers-alone"):
        assert f'id = "{name}"' in contracts
