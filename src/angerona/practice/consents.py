"""Consents: signed, narrowed, and taken back in one step, with the effect at once.

A yes is signed on a screen, on paper, or by the client in the client's own pages; each makes the
same document (`consent_forms.py`), and is looked at for what contradicts it first. When one ends,
those to whom something went under it are to be told (`relying.py`).
"""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, Unknown, one_line, one_of
from angerona.gate.announcing import Act, announced
from angerona.gate.saying import PARTY
from angerona.practice.clients import NAME_CHARACTERS_MAX, check_treating, known_authority
from angerona.practice.consent_forms import (
    classes_named,
    document_of,
    form_for,
    missing,
    terms_of,
)
from angerona.practice.contradictions import contradictions, contradictions_of
from angerona.practice.relying import (
    carries_on,
    duties_to_tell,
    no_more_to_ask,
    open_duties,
    relying_on,
)
from angerona.rules.ask import read_consent
from angerona.sealed.authority import moved_authority
from angerona.sealed.rows import ConsentRow, Signed
from angerona.sealed.standing import SIGNS_AS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from angerona.practice.consent_forms import Terms
    from angerona.practice.contradictions import Contradiction, Signing
    from angerona.practice.relying import Relied
    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Visit
    from angerona.store import Writing

WAYS: Final = {
    "screen": "signed on a screen in the practice",
    "paper": "signed on paper",
    "own": "signed by the client in the pages for clients",
    "refused": "a no, written down",
}
"""How a consent was given."""
_ON_SCREEN: Final = frozenset({"screen", "own"})
_LISTING: Final = frozenset({"treating", "supervisor"})
_OFFICER: Final = "privacy_officer"


def keep_consent(
    visit: Visit, client_id: bytes, document: Mapping[str, Any], *, signer: bytes = b""
) -> bytes:
    """Put a consent on file that came as a document; gives its id (16 bytes).

    `document`: docs/LANGUAGE.md section 6. `signer`: the representative on file who signed it; it
    counts for as long as he or she stands for the client. Of a joint record, the party who did.
    Whoever treats the client may file it, and the client. Raises `BadAsk` for a document that the
    rules could not read, `BadInput` for a signer who is not on file, or signs as something else,
    `Unknown` for a stranger, `NotPermitted` for a colleague who does not treat the client.
    """
    read_consent(document)
    authority = _fileable(visit, client_id)
    _check_on_file(authority, document["by"], signer)
    return _kept(visit, authority, document, signer=signer)


def sign_consent(
    visit: Visit, packs: Packs, client_id: bytes, signing: Signing, signed: Signed
) -> bytes:
    """Put a yes on file as it was signed; gives its id (16 bytes).

    `signed.despite` names what contradicts it and was seen by whoever signs; the rest must not
    contradict it. An element that is missing is kept as missing. Raises `BadInput` for what bars
    it or was not seen, and as `keep_consent`.
    """
    authority = _fileable(visit, client_id)
    if signed.way not in WAYS or signed.way == "refused":
        raise BadInput("way", "is none of the choices", one_of(WAYS))
    if (signed.way == "own") != (authority.client.person_id == visit.unlocked.person_id):
        raise NotPermitted
    place = "who signed" if signed.way == "paper" else "your name"
    name = one_line(place, signed.name, NAME_CHARACTERS_MAX)
    by, signer = signing.terms.by, signing.terms.signer
    _check_on_file(authority, by, signer)
    if signed.way == "screen" and by == "representative" and not (signer or signed.authority):
        raise BadInput("what shows it", "is missing", "the paper by which the representative acts")
    found = contradictions(packs, visit.vault.practice(), authority, signing)
    check_seen(found, signed.despite)
    seen = tuple(dict.fromkeys(one.what for one in found))
    row = msgspec.structs.replace(signed, name=name, despite=seen)
    document = document_of(signing.terms, signing.elements, form=signed.way)
    return _kept(visit, authority, document, row, signer=signer)


