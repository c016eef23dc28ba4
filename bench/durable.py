"""Durable jobs a second, beside what the disk gives; and thousands of kills and power cuts.

A job is a sealed note of 2 kB and a line of 600 bytes; each group adds its jobs to a tally, as the
ledger does. Rounds take turns with a raw append and sync of 4 kB in the same folder, since disks
differ by the hour; here the clock on the wall counts, because waiting for the disk is the matter.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from angerona.store import open_store
from bench.report import Part, Row, not_measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from angerona.rules.compile import Packs
    from angerona.store import Store, Writing

TESTS: Final = Path(__file__).resolve().parent.parent / "tests"
ROUNDS: Final = 5
ROUND_S: Final = 2.0
NOTE_BYTES: Final = 2048
LINE_BYTES: Final = 600
KILLS: Final = 2_000
PRACTICE: Final = bytes(range(16))


@dataclass(frozen=True, slots=True)
class Workload:
    """What is written meanwhile, how each process is killed, and how many cuts there are."""

    module: str
    name: str
    killed: tuple[str, ...]
    cuts: int


WORKLOADS: Final = {
    "store": Workload("workloads", "Pairs", ("--life-s=0.03",), 5_000),
    "practice": Workload("record_workload", "Records", ("--life-s=0.15", "--opened=0.8"), 1_500),
}


@dataclass
class Found:
    """Jobs (or syncs) a second, and microseconds of CPU time for each, round by round."""

    per_s: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)

    def row(self, what: str, raw: Found) -> Row:
        """The rate, with its ratio to the raw syncs of the same rounds."""
        pairs = zip(self.per_s, raw.per_s, strict=True)
        times = statistics.median(ours / theirs for ours, theirs in pairs)
        cpu = statistics.median(self.cpu_us)
        note = f"{times:.2g} x the raw syncs; {cpu:.0f} us of CPU each"
        return Row(what, statistics.median(self.per_s), max(self.per_s), "/s", note=note)


def jobs(_packs: Packs) -> Part:
    """Durable jobs a second: SQLite, and PostgreSQL where a server is."""
    rows: list[Row] = []
    with _folder() as folder:
        rows += _beside_raw("SQLite", f"sqlite://{folder}/store/angerona.db", folder)
    try:
        databases = of_tests("databases")
        with _folder() as folder, databases.running(folder) as server:
            rows += _beside_raw("PostgreSQL", server.empty(), folder)
    except (ImportError, OSError, TypeError) as problem:
        rows.append(not_measured("PostgreSQL", f"no server or no driver: {problem}"))
    notes = (
        f"median and best of {ROUNDS} rounds of {ROUND_S:g} s, in turn with the raw syncs",
        "CPU time of the whole process, the threads that wait included; the server's is not",
    )
    return Part("Durable jobs: a note of 2 kB and its line", tuple(rows), notes)


def crashes(_packs: Packs) -> Part:
    """Kills and power cuts of the store alone, then of a practice at work; problems are rows."""
    rows: list[Row] = []
    for what, workload in WORKLOADS.items():
        killed, cuts = _kills(workload), _cuts(workload)
        rows += [
            Row(f"{what}: kills", killed["kills"], None, "", note=_wrong(killed["problems"])),
            Row(f"{what}: acknowledged before them", killed["acknowledged"], None, ""),
            Row(f"{what}: slowest start after one", killed["slowest_start_s"], None, "s", goal=2.0),
            Row(f"{what}: power cuts", cuts.cuts, None, "", note=_wrong(cuts.problems)),
        ]
        some = [*killed["problems"], *cuts.problems][:20]
        rows += [Row(f"{what}: {problem}", None, None, "") for problem in some]
    return Part("Kills and power cuts: lost or torn", tuple(rows))


def _wrong(problems: list[str]) -> str:
    return f"{len(problems)} problems"


def _kills(workload: Workload) -> dict[str, Any]:
    with _folder() as folder:
        command = [sys.executable, str(TESTS / "killing.py"), f"--kills={KILLS}", "--seed=1"]
        command += [f"--folder={folder}", f"--workload={workload.module}:{workload.name}"]
        run = subprocess.run(  # noqa: S603 -- our own program
            [*command, *workload.killed], check=True, stdout=subprocess.PIPE
        )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def _cuts(workload: Workload) -> Any:  # noqa: ANN401 -- the tests are not typed
    power_cut = of_tests("power_cut")
    work = getattr(of_tests(workload.module), workload.name)
    first = None
    if hasattr(work, "prepare"):
        first = power_cut.Picture({power_cut.NAME: work.prepare(None)}, frozenset(), "beginning")
    with _folder() as folder:
        campaign = power_cut.PowerCuts(work, folder, seed=1, first=first)
        campaign.run(workload.cuts)
    return campaign


def of_tests(name: str) -> Any:  # noqa: ANN401 -- the tests are not typed
    """A module that the tests share."""
    if str(TESTS) not in sys.path:
        sys.path.append(str(TESTS))
    return importlib.import_module(name)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="angerona-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _beside_raw(name: str, address: str, folder: Path) -> Iterator[Row]:
    store = open_store(address)
    store.on_group(_tally, lambda: None, lambda: None)
    raw, many, alone = Found(), Found(), Found()
    for _ in range(ROUNDS):
        _round(raw, lambda until: _raw_syncs(folder / "raw", until))
        _round(many, lambda until: _write(store, 32, until))
        _round(alone, lambda until: _write(store, 1, until))
    store.close()
    yield many.row(f"{name}, 32 threads", raw)
    yield alone.row(f"{name}, 1 thread", raw)
    yield raw.row("raw append and sync of 4 kB", raw)


def _round(found: Found, run: Callable[[float], int]) -> None:
    began, cpu = time.monotonic(), time.process_time()
    done = run(began + ROUND_S)
    found.per_s.append(done / (time.monotonic() - began))
    found.cpu_us.append((time.process_time() - cpu) / done * 1e6)


def _raw_syncs(path: Path, until: float) -> int:
    done = 0
    with path.open("wb", buffering=0) as file:
        while time.monotonic() < until:
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            done += 1
    return done


def _write(store: Store, threads: int, until: float) -> int:
    done: list[int] = []

    def work() -> None:
        count = 0
        while time.monotonic() < until:
            store.write(_job()).result()
            count += 1
        done.append(count)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(done)


def _job() -> Callable[[Writing], None]:
    ident, note = os.urandom(16), os.urandom(NOTE_BYTES)

    def job(writing: Writing) -> None:
        writing.run(
            "entries.insert",
            practice_id=PRACTICE,
            client_id=ident,
            place=0,
            entry_id=ident,
            version=1,
            class_byte=1,
            author_id=PRACTICE,
            digest=note[:32],
            blob=note,
        )
        line = note[:LINE_BYTES]
        writing.run("outbox.insert", practice_id=PRACTICE, message_id=ident, row=line)

    return job


def _tally(writing: Writing) -> None:
    given: dict[str, Any] = {"practice_id": PRACTICE, "name": "tally", "row": os.urandom(600)}
    if not writing.run("settings.update", **given):
        writing.run("settings.insert", **given)
