"""Which of 100,000 entries may this person see: numpy, SQLite and PostgreSQL, identical ids."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from angerona.rules.tables import Kinds, Table, Way, table_of
from angerona.words import CLASSES, PROCESS_NOTES
from bench.asks import PACKS
from bench.looks import by_decide
from bench.report import Part, Row, not_measured, timed
from bench.timing import ROUNDS, interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from angerona.rules.ask import Value
    from angerona.rules.compile import Packs
    from bench.looks import Look

ENTRIES: Final = 100_000
PAGE: Final = 50
MADE: Final = "CREATE TABLE entry (id INTEGER PRIMARY KEY, kind INTEGER)"
INDEX: Final = "CREATE INDEX entry_kind ON entry (kind)"
TIMING: Final = re.compile(r"^Time: ([0-9.]+) ms", re.MULTILINE)
Facts = dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Request:
    """Someone who wants the list: who it is and what for, and what is known of the request."""

    role: str
    relation: str
    purpose: str
    facts: Mapping[str, Value]

    def table(self, packs: Packs) -> Table:
        """The table of this way of looking."""
        way = Way(self.role, self.relation, "workforce", self.purpose)
        return table_of(packs.law(PACKS), way)


REQUESTS: Final = {
    "supervisor": Request(
        "psychologist", "supervisor", "supervision", {"care.supervision_assigned": True}
    ),
    "on call": Request("physician", "on_call", "emergency", {"care.break_glass_reason": True}),
    "biller": Request("biller", "none", "payment", {}),
}
SESSIONS: Final[tuple[Facts, ...]] = (
    {"record.joint": False},
    {"record.joint": True, "record.all_parties_consent": True},
    {"record.joint": True, "record.all_parties_consent": False},
)
PROGRAMMES: Final[tuple[Facts, ...]] = ({"record.part2": False}, {"record.part2": True}, {})
"""The last one: nobody has established whether the entry is of such a programme."""
SHARED: Final[tuple[Facts, ...]] = ({"house.author_shares": True}, {"house.author_shares": False})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for the list of all entries, and the ids that it must find."""

    kinds: Kinds
    table: Table
    facts: Mapping[str, Value]
    column: NDArray[np.int64]
    ids: list[int]

    def mask(self) -> NDArray[np.bool_]:
        """All that numpy does for a request."""
        return self.kinds.filter(self.kinds.visible(self.table, self.facts), self.column)

    def where(self) -> str:
        """All that happens before the database is asked."""
        return self.kinds.predicate(self.kinds.visible(self.table, self.facts), "kind")

    def check(self, name: str, found: list[int]) -> None:
        """Raises `SystemExit` where an engine finds other ids."""
        if sorted(found) != self.ids:
            message = f"{name} gives other ids than decide(), so nothing is timed"
            raise SystemExit(message)


def filters(packs: Packs) -> Part:
    """The list filter for each request, in each engine."""
    kinds = _kinds()
    column = np.random.default_rng(1).integers(0, len(kinds), ENTRIES, dtype=np.int64)
    rows: list[Row] = []
    notes: list[str] = []
    for name, request in REQUESTS.items():
        ids = (np.flatnonzero(_decided(packs, request, kinds)[column]) + 1).tolist()
        asked = Asked(kinds, request.table(packs), request.facts, column, ids)
        rows += _in_process(name, asked)
        rows += _in_postgres(name, asked)
        visible = len(kinds.visible(asked.table, asked.facts))
        notes.append(
            f"{name}: {visible} of {len(kinds)} kinds, {len(ids):,} of {ENTRIES:,} entries."
        )
    notes.append("Every engine gave the same ids as decide() asked of each kind, before timing.")
    notes.append("numpy and SQLite: each time with visible(), as a request does it.")
    notes.append(f"SQLite {sqlite3.sqlite_version} in memory; all ids: a Python row for each.")
    notes.append(
        "PostgreSQL runs in processes of its own: wall time as psql tells it, not CPU, and "
        "without visible() and predicate()."
    )
    title = f"List filter over {ENTRIES:,} entries of {len(kinds)} kinds ({', '.join(PACKS)})"
    return Part(title, tuple(rows), tuple(notes))


def _kinds() -> Kinds:
    """What is known of an entry when it is written, for each class."""
    kinds = Kinds()
    for wanted in CLASSES:
        for session, programme in product(SESSIONS, PROGRAMMES):
            for shared in SHARED if wanted in PROCESS_NOTES else ({},):
                kinds.number(wanted, session | programme | shared)
    return kinds


