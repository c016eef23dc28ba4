"""`angerona demo`: the practice in a browser, each way in, and nothing left behind."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from functools import partial
from types import SimpleNamespace

import pytest

from angerona.cli import demo_house
from angerona.practice.sample_world import PASSWORD
from ferry_street import COMMAND, laid_out
from running_site import HOST

STARTED_S_MAX = 120


@pytest.fixture
def ready(ferry_street, monkeypatch):
    """The practice, without its being built anew; and this process logs as before."""
    monkeypatch.setattr(demo_house, "lay_out", partial(laid_out, ferry_street))
    monkeypatch.setattr(demo_house, "log_plainly", lambda: None)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.usefixtures("ready")
def test_everybody_can_sign_in_and_nothing_is_left(direct, temporary):
    code, out, err = direct("demo", "--check")
    assert (code, err) == (0, ""), out
    for face, name in demo_house.SIGN_INS:
        assert f"{name}: sees the first page" in out
        assert face[1:] in out
    assert PASSWORD in out
    assert "http://localhost:" in out
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("ready", "temporary")
def test_who_cannot_sign_in_is_said(direct, monkeypatch):
    monkeypatch.setattr(demo_house, "SIGN_INS", (("nobody", "Norbert Nobody"),))
    code, out, _ = direct("demo", "--check")
    assert code == 1
    assert "Norbert Nobody: 403" in out


@pytest.mark.usefixtures("ready", "temporary")
def test_a_port_that_is_taken_gives_way_to_another(direct):
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, _ = direct("demo", "--check", "--port", port)
    assert code == 0
    assert f"localhost:{port}\n" not in out


@pytest.mark.usefixtures("ready")
def test_it_can_be_kept(direct, tmp_path):
    assert direct("demo", "--check", "--keep", tmp_path / "kept")[0] == 0
    assert (tmp_path / "kept" / "practice").is_dir()
    code, _, err = direct("demo", "--check", "--keep", tmp_path / "kept")
    assert (code, err.startswith("angerona: --keep: the folder is there already")) == (2, True)


@pytest.mark.parametrize(
    ("is_terminal", "display", "opens"),
    [(True, ":0", True), (False, ":0", False), (True, "", False)],
)
@pytest.mark.usefixtures("ready", "temporary")
def test_a_browser_opens_only_where_somebody_sits(direct, monkeypatch, is_terminal, display, opens):
    opened = []
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(
        demo_house,
        "sys",
        SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: is_terminal), platform="linux"),
    )
    monkeypatch.setattr(demo_house.webbrowser, "open", opened.append)
    monkeypatch.setattr(demo_house, "wait", lambda _, tell: tell() or True)
    assert direct("demo")[0] == 0
    assert bool(opened) == opens


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_stopping_it_deletes_the_folder(tmp_path, how):
    process = subprocess.Popen(
        [*COMMAND, "demo"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
    try:
        said = b""
        ends = time.monotonic() + STARTED_S_MAX
        while b"Ctrl-C ends it" not in said and time.monotonic() < ends:
            said += process.stdout.readline()
        assert len(list(tmp_path.iterdir())) == 1
        process.send_signal(how)
        _, err = process.communicate(timeout=STARTED_S_MAX)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, b"")
    assert list(tmp_path.iterdir()) == []
