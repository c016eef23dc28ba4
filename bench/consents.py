"""Loading a million consents: time, memory, and what one client's consents cost afterwards.

As a program (`python -m bench.consents COUNT`) it loads once in a process of its own, so that the
memory it names is that of the consents and of nothing else.
"""

from __future__ import annotations

import gc
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from angerona.rules.ask import read_ask
from angerona.words import CLASSES, NAMED_ONE_BY_ONE, PROCESS_NOTES, PURPOSES, RECIPIENTS
from bench.consent_file import COLUMNS, ConsentFile
from bench.report import Part, Row, timed
from bench.timing import Timed, interleaved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.rules.compile import Packs

COUNT: Final = 1_000_000
LOADS: Final = 7
SAMPLE: Final = 200
FORMS: Final = 40
VARIANTS: Final = 8
ELEMENTS: Final = (
    "signed",
    "dated",
    "expiry",
    "right_to_revoke",
    "recipient_named",
    "purpose_named",
)
KIB: Final = 1024


def written(count: int, seed: int = 1) -> Iterator[str]:
    """Made-up consents as lines of JSON, about three to a client.

    As in a practice: forty forms, each filled in with a few variants, on every day of nine years.
    """
    dice = random.Random(seed)
    clients = max(1, count // 3)
    papers = [paper for form in range(FORMS) for paper in _papers(form, dice)]
    for number in range(count):
        paper = papers[int(dice.random() * len(papers))]
        client = int(dice.random() * clients)
        year, day = 2018 + number % 9, f"{1 + number % 12:02}-{1 + number % 28:02}"
        until = f'"{year + 2}-{day}"' if number % 5 else "null"
        revoked = "null" if number % 11 else f'"{year + 1}-{day}"'
        yield (
            f'{{"client": "{client:032x}", {paper}, '
            f'"from": "{year}-{day}", "until": {until}, "revoked": {revoked}}}'
        )


def _papers(form: int, dice: random.Random) -> Iterator[str]:
    """The variants of one form: what does not depend on client and dates, as a piece of JSON."""
    plain = [name for name in CLASSES if name not in NAMED_ONE_BY_ONE]
    classes = sorted(PROCESS_NOTES) if form % 10 == 0 else dice.sample(plain, 4)
    recipients = dice.sample(list(RECIPIENTS), 2)
    purposes = dice.sample(list(PURPOSES), 2)
    for variant in range(VARIANTS):
        yield json.dumps(
            {
                "by": ("client", "client", "parent", "representative")[variant % 4],
                "form": f"form.{form}",
                "classes": classes[variant % 2 :],
                "to": recipients[: 1 + variant % 2],
                "purposes": purposes[: 1 + variant % 2],
                "elements": {name: dice.random() < 0.9 for name in ELEMENTS},
            }
        )[1:-1]


def loading(packs: Packs) -> Part:
    """A million consents in fresh processes, one after the other, from two forms in turn."""
    with tempfile.TemporaryDirectory() as folder:
        files = {"lines": Path(folder) / "consents.jsonl", "rows": Path(folder) / "consents.db"}
        with files["lines"].open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in written(COUNT))
        _store(files["lines"], files["rows"])
        size = files["lines"].stat().st_size / 1e6
        runs: dict[str, list[dict[str, int]]] = {name: [] for name in files}
        for _ in range(LOADS):
            for name, path in files.items():
                runs[name].append(_in_its_own_process(path))
    rows: list[Row] = []
    for name, what in (
        ("rows", "from rows of numbers in SQLite"),
        ("lines", f"from {size:,.0f} MB of JSON lines"),
    ):
        times = Timed(tuple(run["ns"] for run in runs[name]))
        held = Timed(tuple(run["kib"] * KIB for run in runs[name]))
        peak = Timed(tuple(run["peak_kib"] * KIB for run in runs[name]))
        rows += (
            timed(what, times, "s", 5),
            Row("  memory held", held.median / 1e6, held.best / 1e6, "MB", 250),
            Row("  memory at its peak", peak.median / 1e6, peak.best / 1e6, "MB", 250),
        )
    return Part(
        f"Loading {COUNT:,} consents, indexed by client",
        (*rows, *_afterwards(packs)),
        (
            "A prototype in bench/consent_file.py: the product has no file of consents yet.",
            "Memory is what the process holds after loading, less what it held before.",
        ),
    )


