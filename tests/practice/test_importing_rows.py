"""Rows out of a file: what is taken, what is rejected, and that reading goes on."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.errors import BadInput
from angerona.practice import importing_rows
from angerona.practice.importing_rows import Rejected, Row, read_table

NEEDLE = "hunter2"


def rows(data):
    data = data if isinstance(data, bytes) else data.encode()
    return list(read_table(io.BytesIO(data)).rows)


def taken(data):
    return [(one.line, dict(one.fields)) for one in rows(data) if isinstance(one, Row)]


def rejected(data):
    return [(one.line, one.reason) for one in rows(data) if isinstance(one, Rejected)]


def test_rows_are_read_with_the_line_each_begins_on():
    data = 'a,b\n1,"two\nlines"\n\n3,4\n'
    assert taken(data) == [(2, {"a": "1", "b": "two\nlines"}), (5, {"a": "3", "b": "4"})]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a BOM"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
def test_the_ways_programs_write_csv(start, end, delimiter):
    data = start + end.join([delimiter.join([b" A", b"b "]), delimiter.join([b"1", b"\xc3\xa9"])])
    assert taken(data) == [(2, {"a": "1", "b": "é"})]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"1,2,3", "3 fields where there are 2 columns"),
        (b"1", "1 fields where there are 2 columns"),
        (b"1,\xff", "not UTF-8 text"),
        (b"1,a\x00b", "holds a NUL character"),
        (b'1,"never closed', "its quotation marks do not fit"),
        (b'1,"closed"twice', "its quotation marks do not fit"),
    ],
)
def test_a_broken_row_costs_that_row_alone(broken, reason):
    data = b"a,b\n5,6\n" + broken + b"\n7,8\n" + b'9,"x\ny"\n'
    assert rejected(data) == [(3, reason)]
    assert [line for line, _ in taken(data)] == [2, 4, 5]


def test_a_row_of_several_lines_is_rejected_whole():
    data = b'a,b\n"one\ntwo\xff\nthree",2\n3,4\n'
    assert rejected(data) == [(2, "not UTF-8 text")]
    assert taken(data) == [(5, {"a": "3", "b": "4"})]


def test_a_line_that_is_too_long_is_passed_over(monkeypatch):
    monkeypatch.setattr(importing_rows, "ROW_BYTES_MAX", 20)
    data = "a,b\n" + "x" * 100 + "\n1,2\n" + '"' + "y\n" * 30 + '",3\n5,6\n'
    assert taken(data) == [(3, {"a": "1", "b": "2"}), (35, {"a": "5", "b": "6"})]
    assert rejected(data)[0] == (2, f"longer than {2_000_000} bytes")


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"\xff\xfea\x00,\x00", "not UTF-8 text"),
        (b"a,b,a\n1,2,3\n", "a column name stands twice"),
        (b'"a,b\n', "the line of column names cannot be read"),
        (b"a,\xff\n", "the line of column names cannot be read"),
        (b'[{"a": "b"}', "not a JSON list"),
    ],
)
def test_a_file_without_a_usable_beginning_is_refused(data, wrong):
    with pytest.raises(BadInput, match=f"^the file: {wrong}"):
        rows(data)


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(importing_rows, "FILE_BYTES_MAX", 10)
    with pytest.raises(BadInput, match="too large"):
        rows(b"a,b\n1,2\n3,4\n")
    monkeypatch.setattr(importing_rows, "FILE_BYTES_MAX", 1000)
    monkeypatch.setattr(importing_rows, "LIST_BYTES_MAX", 10)
    with pytest.raises(BadInput, match="too large for a JSON list"):
        rows(b'[{"a": "b"}, {"a": "c"}]')


def test_json_lines_and_a_json_list_say_the_same():
    objects = [{"a": "1", "b": None}, {"a": "2"}]
    lines = "\n".join(json.dumps(one) for one in objects)
    expected = [{"a": "1", "b": ""}, {"a": "2"}]
    assert [fields for _, fields in taken(lines)] == expected
    assert [fields for _, fields in taken(f" \n{json.dumps(objects)}")] == expected


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("{", "not a JSON object with each key once, in UTF-8"),
        ('["a"]', "not a JSON object with each key once, in UTF-8"),
        ('{"a": "1", "a": "2"}', "not a JSON object with each key once, in UTF-8"),
        ("[" * 100_000, "not a JSON object with each key once, in UTF-8"),
        ('{"a": 1}', "holds something other than text"),
        ('{"a": "\\u0000"}', "holds a NUL character"),
        ('{"a": "\\ud800"}', "not UTF-8 text"),
    ],
)
def test_a_broken_json_line_costs_that_line_alone(broken, reason):
    data = f'{{"a": "1"}}\n{broken}\n{{"a": "3"}}\n'
    assert rejected(data) == [(2, reason)]
    assert [line for line, _ in taken(data)] == [1, 3]


def test_nothing_of_a_row_is_repeated():
    data = f'a,b\n{NEEDLE}\n"{NEEDLE}"x,1\n{NEEDLE},{NEEDLE},{NEEDLE}\n"{NEEDLE}\n'
    assert len(rejected(data)) == 4
    assert NEEDLE not in str(rejected(data))
    assert NEEDLE not in repr(read_table(io.BytesIO(b"a\n" + NEEDLE.encode())).rows)


FIELD = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(FIELD, FIELD), max_size=8))
def test_whatever_csv_writes_is_read_again(written):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("a", "b"), *written])
    expected = [dict(zip("ab", one, strict=True)) for one in written if any(map(str.strip, one))]
    assert [fields for _, fields in taken(text.getvalue())] == expected
    assert not rejected(text.getvalue())


@given(st.binary(max_size=300))
def test_no_bytes_end_in_anything_but_rows_and_a_refusal(data):
    try:
        found = rows(b"a,b\n" + data)
    except BadInput:
        return
    assert all(isinstance(one, Row | Rejected) for one in found)
    assert [one.line for one in found] == sorted(one.line for one in found)
