"""Wrong codes of a second factor, counted by person: whoever has a password cannot guess on slowly.

Only who gave the right password is counted, so a stranger never reaches a count. Where a person has
signed in from counts by itself: somebody elsewhere who found the password out slows down elsewhere,
and not the person. A passkey and a recovery code are never counted: nobody guesses them.

Counts and places are kept in memory and end with the process.
"""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG_MAX: Final = ((datetime.timedelta(hours=1), 5), (datetime.timedelta(days=1), 20))
"""How many wrong codes are looked at within how long; twenty a day are 1 in 16,000 to guess one."""
PLACES_MAX: Final = 8
"""From how many places one person is known; the one not used for longest goes first."""
TOLD_FROM_HERE: Final = 3
"""From how many wrong codes on the person is told, where they came from where he or she is."""
_ELSEWHERE: Final = ""


@dataclass(slots=True)
class _Counted:
    places: list[str] = field(default_factory=list)
    wrong: list[tuple[datetime.datetime, str]] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


class Tries:
    """Counts wrong codes. Safe to use from several threads."""

    def __init__(self) -> None:
        """Begin with none, and with nobody known anywhere."""
        self._people: dict[bytes, _Counted] = {}
        self._lock = threading.Lock()

    def may_try(self, person_id: bytes, place: str, at: datetime.datetime) -> bool:
        """Whether a code is looked at that comes from this place (an address, or nothing)."""
        with self._lock:
            return all(
                sum(1 for _ in self._within(person_id, place, at - length)) < most
                for length, most in WRONG_MAX
            )

    def wrong(self, person_id: bytes, place: str, at: datetime.datetime) -> None:
        """Count a wrong code that came with the right password."""
        with self._lock:
            counted = self._people.setdefault(person_id, _Counted())
            oldest = at - max(length for length, _ in WRONG_MAX)
            counted.wrong = [one for one in counted.wrong if one[0] > oldest]
            counted.wrong.append((at, _bucket(counted, place)))
            counted.untold = [*counted.untold, place][-WRONG_MAX[-1][1] :]

    def right(self, person_id: bytes, place: str) -> bool:
        """Know the person at this place from now on; gives whether there is something to be told.

        That is so where wrong codes came from elsewhere since the last time, or several from here.
        """
        with self._lock:
            counted = self._people.setdefault(person_id, _Counted())
            here = [one for one in counted.untold if one == place]
            is_told = len(here) < len(counted.untold) or len(here) >= TOLD_FROM_HERE
            counted.untold = []
            if place:
                counted.wrong = [one for one in counted.wrong if one[1] != place]
                others = [one for one in counted.places if one != place]
                counted.places = [*others, place][-PLACES_MAX:]
            return is_told

    def _within(
        self, person_id: bytes, place: str, since: datetime.datetime
    ) -> Iterator[datetime.datetime]:
        counted = self._people.get(person_id, _Counted())
        mine = _bucket(counted, place)
        return (when for when, bucket in counted.wrong if bucket == mine and when > since)


def _bucket(counted: _Counted, place: str) -> str:
    return place if place in counted.places else _ELSEWHERE
