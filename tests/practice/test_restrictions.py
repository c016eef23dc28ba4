"""What a practice agreed to keep from somebody: it binds, and no consent opens it."""

import json
from dataclasses import replace

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.gathering import Wish
from angerona.practice.access import packet_of
from angerona.practice.consents import keep_consent
from angerona.practice.restrictions import (
    Wanted,
    agree,
    end,
    must_agree,
    refuse,
    restrictions_of,
)
from angerona.rules.answer import Permit
from asking_rights import LETTER, OPEN, asked, matter_of, practice_under, way_in
from owed_duties import DAY, copy, practice, wrong
from prepared_practice import AT

__all__ = ["copy", "practice"]

PLAN = Wanted(classes=("diagnosis",), to=("payer",), purposes=("payment",), paid=True)
COLLEAGUE = Wanted(
    classes=("history",), to=("treating_provider",), purposes=("treatment", "care_coordination")
)
SETTLED = {
    "care.minimum_ok": True,
    "recipient.identity_verified": True,
    "recipient.involved_in_care": True,
    "record.joint": False,
    "record.part2": False,
    "client.restriction": False,
    "client.paid_out_of_pocket": False,
    "care.emergency": False,
}


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def agreed(practice, client_id, wanted, by="Tess"):
    matter_id = asked(practice, by, client_id, "restriction", more=wanted.as_json())
    with practice.visit(by) as visit:
        return agree(practice.door, visit, matter_of(visit, matter_id), letter=LETTER)


def classes_to(practice, client_id, to, purpose, wants, *, by="Tess", at=AT, **facts):
    """What may go to somebody now."""
    known = {name: said for name, said in SETTLED.items() if name in practice.door.packs.facts}
    wish = Wish(wants=wants, purpose=purpose, to=to, instrument="consent", facts={**known, **facts})
    with practice.visit(by, at) as visit:
        answer = practice.door.preview(visit, client_id, wish).answer
    return answer.released if isinstance(answer, Permit) else frozenset()


def consented(practice, client_id, to, purpose, by="Tess"):
    packs = practice.vault.practice().row.packs
    forms = [form for pack in packs for form in practice.door.packs.packs[pack].consent_forms]
    document = {
        "by": "client",
        "form": "release",
        "classes": ["diagnosis", "history", "billing"],
        "to": [to],
        "purposes": [purpose],
        "from": "2026-01-01",
        "until": None,
        "revoked": None,
        "elements": {one.key: True for form in forms for one in form.elements},
    }
    with practice.visit(by) as visit:
        keep_consent(visit, client_id, document)


@pytest.mark.parametrize(
    "packs", [("house", "us-hipaa", "us-tx"), ("house", "uk"), ("house", "eu", "de")], ids="+".join
)
def test_what_was_agreed_closes_under_every_law_and_a_consent_opens_nothing(tmp_path, packs):
    wants, kept = ("diagnosis", "billing"), replace(COLLEAGUE, classes=("diagnosis",))
    with practice_under(tmp_path / "one", *packs) as here:
        consented(here, here.ada, "treating_provider", "treatment", by="Thea")
        ask = (here, here.ada, "treating_provider", "treatment", wants)
        before = classes_to(*ask, by="Thea")
        assert "diagnosis" in before
        restriction_id = agreed(here, here.ada, kept, by="Thea")
        consented(here, here.ada, "treating_provider", "treatment", by="Thea")
        assert classes_to(*ask, by="Thea") == before - {"diagnosis"}
        with here.visit("Thea") as visit:
            end(visit, here.ada, restriction_id)
        assert classes_to(*ask, by="Thea") == before


def test_what_was_paid_in_full_is_kept_from_the_plan_alone(practice, ada):
    wants = ("diagnosis", "billing")
    consented(practice, ada, "payer", "payment")
    assert classes_to(practice, ada, "payer", "payment", wants) == set(wants)
    agreed(practice, ada, PLAN)
    consented(practice, ada, "payer", "payment")
    assert classes_to(practice, ada, "payer", "payment", wants) == {"billing"}
    assert classes_to(practice, ada, "payer", "payment", wants, **{"care.emergency": True}) == {
        "billing"
    }
    own = classes_to(practice, ada, "client", "client_request", wants, **OPEN)
    assert own == set(wants)


