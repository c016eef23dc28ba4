"""How much of what strangers send is held at once: who is signed in has nothing to do with it.

A stranger's form is short: a name, a password, a code. So only a few are read at once, of one
address and in all, and each up to some kilobytes. A longer one may be what somebody typed whose
session has ended meanwhile, and is not to be lost: one at a time of each address is read, if it
comes quickly.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from anyio import current_time

from angerona.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyio import CancelScope

SHORT_BYTES_MAX: Final = 16_000
SHORT_AT_ONCE: Final = 128
SHORT_OF_ONE_ADDRESS: Final = 8
LONG_AT_ONCE: Final = 8
LONG_S_MAX: Final = 15


class Strangers:
    """What is being read of strangers now. For the one thread that reads."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._short: Counter[str] = Counter()
        self._long: set[str] = set()

    @contextmanager
    def one(self, place: str) -> Iterator[Stranger]:
        """Room for a form from this address while it is read. Raises `BadInput` without room."""
        if self._short[place] >= SHORT_OF_ONE_ADDRESS or self._short.total() >= SHORT_AT_ONCE:
            raise _too_many()
        self._short[place] += 1
        stranger = Stranger(self._long, place)
        try:
            yield stranger
        finally:
            stranger.end()
            self._short[place] -= 1
            self._short += Counter()  # forgets whoever has none


class Stranger:
    """One form of a stranger, while it is read."""

    def __init__(self, long: set[str], place: str) -> None:
        self._long, self._place, self._is_long = long, place, False

    def holds(self, size: int, scope: CancelScope) -> None:
        """Note how many bytes came so far; a long form must end soon.

        Raises `BadInput` where it is long and there is no room for one.
        """
        if size <= SHORT_BYTES_MAX or self._is_long:
            return
        if self._place in self._long or len(self._long) >= LONG_AT_ONCE:
            raise _too_many()
        self._long.add(self._place)
        self._is_long = True
        scope.deadline = min(scope.deadline, current_time() + LONG_S_MAX)

    def end(self) -> None:
        """Give its room to the next."""
        if self._is_long:
            self._long.discard(self._place)


def _too_many() -> BadInput:
    return BadInput("the form", "is one of too many at once", "go back, and send it once more")
