"""Plain text as paragraphs for a page, and times as people read them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime

    from angerona.notices.typesetting import Json

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BREAK: Final = re.compile(r"\n[ \t]*\n\s*")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})


def paragraphs(text: str) -> list[Json]:
    """Paragraphs are parted by an empty line; each is its lines and the way it runs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return [
        {"lines": list(one.split("\n")), "rtl": _runs_right_to_left(one)}
        for one in _BREAK.split(lines)
    ]


def day(at: datetime.date) -> str:
    """`23 November 2026`."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def moment(at: datetime.datetime) -> str:
    """`23 November 2026, 10:00 (UTC+01:00)`.

    The offset, never the zone's name: that does not survive being written down.
    """
    clock, offset = at.isoformat(timespec="minutes")[11:16], at.isoformat(timespec="minutes")[16:]
    return f"{day(at)}, {clock} (UTC{offset})"


def _runs_right_to_left(text: str) -> bool:
    """By the first sign that has a direction (UAX #9, rules P2 and P3)."""
    for sign in text:
        way = unicodedata.bidirectional(sign)
        if way == "L":
            return False
        if way in _RIGHT_TO_LEFT:
            return True
    return False
