"""No statement walks over the rows of other clients: what it asks for stands in an index."""

import re

import apsw
import pytest

from angerona.store.migrating import migrations
from angerona.store.statements import Statements

STATEMENTS = Statements("sqlite")
FEW_ROWS = {
    "post_keys.of_person": "a practice has a handful of posts",
    "drafts.delete_of_person": "what is being written and not kept yet",
    "wraps.delete_of_recipient": "a caseload, by the index of the recipient",
}
ASKED = re.compile(r"\b(\w+) (=|<|>|<=|>=) :\w+")


def narrowed(statement):
    """How many of its conditions a statement has, and how many of them an index answers."""
    connection = apsw.Connection(":memory:")
    for step in migrations("sqlite"):
        connection.execute(step.text)
    given = dict.fromkeys(statement.parameters, b"")
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement.text}", given)]
    asked = ASKED.findall(statement.text.partition("WHERE")[2])
    return len(asked), max((len(re.findall(r"[=<>]\?", step)) for step in plan), default=0)


@pytest.mark.parametrize("name", sorted(set(STATEMENTS) - FEW_ROWS.keys()))
def test_every_condition_is_answered_by_an_index(name):
    asked, answered = narrowed(STATEMENTS[name])
    assert answered == asked


@pytest.mark.parametrize("name", FEW_ROWS)
def test_what_is_excused_still_needs_it(name):
    asked, answered = narrowed(STATEMENTS[name])
    assert 0 < answered < asked
