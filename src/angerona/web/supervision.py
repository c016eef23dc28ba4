"""Supervision: the name behind the initials, and agreeing to what one has read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import Unknown
from angerona.gate.gathering import Wish
from angerona.gate.results import Kept
from angerona.practice.supervision import cosign, name_shown
from angerona.web.answers import answered, stated
from angerona.web.records import head_of
from angerona.web.turn import Moved, Page, Route, Turn
from angerona.words import CLASSES

if TYPE_CHECKING:
    from angerona.web.turn import Result


def name(turn: Turn) -> Result:
    """Show the name of a client once; that it was asked for is in the ledger."""
    head = head_of(turn)
    return Page("named.html", {"head": head, "name": name_shown(turn.visit, head.client_id)})


def agree(turn: Turn) -> Result:
    """Keep that one has read an entry and agrees."""
    head, entry_id, form = head_of(turn), turn.id_of("entry"), turn.form
    version = form.text("version")
    if not (version.isascii() and version.isdigit()):
        raise Unknown
    facts = stated(turn)
    kept = cosign(
        *(turn.door, turn.visit, head.client_id, entry_id, int(version[:9])),
        form.text("remark"),
        facts=facts,
    )
    if not isinstance(kept, Kept):
        wish = Wish(wants=tuple(CLASSES), purpose="supervision", facts=facts)
        return answered(turn, head.client_id, wish, kept, head=head)
    return Moved(f"/clients/{head.client_id.hex()}", done="agreed")


ROUTES: Final = (
    Route(method="POST", path="/clients/{client}/name", do=name, face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/entries/{entry}/agree",
        do=agree,
        face="clinic",
        step_up=True,
    ),
)
