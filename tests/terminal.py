"""A terminal, and a command that is answered there as a person would."""

import os
import pty
import re
import select
import subprocess
import sys
import time

from ferry_street import COMMAND

PATIENCE_SECONDS = 60
# The first terminal that a process of its own session opens is the one it sits at.
TAKE_TERMINAL = """
import os, sys
number = os.open(sys.argv[1], os.O_RDWR)
for stream in range(3):
    os.dup2(number, stream)
os.execv(sys.argv[2], sys.argv[2:])
"""
PAINT = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def read_until(terminal, expected, said):
    """Read on until these words stand there; without any, to the end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while expected is None or expected not in said:
        assert time.monotonic() < deadline, said
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            more = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            more = b""
        if not more:
            assert expected is None, said
            return said
        said += PAINT.sub("", more.decode()).replace("\r\n", "\n")
    return said


def talk(arguments, *answers, state):
    """Run a command at a terminal, answering each question once it is put."""
    terminal, its_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_TERMINAL, os.ttyname(its_end), *COMMAND, *map(str, arguments)],
        env=os.environ | {"COLUMNS": "80", "TERM": "xterm", "XDG_STATE_HOME": str(state)},
        start_new_session=True,
    )
    said, rest = "", ""
    for question, answer in answers:
        rest = read_until(terminal, question, rest)
        before, _, rest = rest.partition(question)
        said += before + question
        os.write(terminal, answer.encode())
    os.close(its_end)
    said += read_until(terminal, None, rest)
    os.close(terminal)
    return process.wait(), said
