"""Requests: someone outside asks, and is answered in time: with a packet, a refusal, an objection.

One inbox for all of them. That a request came is written down at once, also where nobody knows yet
whose record it is about, or whether there is one. Whoever treats the client answers it, for only
who holds the keys can hand over.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, one_line, one_of
from angerona.gate.gathering import SECRECY
from angerona.gate.saying import HELD_AT_FIRST
from angerona.practice.clients import known_authority, reaches
from angerona.practice.handing_over import HandedOver, hand_over
from angerona.practice.legal_holds import hold, let_know
from angerona.practice.matters import (
    Matter,
    Step,
    advance,
    after_it_left,
    begin,
    found,
    open_matters,
    settle,
)
from angerona.practice.speaking import Asked, asked_in, checked, due_of, leaving_of

if TYPE_CHECKING:
    from angerona.gate.door import Door
    from angerona.ledger.lines import Written
    from angerona.practice.handing_over import Outgoing
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.vault import Visit

REQUEST: Final = "request"
ANSWERS: Final = {
    "refused": "refused a request, saying neither yes nor no",
    "objected": "objected to a paper",
    "order_needed": "answered that an order is needed",
    "withdrawn": "noted that a request was withdrawn",
    "elsewhere": "answered a request by another way",
}
"""How a request can end without anything leaving, and what the line says of it."""
SECRET: Final = frozenset(
    {"grand_jury_subpoena", "search_warrant", "court_order", "administrative_subpoena"}
)
"""Papers that may forbid telling the client: until somebody has read that, the list is silent."""
HOW_CHARACTERS_MAX: Final = 200
LONGEST: Final = datetime.timedelta(days=3660)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A request as it is taken down.

    `client_id`: whose record, where that is known; `handler_id`: who sees to it; `may_tell`:
    whether the paper lets the client know, `None` where nobody has read that yet.
    """

    asked: Asked
    client_id: bytes | None = None
    handler_id: bytes | None = None
    may_tell: bool | None = None


def take_down(door: Door, visit: Visit, new: NewRequest) -> bytes:
    """Write a request down; gives its id (16 bytes). Raises as `matters.begin`, and `BadInput`.

    A paper of process first of all holds what is kept of the client (`legal_holds.py`).
    """
    asked = checked(new.asked)
    if asked.received > visit.at:
        raise BadInput("received", "is still to come", "when it came")
    check_answer_by(asked, visit.at)
    silent = new.may_tell is False or (new.may_tell is None and asked.instrument in SECRET)
    held_until = (asked.hold_until or visit.at + HELD_AT_FIRST) if silent else None
    if silent:  # said here, for what was said before of the client knew nothing of this paper
        asked = _says(asked, is_secret=True)
    if new.client_id is not None:
        hold(visit, new.client_id, asked.instrument, held_until=held_until)
    step = Step(
        what="took down a request",
        said=asked.said(),
        content=asked.content(),
        client_id=new.client_id,
        handler_id=new.handler_id,
        due=due_of(door, visit, new.client_id, asked),
        held_until=held_until,
    )
    return begin(visit, REQUEST, step)


def check_answer_by(asked: Asked, at: datetime.datetime) -> None:
    """Raise `BadInput` where the moment by which an answer is wanted can be none."""
    if asked.answer_by is not None and not asked.received <= asked.answer_by <= at + LONGEST:
        raise BadInput("answer by", "is before it came, or too far away", "a day after it came")


def inbox(visit: Visit, *, client_id: bytes | None = None) -> list[Matter]:
    """The requests that are open and this person's to see, what is due first at the top."""
    return open_matters(visit, (REQUEST,), client_id=client_id)


def request(visit: Visit, matter_id: bytes) -> Matter:
    """An open request. Raises `Unknown`."""
    return found(visit, matter_id, (REQUEST,))


def is_about(door: Door, visit: Visit, matter: Matter, client_id: bytes) -> Matter:
    """Say whose record a request is about. Raises `Unknown` for a client out of reach.

    A paper of process holds what is kept from now on (`legal_holds.py`). Whoever saw to it and has
    nothing to do with the client does so no more, and does not learn that it was found. One that
    was taken down under somebody else begins there, under another id, with what was typed and
    nothing that was found out; under the first it ends, and its list says so without a name.
    """
    authority = known_authority(visit, client_id)
    hold(visit, client_id, asked_in(matter).instrument, held_until=matter.held_until)
    is_other = matter.client_id not in {None, client_id}
    asked = _of_another(asked_in(matter)) if is_other else asked_in(matter)
    asked = msgspec.structs.replace(asked, chosen=None, passages=())
    knows = reaches(visit.vault.person(matter.handler_id), authority, visit.at)
    step = Step(
        what="found whose record a request is about",
        said=asked.said(),
        content=asked.content(),
        client_id=client_id,
        handler_id=None if knows else visit.unlocked.person_id,
        due=due_of(door, visit, client_id, asked),
    )
    return _begun_there(visit, matter, step) if is_other else advance(visit, matter, step)


