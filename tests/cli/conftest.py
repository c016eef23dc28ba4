"""Running the command line: as a person would, in a process of its own, and directly."""

import io
import json
import os
import signal
import subprocess
import sys

import pytest

from angerona.cli import demo
from angerona.cli.edge import run
from angerona.packs import load
from ferry_street import copied

COMMAND = [sys.executable, "-c", "from angerona.cli import main; main()"]

SOURCE = 'cite = "A paper, s. 1"\nsource_url = []\nas_of = 2026-01-01\n'
SMALL_LAW = f"""
[pack]
id = "zz"
title = "A small law"
jurisdiction = "ZZ"
as_of = 2026-01-01
default = "closed"

[[ground]]
id = "zz.must"
title = "It must be told"
{SOURCE}verified = true
limit = "harm"
force = "must"
to = ["police", "school"]
covers = ["risk"]

[[ground]]
id = "zz.unseen"
title = "Perhaps the coroner"
{SOURCE}verified = false
contested = "nobody has read it"
limit = "other"
force = "may"
to = ["coroner"]

[[lock]]
id = "zz.lock"
title = "Never to the media"
{SOURCE}verified = false
to = ["media"]

[[duty]]
id = "zz.wait"
{SOURCE}verified = true
on = ["zz.must"]
kind = "deadline"
mode = "required"
what = "tell them"
due = "P3D"
due_from = "the day you knew"
days = "working"

[[duty]]
id = "zz.later"
{SOURCE}verified = true
on = ["zz.must"]
kind = "form"
mode = "required"
what = "send the form"
later_of = [{{ due = "P5D", due_from = "the call" }}, {{ due = "PT0S", due_from = "the hearing" }}]

[[duty]]
id = "zz.hush"
{SOURCE}verified = true
on = ["zz.must"]
kind = "notice"
mode = "prohibited"
what = "do not tell"
to = "client"

[[duty]]
id = "zz.tell"
{SOURCE}verified = true
on = ["zz.must"]
kind = "notice"
mode = "required"
what = "tell the client today"
to = "client"
"""
SILENT_LAW = f"""
[pack]
id = "yy"
title = "A silent law"
jurisdiction = "YY"
as_of = 2026-01-01
default = "closed"
extends = ["zz"]

[[ground]]
id = "yy.police"
title = "The police may know"
{SOURCE}verified = true
enabled = false
disabled_because = "repealed"
limit = "harm"
force = "may"
to = ["police"]
"""


def launch(*arguments, stdin=b"", **environment):
    """The command line in a process of its own; output as bytes."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "80"} | environment,
        check=False,
    )


@pytest.fixture(scope="session", autouse=True)
def hears_ctrl_c():
    """A process started here hears Ctrl-C, also where a shell runs the tests in the background.

    Such a shell has them ignore it, and whoever is started would inherit that.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def packs():
    return load()


@pytest.fixture
def process():
    return launch


@pytest.fixture
def direct(packs, monkeypatch, capsys):
    """The command line in this process, with packs loaded once: exit code, stdout, stderr."""
    monkeypatch.setattr("angerona.cli.asking.load", lambda: packs)
    monkeypatch.setattr("angerona.sealed.forgetting.start_again_forgetting", lambda: None)
    monkeypatch.setenv("COLUMNS", "80")
    hook = sys.excepthook

    def call(*arguments, stdin=""):
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        code = run([str(one) for one in arguments])
        sys.excepthook = hook  # typer puts its own there
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def small_packs(tmp_path):
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "zz.toml").write_text(SMALL_LAW, encoding="utf-8")
    (folder / "yy.toml").write_text(SILENT_LAW, encoding="utf-8")
    return folder


@pytest.fixture
def small_ask(tmp_path):
    """Writes an Ask of the small law to a file."""

    def write(**changes):
        ask = {
            "packs": ["zz"],
            "at": "2026-11-23T10:00:00Z",
            "by": {"role": "nurse", "relation": "treating"},
            "to": "police",
            "purpose": "law_enforcement",
            "instrument": "none",
            "wants": ["risk"],
        }
        path = tmp_path / "ask.json"
        path.write_text(json.dumps(ask | changes), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def ferry_street(tmp_path_factory):
    """The sample world, laid out once; nobody changes it."""
    folder = tmp_path_factory.mktemp("ferry-street") / "made"
    folder.mkdir(mode=0o700)
    demo.lay_out(folder)
    return folder


@pytest.fixture
def house(ferry_street, tmp_path, direct, monkeypatch):
    """A copy of it for one test, and commands run in it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return copied(ferry_street, tmp_path / "house", direct)
