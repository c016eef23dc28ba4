"""A client's record: what stands there, oldest or newest first, by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.gate.gathering import Wish
from angerona.gate.results import Shown
from angerona.practice.clients import known_authority
from angerona.web.answers import answered, stated
from angerona.web.turn import MEMBER, Page, Route, Turn
from angerona.words import CLASSES, PURPOSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.gate.results import Shown as Opened
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.web.turn import Result

LOOK_PURPOSES: Final = (
    "treatment",
    "supervision",
    "emergency",
    "care_coordination",
    "operations",
    "payment",
)
"""What somebody of a practice may say a look is for."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every page of a client: who it is, and how one is tied to him or her."""

    client_id: bytes
    name: str
    relations: tuple[str, ...]


def head_of(turn: Turn) -> Head:
    """The head of the client whom the address names. Raises `Unknown`."""
    client_id = turn.id_of("client")
    authority = known_authority(turn.visit, client_id)
    relations = authority.relations(turn.person.person_id, turn.at)
    return Head(client_id, authority.client.name, relations)


def record(turn: Turn) -> Result:
    """The record, as far as the rules permit and the keys open it. The look is in the ledger."""
    head = head_of(turn)
    purpose = turn.form.choice("purpose", LOOK_PURPOSES, default="treatment")
    facts = stated(turn)
    found = turn.door.look(turn.visit, head.client_id, purpose=purpose, facts=facts)
    if not isinstance(found, Shown):
        wish = Wish(wants=tuple(CLASSES), purpose=purpose, facts=facts)
        return answered(turn, head.client_id, wish, found, head=head)
    says = {
        "head": head,
        "entries": newest_first(found),
        "classes": dict.fromkeys(place.wanted for place, _ in found.entries),
        "purposes": {name: PURPOSES[name] for name in LOOK_PURPOSES},
        "purpose": purpose,
        "me": turn.person.person_id,
    }
    return Page("record.html", says)


def newest_first(found: Opened) -> Iterable[tuple[EntryPlace, EntryText]]:
    """The entries by when they were written, the newest first; those of one moment as kept."""
    return sorted(found.entries, key=lambda one: (one[1].written, one[0].place), reverse=True)


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}", do=record, face=MEMBER),
    Route(method="POST", path="/clients/{client}", do=record, face=MEMBER),
)
