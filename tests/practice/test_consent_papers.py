"""The printed form and the receipt: every pack's, whole, and true to what is on file."""

import itertools
import json

import pytest

from angerona.notices import typesetting
from angerona.packs import load
from angerona.practice import consent_papers
from angerona.practice.consent_forms import Terms, form_for
from angerona.practice.consent_papers import (
    FIELDS_OF,
    SCHEMA,
    consent_receipt,
    printed_form,
    receipt_json,
    receipt_pages,
)
from angerona.practice.consents import (
    affirm_elements,
    elements_to_affirm,
    narrow_consent,
    sign_consent,
    take_back_consent,
)
from angerona.practice.contradictions import Signing
from angerona.sealed.rows import Signed
from angerona.words import SIGNERS
from consenting import TERMS, signed
from notices.reading_pages import texts_of
from practice.test_consent_forms import STACKS
from prepared_practice import AT, prepared, quick_passwords
from small_practice import founded

PACKS = load()
MANDATORY = {
    "record_header": {"schema_version", "record_id", "pii_principal_id"},
    "pii_processing": {
        *("privacy_notice", "language", "purposes", "pii_information", "pii_controllers"),
        *("storage_locations", "retention_period", "jurisdiction", "recipient_third_parties"),
        "withdrawal_method",
    },
}
OF_A_PARTY = {"party_id", "party_name", "party_address", "party_contact", "party_type"}
OF_AN_EVENT = {"event_time", "validity_duration", "entity_id", "event_type", "event_state"}
"""The fields that the guide to the standard calls mandatory."""


@pytest.fixture
def in_process(monkeypatch):
    """Pages set in this process, from the templates that lie here."""

    def typeset(template, data, *, at):
        said = {"data": data, "figures": {}, "attached": ""}
        return typesetting.answer(template=template, at=int(at.timestamp()), **said)

    monkeypatch.setattr(consent_papers, "typeset", typeset)


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with copy.opened() as found:
        found.ada = copy.clients["Ada"]
        yield found


def receipt(practice, consent_id):
    with practice.visit("Tess") as visit:
        return consent_receipt(visit, practice.door.packs, practice.ada, consent_id)


def unbroken(pages):
    return " ".join("".join(pages).replace("\u200b", "").split())


@pytest.mark.parametrize("ids", STACKS, ids=" ".join)
@pytest.mark.usefixtures("in_process")
def test_every_form_renders_for_every_pack(ids):
    for by, classes in itertools.product(SIGNERS, (("diagnosis",), ("psychotherapy_note",))):
        terms = Terms(
            by=by,
            classes=classes,
            to="insurer",
            purpose="insurance",
            starts=TERMS.starts,
            until=TERMS.until,
        )
        form = form_for(PACKS, ids, terms, practice="Quiet Rooms", client="Ada Invented")
        pdf = printed_form(form, practice="Quiet Rooms", client="Ada Invented", at=AT, paper="a4")
        said = "".join(unbroken(texts_of(pdf)).split())
        for one in (*(line.says for line in form.sentences), *(line.ask for line in form.asked)):
            assert "".join(one.split()) in said


def test_a_receipt_has_every_field_that_is_mandatory(practice):
    found = receipt(practice, signed(practice, practice.ada))
    record = found["consent_record"]
    assert found["receipt_metadata"].keys() >= {"receipt_id", "schema_version"}
    assert found["receipt_metadata"]["schema_version"] == SCHEMA
    for section, fields in MANDATORY.items():
        assert record[section].keys() >= fields
        assert all(record[section][one] for one in fields)
    assert all(one.keys() >= OF_A_PARTY for one in record["party_identification"])
    assert all(one.keys() >= OF_AN_EVENT for one in record["events"])
    assert all(one["pii_type"] for one in record["pii_processing"]["pii_information"])
    assert json.loads(receipt_json(found)) == found


def test_it_says_what_became_of_the_consent(practice):
    consent_id = signed(practice, practice.ada)
    first = receipt(practice, consent_id)
    assert (
        receipt(practice, consent_id)["receipt_metadata"]["receipt_id"]
        == (first["receipt_metadata"]["receipt_id"])
    )
    with practice.visit("Tess") as visit:
        narrow_consent(visit, practice.ada, consent_id, classes=["diagnosis"], until=None)
        take_back_consent(visit, practice.ada, consent_id)
    then = receipt(practice, consent_id)
    events = then["consent_record"]["events"]
    assert [one["event_state"] for one in events] == [
        "consent given",
        "consent narrowed",
        "consent withdrawn",
    ]
    assert events[1]["pii_type"] == ["treatment plan"]
    assert then["receipt_metadata"]["receipt_id"] != first["receipt_metadata"]["receipt_id"]


def test_what_is_missing_is_on_it(practice):
    found = receipt(practice, signed(practice, practice.ada, without={"take_back"}))
    [lacks] = found["missing_elements"]
    assert lacks["cite"] == "45 CFR 164.508(c)"
    assert len(lacks["elements"]) == 1


@pytest.mark.usefixtures("in_process")
def test_its_pages_say_the_same(practice):
    found = receipt(practice, signed(practice, practice.ada, without={"take_back"}))
    said = unbroken(texts_of(receipt_pages(found, at=AT, paper="a4")))
    for words in ("an insurer", "treatment plan", "Nobody makes me do this.", FIELDS_OF[:20]):
        assert words in said
    assert "What is missing" in said


def test_what_only_the_practice_can_answer_is_answered_later(tmp_path):
    with quick_passwords():
        practice = founded(tmp_path / "uk", packs=("house", "uk"))
    client, packs = practice.client("Ada"), practice.door.packs
    ids = practice.vault.practice().row.packs
    form = form_for(packs, ids, TERMS, practice="Quiet Rooms", client="Ada")
    signing = Signing(
        terms=TERMS,
        elements=form.elements({one.id for one in form.sentences}),
        at=AT,
        is_on_screen=True,
    )
    given = Signed(way="screen", name="Ada", despite=("element",))
    with practice.visit("Thea") as visit:
        consent_id = sign_consent(visit, packs, client, signing, given)
        row = practice.vault.authority(client).consents[consent_id]
        assert list(elements_to_affirm(visit, packs, row)) == ["capacity"]
        affirm_elements(visit, packs, client, consent_id, ["capacity"])
        row = practice.vault.authority(client).consents[consent_id]
        assert elements_to_affirm(visit, packs, row) == {}
        assert json.loads(row.document)["elements"]["capacity"] is True
        assert consent_receipt(visit, packs, client, consent_id)["missing_elements"] == []
