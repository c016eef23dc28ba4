"""Tables as CSV: nothing in a cell is worked out, in any country's spreadsheet."""

import csv
import io

import pytest

from angerona.notices.csv_files import csv_of


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        *((f"{sign}x", f"'{sign}x") for sign in "=+-@\t\r"),
        (" =x", "' =x"),
        ("\n=x", "'\n'=x"),
        ("a; =x", "a;' =x"),
        ("a\n@x", "a\n'@x"),
        ("x=1", "x=1"),
        ("a; b", "a; b"),
        ("", ""),
        (7, "7"),
    ],
)
def test_no_cell_runs(cell, kept):
    [head, [found]] = csv.reader(io.StringIO(csv_of(("a",), [[cell]]).decode(), newline=""))
    assert (head, found) == (["a"], kept) if kept else found == ""


def test_cells_with_commas_and_quotes_come_back_whole():
    row = ['said "no", twice', "a,b", "two\nlines"]
    [_, found] = csv.reader(io.StringIO(csv_of("abc", [row]).decode(), newline=""))
    assert found == row