def _decided(packs: Packs, request: Request, kinds: Kinds) -> NDArray[np.bool_]:
    """Which kinds may be seen, each asked as a whole Ask of the function that answers all."""
    decided = by_decide(packs, PACKS)
    seen = []
    for number in range(len(kinds)):
        wanted, own = kinds.kind(number)
        look: Look = {
            "role": request.role,
            "relation": request.relation,
            "purpose": request.purpose,
            "class": wanted,
            "facts": {**request.facts, **own},
        }
        seen.append(decided(look) != "silence")
    return np.array(seen)


def _in_process(name: str, asked: Asked) -> Iterator[Row]:
    """Numpy, and SQLite in memory with an index over the kinds."""
    store = _sqlite(asked.column)
    asked.check("numpy", (np.flatnonzero(asked.mask()) + 1).tolist())
    asked.check("SQLite", [row[0] for row in store.execute(_ids(asked.where()))])
    runs: dict[str, tuple[Callable[[], object], float | None]] = {
        "numpy: visible() and filter()": (asked.mask, 1),
        "visible() and predicate() alone": (asked.where, None),
        "SQLite: count": (lambda: store.execute(_count(asked.where())).fetchall(), 2),
        "SQLite: all ids": (lambda: store.execute(_ids(asked.where())).fetchall(), 2),
        f"SQLite: newest {PAGE}": (lambda: store.execute(_page(asked.where())).fetchall(), 2),
    }
    found = interleaved({what: run for what, (run, _) in runs.items()})
    store.close()
    for what, one in found.items():
        yield timed(f"{name}, {what}", one, "ms", runs[what][1])


def _sqlite(column: NDArray[np.int64]) -> sqlite3.Connection:
    store = sqlite3.connect(":memory:")
    store.execute(MADE)
    store.executemany("INSERT INTO entry VALUES (?, ?)", enumerate(column.tolist(), start=1))
    store.execute(INDEX)
    store.execute("ANALYZE")
    return store


def _count(where: str) -> str:
    return f"SELECT count(*) FROM entry WHERE {where}"  # noqa: S608 -- made from our own numbers


def _ids(where: str) -> str:
    return f"SELECT id FROM entry WHERE {where}"  # noqa: S608 -- as above


def _page(where: str) -> str:
    return f"{_ids(where)} ORDER BY id DESC LIMIT {PAGE}"


def _in_postgres(name: str, asked: Asked) -> list[Row]:
    """PostgreSQL, if this machine has it: a server of our own, in a folder of its own."""
    what = f"{name}, PostgreSQL"
    if (folder := _postgres()) is None:
        return [not_measured(what, "no PostgreSQL server on this machine")]
    where = asked.where()
    data = "\n".join(f"{id_}\t{kind}" for id_, kind in enumerate(asked.column.tolist(), start=1))
    queries = {"count": _count(where), "all ids": _ids(where), f"newest {PAGE}": _page(where)}
    with _server(folder) as psql:
        psql(f"{MADE};\nCOPY entry (id, kind) FROM stdin;\n{data}\n\\.\n{INDEX};\n")
        psql("VACUUM ANALYZE entry;")
        asked.check("PostgreSQL", [int(line) for line in psql(f"{_ids(where)};").split()])
        script = "\n".join([*(f"{query};" for query in queries.values())] * (ROUNDS + 1))
        said = psql(f"SET jit = off;\n\\o /dev/null\n\\timing on\n{script}\n")
    times = [float(time) for time in TIMING.findall(said)][len(queries) :]
    return [
        Row(f"{what}: {one}", statistics.median(own), min(own), "ms", 20, "wall time")
        for place, one in enumerate(queries)
        for own in [times[place :: len(queries)]]
    ]


def _postgres() -> Path | None:
    """Where the server's programs are, if they are here and we may start them."""
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (found / "initdb").exists() and shutil.which("psql"):
            return found
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path and shutil.which("psql") else None


@contextmanager
def _server(programs: Path) -> Iterator[Callable[[str], str]]:
    """A server that listens on a socket in its own folder only, stopped and removed afterwards."""
    as_user = _other_user()
    with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if as_user:
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        _run([*as_user, str(programs / "initdb"), "-D", data, "-U", "bench", "-A", "trust"])
        options = f"-c listen_addresses='' -k {folder} -c fsync=off"
        control = [*as_user, str(programs / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log"]
        _run([*control, "-o", options, "start"])
        try:
            client = ["psql", "-X", "-q", "-A", "-t", "-h", name, "-U", "bench", "postgres"]
            yield lambda script: _run([*as_user, *client, "-v", "ON_ERROR_STOP=1"], script)
        finally:
            _run([*control, "-m", "immediate", "stop"])


def _other_user() -> list[str]:
    """PostgreSQL refuses to run as root; then it runs as its own user."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _run(command: list[str], given: str = "") -> str:
    done = subprocess.run(  # noqa: S603 -- the server's own programs, our own arguments
        command, input=given, capture_output=True, check=True, text=True, cwd="/"
    )
    return done.stdout
