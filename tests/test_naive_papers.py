"""Consents and orders before the second reader, worked out by hand."""

import pytest

from tiny_packs import answer, ground, pack

CONSENT = pack(grounds=[ground("law.g", "consent.form_ok", instruments=["consent"])])


def consent(**keys):
    return {
        "by": "client",
        "form": "general",
        "classes": ["risk"],
        "to": ["police"],
        "purposes": ["protection"],
        "from": "2026-11-23",
        "until": "2026-11-23",
        "revoked": None,
        "elements": {},
        **keys,
    }


def consented(law=CONSENT, *, facts=None, wants=("risk",), at="2026-11-23T10:00:00Z", **keys):
    told = answer(
        law, facts=facts, wants=wants, at=at, instrument="consent", consents=[consent(**keys)]
    )
    return told["classes"][wants[0]]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, "may"),
        ({"revoked": "2026-11-23"}, "barred"),
        ({"revoked": "2026-11-24"}, "may"),
        ({"from": "2026-11-24", "until": None}, "barred"),
        ({"until": "2026-11-22", "from": None}, "barred"),
        ({"to": []}, "barred"),
        ({"purposes": ["payment"]}, "barred"),
        ({"classes": []}, "barred"),
        ({"classes": ["everything"]}, "may"),
        ({"classes": ["psychotherapy_note", "risk"]}, "may"),
    ],
)
def test_what_a_consent_covers(keys, expected):
    assert consented(**keys) == expected


def test_of_two_days_the_one_counts_that_closes():
    assert consented(at="2026-11-23T21:00:00-05:00") == "barred"
    assert consented(at="2026-11-24T01:00:00+02:00") == "barred"
    assert consented(at="2026-11-23T20:00:00+02:00") == "may"


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (["psychotherapy_note"], "may"),
        (["psychotherapy_note", "substance_use_counseling_note"], "may"),
        (["psychotherapy_note", "risk"], "barred"),
        (["psychotherapy_note", "everything"], "barred"),
        (["everything"], "barred"),
    ],
)
def test_process_notes_need_a_consent_of_their_own_kind(classes, expected):
    assert consented(wants=["psychotherapy_note"], classes=classes) == expected


def test_everything_leaves_out_what_is_named_one_by_one():
    assert consented(wants=["third_party"], classes=["everything"]) == "barred"
    assert consented(wants=["third_party"], classes=["everything", "third_party"]) == "may"


MINOR = {"client.age": 15}
OWN_CARE = {"client.consented_own_care": True}
NOT_OWN_CARE = {"client.consented_own_care": False}
MATURE = {"client.mature_minor": True}
NOT_MATURE = {"client.mature_minor": False}


@pytest.mark.parametrize(
    ("by", "facts", "expected"),
    [
        ("client", {}, "may"),
        ("client", {"client.capacity": False}, "barred"),
        ("client", {"client.age": 18}, "may"),
        ("client", MINOR, "open"),
        ("client", MINOR | MATURE, "may"),
        ("client", MINOR | OWN_CARE, "may"),
        ("client", MINOR | OWN_CARE | {"client.capacity": False}, "barred"),
        ("client", MINOR | NOT_OWN_CARE, "open"),
        ("client", MINOR | NOT_OWN_CARE | NOT_MATURE, "barred"),
        ("parent", {}, "open"),
        ("parent", MINOR, "open"),
        ("parent", MINOR | NOT_OWN_CARE, "open"),
        ("parent", MINOR | NOT_OWN_CARE | {"client.mature_minor": False}, "may"),
        ("parent", MINOR | NOT_OWN_CARE | MATURE, "barred"),
        ("parent", OWN_CARE, "barred"),
        ("parent", {"client.age": 18}, "barred"),
        ("parent", NOT_OWN_CARE, "open"),
        ("representative", {}, "open"),
        ("representative", {"recipient.has_legal_authority": True}, "may"),
        ("representative", {"recipient.has_legal_authority": False}, "barred"),
    ],
)
def test_who_may_sign(by, facts, expected):
    assert consented(by=by, facts=facts) == expected


def test_a_representative_shows_authority_on_paper_first():
    facts = {"recipient.has_legal_authority": False}
    assert consented(by="representative", facts=facts, elements={"signer_authority": True}) == "may"
    facts = {"recipient.has_legal_authority": True}
    shown = {"signer_authority": False}
    assert consented(by="representative", facts=facts, elements=shown) == "barred"


def test_an_unsure_signer_asks_for_what_decides():
    told = answer(CONSENT, facts=MINOR, instrument="consent", consents=[consent()])
    assert set(told["questions"]) == {*OWN_CARE, *MATURE}
    told = answer(CONSENT, instrument="consent", consents=[consent(by="parent")])
    assert set(told["questions"]) == {*MINOR, *OWN_CARE, *MATURE}


