"""A whole look through the door, its durable ledger line included; and what else goes through it.

CPU time of the process, so that of the thread that writes is in it; waiting for the disk is not.
With 32 threads many lines share one commit and one signature, as in service.
"""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from angerona.errors import Unknown
from angerona.gate.gathering import Wish, gather
from angerona.gate.results import Prepared, Shown
from angerona.rules.answer import Permit
from angerona.rules.decide import decide
from bench.practice import AT, NOTE, founded
from bench.report import Part, timed
from bench.timing import interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from angerona.rules.compile import Packs
    from bench.practice import Practice

CLIENTS: Final = 64
ENTRIES: Final = 1_000
THREADS: Final = 32
EACH: Final = 8
"""How many looks each thread does in one go."""
GOAL_US: Final = 590
"""1,500 looks a second on one core, less 72 us of HTTP for each."""
WISH: Final = Wish(wants=("progress_note",), purpose="treatment")
TO_THE_CLIENT: Final = Wish(
    wants=("progress_note",),
    purpose="client_request",
    to="client",
    facts={"recipient.identity_verified": True, "us_hipaa.access_endangers": False},
)


def doors(packs: Packs) -> Part:
    """Looks, lists, keeping, disclosing, and strangers."""
    with founded(packs) as practice, ThreadPoolExecutor(THREADS) as pool:
        written = practice.written(CLIENTS)
        record = _long_record(practice)
        turns = _Turns(written)
        found = interleaved(
            {
                "look": lambda: look(practice, *turns.next()),
                "keep": lambda: practice.keep(turns.next()[0]),
                "release": lambda: _release(practice, *turns.next()),
                "list": lambda: _list(practice, record),
                "stranger": lambda: _stranger(practice),
                "gather and decide": lambda: _decided(practice, turns.next()[0]),
            }
        )
        many = {
            name: interleaved({name: _by_all(pool, run)}, THREADS * EACH)[name]
            for name, run in {
                "look": lambda: look(practice, *turns.next()),
                "keep": lambda: practice.keep(turns.next()[0]),
            }.items()
        }
        rows = (
            timed("look at a note of 2 kB, 32 threads", many["look"], "us", GOAL_US),
            timed("look at a note of 2 kB, 1 thread", found["look"], "us"),
            timed("of it: gathering and deciding", found["gather and decide"], "us"),
            timed("list a record of 1,000 entries", found["list"], "us"),
            timed("keep a note of 2 kB, 32 threads", many["keep"], "us"),
            timed("keep a note of 2 kB, 1 thread", found["keep"], "us"),
            timed("disclose a note, and say that it was handed over", found["release"], "us"),
            timed("refuse who is not known here", found["stranger"], "us"),
        )
    return Part("Through the door (house, us-hipaa, us-ca), SQLite", rows)


class _Turns:
    """Gives one after another, to any thread."""

    def __init__(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        self._items = itertools.cycle(items)
        self._lock = threading.Lock()

    def next(self) -> tuple[bytes, bytes]:
        with self._lock:
            return next(self._items)


def look(practice: Practice, client_id: bytes, entry_id: bytes) -> None:
    """One look at one entry, by Thea, who treats. Raises `SystemExit` where it is not shown."""
    with practice.visit() as visit:
        shown = practice.door.look(visit, client_id, purpose="treatment", entry_ids=[entry_id])
    if not isinstance(shown, Shown) or shown.entries[0][1].text != NOTE:
        message = f"nothing was shown: {shown}"
        raise SystemExit(message)


def _by_all(pool: ThreadPoolExecutor, run: Callable[[], object]) -> Callable[[], object]:
    def some(_: int) -> None:
        for _ in range(EACH):
            run()

    return lambda: list(pool.map(some, range(THREADS)))


def _long_record(practice: Practice) -> bytes:
    client_id = practice.client()
    for _ in range(ENTRIES):
        practice.keep(client_id)
    return client_id


def _list(practice: Practice, client_id: bytes) -> None:
    with practice.visit() as visit:
        listed = practice.door.list(visit, client_id, purpose="treatment")
    if not isinstance(listed, tuple) or len(listed) != ENTRIES:
        message = f"not the whole record was listed: {listed}"
        raise SystemExit(message)


def _release(practice: Practice, client_id: bytes, entry_id: bytes) -> None:
    with practice.visit() as visit:
        prepared = practice.door.release(
            visit, client_id, TO_THE_CLIENT, entry_ids=[entry_id], recipient="the client"
        )
    if not isinstance(prepared, Prepared):
        message = f"nothing was released: {prepared}"
        raise SystemExit(message)
    practice.door.handed_over(prepared, AT, how="on paper", packet_id=bytes(16))


def _stranger(practice: Practice) -> None:
    with practice.visit() as visit:
        try:
            practice.door.look(visit, bytes(16), purpose="treatment")
        except Unknown:
            return
    message = "somebody unknown was shown"
    raise SystemExit(message)


def _decided(practice: Practice, client_id: bytes) -> None:
    with practice.visit() as visit:
        gathered = gather(visit, practice.door.packs, client_id, WISH)
        answer = decide(gathered.ask, practice.door.packs)
    if not isinstance(answer, Permit):
        message = f"not permitted: {answer}"
        raise SystemExit(message)
