"""A client who has died: silence goes on, and what could still be sent or asked of the client ends.

Nothing is opened by a death. Powers that somebody held for the living end, appointments are
cancelled, and the client's own way in is shut, so that no password left behind opens the record.
Who asks now is a personal representative, a coroner or a relative, and the packs answer each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, one_line
from angerona.ledger.lines import KEYS, Line
from angerona.practice.calendar import cancelled_from
from angerona.practice.durations import in_words
from angerona.practice.posts import write_row
from angerona.practice.representatives import WORDS_MAX, changeable, today
from angerona.practice.ties import key_change
from angerona.sealed.authority import moved_authority
from angerona.sealed.standing import Changed, Death
from angerona.sealed.vault import person_digest

if TYPE_CHECKING:
    import datetime

    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing


_DEATH: Final = "death"
_KEPT: Final = "the record is kept"


@dataclass(frozen=True, slots=True)
class GoesOn:
    """What a law says goes on after a client's death, for how long, and where that stands."""

    law: str
    what: str
    length: str
    cite: str


def record_death(visit: Visit, client_id: bytes, *, day: datetime.date | None, source: str) -> None:
    """Put on file that a client has died, and from whom that is known.

    By whoever treats, or the privacy officer. Coming appointments are cancelled and the client's
    credentials, keys and sessions go, in one act. Raises `BadInput` for a day to come, a source
    that says nothing, and where it stands there already; `Unknown`, `NotPermitted`,
    `AuthorityMoved`.
    """
    authority = changeable(visit, client_id)
    standing = authority.client.standing
    if standing.death is not None:
        raise BadInput("death", "is on file already", "a correction")
    if day is not None and (day > today(visit) or (standing.born and day < standing.born)):
        raise BadInput("day", "cannot be", "a day that is past, or none")
    kept = Changed(at=visit.at, by=visit.unlocked.person_id)
    death = Death(day=day, source=one_line("source", source, WORDS_MAX), kept=kept)
    _write(visit, authority, death, "death")


def take_back_death(visit: Visit, client_id: bytes) -> None:
    """Put on file that a client lives who was taken for dead; a way in is given anew, in person.

    Raises as `record_death`, `BadInput` where no death is on file.
    """
    authority = changeable(visit, client_id)
    if authority.client.standing.death is None:
        raise BadInput("death", "is not on file", "one that is")
    _write(visit, authority, None, "death taken back")


def goes_on(vault: Vault, packs: Packs) -> list[GoesOn]:
    """What the law of this practice says goes on after a death."""
    laws = [packs.packs[one] for one in vault.practice().row.packs]
    found = [
        (law.name, one, one.after_death or (one.keep if one.keep_from == _DEATH else ""))
        for law in laws
        for one in law.retentions
    ]
    return [
        GoesOn(law, one.what or _KEPT, in_words(length), one.cite)
        for law, one, length in found
        if length
    ]


def _write(visit: Visit, authority: Authority, death: Death | None, what: str) -> None:
    vault, client_id = visit.vault, authority.client_id
    by, person_id = visit.person.described, authority.client.person_id
    standing = msgspec.structs.replace(authority.client.standing, death=death)
    row = msgspec.structs.replace(authority.client, standing=standing)
    lines = [Line(client_id, "keys", {"by": by, "what": what}, slot=KEYS)]
    cancelled, cancel = cancelled_from(visit, client_id) if death is not None else ([], _nothing)
    change = key_change(visit, authority)
    person = None if person_id is None else vault.person(person_id)
    if person is not None:
        change.drop_wraps_of(person.person_id)
        lines.append(Line(person.person_id, "member", {"by": by, "what": what}, slot=KEYS))

    def changes(writing: Writing) -> dict[bytes, bytes]:
        place = {"practice_id": vault.practice_id}
        sealed = vault.directory.seal(row, client_id)
        version = authority.version
        writing.run("clients.update", client_id=client_id, authority=version, row=sealed, **place)
        cancel(writing)
        change.write(writing)
        bound = {client_id: moved_authority(writing, vault.practice_id, client_id)}
        if person is not None:
            until = None if death is None else visit.at
            write_row(vault, writing, person, msgspec.structs.replace(person.row, until=until))
            for one in person.credentials:
                writing.run("credentials.delete", credential_id=one.credential_id, **place)
            writing.run("drafts.delete_of_person", person_id=person.person_id, **place)
            bound[person.person_id] = person_digest(writing, vault.practice_id, person.person_id)
        return bound

    vault.ledger.append_all(
        [*lines, *cancelled],
        visit.at,
        authority={client_id: authority.version},
        changes=changes,
    ).result()
    if person is not None:
        vault.agent.close_all(person.person_id)


def _nothing(_writing: Writing) -> None:
    """Nothing is cancelled."""
