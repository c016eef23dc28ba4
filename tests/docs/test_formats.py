"""docs/FORMATS.md names every domain that the code uses, and no other; and its frozen values."""

import ast
import re

import msgspec
import pytest

from angerona.ciphers.suites import Suite
from angerona.ledger import verifying
from angerona.practice import calendar, invitations, upkeep
from angerona.sealed import client_keys, event_keys, held_lines, key_holders, rows
from documents import PACKAGE, ROOT, page, sections
from documents import rows as table_rows

PAGE = page("docs/FORMATS.md")
PARTS = sections(PAGE)
DOMAIN = re.compile(r"angerona/[a-z0-9_/-]+/v\d+\Z")
KINDS = {
    one.domain: one
    for module in (
        rows,
        client_keys,
        event_keys,
        held_lines,
        key_holders,
        upkeep,
        invitations,
        calendar,
    )
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, rows.Row) and one is not rows.Row
}


SUITES = {f"angerona/{suite.name.lower()}/v1" for suite in Suite}


def domains_in_the_code():
    """Every text of the code that is a domain, docstrings left out; suites make theirs by name."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if DOMAIN.match(node.value) else set()
    return found


def test_every_domain_of_the_code_is_on_the_page_and_no_other():
    told = set(re.findall(r"angerona/[a-z0-9_/-]+/v\d+", PAGE)) - {"angerona/x/v1"}
    assert told == domains_in_the_code() | SUITES
    assert len(told) > 60


def test_the_domain_of_a_suite_serves_nothing_else():
    assert not SUITES & domains_in_the_code()


@pytest.mark.parametrize("domain", KINDS)
def test_every_kind_of_row_has_its_fields_on_the_page(domain):
    found = {row[0].strip("`"): row for row in table_rows(PARTS["The directory"], 4)}
    told = re.sub(r" \((?:[^()]|\([^()]*\))*\)", "", found[domain][3]).split(", ")
    assert told == [one.name for one in msgspec.structs.fields(KINDS[domain])]


def test_every_suite_is_on_the_page():
    found = {int(row[0].strip("`"), 16): row[1] for row in table_rows(PARTS["Suites"], 4)[1:]}
    assert set(found) == set(Suite)
    for suite in Suite:
        assert found[suite].startswith(f"`{suite.name.lower()}`")


def test_the_keys_of_a_receipt_are_those_that_are_read():
    told = [row[0].strip("`") for row in table_rows(PARTS["Ledger"], 2)[1:]]
    assert sorted(told) == sorted(verifying._EXTRA)  # noqa: SLF001 -- the very table it checks by


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:tests|ledger|notices|practice|sealed)/[\w./]+)`", PAGE)))
)
def test_every_file_is_there(path):
    assert (ROOT / path).exists() or (PACKAGE / path).exists()
