"""Entries whose text is data: read strictly, said in words, and any other text left as it is."""

import json

import pytest

from angerona.errors import BadInput
from angerona.notices.measures import measures
from angerona.notices.structured import (
    Cosigned,
    Diagnoses,
    Diagnosis,
    Goal,
    Measured,
    Medicine,
    Medicines,
    Plan,
    Review,
    SafetyPlan,
    in_words,
    read_structured,
    structured_text,
)

FORMS = [
    Diagnoses(
        diagnoses=(
            Diagnosis(system="icd10cm", code="F43.22", says="Adjustment", standing="working"),
            Diagnosis(
                system="none", code="", says="Grief", standing="confirmed", since="2026-01-31"
            ),
        )
    ),
    Plan(
        aim="to sleep",
        goals=(Goal(says="seven hours", sign="a diary", steps="fixed times", review="2026-12-01"),),
        reviews=(Review(day="2026-11-02", says="half way"),),
    ),
    Medicines(
        medicines=(
            Medicine(name="sertraline", dose="50 mg in the morning", by="her GP"),
            Medicine(name="zopiclone", until="2026-10-01"),
        )
    ),
    SafetyPlan(steps=(("early waking",), ("walk",), (), ("her sister",), ("988",), ("a lock",))),
    Measured(measure="phq9", answers=(1, 1, 2, 0, 0, 0, 0, 0, 1)),
    Cosigned(entry="0" * 32, version=1, digest="0" * 64, remark="well seen"),
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: type(form).__name__)
def test_every_form_is_read_as_it_was_written(form):
    text = structured_text(form)
    assert json.loads(text)["form"].startswith("angerona/entry/")
    assert read_structured(text) == form
    assert "{" not in in_words(text)


def test_text_that_no_reader_can_follow_to_its_end_is_text_like_any_other():
    """Anybody who may leave a message could otherwise shut the record to everybody."""
    deep = '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"
    assert read_structured(deep) is None
    assert in_words(deep) == deep


def test_words_say_everything():
    said = "\n".join(in_words(structured_text(form)) for form in FORMS)
    for word in ("F43.22 (ICD-10-CM) Adjustment", "Grief", "since 2026-01-31", "to sleep"):
        assert word in said
    for word in ("seven hours", "Reached when: a diary", "half way", "zopiclone, until", "988"):
        assert word in said
    assert "5 of 27: mild" in said
    assert "well seen" in said


@pytest.mark.parametrize(
    "text",
    [
        "a note like any other",
        "{not json",
        "{}",
        '{"form": "angerona/entry/unknown/v9"}',
        '{"form": "angerona/entry/medicines/v1"}',
        '{"form": "angerona/entry/medicines/v1", "medicines": [], "more": 1}',
        '{"form": "angerona/entry/medicines/v1", "medicines": [{"name": ""}]}',
        '{"form": "angerona/entry/safety-plan/v1", "steps": [["only one"]]}',
        '{"form": "angerona/entry/measure/v1", "measure": "phq9", "answers": [0]}',
        '{"form": "angerona/entry/measure/v1", "measure": "none", "answers": []}',
        '{"form": "angerona/entry/measure/v1", "measure": "gad7", "answers": [9,0,0,0,0,0,0]}',
    ],
)
def test_whatever_is_none_of_the_forms_is_text(text):
    assert read_structured(text) is None
    assert in_words(text) == text


@pytest.mark.parametrize(
    "form",
    [
        Diagnoses(diagnoses=(Diagnosis(system="none", code="", says="", standing="working"),)),
        Diagnoses(diagnoses=(Diagnosis(system="icd10", code="", says="x", standing="working"),)),
        Diagnoses(diagnoses=(Diagnosis(system="icd10", code="F1", says="x", standing="maybe"),)),
        Plan(aim="", goals=(Goal(says=""),)),
        Plan(aim="", goals=(), reviews=(Review(day="soon", says="x"),)),
        Medicines(medicines=(Medicine(name="x", since="yesterday"),)),
        Medicines(medicines=(Medicine(name="x" * 2_001),)),
        Medicines(medicines=(Medicine(name="x"),) * 61),
        SafetyPlan(steps=((),) * 6),
    ],
)
def test_what_nobody_can_have_meant_is_refused(form):
    with pytest.raises(BadInput):
        structured_text(form)


def test_a_question_and_its_answer_stand_apart():
    _, answers = Measured(measure="phq9", answers=(1, *(0,) * 8)).blocks()
    assert answers.lines[0] == "Little interest or pleasure in doing things: Several days (1)"
    _, answers = Measured(measure="who5", answers=(5,) * 5).blocks()
    assert answers.lines[0].startswith("I have felt cheerful and in good spirits: ")


@pytest.mark.parametrize(
    ("name", "answers", "score", "band"),
    [
        ("phq9", (0,) * 9, 0, "minimal"),
        ("phq9", (3,) * 9, 27, "severe"),
        ("phq9", (2, 2, 2, 2, 2, 0, 0, 0, 0), 10, "moderate"),
        ("gad7", (2, 2, 2, 2, 2, 2, 2), 14, "moderate"),
        ("gad7", (3,) * 7, 21, "severe"),
        ("who5", (5,) * 5, 100, "good"),
        ("who5", (1, 1, 1, 2, 2), 28, "low: ask about depression"),
        ("who5", (2, 2, 2, 3, 3), 48, "reduced"),
    ],
)
def test_measures_score_as_their_authors_say(name, answers, score, band):
    measure = measures()[name]
    assert (measure.score(answers), measure.band(score)) == (score, band)


def test_the_question_about_suicide_raises_its_alarm():
    assert Measured(measure="phq9", answers=(0,) * 8 + (1,)).alarm == "Several days"
    assert Measured(measure="phq9", answers=(3,) * 8 + (0,)).alarm == ""
    assert Measured(measure="gad7", answers=(3,) * 7).alarm == ""


def test_every_measure_names_its_authors_and_terms():
    for measure in measures().values():
        assert measure.authors
        assert measure.terms
        assert "better off dead" in measure.items[measure.asks_of_suicide - 1] or (
            measure.asks_of_suicide == 0
        )
