"""Whatever takes longer than a second says on stderr how far it is."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from angerona.cli.output import ask_aloud

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import rich.progress

EVERY_SECONDS: Final = 1.0


@dataclass(slots=True)
class Progress:
    """Counts steps, and says so at most once a second."""

    what: str
    total: int
    _done: int = 0
    _said: float = field(default_factory=time.monotonic)

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        now = time.monotonic()
        if now - self._said >= EVERY_SECONDS:
            self._said = now
            ask_aloud(f"{self.what}: {self._done} of {self.total}\n")


@dataclass(slots=True)
class Told:
    """Says what is being done, how far it is and how much it is, at most once a second."""

    _said: float = field(default_factory=time.monotonic)

    def __call__(self, what: str, done: int, total: int) -> None:
        """So much of this is done."""
        now = time.monotonic()
        if now - self._said >= EVERY_SECONDS:
            self._said = now
            ask_aloud(f"{what}: {100 * done // max(total, 1)} %\n")


class Bar:
    """A bar on stderr where that is a terminal; anywhere else nothing at all."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = total
        self._drawn: rich.progress.Progress | None = None

    def __enter__(self) -> Self:
        if sys.stderr is not None and sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415 -- a pipe never pays for a bar
            from rich.progress import Progress as Drawn  # noqa: PLC0415 -- the same

            self._drawn = Drawn(console=Console(stderr=True), transient=True)
            self._drawn.start()
            self._drawn.add_task(self._what, total=self._total)
        return self

    def at(self, done: float) -> None:
        """So much of the whole is done."""
        if self._drawn is not None:
            self._drawn.update(self._drawn.task_ids[0], completed=done)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._drawn is not None:
            self._drawn.stop()
