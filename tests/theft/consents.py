"""Consents: signed on a screen, refused, answered, taken back, and what is printed of them."""

import datetime

from angerona.errors import BadInput
from angerona.gate.door import Prepared
from angerona.gate.gathering import Wish
from angerona.practice.consent_forms import (
    Terms,
    asked_of_paper,
    demanded,
    form_for,
    missing,
    terms_of,
)
from angerona.practice.consent_papers import (
    consent_receipt,
    printed_form,
    receipt_json,
    receipt_pages,
)
from angerona.practice.consent_states import state_of
from angerona.practice.consents import (
    affirm_elements,
    bring_consent,
    contradicted,
    contradicted_document,
    decide_telling,
    elements_to_affirm,
    refuse_consent,
    sign_consent,
    take_back_consent,
)
from angerona.practice.contradictions import Signing, on_the_screen
from angerona.practice.relying import (
    carries_on,
    no_more_to_ask,
    open_duties,
    relying_on,
    running_out,
    told_in,
)
from angerona.sealed.rows import Signed
from small_practice import AT


def consents(desk):
    """A yes to the hospital, under which something goes; then it is taken back."""
    ada, packs = desk.clients["Ada"], desk.packs
    ids = desk.vault.practice().row.packs
    terms = Terms(
        by="client",
        classes=("treatment_plan",),
        to="hospital",
        purpose="treatment",
        recipient=desk.typed("ward"),
        starts=AT.date(),
        until=AT.date() + datetime.timedelta(days=90),
    )
    form = form_for(packs, ids, terms, practice="Quiet Rooms", client=desk.typed("called"))
    ticked = {*(one.id for one in form.sentences), *(one.key for one in form.asked)}
    signing = Signing(terms=terms, elements=form.elements(ticked), at=AT, is_on_screen=True)
    assert not missing(packs, ids, signing.document)
    assert demanded(packs, ids, terms.classes)
    assert asked_of_paper(packs, ids, terms)
    assert terms_of(signing.document, terms.recipient) == terms
    signed = Signed(
        way="screen",
        name=desk.typed("signature"),
        recipient=terms.recipient,
        told=tuple(one.says for one in form.sentences),
        despite=("not_settled",),
    )
    printed_form(form, practice="Quiet Rooms", client=desk.typed("called"), at=AT, paper="a4")
    with desk.visit("Tess") as visit:
        on_the_screen(contradicted(visit, packs, ada, signing), "parent")
        consent_id = sign_consent(visit, packs, ada, signing, signed)
        refuse_consent(visit, ada, terms, name=desk.typed("no"))
        row = desk.vault.authority(ada).consents[consent_id]
        assert elements_to_affirm(visit, packs, row) == {}
        with desk.refused(BadInput):
            affirm_elements(visit, packs, ada, consent_id, [desk.typed("key")])
        state_of(visit, packs, desk.vault.authority(ada), row)
        document = {**signing.document, "to": ["school"]}
        contradicted_document(visit, packs, ada, document)
        bring_consent(visit, packs, ada, document, despite=("not_settled", "element"))
        receipt = consent_receipt(visit, packs, ada, consent_id)
    assert not list(running_out(desk.vault, desk.vault.authority(ada), AT.date(), ()))
    assert not carries_on(desk.vault.authority(ada), row, row)
    assert not no_more_to_ask(desk.vault, desk.vault.authority(ada), [consent_id])
    assert not open_duties(desk.vault, ada, consent_id)
    receipt_json(receipt)
    receipt_pages(receipt, at=AT, paper="a4")
    _sent_and_ended(desk, ada, consent_id, signing.document)


def _sent_and_ended(desk, ada, consent_id, document):
    wish = Wish(
        wants=("treatment_plan",),
        purpose="treatment",
        to="hospital",
        instrument="consent",
        facts={
            "care.minimum_ok": True,
            "recipient.identity_verified": True,
            "client.restriction": False,
            "record.joint": False,
            "record.part2": False,
        },
    )
    with desk.visit("Tess") as visit:
        given = desk.door.release(visit, ada, wish, recipient=desk.typed("doctor"))
        assert isinstance(given, Prepared), given
        assert relying_on(desk.vault, ada, document)
        found = take_back_consent(visit, ada, consent_id)
        decide_telling(visit, ada, consent_id, tell=False)
        decide_telling(visit, ada, consent_id, tell=True)
        told_in(visit, found, found[0].event_id, ended=AT.date())
    desk.door.failed(given, AT, why="nothing was sent")