def _afterwards(packs: Packs) -> Iterator[Row]:
    """What one client's consents cost, once they are loaded."""
    held = ConsentFile.of_lines(written(SAMPLE * 3))
    clients = list(held.clients)[:SAMPLE]
    given = _lists(clients, held)
    found = interleaved(
        {
            "held": lambda: [held.of(client) for client in clients],
            "read": lambda: [_read(packs, consents) for consents in given],
        },
        len(clients),
    )
    yield timed("then: the consents of one client, as an Ask carries them", found["held"], "us")
    yield timed("beside: an Ask with those consents read from JSON", found["read"], "us")


def _store(lines: Path, database: Path) -> None:
    """The same consents as rows of numbers, the form in which a store would keep them."""
    with lines.open(encoding="utf-8") as file:
        held = ConsentFile.of_lines(file)
    with closing(sqlite3.connect(database)) as store:
        store.execute(f"CREATE TABLE consent ({', '.join(f'c{n}' for n in range(len(COLUMNS)))})")
        store.executemany("INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", held.rows())
        store.execute("CREATE TABLE lists (forms TEXT, elements TEXT)")
        store.execute("INSERT INTO lists VALUES (?, ?)", tuple(map(json.dumps, held.lists())))
        store.commit()


def _load(path: Path) -> ConsentFile:
    if path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            return ConsentFile.of_lines(lines)
    with closing(sqlite3.connect(path)) as store:
        forms, elements = map(json.loads, store.execute("SELECT * FROM lists").fetchone())
        return ConsentFile.of_rows(store.execute("SELECT * FROM consent"), forms, elements)


def _lists(clients: list[str], held: ConsentFile) -> list[list[dict[str, Any]]]:
    """The consents of some clients as plain tables again."""
    return [
        [
            {
                "by": one.by,
                "form": one.form,
                "classes": sorted(one.classes),
                "to": sorted(one.to),
                "purposes": sorted(one.purposes),
                "from": one.starts and one.starts.isoformat(),
                "until": one.ends and one.ends.isoformat(),
                "revoked": one.revoked and one.revoked.isoformat(),
                "elements": {
                    **dict.fromkeys(sorted(one.elements), True),
                    **dict.fromkeys(sorted(one.denied), False),
                },
            }
            for one in held.of(client)
        ]
        for client in clients
    ]


def _read(packs: Packs, consents: list[dict[str, Any]]) -> object:
    raw = {
        "packs": ["house"],
        "at": "2026-11-23T10:00:00Z",
        "by": {"role": "counselor", "relation": "treating"},
        "to": "treating_provider",
        "purpose": "treatment",
        "instrument": "consent",
        "wants": ["diagnosis"],
        "consents": consents,
    }
    return read_ask(raw, packs.facts, packs.packs)


def _in_its_own_process(path: Path) -> dict[str, int]:
    done = subprocess.run(  # noqa: S603 -- our own module, our own file
        [sys.executable, "-m", "bench.consents", str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


def _kib(key: str) -> int:
    """A figure of this process in KiB, as Linux keeps it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(key):
            return int(line.split()[1])
    message = f"no {key} here: memory is measured on Linux"
    raise SystemExit(message)


def _load_once(path: Path) -> None:
    gc.collect()
    before = _kib("VmRSS:")
    begun = time.process_time_ns()
    held = _load(path)
    spent = time.process_time_ns() - begun
    gc.collect()
    found = {
        "ns": spent,
        "kib": _kib("VmRSS:") - before,
        "peak_kib": _kib("VmHWM:") - before,
        "held": len(held),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    _load_once(Path(sys.argv[1]))