def bring_consent(
    visit: Visit,
    packs: Packs,
    client_id: bytes,
    document: Mapping[str, Any],
    *,
    signer: bytes = b"",
    despite: Collection[str] = (),
) -> bytes:
    """Put a document on file as `keep_consent`, once what contradicts it was seen; gives its id.

    `despite` names what was seen, as for `sign_consent`. Raises as both, `BadInput` first for what
    bars it.
    """
    found = contradicted_document(visit, packs, client_id, document, signer=signer)
    check_seen(found, despite)
    return keep_consent(visit, client_id, document, signer=signer)


def contradicted_document(
    visit: Visit,
    packs: Packs,
    client_id: bytes,
    document: Mapping[str, Any],
    *,
    signer: bytes = b"",
) -> list[Contradiction]:
    """What contradicts a document that is about to be put on file; line and errors as there."""
    authority = _looked_through(visit, client_id)
    practice = visit.vault.practice()
    return contradictions_of(packs, practice, authority, document, signer=signer, at=visit.at)


def _check_on_file(authority: Authority, by: str, signer: bytes) -> None:
    """Raise `BadInput` for a representative who is not on file, or signs as something else.

    In a joint record each party signs apart, for himself or herself.
    """
    if authority.client.parties:
        if by != "client" or signer not in {one.client_id for one in authority.client.parties}:
            raise BadInput("signed by", "is none of those whose record it is", "one of them")
        return
    one = authority.client.standing.representatives.get(signer)
    if signer and (one is None or by != SIGNS_AS[one.standing]):
        raise BadInput("signed by", "is nobody on file who signs so", "who stands on file")


def check_seen(found: Iterable[Contradiction], despite: Collection[str]) -> None:
    """Raise `BadInput` for a contradiction that bars signing, or that nobody has seen yet."""
    said = list(found)
    if any(one.bars for one in said):
        raise BadInput("this yes", "can not be signed as it is", "what is said beside it, mended")
    if {one.what for one in said} - set(despite):
        raise BadInput("what does not fit", "was not seen yet", "a tick beside it, or no yes")


def contradicted(
    visit: Visit, packs: Packs, client_id: bytes, signing: Signing
) -> list[Contradiction]:
    """What contradicts a yes that is about to be signed, for whoever may file it. Raises as there.

    Leaves a line, as `listed_consents` does: it says what other consents there are.
    """
    authority = _looked_through(visit, client_id)
    return contradictions(packs, visit.vault.practice(), authority, signing)


def _looked_through(visit: Visit, client_id: bytes) -> Authority:
    """The client for whom something is to be filed, with the line of a look at the consents."""
    authority = _fileable(visit, client_id)
    body = {"by": visit.person.described, "what": "consents"}
    visit.vault.record(client_id, "look", body, visit.at)
    return authority


def refuse_consent(visit: Visit, client_id: bytes, terms: Terms, *, name: str) -> bytes:
    """Write down that the client says no to some terms; gives its id (16 bytes).

    It opens nothing, ever; a later yes to the same is asked about. Raises as `keep_consent`,
    `BadInput`.
    """
    authority = _fileable(visit, client_id)
    said = one_line("who says no", name, NAME_CHARACTERS_MAX)
    document = {**document_of(terms, {}, form="refused"), "revoked": _today(visit)}
    read_consent(document)
    signed = Signed(way="refused", name=said, recipient=terms.recipient)
    what = "consent refused"
    return _kept(visit, authority, document, signed, kind="revocation", what=what)


def affirm_elements(
    visit: Visit, packs: Packs, client_id: bytes, consent_id: bytes, keys: Collection[str]
) -> None:
    """Answer what the packs ask of the practice about a yes that was signed on a screen.

    `keys`: elements to which the answer is yes. What the signer did not say stays as it is, and so
    does a paper. Raises `BadInput`, `Unknown`, `NotPermitted` for anybody who does not treat.
    """
    authority = known_authority(visit, client_id)
    check_treating(visit, authority)
    row = _row_of(authority, consent_id)
    document = json.loads(row.document)
    if not keys or set(keys) - elements_to_affirm(visit, packs, row).keys():
        raise BadInput("answers", "are to nothing that is asked", "what is still open")
    elements = {**document["elements"], **dict.fromkeys(keys, True)}
    changed = {**document, "elements": elements}
    _rewrite(visit, authority, consent_id, changed, row, kind="grant", what="consent completed")


