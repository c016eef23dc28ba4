"""The file of SQLite: private, held by one, recognised, checked; every refusal says what to do."""

import contextlib
import os
import pwd
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap

import apsw
import pytest

from angerona.errors import (
    BadInput,
    StoreAbsent,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFailed,
    StoreForeign,
    StoreFull,
    StoreTaken,
)
from angerona.store import open_store, sqlite_file
from angerona.store.opening import newest_version
from angerona.store.sqlite import open_sqlite

PRACTICE = bytes(range(16))
MARK = b"spoken in confidence " * 40


@pytest.fixture
def path(tmp_path):
    return tmp_path / "practice" / "angerona.db"


def put(store, name, row=b"row"):
    return store.write(
        lambda writing: writing.run("settings.insert", practice_id=PRACTICE, name=name, row=row)
    ).result()


def names(store):
    return [name for name, _ in store.rows("settings.all", practice_id=PRACTICE)]


def filled(path, rows=200):
    store = open_sqlite(path)
    for number in range(rows):
        put(store, f"{number:04}", os.urandom(600))
    store.close()


BEFORE = "from pathlib import Path\nfrom angerona.store.sqlite import open_sqlite\n"
AFTER = "\nimport time\nprint('ready', flush=True)\ntime.sleep(60)"


def in_another_process(code):
    """What a few lines print."""
    command = [sys.executable, "-c", BEFORE + textwrap.dedent(code)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


@contextlib.contextmanager
def held_by(code):
    """Another process that has run these lines, and is killed with the block."""
    command = [sys.executable, "-c", BEFORE + textwrap.dedent(code) + AFTER]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"ready\n"
        yield
        holder.send_signal(signal.SIGKILL)


def modes(folder):
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


def test_files_and_folder_are_their_owner_s_alone(path):
    store = open_sqlite(path)
    put(store, "a")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    private = dict.fromkeys(("angerona.db", "angerona.db-shm", "angerona.db-wal"), 0o600)
    assert modes(path.parent) == private | {"angerona.db.lock": 0o600}
    store.close()
    assert modes(path.parent) == {"angerona.db": 0o600, "angerona.db.lock": 0o600}


@pytest.mark.parametrize("flags", [apsw.SQLITE_OPEN_READWRITE, apsw.SQLITE_OPEN_READONLY])
def test_every_connection_has_our_settings(path, flags):
    open_sqlite(path).close()
    connection = sqlite_file.connected(path, flags=flags)
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "temp_store": 2,
        "trusted_schema": 0,
        "application_id": 0x416E6772,
        "user_version": newest_version(),
    }
    assert {name: connection.pragma(name) for name in wanted} == wanted
    connection.close()


def test_what_was_deleted_is_not_in_the_file(path):
    store = open_sqlite(path)
    put(store, "a", MARK)
    store.close()
    assert MARK[:16] in path.read_bytes()
    store = open_sqlite(path)
    store.write(
        lambda writing: writing.run("settings.delete", practice_id=PRACTICE, name="a")
    ).result()
    store.close()
    assert MARK[:16] not in path.read_bytes()


def test_one_process_opens_it_once(path):
    store = open_sqlite(path)
    with pytest.raises(StoreTaken, match="another process has it open; end that one first"):
        open_sqlite(path)
    put(store, "still there")
    store.close()
    open_sqlite(path).close()


def test_another_process_is_refused_until_the_holder_ends(path):
    store = open_sqlite(path)
    tries = f"""
        try:
            open_sqlite(Path({str(path)!r})).close()
            print("opened")
        except Exception as error:
            print(type(error).__name__)
    """
    assert in_another_process(tries) == "StoreTaken\n"
    store.close()
    assert in_another_process(tries) == "opened\n"


def test_a_holder_that_is_killed_lets_go(path):
    with held_by(f"store = open_sqlite(Path({str(path)!r}))"), pytest.raises(StoreTaken):
        open_sqlite(path)
    open_sqlite(path).close()


