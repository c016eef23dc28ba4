"""A store opened to be read alone: the newest rows, nothing written, the file as it was."""

import hashlib
import subprocess
import sys

import pytest

from angerona.errors import StoreFailed, StoreForeign, StoreTaken
from angerona.store import open_store, open_to_read
from angerona.store.sqlite_reading import open_sqlite_to_read

PRACTICE = bytes(16)


def put(store, name, row):
    given = {"practice_id": PRACTICE, "name": name, "row": row}
    store.write(lambda writing: writing.run("settings.insert", **given)).result()


def read(store, name):
    return store.rows("settings.by_key", practice_id=PRACTICE, name=name)


DIES = """
import os, sys
from angerona.store import open_store
store = open_store(sys.argv[1])
given = {"practice_id": bytes(16), "name": "upkeep", "row": b"written"}
store.write(lambda writing: writing.run("settings.insert", **given)).result()
os._exit(0)
"""


@pytest.fixture
def path(tmp_path):
    """A database whose last row is in the log alone: its process died.

    It is a process of its own, not a fork of this one, whose other threads may hold any lock.
    """
    path = tmp_path / "practice.db"
    subprocess.run([sys.executable, "-c", DIES, f"sqlite://{path}"], check=True)
    assert path.with_name("practice.db-wal").stat().st_size > 0
    return path


def sums(path):
    beside = (path, path.with_name(f"{path.name}-wal"))
    return [hashlib.sha256(one.read_bytes()).hexdigest() for one in beside]


def test_what_the_log_alone_holds_is_read_and_nothing_is_changed(path):
    before = sums(path)
    store = open_sqlite_to_read(path)
    assert read(store, "upkeep") == [(b"written",)]
    with store.snapshot() as reading:
        assert reading.rows("settings.by_key", practice_id=PRACTICE, name="upkeep")
        assert read(store, "upkeep"), "one within the other"
    with pytest.raises(StoreFailed, match="to be read alone"):
        put(store, "other", b"x")
    store.close()
    assert sums(path) == before


def test_afterwards_the_store_opens_and_writes_as_ever(path):
    open_sqlite_to_read(path).close()
    store = open_to_read(f"sqlite://{path}")
    put(store, "other", b"x")
    assert read(store, "other") == [(b"x",)]
    store.close()


def test_it_is_one_process_s_at_a_time_and_ours_alone(path, tmp_path):
    store = open_sqlite_to_read(path)
    with pytest.raises(StoreTaken):
        open_store(f"sqlite://{path}")
    store.close()
    foreign = tmp_path / "foreign.db"
    foreign.touch()
    with pytest.raises(StoreForeign):
        open_sqlite_to_read(foreign)
