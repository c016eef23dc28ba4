"""Second reading: a disclosure that waits until a colleague has agreed to exactly this.

The rules say where a second reader is required. A disclosure waits for one, unless the law itself
requires it, or someone may come to harm while it waits: then it leaves, and the reading is owed
afterwards (`owing.py`). An agreement is kept as a duty of whoever proposed it, bound to the line of
the one who agreed; the release that it lets go ends it, in the same transaction, and a row counts
only while the ledger leaves it owed. So one agreement lets go once, what was agreed to and nothing
else.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.ciphers.encoding import digest
from angerona.errors import Conflicting, NotAgreed
from angerona.gate.owing import SECOND_READER
from angerona.sealed.duties import Duty, DutyRow, find, is_owed, sighted_of_client

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.gate.announcing import Act
    from angerona.gate.gathering import Gathered
    from angerona.gate.paring import Choice
    from angerona.gate.reaching import Reach
    from angerona.gate.results import Prepared
    from angerona.rules.answer import Permit
    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Reading, Writing

READ: Final = "own.second_reading"
"""The duty of whoever is asked to read."""
AGREED: Final = "own.agreed"
"""The duty of whoever proposed, once somebody has agreed: to hand it over, or to let it be."""
URGENT: Final = frozenset({"harm", "abuse"})
"""The limits under which a disclosure leaves at once and is read afterwards."""
CALM: Final = frozenset({"court", "other"})
"""The limits under which nobody comes to harm by one reading more, whatever else is relied on."""
GOOD_FOR: Final = datetime.timedelta(days=30)
"""How long an agreement lets something leave; later, others have to look at it again."""
_PROPOSAL: Final = "angerona/proposal/v1"
_SEEN: Final = "angerona/seen/v1"


def is_awaited(answer: Permit, packs: Packs, classes: Iterable[str]) -> bool:
    """Whether a disclosure of these classes under this Permit waits for a second reader.

    A duty of which it is not sure whether it is owed counts as owed. What the law requires never
    waits; what it merely permits is not carried along by that, unless someone may come to harm.
    """
    if not _asks_for_reader(answer) or all(answer.classes[one] == "must" for one in classes):
        return False
    limits = _limits(answer, packs)
    is_calm = answer.outcome == "permit" and not limits.isdisjoint(CALM)
    return is_calm or limits.isdisjoint(URGENT)


def is_read_afterwards(answer: Permit, packs: Packs) -> bool:
    """Whether what leaves without waiting is read afterwards: under a limit, or as a must.

    What the law requires under no limit is the client's, or of the care.
    """
    limits = _limits(answer, packs)
    is_must = answer.outcome == "require" and not limits.isdisjoint(CALM)
    return _asks_for_reader(answer) or is_must or not limits.isdisjoint(URGENT)


def _asks_for_reader(answer: Permit) -> bool:
    return any(one.kind == SECOND_READER and one.mode == "required" for one in answer.duties)


def _limits(answer: Permit, packs: Packs) -> set[str]:
    return {
        ground.limit
        for pack in packs.packs.values()
        for ground in pack.grounds
        if ground.id in answer.grounds
    }


def proposal_of(
    gathered: Gathered, reach: Reach, choice: Choice, recipient: str
) -> dict[str, object]:
    """What exactly would leave, to whom, what for and on what: as JSON, for whoever reads it."""
    wish = gathered.wish
    between = wish.between and [one.isoformat() for one in wish.between]
    return {
        "wants": list(wish.wants),
        "to": wish.to,
        "recipient": recipient,
        "purpose": wish.purpose,
        "purpose_by": wish.purpose_by,
        "instrument": wish.instrument,
        "act": wish.act,
        "facts": dict(wish.facts),
        "orders": [dict(one) for one in wish.orders],
        "between": between,
        "asker": wish.asker and wish.asker.hex(),
        "care": wish.care,
        "entries": [[one.entry_id.hex(), one.version, one.wanted] for one in reach.going],
        "gaps": [
            [one.entry_id.hex(), one.version, [list(span) for span in one.spans]]
            for one in choice.left_out
        ],
        **({} if wish.party is None else {"party": wish.party.hex()}),
        **({"in_camera": True} if wish.in_camera else {}),
    }


def proposal_digest(practice_id: bytes, client_id: bytes, proposal: Mapping[str, object]) -> str:
    """What an agreement names a proposal by (64 hexadecimal digits).

    The order of its entries does not count.
    """
    sets = {name: sorted(proposal[name]) for name in ("entries", "gaps")}  # type: ignore[call-overload]  # lists, as made above
    known = {**proposal, **sets}
    text = msgspec.json.encode(known, order="sorted")
    return digest(_PROPOSAL, practice_id, client_id, text).hex()


def seen_of(gathered: Gathered, answer: Permit, proposal: Mapping[str, object]) -> str:
    """What somebody has seen who was shown a proposal and its Answer (64 hexadecimal digits).

    Whatever changes of either, another consent that it rests on among them, gives another.
    """
    authority = gathered.authority
    told = msgspec.json.encode([answer.as_json(), gathered.documents], order="sorted")
    named = proposal_digest(gathered.person.person_id, authority.client_id, proposal)
    return digest(_SEEN, authority.client_id, bytes.fromhex(named), told).hex()


def own_duty(
    client_id: bytes,
    by: bytes,
    at: datetime.datetime,
    owed: Mapping[str, object],
    *,
    due: datetime.datetime | None,
    held_until: datetime.datetime | None,
) -> Duty:
    """A duty of second reading, `READ` or `AGREED`, with what it says besides."""
    says: dict[str, Any] = {
        "kind": SECOND_READER,
        "mode": "required",
        "due": None,
        "due_from": None,
        "sure": True,
        "cite": "",
        **owed,
    }
    row = DutyRow(
        client_id=client_id,
        act="second_reading",
        by=by,
        at=at,
        owed=msgspec.json.encode(says),
        due=due,
        held_until=held_until,
    )
    return Duty(os.urandom(16), row)


def agreements(vault: Vault, reading: Reading, client_id: bytes) -> list[Duty]:
    """What was agreed to of a client and has not left; those of which the line is held too."""
    there = sighted_of_client(vault, reading, client_id)
    return [one.opened(vault) for one in there if one.glance.rule == AGREED]


def agreed(visit: Visit, gathered: Gathered, reach: Reach, proposal: Mapping[str, object]) -> Reach:
    """The same reach with the agreement that lets it leave now. Raises `NotAgreed` without one."""
    vault, client_id = visit.vault, gathered.authority.client_id
    named = proposal_digest(vault.practice_id, client_id, proposal)
    with vault.store.snapshot() as reading:
        there = agreements(vault, reading, client_id)
    for one in there:
        is_own = one.row.by == visit.unlocked.person_id
        is_good = one.row.due is not None and visit.at < one.row.due
        is_this = one.row.duty["proposal"] == named
        if is_own and is_good and is_this and is_owed(vault, one):
            says = {**reach.says, "read_by": one.row.duty["reader"]}
            return replace(reach, says=says, agreement=one)
    raise NotAgreed


def used(act: Act, vault: Vault, agreement: Duty) -> Act:
    """A release that ends the agreement it rests on; `Conflicting` where that served meanwhile."""

    def still_there(writing: Writing) -> None:
        if not find(vault, writing, "duties.by_key", duty_id=agreement.duty_id):
            raise Conflicting("what was agreed to has left meanwhile")

    return replace(act, done=(agreement,), change=still_there)


def given_back(prepared: Prepared) -> tuple[Duty, ...]:
    """The agreement of a release that came to nothing: it may be tried again."""
    old = prepared.agreement
    return () if old is None else (Duty(os.urandom(16), old.row),)
