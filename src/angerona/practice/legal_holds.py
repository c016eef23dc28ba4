"""Legal holds: once a paper of a court, a lawyer or an authority has come, nothing is destroyed.

A hold is a matter of its own (`matters.py`) that begins with the paper, before anybody has read
whether it is good: what was erased cannot be brought back for a court. It covers what one could say
as a witness as well as what is written. It ends when the privacy officer lifts it, with a reason,
and outlives the request that brought it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted, one_line
from angerona.practice.matters import (
    Matter,
    Step,
    advance,
    begin,
    found,
    open_matters,
    sees,
    settle,
)
from angerona.practice.members import OFFICER
from angerona.sealed.duties import MATTER, sighted_of_client

if TYPE_CHECKING:
    import datetime

    from angerona.ledger.lines import Written
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Reading

HOLD: Final = "hold"
PROCESS: Final = frozenset(
    {
        *("subpoena_attorney", "subpoena_court", "grand_jury_subpoena", "administrative_subpoena"),
        *("court_order", "protective_order", "search_warrant", "administrative_warrant"),
        *("statutory_demand", "discovery_request"),
    }
)
"""Papers of a court, a lawyer or an authority: each brings a hold, and an answer is due to each."""
REASON_CHARACTERS_MAX: Final = 500


def hold(
    visit: Visit, client_id: bytes, instrument: str, *, held_until: datetime.datetime | None
) -> bytes | None:
    """Hold what is kept of a client because of a paper; gives the id of the hold (16 bytes).

    Nothing where the paper is none of process, or a hold of the same paper's kind is on already.
    `held_until`: until when the client's list keeps silent of it. Raises as `matters.begin`.
    """
    if instrument not in PROCESS:
        return None
    with visit.vault.store.snapshot() as reading:
        there = _holds(visit.vault, reading, client_id)
    if any(one.row.duty["content"]["instrument"] == instrument for one in there):
        return None
    step = Step(
        what="held what is kept, because a paper came",
        said={"instrument": instrument},
        content={"instrument": instrument},
        client_id=client_id,
        held_until=held_until,
    )
    return begin(visit, HOLD, step)


def let_know(visit: Visit, client_id: bytes, instrument: str) -> None:
    """Say of the hold that a paper brought what was found of it: that the client may know of it.

    Not while another request about the client is silent still. Raises `Conflicting`.
    """
    vault = visit.vault
    with vault.store.snapshot() as reading:
        holds = _holds(vault, reading, client_id)
        requests = [
            one.opened(vault)
            for one in sighted_of_client(vault, reading, client_id)
            if one.glance.rule == f"{MATTER}request"
        ]
    if any(_is_silent(one, visit.at) for one in requests):
        return
    for one in holds:
        if not _is_silent(one, visit.at) or one.row.duty["content"]["instrument"] != instrument:
            continue
        step = Step(
            what="found that the client may know of a legal hold",
            said={"instrument": instrument},
            is_told=True,
        )
        advance(visit, Matter(one, "", visit.at), step)


def holds_on(visit: Visit, client_id: bytes) -> list[Matter]:
    """The holds on a client's record, as far as they are this person's to see."""
    return open_matters(visit, (HOLD,), client_id=client_id)


def is_held(visit: Visit, client_id: bytes) -> bool:
    """Whether this person may see that a hold is on. No line is written: heads of pages say it."""
    with visit.vault.store.snapshot() as reading:
        return any(sees(visit, one) for one in _holds(visit.vault, reading, client_id))


def lift(visit: Visit, matter_id: bytes, *, reason: str) -> Written:
    """Lift a hold. Raises `NotPermitted` for anybody but the privacy officer, `Unknown`."""
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    why = one_line("reason", reason, REASON_CHARACTERS_MAX)
    matter = found(visit, matter_id, (HOLD,))
    said = {"instrument": matter.content["instrument"], "how": why}
    return settle(visit, matter, Step(what="lifted a legal hold", said=said))


def check_not_held(vault: Vault, reading: Reading, client_id: bytes) -> None:
    """Raise `BadInput` where a hold is on, of which the client may know or not."""
    if _holds(vault, reading, client_id):
        allowed = "the privacy officer lifts it first, with a reason"
        raise BadInput("record", "is under a legal hold: nothing is destroyed", allowed)


def _holds(vault: Vault, reading: Reading, client_id: bytes) -> list[Duty]:
    """The holds on a client's record, those too that the client's list keeps silent of."""
    there = sighted_of_client(vault, reading, client_id)
    return [one.opened(vault) for one in there if one.glance.rule == f"{MATTER}{HOLD}"]


def _is_silent(duty: Duty, at: datetime.datetime) -> bool:
    return duty.row.held_until is not None and at < duty.row.held_until