def test_a_program_that_holds_the_file_is_named_as_the_hindrance(path, monkeypatch):
    filled(path, 1)
    monkeypatch.setattr(sqlite_file, "_BUSY_MS", 50)
    code = f"import sqlite3\nother = sqlite3.connect({str(path)!r}, isolation_level=None)"
    for statement in (
        "PRAGMA locking_mode = EXCLUSIVE",
        "BEGIN EXCLUSIVE",
        "SELECT count(*) FROM settings",
    ):
        code += f"\nother.execute({statement!r})"
    with held_by(code), pytest.raises(StoreBusy, match="another program holds the file; end it"):
        open_sqlite(path)
    open_sqlite(path).close()


def some_text(path):
    path.write_bytes(b"This is a letter and no database. " * 200)


def another_database(path):
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (address TEXT)")


def a_marked_database(path):
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA application_id = 252006673")


@pytest.mark.parametrize("make", [some_text, another_database, a_marked_database])
def test_what_is_not_ours_is_refused_and_left_as_it_is(path, make):
    path.parent.mkdir()
    make(path)
    before = path.read_bytes()
    with pytest.raises(StoreForeign, match="name another"):
        open_sqlite(path)
    assert path.read_bytes() == before
    assert {each.name for each in path.parent.iterdir()} == {path.name, f"{path.name}.lock"}


def test_an_empty_file_becomes_ours(path):
    path.parent.mkdir()
    path.touch()
    open_sqlite(path).close()
    assert path.stat().st_size > 0


def test_a_start_that_was_cut_short_is_taken_up_again(path, monkeypatch):
    def cut(_connection, _step):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_file, "_migrate", cut)
        with pytest.raises(KeyboardInterrupt):
            open_sqlite(path)
    store = open_sqlite(path)
    assert names(store) == []
    store.close()


