"""The steps of second readings: how each is written down, and what the lines say of them.

A second reading is a duty of whoever is asked to read (`gate/second_reading.py`). Each step ends
one, begins another, or both, with a line about the client, held where the law delays it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, Conflicting
from angerona.gate.announcing import Act, announced
from angerona.gate.owing import AFTER
from angerona.gate.second_reading import READ, proposal_digest
from angerona.practice.members import OFFICER
from angerona.sealed.duties import find

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.ledger.lines import Written
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Person, Vault
    from angerona.store import Writing

READING: Final = "second_reading"
"""The kind of every line about one; what happened stands under `what`."""
READINGS: Final = frozenset({READ, AFTER})
"""The duties to read: before something leaves, and after what could not wait."""
OBJECTED: Final = "objected"
ASIDE: Final = "stepped aside"
_HELD: Final = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingStep:
    """A step: the duty it is about, what its line says, what it leaves owed and what it ends.

    `terms`: what would leave, or has left, where that is not what the duty says.
    """

    duty: Duty
    said: Mapping[str, object]
    terms: Mapping[str, Any] | None = None
    owes: tuple[Duty, ...] = ()
    done: tuple[Duty, ...] = ()


def write_step(vault: Vault, step: ReadingStep, at: datetime.datetime) -> Written:
    """Write a step down. Raises `Conflicting` where what it ends is over, and as `announced`."""
    row = step.duty.row
    what = step.terms or row.duty["terms"]
    body = {
        **step.said,
        **{name: what[name] for name in ("to", "recipient", "purpose", "instrument")},
        "classes": sorted({wanted for *_, wanted in what["entries"]}),
        "entries": len(what["entries"]),
        "proposal": proposal_digest(vault.practice_id, row.client_id, what),
    }
    act = Act(
        row.client_id,
        READING,
        body,
        owes=step.owes,
        done=step.done,
        held_until=row.held_until if row.held_until and row.held_until > at else None,
        change=partial(_still_there, vault, step.done),
    )
    return announced(vault, act, at, authority=vault.authority(row.client_id).version)


def _still_there(vault: Vault, duties: tuple[Duty, ...], writing: Writing) -> None:
    for one in duties:
        if not find(vault, writing, "duties.by_key", duty_id=one.duty_id):
            raise Conflicting("this was answered meanwhile")


def steps_of(vault: Vault, client_id: bytes) -> list[Mapping[str, Any]]:
    """What the lines say of second readings about a client, those that are held too, in order."""
    digits, lines = client_id.hex(), vault.ledger.lines_of
    bodies = [one.body for one in lines(client_id) if one.kind == READING]
    held = (one.body for one in lines(vault.practice_id) if one.body.get(_HELD) == READING)
    return [*bodies, *(one for one in held if one.get("client") == digits)]


def stepped_aside(vault: Vault, client_id: bytes) -> frozenset[str]:
    """The ids of those who said that they should not read about a client."""
    said = (one for one in steps_of(vault, client_id) if one.get("what") == ASIDE)
    return frozenset(one["by"]["id"] for one in said)


def objections(vault: Vault, client_id: bytes) -> list[Mapping[str, Any]]:
    """What the lines say of objections about a client, in order."""
    return [one for one in steps_of(vault, client_id) if one.get("what") == OBJECTED]


def check_objection(vault: Vault, client_id: bytes, named: str, reader: Person) -> None:
    """Raise `BadInput` where somebody has objected to exactly this, for all but the officer."""
    said = {one.get("proposal") for one in objections(vault, client_id)}
    if OFFICER not in reader.row.posts and named in said:
        raise BadInput("second reader", "somebody has objected to this", "the privacy officer")
