import pytest

import tiny
from angerona.rules.answer import AskFirst, Permit, Refuse

PACK = """
[[ground]]
id = "us-xx.consent"
limit = "consent"
force = "may"
needs = [{fact = "consent.covers", ask = "?"}, {fact = "consent.form_ok", ask = "?"}]
[[consent_form]]
id = "us-xx.form"
elements = [{key = "expiry", ask = "?"}]
[[consent_form]]
id = "us-xx.form.notes"
classes = ["psychotherapy_note"]
elements = [{key = "stands_alone", ask = "?"}]
"""
CONSENT = {
    "by": "client",
    "form": "general",
    "classes": ["risk"],
    "to": ["police"],
    "purposes": ["law_enforcement"],
    "from": "2026-11-01",
    "until": "2026-12-01",
    "revoked": None,
    "elements": {"expiry": True},
}
NO = Refuse


@pytest.fixture
def packs(tmp_path):
    return tiny.load_tiny(tmp_path, us_xx=PACK)


def kind(packs, consent=None, facts=None, **changes):
    document = CONSENT | (consent or {})
    changes = {"wants": ["risk"]} | changes
    return type(tiny.answer(packs, consents=[document], facts=facts or {}, **changes))


DOCUMENTS = [
    ({}, Permit),
    ({"revoked": "2026-11-23"}, NO),
    ({"revoked": "2026-11-24"}, Permit),
    ({"from": "2026-11-24"}, NO),
    ({"from": "2026-11-23"}, Permit),
    ({"from": None, "until": None}, Permit),
    ({"until": "2026-11-22"}, NO),
    ({"until": "2026-11-23"}, Permit),
    ({"to": []}, NO),
    ({"to": ["court"]}, NO),
    ({"purposes": []}, NO),
    ({"classes": []}, NO),
    ({"classes": ["billing"]}, NO),
    ({"classes": ["everything"]}, Permit),
    ({"elements": {}}, NO),
    ({"elements": {"expiry": False}}, NO),
]


@pytest.mark.parametrize(("consent", "expected"), DOCUMENTS)
def test_a_document_covers_only_what_it_says(packs, consent, expected):
    assert kind(packs, consent) is expected


PARENTAL = {
    "client.age": 15,
    "client.consented_own_care": False,
    "client.mature_minor": False,
}
SIGNERS = [
    ("client", {}, Permit),
    ("client", {"client.capacity": False}, NO),
    ("client", {"client.age": 34}, Permit),
    ("client", {"client.age": 15}, AskFirst),
    ("client", {"client.age": 15, "client.consented_own_care": True}, Permit),
    ("client", {"client.age": 15, "client.mature_minor": True}, Permit),
    ("client", {"client.age": 15, "client.mature_minor": False}, AskFirst),
    (
        "client",
        {"client.age": 15, "client.mature_minor": False, "client.consented_own_care": False},
        NO,
    ),
    ("parent", {}, AskFirst),
    ("parent", {"client.age": 34}, NO),
    ("parent", {"client.age": 15}, AskFirst),
    ("parent", {"client.age": 15, "client.consented_own_care": False}, AskFirst),
    ("parent", PARENTAL, Permit),
    ("parent", {**PARENTAL, "client.mature_minor": True}, NO),
    ("parent", {"client.age": 15, "client.consented_own_care": True}, NO),
    ("parent", {"client.mature_minor": True}, NO),
    ("representative", {}, AskFirst),
    ("representative", {"recipient.has_legal_authority": True}, Permit),
    ("representative", {"recipient.has_legal_authority": False}, NO),
]


@pytest.mark.parametrize(("by", "facts", "expected"), SIGNERS)
def test_who_may_sign(packs, by, facts, expected):
    assert kind(packs, {"by": by}, facts) is expected


@pytest.mark.parametrize(("said", "expected"), [(True, Permit), (False, NO)])
def test_a_representative_s_form_speaks_first(packs, said, expected):
    elements = {"expiry": True, "signer_authority": said}
    facts = {"recipient.has_legal_authority": not said}
    assert kind(packs, {"by": "representative", "elements": elements}, facts) is expected


@pytest.mark.parametrize(
    ("classes", "elements", "expected"),
    [
        (["psychotherapy_note"], {"expiry": True, "stands_alone": True}, Permit),
        (["psychotherapy_note"], {"expiry": True}, NO),
        (["psychotherapy_note", "risk"], {"expiry": True, "stands_alone": True}, NO),
        (["everything"], {"expiry": True, "stands_alone": True}, NO),
    ],
)
def test_process_notes_need_a_consent_of_their_own_kind(packs, classes, elements, expected):
    consent = {"classes": classes, "elements": elements}
    assert kind(packs, consent, wants=["psychotherapy_note"]) is expected


@pytest.mark.parametrize("name", ["substance_use", "third_party", "gender_history", "legal"])
def test_everything_does_not_name_what_must_be_named(packs, name):
    assert kind(packs, {"classes": ["everything"]}, wants=[name]) is NO
    assert kind(packs, {"classes": [name]}, wants=[name]) is Permit


def test_one_consent_revoked_leaves_the_other(packs):
    documents = [CONSENT | {"revoked": "2026-11-01"}, CONSENT]
    assert isinstance(tiny.answer(packs, consents=documents, wants=["risk"]), Permit)


def test_the_missing_signer_is_asked_for(packs):
    answer = tiny.answer(packs, consents=[CONSENT | {"by": "parent"}], wants=["risk"])
    assert set(answer.questions) == set(PARENTAL)


def test_a_purpose_that_only_the_asker_states_makes_no_consent_good(packs):
    answer = tiny.answer(packs, consents=[CONSENT], wants=["risk"], purpose_by="asker")
    assert isinstance(answer, AskFirst)
    assert answer.questions == ("purpose.established",)
    assert any("only what the asker says" in sentence for sentence in answer.because)
    sure = {"purpose.established": True}
    answer = tiny.answer(packs, consents=[CONSENT], wants=["risk"], purpose_by="asker", facts=sure)
    assert isinstance(answer, Permit)


def test_only_a_consent_that_names_the_class_is_asked_about(packs):
    documents = [CONSENT | {"by": "parent", "classes": ["billing"]}, CONSENT | {"by": "parent"}]
    facts = {"client.age": 15, "client.mature_minor": False}
    answer = tiny.answer(packs, consents=documents, wants=["risk"], facts=facts)
    assert answer.questions == ("client.consented_own_care",)


@pytest.mark.parametrize(
    ("at", "consent", "expected"),
    [
        ("2026-11-24T09:00:00+13:00", {"revoked": "2026-11-24"}, NO),
        ("2026-11-24T09:00:00+13:00", {"until": "2026-11-23"}, NO),
        ("2026-11-23T20:00:00-08:00", {"from": "2026-11-24"}, NO),
        ("2026-11-24T09:00:00+13:00", {"revoked": "2026-11-25"}, Permit),
    ],
)
def test_between_two_days_the_one_counts_that_closes(packs, at, consent, expected):
    assert kind(packs, consent, at=at) is expected


def test_a_purpose_that_is_denied_is_not_established(packs):
    assert kind(packs, facts={"purpose.established": False}) is AskFirst
