"""Records of couples, families and groups: begun, signed for, left; own words alone."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.gathering import JOINT, Wish
from angerona.practice.caseload import known_to
from angerona.practice.consents import bring_consent, contradicted_document
from angerona.practice.handing_over import HandedOver, Outgoing, hand_over
from angerona.practice.joint_records import (
    OwnWords,
    begin_joint,
    joint_records_of,
    leave_joint,
    own_words,
    parties_of,
)
from angerona.practice.second_readers import Leaving
from angerona.rules.because import listed
from angerona.web.answers import answered, stated
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Download, Moved, Page, Route, Turn, read_id
from angerona.words import PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from angerona.practice.contradictions import Contradiction
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.web.records import Head
    from angerona.web.turn import Result

KNOWN_AS: Final = "known_as_"
ELEMENT: Final = "element_"
"""How the fields are named for the word of each party, and for what a paper has."""
MEDIA: Final = {"pdf": "application/pdf", "json": "application/json"}
_TYPED: Final = ("name", "party", "to", "purpose", "until")


def joint(turn: Turn, problem: BadInput | None = None) -> Page:
    """Of a joint record its parties; of a client the joint records he or she is in."""
    head, form = _head(turn), turn.form
    is_joint = bool(turn.door.vault.authority(head.client_id).client.parties)
    says = {
        "head": head,
        "is_joint": is_joint,
        "records": [] if is_joint else joint_records_of(turn.visit, head.client_id),
        "others": [] if is_joint else _others(turn, head.client_id),
        "parties": list(_parties(turn, head.client_id)) if is_joint else [],
        "recipients": RECIPIENTS,
        "purposes": PURPOSES,
        "elements": _elements(turn) if is_joint else {},
        "against": _against(turn, head.client_id) if is_joint and problem else [],
        "typed": {name: form.text(name) for name in _TYPED},
        "known_as": {name: form.text(name) for name in form.fields if name.startswith(KNOWN_AS)},
        "ticked": {name for name in form.fields if name.startswith(ELEMENT)},
        "problem": problem,
    }
    return Page("joint.html", says, 422 if problem else 200)


def begin(turn: Turn) -> Result:
    """Begin a record of this client and of those who were given a name for it."""
    head, form = _head(turn), turn.form
    named = {
        read_id(name.removeprefix(KNOWN_AS)): form.text(name)
        for name in form.fields
        if name.startswith(KNOWN_AS) and form.text(name)
    }
    if head.client_id not in named:
        raise BadInput("known as", "is missing for this client", "a first name")
    record_id = begin_joint(turn.visit, form.text("name"), named)
    return Moved(f"/clients/{record_id.hex()}/joint", done="joint")


def left(turn: Turn) -> Result:
    """One party leaves, or the record ends."""
    head, party = _head(turn), turn.form.text("party")
    leave_joint(turn.visit, head.client_id, read_id(party) if party else None)
    return Moved(f"/clients/{head.client_id.hex()}/joint", done="left-joint")


def sign(turn: Turn) -> Result:
    """Put on file what one party signed, for what is of all."""
    head, document, party = _head(turn), _signed(turn), read_id(turn.form.text("party"))
    seen = turn.form.several("despite") if turn.form.text("known") == "yes" else ()
    packs = turn.door.packs
    bring_consent(turn.visit, packs, head.client_id, document, signer=party, despite=seen)
    return Moved(f"/clients/{head.client_id.hex()}/joint", done="consent")


def _signed(turn: Turn) -> dict[str, object]:
    """The document that the form makes."""
    form = turn.form
    return {
        "by": "client",
        "form": JOINT,
        "classes": [JOINT],
        "to": [form.choice("to", RECIPIENTS)],
        "purposes": [form.choice("purpose", PURPOSES)],
        "from": turn.local.date().isoformat(),
        "until": _day(form.text("until")),
        "revoked": None,
        "elements": {one: f"{ELEMENT}{one}" in form.fields for one in _elements(turn)},
    }


def _against(turn: Turn, record_id: bytes) -> list[Contradiction]:
    """What does not fit with what the form says was signed; nothing where it says nothing whole."""
    try:
        document, party = _signed(turn), read_id(turn.form.text("party"))
    except (BadInput, Unknown):
        return []
    return contradicted_document(turn.visit, turn.door.packs, record_id, document, signer=party)


def words(turn: Turn) -> Result:
    """One party's own words, as a packet for that party alone."""
    head, form = _head(turn), turn.form
    party = read_id(form.text("party"))
    wish = Wish(
        wants=(JOINT,),
        to="client",
        purpose="client_request",
        instrument="written_request",
        facts=stated(turn),
        party=party,
    )
    form_of = form.choice("form", MEDIA, default="pdf")
    found: OwnWords | AskFirst | Refuse
    found = own_words(turn.door, turn.visit, head.client_id, party, wish)
    if isinstance(found, OwnWords):
        leaving = Leaving(wish=found.wish, recipient="one party", entry_ids=found.entry_ids)
        outgoing = Outgoing(leaving=leaving, form=form_of, how="from the browser", is_kept=True)
        made = hand_over(turn.door, turn.visit, head.client_id, outgoing)
        if isinstance(made, HandedOver):
            return Download(made.file_name, made.media_type, made.data, again="/packets")
        found = made
    page = answered(turn, head.client_id, wish, found, head=head)
    typed = [(name, form.text(name)) for name in ("party", "form") if form.text(name)]
    return Page(page.template, {**page.says, "typed": typed}, page.status)


def _head(turn: Turn) -> Head:
    head = head_of(turn)
    if "treating" not in head.relations:
        raise NotPermitted
    return head


def _others(turn: Turn, client_id: bytes) -> list[tuple[bytes, str]]:
    """The clients whom this person treats besides, but no joint records."""
    vault = turn.door.vault
    found = [
        (one.client_id, one.name)
        for one in known_to(turn.visit)
        if "treating" in one.relations
        and one.client_id != client_id
        and not vault.authority(one.client_id).client.parties
    ]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def _parties(turn: Turn, record_id: bytes) -> Iterator[tuple[object, list[str]]]:
    """Each party with what he or she signed and has not taken back, in words."""
    today = turn.local.date().isoformat()
    for one, documents in parties_of(turn.visit, record_id).items():
        yield (
            one,
            [
                f"to {listed(RECIPIENTS[to] for to in found['to'])}, for "
                f"{listed(PURPOSES[purpose] for purpose in found['purposes'])}"
                for found in documents
                if not found["revoked"] and (found["until"] or today) >= today
            ],
        )


def _elements(turn: Turn) -> Mapping[str, str]:
    """What the packs in force ask of a paper that is signed for a joint record."""
    packs = turn.door.packs.packs
    return {
        element.key: element.ask
        for one in turn.door.vault.practice().row.packs
        for form in packs[one].consent_forms
        if form.classes is None or JOINT in form.classes
        for element in form.elements
    }


def _day(given: str) -> str | None:
    if not given:
        return None
    try:
        return datetime.date.fromisoformat(given).isoformat()
    except ValueError:
        raise BadInput("until", "is no day", "a day such as 2026-03-31, or none") from None


def _route(behind: str, do: Callable[[Turn], Result], *, step_up: bool = False) -> Route:
    path = f"/clients/{{client}}/joint{behind}"
    return Route(method="POST", path=path, do=do, face=MEMBER, again=joint, step_up=step_up)


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/joint", do=joint, face=MEMBER),
    _route("", begin),
    _route("/left", left),
    _route("/signed", sign, step_up=True),
    _route("/words", words, step_up=True),
)
