"""Rows of the directory tier: sealed for one place, and open nowhere else."""

import datetime
import os

import pytest

from angerona.errors import Unopenable
from angerona.sealed.rows import ClientRow, ConsentRow, Directory, TieRow

AT = datetime.datetime(2026, 3, 1, 9, 30, tzinfo=datetime.UTC)
ONE, OTHER = bytes(15) + b"\x01", bytes(15) + b"\x02"


@pytest.fixture
def directory():
    return Directory(os.urandom(32), ONE)


def test_a_row_comes_back_as_it_was(directory):
    row = ClientRow(name="Ada Invented", label=bytes(32), since=AT, facts={"client.age": 34})
    assert directory.open(ClientRow, directory.seal(row, ONE), ONE) == row


def test_a_row_opens_at_its_own_place_alone(directory):
    tie = TieRow(person_id=ONE, relation="treating", since=AT, until=None, by=ONE)
    sealed = directory.seal(tie, ONE, OTHER)
    for ids in [(OTHER, ONE), (ONE, ONE), (ONE,), ()]:
        with pytest.raises(Unopenable):
            directory.open(TieRow, sealed, *ids)


def test_a_row_opens_as_its_own_kind_alone(directory):
    consent = ConsentRow(document=b"{}", kept=AT, by=ONE)
    with pytest.raises(Unopenable):
        directory.open(TieRow, directory.seal(consent, ONE), ONE)


def test_a_row_opens_in_its_own_practice_alone():
    key = os.urandom(32)
    row = ClientRow(name="Ada Invented", label=bytes(32), since=AT)
    sealed = Directory(key, ONE).seal(row, ONE)
    with pytest.raises(Unopenable):
        Directory(key, OTHER).open(ClientRow, sealed, ONE)


def test_short_rows_cannot_be_told_apart_by_their_size(directory):
    short = ClientRow(name="Bo", label=bytes(32), since=AT)
    longer = ClientRow(name="Bartholomea Invented-Name", label=bytes(32), since=AT)
    assert len(directory.seal(short, ONE)) == len(directory.seal(longer, ONE))
