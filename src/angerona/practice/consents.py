"""Consents: given, and taken back in one step, with the effect at once."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import Unknown
from angerona.practice.clients import check_treating, known_authority
from angerona.rules.ask import read_consent
from angerona.sealed.authority import moved_authority
from angerona.sealed.rows import ConsentRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Visit
    from angerona.store import Writing

_LISTING: Final = frozenset({"treating", "supervisor"})
_OFFICER: Final = "privacy_officer"


def keep_consent(visit: Visit, client_id: bytes, document: Mapping[str, Any]) -> bytes:
    """Put a consent on file as the client gave it; gives its id (16 bytes).

    `document`: docs/LANGUAGE.md section 6. Whoever treats the client may file it, and the client.
    Raises `BadAsk` for a document that the rules could not read, `Unknown` for a stranger,
    `NotPermitted` for a colleague who does not treat the client.
    """
    vault, at = visit.vault, visit.at
    read_consent(document)
    authority = _fileable(visit, client_id)
    consent_id = os.urandom(16)
    row = ConsentRow(
        document=json.dumps(document, sort_keys=True).encode(), kept=at, by=visit.person.person_id
    )

    def changes(writing: Writing) -> bytes:
        writing.run(
            "consents.insert",
            practice_id=vault.practice_id,
            consent_id=consent_id,
            client_id=client_id,
            row=vault.directory.seal(row, client_id, consent_id),
        )
        return moved_authority(writing, vault.practice_id, client_id)

    body = {"by": visit.person.described, "what": "consent", **_said(document)}
    vault.record(
        client_id, "grant", body, at, authority=authority.version, slot="keys", changes=changes
    )
    return consent_id


def take_back_consent(visit: Visit, client_id: bytes, consent_id: bytes) -> None:
    """Take a consent back, as of today. Raises `Unknown` where there is none."""
    vault, at = visit.vault, visit.at
    authority = _fileable(visit, client_id)
    row = authority.consents.get(consent_id)
    if row is None:
        raise Unknown
    document = {**json.loads(row.document), "revoked": at.date().isoformat()}
    revoked = msgspec.structs.replace(row, document=json.dumps(document, sort_keys=True).encode())

    def changes(writing: Writing) -> bytes:
        writing.run(
            "consents.update",
            practice_id=vault.practice_id,
            consent_id=consent_id,
            row=vault.directory.seal(revoked, client_id, consent_id),
        )
        return moved_authority(writing, vault.practice_id, client_id)

    body = {"by": visit.person.described, "what": "consent taken back", **_said(document)}
    vault.record(
        client_id, "revocation", body, at, authority=authority.version, slot="keys", changes=changes
    )


def listed_consents(visit: Visit, client_id: bytes) -> list[tuple[bytes, ConsentRow]]:
    """The consents of a client, oldest first, with a line in the client's ledger.

    For whoever treats, supervises or is the client, and for the privacy officer. Raises `Unknown`
    for anybody else.
    """
    vault, person = visit.vault, visit.person
    authority = vault.authority(client_id)
    tied = _LISTING.intersection(authority.relations(person.person_id, visit.at))
    own = person.row.client_id == client_id
    if not (tied or own or _OFFICER in person.row.posts):
        vault.refused_stranger(visit.at)
        raise Unknown
    body = {"by": person.described, "what": "consents"}
    vault.record(client_id, "look", body, visit.at)
    return sorted(authority.consents.items(), key=lambda one: (one[1].kept, one[0]))


def _fileable(visit: Visit, client_id: bytes) -> Authority:
    """The client's authority, for whoever treats the client and for the client."""
    authority = known_authority(visit, client_id)
    if authority.client.person_id != visit.unlocked.person_id:
        check_treating(visit, authority)
    return authority


def _said(document: Mapping[str, Any]) -> dict[str, object]:
    """What the ledger line says of a consent: to whom and of what, and nothing of why."""
    return {"to": list(document["to"]), "classes": list(document["classes"])}
