"""The ledger's tests run on both databases, where a database is what they are about."""

import pytest

from angerona.store import open_store
from databases import address, postgres_server, store
from ledgers import opened

__all__ = ["address", "postgres_server", "store"]


@pytest.fixture
def ledger(store):
    """An empty ledger on either database."""
    return opened(store)


@pytest.fixture
def file_store(tmp_path):
    """A store of SQLite alone."""
    found = open_store(f"sqlite://{tmp_path}/practice/angerona.db")
    yield found
    found.close()
