"""Whatever takes longer than a second says on stderr how far it is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from angerona.cli.output import ask_aloud

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
