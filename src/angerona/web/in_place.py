"""Weighing whether somebody may ask for a right in the client's place, on that right's page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.practice.asked_for import asker_in, says_asker, weighed, weighing
from angerona.rules.answer import AskFirst
from angerona.web.answers import answered, stated
from angerona.web.asked_for import asker_of
from angerona.web.rights import one, right_of
from angerona.web.turn import MEMBER, Moved, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result


def weigh(turn: Turn) -> Result:
    """Say who asks; or answer what the rules ask about that person, until they ask no more."""
    matter = right_of(turn)
    client_id, facts = matter.client_id or b"", stated(turn)
    back = Moved(f"/rights/{matter.matter_id.hex()}", done="kept")
    asker = asker_in(matter.content)
    if asker is None:
        raise Unknown
    if turn.form.text("who"):
        named = asker_of(turn, client_id)
        if named is None:
            allowed = "somebody else; what the client asks is taken down anew, as the client's"
            raise BadInput("who asks", "is the client, and this was asked by another", allowed)
        says_asker(turn.visit, matter, named)
        return back
    answer = weighed(turn.door, turn.visit, matter, facts)
    if isinstance(answer, AskFirst):
        return answered(turn, client_id, weighing(turn.door, matter, facts), answer)
    says_asker(turn.visit, matter, replace(asker, facts={**asker.facts, **facts}))
    return back


ROUTES: Final = (
    Route(method="POST", path="/rights/{asked}/weigh", do=weigh, face=MEMBER, again=one),
)
