"""What makes a look worth a second glance: pure, from what is known of the look and of its past.

Nothing here says that somebody did wrong. Each kind says in words why it was noticed and what it
may innocently mean; whoever settles it has asked first. What is ordinary is never noticed: a look
of whoever treats the client, with an appointment near, for reasons that lie in that one record.
"""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

NEAR_DAYS: Final = 14
"""How many days before or after a look an appointment explains it."""
WINDOW: Final = datetime.timedelta(hours=1)
"""The stretch in which records and searches are counted."""
FEWEST_RECORDS: Final = 15
FEWEST_SEARCHES: Final = 20
"""So many within an hour are never noticed, whatever somebody's past was."""
TIMES: Final = 2
"""How much more than the busiest hour of one's own past is noticed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A reason to look twice: its title, why it was noticed, what it may innocently mean."""

    title: str
    why: str
    innocent: str


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "own_name": Kind(
            "The same family name",
            "Whoever looked and the client have the same family name.",
            "Many people share a name without being related.",
        ),
        "close": Kind(
            "Close to the client",
            "It is on file that whoever looked is this client, or family or close.",
            "Somebody may have been asked to help, or the note on file may be old.",
        ),
        "colleague": Kind(
            "A colleague's record",
            "The client works here, has worked here, or belongs to somebody who does.",
            "Colleagues are clients too, and somebody has to book, bill and treat.",
        ),
        "marked": Kind(
            "A record that is watched",
            "Somebody asked that looks at this record be noticed.",
            "Whoever covers, books or bills has reason to look.",
        ),
        "after_hours": Kind(
            "Outside the hours",
            "It was outside the hours of the practice.",
            "Notes are often finished late, and a client may have called.",
        ),
        "no_tie": Kind(
            "No appointment and no tie",
            f"No appointment lies within {NEAR_DAYS} days, and no tie leads to this client.",
            "A call, a letter or a bill, or a colleague who asked for help.",
        ),
        "many": Kind(
            "Many records in an hour",
            "Far more records were looked at in an hour than in this person's busiest one.",
            "A copy of all records, a night sheet, or a day of catching up.",
        ),
        "searching": Kind(
            "Many searches in an hour",
            "Far more searches were made in an hour than in this person's busiest one.",
            "Somebody looks for an old note and does not know whose.",
        ),
    }
)
"""Every kind there is. What stands here is read by the privacy officer alone."""
ALARMS: Final = frozenset({"many", "searching"})
"""The kinds that the privacy officer is told of at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours of a practice by its own clock: on which weekdays (Monday is 0), from, until."""

    days: frozenset[int] = frozenset(range(5))
    opens: datetime.time = datetime.time(7)
    closes: datetime.time = datetime.time(21)

    def are_open(self, local: datetime.datetime) -> bool:
        """Whether a moment by the practice's clock lies within them."""
        return local.weekday() in self.days and self.opens <= local.time() < self.closes


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One look: who, at whose record, when by the practice's clock, and what explains it.

    `appointments`: when the client's appointments begin, by the same clock. `is_reviewed`: a review
    of this look is owed anyway, since glass was broken for it.
    """

    name: str
    posts: Collection[str]
    relations: Collection[str]
    client: str
    local: datetime.datetime
    appointments: Sequence[datetime.datetime] = ()
    is_close: bool = False
    is_colleague: bool = False
    is_marked: bool = False
    is_reviewed: bool = False

    @property
    def is_of_today(self) -> bool:
        """Whether whoever treats the client looked on the day of an appointment."""
        today = self.local.date()
        return "treating" in self.relations and any(
            one.date() == today for one in self.appointments
        )

    @property
    def is_near(self) -> bool:
        """Whether an appointment lies near."""
        days = datetime.timedelta(days=NEAR_DAYS)
        return any(abs(one - self.local) <= days for one in self.appointments)


def unusual(look: Looked, hours: Hours) -> tuple[str, ...]:
    """The kinds for which a look at one record is worth a second glance, in the order of `KINDS`.

    None for whoever treats the client and has an appointment near.
    """
    if "treating" in look.relations and look.is_near:
        return ()
    is_late = not hours.are_open(look.local) and "on_call" not in look.posts
    holds = {
        "own_name": family_name(look.name) == family_name(look.client) != "",
        "close": look.is_close,
        "colleague": look.is_colleague,
        "marked": look.is_marked,
        "after_hours": is_late and not look.is_reviewed,
        "no_tie": not (look.relations or look.is_near or look.is_reviewed),
    }
    return tuple(kind for kind in KINDS if holds.get(kind))


def family_name(name: str) -> str:
    """The last word of a name, as two spellings of it are compared."""
    return (folded(name).split() or [""])[-1]


def folded(name: str) -> str:
    """A name without capitals and accents, with one space between words."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


@dataclass(slots=True)
class Tally:
    """How many of something somebody did within an hour, beside the busiest hours of days before.

    `within` holds what counts (a record, a search) and when it was seen last; `peaks` the busiest
    hours of the last days on which there was anything, the newest last.
    """

    fewest: int
    day: datetime.date
    within: dict[bytes, datetime.datetime] = field(default_factory=dict)
    peak: int = 0
    peaks: tuple[int, ...] = ()
    is_noticed: bool = False

    @property
    def limit(self) -> int:
        """More than this within an hour is noticed."""
        return max(self.fewest, TIMES * max(self.peaks, default=0))

    def count(self, what: bytes, at: datetime.datetime, day: datetime.date) -> bool:
        """Count one more; whether it is the first of the day beyond the limit."""
        if day > self.day:
            # What went beyond the limit raises it slowly: nobody gets used to it in a day.
            self.peaks = (*self.peaks, min(self.peak, self.limit))[-_DAYS_KEPT:]
            self.day, self.peak, self.is_noticed = day, 0, False
        self.within = {one: when for one, when in self.within.items() if at - when < WINDOW}
        self.within[what] = max(at, self.within.get(what, at))
        self.peak = max(self.peak, len(self.within))
        is_first = len(self.within) > self.limit and not self.is_noticed
        self.is_noticed = self.is_noticed or is_first
        return is_first


_DAYS_KEPT: Final = 10
