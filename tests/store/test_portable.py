"""Every text of SQL stays within what PostgreSQL, Citus, CockroachDB and YugabyteDB share.

Each rule is shown able to go red.
"""

import ast
import re
from dataclasses import dataclass

import pytest

from angerona.store.statements import SQL, queries

OF_NO_PRACTICE = {"store_state"}
"""The row that says who writes: one for the whole database."""

ACROSS_PRACTICES = {"practices.all", "catalogue.columns", "catalogue.version"}
"""Asked once, when the program starts or copies whole tables."""

PUT_TOGETHER = {"copying.py"}
"""Statements about whole tables, from the plain words of the database's own catalogue."""

COMMENT = re.compile(r"--[^\n]*")
TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\s*\)", re.DOTALL)
KEY = re.compile(r"(?:PRIMARY KEY|UNIQUE|FOREIGN KEY)\s*\(([^)]*)\)|REFERENCES \w+\s*\(([^)]*)\)")
INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX \w+ ON \w+ \(([^)]*)\)")
COLUMN = re.compile(r"^\s+(\w+) ([A-Z]+)\b", re.MULTILINE)
TYPES = {"BLOB", "BYTEA", "INTEGER", "BIGINT", "TEXT"}

CLOCKS_AND_CHANCE = (
    r"\b(?:now|random|randomblob|gen_random_uuid|uuid\w*|clock_timestamp|statement_timestamp"
    r"|transaction_timestamp|timeofday|datetime|julianday|strftime|nextval)\s*\("
    r"|\bCURRENT_(?:TIME|DATE|TIMESTAMP)\b|\bLOCALTIME"
)
NOT_EVERYWHERE = (
    r"\b(?:TRIGGER|VIEW|RULE|DOMAIN|SEQUENCE|EXCLUDE|GIST|GIN|BRIN|DEFERRABLE|XML|LATERAL"
    r"|TABLESAMPLE|ROLLUP|CUBE|LISTEN|NOTIFY|UNLISTEN|AUTOINCREMENT|IDENTITY|SERIAL|BIGSERIAL"
    r"|REPLACE|PRAGMA|ATTACH)\b|\bGROUPING SETS\b|\bPREPARE TRANSACTION\b|\bLOCK TABLE\b"
    r"|\bSKIP LOCKED\b|\bINSERT OR\b|pg_\w*advisory\w*"
)
PLAIN_SET = r"\bSET\s+(?!LOCAL\b)(?:SESSION\b|\w+\.?\w*\s*(?:=|TO\b))"


@dataclass(frozen=True)
class Text:
    """One text of SQL, comments left out, and where it stands."""

    place: str
    sql: str

    @property
    def makes_tables(self):
        return self.place.startswith("migrations/")


def found(pattern):
    def complaints(text):
        yield from re.findall(pattern, text.sql, re.IGNORECASE)

    return complaints


def keys_without_practice(text):
    for name, body in TABLE.findall(text.sql):
        if name in OF_NO_PRACTICE:
            continue
        if "PRIMARY KEY (" not in body:
            yield f"{name} has no key"
        for key in KEY.findall(body):
            if not "".join(key).startswith("practice_id"):
                yield f"{name}: {key}"
    for columns in INDEX.findall(text.sql):
        if not columns.startswith("practice_id,"):
            yield columns


def strange_types(text):
    for _, body in TABLE.findall(text.sql):
        for name, kind in COLUMN.findall(body):
            if name not in {"PRIMARY", "UNIQUE", "FOREIGN", "CHECK"} and kind not in TYPES:
                yield f"{name} {kind}"


def queries_without_practice(text):
    if text.makes_tables or text.place in ACROSS_PRACTICES:
        return
    named = r"\bpractice_id = :practice_id\b|INSERT INTO \w+ \(practice_id\b"
    if not re.search(named, text.sql):
        yield text.place


def values_in_the_text(text):
    yield from re.findall(r"'[^']*'|\?|\$\d|%|\{|\}", text.sql)


def plain_sets(text):
    """`UPDATE x SET` is another word; any other SET holds for one transaction only."""
    sql = re.sub(r"\bDO UPDATE SET\b|\bUPDATE \w+\s+SET\b", "", text.sql)
    yield from re.findall(PLAIN_SET, sql, re.IGNORECASE)


def divisions(text):
    yield from re.findall(r"[\w)]\s*/\s*[\w(:]", text.sql)


def selects_in_values(text):
    yield from re.findall(r"VALUES\s*\([^;]*SELECT\b", text.sql, re.IGNORECASE)


RULES = {
    "keys begin with the practice": keys_without_practice,
    "types are bytes, numbers and texts": strange_types,
    "queries name the practice": queries_without_practice,
    "values are given by name": values_in_the_text,
    "no clock and no chance": found(CLOCKS_AND_CHANCE),
    "nothing that only some have": found(NOT_EVERYWHERE),
    "settings hold for a transaction": plain_sets,
    "no division": divisions,
    "no select among values": selects_in_values,
}

GOOD_TABLE = "CREATE TABLE t (\n    practice_id BLOB NOT NULL,\n    PRIMARY KEY (practice_id)\n);"

