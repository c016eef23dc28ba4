"""Couples, families, groups: a record of sessions together, which keeps who said what.

A joint record is a record of its own beside those of its parties, each of whom is a client. It
holds sessions and no way to reach anybody, so none of them meets another's contact, visits or looks
in it. Whatever is of all leaves when every party has signed for it. Each party may have his or her
own words alone, whatever the others say; the rest are gaps.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, Unknown, one_line
from angerona.gate.gathering import JOINT, Wish
from angerona.gate.results import Shown, latest
from angerona.gate.saying import PARTY
from angerona.practice.clients import (
    NewClient,
    check_lives,
    check_treating,
    enrol_client,
    known_authority,
    rewrite_client,
)
from angerona.practice.own_choices import own_authority
from angerona.practice.representatives import today
from angerona.rules.answer import AskFirst, Refuse
from angerona.sealed.held_lines import lines_now
from angerona.sealed.passages import OF_ALL, Party

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.ledger.lines import OpenedLine
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Visit

FEWEST: Final = 2
MOST: Final = 30
KNOWN_AS_MAX: Final = 40
LINE: Final = "joint"
SHOWN: Final = frozenset({"look", "emergency", "opened", "kept", "disclosure", "keys", "grant"})
"""The kinds of line that parties read, as far as they are about all of them or about the reader."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The entries in which one party has words, and how to ask for those words alone."""

    entry_ids: frozenset[bytes]
    wish: Wish


def begin_joint(visit: Visit, name: str, parties: Mapping[bytes, str]) -> bytes:
    """Begin a record of several clients whom this person treats; gives its id (16 bytes).

    `parties`: each client by the one word by which the others know him or her, a first name. Each
    finds a line in the own list, which names nobody. Raises `BadInput` for too few, for two of one
    name or a name of several words, `Unknown`, `NotPermitted`.
    """
    found = {one: known_authority(visit, one) for one in parties}
    for authority in found.values():
        check_treating(visit, authority)
        check_lives(authority)
        if authority.client.parties:
            raise BadInput("parties", "one is a record of several", "clients")
    if not FEWEST <= len(found) <= MOST:
        raise BadInput("parties", "are too few or too many", f"{FEWEST} to {MOST}")
    day = today(visit)
    rows = tuple(
        Party(client_id=one, known_as=_known_as(given), since=day) for one, given in parties.items()
    )
    if len({one.known_as.casefold() for one in rows}) < len(rows):
        raise BadInput("known as", "is the same for two", "a word of each")
    who = NewClient(name=name, parties=rows)
    record_id = enrol_client(visit, who, treating=visit.unlocked.person_id)
    for authority in found.values():
        joint = (*authority.client.joint, record_id)
        row = msgspec.structs.replace(authority.client, joint=joint)
        rewrite_client(visit, authority, row, "keys", what=LINE)
    return record_id


def leave_joint(visit: Visit, record_id: bytes, client_id: bytes | None = None) -> None:
    """One party leaves from today on, or all, and the record ends with the day.

    What was written stays as it is, and whose it is. Raises `Unknown` for who is no party,
    `NotPermitted` for whoever does not treat, `BadInput` where that was so before.
    """
    authority = _joint(visit, record_id)
    day = today(visit)
    leaving = {
        one.client_id
        for one in authority.client.parties
        if client_id in {None, one.client_id} and one.until is None
    }
    if client_id is not None and client_id not in _ids(authority):
        raise Unknown
    if not leaving:
        raise BadInput("party", "has left already", "one who is in it")
    parties = tuple(
        msgspec.structs.replace(one, until=day) if one.client_id in leaving else one
        for one in authority.client.parties
    )
    row = msgspec.structs.replace(authority.client, parties=parties)
    rewrite_client(visit, authority, row, "keys", what=LINE)


