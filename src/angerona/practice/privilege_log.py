"""The privilege log: what a paper asks for and does not get, by day, class, author and claim.

It says that there is a record, and nothing of what stands in it. It is for a judge who asks for it,
and never the answer to somebody who may not know whether anybody is a client.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from angerona.errors import NotPermitted, Unknown
from angerona.gate.results import Shown, latest
from angerona.notices.csv_files import csv_of
from angerona.notices.letters import law_of
from angerona.notices.paragraphs import day
from angerona.notices.registers import register_pdf
from angerona.practice.preparing import said, usual_purpose
from angerona.practice.speaking import asked_in, wish_of
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS
from angerona.sealed.zones import noted
from angerona.words import CLASSES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from angerona.gate.door import Door
    from angerona.gate.gathering import Wish
    from angerona.practice.matters import Matter
    from angerona.sealed.entries import EntryPlace
    from angerona.sealed.vault import Visit

FORMS: Final = ("pdf", "csv")
COLUMNS: Final = ("number", "written", "kind", "author", "claim")
NOT_OPENED: Final = "not opened for this list"
NOT_NAMED: Final = "not named by the paper, or not chosen as what serves"
HEADING: Final = "Kept back"


@dataclass(frozen=True, slots=True)
class KeptBack:
    """An entry that does not go. `written` is empty where this person may not open it.

    `claim`: the citations of the rules that keep its class back, as the packs have them.
    """

    entry_id: bytes
    written: datetime.date | None
    of_class: str
    author: str
    claim: str


def privilege_log(door: Door, visit: Visit, matter: Matter) -> list[KeptBack]:
    """What was asked for and does not go, in the order it was kept; for its days it is a look.

    Raises `Unknown` where nobody was found yet, and as `Door.look`.
    """
    client_id = matter.client_id
    if client_id is None:
        raise Unknown
    vault, wish, asked = visit.vault, wish_of(door, matter), asked_in(matter)
    previewed = door.preview(visit, client_id, wish)
    going = {one.entry_id for one in previewed.would_go}
    if asked.chosen is not None:
        going &= set(map(bytes.fromhex, asked.chosen))
    kept = [
        one
        for one in latest(vault.places(client_id))
        if one.wanted in wish.wants
        and COMPARTMENT_OF[one.wanted] != EVENTS
        and one.entry_id not in going
    ]
    days = _days(door, visit, matter, kept)
    if wish.between is not None:
        first, past = wish.between
        kept = [one for one in kept if first <= days.get(one.entry_id, first) <= past]
    claims = {
        name: _claim(door, visit, client_id, replace(wish, wants=(name,)))
        for name in {one.wanted for one in kept}
    }
    return [
        KeptBack(
            one.entry_id,
            days.get(one.entry_id),
            one.wanted,
            vault.person(one.author_id).row.name,
            claims[one.wanted],
        )
        for one in kept
    ]


def log_csv(found: Iterable[KeptBack]) -> bytes:
    """The log as CSV; no cell of it is worked out by a spreadsheet."""
    return csv_of(COLUMNS, (_cells(index, one) for index, one in enumerate(found, 1)))


def log_pdf(
    found: Iterable[KeptBack], *, practice: str, at: datetime.datetime, paper: str
) -> bytes:
    """The log as pages, dated `at` by the practice's clock. Raises as `registers.register_pdf`."""
    entries = [
        (f"{number}. {kind}", (f"Written: {written}. Author: {author}.", f"Claim: {claim}."))
        for number, written, kind, author, claim in (
            _cells(index, one) for index, one in enumerate(found, 1)
        )
    ]
    return register_pdf(HEADING, entries, practice=practice, at=at, paper=paper)


def _cells(index: int, one: KeptBack) -> Sequence[str]:
    written = day(one.written) if one.written else NOT_OPENED
    return (str(index), written, CLASSES[one.of_class], one.author, one.claim)


def _days(
    door: Door, visit: Visit, matter: Matter, kept: Iterable[EntryPlace]
) -> dict[bytes, datetime.date]:
    """When entries were written, of those that this person may read; nothing of the others."""
    wanted = {one.entry_id for one in kept}
    if not wanted:
        return {}
    client_id = matter.duty.row.client_id
    purpose = said(matter, usual_purpose(visit, client_id))

    def pick(rows: Sequence[EntryPlace]) -> tuple[EntryPlace, ...]:
        return tuple(one for one in latest(rows) if one.entry_id in wanted)

    try:
        shown = door.look(visit, client_id, purpose=purpose, pick=pick)
    except NotPermitted:
        return {}
    if not isinstance(shown, Shown):
        return {}
    zone = visit.vault.practice().zone
    return {place.entry_id: noted(text.written, zone).date() for place, text in shown.entries}


def _claim(door: Door, visit: Visit, client_id: bytes, wish: Wish) -> str:
    """What keeps a class back: the citations of its bars, or of what a refusal of it owes."""
    answer = door.preview(visit, client_id, wish).answer
    said = law_of(door.packs, answer.locks)
    if not said and answer.outcome == "deny":
        said = law_of(door.packs, sorted(one.id for one in answer.duties))
    return said or NOT_NAMED