def elements_to_affirm(visit: Visit, packs: Packs, row: ConsentRow) -> dict[str, str]:
    """What the practice is still to be asked about a consent: the question by its element."""
    document = json.loads(row.document)
    if row.signed is None or row.signed.way not in _ON_SCREEN or document["revoked"]:
        return {}
    ids = visit.vault.practice().row.packs
    form = form_for(packs, ids, terms_of(document), practice="", client="")
    lacks = {one.key for part in missing(packs, ids, document) for one in part.elements}
    return {one.key: one.ask for one in form.asked if one.key in lacks}


def _kept(
    visit: Visit,
    authority: Authority,
    document: Mapping[str, Any],
    signed: Signed | None = None,
    *,
    signer: bytes = b"",
    kind: str = "grant",
    what: str = "consent",
) -> bytes:
    vault, at, client_id = visit.vault, visit.at, authority.client_id
    consent_id = os.urandom(16)
    row = ConsentRow(
        document=json.dumps(document, sort_keys=True).encode(),
        kept=at,
        by=visit.person.person_id,
        signer=signer,
        signed=signed,
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

    body = {"by": visit.person.described, "what": what, **_said(document)}
    if authority.client.parties:
        body[PARTY] = signer.hex()
    if signed is not None and signed.entry_id is not None:
        body["entry"] = signed.entry_id.hex()
    before = authority.consents.items()
    renewed = [one for one, was in before if carries_on(authority, was, row)]
    done = no_more_to_ask(vault, authority, renewed)
    act = Act(client_id, kind, body, done=done, slot="keys", change=changes)
    announced(vault, act, at, authority=authority.version)
    return consent_id


def narrow_consent(
    visit: Visit,
    client_id: bytes,
    consent_id: bytes,
    *,
    classes: Collection[str],
    until: datetime.date | None,
    tell: bool = True,
) -> list[Relied]:
    """Leave less in a consent: fewer classes, or an earlier end (`None`: as it was).

    Gives what went under what it covers no more, or covers for a shorter time; `tell` has those who
    got it told. Process notes that stood beside other classes were never covered, and go: left
    alone they would be. Raises `Unknown` where there is none, `BadInput` for what would widen it or
    leave nothing.
    """
    authority = _fileable(visit, client_id)
    row = _row_of(authority, consent_id)
    document = json.loads(row.document)
    before = classes_named(document)
    left = [one for one in before if one in classes]
    if not left or set(classes) - set(left):
        raise BadInput("what may go", "names nothing, or more than before", "less than before")
    narrowed = {**document, "classes": left}
    lost = set(before) - set(left)
    if until is not None:
        end = document["until"]
        if end is not None and until.isoformat() > end:
            raise BadInput("until", "is later than before", f"{end} or earlier")
        if until.isoformat() != end:
            lost |= set(left)
        narrowed["until"] = until.isoformat()
    is_sooner = narrowed["until"] != document["until"]
    read_consent(narrowed)
    found = relying_on(visit.vault, client_id, document, classes=lost)
    today = _today(visit)
    gone = {one: today for one in before if one not in left}
    changed = msgspec.structs.replace(
        row,
        left_out={**row.left_out, **gone},
        sooner=today if is_sooner else row.sooner,
        untold=not tell,
    )
    what = "consent narrowed"
    asked = no_more_to_ask(visit.vault, authority, [consent_id] if is_sooner else [])
    told = _Told(duties_to_tell(visit, client_id, consent_id, found) if tell else (), asked)
    _rewrite(
        visit, authority, consent_id, narrowed, changed, kind="revocation", what=what, told=told
    )
    return found


def take_back_consent(
    visit: Visit, client_id: bytes, consent_id: bytes, *, tell: bool = True
) -> list[Relied]:
    """Take a consent back, as of today; one that was taken back before stays as of that day.

    Today is the earlier of the days here and in UTC: whatever zone is chosen later, it is over.
    Gives what went under it; `tell` has those who got it told. Raises `Unknown` where there is
    none.
    """
    authority = _fileable(visit, client_id)
    row = _row_of(authority, consent_id)
    today = _today(visit)
    document = json.loads(row.document)
    if (before := document.get("revoked")) and before <= today:
        return []
    found = relying_on(visit.vault, client_id, document)
    ended = {**document, "revoked": today}
    changed = msgspec.structs.replace(row, untold=not tell)
    what = "consent taken back"
    waiting = open_duties(visit.vault, client_id, consent_id)
    owes = duties_to_tell(visit, client_id, consent_id, found) if tell else ()
    asked = no_more_to_ask(visit.vault, authority, [consent_id])
    told = _Told(owes, (*asked, *(() if tell else waiting)))
    _rewrite(visit, authority, consent_id, ended, changed, kind="revocation", what=what, told=told)
    return found


def decide_telling(
    visit: Visit, client_id: bytes, consent_id: bytes, *, tell: bool
) -> list[Relied]:
    """Decide anew whether those are told who rely on a consent that ended or covers less.

    Gives who is to be told now. Not to tell ends what waits to be told; what was written is
    written. Raises as `take_back_consent`, and `BadInput` where it has not ended and covers no
    less, or where that was decided before.
    """
    authority = _fileable(visit, client_id)
    row = _row_of(authority, consent_id)
    document = json.loads(row.document)
    refused = row.signed is not None and row.signed.way == "refused"
    if refused or not (document["revoked"] or row.left_out or row.sooner):
        raise BadInput("this consent", "has not ended, and covers no less", "one that has")
    if row.untold != tell:
        raise BadInput("whether they are told", "was decided so before", "the other")
    whole = {**document, "classes": [*document["classes"], *row.left_out]}
    lost = None if document["revoked"] or row.sooner else row.left_out
    found = relying_on(visit.vault, client_id, whole, classes=lost) if tell else []
    waiting = open_duties(visit.vault, client_id, consent_id)
    told = _Told(duties_to_tell(visit, client_id, consent_id, found), () if tell else waiting)
    changed = msgspec.structs.replace(row, untold=not tell)
    what = "consent ended, to be told" if tell else "consent ended, not to be told"
    _rewrite(
        visit, authority, consent_id, document, changed, kind="revocation", what=what, told=told
    )
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """What a change leaves to be told, and what waited to be told and need not be any more."""

    owes: tuple[Duty, ...] = ()
    done: tuple[Duty, ...] = ()


def _rewrite(  # noqa: PLR0913 -- what stands there now, and the line that says so
    visit: Visit,
    authority: Authority,
    consent_id: bytes,
    document: Mapping[str, Any],
    row: ConsentRow,
    *,
    kind: str,
    what: str,
    told: _Told | None = None,
) -> None:
    """Put a document in the place of what it was, with its line and what it leaves owed."""
    vault, client_id = visit.vault, authority.client_id
    said = json.dumps(document, sort_keys=True).encode()
    changed = msgspec.structs.replace(row, document=said)

    def change(writing: Writing) -> bytes:
        writing.run(
            "consents.update",
            practice_id=vault.practice_id,
            consent_id=consent_id,
            row=vault.directory.seal(changed, client_id, consent_id),
        )
        return moved_authority(writing, vault.practice_id, client_id)

    body = {"by": visit.person.described, "what": what, **_said(document)}
    if authority.client.parties:
        body[PARTY] = row.signer.hex()
    told = told or _Told()
    act = Act(client_id, kind, body, owes=told.owes, done=told.done, slot="keys", change=change)
    announced(vault, act, visit.at, authority=authority.version)


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


def _row_of(authority: Authority, consent_id: bytes) -> ConsentRow:
    row = authority.consents.get(consent_id)
    if row is None:
        raise Unknown
    return row


def _today(visit: Visit) -> str:
    """The earlier of the days here and in UTC (ISO 8601)."""
    here = visit.vault.practice().local(visit.at).date()
    return min(here, visit.at.astimezone(datetime.UTC).date()).isoformat()


def _fileable(visit: Visit, client_id: bytes) -> Authority:
    """The client's authority, for whoever treats the client and for the client."""
    authority = known_authority(visit, client_id)
    if authority.client.person_id != visit.unlocked.person_id:
        check_treating(visit, authority)
    return authority


def _said(document: Mapping[str, Any]) -> dict[str, object]:
    """What the ledger line says of a consent: to whom and of what, and nothing of why."""
    return {"to": list(document["to"]), "classes": list(document["classes"])}
