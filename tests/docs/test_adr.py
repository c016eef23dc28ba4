"""The records of decisions are numbered from 1 on, each once, and named by their number."""

import re

from documents import ROOT

FOUND = sorted((ROOT / "docs" / "adr").glob("*.md"))


def test_each_number_is_given_once():
    assert [int(one.name[:4]) for one in FOUND] == list(range(1, len(FOUND) + 1))


def test_each_is_titled_by_its_number():
    for one in FOUND:
        first = one.read_text(encoding="utf-8").partition("\n")[0]
        assert re.match(rf"# 0*{int(one.name[:4])}\. \S", first), one.name
