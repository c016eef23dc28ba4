"""The forms of what stands of a client's care: reading one that was sent, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.notices.measures import measure_of
from angerona.notices.structured import (
    STEPS,
    Diagnoses,
    Diagnosis,
    Goal,
    Measured,
    Medicine,
    Medicines,
    Plan,
    Review,
    SafetyPlan,
)
from angerona.practice.diagnosis_codes import icd10cm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from angerona.notices.structured import Form as Structured
    from angerona.web.turn import Form

BLANK_ROWS: Final = 3
"""How many empty rows stand below those that are filled."""


def read_safety_plan(form: Form) -> SafetyPlan:
    """The six steps, each line of a box a line of the plan."""
    given = form.several("step")
    if len(given) != len(STEPS):
        raise BadInput("the form", "lacks a step", f"{len(STEPS)} steps")
    steps = ((line.strip() for line in one.replace("\r", "").split("\n")) for one in given)
    return SafetyPlan(steps=tuple(tuple(line for line in one if line) for one in steps))


def read_diagnoses(form: Form) -> Diagnoses:
    """The rows; a code of the list brings its title where none was typed."""
    found = []
    for row in _rows(form, ("code", "says", "since", "remark"), ("system", "standing")):
        code = row["code"].upper()
        known = icd10cm().get(code, "") if row["system"] == "icd10cm" else ""
        found.append(Diagnosis(**{**row, "code": code, "says": row["says"] or known}))
    return Diagnoses(diagnoses=tuple(found))


def read_plan(form: Form) -> Plan:
    """The aim, the goals, the reviews."""
    goals = _rows(form, ("says", "sign", "steps", "review"), ("standing",))
    reviews = _rows(form, ("review_day", "review_says"), ())
    return Plan(
        aim=form.text("aim"),
        goals=tuple(Goal(**row) for row in goals),
        reviews=tuple(Review(day=row["review_day"], says=row["review_says"]) for row in reviews),
    )


def read_medicines(form: Form) -> Medicines:
    """The rows."""
    rows = _rows(form, ("name", "dose", "since", "until", "by", "remark"), ())
    return Medicines(medicines=tuple(Medicine(**row) for row in rows))


def read_measured(form: Form, name: str) -> Measured:
    """The answers, question by question. Raises `BadInput` where one is missing."""
    answers = []
    measure = measure_of(name)
    for number in range(1, len(measure.items) + 1):
        given = form.text(f"answer-{number}")
        if not (given.isascii() and given.isdigit()):
            raise BadInput(f"question {number}", "has no answer", "one of those beside it")
        answers.append(int(given[:2]))
    by = form.choice("by", ("client", "clinician"), default="client")
    return Measured(measure=name, answers=tuple(answers), by=by)


READERS: Final[Mapping[str, tuple[type[Structured], Callable[[Form], Structured]]]] = {
    "safety-plan": (SafetyPlan, read_safety_plan),
    "diagnoses": (Diagnoses, read_diagnoses),
    "plan": (Plan, read_plan),
    "medicines": (Medicines, read_medicines),
}
"""By the last word of the address: the form, and how one that was sent is read."""
EMPTY: Final[Mapping[str, Structured]] = {
    "safety-plan": SafetyPlan(steps=((),) * len(STEPS)),
    "diagnoses": Diagnoses(diagnoses=()),
    "plan": Plan(aim="", goals=()),
    "medicines": Medicines(medicines=()),
}


def _rows(form: Form, typed: tuple[str, ...], chosen: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows into which something was typed, without those that are marked to go."""
    columns = {name: form.several(name) for name in (*typed, *chosen)}
    if len({len(one) for one in columns.values()}) != 1:
        raise BadInput("the form", "lacks a part of a row", "every part of each row")
    rows = [
        {name: value.strip() for name, value in zip(columns, values, strict=True)}
        for values in zip(*columns.values(), strict=True)
    ]
    return [row for row in rows if any(row[name] for name in typed)]
