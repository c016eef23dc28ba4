"""Whole tables go out and come in again, row by row, on either database."""

import os

import pytest

from angerona.errors import StoreConflict, StoreMisused, StoreTooNew
from angerona.store import open_store
from angerona.store.copying import ROWS_IN_ONE, Table, tables_in, version_in
from angerona.store.migrating import migrations
from angerona.store.opening import newest_version

PRACTICE = os.urandom(16)


def some(table, count, practice=PRACTICE):
    """Rows of any table: numbers where the key or name says so, else chance."""
    numbers = {"authority", "epoch", "place", "version", "class", "generation", "piece", "kind"}
    numbers |= {"level", "number", "seq", "size"}

    def value(column, row):
        if column == "practice_id":
            return practice
        if column in numbers and table.name != "map_nodes":
            return row
        return f"{row} of a text" if column in {"name", "note"} else os.urandom(16)

    return [tuple(value(column, row) for column in table.columns) for row in range(count)]


def all_of(reading, table, most, practice=PRACTICE):
    found, after = [], None
    while page := reading.page(table, practice_id=practice, after=after, most=most):
        assert len(page) <= most
        found += page
        after = page[-1]
    return found


def test_every_table_of_a_practice_is_found_with_its_columns_and_key(store):
    tables = tables_in(store)
    assert len(tables) == 27
    assert tables["wraps"] == Table(
        "wraps",
        ("practice_id", "wrap_id", "client_id", "recipient_id", "epoch", "blob"),
        ("practice_id", "wrap_id"),
    )
    assert "store_state" not in tables
    assert version_in(store) == newest_version()


def test_both_databases_name_the_same_tables_and_steps(postgres_server, tmp_path):
    ours = open_store(f"sqlite://{tmp_path}/a.db")
    theirs = open_store(postgres_server.ready())
    try:
        assert tables_in(ours) == tables_in(theirs)
    finally:
        ours.close()
        theirs.close()
    assert len(migrations("sqlite")) == len(migrations("postgres"))


def test_what_is_filled_in_comes_out_again_page_by_page(store):
    for table in tables_in(store).values():
        rows = some(table, 1 if table.key == ("practice_id",) else 2 * ROWS_IN_ONE + 1)
        put = store.write(lambda writing, table=table, rows=rows: writing.fill(table, rows))
        assert put.result() == len(rows)
        with store.snapshot() as reading:
            assert sorted(all_of(reading, table, most=7)) == sorted(rows)


def test_pages_hold_one_practice_only(store):
    table, other = tables_in(store)["clients"], os.urandom(16)
    ours, theirs = some(table, 5), some(table, 5, other)
    store.write(lambda writing: writing.fill(table, ours + theirs)).result()
    with store.snapshot() as reading:
        assert reading.count(table, practice_id=PRACTICE) == 5
        assert all_of(reading, table, most=2) == sorted(ours)
        assert all_of(reading, table, most=2, practice=other) == sorted(theirs)


def test_pages_of_one_snapshot_show_nothing_that_is_written_meanwhile(store):
    table = tables_in(store)["clients"]
    before, after = some(table, 6), some(table, 6)
    store.write(lambda writing: writing.fill(table, before)).result()
    with store.snapshot() as reading:
        first = reading.page(table, practice_id=PRACTICE, after=None, most=3)
        store.write(lambda writing: writing.fill(table, after)).result()
        rest = reading.page(table, practice_id=PRACTICE, after=first[-1], most=99)
    assert first + rest == sorted(before)


def test_a_row_that_is_there_already_undoes_the_whole_job(store):
    table = tables_in(store)["clients"]
    rows = some(table, 3)

    def twice(writing):
        writing.fill(table, rows)
        writing.fill(table, rows[:1])

    with pytest.raises(StoreConflict):
        store.write(twice).result()
    assert store.rows("clients.all", practice_id=PRACTICE) == []


def test_a_snapshot_fills_nothing(store):
    table = tables_in(store)["clients"]
    with pytest.raises(StoreMisused), store.snapshot() as reading:
        reading.fill(table, some(table, 1))


@pytest.mark.parametrize("name", ["clients; DROP TABLE x", "Clients", "", "a" * 60])
def test_only_plain_words_of_the_catalogue_are_put_into_a_statement(store, name):
    table = tables_in(store)["clients"]
    with pytest.raises(StoreMisused, match="no plain word"), store.snapshot() as reading:
        reading.page(table._replace(name=name), practice_id=PRACTICE, after=None, most=1)
    other = table._replace(columns=("practice_id", name))
    with pytest.raises(StoreMisused, match="no plain word"), store.snapshot() as reading:
        reading.page(other, practice_id=PRACTICE, after=None, most=1)


@pytest.mark.parametrize("version", [0, 1000])
def test_a_version_nobody_knows_is_refused_before_anything_is_made(tmp_path, version):
    with pytest.raises(StoreTooNew):
        open_store(f"sqlite://{tmp_path}/practice/a.db", version=version)
    assert not (tmp_path / "practice").exists()


def test_an_earlier_version_is_opened_as_it_was(tmp_path):
    open_store(f"sqlite://{tmp_path}/a.db", version=1).close()
    store = open_store(f"sqlite://{tmp_path}/a.db")
    assert version_in(store) == newest_version()
    store.close()