def says_who(
    door: Door, visit: Visit, matter: Matter, *, asker: bytes | None, party: bytes | None
) -> Matter:
    """Say who on file asks: a representative, or a party of a joint record for his or her words.

    Raises `BadInput` for somebody who does not stand on file of this client.
    """
    client_id = matter.duty.row.client_id
    client = visit.vault.authority(client_id).client
    parties = {one.client_id for one in client.parties}
    for one, on_file in ((asker, client.standing.representatives), (party, parties)):
        if matter.client_id is None or (one is not None and one not in on_file):
            raise BadInput("who asks", "does not stand on file", "somebody of the list, or nobody")
    asked = msgspec.structs.replace(
        asked_in(matter),
        asker=asker.hex() if asker else "",
        party=party.hex() if party else "",
    )
    step = Step(
        what="said who it is that asks",
        said=asked.said(),
        content=asked.content(),
        due=due_of(door, visit, client_id, asked),
    )
    return advance(visit, matter, step)


def pass_on(visit: Visit, matter: Matter, handler_id: bytes) -> Matter:
    """Let somebody else see to it. Raises `BadInput` for somebody who does not work here."""
    step = Step(
        what="passed a request on to a colleague",
        said=asked_in(matter).said(),
        handler_id=handler_id,
    )
    return advance(visit, matter, step)


def may_be_told(visit: Visit, matter: Matter) -> Matter:
    """Say that nothing forbids telling the client: from here on it is in the client's list."""
    asked = _says(asked_in(matter), is_secret=False)
    step = Step(
        what="found that the client may know of a request",
        said=asked.said(),
        content=asked.content(),
        is_told=True,
    )
    now = advance(visit, matter, step)
    if matter.client_id is not None:
        let_know(visit, matter.client_id, asked.instrument)
    return now


def answer_without(visit: Visit, matter: Matter, answer: str, *, how: str) -> Written:
    """End a request with nothing leaving. `answer`: a word of `ANSWERS`; `how`: by which way."""
    if answer not in ANSWERS:
        raise BadInput("answer", "is none", one_of(ANSWERS, answer))
    way = one_line("how", how, HOW_CHARACTERS_MAX) if how.strip() else ""
    said = {**asked_in(matter).said(), **({"how": way} if way else {})}
    return settle(visit, matter, Step(what=ANSWERS[answer], said=said))


def answer_with(
    door: Door, visit: Visit, matter: Matter, outgoing: Outgoing
) -> HandedOver | AskFirst | Refuse:
    """Hand over what was chosen, and end the request. Raises as `handing_over.hand_over`.

    What leaves is what the matter says, whatever `outgoing` says of it.
    """
    leaving = leaving_of(door, matter)
    client_id = matter.duty.row.client_id
    whole = replace(outgoing, leaving=leaving, matter=matter)
    made = hand_over(door, visit, client_id, whole)
    if isinstance(made, HandedOver):
        said = {**asked_in(matter).said(), "packet": made.packet.packet_id.hex()}
        # It would tell of what is held back, also where the client knew of the request.
        until = made.held_until
        step = Step(what="answered a request with a packet", said=said, held_until=until)
        after_it_left(visit, matter, lambda now: settle(visit, now, step))
    return made


def _of_another(asked: Asked) -> Asked:
    """What is asked, without what was found out and read off about another client."""
    is_secret = asked.facts.get(SECRECY) is True
    asked = msgspec.structs.replace(
        asked, facts={}, unknown=(), asker="", party="", orders=(), moments={}, blanks={}
    )
    return _says(asked, is_secret=True) if is_secret else asked


def _begun_there(visit: Visit, matter: Matter, step: Step) -> Matter:
    """Begin a request under its own client, then end it here: between the two it stands twice.

    A row that moved would leave the first client with a beginning and no end, and one that was put
    back there would count as owed.
    """
    handler_id = step.handler_id or matter.handler_id
    whole = replace(step, handler_id=handler_id, held_until=matter.held_until)
    there = begin(visit, REQUEST, whole)
    settle(visit, matter, Step(what="found that a request is not about this client", said={}))
    return found(visit, there, (REQUEST,))


def _says(asked: Asked, *, is_secret: bool) -> Asked:
    return msgspec.structs.replace(asked, facts={**asked.facts, SECRECY: is_secret})
