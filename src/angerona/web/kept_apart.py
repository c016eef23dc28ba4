"""Process notes behind a door of their own: each author's own, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.gate.gathering import Wish
from angerona.gate.results import Shown
from angerona.sealed.compartments import COMPARTMENT_OF, PROCESS
from angerona.web.answers import answered
from angerona.web.records import head_of
from angerona.web.timeline import timeline
from angerona.web.turn import Page, Route, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.web.turn import Result

SPECIAL_UNDER: Final = "us-hipaa"
"""The one law here that gives process notes a standing of their own (45 CFR 164.501, 164.524)."""
NO_COUNTRY: Final = frozenset({"house"})


def standing(packs: Iterable[str]) -> str:
    """What is true of notes kept apart where a practice is: `special`, `none` or `unknown`."""
    loaded = set(packs) - NO_COUNTRY
    if SPECIAL_UNDER in loaded:
        return "special"
    return "none" if loaded else "unknown"


def kept_apart(turn: Turn) -> Result:
    """One's own notes that are kept apart. The look is in the ledger like any other."""
    head, me = head_of(turn), turn.person.person_id
    mine = {
        one.entry_id
        for one in turn.door.vault.places(head.client_id)
        if one.author_id == me and COMPARTMENT_OF[one.wanted] == PROCESS
    }
    months = []
    if mine:
        found = turn.door.look(
            turn.visit, head.client_id, purpose="treatment", entry_ids=mine, pick=tuple
        )
        if not isinstance(found, Shown):
            wish = Wish(wants=("psychotherapy_note",), purpose="treatment", as_author=True)
            return answered(turn, head.client_id, wish, found, head=head)
        months = timeline(found.entries, turn.zone, newest_first=True)
    law = turn.door.vault.practice().row.packs
    says = {"head": head, "months": months, "standing": standing(law), "me": me}
    return Page("kept_apart.html", says)


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/kept-apart", do=kept_apart, face="clinic"),
)
