"""Turning what is owed: keys that somebody held who is due them no more, shares on former seats.

A tie may be ended by somebody who holds no keys, a post is taken away from all clients at once, a
tie runs out by itself, the seats of the key holders change. Then the next who treats the client
turns what he or she can, as soon as he or she comes in. Until then whoever held the former keys
could open, with a copy of the database, what is written under them: `records_owed` says of how many
records that is so.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.errors import AuthorityMoved, Sealed, Tampered
from angerona.practice.ties import key_change, newest_keys, turn
from angerona.sealed.authority import moved_authority
from angerona.sealed.client_keys import CLIENT_KEY
from angerona.sealed.compartments import COMPARTMENTS
from angerona.sealed.owed import keys_owed

if TYPE_CHECKING:
    import datetime

    from angerona.sealed.authority import Authority
    from angerona.sealed.owed import Owed
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing


@dataclass(frozen=True, slots=True)
class RecordsOwed:
    """How many records have keys that must turn, and how many stand on former seats."""

    turn: int
    share: int


def records_owed(vault: Vault, at: datetime.datetime) -> RecordsOwed:
    """Count what is owed in the whole practice; a record whose rows were altered, `fsck` names."""
    turning = sharing = 0
    for (client_id,) in vault.store.rows("clients.ids", practice_id=vault.practice_id):
        with suppress(Sealed, Tampered):
            owed = keys_owed(vault, vault.authority(client_id), at)
            turning, sharing = turning + bool(owed.turn), sharing + bool(owed.share)
    return RecordsOwed(turning, sharing)


def turn_owed(visit: Visit) -> int:
    """Turn what is owed of every record whose client this person treats, as far as he or she can.

    Gives how many records were changed. One that others change at this moment is left for the next
    time, and one whose rows were altered as it is: nobody is shut out of the others by it.
    """
    vault, person_id = visit.vault, visit.unlocked.person_id
    place = {"practice_id": vault.practice_id, "recipient_id": person_id}
    done = 0
    for client_id in dict.fromkeys(
        row[1] for row in vault.store.rows("wraps.of_recipient", **place)
    ):
        with suppress(AuthorityMoved, Sealed, Tampered):
            authority = vault.authority(client_id)
            if "treating" in authority.relations(person_id, visit.at):
                owed = keys_owed(vault, authority, visit.at)
                done += bool(owed) and _turned(visit, authority, owed)
    return done


def _turned(visit: Visit, authority: Authority, owed: Owed) -> bool:
    """Turn, and share anew, what this person can; one ledger line. Gives whether it was anything.

    The client key is nobody's to share: the compartments turn, and so there is a new one.
    """
    vault, keys = visit.vault, newest_keys(visit, authority)
    change = key_change(visit, authority)
    names = owed.turn | (set(COMPARTMENTS) if CLIENT_KEY in owed.share else set())
    turned = turn(change, authority, keys, names, ties=authority.ties.values())
    sharing = (owed.share - turned) & set(keys)
    change.share_anew({name: keys[name] for name in sharing})
    if not turned | sharing:
        return False

    def changes(writing: Writing) -> bytes:
        change.write(writing)
        return moved_authority(writing, vault.practice_id, authority.client_id)

    what = "keys turned" if turned else "keys shared anew"
    vault.record(
        authority.client_id,
        "keys",
        {"by": visit.person.described, "what": what},
        visit.at,
        authority=authority.version,
        slot="keys",
        changes=changes,
    )
    return True
