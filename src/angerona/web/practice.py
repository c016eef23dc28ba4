"""The practice itself, for the privacy officer: its law, and the clock of all its times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.practice.reminders import STAGES, set_practice_reminders
from angerona.practice.zones import change_zone
from angerona.sealed.zones import every_zone
from angerona.web.turn import Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.web.turn import Result


def practice(turn: Turn, problem: BadInput | None = None) -> Page:
    """What was settled at the founding, and what of it can be settled anew."""
    found, packs = turn.door.vault.practice(), turn.door.packs.packs
    says = {
        "found": found.row,
        "law": [packs[one] for one in found.row.packs if one in packs],
        "seats": len(found.seats),
        "zones": {one: one for one in every_zone()},
        "stages": STAGES,
        "typed": {"zone": turn.form.text("zone") or found.row.zone},
        "now": turn.at,
        "problem": problem,
    }
    return Page("practice.html", says, 422 if problem else 200)


def choose_zone(turn: Turn) -> Result:
    """Read all times by another clock."""
    change_zone(turn.visit, turn.form.text("zone"))
    return Moved("/practice", done="zone")


def choose_reminders(turn: Turn) -> Result:
    """When members are reminded who do not choose themselves."""
    set_practice_reminders(turn.visit, turn.form.several("when"))
    return Moved("/practice", done="reminded")


ROUTES: Final = (
    Route(method="GET", path="/practice", do=practice, face="officer"),
    Route(method="POST", path="/practice/zone", do=choose_zone, face="officer", again=practice),
    Route(
        method="POST",
        path="/practice/reminders",
        do=choose_reminders,
        face="officer",
        again=practice,
    ),
)
