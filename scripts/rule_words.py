"""How the rule pages say things: lists, times, sources, conditions, in plain words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from angerona.words import (
    ACTS,
    CLASSES,
    DUTY_KINDS,
    EVENTS,
    INSTRUMENTS,
    LIMITS,
    PURPOSES,
    RECIPIENTS,
    RELATIONS,
    ROLES,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from angerona.rules.entries import Duty, Entry, Ground

ORDER_OF_LISTS = (CLASSES, RECIPIENTS, PURPOSES, INSTRUMENTS, ACTS, RELATIONS, ROLES)
UNITS = {
    "Y": ("year", "years"),
    "M": ("month", "months"),
    "W": ("week", "weeks"),
    "D": ("day", "days"),
    "TH": ("hour", "hours"),
    "TM": ("minute", "minutes"),
    "TS": ("second", "seconds"),
}


def listed(words: Iterable[str], joint: str = "and") -> str:
    """Words joined as a person would: a, b and c."""
    *head, last = words
    return f"{', '.join(head)} {joint} {last}" if head else last


def said(names: Collection[str], words: Mapping[str, str], joint: str = "and") -> str:
    """Words of one closed list in the order of that list, as a person reads them."""
    return listed((words[name] for name in words if name in names), joint)


def hats(names: Collection[str]) -> str:
    """Roles and relations, as a ground's `by` lists them: any one of them is enough."""
    words = {**ROLES, **RELATIONS}
    return listed((words[name] for name in words if name in names), "or")


def time(duration: str, days: str = "calendar") -> str:
    """An ISO 8601 duration in words."""
    if not re.search(r"[1-9]", duration):
        return "at once"
    date, _, clock = duration.removeprefix("P").partition("T")
    parts = [(number, unit) for number, unit in re.findall(r"(\d+)([YMWD])", date)]
    parts += [(number, f"T{unit}") for number, unit in re.findall(r"(\d+)([HMS])", clock)]
    return listed(
        f"{number} {'working ' if unit == 'D' and days == 'working' else ''}"
        f"{UNITS[unit][int(number) != 1]}"
        for number, unit in parts
    )


def by_when(duty: Duty) -> str:
    """When a duty falls due, in words; empty if the pack sets no time."""
    parts = []
    if duty.later_of:
        ends = (
            f"{one.due_from}"
            if time(one.due) == "at once"
            else f"{time(one.due)} from {one.due_from}"
            for one in duty.later_of
        )
        parts.append(f"by the later of: {listed(ends)}")
    elif duty.due and duty.due != duty.not_before:
        parts.append(due(duty.due, duty.due_from, duty.days))
    if duty.not_before:
        start = f" from {duty.due_from}" if duty.due_from else ""
        parts.append(f"not before {time(duty.not_before, duty.days)}{start} have passed")
    if duty.standard:
        parts.append(f"the law's words: “{duty.standard}”")
    return "; ".join(parts)


def due(duration: str, start: str, days: str = "calendar") -> str:
    """A time limit and where it begins."""
    span = time(duration, days)
    within = span if span == "at once" else f"within {span}"
    return f"{within} from {start}" if start else within


def triggers(duty: Duty, titles: Mapping[str, str]) -> str:
    """What brings a duty about."""
    said_of = []
    for name in duty.on:
        if name in EVENTS:
            said_of.append(EVENTS[name])
        elif name in LIMITS:
            said_of.append(f"under the limit: {LIMITS[name]}")
        else:
            said_of.append(f"after “{titles[name]}”")
    return "; ".join(dict.fromkeys(said_of))


def manner(duty: Duty) -> str:
    """Whether something must, may or must not be done, and of what kind it is."""
    modes = {"required": "must", "discretionary": "may", "prohibited": "must not"}
    to = f" {RECIPIENTS[duty.to]}" if duty.to else ""
    return f"{modes[duty.mode]}: {DUTY_KINDS[duty.kind]}{to}"


def need(ask: str, expression: str) -> str:
    """A condition that must be met: its question, and the answer that meets it."""
    plain = re.match(r"(not )?[\w.]+$", expression)
    if plain is None:
        return f"Needs: {ask} {code(expression)}"
    return f"Needs the answer {'no' if plain[1] else 'yes'}: {ask} {code(expression)}"


def source(entry: Entry, *, weighs: bool = False) -> str:
    """Citation, whether and when the text was seen, and where."""
    if entry.verified:
        seen = f"text seen on {entry.as_of.isoformat()}"
    elif weighs:
        seen = "text not seen: it bars and never opens"
    else:
        seen = "text not seen"
    links = ", ".join(map(link, entry.source_url))
    return f"{entry.cite} ({seen}{': ' + links if links else ''})"


def link(address: str) -> str:
    """A source address as a link that shows its host; anything else as it is written."""
    if not re.match(r"https?://\S+$", address):
        return address
    return f"[{urlsplit(address).netloc.removeprefix('www.')}](<{address}>)"


def code(expression: str) -> str:
    """A condition as the pack writes it."""
    return f"`{expression}`" if expression else ""


def cell(text: str) -> str:
    """Text made safe for a table's cell."""
    return text.replace("|", "\\|").replace("\n", " ")


def reach(ground: Ground) -> Iterator[str]:
    """To whom, for what, on what, of what: one line each where a ground narrows it."""
    yield f"Of what: {what(ground)}"
    if ground.to is not None:
        yield f"To: {said(ground.to, RECIPIENTS, 'or')}"
    if ground.purposes is not None:
        yield f"For: {said(ground.purposes, PURPOSES, 'or')}"
    if ground.instruments is not None:
        yield f"Resting on: {said(ground.instruments, INSTRUMENTS, 'or')}"
    if ground.acts != {"hand_over"}:
        yield f"What may be done: {said(ground.acts, ACTS, 'or')}"
    if ground.by is not None:
        yield f"By: {hats(ground.by)}"


def what(ground: Ground) -> str:
    """The classes a ground covers."""
    covers = "everything" if ground.covers is None else said(ground.covers, CLASSES)
    but = ground.excludes & (ground.covers or ground.excludes)
    return f"{covers}, but not {said(but, CLASSES, 'or')}" if but else covers
