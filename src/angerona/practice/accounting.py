"""The account of what was shared: to whom, when, what of and why, as each pack in force defines it.

It is a view over the lines of the ledger, and nothing is kept for it. A pack says how far it goes
back and what it leaves out; of several packs what any of them lists is listed; where none says
anything, everything that left is. A suspension is a filter: while a lawful hold lasts, what went to
whom it names is left out, and nothing tells that it is.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, NotPermitted, one_line, one_of
from angerona.notices.csv_files import csv_of
from angerona.notices.paragraphs import day, moment, paragraphs
from angerona.notices.typesetting import typeset
from angerona.practice.matters import Step, begin
from angerona.practice.members import OFFICER
from angerona.practice.rights import RIGHT, rules_of
from angerona.rules.answer import AskFirst, Refuse
from angerona.rules.because import listed
from angerona.rules.durations import amounts
from angerona.sealed.duties import MATTER, sighted_of_client
from angerona.words import CLASSES, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from angerona.gate.door import Door
    from angerona.ledger.lines import OpenedLine
    from angerona.notices.typesetting import Json
    from angerona.rules.entries import Right
    from angerona.sealed.vault import Vault, Visit

SUSPENSION: Final = "suspension"
"""The right of a matter that suspends the account towards somebody; it is held back as a whole."""
ORAL_AT_MOST: Final = datetime.timedelta(days=30)
"""How long a hold lasts that was only spoken: 45 CFR 164.528(a)(2)(ii)."""
AT_MOST: Final = datetime.timedelta(days=366)
NOBODY_OUTSIDE: Final = frozenset({"client", "workforce"})
RECIPIENT_MAX: Final = 200
_HEADINGS: Final = ("when", "to", "name", "for", "what", "number")


@dataclass(frozen=True, slots=True)
class Shared:
    """That something left: when, to whom by kind and name, what for, which classes, how many."""

    at: datetime.datetime
    to: str
    recipient: str
    purpose: str
    classes: tuple[str, ...]
    entries: int
    grounds: tuple[str, ...]
    in_camera: bool = False

    def words(self) -> tuple[str, ...]:
        """The same as a person reads it, after the time."""
        return (
            RECIPIENTS.get(self.to, self.to),
            f"{self.recipient}, for the judge alone" if self.in_camera else self.recipient,
            PURPOSES.get(self.purpose, self.purpose),
            listed(CLASSES[one] for one in self.classes) if self.classes else "",
            str(self.entries),
        )


@dataclass(frozen=True, slots=True)
class Account:
    """What is listed, oldest first; `steps`: what the packs say of how it is given."""

    made: datetime.datetime
    practice: str
    shared: tuple[Shared, ...]
    steps: tuple[str, ...]
    zone: datetime.tzinfo

    def about(self, classes: Collection[str]) -> Account:
        """The same for somebody who may know of these classes alone."""
        known = (
            replace(one, classes=tuple(name for name in one.classes if name in classes))
            for one in self.shared
        )
        return replace(self, shared=tuple(one for one in known if one.classes))

    def as_csv(self) -> bytes:
        """The list as CSV, in UTF-8, with a line of headings; times by the practice's clock."""
        rows = (
            (one.at.astimezone(self.zone).isoformat(timespec="minutes"), *one.words())
            for one in self.shared
        )
        return csv_of(_HEADINGS, rows)

    def as_text(self) -> str:
        """The list as a letter says it."""
        lines = [f"- {self._line(one)}" for one in self.shared]
        if not lines:
            return "We shared nothing that has to be listed here."
        return "This is what we shared:\n\n" + "\n".join(lines)

    def as_pages(self, *, paper: str) -> bytes:
        """The list as a tagged PDF. Raises `MissingExtra`, `PrintFailure`."""
        made = day(self.made.astimezone(self.zone))
        facts: list[Json] = [["Practice", self.practice], ["Made on", made]]
        part: dict[str, Json] = {
            "title": "What was shared",
            "facts": [],
            "paragraphs": paragraphs(self.as_text()),
        }
        data: dict[str, Json] = {
            "paper": paper,
            "title": "Account",
            "short_id": "",
            "facts": facts,
            "parts": [part],
        }
        return typeset("record.typ", data, at=self.made)

    def _line(self, one: Shared) -> str:
        to, name, purpose, what, _ = one.words()
        named = f" ({name})" if name and name != to else ""
        return f"{moment(one.at.astimezone(self.zone))}: to {to}{named}, for {purpose}: {what}."


