"""From the command to the first page: `angerona serve` on the invented practice, with proofs.

Python keeps what it compiled, as it does wherever it may; a start before the first counted one
writes it, to a folder of its own, whatever the environment of the benchmark says.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.cli.demo import DATA, lay_out
from angerona.site.serving import listening
from bench.practice import folder
from bench.report import Part, Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.rules.compile import Packs

HOST: Final = "127.0.0.1"
ROUNDS: Final = 5
WAITED_S: Final = 120.0
GOAL_S: Final = 2.0
_COMMAND: Final = (sys.executable, "-c", "from angerona.cli import main; main()", "serve")


def first_page(_packs: Packs) -> Part:
    """How long it takes until somebody can sign in."""
    with folder() as where:
        os.environ["XDG_STATE_HOME"] = str(where / "state")
        lay_out(where)
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(where / "compiled")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        _, *found = [_round(where / DATA, environment) for _ in range(ROUNDS + 1)]
    walls, cpus = zip(*found, strict=True)
    rows = (
        Row("start to first page", statistics.median(walls), min(walls), "s", goal=GOAL_S),
        Row("CPU time of the process until then", statistics.median(cpus), min(cpus), "s"),
    )
    notes = (f"median and best of {ROUNDS} starts after one; on a busy machine read the CPU time",)
    return Part("Start: the command, two starts of Python, the proofs, the page", rows, notes)


def _round(data: Path, environment: Mapping[str, str]) -> tuple[float, float]:
    """One start: seconds by the clock on the wall, and of CPU."""
    with contextlib.closing(listening(HOST, 0)) as free:
        port = free.getsockname()[1]
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 -- our own program
        [*_COMMAND, "--data", str(data), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        env=environment,
    )
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - began > WAITED_S:
                raise SystemExit("the server did not start")
            time.sleep(0.01)
        return time.monotonic() - began, _cpu_s(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port)
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request("GET", "/sign-in", headers={"host": f"localhost:{port}"})
        return connection.getresponse().status == http.client.OK
    return False


def _cpu_s(pid: int) -> float:
    """User and system time of a process so far (proc(5)), or nothing where there is no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return float("nan")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
