"""Corrections: what the client says is wrong, the addendum, the refusal, the client's own words.

Nothing is ever overwritten. What corrects an entry, the client's statement of disagreement and what
the practice answers to it are entries of the same class, bound to the one they are about in the
client's row: whoever is given that entry from now on is given them too (`gate/reaching.py`). Those
who got it before are told, one duty for each.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, Unknown, one_line
from angerona.gate.announcing import Act, announced
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept, Shown
from angerona.practice.asked_for import check_stands
from angerona.practice.clients import check_treating, known_authority
from angerona.practice.rights import RIGHT, answer, check_answerable, check_decides, rules_of
from angerona.sealed.duties import Duty, DutyRow
from angerona.sealed.held_lines import lines_now
from angerona.words import PROCESS_NOTES, RECIPIENTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.gate.door import Door
    from angerona.practice.matters import Matter
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.entries import EntryPlace
    from angerona.sealed.vault import Visit

TELL: Final = "own.tell_of_correction"
"""The duty to tell somebody who was given an entry that it was corrected or is disputed."""
CORRECTED: Final = "Correction"
DISAGREES: Final = "The client's own words: what is disputed here"
REBUTTED: Final = "What the practice answers to the client's words"
_NOT_TOLD: Final = frozenset({"client", "workforce"})
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Given:
    """That somebody outside was given an entry: to whom, by kind and name, and when."""

    to: str
    recipient: str
    at: datetime.datetime


def correct(
    door: Door,
    visit: Visit,
    matter: Matter,
    text: str,
    *,
    letter: str,
    facts: Mapping[str, bool | int | str],
) -> Kept | AskFirst | Refuse:
    """Correct an entry by an addendum bound to it, tell the client, and settle the matter.

    Whoever was given the entry before is to be told, a duty each. For whoever treats. Raises
    `BadInput`, `NotPermitted`, and as `Door.keep`.
    """
    check_decides(visit, matter)
    check_answerable(matter)
    check_stands(door, visit, matter)
    client_id, entry_id = _about(matter)
    kept = state(door, visit, client_id, entry_id, CORRECTED, text, facts=facts)
    if isinstance(kept, Kept):
        owe_telling(door, visit, client_id, entry_id)
        answer(door, visit, matter, "granted", letter)
    return kept


def place_statement(
    door: Door, visit: Visit, matter: Matter, *, facts: Mapping[str, bool | int | str]
) -> Kept | AskFirst | Refuse:
    """Put the client's own words beside the entry that they are about, word for word.

    What settles the matter of the right "statement". For whoever treats. Raises as `correct`.
    """
    check_decides(visit, matter)
    check_answerable(matter)
    check_stands(door, visit, matter)
    client_id, entry_id = _about(matter)
    asked = bytes.fromhex(matter.content["asked"])
    found = door.look(visit, client_id, purpose="treatment", entry_ids=[asked], facts=facts)
    if not isinstance(found, Shown):
        return found
    [(_, words)] = found.entries
    kept = state(door, visit, client_id, entry_id, DISAGREES, words.text, facts=facts)
    if isinstance(kept, Kept):
        owe_telling(door, visit, client_id, entry_id)
        answer(door, visit, matter, "granted", _PLACED)
    return kept


_PLACED: Final = (
    "We put your own words beside what we wrote. Whoever we give it to from now on gets your words "
    "too."
)


def rebut(
    door: Door,
    visit: Visit,
    client_id: bytes,
    entry_id: bytes,
    text: str,
    *,
    facts: Mapping[str, bool | int | str],
) -> Kept | AskFirst | Refuse:
    """Answer the client's words beside the entry; the client sees it like any other entry.

    Raises `BadInput` where nobody disputes the entry, `NotPermitted`, and as `Door.keep`.
    """
    authority = known_authority(visit, client_id)
    if all(one.entry_id != entry_id for one in authority.client.statements):
        raise BadInput("the entry", "is not disputed")
    return state(door, visit, client_id, entry_id, REBUTTED, text, facts=facts)


def state(
    door: Door,
    visit: Visit,
    client_id: bytes,
    entry_id: bytes,
    heading: str,
    text: str,
    *,
    facts: Mapping[str, bool | int | str],
) -> Kept | AskFirst | Refuse:
    """Keep an entry that is bound to another one, of its class, and goes wherever that goes.

    It is bound and kept in one transaction. What an author keeps apart takes its author. Raises
    `Unknown`, `BadInput`, `NotPermitted`, and as `Door.keep`.
    """
    authority = known_authority(visit, client_id)
    check_treating(visit, authority)
    place = _newest(visit, client_id, entry_id)
    if place.wanted in PROCESS_NOTES and place.author_id != visit.unlocked.person_id:
        raise BadInput("the entry", "is kept apart by its author", "who alone can write beside it")
    if not text.strip():
        raise BadInput("text", "is empty", "what is to stand beside the entry")
    draft = Draft(
        wanted=place.wanted,
        heading=heading,
        text=text.strip(),
        facts=facts,
        beside=entry_id,
    )
    return door.keep(visit, client_id, draft)


def given_to(visit: Visit, client_id: bytes, entry_id: bytes) -> tuple[Given, ...]:
    """To whom outside an entry was handed over, oldest first, each recipient once.

    Read off the ledger, but for what is held back from the client: to tell of a correction there
    would tell the client of what is held back.
    """
    lines = [one for one in lines_now(visit.vault, client_id) if one.is_open(visit.at)]
    begun = {line.event_id.hex(): line for line in lines if line.kind == "disclosure"}
    found: dict[tuple[str, str], Given] = {}
    for line in lines:
        first = begun.get(str(line.body.get("announced"))) if line.kind == "handed_over" else None
        if first is None or first.body.get("to") in _NOT_TOLD:
            continue
        if any(one.partition(":")[0] == entry_id.hex() for one in first.body.get("entries", ())):
            to, recipient = str(first.body["to"]), str(first.body.get("what", ""))
            found.setdefault((to, recipient), Given(to, recipient, line.at or visit.at))
    return tuple(found.values())


def owe_telling(door: Door, visit: Visit, client_id: bytes, entry_id: bytes) -> int:
    """Leave owed that each who got an entry is told of what stands beside it now; how many.

    The line says to whom, so that the client reads it.
    """
    told = given_to(visit, client_id, entry_id)
    if not told:
        return 0
    cite = next((one.cite for one in rules_of(door, "correction")), "")
    authority = known_authority(visit, client_id)
    owes = tuple(_duty(visit, client_id, one, cite) for one in told)
    names = ", ".join(f"{RECIPIENTS[one.to]} ({one.recipient})" for one in told)
    body: dict[str, Any] = {
        "by": visit.person.described,
        "what": f"is to tell of what stands beside an entry now: {names}",
        "entry": entry_id.hex(),
    }
    act = Act(client_id, RIGHT, body, owes)
    announced(visit.vault, act, visit.at, authority=authority.version)
    return len(told)


def _duty(visit: Visit, client_id: bytes, given: Given, cite: str) -> Duty:
    owed = {
        "id": TELL,
        "kind": "notice",
        "mode": "required",
        "what": one_line("what", f"tell {given.recipient or RECIPIENTS[given.to]} of it", 300),
        "to": given.to,
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
    )
    return Duty(os.urandom(_ID_BYTES), row)


def _about(matter: Matter) -> tuple[bytes, bytes]:
    """The client, and the entry that is said to be wrong."""
    if matter.client_id is None or "entry" not in matter.content:
        raise NotPermitted
    return matter.client_id, bytes.fromhex(matter.content["entry"])


def _newest(visit: Visit, client_id: bytes, entry_id: bytes) -> EntryPlace:
    found = [one for one in visit.vault.places(client_id) if one.entry_id == entry_id]
    if not found:
        raise Unknown
    return found[-1]
