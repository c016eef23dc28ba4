"""What only a server can do: go away, be claimed by another, forget, be somebody else's."""

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import psycopg.sql
import pytest

from angerona.errors import (
    StoreAbsent,
    StoreError,
    StoreFailed,
    StoreForeign,
    StoreMisused,
    StoreTaken,
)
from angerona.store import group, open_store, postgres_server
from angerona.store.migrating import Migration, migrations
from angerona.store.postgres import open_postgres
from databases import OPEN, running

PRACTICE = bytes(range(16))
GONE_MS = 20_000
"""A session that is told to end goes on until it hears of it; so long its end is waited for."""


@pytest.fixture
def address(postgres_server):
    return postgres_server.ready()


@pytest.fixture
def store(address):
    found = open_store(address)
    yield found
    found.close()


@contextmanager
def session(address):
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def put(name):
    return lambda writing: writing.run(
        "settings.insert", practice_id=PRACTICE, name=name, row=b"row"
    )


def names(reading):
    return [name for name, _ in reading.rows("settings.all", practice_id=PRACTICE)]


class Waited:
    """The clock of whoever opens a store: it counts what was waited for, and no other delay."""

    def __init__(self):
        self.slept = 0.0

    def monotonic(self):
        return self.slept

    def sleep(self, seconds):
        self.slept += seconds
        time.sleep(seconds)


@pytest.fixture
def waited(monkeypatch):
    found = Waited()
    monkeypatch.setattr(postgres_server, "time", found)
    return found


def test_a_second_process_is_refused_while_the_first_lives(store, address, waited):
    with pytest.raises(StoreTaken, match="another process writes there; end that one first"):
        open_store(address)
    assert waited.slept < postgres_server.SILENCE_S
    assert store.write(put("a")).result() == 1


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(postgres_server, "SILENCE_S", 0.5)


@pytest.mark.usefixtures("impatient")
def test_a_claim_that_is_silent_is_taken_over(address, waited):
    with session(address) as other:
        other.execute("UPDATE store_state SET holder = 77, beat = 5")
    store = open_store(address)
    assert waited.slept >= postgres_server.SILENCE_S
    assert store.write(put("a")).result() == 1
    store.close()


def test_a_claim_that_was_let_go_is_free_at_once(address, waited):
    for _ in range(2):
        open_store(address).close()
    assert waited.slept == 0


def test_a_start_that_failed_lets_go_of_its_claim(address, waited):
    steps = [*migrations("postgres"), Migration(2, "DROP TABLE nowhere")]
    with pytest.raises(StoreError, match="42P01"):
        open_postgres(address, steps=steps)
    open_store(address).close()
    assert waited.slept == 0


def test_whoever_was_taken_over_writes_no_more(store, address):
    with session(address) as other:
        other.execute("UPDATE store_state SET holder = 77")
    for _ in range(2):
        with pytest.raises(StoreTaken, match="another process has taken over writing"):
            store.write(put("late")).result()
    assert names(store) == []
    store.close()
    with session(address) as other:
        assert other.execute("SELECT holder FROM store_state").fetchone() == (77,)


@pytest.mark.usefixtures("impatient")
def test_a_take_over_waits_for_the_group_that_is_under_way(store, address):
    """It holds the row; when it is done, its beat has moved, and nobody takes over."""
    under_way, let_go = threading.Event(), threading.Event()

    def slow(writing):
        put("slow")(writing)
        under_way.set()
        let_go.wait(20)

    def look():
        with session(address) as watch:
            wait_for_lock(watch)
        let_go.set()

    future = store.write(slow)
    under_way.wait(10)
    watching = threading.Thread(target=look)
    watching.start()
    with pytest.raises(StoreTaken):
        open_store(address)
    assert let_go.is_set()
    future.result()
    watching.join()
    assert names(store) == ["slow"]


