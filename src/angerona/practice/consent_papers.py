"""Consents on paper, and what whoever signed takes home: the form to sign, and the receipt.

The receipt has the fields of ISO/IEC TS 27560:2023, a consent record with its four sections
(header, processing, parties, events) under the metadata of a receipt. The standard itself is sold
and was not read: names, and which fields are mandatory, are taken from the W3C community group's
guide "Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV" of 2024-08-01
(w3c/dpv, guides/consent-27560.html, sections 4 and 5). A field that this practice cannot fill says
so. Nothing here claims to conform.
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any, Final

from angerona.ciphers.encoding import digest
from angerona.errors import Unknown
from angerona.notices.typesetting import typeset
from angerona.practice.caseload import short_id
from angerona.practice.consent_forms import classes_named, missing
from angerona.practice.consents import WAYS, listed_consents
from angerona.words import CLASSES, PURPOSES, RECIPIENTS, SIGNERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.practice.consent_forms import Form
    from angerona.rules.compile import Packs
    from angerona.rules.entries import Right
    from angerona.sealed.rows import ConsentRow
    from angerona.sealed.vault import Practice, Visit

SCHEMA: Final = "angerona-consent-receipt-1"
"""What the JSON says it is (docs/FORMATS.md)."""
FIELDS_OF: Final = "ISO/IEC TS 27560:2023, by the guide of the W3C DPV community group of 2024"
NOT_ON_FILE: Final = "not on file"
_FOOT: Final = "Confidential"
_SPECIAL: Final = "health"
_STATES: Final = {
    "given": "consent given",
    "narrowed": "consent narrowed",
    "withdrawn": "consent withdrawn",
    "refused": "consent refused",
    "expired": "consent expired",
}


def printed_form(
    form: Form, *, practice: str, client: str, at: datetime.datetime, paper: str
) -> bytes:
    """The form as PDF, with a box beside each sentence and places to sign.

    Raises `MissingExtra`, `PrintFailure`.
    """
    told = [one.says for one in form.sentences if not one.is_own]
    own = [one.says for one in form.sentences if one.is_own]
    asked = [one.ask for one in form.asked]
    cites = "; ".join(dict.fromkeys(one.cite for one in form.demanded))
    parts = [
        _part("What this form says", told, boxes=True),
        _part("What you say", own, boxes=True),
    ]
    if asked:
        parts.append(_part("For the practice to answer", asked, boxes=True))
    if form.terms.by != "client":
        says = f"You sign as {SIGNERS[form.terms.by]}. Write down what shows that you may."
        parts.append(_part("If you sign for somebody else", [says, " "], boxes=False))
    if cites:
        parts.append(_part("What it is made for", [cites], boxes=False))
    data: dict[str, Any] = {
        "paper": paper,
        "title": "Consent to share",
        "foot": _FOOT,
        "facts": [["From", practice], ["About", client], ["To", form.terms.whom]],
        "parts": parts,
        "sign": ["Your name", "You sign here", "Date"],
    }
    return typeset("consent.typ", data, at=at)


def consent_receipt(
    visit: Visit, packs: Packs, client_id: bytes, consent_id: bytes
) -> dict[str, Any]:
    """The receipt of one consent, as plain data for JSON.

    For whoever may list the consents, with the same line. Raises as `listed_consents`, and
    `Unknown` where there is no such consent.
    """
    row = dict(listed_consents(visit, client_id)).get(consent_id)
    if row is None:
        raise Unknown
    practice = visit.vault.practice()
    document = json.loads(row.document)
    label = visit.vault.practice_id
    receipt_id = digest("angerona/consent-receipt/v1", label, consent_id, row.document)[:16]
    schema = {"schema_version": SCHEMA, "fields_of": FIELDS_OF}
    return {
        "receipt_metadata": {**schema, "receipt_id": receipt_id.hex(), "made": _utc(visit.at)},
        "consent_record": {
            "record_header": {
                **schema,
                "record_id": consent_id.hex(),
                "pii_principal_id": client_id.hex(),
            },
            "pii_processing": _processing(packs, practice, row, document),
            "party_identification": _parties(practice, client_id, row, document),
            "events": _events(practice, visit.at, row, document),
        },
        "missing_elements": [
            {"cite": one.cite, "elements": [element.ask for element in one.elements]}
            for one in missing(packs, practice.row.packs, document)
        ],
    }


def receipt_json(receipt: Mapping[str, Any]) -> bytes:
    """The receipt as JSON, in UTF-8."""
    return json.dumps(receipt, indent=1, ensure_ascii=False).encode()


def receipt_pages(receipt: Mapping[str, Any], *, at: datetime.datetime, paper: str) -> bytes:
    """The receipt as PDF. Raises `MissingExtra`, `PrintFailure`."""
    record, about = receipt["consent_record"], receipt["receipt_metadata"]
    said = record["pii_processing"]
    lacks = [f"{' '.join(one['elements'])} ({one['cite']})" for one in receipt["missing_elements"]]
    parts = [
        _part("What may go", [one["pii_type"] for one in said["pii_information"]]),
        _part("What you were told, and said", said["privacy_notice"]),
        _part("What happened", [_event_said(one) for one in record["events"]]),
        _part("What is missing, so that nothing goes under that law", lacks),
        _part("How to take it back", [said["withdrawal_method"]]),
        _part("Your rights", said["privacy_rights"]),
        _part("Where it is kept", [said["storage_locations"], said["retention_period"]]),
    ]
    facts = [
        ["Receipt", short_id(bytes.fromhex(about["receipt_id"]))],
        ["Consent", short_id(bytes.fromhex(record["record_header"]["record_id"]))],
        *([one["party_role"], one["party_name"]] for one in record["party_identification"]),
        ["What for", ", ".join(one["purpose"] for one in said["purposes"])],
        ["Law", said["lawful_basis"]],
        ["Made", about["made"]],
        ["Fields of", about["fields_of"]],
    ]
    data: dict[str, Any] = {
        "paper": paper,
        "title": "Consent receipt",
        "foot": _FOOT,
        "facts": facts,
        "parts": [one for one in parts if one["lines"]],
        "sign": [],
    }
    return typeset("consent.typ", data, at=at)


def _part(title: str, lines: Iterable[str], *, boxes: bool = False) -> dict[str, Any]:
    empty: list[Any] = []
    return {"title": title, "paragraphs": empty, "lines": list(lines), "boxes": boxes}


def _processing(
    packs: Packs, practice: Practice, row: ConsentRow, document: Mapping[str, Any]
) -> dict[str, Any]:
    """The section on what is done with what. Its notice is the words that were signed."""
    ids = practice.row.packs
    forms = [form for one in ids for form in packs.packs[one].consent_forms]
    signed = row.signed.forms if row.signed else ()
    cites = [one.cite for one in forms if one.id in signed]
    rights = [one for pack in ids for one in packs.packs[pack].rights if "client" in one.who]
    told = list(row.signed.told) if row.signed else []
    return {
        "privacy_notice": told or ["the words are on the paper that was signed"],
        "language": "en",
        "purposes": [{"purpose": PURPOSES[one]} for one in document["purposes"]],
        "lawful_basis": f"consent ({'; '.join(dict.fromkeys(cites))})" if cites else "consent",
        "pii_information": [
            {"pii_type": CLASSES[one], "special_pii_category": _SPECIAL}
            for one in classes_named(document)
        ],
        "pii_controllers": [_PRACTICE],
        "collection_method": WAYS[row.signed.way] if row.signed else "filed as a document",
        "processing_method": "handed over once the rules of this practice say that it may be",
        "storage_locations": f"in the practice ({practice.row.place}), sealed",
        "retention_period": "as long as the record, as the law of the place demands",
        "jurisdiction": practice.row.place,
        "recipient_third_parties": [_RECIPIENT],
        "withdrawal_method": "at any time: in your own pages, in the practice, or in writing",
        "privacy_rights": list(dict.fromkeys(_right(one) for one in rights)),
    }


_PRACTICE: Final = "practice"
_RECIPIENT: Final = "recipient"
_CLIENT: Final = "client"


def _right(right: Right) -> str:
    return f"{right.what} ({right.cite})" if right.what else right.cite


def _parties(
    practice: Practice, client_id: bytes, row: ConsentRow, document: Mapping[str, Any]
) -> list[dict[str, str]]:
    kinds = [RECIPIENTS[one] for one in document["to"]] or ["nobody"]
    named = row.signed.recipient if row.signed else ""
    return [
        _party(_PRACTICE, practice.row.name, "Gives it out", "PII controller"),
        _party(
            _RECIPIENT,
            f"{named} ({', '.join(kinds)})" if named else ", ".join(kinds),
            "Gets it",
            "third party",
        ),
        _party(_CLIENT, f"record {short_id(client_id)}", "About", "PII principal"),
    ]


def _party(party_id: str, name: str, role: str, kind: str) -> dict[str, str]:
    return {
        "party_id": party_id,
        "party_name": name,
        "party_address": NOT_ON_FILE,
        "party_contact": NOT_ON_FILE,
        "party_role": role,
        "party_type": kind,
    }


def _events(
    practice: Practice, at: datetime.datetime, row: ConsentRow, document: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What happened to the consent, first to last."""
    until = document["until"] or "until it is taken back"
    by = SIGNERS[document["by"]]
    named = f"{by}: {row.signed.name}" if row.signed else by
    refused = row.signed is not None and row.signed.way == "refused"
    first = "refused" if refused else "given"
    found = [_event(_utc(row.kept), first, named, until)]
    by_day: dict[str, list[str]] = {}
    for name, when in row.left_out.items():
        by_day.setdefault(when, []).append(CLASSES[name])
    for when, names in sorted(by_day.items()):
        found.append({**_event(when, "narrowed", by, until), "pii_type": names})
    if row.sooner:
        found.append(_event(row.sooner, "narrowed", by, until))
    if document["revoked"] and not refused:
        found.append(_event(document["revoked"], "withdrawn", by, "over"))
    elif document["until"] and document["until"] < practice.local(at).date().isoformat():
        found.append(_event(document["until"], "expired", "its last day", "over"))
    return found


def _event(time: str, state: str, by: str, until: str) -> dict[str, Any]:
    return {
        "event_time": time,
        "event_type": "explicit consent",
        "event_state": _STATES[state],
        "entity_id": by,
        "validity_duration": until,
    }


def _event_said(event: Mapping[str, Any]) -> str:
    what = f": {', '.join(event['pii_type'])}" if "pii_type" in event else ""
    return f"{event['event_time']}: {event['event_state']}{what} ({event['entity_id']})"


def _utc(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).isoformat(timespec="seconds")