@pytest.mark.parametrize("page", [2, 5, -1])
def test_a_damaged_file_is_refused(path, page):
    filled(path)
    pages = path.stat().st_size // 4096
    with path.open("r+b") as file:
        file.seek((page - 1 if page > 0 else pages // 2) * 4096)
        file.write(os.urandom(4096))
    with pytest.raises(StoreDamaged, match="damaged; restore a backup"):
        open_sqlite(path)


def test_a_file_that_lost_its_end_is_refused(path):
    filled(path)
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)
    with pytest.raises(StoreDamaged, match="damaged; restore a backup"):
        open_sqlite(path)


def test_a_damaged_first_page_is_refused(path):
    filled(path, 1)
    with path.open("r+b") as file:
        file.write(os.urandom(100))
    with pytest.raises(StoreForeign, match="or its first page is damaged"):
        open_sqlite(path)


def test_the_check_at_start_ends_in_time(path, monkeypatch):
    filled(path)
    monkeypatch.setattr(sqlite_file, "CHECK_S", -1.0)
    monkeypatch.setattr(sqlite_file, "_STEPS_BETWEEN_LOOKS_AT_THE_CLOCK", 10)
    store = open_sqlite(path)
    assert len(names(store)) == 200
    store.close()


def test_a_folder_in_place_of_the_file_is_refused(path):
    path.mkdir(parents=True)
    with pytest.raises(StoreAbsent, match="no file, or not in a folder; name another"):
        open_sqlite(path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "practice").touch()
    with pytest.raises(StoreAbsent, match="no file, or not in a folder; name another"):
        open_sqlite(tmp_path / "practice" / "angerona.db")


@contextlib.contextmanager
def as_nobody():
    """Root may write in every folder, so root becomes somebody else meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_without_the_right_to_write_is_named(path, there):
    path.parent.mkdir()
    if there:
        filled(path, 1)
        path.chmod(0o644)
    path.parent.chmod(0o555)
    for folder in list(path.parents)[1:-2]:
        folder.chmod(folder.stat().st_mode | 0o055)
    with as_nobody(), pytest.raises(StoreAbsent, match=r"rights|Permission denied") as problem:
        open_sqlite(path)
    assert str(path) in str(problem.value)


class FullDisk(apsw.VFS):
    """A disk on which the main files may still grow by so many bytes, or that fails to sync."""

    def __init__(self):
        self.room, self.broken = None, False
        super().__init__("full-disk", "")

    def xOpen(self, name, flags):  # noqa: N802 -- named by apsw
        return FullFile(self, name, flags)


class FullFile(apsw.VFSFile):
    def __init__(self, disk, name, flags):
        self.disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data, offset):  # noqa: N802 -- named by apsw
        if self.disk.room is not None and offset + len(data) > self.disk.room:
            raise apsw.FullError
        super().xWrite(data, offset)

    def xSync(self, flags):  # noqa: N802 -- named by apsw
        if self.disk.broken:
            raise apsw.IOError
        super().xSync(flags)


@pytest.fixture
def disk(monkeypatch):
    disk = FullDisk()
    real = apsw.Connection
    monkeypatch.setattr(
        apsw, "Connection", lambda *given, **named: real(*given, vfs="full-disk", **named)
    )
    yield disk
    disk.unregister()


@pytest.mark.parametrize("cause", ["full", "broken"])
def test_a_disk_that_fails_costs_the_group_and_nothing_else(path, disk, cause):
    failures = []
    store = open_sqlite(path)
    store.on_group(lambda _writing: None, lambda: None, lambda: failures.append(1))
    put(store, "before")
    wal = path.with_name(f"{path.name}-wal")
    if cause == "full":
        disk.room = wal.stat().st_size + 2000
    else:
        disk.broken = True
    kind, words = {
        "full": (StoreFull, "the disk is full; make room"),
        "broken": (StoreFailed, "the disk failed"),
    }[cause]
    for _ in range(3):
        with pytest.raises(kind, match=words):
            put(store, "lost", b"x" * 9000)
    assert len(failures) == 3
    assert names(store) == ["before"]
    disk.room, disk.broken = None, False
    put(store, "after")
    assert names(store) == ["before", "after"] or names(store) == ["after", "before"]
    store.close()
    store = open_sqlite(path)
    assert sorted(names(store)) == ["after", "before"]
    store.close()


def test_a_trigger_that_somebody_planted_does_not_fire(path):
    open_sqlite(path).close()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TRIGGER t AFTER INSERT ON settings BEGIN DELETE FROM settings; END")
        other.execute("INSERT INTO settings VALUES (x'00', 'theirs', x'00')")
        assert other.execute("SELECT count(*) FROM settings").fetchone() == (0,)
    store = open_sqlite(path)
    put(store, "ours")
    assert names(store) == ["ours"]
    store.close()


def test_a_file_system_without_a_log_is_refused(path, monkeypatch):
    class WithoutLog:
        def pragma(self, *_given):
            return "delete"

    with pytest.raises(StoreFailed, match="use a local disk"):
        sqlite_file._logged_ahead(WithoutLog(), path)  # noqa: SLF001 -- no such file system here
    monkeypatch.setattr(sqlite_file, "SQLITE_LEAST", 99_000_000)
    with pytest.raises(StoreError, match=r"is too old; 3\.51\.3 is the least"):
        open_sqlite(path)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "angerona.db",
        "mysql://localhost/x",
        "sqlite:angerona.db",
        "sqlite://angerona.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///a.db?mode=ro",
        "sqlite://host/a.db",
    ],
)
def test_an_address_that_names_no_store_is_refused_and_not_repeated(address):
    with pytest.raises(BadInput, match="allowed: sqlite:///folder/file or postgresql") as problem:
        open_store(address)
    assert "angerona.db" not in str(problem.value)


def test_an_address_may_hold_what_a_path_may_hold(tmp_path):
    open_store(f"sqlite://{tmp_path}/my%20practice/a%25b.db").close()
    assert (tmp_path / "my practice" / "a%b.db").is_file()
