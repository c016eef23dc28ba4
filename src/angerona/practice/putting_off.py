"""Putting off: a client is told later, because the law forbids telling still, or again.

A delay has an end. Before it ends it is weighed again, by whoever is to tell the client and by each
round (`weigh_again`), so that what a law forbids does not open by itself. Where it goes on,
everything of that client that was to open meanwhile stays closed (`sealed/held_lines.py`), and
matters and what else is owed that were silent stay silent with it: the line that ends one would
tell. Nothing that has opened is closed again.
"""

from __future__ import annotations

import datetime
import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import Altered, AuthorityMoved, BadInput, Conflicting, Tampered, Unknown
from angerona.gate.announcing import Act, announced
from angerona.gate.owing import TELL_LATER
from angerona.gate.saying import HELD_AT_MOST
from angerona.practice.duties import tells_client
from angerona.practice.notices import happened, is_held, notice_duty, weighed_now
from angerona.sealed.duties import Duty, find, sighted_whole
from angerona.sealed.held_lines import HELD_FROM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.ledger.lines import Written
    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

PUT_OFF: Final = "later"
"""What stands in a line in place of a way where telling was put off."""
AGAIN: Final = datetime.timedelta(days=30)
"""For how long a round lets a delay go on, before it is weighed once more."""
AHEAD: Final = datetime.timedelta(hours=36)
"""How long before the end of a delay the rounds weigh it: a round of each day is enough."""
ROUND: Final = {"name": "the daily round", "roles": ["system"]}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Later:
    """Until when telling is put off, why, and what was found of what the law asks about it."""

    until: datetime.datetime
    reason: str
    facts: Mapping[str, bool] = field(default_factory=dict)


def put_off(
    door: Door, visit: Visit, client_id: bytes, duty_id: bytes, later: Later
) -> Written | None:
    """Put telling off until a day, where the law forbids it still or again, with a reason.

    Also while a delay is on, which goes on then. The duty begins anew. Gives nothing where it was
    done before. Raises `BadInput` where nothing that is known forbids it after the delay, and for a
    day that is past, within the delay, or too far away; `Unknown`.
    """
    duty = notice_duty(visit, client_id, duty_id)
    if duty is None:
        return None
    vault, at = visit.vault, visit.at
    if weighed_now(door.packs, vault, duty, later.facts, at).mode != "prohibited":
        raise BadInput("notice", "need not be put off", "what the law forbids telling now")
    first = duty.row.held_until if duty.row.held_until and is_held(duty, at) else at
    if not first < later.until <= at + HELD_AT_MOST:
        allowed = f"after the delay that is on, and {HELD_AT_MOST.days} days at most"
        raise BadInput("until", "is past or too far away", allowed)
    says = {"by": visit.person.described, "reason": vault.reason_sealed(client_id, later.reason)}
    if later.facts:
        says["stated"] = dict(later.facts)
    with suppress(Conflicting):
        return _goes_on(vault, duty, at, later.until, says)
    return None


def weigh_again(vault: Vault, packs: Packs, at: datetime.datetime) -> int:
    """Let each delay go on that ends within `AHEAD` and that the law forbids to end; how many.

    By what is on file: what was stated at the time was true then. Each goes on for `AGAIN`, and is
    weighed anew. What others change at this moment waits for the next round. Raises `Altered` where
    a row does not open or is not what the ledger holds, once the rest was weighed.
    """
    count, place = 0, {"client_id": vault.practice_id}
    with vault.store.snapshot() as reading:
        rows, is_altered = sighted_whole(vault, reading, "duties.of_client", **place)
    there = [one.opened(vault) for one in rows if one.glance.kind == "notice"]
    ending = [one for one in there if tells_client(one) and _ends_soon(one, at)]
    for duty in ending:
        try:
            if weighed_now(packs, vault, duty, {}, at).mode == "prohibited":
                _goes_on(vault, duty, at, at + AGAIN, {"by": ROUND})
                count += 1
        except (AuthorityMoved, Conflicting, Unknown, BadInput):
            continue  # changed meanwhile, erased since, or of a pack that is not loaded any more
        except Tampered:
            is_altered = True
    if is_altered:
        raise Altered("a duty, or the ties, consents or keys of a client")
    return count


def _ends_soon(duty: Duty, at: datetime.datetime) -> bool:
    until = duty.row.held_until
    return until is not None and at < until <= at + AHEAD


def _goes_on(
    vault: Vault,
    duty: Duty,
    at: datetime.datetime,
    until: datetime.datetime,
    says: Mapping[str, object],
) -> Written:
    """Let a delay go on, with a held line; what else of the client is silent goes with it."""
    row, rule = duty.row, duty.row.duty
    said = happened(vault, duty)
    begun = rule.get(HELD_FROM, at.isoformat()) if is_held(duty, at) else at.isoformat()
    owed = {**rule, "id": TELL_LATER, "said": said, HELD_FROM: begun}  # a choice stays one
    silent = _silent(vault, duty, at, until)
    body: dict[str, Any] = {
        "duty": duty.duty_id.hex(),
        "rule": rule["id"],
        "what": rule["what"],
        "after": row.act,
        "happened": row.at.isoformat(),
        "way": PUT_OFF,
        "said": said,
        "to_day": until.isoformat(),
        **says,
    }
    act = Act(
        row.client_id,
        "notice",
        body,
        owes=(_waiting(duty, owed, until), *(_kept_silent(one, until) for one in silent)),
        done=(duty, *silent),
        held_until=until,
        change=lambda writing: _check_there(vault, (duty, *silent), writing),
    )
    return announced(vault, act, at, authority=vault.authority(row.client_id).version)


def _waiting(duty: Duty, owed: Mapping[str, Any], until: datetime.datetime) -> Duty:
    """A duty that takes the place of one, and must wait until a moment."""
    row = msgspec.structs.replace(
        duty.row,
        owed=msgspec.json.encode(dict(owed)),
        due=until,
        not_before=until,
        held_until=until,
    )
    return Duty(os.urandom(16), row)


def _silent(
    vault: Vault, duty: Duty, at: datetime.datetime, until: datetime.datetime
) -> list[Duty]:
    """What else about its client is silent now and would not be, before `until`.

    But for what is to be told, which is weighed for itself.
    """
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.of_client", client_id=vault.practice_id)
    about = (one for one in there if one.row.client_id == duty.row.client_id)
    mine = (one for one in about if not tells_client(one))
    return [one for one in mine if one.row.held_until and at < one.row.held_until < until]


def _kept_silent(one: Duty, until: datetime.datetime) -> Duty:
    return Duty(one.duty_id, msgspec.structs.replace(one.row, held_until=until))


def _check_there(vault: Vault, duties: Iterable[Duty], writing: Writing) -> None:
    for one in duties:
        there = find(vault, writing, "duties.by_key", duty_id=one.duty_id)
        if [now.row for now in there] != [one.row]:
            raise Conflicting("this was changed meanwhile")
