"""A look through HTTP, from the request to the page, its durable ledger line included.

The server runs in a process of its own, on one core, forgetting, as `angerona serve` runs it
(`bench/served.py`); 32 connections of a session ask it from another one, by wrk where it is
installed, else by `bench/load.py`. What counts is the CPU time of the server's process. A plain
Starlette route of the same process, which sends as many bytes, is asked in turn with it. The notes
are made up, of 2 kB each; and, where the folder of public data is there, transcribed conversations.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.sealed.forgetting import forgetting
from bench.durable import of_tests
from bench.practice import NOTE, folder
from bench.report import Part, Row, not_measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.rules.compile import Packs

CLIENTS: Final = 48
CONNECTIONS: Final = 32
ROUNDS: Final = 5
ROUND_S: Final = 3
GOALS_US: Final = {"SQLite": 1e6 / 1_500, "PostgreSQL": 1e6 / 800}
"""DESIGN section 7: looks a second on one core."""
P99_MS: Final = 60
ROOT: Final = Path(__file__).parent.parent
CONVERSATIONS: Final = Path("data", "annomi.csv")
"""Within the folder of public data that the tests read too (`ANGERONA_SHARED`)."""
WRK: Final = Path(__file__).with_name("looks.lua")


@dataclass
class Asked:
    """What was found, round by round: CPU microseconds a request, requests a second, 99th ms."""

    cpu_us: list[float] = field(default_factory=list)
    per_s: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Server:
    """A server that runs, and what to ask of it."""

    process: subprocess.Popen[str]
    port: int
    plain: int
    paths: list[str]
    cookie: str
    forgets: bool

    def cpu_s(self) -> float:
        """Its CPU time so far, in seconds."""
        return float(_told(self.process, "cpu"))


def looks(_packs: Packs) -> Part:
    """The page of a record, on SQLite and PostgreSQL, beside a route that does nothing."""
    made = [NOTE] * CLIENTS
    rows = list(_beside_plain("SQLite", made, None))
    shared = Path(os.environ.get("ANGERONA_SHARED") or ROOT.parent / "shared") / CONVERSATIONS
    if shared.is_file():
        rows += list(_beside_plain("SQLite, conversations", _conversations(shared), None))[:2]
    else:
        rows.append(not_measured("SQLite, conversations", "ANGERONA_SHARED names no such folder"))
    try:
        databases = of_tests("databases")
        with folder() as where, databases.running(where) as server:
            rows += _beside_plain("PostgreSQL", made, server.empty())
    except (ImportError, OSError, TypeError) as problem:
        rows.append(not_measured("PostgreSQL", f"no server or no driver: {problem}"))
    by = "wrk" if shutil.which("wrk") else "bench/load.py"
    notes = (
        f"median and best of {ROUNDS} rounds of {ROUND_S} s, {CONNECTIONS} connections, by {by}",
        "CPU time of the server's process, held to one core; the load and a database's are not in",
    )
    return Part("A look through HTTP: session, gate, durable line, page", tuple(rows), notes)


def _conversations(file: Path) -> list[str]:
    """So many transcribed conversations, each as one note."""
    with file.open(encoding="utf-8", newline="") as opened:
        turns = list(csv.DictReader(opened))
    whole = [
        "\n".join(f"{one['speaker']}: {one['text']}" for one in held)
        for _, held in groupby(turns, key=lambda one: one["session"])
    ]
    return whole[:CLIENTS]


def _beside_plain(name: str, texts: list[str], address: str | None) -> Iterator[Row]:
    ours, plain = Asked(), Asked()
    with _server(texts, address) as server:
        size = _ask(Asked(), server, server.port, server.paths, seconds=1)
        for _ in range(ROUNDS):
            _ask(ours, server, server.port, server.paths, seconds=ROUND_S)
            _ask(plain, server, server.plain, [f"/{size}"], seconds=ROUND_S)
    times = statistics.median(
        mine / theirs for mine, theirs in zip(ours.cpu_us, plain.cpu_us, strict=True)
    )
    forgets = "" if server.forgets else "; this process does not forget"
    note = f"{statistics.median(ours.per_s):.0f} /s; {times:.1f} x a plain route{forgets}"
    goal = GOALS_US.get(name)
    yield _row(f"{name}: a look, {size / 1e3:.1f} kB", ours.cpu_us, "us", goal, note)
    yield _row(f"{name}: a look, 99 of 100 within", ours.p99_ms, "ms", P99_MS)
    note = f"{statistics.median(plain.per_s):.0f} /s"
    yield _row("a plain Starlette route, same bytes", plain.cpu_us, "us", None, note)


@contextmanager
def _server(texts: list[str], address: str | None) -> Iterator[Server]:
    command = [sys.executable, "-m", "bench.served", *([address] if address else [])]
    process = subprocess.Popen(  # noqa: S603 -- our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=forgetting(os.environ),
    )
    try:
        yield Server(process, **json.loads(_told(process, json.dumps(texts))))
    finally:
        process.communicate()


def _told(process: subprocess.Popen[str], line: str) -> str:
    """What a program says when it is told this line."""
    if process.stdin is None or process.stdout is None:
        raise SystemExit("no pipes")
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline()


def _row(what: str, found: list[float], unit: str, goal: float | None, note: str = "") -> Row:
    return Row(what, statistics.median(found), min(found), unit, goal=goal, note=note)


def _ask(found: Asked, server: Server, port: int, paths: list[str], *, seconds: int) -> int:
    """One round; gives how many bytes an answer has."""
    by = _by_wrk if shutil.which("wrk") else _by_ourselves
    told, spent = by(server, port, paths, seconds)
    if told["wrong"]:
        message = f"{told['wrong']} pages were not what they should be"
        raise SystemExit(message)
    found.cpu_us.append(spent / told["done"] * 1e6)
    found.per_s.append(told["done"] / told["seconds"])
    found.p99_ms.append(told["p99_ms"])
    return int(told["bytes"])


def _by_ourselves(
    server: Server, port: int, paths: list[str], seconds: int
) -> tuple[dict[str, float], float]:
    asked = json.dumps({"paths": paths, "cookie": server.cookie, "connections": CONNECTIONS})
    command = [sys.executable, "-m", "bench.load", str(port), str(seconds)]
    process = subprocess.Popen(  # noqa: S603 -- our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    _told(process, asked)  # its connections stand
    before = server.cpu_s()
    told = json.loads(_told(process, "go"))
    spent = server.cpu_s() - before
    process.wait()
    return told, spent


def _by_wrk(
    server: Server, port: int, paths: list[str], seconds: int
) -> tuple[dict[str, float], float]:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(WRK)]
    header = ["-H", f"Cookie: session={server.cookie}", f"http://127.0.0.1:{port}", *paths]
    before = server.cpu_s()
    ran = subprocess.run([*command, *header], check=True, capture_output=True, text=True)  # noqa: S603 -- as named
    return json.loads(ran.stdout.splitlines()[-1]), server.cpu_s() - before
