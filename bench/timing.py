"""Fair timing: all that is compared runs in turn, round after round, and CPU time is counted.

Each round calls every workload once, each time in another order, so that whatever else the machine
does falls on all of them alike. The clock is the CPU time of this process; the garbage collector
is emptied before each workload and stays on, as it does in service.
"""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROUNDS: Final = 9
ROUND_NS: Final = 30_000_000
"""A round of one workload is repeated until it lasts about this long."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Nanoseconds of CPU time for one operation, round by round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle round."""
        return statistics.median(self.rounds)

    @property
    def best(self) -> float:
        """The round that was disturbed least."""
        return min(self.rounds)

    def times(self, other: Timed) -> float:
        """How many times as long as another workload, by the median of the same rounds."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs)


def interleaved(
    workloads: Mapping[str, Callable[[], object]], each: int = 1, rounds: int = ROUNDS
) -> dict[str, Timed]:
    """Time workloads against each other.

    Every call of one does `each` operations. Warm-up: each runs until its number of repetitions is
    known, twice at least.
    """
    repeats = {name: _repeats(run) for name, run in workloads.items()}
    found: dict[str, list[float]] = {name: [] for name in workloads}
    order = list(workloads)
    for _ in range(rounds):
        order.append(order.pop(0))
        for name in order:
            found[name].append(_cpu_ns(workloads[name], repeats[name]) / (repeats[name] * each))
    return {name: Timed(tuple(times)) for name, times in found.items()}


def _repeats(run: Callable[[], object]) -> int:
    run()
    return max(1, round(ROUND_NS / max(1, _cpu_ns(run, 1))))


def _cpu_ns(run: Callable[[], object], repeats: int) -> int:
    gc.collect()
    begun = time.process_time_ns()
    for _ in range(repeats):
        run()
    return time.process_time_ns() - begun
