"""Many lines of one kind in one minute become two: the first, and how many more there were.

Failed sign-ins and refusals to strangers cost whoever causes them nothing, so they could flood the
ledger. The first under a subject is written at once; the rest of its minute are counted, and the
count is written when the minute is over. A server that dies loses at most the counts of a minute.
"""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.ledger.lines import Line

if TYPE_CHECKING:
    from concurrent.futures import Future

    from angerona.ledger.ledger import Ledger
    from angerona.ledger.lines import Written


@dataclass(slots=True)
class _Minute:
    begins: datetime.datetime
    more: int = 0


class Repeats:
    """Writes lines that may repeat into a ledger. Any thread may use it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._minutes: dict[tuple[bytes, str], _Minute] = {}
        self._lock = threading.Lock()

    def write(self, line: Line, at: datetime.datetime) -> Future[Written] | None:
        """Write the first line of its subject and kind in a minute; count any other."""
        self.tick(at)
        with self._lock:
            minute = self._minutes.setdefault(
                (line.subject_id, line.kind), _Minute(_minute(at), -1)
            )
            minute.more += 1
            is_first = minute.more == 0
        if is_first:
            return self._ledger.append(line, at, authority=None, changes=None)
        return None

    def tick(self, at: datetime.datetime) -> list[Future[Written]]:
        """Write the counts of minutes that are over; to be called once a minute or so."""
        now = _minute(at)
        with self._lock:
            over = {key: one for key, one in self._minutes.items() if one.begins < now}
            for key in over:
                del self._minutes[key]
        return [
            self._ledger.append(_counted(key, one), at, authority=None, changes=None)
            for key, one in over.items()
            if one.more
        ]


def _counted(key: tuple[bytes, str], minute: _Minute) -> Line:
    subject_id, kind = key
    return Line(subject_id, kind, {"more": minute.more, "in_the_minute": f"{minute.begins:%H:%M}Z"})


def _minute(at: datetime.datetime) -> datetime.datetime:
    return at.astimezone(datetime.UTC).replace(second=0, microsecond=0)
