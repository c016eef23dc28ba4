"""What stays the same however large a practice becomes: starts, looks, epochs, memory.

Large and small take turns. A start is what a server does before its first page: the store is opened
and checked for a second at most, the ledger takes up where it was left. A cold look is the first
one at a client after a start: nothing is at hand, and the client's wrap is opened anew.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from angerona.ledger.lines import KEYS, Line
from angerona.ledger.prefix_map import PrefixMap
from angerona.sealed.attachments import Attachment, opened_attachment, sealed_attachment
from angerona.sealed.client_keys import Whose
from angerona.store import open_store
from bench import ledger
from bench.gate import look
from bench.practice import fill, folder, founded
from bench.report import Part, Row, timed
from bench.timing import Timed, interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from angerona.ledger.ledger import Ledger
    from angerona.rules.compile import Packs
    from angerona.store import Writing
    from bench.practice import Practice

EVENTS: Final = (1_000, 100_000)
LABELS: Final = (1_000, 100_000, 1_000_000)
CLIENTS: Final = (1_000, 100_000)
LOOKED_AT: Final = 48
STARTS: Final = 5
EPOCHS: Final = 40
FLAT: Final = 1.5
ATTACHMENT_BYTES: Final = 1 << 30
MEMORY_MAX_MIB: Final = 64


def flat(what: str, small: Timed, large: Timed) -> Row:
    """How many times as long the large one takes; at most half as long again is wanted."""
    return Row(what, large.times(small), large.best / small.best, "times", FLAT)


def _cpu(run: Callable[[], object]) -> float:
    begun = time.process_time_ns()
    run()
    return float(time.process_time_ns() - begun)


def events(_packs: Packs) -> Part:
    """Starting with a short and a long ledger."""
    with folder() as where:
        addresses = {count: f"sqlite:///{where}/{count}/ledger.db" for count in EVENTS}
        for count, address in addresses.items():
            _written(address, count)
        spent: dict[tuple[str, int], list[float]] = {}
        for _ in range(STARTS):
            for count, address in addresses.items():
                _started(spent, count, address)
    found = {key: Timed(tuple(rounds)) for key, rounds in spent.items()}
    rows = [
        timed(f"{what}, {count:,} events", found[what, count], "ms")
        for what in ("open the store", "take up the ledger")
        for count in EVENTS
    ]
    small, large = (found["take up the ledger", count] for count in EVENTS)
    rows.append(flat(f"take up the ledger: {EVENTS[1]:,} / {EVENTS[0]:,}", small, large))
    return Part("Starting with a ledger", tuple(rows))


def _written(address: str, count: int) -> None:
    store = open_store(address)
    log = ledger.opened(store)
    subjects = ledger.enrolled(store, log, 500)
    for start in range(0, count, len(subjects)):
        some = subjects[: count - start]
        log.append_all([ledger.look(one) for one in some], ledger.AT, authority={}, changes=None)
    log.checkpoint(ledger.AT)
    store.close()


def _started(spent: dict[tuple[str, int], list[float]], count: int, address: str) -> None:
    begun = time.process_time_ns()
    store = open_store(address)
    middle = time.process_time_ns()
    ledger.opened(store)
    ended = time.process_time_ns()
    store.close()
    spent.setdefault(("open the store", count), []).append(middle - begun)
    spent.setdefault(("take up the ledger", count), []).append(ended - middle)


@dataclass
class Grown:
    """What a process found that opened a ledger with a large map."""

    epoch_ns: list[float]
    cold_ns: list[float]
    memory_mib: float


def epochs(_packs: Packs) -> Part:
    """Closing an epoch, and vouching for a subject, with few and many labels in the map."""
    found: dict[int, Grown] = {}
    with folder() as where:
        for labels in LABELS:
            address = f"sqlite:///{where}/{labels}/ledger.db"
            subjects = _in_another_process(_filled, address, labels)
            found[labels] = _in_another_process(_grown, address, subjects)
    closed = {labels: Timed(tuple(one.epoch_ns)) for labels, one in found.items()}
    cold = {labels: Timed(tuple(one.cold_ns)) for labels, one in found.items()}
    rows: list[Row] = []
    for labels, one in found.items():
        what = f"{labels:,} labels: a line that binds, its epoch closed"
        note = f"{one.memory_mib:.0f} MiB more in memory after {EPOCHS} epochs of 25 lines"
        rows.append(timed(what, closed[labels], "us", None, note))
        rows.append(timed(f"{labels:,} labels: vouch for a subject, cold", cold[labels], "us"))
    least, *_, most = LABELS
    for what, times in (("epoch", closed), ("vouch", cold)):
        rows.append(
            replace(flat(f"{what}: {most:,} / {least:,}", times[least], times[most]), goal=None)
        )
    notes = (
        "The labels are put straight into the map; the lines go through the ledger.",
        "Both grow with the depth of the map, the logarithm of its labels: from 10 forks to 20.",
    )
    return Part("Growing: the map of the ledger", tuple(rows), notes)


def _in_another_process(run: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401 -- what it gives
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(run, given)


def _filled(address: str, labels: int) -> list[bytes]:
    """Put labels into a new map, then a thousand subjects with a line each."""
    store = open_store(address)
    log = ledger.opened(store)
    appender = log._appender  # noqa: SLF001 -- a million lines would take minutes
    shelf = appender._shelf  # noqa: SLF001 -- as above

    def job(writing: Writing) -> bytes:
        values = {os.urandom(32): os.urandom(32) for _ in range(labels)}
        return PrefixMap(shelf.map_nodes_to_change(writing)).put(values)

    root = store.write(job).result()
    appender.position = replace(appender.position, map_root=root)
    appender._roots.put(0, root)  # noqa: SLF001 -- as above
    subjects = ledger.enrolled(store, log, 1_000)
    some = [Line(one, "keys", slot=KEYS, binding=os.urandom(32)) for one in subjects]
    log.append_all(some, ledger.AT, authority={}, changes=None).result()
    store.close()
    return subjects


def _grown(address: str, subjects: list[bytes]) -> Grown:
    store = open_store(address)
    log = ledger.opened(store)
    cold = [_cpu(lambda one=one: log.state_of(one)) for one in subjects[:200]]  # type: ignore[misc]  # bound here
    before = _memory_mib()
    spent = []
    for number in range(EPOCHS):
        some = subjects[number * 25 : (number + 1) * 25]
        lines = [Line(one, "keys", slot=KEYS, binding=os.urandom(32)) for one in some]
        spent.append(_cpu(lambda lines=lines: _appended(log, lines)) / len(lines))  # type: ignore[misc]  # as above
    after = _memory_mib()
    store.close()
    return Grown(spent, cold, after - before)


def _appended(log: Ledger, lines: list[Line]) -> None:
    log.append_all(lines, ledger.AT, authority={}, changes=None).result()


def clients(packs: Packs) -> Part:
    """Looks and starts in a small and in a large practice, in turn."""
    few, many = CLIENTS
    with founded(packs) as small, founded(packs) as large:
        practices, written = {few: small, many: large}, {}
        for count, practice in practices.items():
            fill(practice, count - LOOKED_AT)
            written[count] = practice.written(LOOKED_AT)
        warm = interleaved(
            {str(count): _looks(one, written[count]) for count, one in practices.items()}, LOOKED_AT
        )
        starts: dict[int, list[float]] = {few: [], many: []}
        cold: dict[int, list[float]] = {few: [], many: []}
        for _ in range(STARTS):
            for count, practice in practices.items():
                starts[count].append(_cpu(practice.restart))
                cold[count].append(_cpu(_looks(practice, written[count])) / LOOKED_AT)
    return Part("Growing: clients of a practice", tuple(_of_clients(warm, starts, cold)))


def _looks(practice: Practice, written: list[tuple[bytes, bytes]]) -> Callable[[], object]:
    def run() -> None:
        for one in written:
            look(practice, *one)

    return run


def _of_clients(
    warm: dict[str, Timed], starts: dict[int, list[float]], cold: dict[int, list[float]]
) -> Iterator[Row]:
    few, many = CLIENTS
    colds = {count: Timed(tuple(rounds)) for count, rounds in cold.items()}
    for count in CLIENTS:
        yield timed(f"look, {count:,} clients", warm[str(count)], "us")
        yield timed(f"first look after a start, {count:,} clients", colds[count], "us")
        yield timed(f"start, {count:,} clients", Timed(tuple(starts[count])), "ms", 2_000)
    yield flat(f"look: {many:,} / {few:,}", warm[str(few)], warm[str(many)])
    yield flat(f"first look: {many:,} / {few:,}", colds[few], colds[many])


def attachment(_packs: Packs) -> Part:
    """The memory that the largest attachment takes, sealed and opened again, piece by piece."""
    with folder() as where:
        took = {
            what: _in_another_process(run, where)
            for what, run in (("seal", _sealed), ("open", _opened))
        }
    rows = tuple(
        Row(f"{what} 1 GiB: memory", memory, None, "MiB", MEMORY_MAX_MIB, f"{cpu:.0f} s of CPU")
        for what, (memory, cpu) in took.items()
    )
    return Part("The largest attachment", rows)


class _Zeros(io.RawIOBase):
    """A file of zeros that lies nowhere."""

    def __init__(self, size: int) -> None:
        self._size, self._at = size, 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + (self._size if whence == os.SEEK_END else 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        count = min(size, self._size - self._at)
        self._at += count
        return bytes(count)


class _Nowhere(io.RawIOBase):
    """Takes everything and keeps nothing."""

    def write(self, data: bytes) -> int:  # type: ignore[override]  # only bytes come here
        return len(data)


WHOSE: Final = Whose(bytes(16), bytes(range(16)), bytes(32))


def _sealed(where: Path) -> tuple[float, float]:
    store = open_store(f"sqlite:///{where}/files.db")
    before, begun = _memory_mib(), time.process_time()
    made = sealed_attachment(store, WHOSE, cast("BinaryIO", _Zeros(ATTACHMENT_BYTES)), "scan")
    after, spent = _memory_mib(), time.process_time() - begun
    (where / "made").write_bytes(msgspec.msgpack.encode(made))
    store.close()
    return after - before, spent


def _opened(where: Path) -> tuple[float, float]:
    store = open_store(f"sqlite:///{where}/files.db")
    made = msgspec.msgpack.decode((where / "made").read_bytes(), type=Attachment)
    before, begun = _memory_mib(), time.process_time()
    opened_attachment(store, made, WHOSE, cast("BinaryIO", _Nowhere()))
    after, spent = _memory_mib(), time.process_time() - begun
    store.close()
    return after - before, spent


def _memory_mib() -> float:
    """The most memory this process ever had; the C library's figure would be its parent's too."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
