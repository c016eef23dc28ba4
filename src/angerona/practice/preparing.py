"""Preparing an answer: the looks of whoever sees to a matter at what may go, each said as that.

Whoever treats reads such entries as part of the care anyhow; the client's list says what this look
was for. It opens nothing that the person could not read without the matter: what the asker's
purpose would let see besides stays shut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, Unknown
from angerona.gate.gathering import Preparing, Wish, gather
from angerona.gate.paring import pared
from angerona.gate.reaching import classes_of
from angerona.gate.results import Shown, latest
from angerona.gate.saying import HELD_AT_MOST
from angerona.practice.legal_holds import PROCESS
from angerona.practice.speaking import RECEIVED, asked_in, keep_asked, leaving_of
from angerona.rules.answer import Permit
from angerona.words import SPEAKING_PURPOSES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Sequence

    from angerona.gate.door import Door
    from angerona.gate.results import Proposed
    from angerona.practice.matters import Matter
    from angerona.rules.answer import Answer, AskFirst, Refuse
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit

REQUEST: Final = "request"
WISHED: Final = "client asks to see it"
"""The packs' word for the moment from which a client who wishes to read first has time."""
TO_ANSWER: Final = "to answer a request"
TO_ANSWER_PAPER: Final = "to answer a paper of a court, a lawyer or an authority"
"""What the line of such a look says, of a request and of a paper of process."""


def look_at(
    door: Door, visit: Visit, matter: Matter, entry_ids: Collection[bytes]
) -> Shown | AskFirst | Refuse:
    """The words of entries that may go in a matter; a look. Raises as `Door.look`.

    Where the matter is held back from the client's list, so is the line of the look: it would tell.
    """
    client_id = matter.client_id
    if client_id is None:
        raise Unknown
    places = [one for one in latest(door.vault.places(client_id)) if one.entry_id in entry_ids]
    purpose = _purpose(door, visit, matter, classes_of(places))
    return door.look(visit, client_id, purpose=said(matter, purpose), entry_ids=entry_ids)


def said(matter: Matter, purpose: str) -> Preparing:
    """A purpose with what the line of a look says that prepares the answer to a matter."""
    if matter.kind != REQUEST:
        return Preparing(purpose)
    is_paper = asked_in(matter).instrument in PROCESS
    until = matter.held_until and min(matter.held_until, matter.at + HELD_AT_MOST)
    return Preparing(purpose, TO_ANSWER_PAPER if is_paper else TO_ANSWER, until)


def as_it_goes(
    door: Door, visit: Visit, matter: Matter, found: Proposed
) -> tuple[tuple[EntryPlace, EntryText], ...] | AskFirst | Refuse:
    """The words of what would leave, with its gaps, for whoever may look at them; a look.

    Raises as `Door.look`.
    """
    shown = look_at(door, visit, matter, [one.entry_id for one in found.going])
    if not isinstance(shown, Shown):
        return shown
    leaving = leaving_of(door, matter)
    gathered = gather(visit, door.packs, found.gathered.authority.client_id, leaving.wish)
    return pared(shown.entries, gathered, leaving.choice)


def may_wish(answer: Answer) -> str:
    """What the law says where a client may wish to read it first; empty where it does not."""
    found = (one for one in answer.duties if one.not_before and one.due_from == WISHED)
    return next((one.what for one in found if one.mode == "required"), "")


def wished(visit: Visit, matter: Matter, at: datetime.datetime) -> Matter:
    """Write down when the client asked to read first what leaves: nothing leaves in that time.

    It can be put right, and not be taken back. Raises `BadInput` for a moment to come.
    """
    if at > visit.at:
        raise BadInput("when", "is still to come", "when the client said so")
    asked = asked_in(matter)
    moments = {**(asked.moments or dict.fromkeys(RECEIVED, asked.received)), WISHED: at}
    now = msgspec.structs.replace(asked, moments=moments)
    return keep_asked(visit, matter, now, "wrote down that the client wishes to read it first")


def usual_purpose(visit: Visit, client_id: bytes) -> str:
    """What somebody looks for in a record anyhow: treatment, or else the practice's own work."""
    relations = visit.vault.authority(client_id).relations(visit.unlocked.person_id, visit.at)
    return "treatment" if "treating" in relations else "operations"


def _purpose(door: Door, visit: Visit, matter: Matter, classes: Sequence[str]) -> str:
    """What such a look is for: what the asker wants it for, where the rules let it be that.

    Never one under which the rules would let more be seen than under the usual one.
    """
    client_id = matter.duty.row.client_id
    usual = usual_purpose(visit, client_id)

    def lets(purpose: str) -> bool:
        wish = Wish(wants=tuple(classes), purpose=purpose)
        answer = door.preview(visit, client_id, wish).answer
        return isinstance(answer, Permit) and answer.released >= set(classes)

    if matter.kind != REQUEST or not classes or not lets(usual):
        return usual
    wanted = asked_in(matter).purpose
    first = () if wanted in SPEAKING_PURPOSES else (wanted,)
    return next((one for one in (*first, "operations") if lets(one)), usual)
