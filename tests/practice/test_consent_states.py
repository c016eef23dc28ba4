"""What a consent is worth today: shown for what it is to who may know, and to nobody else."""

import datetime
import json

import pytest

from angerona.practice.clients import establish
from angerona.practice.consent_papers import consent_receipt
from angerona.practice.consent_states import NOT_ENTITLED, state_of
from angerona.practice.consents import keep_consent, listed_consents, take_back_consent
from angerona.practice.deaths import record_death
from angerona.practice.maturity import set_born
from angerona.practice.portal import give_way_in
from angerona.practice.representatives import (
    NewRepresentative,
    end_representative,
    enter_representative,
    freeze,
    may_see_standing,
    thaw,
)
from angerona.sealed.standing import WHY_NOT
from prepared_practice import AT, PASSWORD, prepared, quick_passwords

TODAY = AT.date()
DAY = datetime.timedelta(days=1)
ASIDE = WHY_NOT["aside"]


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with quick_passwords(), copy.opened() as found:
        found.ada = copy.clients["Ada"]
        yield found


@pytest.fixture
def own(practice):
    """Ada has a way in of her own, and is signed in."""
    with practice.visit("Tess") as visit:
        practice.people["Ada"] = give_way_in(visit, practice.ada, "Ada", PASSWORD).person_id
    practice.sign_in("Ada")
    return practice


def stands(practice, standing="guardian"):
    new = NewRepresentative(
        name="Wilhelmina Invented",
        standing=standing,
        paper="a deed",
        powers=("consent", "copies"),
        since=TODAY,
    )
    with practice.visit("Tess") as visit:
        return enter_representative(visit, practice.ada, new)


def signed(practice, by="representative", signer=b"", **changes):
    document = {
        "by": by,
        "form": "general",
        "classes": ["diagnosis"],
        "to": ["school"],
        "purposes": ["education"],
        "from": None,
        "until": None,
        "revoked": None,
        "elements": {},
        **changes,
    }
    with practice.visit("Tess") as visit:
        return keep_consent(visit, practice.ada, document, signer=signer)


def states(practice, name="Tess", at=AT):
    """Of each consent what somebody sees of it."""
    with practice.visit(name, at) as visit:
        rows = listed_consents(visit, practice.ada)
        authority = practice.vault.authority(practice.ada)
        return {one: state_of(visit, practice.door.packs, authority, row) for one, row in rows}


def test_who_is_set_aside_shows_to_members_and_to_nobody_else(own):
    guardian = stands(own)
    consent_id = signed(own, signer=guardian)
    packs = own.door.packs
    before = states(own, "Ada")
    with own.visit("Ada") as visit:
        paper = consent_receipt(visit, packs, own.ada, consent_id)
    with own.visit("Tess") as visit:
        freeze(visit, own.ada, guardian, "a reason")
    for name in ("Tess", "Sue", "Olaf"):
        assert states(own, name)[consent_id].void == ASIDE
    assert states(own, "Ada") == before
    assert before[consent_id].is_in_force
    with own.visit("Ada") as visit:
        again = consent_receipt(visit, packs, own.ada, consent_id)
    assert again == paper, "nor does what she takes home"
    with own.visit("Tess") as visit:
        assert consent_receipt(visit, packs, own.ada, consent_id) == paper
        thaw(visit, own.ada, guardian, "another reason")
    assert states(own)[consent_id].is_in_force


@pytest.mark.parametrize("name", ["Cora", "Nina", "Fay", "Bill", "Stan"])
def test_who_may_not_see_who_stands_sees_no_freezing(practice, name):
    guardian = stands(practice)
    signed(practice, signer=guardian)
    with practice.visit("Tess") as visit:
        freeze(visit, practice.ada, guardian, "a reason")
    authority = practice.vault.authority(practice.ada)
    [row] = authority.consents.values()
    with practice.visit(name) as visit:
        assert not may_see_standing(visit, authority)
        assert state_of(visit, practice.door.packs, authority, row).is_in_force


def test_a_stranger_s_signature_beside_a_frozen_one_is_void_in_silence(own):
    """Nobody of the kind counts on a word alone while one is set aside, and nothing tells it."""
    guardian, consent_id = stands(own), signed(own)
    with own.visit("Tess") as visit:
        freeze(visit, own.ada, guardian, "a reason")
    assert states(own)[consent_id].void == ASIDE
    assert states(own, "Ada")[consent_id].is_in_force


def test_who_stands_no_more_signs_no_more_for_everybody(own):
    guardian = stands(own)
    consent_id = signed(own, signer=guardian)
    with own.visit("Tess") as visit:
        freeze(visit, own.ada, guardian, "a reason")
        end_representative(visit, own.ada, guardian)
    assert states(own)[consent_id].void == ASIDE
    assert states(own, "Ada")[consent_id].void == WHY_NOT["over"]


def test_a_parent_s_signature_pauses_and_ends_with_the_years(practice):
    with practice.visit("Tess") as visit:
        set_born(visit, practice.ada, TODAY.replace(year=TODAY.year - 17) + DAY)
        establish(visit, practice.door.packs, practice.ada, {"client.age": None})
    parent = stands(practice, "parent")
    consent_id = signed(practice, "parent", signer=parent)
    authority = practice.vault.authority(practice.ada)
    row, ages = authority.consents[consent_id], (17, 18)
    assert authority.why_void(row, TODAY, ages) == ""
    assert authority.why_void(row, TODAY + DAY, ages) == "paused"
    assert authority.why_void(row, TODAY + 400 * DAY, ages) == "grown"
    assert authority.why_void(row, TODAY - DAY, ages) == "over"


def test_a_power_ends_with_a_death(practice):
    consent_id = signed(practice, signer=stands(practice, "attorney"))
    with practice.visit("Tess") as visit:
        record_death(visit, practice.ada, day=TODAY, source="the family rang")
    assert states(practice)[consent_id].void == WHY_NOT["death"]


def test_a_parent_who_signed_on_paper_for_a_client_of_age(practice):
    """By the facts on file alone, with nobody on file who signed."""
    consent_id = signed(practice, "parent")
    assert states(practice)[consent_id].void == NOT_ENTITLED


def test_the_calendar(practice):
    later, over, back = (
        signed(practice, "client", **{"from": (TODAY + DAY).isoformat()}),
        signed(practice, "client", until=(TODAY - DAY).isoformat()),
        signed(practice, "client"),
    )
    with practice.visit("Tess") as visit:
        take_back_consent(visit, practice.ada, back)
    found = states(practice)
    assert found[later].is_to_come
    assert not found[later].is_in_force
    assert (found[over].ended, found[back].ended) == ("over", "taken back")


def test_what_is_void_opens_nothing(practice):
    """The page says what the gate does."""
    guardian = stands(practice)
    signed(practice, signer=guardian)
    authority = practice.vault.authority(practice.ada)
    assert len(authority.documents_on(TODAY, (18,))) == 1
    with practice.visit("Tess") as visit:
        freeze(visit, practice.ada, guardian, "a reason")
    authority = practice.vault.authority(practice.ada)
    assert authority.documents_on(TODAY, (18,)) == []
    assert [json.loads(one.document)["by"] for one in authority.consents.values()] == [
        "representative"
    ]