def own_words(
    door: Door, visit: Visit, record_id: bytes, client_id: bytes, wish: Wish
) -> OwnWords | AskFirst | Refuse:
    """What one party may have alone: a look of whoever treats finds the entries with his words.

    `wish` says to whom and what for; what comes back is to be released as any other. Raises
    `Unknown` for who is no party, `BadInput` where there is not one word, and as `Door.look`.
    """
    authority = _joint(visit, record_id)
    if client_id not in _ids(authority):
        raise Unknown
    found = door.look(visit, record_id, purpose="treatment", pick=latest)
    if not isinstance(found, Shown):
        return found
    ids = [place.entry_id for place, one in found.entries if any(w.of == client_id for w in one.of)]
    if not ids:
        raise BadInput("party", "has no words of his or her own here", "one who has")
    return OwnWords(frozenset(ids), replace(wish, wants=(JOINT,), party=client_id))


def lines_for_party(door: Door, visit: Visit) -> dict[bytes, list[OpenedLine]]:
    """For the client who is signed in: who looked into each joint record he or she is a party of.

    Where the law lets the client see the list of the own record, and without whatever is about
    another party alone, such as a consent or own words that left, an ask that was refused, and what
    is held back. With a line in each. Raises `NotPermitted` for anybody but a client.
    """
    own = own_authority(visit)
    if not own.client.joint or isinstance(door.who_looked(visit, own.client_id), AskFirst | Refuse):
        return {}
    found: dict[bytes, list[OpenedLine]] = {}
    for record_id in own.client.joint:
        with suppress(Unknown):  # erased
            if own.client_id in _ids(visit.vault.authority(record_id)):
                mine = {"what": "joint list", PARTY: own.client_id.hex()}
                body = {"by": visit.person.described, **mine}
                visit.vault.record(record_id, "look", body, visit.at)
                lines = lines_now(visit.vault, record_id)
                found[record_id] = _concerning(lines, own.client_id.hex(), visit.at)
    return found


def joint_records_of(visit: Visit, client_id: bytes) -> list[tuple[bytes, str]]:
    """The joint records of a client that this person treats, by id, with their names."""
    found = []
    for record_id in known_authority(visit, client_id).client.joint:
        with suppress(Unknown):
            authority = visit.vault.authority(record_id)
            if "treating" in authority.relations(visit.unlocked.person_id, visit.at):
                found.append((record_id, authority.client.name))
    return found


def parties_of(visit: Visit, record_id: bytes) -> dict[Party, list[dict[str, Any]]]:
    """Whom a joint record is about, each with the consents that he or she signed for it.

    For whoever treats; with a line. Raises as `leave_joint`.
    """
    authority = _joint(visit, record_id)
    visit.vault.record(record_id, "look", {"by": visit.person.described, "what": LINE}, visit.at)
    return {
        one: [
            json.loads(row.document)
            for row in authority.consents.values()
            if row.signer == one.client_id
        ]
        for one in authority.client.parties
    }


def _concerning(lines: Iterable[OpenedLine], party: str, at: datetime.datetime) -> list[OpenedLine]:
    """The lines that one party may read; what follows one up, only where that one is among them."""
    shown: dict[str, OpenedLine] = {}
    for one in lines:
        is_kind = one.kind in SHOWN or one.body.get("announced") in shown
        if one.is_open(at) and is_kind and one.body.get(PARTY) in {None, party}:
            shown[one.event_id.hex()] = one
    return list(shown.values())


def _joint(visit: Visit, record_id: bytes) -> Authority:
    """A joint record, for whoever treats. Raises `Unknown` for a record of one."""
    authority = known_authority(visit, record_id)
    check_treating(visit, authority)
    if not authority.client.parties:
        raise Unknown
    return authority


def _ids(authority: Authority) -> set[bytes]:
    return {one.client_id for one in authority.client.parties}


def _known_as(given: str) -> str:
    name = one_line("known as", given, KNOWN_AS_MAX)
    if name.casefold() in OF_ALL or ":" in name or len(name.split()) > 1:
        raise BadInput("known as", "is not one word that names somebody", "a first name")
    return name