def account_of(
    door: Door, visit: Visit, client_id: bytes, *, facts: Mapping[str, bool | int | str]
) -> Account | AskFirst | Refuse:
    """The account of one client, for the client or to be given to the client.

    It is a look at who looked, and written as one. Raises as `Door.who_looked`.
    """
    suspended = suspended_now(door.vault, client_id, visit.at)
    holds = {"us_hipaa.accounting_hold": bool(suspended), "us_hipaa.hold_entries_left_out": True}
    known = {name: value for name, value in holds.items() if name in door.packs.facts}
    found = door.who_looked(visit, client_id, facts={**known, **facts})
    if isinstance(found, AskFirst | Refuse):
        return found
    rules = rules_of(door, "accounting")
    practice = door.vault.practice()
    shared = tuple(
        one
        for one in shared_in(found, visit.at)
        if is_listed(one, rules, visit.at, practice.zone) and not _is_held(one, suspended)
    )
    steps = tuple(dict.fromkeys(step for one in rules for step in one.steps))
    return Account(visit.at, practice.row.name, shared, steps, practice.zone)


def shared_in(lines: Iterable[OpenedLine], at: datetime.datetime) -> list[Shared]:
    """Everything that was handed over to somebody outside, by the lines that may be shown."""
    begun: dict[str, OpenedLine] = {}
    out = []
    for line in lines:
        if not line.is_open(at):
            continue
        if line.kind == "disclosure":
            begun[line.event_id.hex()] = line
        first = begun.get(str(line.body.get("announced"))) if line.kind == "handed_over" else None
        if first is not None and first.body.get("to") not in NOBODY_OUTSIDE:
            out.append(_shared(first.body, line.at or at))
    return out


def is_listed(
    one: Shared, rules: Sequence[Right], at: datetime.datetime, zone: datetime.tzinfo
) -> bool:
    """Whether an account lists it: whether any pack that defines one does, or none does."""
    return not rules or any(_lists(rule, one, at, zone) for rule in rules)


def suspend(
    visit: Visit,
    client_id: bytes,
    *,
    to: str,
    recipient: str,
    until: datetime.datetime,
    is_oral: bool,
) -> bytes:
    """Leave what went to somebody out of the account until a moment, because a lawful hold says so.

    Nothing of it is shown to the client before. For the privacy officer. Gives the id (16 bytes) of
    the matter that it stands in. Raises `NotPermitted`, `BadInput`.
    """
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    if to not in RECIPIENTS or to in NOBODY_OUTSIDE:
        raise BadInput("to", "is nobody who can ask for it", one_of(RECIPIENTS))
    most = ORAL_AT_MOST if is_oral else AT_MOST
    if not visit.at < until <= visit.at + most:
        raise BadInput("until", "is past or too far away", f"{most.days} days at most")
    content = {
        RIGHT: SUSPENSION,
        "to": to,
        "recipient": one_line("who", recipient, RECIPIENT_MAX) if recipient.strip() else "",
        "until": until.isoformat(),
        "oral": is_oral,
    }
    step = Step(
        what="left something out of the account of what was shared, because a hold says so",
        said={RIGHT: SUSPENSION, "to": to},
        content=content,
        client_id=client_id,
        due=until,
        held_until=until,
    )
    return begin(visit, RIGHT, step)


def suspended_now(
    vault: Vault, client_id: bytes, at: datetime.datetime
) -> tuple[Mapping[str, Any], ...]:
    """The suspensions in force about a client: `to`, `recipient`, `until`."""
    with vault.store.snapshot() as reading:
        found = [
            one.opened(vault).row.duty["content"]
            for one in sighted_of_client(vault, reading, client_id)
            if one.glance.rule == f"{MATTER}{RIGHT}"
        ]
    return tuple(
        one
        for one in found
        if one.get(RIGHT) == SUSPENSION and datetime.datetime.fromisoformat(one["until"]) > at
    )


def _lists(rule: Right, one: Shared, at: datetime.datetime, zone: datetime.tzinfo) -> bool:
    if rule.back and one.at < _before(rule.back, at.astimezone(zone)):
        return False
    pack = rule.id.partition(".")[0]
    own = {ground for ground in one.grounds if ground.partition(".")[0] == pack}
    if rule.only:
        return not own.isdisjoint(rule.only)
    return not own or not own <= set(rule.leaves_out)


def _before(back: str, at: datetime.datetime) -> datetime.datetime:
    """The moment that lies years and months back; a day that is not there is the month's first."""
    years, months, weeks, days, *_ = amounts(back)
    total = at.year * 12 + at.month - 1 - years * 12 - months
    year, month = divmod(total, 12)
    first = at.replace(year=year, month=month + 1, day=min(at.day, 28))
    return first - datetime.timedelta(weeks=weeks, days=days)


def _is_held(one: Shared, suspended: Iterable[Mapping[str, Any]]) -> bool:
    return any(
        one.to == held["to"] and held["recipient"] in {"", one.recipient} for held in suspended
    )


def _shared(body: Mapping[str, Any], at: datetime.datetime) -> Shared:
    return Shared(
        at=at,
        to=str(body.get("to")),
        recipient=str(body.get("what", "")),
        purpose=str(body.get("purpose")),
        classes=tuple(one for one in body.get("classes", ()) if one in CLASSES),
        entries=len(body.get("entries", ())),
        grounds=tuple(body.get("rules", ())),
        in_camera=bool(body.get("in_camera")),
    )
