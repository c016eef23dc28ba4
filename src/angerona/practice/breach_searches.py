"""The list of clients that an incident may concern, worked out of the ledger a part at a time.

It is held in the session that asked, sealed like everything there, and never stored: an incident
keeps the places that were looked at, counts, and a digest by which a list that is worked out again
is known to be the same.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.ciphers.encoding import digest
from angerona.errors import BadInput, NotPermitted, one_line
from angerona.notices.csv_files import csv_of
from angerona.practice.breach_clocks import INCIDENT
from angerona.practice.breach_scopes import Looking, Place, Reached, checked_place
from angerona.practice.breaches import WHY_MAX, step_on
from angerona.practice.caseload import known_to
from angerona.practice.supervision import name_as_met
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.practice.matters import Matter
    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Visit

SLICE: Final = 100
"""How many clients are gone through at a time."""
PLACES_MAX: Final = 50
_STATE: Final = "the list of an incident"
_LIST: Final = "angerona/incident-list/v1"
_COLUMNS: Final = ("client", "number", "what", "lines", "first", "last")


class Row(msgspec.Struct, frozen=True):
    """A client in the list; the id in hexadecimal digits."""

    client: str
    classes: tuple[str, ...]
    lines: int
    first: datetime.datetime | None
    last: datetime.datetime | None
    is_sealed: bool

    @property
    def is_listed_only(self) -> bool:
        """Whether no more than a line in a list was seen."""
        return not self.classes and not self.is_sealed


class Search(msgspec.Struct, kw_only=True):
    """How far the list of an incident is, and who stands on it; `matter` is its id in digits.

    First the ledger is read, then everybody is gone through: `done` and `total` count both, lines
    and clients. `issued`: how many of the rows were gone through to give each a notice.
    """

    matter: str
    looking: Looking
    total: int
    done: int = 0
    clients: int = 0
    is_read: bool = False
    issued: int = 0
    rows: list[Row] = msgspec.field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether the ledger was read, and everybody gone through."""
        return self.is_read and self.done >= self.total

    @property
    def places(self) -> list[Place]:
        """Where it was looked."""
        return self.looking.places


@dataclass(frozen=True, slots=True)
class Listed:
    """A row as somebody is shown it: the name as met, or none for whom one has no tie to."""

    row: Row
    name: str


def search(visit: Visit, matter: Matter, place: Place | None = None) -> Search:
    """Begin to work out the list of an incident, with one more place to look, or as it stands.

    In place of any list before in this session. Raises `BadInput`, `Unknown`.
    """
    places = places_of(matter)
    if place is not None:
        places = [*places, checked_place(visit, place)]
    if not places or len(places) > PLACES_MAX:
        raise BadInput("where to look", "is not said, or too often", f"1 to {PLACES_MAX} places")
    total = visit.vault.ledger.size + len(_clients(visit))
    begun = Search(matter=matter.matter_id.hex(), looking=Looking(places=places), total=total)
    carry(visit, begun)
    return begun


def go_on(visit: Visit, matter: Matter) -> Search:
    """Read on in the ledger, then go through the next clients.

    Raises `BadInput` where nothing was begun, `Altered`.
    """
    held = search_of(visit, matter)
    if held is None:
        raise BadInput("the list", "is not held any more", "working it out again")
    vault, ids = visit.vault, _clients(visit)
    held.is_read = held.is_read or held.looking.read_on(vault)
    if held.is_read:
        some = ids[held.clients : held.clients + SLICE]
        held.rows += [_row(one) for one in held.looking.found(vault, some)]
        held.clients += len(some)
    held.done = held.looking.size + held.clients
    held.total = max(held.looking.size, 0 if held.is_read else vault.ledger.size) + len(ids)
    carry(visit, held)
    return held


def _clients(visit: Visit) -> list[bytes]:
    vault = visit.vault
    return sorted(one for (one,) in vault.store.rows("clients.ids", practice_id=vault.practice_id))


def search_of(visit: Visit, matter: Matter) -> Search | None:
    """The list of this incident that the session holds, whole or begun."""
    data = visit.unlocked.carried(_STATE)
    found = None if data is None else msgspec.msgpack.decode(data, type=Search)
    return found if found is not None and found.matter == matter.matter_id.hex() else None


def places_of(matter: Matter) -> list[Place]:
    """Where it was looked for an incident, in the order in which that was added."""
    return [msgspec.convert(one, Place) for one in matter.content["places"]]


