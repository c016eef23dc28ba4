"""Legal holds: what holds a record, what that means for everybody, and the officer's lifting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import Unknown
from angerona.practice.legal_holds import holds_on, lift
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.web.turn import Result


def holds(turn: Turn, problem: BadInput | None = None) -> Page:
    """The holds on a client's record, as far as they are this person's to see."""
    head = head_of(turn)
    says = {
        "head": head,
        "holds": holds_on(turn.visit, head.client_id),
        "typed": turn.form,
        "problem": problem,
    }
    return Page("holds.html", says, 422 if problem else 200)


def lifted(turn: Turn) -> Result:
    """Lift a hold, with a reason."""
    client_id, matter_id = turn.id_of("client"), turn.id_of("matter")
    if matter_id not in {one.matter_id for one in holds_on(turn.visit, client_id)}:
        raise Unknown
    lift(turn.visit, matter_id, reason=turn.form.text("reason"))
    return Moved(f"/clients/{client_id.hex()}/holds", done="lifted")


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/holds", do=holds, face=MEMBER),
    Route(
        method="POST",
        path="/clients/{client}/holds/{matter}/lifted",
        do=lifted,
        face="officer",
        again=holds,
    ),
)
