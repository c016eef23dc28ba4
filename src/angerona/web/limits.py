"""What stays private and when we must tell, worked out from the law that binds this practice.

Whoever comes may read it, before a name is given: it says nothing of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.practice.limits import PRIVATE, Law, cases
from angerona.web.turn import VISITOR, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.practice.limits import Case
    from angerona.web.turn import Result


@dataclass(frozen=True, slots=True)
class Source:
    """A pack that binds this practice, as the foot of a page names it."""

    title: str
    as_of: str


def limits(turn: Turn) -> Result:
    """The right first, the limits second, control third; six cards."""
    law = _law(turn)
    found = cases(law, "limit")
    says = {
        "tells": [one for one in found if one.verdict not in PRIVATE],
        "silent": [one for one in found if one.verdict in PRIVATE],
        "cards": cases(law, "card"),
    }
    return _page("limits.html", law, says)


def young(turn: Turn) -> Result:
    """The same for young people."""
    law = _law(turn)
    return _page("limits_young.html", law, {"cases": cases(law, "young")})


def parents(turn: Turn) -> Result:
    """For parents: why privacy helps, and how to help without knowing."""
    law = _law(turn)
    return _page("limits_parents.html", law, {"cases": cases(law, "parent")})


def ask(turn: Turn) -> Result:
    """What would you have to do if I told you this?"""
    law = _law(turn)
    return _page("limits_ask.html", law, {"cases": cases(law, "told")})


def _law(turn: Turn) -> Law:
    row = turn.door.vault.practice().row
    return Law(row.place, row.packs, turn.door.packs, turn.local)


def _page(template: str, law: Law, says: dict[str, list[Case]]) -> Page:
    packs = (law.packs.packs[one] for one in law.pack_ids)
    sources = [Source(one.title, one.as_of.isoformat()) for one in packs]
    return Page(template, {**says, "sources": sources, "missing": law.missing})


ROUTES: Final = (
    Route(method="GET", path="/limits", do=limits, face=VISITOR),
    Route(method="GET", path="/limits/young", do=young, face=VISITOR),
    Route(method="GET", path="/limits/parents", do=parents, face=VISITOR),
    Route(method="GET", path="/limits/ask", do=ask, face=VISITOR),
)
