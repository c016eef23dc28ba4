"""A process that shut itself in: what it can do from then on, and what the kernel refuses."""

import signal
import subprocess
import sys

import pytest

from angerona.notices.confining import MEMORY_BYTES_MAX, can_confine

pytestmark = pytest.mark.skipif(not can_confine(), reason="calls are known on Linux alone")

BEGIN = """
import ctypes, errno, mmap, os, socket, sys
from angerona.notices.confining import confine
def tried(do):
    try:
        do()
    except OSError as refused:
        print(errno.errorcode[refused.errno])
    else:
        print("done")
tried(lambda: open("/etc/hostname").close())
confine()
"""
REFUSED = {
    "opens a file": "open('/etc/hostname')",
    "makes a file": "open('/tmp/made-by-a-test', 'w')",
    "lists a folder": "os.listdir('/')",
    "asks about a file": "os.stat('/etc/hostname')",
    "reaches the network": "socket.socket()",
    "speaks to a neighbour": "socket.socketpair()",
    "starts a process": "os.fork()",
    "starts a program": "os.execv('/bin/true', ['true'])",
    "ends another process": "os.kill(1, 0)",
    "holds memory in a file": "os.memfd_create('x')",
    "makes memory a program": "mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)",
}


def run(code, begin=BEGIN):
    return subprocess.run(
        [sys.executable, "-c", begin + code],
        input="what came in",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("what", REFUSED)
def test_it_does_nothing_to_the_world_outside(what):
    done = run(f"tried(lambda: {REFUSED[what]})")
    assert done.stdout.split() == ["done", "EPERM"], done.stderr


def test_it_reads_what_it_holds_and_answers():
    done = run("print(sys.stdin.read(), len(bytearray(50_000_000)), mmap.mmap(-1, 4096)[:1])")
    assert done.stdout.split("\n")[1] == "what came in 50000000 b'\\x00'", done.stderr


def test_its_memory_has_a_bound():
    done = run(f"print('no', len(bytearray({MEMORY_BYTES_MAX})))")
    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_its_work_has_a_bound():
    begin = BEGIN.replace("\nconfine()", "\nconfining.SECONDS_MAX = 1; confine()")
    begin = begin.replace(
        "import confine", "import confine; from angerona.notices import confining"
    )
    done = run("while True: pass", begin=begin)
    assert done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}, done.stderr


def test_memory_cannot_become_a_program_later():
    code = """
held = mmap.mmap(-1, 4096)
at = ctypes.addressof(ctypes.c_char.from_buffer(held))
system = ctypes.CDLL(None, use_errno=True)
for protection in (mmap.PROT_READ, mmap.PROT_READ | mmap.PROT_EXEC):
    print(system.mprotect(ctypes.c_void_p(at), 4096, protection), ctypes.get_errno())
"""
    assert run(code).stdout.split()[1:] == ["0", "0", "-1", "1"]
