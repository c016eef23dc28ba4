"""What contradicts a yes when it is signed: a table, one row for each thing that does not fit."""

import contextlib
import datetime
import json
from dataclasses import replace

import msgspec
import pytest

from angerona.errors import BadInput, NotPermitted
from angerona.practice.clients import establish
from angerona.practice.consent_forms import Terms, classes_named, form_for
from angerona.practice.consents import (
    bring_consent,
    contradicted,
    contradicted_document,
    keep_consent,
    narrow_consent,
    refuse_consent,
    sign_consent,
    take_back_consent,
)
from angerona.practice.contradictions import Signing, on_the_screen
from angerona.practice.who_looked import in_words
from angerona.sealed.rows import Signed
from prepared_practice import AT, prepared

TODAY = AT.date()
DAY = datetime.timedelta(days=1)
TERMS = Terms(
    by="client",
    classes=("diagnosis",),
    to="insurer",
    purpose="insurance",
    starts=TODAY,
    until=TODAY + 90 * DAY,
)
SIGNED = Signed(way="screen", name="Ada Invented")


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with copy.opened() as found:
        found.ada = copy.clients["Ada"]
        yield found


def signing(practice, terms, *, without=(), on_screen=True):
    ids = practice.vault.practice().row.packs
    form = form_for(practice.door.packs, ids, terms, practice="Quiet Rooms", client="Ada")
    ticked = {*(one.id for one in form.sentences), *(one.key for one in form.asked)}
    elements = form.elements(ticked - set(without))
    return Signing(terms=terms, elements=elements, at=AT, is_on_screen=on_screen)


def found(practice, terms=TERMS, **more):
    with practice.visit("Tess") as visit:
        said = contradicted(
            visit, practice.door.packs, practice.ada, signing(practice, terms, **more)
        )
    return {one.what: one.bars for one in said}


def sign(practice, terms=TERMS, despite=(), by="Tess", signed=SIGNED, **more):
    signed = msgspec.structs.replace(signed, despite=tuple(despite))
    one = signing(practice, terms, **more)
    with practice.visit(by) as visit:
        return sign_consent(visit, practice.door.packs, practice.ada, one, signed)


def facts(practice, **given):
    stated = {f"client.{name}": said for name, said in given.items()}
    with practice.visit("Tess") as visit:
        establish(visit, practice.door.packs, practice.ada, stated)


def test_what_fits_is_signed_and_holds(practice):
    assert found(practice) == {}
    consent_id = sign(practice)
    row = practice.vault.authority(practice.ada).consents[consent_id]
    assert classes_named(json.loads(row.document)) == ("diagnosis",)
    assert row.signed == SIGNED
    last = in_words(practice.vault.ledger.lines_of(practice.ada), datetime.UTC)[-1]
    assert last.sentence == "Tess (psychologist) put a consent on file: diagnosis, to an insurer."


PROCESS_AND_MORE = ("psychotherapy_note", "diagnosis")
OF_TERMS = [
    ({"classes": ()}, {"nothing": True}),
    ({"until": None}, {"no_end": True}),
    ({"until": TODAY - DAY}, {"over": True}),
    ({"starts": TODAY + 9 * DAY, "until": TODAY + 8 * DAY}, {"over": True}),
    ({"starts": TODAY + 9 * DAY, "until": TODAY + 9 * DAY}, {}),
    ({"classes": PROCESS_AND_MORE}, {"mixed": True}),
    ({"classes": ("psychotherapy_note",)}, {}),
    ({"classes": ("everything", "psychotherapy_note")}, {"mixed": True}),
    ({"classes": ("everything",)}, {"not_named": False}),
    ({"by": "parent"}, {"may_not_sign": True}),  # the client is 34
]


@pytest.mark.parametrize(("changed", "says"), OF_TERMS)
def test_the_terms_and_the_calendar(practice, changed, says):
    said = found(practice, replace(TERMS, **changed))
    assert {one: bars for one, bars in said.items() if one != "element"} == says
    if any(said.values()):
        with pytest.raises(BadInput, match="can not be signed as it is"):
            sign(practice, replace(TERMS, **changed), despite=said)


OF_SIGNERS = [
    ("client", {"age": 34, "capacity": False}, {"no_capacity": True}),
    ("client", {"age": 15}, {"not_settled": False}),
    ("client", {"age": 15, "mature_minor": True}, {}),
    ("client", {"age": 15, "consented_own_care": True}, {}),
    (
        "client",
        {"age": 15, "consented_own_care": False, "mature_minor": False},
        {"may_not_sign": True},
    ),
    ("parent", {"age": 9, "consented_own_care": False, "mature_minor": False}, {}),
    ("parent", {"age": 15}, {"not_settled": False}),
    ("parent", {"age": 15, "mature_minor": True}, {"may_not_sign": True}),
    ("representative", {"age": 34, "capacity": False}, {}),
]


@pytest.mark.parametrize(("by", "stated", "says"), OF_SIGNERS)
def test_who_can_not_sign(practice, by, stated, says):
    facts(practice, **stated)
    assert found(practice, replace(TERMS, by=by)) == says


def test_a_representative_without_authority(practice):
    said = found(practice, replace(TERMS, by="representative"), without={"signer_authority"})
    assert said == {"no_authority": True, "element": False}


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"classes": ()}, {"terms"}),
        ({"until": None}, {"terms"}),
        ({"until": TODAY - DAY}, {"terms"}),
        ({"classes": PROCESS_AND_MORE}, {"terms"}),
        ({"by": "parent"}, {"terms", "standing"}),
        ({"signer": bytes(16), "by": "representative"}, {"terms", "standing"}),
        ({"by": "representative"}, {"here", "standing"}),
    ],
)
def test_what_bars_it_says_what_would_mend_it_and_where(practice, changed, places):
    terms = replace(TERMS, **changed)
    with practice.visit("Tess") as visit:
        said = contradicted(
            visit,
            practice.door.packs,
            practice.ada,
            signing(practice, terms, without={"signer_authority"}),
        )
    barred = [one for one in said if one.bars]
    assert barred
    assert all(one.mend for one in barred)
    assert set(barred[0].places) == places


