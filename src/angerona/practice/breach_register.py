"""The register of incidents: every one there ever was, read from the ledger and from nothing else.

Each line of an incident says where it stands (`breaches.py`), so its last one is what the register
needs; nothing can be taken out of it. It holds no client's name.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import NotPermitted
from angerona.notices.csv_files import csv_of
from angerona.notices.paragraphs import day
from angerona.notices.registers import register_pdf
from angerona.practice.breach_clocks import INCIDENT, ONE
from angerona.practice.breaches import CAUSES
from angerona.practice.members import OFFICER
from angerona.practice.who_looked import who
from angerona.sealed.zones import hour_of
from angerona.words import RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.sealed.vault import Visit

_COLUMNS: Final = (
    "number",
    "discovered",
    "reported",
    "reported by",
    "what happened",
    "kind",
    "people",
    "told",
    "not told, and why",
    "result",
    "settled",
)


@dataclass(frozen=True, slots=True)
class Registered:
    """An incident as the ledger holds it: its id as digits, its first line and its last one.

    `stands` is what the last line says (`breaches.standing`); `closed` is none while it is open.
    """

    matter: str
    begun: datetime.datetime
    by: str
    stands: Mapping[str, Any]
    closed: datetime.datetime | None

    @property
    def kind(self) -> str:
        """What kind of incident, in words."""
        return CAUSES.get(self.stands["cause"], "something else")

    @property
    def discovered(self) -> datetime.datetime:
        """When the clocks began."""
        return datetime.datetime.fromisoformat(self.stands["discovered"])

    @property
    def told(self) -> list[tuple[str, datetime.datetime, str]]:
        """Whom, when, and how."""
        found = [
            (_recipient(key), datetime.datetime.fromisoformat(one["at"]), str(one["how"]))
            for key, one in self.stands["told"].items()
        ]
        issued = self.stands["issued"]
        if issued:
            at = datetime.datetime.fromisoformat(issued["at"])
            found.append((f"{issued['clients']} clients", at, "given a notice each"))
        return found

    @property
    def not_told(self) -> list[tuple[str, str, str]]:
        """Whom not, why, and who agreed."""
        return [
            (_recipient(key), str(one["why"]), who(one["agreed"]))
            for key, one in self.stands["unneeded"].items()
            if one["agreed"]
        ]


def _recipient(key: str) -> str:
    if key.startswith(ONE):
        return "one client"
    to = key.rpartition(":")[2]
    return RECIPIENTS.get(to, "anybody")


def register(visit: Visit) -> list[Registered]:
    """Every incident, the newest first, with a line under the person.

    Raises `NotPermitted` for anybody but the privacy officer, `Altered`.
    """
    person, vault = visit.person, visit.vault
    if OFFICER not in person.row.posts:
        raise NotPermitted
    first: dict[str, tuple[datetime.datetime, str]] = {}
    last: dict[str, Mapping[str, Any]] = {}
    for line in vault.ledger.lines_of(vault.practice_id):
        stands = line.body.get(INCIDENT)
        if line.kind == INCIDENT and stands and line.at is not None:
            matter = str(line.body["matter"])
            first.setdefault(matter, (line.at, who(line.body.get("by"))))
            last[matter] = stands
    body = {"by": person.described, "what": "register of incidents"}
    vault.record(person.person_id, "look", body, visit.at)
    found = [_registered(matter, first[matter], stands) for matter, stands in last.items()]
    return sorted(found, key=lambda one: (one.begun, one.matter), reverse=True)


def _registered(
    matter: str, first: tuple[datetime.datetime, str], stands: Mapping[str, Any]
) -> Registered:
    closed = stands.get("closed")
    return Registered(
        matter, *first, stands, datetime.datetime.fromisoformat(closed) if closed else None
    )


def register_csv(found: Iterable[Registered], zone: datetime.tzinfo) -> bytes:
    """The register as CSV, times by a clock; no cell runs as a formula."""
    return csv_of(_COLUMNS, (_cells(one, zone) for one in found))


def _cells(one: Registered, zone: datetime.tzinfo) -> list[object]:
    return [
        one.matter[:8],
        _moment(one.discovered, zone),
        _moment(one.begun, zone),
        one.by,
        one.stands["words"],
        one.kind,
        "" if one.stands["people"] is None else one.stands["people"],
        "; ".join(f"{whom}, {_moment(at, zone)} ({how})" for whom, at, how in one.told),
        "; ".join(f"{whom}: {why} (agreed: {agreed})" for whom, why, agreed in one.not_told),
        one.stands["result"],
        _moment(one.closed, zone) if one.closed else "open",
    ]


def register_on_paper(visit: Visit, found: Iterable[Registered], *, paper: str) -> bytes:
    """The register as a PDF. Raises `BadInput` for no paper, `MissingExtra`, `PrintFailure`."""
    practice = visit.vault.practice()
    names = _COLUMNS[1:]
    entries = []
    for one in found:
        number, *cells = _cells(one, practice.zone)
        lines = [f"{name.capitalize()}: {cell}" for name, cell in zip(names, cells, strict=True)]
        entries.append((f"Incident {number}", lines))
    return register_pdf(
        "Register of incidents",
        entries,
        practice=practice.row.name,
        at=practice.local(visit.at),
        paper=paper,
    )


def _moment(at: datetime.datetime, zone: datetime.tzinfo) -> str:
    return f"{day(at.astimezone(zone))}, {hour_of(at, zone)}"
