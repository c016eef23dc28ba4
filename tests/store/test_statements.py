"""The statements: how they are loaded, and that both databases understand every one."""

import pytest

from angerona.errors import StoreMisused
from angerona.store.migrating import migrations
from angerona.store.sqlite import open_sqlite
from angerona.store.statements import Statements, queries


def folder(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_file_holds_queries_under_headers():
    text = """-- A comment of several words.
-- first
SELECT 1

FROM t
-- second
  -- indented
SELECT 2
"""
    assert queries(text) == [("first", "SELECT 1\nFROM t"), ("second", "SELECT 2")]


def test_a_statement_before_the_first_header_is_refused():
    with pytest.raises(StoreMisused, match="begins with a header line"):
        queries("SELECT 1\n-- first\n")


def test_parameters_are_named_and_written_as_each_driver_wants_them(tmp_path):
    where = folder(tmp_path, t__sql="-- q\nSELECT a::text, 5 % 2 FROM t WHERE a = :a AND b=:b_1\n")
    ours, theirs = Statements("sqlite", where)["t.q"], Statements("postgres", where)["t.q"]
    assert ours.parameters == theirs.parameters == {"a", "b_1"}
    assert ours.text.endswith("SELECT a::text, 5 % 2 FROM t WHERE a = :a AND b=:b_1")
    assert theirs.text.endswith("SELECT a::text, 5 %% 2 FROM t WHERE a = %(a)s AND b=%(b_1)s")


def test_one_back_end_may_have_its_own_words_for_a_query(tmp_path):
    where = folder(
        tmp_path, t__sql="-- q\nSELECT 1\n-- r\nSELECT 2\n", t__postgres__sql="-- q\nSELECT 3\n"
    )
    ours, theirs = Statements("sqlite", where), Statements("postgres", where)
    assert [ours[name].text for name in ("t.q", "t.r")] == ["SELECT 1", "SELECT 2"]
    assert [theirs[name].text for name in ("t.q", "t.r")] == ["SELECT 3", "SELECT 2"]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("SELECT row FROM t", False),
        ("WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x", False),
        ("INSERT INTO t (a) VALUES (:a) RETURNING a", True),
        ("WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x", True),
        ("UPDATE t SET a = :a", True),
        ("SELECT updated, inserted FROM t", False),
    ],
)
def test_what_changes_rows_is_known(tmp_path, text, changes):
    assert (
        Statements("sqlite", folder(tmp_path, t__sql=f"-- q\n{text}\n"))["t.q"].changes is changes
    )


def test_both_databases_understand_every_statement(postgres_server, tmp_path):
    """Planned with nothing in place of each value; nothing is run."""
    import psycopg  # noqa: PLC0415 -- beside its use, as the driver is an extra

    with psycopg.connect(postgres_server.ready(), autocommit=True) as connection:
        statements = Statements("postgres")
        for name in statements:
            given = dict.fromkeys(statements[name].parameters)
            connection.execute(f"EXPLAIN {statements[name].text}", given)
    store = open_sqlite(tmp_path / "a.db")
    statements = Statements("sqlite")
    names = list(statements)
    assert len(names) > 50
    for name in names:
        given = dict.fromkeys(statements[name].parameters)
        store._connection.execute(f"EXPLAIN {statements[name].text}", given)  # noqa: SLF001 -- no other way to plan without running
    store.close()


def test_both_databases_have_the_same_tables():
    def bare(kind):
        text = "".join(step.text for step in migrations(kind))
        text = text.replace(" STRICT, WITHOUT ROWID", "").replace(" STRICT", "")
        return text.replace("BYTEA", "BLOB").replace("BIGINT", "INTEGER")

    assert bare("sqlite") == bare("postgres")
