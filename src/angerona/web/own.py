"""The client's own pages: what is kept, who can see it, who looked last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.gate.gathering import Wish
from angerona.gate.results import Shown
from angerona.web.answers import answered
from angerona.web.records import newest_first
from angerona.web.turn import Page, Route, Turn
from angerona.words import CLASSES

if TYPE_CHECKING:
    from angerona.web.turn import Result


def home(turn: Turn) -> Result:
    """The first page of a client."""
    authority = turn.door.vault.authority(turn.person.row.client_id or b"")
    ties = [tie for tie in authority.ties.values() if tie.until is None or turn.at < tie.until]
    people = [(turn.door.vault.person(tie.person_id).row, tie.relation) for tie in ties]
    return Page("own_home.html", {"people": people})


def own_record(turn: Turn) -> Result:
    """The client's record, as the law opens it to the client."""
    client_id = turn.person.row.client_id or b""
    found = turn.door.look(turn.visit, client_id, purpose="client_request")
    if not isinstance(found, Shown):
        wish = Wish(wants=tuple(CLASSES), purpose="client_request", to="client")
        return answered(turn, client_id, wish, found)
    return Page("own_record.html", {"entries": newest_first(found)})


ROUTES: Final = (
    Route(method="GET", path="/me", do=home, face="client"),
    Route(method="GET", path="/me/record", do=own_record, face="client"),
)
