"""Consents: given, and taken back in one step, with the effect at once."""

from __future__ import annotations

import datetime
import json
import os
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, Unknown
from angerona.practice.clients import check_treating, known_authority
from angerona.rules.ask import read_consent
from angerona.rules.consents import names
from angerona.sealed.authority import moved_authority
from angerona.sealed.rows import ConsentRow
from angerona.sealed.standing import SIGNS_AS
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Visit
    from angerona.store import Writing

_LISTING: Final = frozenset({"treating", "supervisor"})
_OFFICER: Final = "privacy_officer"


def keep_consent(
    visit: Visit, client_id: bytes, document: Mapping[str, Any], *, signer: bytes = b""
) -> bytes:
    """Put a consent on file as the client gave it; gives its id (16 bytes).

    `document`: docs/LANGUAGE.md section 6. `signer`: the representative on file who signed it; it
    counts for as long as he or she stands for the client. Whoever treats the client may file it,
    and the client. Raises `BadAsk` for a document that the rules could not read, `BadInput` for a
    signer who is not on file, or signs as something else, `Unknown` for a stranger, `NotPermitted`
    for a colleague who does not treat the client.
    """
    vault, at = visit.vault, visit.at
    read_consent(document)
    authority = _fileable(visit, client_id)
    if signer:
        one = authority.client.standing.representatives.get(signer)
        if one is None or document["by"] != SIGNS_AS[one.standing]:
            raise BadInput("signed by", "is nobody on file who signs so", "who stands on file")
    consent_id = os.urandom(16)
    row = ConsentRow(
        document=json.dumps(document, sort_keys=True).encode(),
        kept=at,
        by=visit.person.person_id,
        signer=signer,
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


def narrow_consent(
    visit: Visit,
    client_id: bytes,
    consent_id: bytes,
    *,
    classes: Collection[str],
    until: datetime.date | None,
) -> None:
    """Leave less in a consent: fewer classes, or an earlier end (`None`: as it was).

    Process notes that stood beside other classes were never covered, and go: left alone they would
    be. Raises `Unknown` where there is none, `BadInput` for what would widen it or leave nothing.
    """
    authority = _fileable(visit, client_id)
    row = authority.consents.get(consent_id)
    if row is None:
        raise Unknown
    document = json.loads(row.document)
    before = classes_named(document)
    left = [one for one in before if one in classes]
    if not left or set(classes) - set(left):
        raise BadInput("what may go", "names nothing, or more than before", "less than before")
    if until is not None:
        end = document["until"]
        if end is not None and until.isoformat() > end:
            raise BadInput("until", "is later than before", f"{end} or earlier")
        document["until"] = until.isoformat()
    narrowed = {**document, "classes": left}
    read_consent(narrowed)
    _rewrite(visit, authority, consent_id, narrowed, kind="revocation", what="consent narrowed")


def take_back_consent(visit: Visit, client_id: bytes, consent_id: bytes) -> None:
    """Take a consent back, as of today; one that was taken back before stays as of that day.

    Today is the earlier of the days here and in UTC: whatever zone is chosen later, it is over.
    Raises `Unknown` where there is none.
    """
    authority = _fileable(visit, client_id)
    row = authority.consents.get(consent_id)
    if row is None:
        raise Unknown
    here = visit.vault.practice().local(visit.at).date()
    today = min(here, visit.at.astimezone(datetime.UTC).date()).isoformat()
    document = json.loads(row.document)
    if (before := document.get("revoked")) and before <= today:
        return
    document["revoked"] = today
    what = "consent taken back"
    _rewrite(visit, authority, consent_id, document, kind="revocation", what=what)


def _rewrite(
    visit: Visit,
    authority: Authority,
    consent_id: bytes,
    document: Mapping[str, Any],
    *,
    kind: str,
    what: str,
) -> None:
    """Put a document in the place of what it was, with its line."""
    vault, client_id = visit.vault, authority.client_id
    row = authority.consents[consent_id]
    said = json.dumps(document, sort_keys=True).encode()
    changed = msgspec.structs.replace(row, document=said)

    def changes(writing: Writing) -> bytes:
        writing.run(
            "consents.update",
            practice_id=vault.practice_id,
            consent_id=consent_id,
            row=vault.directory.seal(changed, client_id, consent_id),
        )
        return moved_authority(writing, vault.practice_id, client_id)

    body = {"by": visit.person.described, "what": what, **_said(document)}
    vault.record(
        client_id, kind, body, visit.at, authority=authority.version, slot="keys", changes=changes
    )


def listed_consents(visit: Visit, client_id: bytes) -> list[tuple[bytes, ConsentRow]]:
    """The consents of a client, oldest first, with a line in the client's ledger.

    For whoever treats, supervises or is the client, and for the privacy officer. Raises `Unknown`
    for anybody else.
    """
    vault, person = visit.vault, visit.person
    authority = known_authority(visit, client_id)
    tied = _LISTING.intersection(authority.relations(person.person_id, visit.at))
    own = person.row.client_id == client_id
    if not (tied or own or _OFFICER in person.row.posts):
        vault.refused_stranger(visit.at)
        raise Unknown
    body = {"by": person.described, "what": "consents"}
    vault.record(client_id, "look", body, visit.at)
    return sorted(authority.consents.items(), key=lambda one: (one[1].kept, one[0]))


def classes_named(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The classes a consent covers, one by one (docs/LANGUAGE.md section 6)."""
    said = read_consent(document)
    return tuple(one for one in CLASSES if names(said, one))


def _fileable(visit: Visit, client_id: bytes) -> Authority:
    """The client's authority, for whoever treats the client and for the client."""
    authority = known_authority(visit, client_id)
    if authority.client.person_id != visit.unlocked.person_id:
        check_treating(visit, authority)
    return authority


def _said(document: Mapping[str, Any]) -> dict[str, object]:
    """What the ledger line says of a consent: to whom and of what, and nothing of why."""
    return {"to": list(document["to"]), "classes": list(document["classes"])}
