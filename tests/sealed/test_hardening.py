"""Hardening, mostly in processes of their own, for some of it cannot be taken back."""

import os
import re
import signal
import subprocess
import sys

import pytest

from angerona.sealed.hardening import Hardening, capabilities, harden
from softening import softened

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="known on Linux only")

LOOK = """
import ctypes, resource
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmLck")][0])
"""
MODULE = "angerona.sealed.hardening"
HARDEN = f"from {MODULE} import harden; print(harden())"
UNPRIVILEGED = "import os; os.geteuid() or (os.setgid(65534), os.setuid(65534));"
LITTLE = "import resource; resource.setrlimit(resource.RLIMIT_MEMLOCK, (65536, 65536));"
MUCH = "x = bytearray(64 * 2**20); x[:] = b'1' * len(x); print(len(x))"


def run(*steps):
    code = "\n".join(steps)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@on_linux
def test_a_hardened_process_leaves_no_core_and_no_debugger():
    before = run(LOOK).stdout.splitlines()
    after = run(HARDEN, LOOK).stdout.splitlines()
    assert before[0].endswith(") 1")
    assert after[1] == "(0, 0) 0"
    assert after[0].startswith("Hardening(core_file='', dump='', memory=")


@on_linux
def test_memory_is_locked_only_where_all_of_it_may_be():
    """Else the first large piece of memory would fail: Argon2 alone takes 64 MiB."""
    ran = run(LITTLE, f"import ctypes, {MODULE}", UNPRIVILEGED, HARDEN, LOOK, MUCH)
    hardened, _, locked, size = ran.stdout.splitlines()
    assert "memory='the limit on locked memory is too low (LimitMEMLOCK=infinity" in hardened
    assert (locked, size) == ("0", "67108864")


@on_linux
def test_locked_memory_is_locked_and_grows():
    ran = run(HARDEN, LOOK, MUCH, LOOK)
    if "memory=''" not in ran.stdout:
        assert re.search(r"memory='[^']{10}", ran.stdout)
        return
    numbers = [int(line) for line in ran.stdout.splitlines() if line.isdigit()]
    before, size, after = numbers
    assert before > 1_000
    assert after - before > size // 1024 - 1_000


@on_linux
def test_a_crash_leaves_no_core_file(tmp_path):
    """Only where the kernel would write one into the folder can this show anything."""
    crash = f"import os; os.chdir({os.fspath(tmp_path)!r}); os.kill(os.getpid(), {signal.SIGABRT})"
    ran = run(HARDEN, crash)
    assert ran.returncode == -signal.SIGABRT
    assert not list(tmp_path.iterdir())


@on_linux
def test_this_process_hardens_too(monkeypatch):
    with softened():
        hardened = harden()
    assert (hardened.core_file, hardened.dump) == ("", "")
    monkeypatch.setattr("angerona.sealed.hardening._may_lock_all", lambda: False)
    with softened():
        assert harden().memory.startswith("the limit on locked memory is too low")


def test_elsewhere_it_says_that_it_knows_nothing(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert harden() == Hardening(*["known on Linux only"] * 3)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (b"Name:\tcat\nCapPrm:\t1\nCapEff:\t0000000000004000\n", 0x4000),
        (b"Name:\tcat\n", 0),
        (None, 0),
    ],
    ids=["told", "not told", "no file"],
)
def test_what_a_process_may_do_is_read_or_taken_for_nothing(tmp_path, status, found):
    if status is not None:
        (tmp_path / "status").write_bytes(status)
    assert capabilities(tmp_path / "status") == found
