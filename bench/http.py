"""A look through HTTP, from the request to the page, its durable ledger line included.

The site runs in this process, on one core, as `angerona serve` runs it; 32 connections come from a
process of their own (`bench/load.py`), so that the CPU time counted is the server's alone. A plain
Starlette route that sends as many bytes runs in turn with it, served and asked in the same way.
"""

from __future__ import annotations

import base64
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from angerona.site.application import Site
from angerona.site.guards import Guards
from angerona.site.serving import listening, origin_at, served
from angerona.web.turn import House
from bench.durable import of_tests
from bench.practice import AT, folder, founded
from bench.report import Part, Row, not_measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from angerona.rules.compile import Packs

HOST: Final = "127.0.0.1"
CLIENTS: Final = 48
CONNECTIONS: Final = 32
ROUNDS: Final = 5
ROUND_S: Final = 3.0
GOALS_US: Final = {"SQLite": 1e6 / 1_500, "PostgreSQL": 1e6 / 800}
"""DESIGN section 7: looks a second on one core."""
P99_MS: Final = 60


@dataclass
class Asked:
    """What was found, round by round: CPU microseconds a request, requests a second, 99th ms."""

    cpu_us: list[float] = field(default_factory=list)
    per_s: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)


def looks(packs: Packs) -> Part:
    """The page of a record, on SQLite and PostgreSQL, beside a route that does nothing."""
    rows = list(_beside_plain("SQLite", packs, None))
    try:
        databases = of_tests("databases")
        with folder() as where, databases.running(where) as server:
            rows += _beside_plain("PostgreSQL", packs, server.empty())
    except (ImportError, OSError, TypeError) as problem:
        rows.append(not_measured("PostgreSQL", f"no server or no driver: {problem}"))
    notes = (
        f"median and best of {ROUNDS} rounds of {ROUND_S:g} s, {CONNECTIONS} connections",
        "CPU time of the server's process, held to one core; the load and a database's are not in",
    )
    return Part("A look through HTTP: session, gate, durable line, page", tuple(rows), notes)


def _beside_plain(name: str, packs: Packs, address: str | None) -> Iterator[Row]:
    with founded(packs, address) as practice:
        paths = [f"/clients/{client_id.hex()}" for client_id, _ in practice.written(CLIENTS)]
        cookie = base64.urlsafe_b64encode(practice.cookie).decode().rstrip("=")
        bound = listening(HOST, 0)
        origin = origin_at(HOST, bound.getsockname()[1], is_secure=False)
        house = House(door=practice.door, title="Quiet Rooms", origin=origin, is_sample=True)
        plain_bound = listening(HOST, 0)
        ours, plain = Asked(), Asked()
        with (
            _one_core(),
            served(Site(house, lambda: AT).application(), bound),
        ):
            size = _ask(Asked(), origin, paths, cookie, seconds=1.0)
            plain_origin = origin_at(HOST, plain_bound.getsockname()[1], is_secure=False)
            with served(Guards(_plain(size), plain_origin), plain_bound):
                for _ in range(ROUNDS):
                    _ask(ours, origin, paths, cookie, seconds=ROUND_S)
                    _ask(plain, plain_origin, ["/"], cookie, seconds=ROUND_S)
    times = statistics.median(
        mine / theirs for mine, theirs in zip(ours.cpu_us, plain.cpu_us, strict=True)
    )
    note = f"{statistics.median(ours.per_s):.0f} /s; {times:.1f} x a plain route"
    yield _row(f"{name}: a look", ours.cpu_us, "us", GOALS_US[name], note)
    yield _row(f"{name}: a look, 99 of 100 within", ours.p99_ms, "ms", P99_MS)
    note = f"{statistics.median(plain.per_s):.0f} /s, {size} bytes"
    yield _row("a plain Starlette route, same bytes", plain.cpu_us, "us", None, note)


def _row(what: str, found: list[float], unit: str, goal: float | None, note: str = "") -> Row:
    return Row(what, statistics.median(found), min(found), unit, goal=goal, note=note)


def _ask(found: Asked, origin: str, paths: list[str], cookie: str, *, seconds: float) -> int:
    """One round; gives how many bytes a page has."""
    asked = json.dumps({"paths": paths, "cookie": cookie, "connections": CONNECTIONS})
    command = [sys.executable, "-m", "bench.load", origin.rpartition(":")[2], str(seconds)]
    process = subprocess.Popen(  # noqa: S603 -- our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if process.stdin is None or process.stdout is None:
        raise SystemExit("no pipes")
    process.stdin.write(f"{asked}\n")
    process.stdin.flush()
    process.stdout.readline()  # its connections stand
    cpu = time.process_time()
    process.stdin.write("go\n")
    process.stdin.flush()
    told = json.loads(process.stdout.readline())
    spent = time.process_time() - cpu
    process.wait()
    if told["wrong"]:
        message = f"{told['wrong']} pages were not what they should be"
        raise SystemExit(message)
    found.cpu_us.append(spent / told["done"] * 1e6)
    found.per_s.append(told["done"] / told["seconds"])
    found.p99_ms.append(told["p99_ms"])
    return int(told["bytes"])


def _plain(size: int) -> Starlette:
    body = b"x" * size

    async def answer(_request: Request) -> Response:
        return Response(body, media_type="text/html; charset=utf-8")

    return Starlette(routes=[Route("/", answer)])


@contextmanager
def _one_core() -> Iterator[None]:
    """Hold this process to one core, where the system lets it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