def brought(practice, despite=(), signer=b"", **changes):
    document = {**signing(practice, TERMS).document, **changes}
    packs = practice.door.packs
    with practice.visit("Tess") as visit:
        said = contradicted_document(visit, packs, practice.ada, document, signer=signer)
        with contextlib.suppress(BadInput):
            bring_consent(visit, packs, practice.ada, document, signer=signer, despite=despite)
    return {one.what for one in said}, len(practice.vault.authority(practice.ada).consents)


def test_a_file_is_looked_at_like_a_signature(practice):
    """For each recipient and purpose that it names."""
    mixed = list(PROCESS_AND_MORE)
    assert brought(practice, despite=("mixed",), classes=mixed) == ({"mixed"}, 0)
    both = {"to": ["hospital", "insurer"], "purposes": ["treatment", "insurance"]}
    assert brought(practice, **both) == (set(), 1)
    assert brought(practice) == ({"twice"}, 1)
    assert brought(practice, despite=("twice",)) == ({"twice"}, 2)
    assert brought(practice, to=["school"], by="parent") == ({"may_not_sign"}, 2)
    assert brought(practice, to=["school"], elements={}) == ({"element"}, 2)
    assert brought(practice, to=[], purposes=[]) == (set(), 3)


def test_a_restriction_on_file(practice):
    facts(practice, restriction=True, paid_out_of_pocket=True)
    assert found(practice) == {"restriction": False, "paid_in_full": False}
    assert found(practice, replace(TERMS, to="hospital")) == {"restriction": False}


def test_an_element_is_missing_and_it_opens_nothing_until_then(practice):
    assert found(practice, without={"take_back"}) == {"element": False}
    with pytest.raises(BadInput, match="was not seen yet"):
        sign(practice, without={"take_back"})
    consent_id = sign(practice, without={"take_back"}, despite={"element"})
    row = practice.vault.authority(practice.ada).consents[consent_id]
    assert json.loads(row.document)["elements"]["st_revoke"] is False
    assert row.signed.despite == ("element",)


def test_what_was_taken_back_narrowed_or_refused_before(practice):
    with practice.visit("Tess") as visit:
        one = sign(practice, replace(TERMS, classes=("diagnosis", "risk")))
        assert found(practice) == {"twice": False}
        narrow_consent(visit, practice.ada, one, classes=["risk"], until=None)
    assert found(practice) == {"narrowed": False}
    assert found(practice, replace(TERMS, purpose="payment")) == {}
    assert found(practice, replace(TERMS, to="hospital")) == {}
    with practice.visit("Tess") as visit:
        take_back_consent(visit, practice.ada, one)
    assert found(practice, replace(TERMS, classes=("risk",))) == {"taken_back": False}
    with practice.visit("Tess") as visit:
        refused = replace(TERMS, classes=("history",))
        refuse_consent(visit, practice.ada, refused, name="Ada Invented")
    assert found(practice, refused) == {"refused": False}
    with pytest.raises(BadInput, match="was not seen yet"):
        sign(practice, refused)
    sign(practice, refused, despite={"refused"})


def test_a_no_opens_nothing_on_any_day(practice):
    with practice.visit("Tess") as visit:
        refuse_consent(visit, practice.ada, TERMS, name="Ada Invented")
    [document] = practice.vault.authority(practice.ada).documents()
    assert document["revoked"] <= document["from"]
    last = in_words(practice.vault.ledger.lines_of(practice.ada), datetime.UTC)[-1]
    assert last.sentence == "Tess (psychologist) wrote down a no: diagnosis, to an insurer."


def test_what_came_as_a_file_counts_too(practice):
    document = {**signing(practice, TERMS).document, "form": "file"}
    with practice.visit("Tess") as visit:
        keep_consent(visit, practice.ada, document)
    assert found(practice) == {"twice": False}


def test_nobody_signs_in_the_clients_place(practice):
    with pytest.raises(NotPermitted):
        sign(practice, signed=Signed(way="own", name="Ada Invented"))
    with pytest.raises(NotPermitted):
        sign(practice, by="Sue")
    for way in ("refused", "fax"):
        with pytest.raises(BadInput):
            sign(practice, signed=Signed(way=way, name="Ada Invented"))


def test_somebody_else_who_signs_on_a_screen_reads_nothing_of_what_the_client_did(practice):
    with practice.visit("Tess") as visit:
        refuse_consent(visit, practice.ada, TERMS, name="Ada")
        take_back_consent(visit, practice.ada, sign(practice, despite=("refused",)))
    facts(practice, restriction=True, paid_out_of_pocket=True)
    with practice.visit("Tess") as visit:
        one = signing(practice, replace(TERMS, by="representative"))
        said = contradicted(visit, practice.door.packs, practice.ada, one)
    what = {one.what for one in said}
    assert what >= {"refused", "taken_back", "restriction", "paid_in_full"}
    assert on_the_screen(said, "client") == said
    shown = on_the_screen(said, "representative")
    assert [(one.what, one.bars) for one in shown] == [(one.what, one.bars) for one in said]
    words = " ".join(f"{one.says} {one.mend}" for one in shown)
    assert "look at the consents" in words.lower()
    assert not [one for one in ("said no", "taken back", "restriction", "paid") if one in words]
