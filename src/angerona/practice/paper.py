"""What leaves the screen for paper or for a file in clear: what for, whose it is, and its end.

Paper is lost, stolen and left behind more often than anything else, and no software can prevent
that. So nothing is put on it without a purpose; each page bears the name of whoever printed it, and
the day; the ledger counts it; and whoever printed it owes to say, by a day, that it was destroyed
or filed.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown, one_of
from angerona.gate.announcing import Act, announced
from angerona.notices.paragraphs import day
from angerona.practice.duties import client_met, fulfil
from angerona.sealed.duties import DutyRow, new_duty, sighted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.ledger.lines import Written
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Visit

FOR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "client": "to hand to the client",
        "file": "for the paper file",
        "read": "to read away from a screen",
        "meeting": "for a meeting about the client",
        "authority": "for a court or an authority",
        "night": "for the night",
        "moving": "to take along to another system",
    }
)
"""What something may be put on paper, or copied out, for."""
ENDS: Final[Mapping[str, str]] = MappingProxyType(
    {"destroyed": "it was destroyed", "filed": "it was filed", "handed": "it was handed over"}
)
"""What becomes of it."""
PAPER: Final = "own.paper"
"""The duty to destroy it or to file it."""
COPIED: Final = "copied"
"""What the ledger line says that announces it, of a client."""
ON_PAPER: Final = "put on paper"
"""What the practice's own line says of pages about several."""
USUAL: Final = datetime.timedelta(days=7)
LONGEST: Final = datetime.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What something is put on paper for (a word of `FOR`), and by when it is to be gone."""

    word: str
    until: datetime.datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """Something that is still out there: the duty, whom it is about, and whether it is late."""

    duty: Duty
    client: str
    is_overdue: bool


def purpose_of(word: str, at: datetime.datetime, until: datetime.datetime | None = None) -> Purpose:
    """A purpose as it was given; a week where no end was. Raises `BadInput`."""
    if word not in FOR:
        raise BadInput("what for", "is none of the choices", one_of(FOR, word))
    end = at + USUAL if until is None else until
    if not at < end <= at + LONGEST:
        allowed = f"a day within {LONGEST.days} days"
        raise BadInput("destroyed or filed by", "is past or too far away", allowed)
    return Purpose(word, end)


def mark(visit: Visit, purpose: Purpose) -> str:
    """What stands across each page: who printed it, on which day, and what for."""
    today = day(visit.vault.practice().local(visit.at))
    return f"Printed by {visit.person.row.name}, {today}, {FOR[purpose.word]}"


def announce_copy(
    visit: Visit, client_id: bytes, classes: Iterable[str], purpose: Purpose | None, *, one: bool
) -> Written:
    """Write that what was just looked at leaves this system, before it does.

    Nothing else is owed for a client's own copy, which has no purpose; `one`: whether it is a thing
    by itself, to be destroyed or filed, and not a page among others (`put_on_paper`).
    """
    body: dict[str, object] = {
        "by": visit.person.described,
        "what": COPIED,
        "classes": sorted(classes),
    }
    if purpose is None:
        return visit.vault.record(client_id, "look", body, visit.at)
    body["for"] = FOR[purpose.word]
    owes = (_duty(visit, client_id, purpose),) if one else ()
    return announced(visit.vault, Act(client_id, "look", body, owes), visit.at, authority=None)


def put_on_paper(visit: Visit, purpose: Purpose, *, clients: int) -> Written:
    """Write that pages about several clients leave, and that they are to be destroyed or filed."""
    vault = visit.vault
    body = {
        "by": visit.person.described,
        "what": ON_PAPER,
        "for": FOR[purpose.word],
        "clients": clients,
    }
    owes = (_duty(visit, vault.practice_id, purpose),)
    return announced(vault, Act(vault.practice_id, "look", body, owes), visit.at, authority=None)


def sheets(visit: Visit) -> list[Sheet]:
    """What this person has put on paper and not said the end of, what is due first at the top.

    Raises `Altered`, `Unopenable`.
    """
    vault = visit.vault
    with vault.store.snapshot() as reading:
        mine = [
            one.opened(vault)
            for one in sighted(vault, reading, "duties.all")
            if one.glance.rule == PAPER and one.glance.by == visit.unlocked.person_id
        ]
    mine.sort(key=lambda one: (one.row.due or visit.at, one.duty_id))
    body = {"by": visit.person.described, "what": "papers", "papers": len(mine)}
    vault.record(visit.unlocked.person_id, "look", body, visit.at)
    return [
        Sheet(
            one,
            client_met(visit, one),
            one.row.due is not None and one.row.due < visit.at,
        )
        for one in mine
    ]


def end_paper(visit: Visit, duty_id: bytes, end: str) -> None:
    """Say what became of something on paper. Raises `Unknown` for what is not one's own."""
    if end not in ENDS:
        raise BadInput("what became of it", "is none of the choices", one_of(ENDS, end))
    for one in sheets(visit):
        if one.duty.duty_id == duty_id:
            fulfil(visit, one.duty.row.client_id, duty_id, how=ENDS[end])
            return
    raise Unknown


def _duty(visit: Visit, client_id: bytes, purpose: Purpose) -> Duty:
    row = DutyRow(
        client_id=client_id,
        act="look",
        by=visit.unlocked.person_id,
        at=visit.at,
        owed=b"",
        due=purpose.until,
    )
    said = f"destroy or file what was put on paper {FOR[purpose.word]}"
    return new_duty(row, id=PAPER, kind="record", what=said)
