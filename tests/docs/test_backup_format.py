"""docs/BACKUP-FORMAT.md says of a backup what the code does."""

import re

import msgspec
import pytest

from angerona.ciphers.encoding import packed
from angerona.practice.backup_files import CHECKS, FORM, Manifest, framed
from angerona.practice.backups import CONTENT_TABLES, KEYSET_DAYS_MAX, KEYSET_TABLES
from documents import ROOT, page, rows, sections

PAGE = page("docs/BACKUP-FORMAT.md")
PARTS = sections(PAGE)


def test_the_tables_of_each_set_are_those_of_the_code():
    told = {row[0]: tuple(row[1].split(", ")) for row in rows(PARTS["Two sets"], 2)}
    assert told["content"] == CONTENT_TABLES
    assert told["keyset"] == KEYSET_TABLES


def test_the_manifest_has_the_keys_that_are_told():
    told = [row[0].strip("`") for row in rows(PARTS["Manifest"], 2)[1:]]
    assert sorted(told) == sorted(one.name for one in msgspec.structs.fields(Manifest))
    assert FORM in PAGE


def test_every_check_is_told_in_its_order():
    told = {row[0].strip("`"): row[1] for row in rows(PARTS["The checks of a restore"], 2)[1:]}
    assert list(told.items()) == list(CHECKS.items())


def test_the_row_shown_is_the_row_written():
    shown = re.search(r"is `(00000009[ 0-9a-f]+)`", PAGE)[1]
    assert bytes.fromhex(shown) == framed((bytes(2), 7, "a", None))


def test_the_info_of_a_seat_s_identity_is_as_told():
    assert packed("angerona/seat-age/v1") == bytes.fromhex("0014") + b"angerona/seat-age/v1"


@pytest.mark.parametrize("name", ["docs/OPERATING.md", "docs/adr/0013-backups-in-two-sets.md"])
def test_the_days_of_a_keyset_are_told(name):
    assert f"{KEYSET_DAYS_MAX} days" in (ROOT / name).read_text("utf-8")
