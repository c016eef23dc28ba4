"""The ledger's tests run on both databases, where a database is what they are about."""

from types import SimpleNamespace

import pytest

from angerona.ledger.lines import ENTRIES, KEYS, Line
from angerona.store import open_store
from databases import address, postgres_server, store
from ledgers import AT, DAY, enrolled, look, opened, size_of, write

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


@pytest.fixture(scope="session")
def case(tmp_path_factory):
    """Receipts of a client, early and late, of another one, and of one without lines."""
    store = open_store(f"sqlite://{tmp_path_factory.mktemp('receipts')}/practice/angerona.db")
    ledger = opened(store)
    client, other, silent = enrolled(store, ledger, 3)
    write(ledger, Line(client, "keys", {"by": "Thea"}, slot=KEYS, binding=b"k" * 32))
    write(ledger, look(client), look(other), look(client, why="<b>\x1b[31m; what: nothing"))
    early = ledger.checkpoint(AT)
    old, nobody = (ledger.receipt(one, since=None, at=AT) for one in (client, silent))
    write(ledger, *[look(other)] * 5)
    ledger.checkpoint(AT)
    quiet = ledger.receipt(client, since=size_of(early), at=AT)
    write(ledger, Line(client, "disclosure", {"to": "police"}, held_until=AT + DAY))
    write(ledger, Line(client, "kept", {"entries": 1}, slot=ENTRIES, binding=b"e" * 32))
    write(ledger, Line(client, "blank"), Line(other, "blank"))
    write(ledger, look(client))
    ledger.checkpoint(AT)
    found = SimpleNamespace(
        client=client,
        old=old,
        quiet=quiet,
        nobody=nobody,
        early=early,
        new=ledger.receipt(client, since=size_of(early), at=AT),
        other=ledger.receipt(other, since=size_of(early), at=AT),
        silent=ledger.receipt(silent, since=size_of(early), at=AT),
        key=ledger.published_keys()[0],
        label=ledger.state_of(client).label,
        head=ledger.head(),
    )
    yield found
    store.close()
