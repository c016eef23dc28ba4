"""Who can read second: never the one who asks, the subject, a relative, or who stepped aside.

Whoever is privacy officer or tied to the client can, unless close to one of those whom it concerns
(`closeness.py`). Nobody gets rid of readers by what he or she alone has said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.practice.closeness import shares_name
from angerona.practice.colleagues import everybody, works_here
from angerona.practice.members import OFFICER
from angerona.practice.reading_steps import READINGS, stepped_aside

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Person, Vault, Visit

_TIES: Final = frozenset({"treating", "supervisor", "covering"})


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a reading concerns: the client and whoever asks (ids), and the recipient in words."""

    client_id: bytes
    asker_id: bytes
    recipient: str

    @classmethod
    def by(cls, duty: Duty) -> Concerned:
        """Whom a duty of second reading concerns."""
        row = duty.row
        return cls(row.client_id, row.by, row.duty["terms"]["recipient"])


def can_read(vault: Vault, whom: Concerned, one: Person, at: datetime.datetime) -> bool:
    """Whether somebody could read this second, away or not."""
    asker = vault.person(whom.asker_id)
    if one.person_id in asker.row.close_to or asker.person_id in one.row.close_to:
        return False
    noted = vault.authority(whom.client_id).client.close_to
    return one.person_id not in noted and _is_apart(vault, whom, one, at)


def _is_apart(vault: Vault, whom: Concerned, one: Person, at: datetime.datetime) -> bool:
    """The same, whatever was noted about who is close."""
    authority, one = vault.authority(whom.client_id), one.at(at)
    asker = vault.person(whom.asker_id)
    if one.person_id == asker.person_id or not one.credentials or not works_here(one, at):
        return False
    names = f"{authority.client.name} {asker.row.name} {whom.recipient}"
    if shares_name(one, names) or one.person_id.hex() in stepped_aside(vault, whom.client_id):
        return False
    tied = authority.relations(one.person_id, at)
    return OFFICER in one.row.posts or not _TIES.isdisjoint(tied)


def present(
    vault: Vault, whom: Concerned, people: Iterable[Person], at: datetime.datetime
) -> list[Person]:
    """Those of these people who can read this and are not away, in the roles of the moment."""
    found = (one.at(at) for one in people if one.row.absence_at(at) is None)
    return [one for one in found if can_read(vault, whom, one, at)]


def check_reader(vault: Vault, whom: Concerned, reader: Person, at: datetime.datetime) -> None:
    """Raise `BadInput` for somebody who cannot read this, or is away."""
    if not can_read(vault, whom, reader, at):
        allowed = "an officer or somebody tied to the client, and close to nobody concerned"
        raise BadInput("second reader", "cannot be this person", allowed)
    if reader.row.absence_at(at) is not None:
        raise BadInput("second reader", "is out of office", "whoever stands in, or another one")


def check_nobody(vault: Vault, whom: Concerned, at: datetime.datetime) -> None:
    """Raise `BadInput` where somebody here can read this, but for what the asker alone has said.

    That is: who is close, who is away, and what the recipient is called.
    """
    me, noted = whom.asker_id, vault.authority(whom.client_id).client.close_to
    named = Concerned(whom.client_id, me, "")
    for one in everybody(vault, at):
        absence = one.row.absence_at(at)
        is_away = absence is not None and absence.by != me
        is_close = noted.get(one.person_id, me) != me or me in one.row.close_to
        if not is_away and not is_close and _is_apart(vault, named, one, at):
            wrong = "stands in only where nobody here can read"
            raise BadInput("consultant", wrong, "a second reader, or what others say themselves")


def is_asked(visit: Visit, duty: Duty) -> bool:
    """Whether this person is asked to read, and could still be asked."""
    said = duty.row.duty
    if said["id"] not in READINGS or said.get("reader") != visit.unlocked.person_id.hex():
        return False
    return can_read(visit.vault, Concerned.by(duty), visit.person, visit.at)