def test_what_was_paid_in_full_cannot_be_refused_and_other_wishes_can(practice, ada, tmp_path):
    assert must_agree(practice.door, PLAN) == "45 CFR 164.522(a)(1)(vi)"
    assert must_agree(practice.door, COLLEAGUE) == ""
    matter_id = asked(practice, "Tess", ada, "restriction", more=PLAN.as_json())
    with practice.visit("Tess") as visit, pytest.raises(BadInput, match="paid in full"):
        refuse(practice.door, visit, matter_of(visit, matter_id), letter=LETTER)
    matter_id = asked(practice, "Tess", ada, "restriction", more=COLLEAGUE.as_json())
    with practice.visit("Tess") as visit:
        refuse(practice.door, visit, matter_of(visit, matter_id), letter=LETTER)
        assert restrictions_of(visit, ada) == []
    with practice_under(tmp_path / "uk", "house", "uk") as here:
        assert must_agree(here.door, PLAN) == ""


def test_a_restriction_lasts_until_the_client_ends_it(practice, ada):
    restriction_id = agreed(practice, ada, COLLEAGUE)
    later = AT + 400 * DAY
    practice.open("Tess", later)
    with practice.visit("Tess", later) as visit:
        assert [one.restriction_id for one in restrictions_of(visit, ada)] == [restriction_id]


def test_the_client_ends_it_alone(practice, ada):
    way_in(practice, ada)
    restriction_id = agreed(practice, ada, COLLEAGUE)
    with practice.visit("ada") as visit:
        end(visit, ada, restriction_id)
        assert restrictions_of(visit, ada) == []
        with pytest.raises(Unknown):
            end(visit, ada, restriction_id)
    assert wrong(practice) == []


def test_who_sees_and_ends_it(practice, ada):
    restriction_id = agreed(practice, ada, COLLEAGUE)
    for name in ("Fay", "Cora", "Bill"):
        with practice.visit(name) as visit:
            with pytest.raises(NotPermitted):
                restrictions_of(visit, ada)
            with pytest.raises(NotPermitted):
                end(visit, ada, restriction_id)
    with practice.visit("Olaf") as visit:
        assert len(restrictions_of(visit, ada)) == 1


def test_what_names_nobody_or_nothing_is_no_restriction():
    for changed in ({"classes": ()}, {"to": ("nobody",)}, {"purposes": ()}):
        given = {"classes": ("history",), "to": ("payer",), "purposes": ("payment",), **changed}
        with pytest.raises(BadInput):
            Wanted(**given).as_json()
    assert json.loads(json.dumps(PLAN.as_json()))["paid"] is True


def test_another_right_is_none_to_agree_to(practice, ada):
    with practice.visit("Tess") as visit:
        matter = matter_of(visit, asked(practice, "Tess", ada, "copy"))
        with pytest.raises(NotPermitted):
            agree(practice.door, visit, matter, letter=LETTER)


def test_the_clinician_who_looks_under_a_lock_sees_the_rest(tmp_path):
    """A lock of the client towards colleagues bars what it names and nothing else."""
    wanted = Wanted(classes=("history",), to=("workforce",), purposes=("treatment",))
    with practice_under(tmp_path / "one", "house", "us-hipaa", "us-tx") as here:
        for one in ("history", "progress_note"):
            here.keep("Thea", here.ada, one, "said")
        agreed(here, here.ada, wanted, by="Thea")
        shown = here.look("Thea", here.ada, facts={"care.emergency": False})
        assert {place.wanted for place, _ in shown.entries} == {"progress_note", "correspondence"}
        assert "house.duty.say_withheld" in {one.id for one in shown.permit.duties}


def test_a_clinician_who_is_given_a_part_is_told_that_there_is_more_and_never_what(practice, ada):
    consented(practice, ada, "treating_provider", "treatment")
    agreed(practice, ada, COLLEAGUE)
    for to, wants, is_said in (
        ("treating_provider", ("diagnosis", "history"), True),
        ("treating_provider", ("diagnosis",), False),
    ):
        wish = Wish(wants=wants, purpose="treatment", to=to, instrument="consent", facts=SETTLED)
        entries = [one.entry_id for one in practice.vault.places(ada) if one.wanted == "diagnosis"]
        with practice.visit("Tess") as visit:
            prepared = practice.door.release(visit, ada, wish, entry_ids=entries, recipient="Dr X")
            packet = packet_of(practice.door, visit, prepared, name="Dr X", blanks={})
        said = [one.text for one in packet.statements]
        assert ("Something is withheld at the client's request." in " ".join(said)) is is_said
        assert "history" not in " ".join(said)
