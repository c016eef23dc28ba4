"""CONTRIBUTING.md: each case has its walk, and the walk is there."""

import pytest

from documents import ROOT, guards_in, is_defined, page, rows, sections

WALKS = rows(sections(page("CONTRIBUTING.md"))["The walks"], 2)[1:]


@pytest.mark.parametrize(("case", "walk"), WALKS, ids=[case for case, _ in WALKS])
def test_each_case_has_a_walk_in_a_browser(case, walk):
    [(path, name)] = guards_in(walk)
    assert is_defined(path, name), case
    [asked] = [
        one.partition(")")[0]
        for one in (ROOT / path).read_text("utf-8").split("\ndef ")
        if one.startswith(f"{name}(")
    ]
    assert {"chromium", "at"} & {one.strip() for one in asked.partition("(")[2].split(",")}


def test_all_seventeen_are_there():
    assert len({case for case, _ in WALKS}) == 17