def keep(visit: Visit, packs: Packs, matter: Matter) -> Matter:
    """Keep in the incident where it was looked and how many were found; the list itself is not.

    Raises `BadInput` while the list is not whole.
    """
    held = whole(visit, matter)
    counted = Counter(name for one in held.rows for name in one.classes)
    found = {
        "at": visit.at.isoformat(),
        "clients": len(held.rows),
        "listed_only": sum(one.is_listed_only for one in held.rows),
        "sealed": sum(one.is_sealed for one in held.rows),
        "classes": dict(sorted(counted.items())),
        "digest": digest_of(visit, held),
    }
    before = matter.content["found"].get("digest")
    content = {
        **matter.content,
        "places": msgspec.to_builtins(held.places),
        "found": found,
        "issued": matter.content["issued"] if before == found["digest"] else {},
    }
    what = "looked through the ledger for whom an incident may concern"
    return step_on(visit, packs, matter, content, what, {"places": len(held.places)})


def leave_out(visit: Visit, packs: Packs, matter: Matter, number: int, *, why: str) -> Matter:
    """Take back a place to look (from 0) that was a mistake, and say why.

    What was found is to be worked out again. Raises `BadInput`.
    """
    places = matter.content["places"]
    if not 0 <= number < len(places):
        raise BadInput("where to look", "is no such place", "one of those there")
    said = {"how": one_line("why", why, WHY_MAX)}
    left = [one for place, one in enumerate(places) if place != number]
    content = {**matter.content, "places": left, "found": {}, "issued": {}}
    return step_on(visit, packs, matter, content, "took back where it was looked", said)


def whole(visit: Visit, matter: Matter) -> Search:
    """The list, if it is whole. Raises `BadInput`."""
    held = search_of(visit, matter)
    if held is None or not held.is_over:
        raise BadInput("the list", "is not whole", "working it out to its end")
    return held


def digest_of(visit: Visit, held: Search) -> str:
    """What a list is known by: whom it names and what was reached, in hexadecimal digits."""
    rows = sorted((one.client, sorted(one.classes), one.is_sealed) for one in held.rows)
    return digest(_LIST, visit.vault.practice_id, msgspec.msgpack.encode(rows)).hex()


def listed(visit: Visit, matter: Matter) -> tuple[list[Listed], int]:
    """The list as this person may see it, by name, and how many more there are.

    With a line under the person. Raises `BadInput`.
    """
    held, vault, person = whole(visit, matter), visit.vault, visit.person
    if person.row.client_id is not None:
        raise NotPermitted
    mine = {one.client_id.hex() for one in known_to(visit)}
    seen = [
        Listed(one, name_as_met(visit, vault.authority(bytes.fromhex(one.client))))
        for one in held.rows
        if one.client in mine
    ]
    body = {"by": person.described, "what": "caseload", "clients": len(seen), "for": INCIDENT}
    vault.record(person.person_id, "look", body, visit.at)
    seen.sort(key=lambda one: (one.name.casefold(), one.row.client))
    return seen, len(held.rows) - len(seen)


def listed_csv(seen: Sequence[Listed], others: int, zone: datetime.tzinfo) -> bytes:
    """The list as CSV, times by a clock; no cell runs as a formula."""
    rows = [
        (
            one.name,
            f"{one.row.client[:4]}-{one.row.client[4:8]}",
            what_of(one.row),
            one.row.lines,
            _time(one.row.first, zone),
            _time(one.row.last, zone),
        )
        for one in seen
    ]
    return csv_of(_COLUMNS, [*rows, *([(f"and {others} others", *[""] * 5)] if others else [])])


def what_of(row: Row) -> str:
    """What was reached of a client, in words."""
    if row.is_sealed and not row.classes:
        return "carried off, sealed: nobody can read it"
    if row.is_listed_only:
        return "listed only"
    return ", ".join(CLASSES.get(one, one) for one in sorted(row.classes))


def _time(at: datetime.datetime | None, zone: datetime.tzinfo) -> str:
    return at.astimezone(zone).isoformat(sep=" ", timespec="minutes") if at else ""


def _row(one: Reached) -> Row:
    return Row(
        one.client_id.hex(),
        tuple(sorted(one.classes)),
        one.lines,
        one.first,
        one.last,
        one.is_sealed,
    )


def carry(visit: Visit, held: Search) -> None:
    """Have the session hold a list and how far it is."""
    visit.unlocked.carry(_STATE, msgspec.msgpack.encode(held))
