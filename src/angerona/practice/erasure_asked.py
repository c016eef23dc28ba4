"""An erasure that a client asks for, against what must be kept: item by item, with the rule.

Where the law lets the whole record go, it is erased (`erasure.py`). Where it must be kept, what can
go now goes, and the rest is answered in a letter that says what stays, by which rule and until
when; it is kept from every use that does not serve the client, and at the end of the time somebody
has to look whether it can go. A single entry cannot be erased: entries of a kind share a key, and
the list of them is bound by the ledger as a whole (docs/LIMITATIONS.md).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, NotPermitted
from angerona.gate.announcing import Act, announced
from angerona.practice.asked_for import check_stands
from angerona.practice.clients import known_authority, rewrite_client
from angerona.practice.erasure import Erasure, erase_client
from angerona.practice.keeping_times import in_a_sentence, must_stay, still_running
from angerona.practice.members import OFFICER
from angerona.practice.rights import RIGHT, answer, check_answerable, check_decides
from angerona.sealed.duties import Duty, DutyRow
from angerona.sealed.rows import Restriction
from angerona.words import CLASSES, RECIPIENTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Mapping

    from angerona.gate.door import Door
    from angerona.practice.matters import Matter
    from angerona.sealed.vault import Visit

LOOK_AGAIN: Final = "own.erase_at_the_end"
"""The duty to look, at the end of the time, whether the record can be erased."""
STILL_USED: Final = ("training", "research", "marketing", "employment", "education", "insurance")
"""What a record that is only kept is not used for any more."""
_KEPT_FROM: Final = frozenset(RECIPIENTS) - {"client"}
_ID_BYTES: Final = 16


def itemised(
    door: Door, visit: Visit, client_id: bytes, classes: Collection[str] | None = None
) -> str:
    """What a letter says of each kind of entry: how many there are, what keeps them, until when.

    Of `classes` alone, where whoever reads it may know of no others.
    """
    zone = door.vault.practice().zone
    stays = still_running(must_stay(door, visit, client_id), visit.at)
    counted: dict[str, set[bytes]] = {}
    for one in visit.vault.places(client_id):
        if classes is None or one.wanted in classes:
            counted.setdefault(one.wanted, set()).add(one.entry_id)
    why = [in_a_sentence(one, zone) for one in stays] or ["No rule that we know makes us keep it."]
    lines = ["What you told us how to reach you: this can go now.", "", "What we have to keep:", ""]
    lines += [f"- {CLASSES[name]}: {len(ids)}" for name, ids in sorted(counted.items())]
    return "\n".join([*lines, "", *why])


def erase_all(
    door: Door, visit: Visit, matter: Matter, *, reason: str, facts: Mapping[str, bool | int | str]
) -> Erasure:
    """Erase the whole record, where the law lets it go; the matter goes with it.

    For the privacy officer. Raises as `erase_client`, and `BadInput` while nobody made sure who
    asks.
    """
    check_decides(visit, matter)
    check_answerable(matter)
    check_stands(door, visit, matter)
    if matter.client_id is None:
        raise NotPermitted
    given = {**facts, "recipient.identity_verified": True}
    return erase_client(visit, door.packs, matter.client_id, reason=reason, facts=given)


def refuse_in_part(
    door: Door,
    visit: Visit,
    matter: Matter,
    *,
    letter: str,
    reason: str,
    forget_contact: bool,
) -> datetime.datetime | None:
    """Answer that the record is kept, and do what can be done; gives when somebody looks again.

    With `forget_contact` phone, mail and address go now. The rest is kept from every use of
    `STILL_USED`. For the privacy officer. Raises `NotPermitted`, `BadInput`.
    """
    if OFFICER not in visit.person.row.posts or matter.client_id is None:
        raise NotPermitted
    check_answerable(matter)
    check_stands(door, visit, matter)
    if not letter.strip():
        raise BadInput("letter", "is missing", "what stays, by which rule, and until when")
    client_id = matter.client_id
    authority = known_authority(visit, client_id)
    quiet = Restriction(
        restriction_id=os.urandom(_ID_BYTES),
        classes=tuple(CLASSES),
        to=tuple(sorted(_KEPT_FROM)),
        purposes=STILL_USED,
        since=visit.at,
        by=visit.unlocked.person_id,
    )
    row = msgspec.structs.replace(
        authority.client, restrictions=(*authority.client.restrictions, quiet)
    )
    if forget_contact:
        row = msgspec.structs.replace(row, contact={})
    what = "kept the record for its time only, and from every other use"
    rewrite_client(visit, authority, row, RIGHT, what=what, restriction=quiet.restriction_id.hex())
    stays = still_running(must_stay(door, visit, client_id), visit.at)
    ends = max((one.until for one in stays if one.until), default=None)
    _owe_another_look(visit, client_id, ends, "; ".join(one.cite for one in stays))
    answer(door, visit, matter, "partly", letter, reason=reason)
    return ends


def _owe_another_look(
    visit: Visit, client_id: bytes, due: datetime.datetime | None, cite: str
) -> None:
    owed: dict[str, Any] = {
        "id": LOOK_AGAIN,
        "kind": "review",
        "mode": "required",
        "what": "look whether the record can be erased now, as the client asked",
        "due": None,
        "due_from": None,
        "sure": True,
        "cite": cite,
    }
    row = DutyRow(
        client_id=client_id,
        act=RIGHT,
        by=visit.unlocked.person_id,
        at=visit.at,
        owed=msgspec.json.encode(owed),
        due=due,
    )
    body = {"by": visit.person.described, "what": "is to look again when the time is over"}
    act = Act(client_id, RIGHT, body, (Duty(os.urandom(_ID_BYTES), row),))
    version = visit.vault.authority(client_id).version
    announced(visit.vault, act, visit.at, authority=version)
