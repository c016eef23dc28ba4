"""Many lines of one kind in one minute become two: the first, and how many more there were.

Failed sign-ins and refusals to strangers cost whoever causes them nothing, so they could flood the
ledger; and whoever goes from page to page of a client sees the same name on each. The first under a
subject, by the same person and of the same thing, is written at once; the rest of its minute are
counted, and the count is written when the minute is over. A server that dies loses at most what it
could not write.
"""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from angerona.ledger.lines import Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.ledger.ledger import Ledger
    from angerona.ledger.lines import Written


Key = tuple[bytes, str, str, str]
"""The subject, the kind, who (an id, if it is said) and what."""


@dataclass(slots=True)
class _Minute:
    begins: datetime.datetime
    more: int = 0
    said: Mapping[str, Any] = field(default_factory=dict)
    """Who and what, as the line of the first says it."""


class Repeats:
    """Writes lines that may repeat into a ledger. Any thread may use it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._minutes: dict[Key, _Minute] = {}
        self._owed: list[tuple[Key, _Minute]] = []
        self._lock = threading.Lock()

    def write(self, line: Line, at: datetime.datetime) -> Written | None:
        """Write the first line of its kind in a minute; count any other that says the same.

        It is durable when this returns. Raises what the ledger raises; then the line is counted, to
        be written with what is owed.
        """
        key, said = _key_of(line)
        begins = _minute(at)
        with self._lock:
            self._close(begins)
            is_first = key not in self._minutes
            minute = self._minutes.setdefault(key, _Minute(begins, said=said))
            minute.more += not is_first
        try:
            self._write_owed(at)
            if not is_first:
                return None
            return self._ledger.append(line, at, authority=None, changes=None).result()
        except BaseException:
            if is_first:
                with self._lock:
                    self._owed.append((key, _Minute(begins, 1, said)))
            raise

    def count(self, line: Line, at: datetime.datetime) -> None:
        """Count a line, the first of its minute too: it is written when the minute is over."""
        key, said = _key_of(line)
        with self._lock:
            self._close(_minute(at))
            self._minutes.setdefault(key, _Minute(_minute(at), said=said)).more += 1

    def tick(self, at: datetime.datetime) -> list[Written]:
        """Write the counts of minutes that are over; to be called once a minute or so.

        They are durable when this returns. Raises what the ledger raises; then what was not written
        is still owed. (A store that fails in the midst of a commit may have written it all the
        same: then a count stands there twice, which is better than not at all.)
        """
        with self._lock:
            self._close(_minute(at))
        return self._write_owed(at)

    def _close(self, now: datetime.datetime) -> None:
        """What was counted in minutes that are over is owed."""
        over = [(key, one) for key, one in self._minutes.items() if one.begins < now]
        for key, one in over:
            del self._minutes[key]
            if one.more:
                self._owed.append((key, one))

    def _write_owed(self, at: datetime.datetime) -> list[Written]:
        with self._lock:
            taken, self._owed = self._owed, []
        if not taken:
            return []
        lines = [_counted(key, one) for key, one in taken]
        try:
            return self._ledger.append_all(lines, at, authority={}, changes=None).result()
        except BaseException:
            with self._lock:
                self._owed = taken + self._owed
            raise


def _key_of(line: Line) -> tuple[Key, Mapping[str, Any]]:
    """What lines that say the same have in common, and that as the line says it."""
    said = {name: line.body[name] for name in ("by", "what") if name in line.body}
    who = said.get("by", {}).get("id", "")
    return (line.subject_id, line.kind, who, said.get("what", "")), said


def _counted(key: Key, minute: _Minute) -> Line:
    subject_id, kind, *_ = key
    counted = {"more": minute.more, "in_the_minute": f"{minute.begins:%H:%M}Z"}
    return Line(subject_id, kind, {**minute.said, **counted})


def _minute(at: datetime.datetime) -> datetime.datetime:
    return at.astimezone(datetime.UTC).replace(second=0, microsecond=0)