def test_a_consent_is_never_sure_of_a_purpose_that_only_the_asker_states():
    papers = {"instrument": "consent", "consents": [consent(by="parent")], "purpose_by": "asker"}
    told = answer(CONSENT, facts=MINOR, **papers)
    assert (told["outcome"], told["questions"]) == (
        "ask",
        ["purpose.established", *OWN_CARE, *MATURE],
    )
    assert answer(CONSENT, facts=MINOR | NOT_OWN_CARE, **papers)["outcome"] == "ask"
    assert answer(CONSENT, facts=OWN_CARE, **papers)["outcome"] == "deny"
    established = {
        **MINOR,
        **NOT_OWN_CARE,
        "client.mature_minor": False,
        "purpose.established": True,
    }
    assert answer(CONSENT, facts=established, **papers)["outcome"] == "permit"


def test_each_pack_asks_for_its_own_form():
    forms = [
        {"id": "law.f", "elements": [{"key": "signed", "ask": "?"}]},
        {"id": "law.n", "elements": [{"key": "alone", "ask": "?"}], "classes": ["abuse"]},
    ]
    law = CONSENT | {"consent_form": forms}
    assert consented(law) == "barred"
    assert consented(law, elements={"signed": False}) == "barred"
    assert consented(law, elements={"signed": True}) == "may"
    abuse = {"wants": ["abuse"], "classes": ["abuse"]}
    assert consented(law, elements={"signed": True}, **abuse) == "barred"
    assert consented(law, elements={"signed": True, "alone": True}, **abuse) == "may"


def test_a_consent_that_names_is_one_that_covers():
    law = pack(grounds=[ground("law.g", "consent.names_psychotherapy_notes")])
    assert consented(law, classes=["risk", "psychotherapy_note"]) == "may"
    assert consented(law, classes=["risk"]) == "barred"
    law = pack(grounds=[ground("law.g", "consent.names_substance_use and consent.signer_ok")])
    assert consented(law, wants=["substance_use"], classes=["substance_use"]) == "may"


# Orders.


def ordered(expression, facts=None, to="police", facts_of_pack=(), **keys):
    order = {
        "kind": "court_order",
        "signed_by": "judge",
        "classes": ["risk"],
        "to": ["police"],
        "from": None,
        "until": None,
        **keys,
    }
    law = pack(grounds=[ground("law.g", expression)], facts=list(facts_of_pack))
    told = answer(law, facts=facts, to=to, instrument="court_order", orders=[order])
    return told["classes"]["risk"] == "may"


def test_what_an_order_gives():
    assert ordered("order.covers_these")
    assert ordered("order.covers_these", classes=["everything"])
    assert not ordered("order.covers_these", classes=["billing"])
    assert not ordered("order.covers_these", kind="search_warrant")
    assert not ordered("order.covers_these", until="2026-11-22")
    assert ordered("not recipient.named_in_order", to="court")
    assert ordered("order.signed_by_judge", to="court")
    assert not ordered("order.signed_by_judge", to="prosecutor")
    assert not ordered("order.signed_by_judge", signed_by="clerk")
    assert ordered("not warrant.judicial")
    assert ordered("order.names_notes", names_notes=True)
    assert not ordered("order.part2_findings", part2_findings=None)


def test_a_stated_fact_only_narrows_an_order_but_secrecy_is_enough_once():
    assert not ordered("order.covers_these", facts={"order.covers_these": False})
    denied = {"order.covers_these": True}
    assert not ordered("order.covers_these", facts=denied, classes=["billing"])
    assert ordered("order.secrecy", facts={"order.secrecy": True})
    assert ordered("order.secrecy", facts={"order.secrecy": False}, secrecy=True)


def test_a_pack_fact_may_be_another_name_of_an_order_fact():
    notes = [{"key": "law.notes", "reads": "order.names_notes"}]
    assert ordered("law.notes", facts_of_pack=notes, names_notes=True)
    assert ordered("not law.notes", facts_of_pack=notes, facts={"law.notes": True})
    stated = {"law.notes": False}
    assert not ordered("law.notes", facts=stated, facts_of_pack=notes, names_notes=True)
    secret = [{"key": "law.secret", "reads": "order.secrecy"}]
    assert ordered("law.secret", facts_of_pack=secret, facts={"law.secret": True})
    assert ordered("law.secret", facts_of_pack=secret, facts={"law.secret": False}, secrecy=True)


def test_process_notes_are_never_in_an_order_to_everything():
    law = pack(grounds=[ground("law.g", "order.covers_these")])
    order = {"kind": "court_order", "classes": ["everything"], "to": []}
    told = answer(
        law, wants=["psychotherapy_note", "legal"], instrument="court_order", orders=[order]
    )
    assert told["classes"] == {"psychotherapy_note": "barred", "legal": "may"}
