"""Erasing a client, so that it reaches backups and old copies of the database too.

What opens the record is deleted, with the record itself and the client's own way in. The ledger
says so first and stays whole: what the lines said, nobody reads any more. Content backups hold
nothing that opens, and keyset backups are kept for 35 days at most. There remain copies of the
database that somebody took: for these an erasure is complete with the next two rolls of the epoch
(`epochs.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import AuthorityMoved, BadInput, NotPermitted
from angerona.gate.gathering import Wish, gather
from angerona.ledger.lines import KEYS, Line
from angerona.practice.legal_holds import check_not_held
from angerona.practice.members import OFFICER
from angerona.rules.answer import Permit
from angerona.rules.decide import decide
from angerona.sealed.authority import ERASED, erased_digest
from angerona.sealed.duties import DONE, delete, done_in, find, owes_in
from angerona.sealed.held_lines import all_waiting, release
from angerona.sealed.kept_packets import all_rows
from angerona.sealed.vault import REASON_CHARACTERS_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.ledger.lines import Written
    from angerona.rules.answer import Answer
    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

_OF_CLIENT: Final = (
    "wraps",
    "shares",
    "key_sheets",
    "entries",
    "attachments",
    "drafts",
    "ties",
    "consents",
    "duties",
    "appointments",
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """The rules' answer, and the ledger line of the erasure; none where it was refused."""

    answer: Answer
    written: Written | None


def erase_client(
    visit: Visit,
    packs: Packs,
    client_id: bytes,
    *,
    reason: str,
    facts: Mapping[str, bool | int | str],
) -> Erasure:
    """Erase a client whose whole record the law lets be erased, at the client's own request.

    `facts`: what was established for this ask, such as that no law requires the record to be kept.
    Raises `NotPermitted` for anybody but the privacy officer, `Unknown` for no such client,
    `BadInput`, also where a legal hold is on, `BadAsk`, `AuthorityMoved`. A refusal is written like
    any other.
    """
    vault = visit.vault
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    if not reason.strip() or len(reason) > REASON_CHARACTERS_MAX:
        raise BadInput("reason", "is empty or too long", f"1 to {REASON_CHARACTERS_MAX} characters")
    wish = erasure_wish(visit, client_id, reason=reason, facts=facts)
    gathered = gather(visit, packs, client_id, wish)
    answer = decide(gathered.ask, packs)
    body = {
        "by": gathered.person.described,
        "what": "erasure",
        "outcome": answer.outcome,
        "rules": list(answer.grounds),
        "reason": vault.reason_sealed(client_id, reason),
    }
    if not is_whole(answer, wish):
        vault.record(client_id, "refusal", body, visit.at, authority=gathered.authority.version)
        return Erasure(answer, None)
    return Erasure(answer, _erase(visit, gathered.authority, body))


def erasure_wish(
    visit: Visit, client_id: bytes, *, reason: str, facts: Mapping[str, bool | int | str]
) -> Wish:
    """What the rules are asked about an erasure: every class that stands in the record."""
    classes = dict.fromkeys(one.wanted for one in visit.vault.places(client_id))
    return Wish(
        wants=tuple(classes) or ("identity",),
        purpose="client_request",
        to="client",
        act="erase",
        facts=facts,
        reason=reason,
    )


def is_whole(answer: Answer, wish: Wish) -> bool:
    """Whether all of a record may be erased; what must be kept in part is kept as a whole."""
    return isinstance(answer, Permit) and answer.released == frozenset(wish.wants)


def _erase(visit: Visit, authority: Authority, body: Mapping[str, object]) -> Written:
    """One transaction: the lines, under the client and under the practice, and no row left."""
    vault = visit.vault
    client_id, person_id = authority.client_id, authority.client.person_id
    gone = [client_id] if person_id is None else [client_id, person_id]
    lines = [
        Line(one, ERASED, body, slot=KEYS, binding=erased_digest(vault.practice_id, one))
        for one in gone
    ]
    ended = _held_owed(vault, client_id)
    named = {"client": client_id.hex(), ERASED: [one.hex() for one in gone], DONE: sorted(ended)}
    lines.append(Line(vault.practice_id, ERASED, {**body, **named}))

    def changes(writing: Writing) -> None:
        check_not_held(vault, writing, client_id)
        place = {"practice_id": vault.practice_id, "client_id": client_id}
        for noun in _OF_CLIENT:
            writing.run(f"{noun}.delete_of_client", **place)
        writing.run("event_keys.delete", **place)
        writing.run("clients.delete", **place)
        for one in all_waiting(vault, writing):
            if one.row.client_id == client_id:
                release(vault, writing, one)
        held_duties = find(vault, writing, "duties.of_client", client_id=vault.practice_id)
        of_client = [one for one in held_duties if one.row.client_id == client_id]
        if not ended.issuperset(one.digest(vault.practice_id) for one in of_client):
            raise AuthorityMoved  # another act was held back meanwhile
        delete(vault, of_client, writing)
        for holder_id, packet_id, row in all_rows(vault, writing):
            if row.client_id == client_id:
                kept = {"person_id": holder_id, "packet_id": packet_id}
                writing.run("packets.delete", practice_id=vault.practice_id, **kept)
        if person_id is not None:
            _delete_person(writing, vault.practice_id, person_id)

    written = vault.ledger.append_all(
        lines, visit.at, authority={client_id: authority.version}, changes=changes
    ).result()
    vault.event_keys.forget(client_id)
    return written[0]


def _held_owed(vault: Vault, client_id: bytes) -> set[str]:
    """The digests of every duty that lines held back under the practice brought for a client.

    And of what the client's own list leaves owed: what left under a silent matter may be told
    there, with the matter's row, which stands under the practice.
    """
    lines, digits = vault.ledger.lines_of(vault.practice_id), client_id.hex()
    held = [one.body for one in lines if one.body.get("client") == digits]
    own = [one.body for one in vault.ledger.lines_of(client_id)]
    return owes_in(held) | (owes_in(own) - done_in([*held, *own]))


def _delete_person(writing: Writing, practice_id: bytes, person_id: bytes) -> None:
    """The client's own way in."""
    of_person = {"practice_id": practice_id, "person_id": person_id}
    for credential_id, *_ in writing.rows("credentials.of_person", **of_person):
        writing.run("credentials.delete", practice_id=practice_id, credential_id=credential_id)
    writing.run("people.delete", **of_person)
