"""docs/security/breaches.md: its counts add up, its controls are there, its tests exist."""

import re

import pytest

from documents import found, guards_in, is_defined, page, rows, sections

PAGE = page("docs/security/breaches.md")
PARTS = sections(PAGE)
CAUSES = rows(PARTS["The causes"], 5)[1:]
LINKS = rows(PARTS["One chain, link by link"], 4)[1:]
KEEPERS = sorted({row[-2].strip("`") for row in (*CAUSES, *LINKS)})
INCIDENTS = 168


def test_the_counts_of_the_causes_add_up_to_every_report():
    assert sum(int(row[1]) for row in CAUSES if row[1].isdigit()) == INCIDENTS
    for cause, count, *_ in CAUSES:
        inside = [int(one) for one in re.findall(r"\((\d+)\)", cause)]
        assert not inside or sum(inside) == int(count), cause


@pytest.mark.parametrize(("path", "name"), guards_in(PAGE), ids=str)
def test_every_test_that_shows_a_control_is_there(path, name):
    assert is_defined(path, name)


@pytest.mark.parametrize("name", KEEPERS)
def test_every_module_that_keeps_one_is_there(name):
    assert found(name) is not None


@pytest.mark.parametrize("row", [*CAUSES, *LINKS], ids=lambda row: row[0][:40])
def test_each_cause_is_answered_shown_or_said_to_be_beyond_software(row):
    answer, shown = row[-3], row[-1]
    assert guards_in(shown)
    assert (
        any(word in answer for word in ("prevents", "contains", "cannot", "to come"))
        or len(row) == 4
    )


def test_it_tells_the_licence_and_nobody_s_story():
    assert "CC BY-SA 4.0" in PAGE
    for word in ("Vastaamo", "Hospital", "Inc", "Dr.", "$"):
        assert word not in PAGE
