"""Time limits in words: PT36H is "36 hours"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.rules.because import listed
from angerona.rules.durations import amounts

if TYPE_CHECKING:
    from angerona.rules.answer import Owed
    from angerona.rules.entries import Due

_UNITS: Final = (
    ("year", 31_536_000),
    ("month", 2_592_000),
    ("week", 604_800),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
)
_WORKING_DAY_SECONDS: Final = 86_400 * 7 / 5
_SOON_SECONDS: Final = 2 * 86_400
_AT_ONCE: Final = frozenset(
    {"at once", "forthwith", "immediately", "unverzueglich", "without delay", "without undue delay"}
)
NO_TIME: Final = float("inf")


def in_words(duration: str, *, working: bool = False) -> str:
    """A duration as a person says it; empty for no time at all."""
    said: list[str] = []
    for amount, (unit, _) in zip(amounts(duration), _UNITS, strict=True):
        if amount:
            kind = f"working {unit}" if working and unit == "day" else unit
            said.append(f"{amount} {kind}{'' if amount == 1 else 's'}")
    return listed(said) if said else ""


def seconds(duration: str, *, working: bool = False) -> float:
    """About how long it is, to put time limits in order."""
    return sum(
        amount * (_WORKING_DAY_SECONDS if working and unit == "day" else length)
        for amount, (unit, length) in zip(amounts(duration), _UNITS, strict=True)
    )


def limit_in_words(duty: Owed) -> str:
    """By when ("within 36 hours of receiving the information"); empty without a time."""
    working = duty.days == "working"
    if duty.later_of:
        either = " or ".join(_within(one, working=working) for one in duty.later_of)
        return f"{either}, whichever is later"
    said = duty.standard
    if duty.due:
        said = _within_words(duty.due, duty.due_from, working=working)
    if duty.not_before:
        wait = f"not before {in_words(duty.not_before)} have passed"
        said = f"{said}, but {wait}" if said else wait
    return said


def _within(due: Due, *, working: bool) -> str:
    return _within_words(due.due, due.due_from, working=working)


def _within_words(duration: str, from_when: str, *, working: bool) -> str:
    said = in_words(duration, working=working)
    if said:
        return f"within {said} of {from_when}" if from_when else f"within {said}"
    return f"at once on {from_when}" if from_when else "at once"


def urgency(duty: Owed) -> float:
    """What to do first: the shorter limit, in days or in the law's own words; no limit last."""
    working = duty.days == "working"
    if duty.due:
        return seconds(duty.due, working=working)
    if duty.later_of:
        return max(seconds(one.due, working=working) for one in duty.later_of)
    if not duty.standard:
        return NO_TIME
    return 1 if duty.standard in _AT_ONCE else _SOON_SECONDS
