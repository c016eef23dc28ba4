"""What stands of a client's care: data kept as entries, the newest of each, nothing overwritten."""

import datetime

import pytest

from angerona.errors import BadInput
from angerona.gate.results import Kept
from angerona.notices.structured import (
    Diagnoses,
    Diagnosis,
    Measured,
    Medicine,
    Medicines,
    SafetyPlan,
    structured_text,
)
from angerona.practice.care import CARE, CLASS_OF, care_of, keep_form
from angerona.practice.diagnosis_codes import icd10cm
from prepared_practice import AT, prepared


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "copy").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def kept(practice, client, form, *, by="Tess", over=None, at=AT):
    with practice.visit(by, at) as visit:
        return keep_form(practice.door, visit, client, form, over=over)


def care(practice, client, by="Tess"):
    return care_of(practice.look(by, client).entries)


def medicines(name):
    return Medicines(medicines=(Medicine(name=name),))


def test_each_stands_in_its_class_beside_what_is_plain_text(practice, ada):
    for form in (
        medicines("sertraline"),
        SafetyPlan(steps=(("early waking",), (), (), (), (), ())),
        Diagnoses(diagnoses=(Diagnosis(system="none", code="", says="grief", standing="working"),)),
    ):
        assert isinstance(kept(practice, ada, form), Kept)
        now = care(practice, ada).now[type(form)]
        assert now.form == form
        assert now.place.wanted == CLASS_OF[type(form)] in CARE


def test_a_change_by_the_author_is_a_further_version(practice, ada):
    first = kept(practice, ada, medicines("one"))
    second = kept(practice, ada, medicines("two"), over=(first.entry_id, 1))
    assert (second.entry_id, second.version) == (first.entry_id, 2)
    assert care(practice, ada).now[Medicines].form == medicines("two")


def test_a_change_by_somebody_else_is_an_entry_of_its_own_and_stands(practice, ada):
    first = kept(practice, ada, medicines("one"))
    later = AT + datetime.timedelta(minutes=1)
    second = kept(practice, ada, medicines("two"), by="Cora", over=(first.entry_id, 1), at=later)
    assert second.entry_id != first.entry_id
    assert care(practice, ada).now[Medicines].form == medicines("two")


def test_what_somebody_changed_meanwhile_is_not_changed_unseen(practice, ada):
    first = kept(practice, ada, medicines("one"))
    kept(practice, ada, medicines("two"), over=(first.entry_id, 1))
    before = practice.vault.places(ada)
    with pytest.raises(BadInput, match="meanwhile"):
        kept(practice, ada, medicines("three"), over=(first.entry_id, 1))
    risk = next(one for one in before if one.wanted == "risk")
    with pytest.raises(BadInput, match="meanwhile"):
        kept(practice, ada, medicines("three"), over=(risk.entry_id, 1))
    assert practice.vault.places(ada) == before


def test_data_under_another_class_does_not_stand(practice, ada):
    practice.keep("Tess", ada, "progress_note", structured_text(medicines("pasted")))
    assert Medicines not in care(practice, ada).now


def answers(last):
    return Measured(measure="phq9", answers=(1,) * 8 + (last,))


def test_the_alarm_stands_until_the_same_measure_says_otherwise(practice, ada):
    assert care(practice, ada).alarm is None
    minute = datetime.timedelta(minutes=1)
    kept(practice, ada, answers(1), at=AT + minute)
    kept(practice, ada, Measured(measure="gad7", answers=(0,) * 7), at=AT + 2 * minute)
    assert care(practice, ada).alarm.form == answers(1)
    kept(practice, ada, answers(0), at=AT + 3 * minute)
    assert care(practice, ada).alarm is None
    assert [one.form.measure for one in care(practice, ada).measured] == ["phq9", "gad7", "phq9"]


def test_every_code_of_the_list_looks_like_one():
    for code, title in icd10cm().items():
        assert title
        structured_text(
            Diagnoses(
                diagnoses=(Diagnosis(system="icd10cm", code=code, says=title, standing="working"),)
            )
        )