BAD = [
    ("keys begin with the practice", GOOD_TABLE.replace("KEY (practice_id", "KEY (client_id")),
    ("keys begin with the practice", GOOD_TABLE.replace(",\n    PRIMARY KEY (practice_id)", "")),
    ("keys begin with the practice", GOOD_TABLE.replace("\n)", ",\n    UNIQUE (client_id)\n)")),
    ("keys begin with the practice", "CREATE INDEX i ON t (client_id)"),
    ("types are bytes, numbers and texts", GOOD_TABLE.replace("BLOB", "UUID")),
    ("types are bytes, numbers and texts", GOOD_TABLE.replace("BLOB", "TIMESTAMPTZ")),
    ("queries name the practice", "SELECT row FROM clients WHERE client_id = :client_id"),
    ("queries name the practice", "DELETE FROM clients"),
    ("values are given by name", "SELECT row FROM t WHERE name = 'fees'"),
    ("values are given by name", "SELECT row FROM t WHERE name = ?"),
    ("values are given by name", "SELECT row FROM t WHERE name = $1"),
    ("values are given by name", "SELECT row FROM t WHERE name = {name}"),
    ("values are given by name", "SELECT row FROM t WHERE name = %(name)s"),
    ("no clock and no chance", "UPDATE t SET at = now()"),
    ("no clock and no chance", "SELECT CURRENT_TIMESTAMP"),
    ("no clock and no chance", "INSERT INTO t (id) VALUES (gen_random_uuid())"),
    ("no clock and no chance", "SELECT randomblob(16)"),
    ("nothing that only some have", "CREATE TRIGGER t BEFORE UPDATE ON events"),
    ("nothing that only some have", "SELECT pg_advisory_xact_lock(1)"),
    ("nothing that only some have", "SELECT pg_try_advisory_lock(1)"),
    ("nothing that only some have", "LISTEN events"),
    ("nothing that only some have", "CREATE TABLE t (seq BIGSERIAL)"),
    ("nothing that only some have", "INSERT OR REPLACE INTO t VALUES (1)"),
    ("nothing that only some have", "SELECT 1 FROM jobs FOR UPDATE SKIP LOCKED"),
    ("settings hold for a transaction", "SET app.practice = :practice_id"),
    ("settings hold for a transaction", "SET statement_timeout TO :time"),
    ("settings hold for a transaction", "SET SESSION CHARACTERISTICS AS x"),
    ("no division", "SELECT size / 2 FROM heads"),
    ("no select among values", "INSERT INTO t (a) VALUES ((SELECT max(a) FROM t))"),
]

GOOD = [
    GOOD_TABLE,
    "CREATE UNIQUE INDEX i ON t (practice_id, client_id);",
    "UPDATE t SET row = :row WHERE practice_id = :practice_id",
    """INSERT INTO t (practice_id, row) VALUES (:practice_id, :row)
    ON CONFLICT (practice_id) DO UPDATE SET row = excluded.row""",
    "SELECT row FROM t WHERE practice_id = :practice_id ORDER BY row LIMIT :most",
]


def texts():
    for kind in ("sqlite", "postgres"):
        for file in (SQL / "migrations" / kind).iterdir():
            yield Text(f"migrations/{kind}/{file.name}", _bare(file))
    for file in SQL.iterdir():
        if file.name.endswith(".sql"):
            noun = file.name.partition(".")[0]
            for name, sql in queries(file.read_text(encoding="utf-8")):
                yield Text(f"{noun}.{name}", sql)


def _bare(file):
    return COMMENT.sub("", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", RULES)
def test_every_text_is_portable(name):
    read = list(texts())
    assert len(read) > 50
    complaints = [f"{text.place}: {each}" for text in read for each in RULES[name](text)]
    assert not complaints, "\n" + "\n".join(complaints)


@pytest.mark.parametrize(("name", "sql"), BAD)
def test_each_rule_can_go_red(name, sql):
    assert list(RULES[name](Text("noun.query", sql)))


@pytest.mark.parametrize("sql", GOOD)
def test_good_sql_is_let_alone(sql):
    place = "migrations/x" if sql.startswith("CREATE") else "noun.query"
    assert not [each for rule in RULES.values() for each in rule(Text(place, sql))]


def test_statements_of_the_code_itself_are_portable_and_never_put_together(root):
    """The few texts that stand in Python: settings hold for a transaction, nothing is formatted."""
    complaints = []
    for path in sorted((root / "src" / "angerona" / "store").glob("*.py")):
        for place, sql in _sql_in(path.read_text(encoding="utf-8")):
            rules = ["settings hold for a transaction", "nothing that only some have"]
            rules += ["no clock and no chance"]
            complaints += [
                f"{path.name}:{place}: {each}"
                for name in rules
                for each in RULES[name](Text(path.name, sql))
            ]
            if sql.startswith("formatted") and path.name not in PUT_TOGETHER:
                complaints.append(f"{path.name}:{place}: {sql}")
    assert not complaints, "\n" + "\n".join(complaints)


SPEAKS_SQL = re.compile(r"\s*(?:BEGIN|SELECT|INSERT|UPDATE|DELETE|CREATE|SET|COMMIT|ROLLBACK)\b")


def _sql_in(text):
    """(line, SQL) of each string that is a statement; a formatted one says so in front."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            first = node.values[0]
            if isinstance(first, ast.Constant) and SPEAKS_SQL.match(first.value):
                yield node.lineno, f"formatted: {first.value}"
        elif isinstance(node, ast.Constant) and SPEAKS_SQL.match(str(node.value)):
            yield node.lineno, str(node.value)


def test_a_formatted_statement_in_the_code_is_seen():
    (seen,) = [sql for _, sql in _sql_in('x = f"SELECT {name}"') if sql.startswith("formatted")]
    assert seen
    assert [sql for _, sql in _sql_in('x = "SET a = 1"')] == ["SET a = 1"]