def wait_for_lock(watch):
    """Wait until a session in this database waits for another one."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    waiting += " AND wait_event_type = 'Lock'"
    while watch.execute(waiting).fetchone() == (0,):
        time.sleep(0.01)


def test_whoever_was_taken_over_is_not_stirred_by_its_beat(store, address, monkeypatch):
    beats, real = threading.Semaphore(0), postgres_server.Claim.beat

    def beat(claim):
        try:
            real(claim)
        finally:
            beats.release()

    monkeypatch.setattr(postgres_server.Claim, "beat", beat)
    monkeypatch.setattr(group, "BEAT_S", 0.02)
    store.write(put("a")).result()
    beats.acquire()
    with session(address) as other:
        other.execute("UPDATE store_state SET holder = 77, beat = 5")
        for _ in range(2):  # The first may have been on its way already.
            beats.acquire()
        assert other.execute("SELECT beat FROM store_state").fetchone() == (5,)
    with pytest.raises(StoreTaken):
        store.write(put("b")).result()


def test_a_deadlock_with_another_session_is_tried_again(store, address):
    """Ours is the second to wait, so the server undoes ours; on the second try it goes through."""
    for name in "ab":
        store.write(put(name)).result()
    runs, ours_holds_a, theirs_waits = [], threading.Event(), threading.Event()

    def job(writing):
        runs.append(1)
        for name in "ab":
            writing.run("settings.update", practice_id=PRACTICE, name=name, row=b"ours")
            if name == "a" and len(runs) == 1:
                ours_holds_a.set()
                theirs_waits.wait(10)

    def theirs():
        with session(address) as other, session(address) as watch, other.transaction():
            other.execute("SET LOCAL deadlock_timeout = 60000")  # So that ours finds it first.
            other.execute("UPDATE settings SET row = 'theirs' WHERE name = 'b'")
            ours_holds_a.wait(10)
            look = threading.Thread(target=seen_waiting, args=(watch,))
            look.start()
            other.execute("UPDATE settings SET row = 'theirs' WHERE name = 'a'")
            look.join()

    def seen_waiting(watch):
        wait_for_lock(watch)
        theirs_waits.set()

    thread = threading.Thread(target=theirs)
    thread.start()
    store.write(job).result()
    thread.join()
    assert len(runs) == 2
    assert store.rows("settings.by_key", practice_id=PRACTICE, name="a") == [(b"ours",)]


def test_a_commit_that_only_ends_a_failed_transaction_is_a_failure(address):
    claim = postgres_server.Claim(address, migrations("postgres"))
    claim.begin()
    with pytest.raises(psycopg.Error):
        claim.connection.execute("SELECT nothing")
    with pytest.raises(StoreError, match="nothing was kept"):
        claim.commit()
    claim.close()


def test_a_connection_that_is_lost_in_a_commit_fails_the_group(store, address):
    def lose(_writing):
        with session(address) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity"
                " WHERE datname = current_database() AND state = 'idle in transaction'",
                [GONE_MS],
            )

    hooks = [lose]
    store.on_group(lambda writing: hooks and hooks.pop()(writing), lambda: None, lambda: None)
    with pytest.raises(StoreFailed, match="try again when it is back"):
        store.write(put("a")).result()
    assert store.write(put("b")).result() == 1
    assert names(store) == ["b"]


def test_a_text_that_no_server_holds_is_misused(store):
    with pytest.raises(StoreMisused, match="does not fit"):
        store.write(put("nothing\0")).result()


def test_sessions_that_the_server_ended_are_replaced(store, address):
    store.write(put("a")).result()
    with store.snapshot() as one, store.snapshot() as other:
        assert names(one) == names(other)
    with session(address) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()",
            [GONE_MS],
        )
    assert names(store) == ["a"]
    assert store.write(put("b")).result() == 1
    with store.snapshot() as moment:
        assert names(moment) == ["a", "b"]


@pytest.fixture
def own_folder():
    folder = Path(tempfile.mkdtemp(prefix="angerona-postgres-", dir=OPEN))
    yield folder
    shutil.rmtree(folder)


def test_a_server_that_crashes_in_a_group_loses_nothing_that_was_acknowledged(own_folder):
    with running(own_folder) as server:
        address = server.ready()
        store = open_store(address)
        store.write(put("a")).result()
        began, gone = threading.Event(), threading.Event()

        def job(writing):
            put("lost")(writing)
            began.set()
            gone.wait(10)
            put("lost too")(writing)

        future = store.write(job)
        began.wait(10)
    gone.set()
    with pytest.raises(StoreError, match=r"the server went away|the connection to the server"):
        future.result()
    with pytest.raises(StoreAbsent, match="no server lets us in"):
        store.write(put("refused")).result()
    with pytest.raises(StoreAbsent, match="no server lets us in"):
        names(store)
    with running(own_folder):
        assert names(store) == ["a"]
        assert store.write(put("b")).result() == 1
        store.close()


def test_a_database_that_forgets_is_refused(postgres_server):
    address = postgres_server.empty()
    with session(address) as admin:
        name = psycopg.sql.Identifier(admin.info.dbname)
        admin.execute(
            psycopg.sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(name)
        )
    with pytest.raises(StoreError, match="synchronous_commit is off, so a power cut loses"):
        open_store(address)


def test_a_database_of_another_program_is_refused_and_left_alone(postgres_server):
    address = postgres_server.empty()
    with session(address) as other:
        other.execute("CREATE TABLE bookmarks (address TEXT)")
    with pytest.raises(StoreForeign, match="holds tables of another program; name an empty one"):
        open_store(address)
    with session(address) as other:
        found = other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert found.fetchall() == [("bookmarks",)]


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("angerona@", "stranger:whisper@"),
        lambda address: address.replace("/empty", "/whisper/empty"),
        lambda address: f"{address}-elsewhere&password=whisper",
        lambda address: f"{address}&whisper=yes",
    ],
    ids=["stranger", "no database", "no server", "no such option"],
)
def test_a_server_that_cannot_be_reached_is_told_without_the_address(address, change):
    with pytest.raises(StoreAbsent, match="no server lets us in; see that it runs") as problem:
        open_store(change(address))
    assert problem.value.__cause__ is None
    assert "whisper" not in str(problem.value)


def test_an_error_without_a_meaning_of_its_own_names_its_state(store, address):
    with session(address) as other:
        other.execute("ALTER TABLE settings RENAME TO elsewhere")
    try:
        with pytest.raises(StoreError, match="refused: UndefinedTable, SQLSTATE 42P01"):
            names(store)
    finally:
        with session(address) as other:
            other.execute("ALTER TABLE elsewhere RENAME TO settings")


def test_without_the_driver_it_is_said_how_to_get_it():
    code = """
import sys
sys.modules["psycopg"] = None
from angerona.store import open_store
try:
    open_store("postgresql://localhost/practice")
except Exception as error:
    print(type(error).__name__, error)
"""
    run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert run.stdout.startswith(b"MissingExtra PostgreSQL needs psycopg: pip install")
