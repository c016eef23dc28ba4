"""Entries whose text is data: what stands of the care, measures, signatures, what was weighed.

The text of such an entry is one JSON object; `form` names what it is (docs/FORMATS.md). It is
sealed, kept, amended and handed over like any other text. Whatever cannot be read as one of these
forms is text, and is shown as it stands.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, one_of
from angerona.notices.measures import measure_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

STEPS: Final = (
    "How I notice that it is beginning",
    "What I can do by myself",
    "Places and people that take my mind off it",
    "People I can tell and ask for help",
    "Professionals and services I can call",
    "What makes the place around me safer",
)
"""The six steps of a safety plan, in our words, after Stanley and Brown (2012)."""
SYSTEMS: Final = {
    "icd10cm": "ICD-10-CM",
    "icd10": "ICD-10",
    "icd11": "ICD-11",
    "dsm": "DSM",
    "none": "no code",
}
_CODE: Final = {
    "icd10cm": re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\Z"),
    "icd10": re.compile(r"[A-Z]\d{2}(?:\.\d{1,2}[A-Z]?)?\Z"),
    "icd11": re.compile(r"[0-9A-Z]{4}(?:\.[0-9A-Z]{1,2})?(?:[&/][0-9A-Z.]{2,8})*\Z"),
}
"""How a code of a system looks; a DSM's code is what its edition says."""
STANDINGS: Final = {
    "working": "working diagnosis",
    "confirmed": "confirmed",
    "remission": "in remission",
    "ruled_out": "ruled out",
}
GOAL_STANDINGS: Final = {"open": "open", "reached": "reached", "set_aside": "set aside"}
CHARACTERS_MAX: Final = 2_000
"""Of one field; more is a note."""
ROWS_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Block:
    """A part of what such an entry says, for a page or a letter: what stands above, its lines."""

    title: str
    lines: tuple[str, ...]


class Structured(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="form"
):
    """The root of the forms."""

    def blocks(self) -> tuple[Block, ...]:
        """What it says, in order; parts without a line are left out."""
        raise NotImplementedError

    def check(self) -> None:
        """Raise `BadInput` for what a person cannot have meant."""


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One diagnosis: a code of a system, its words, how it stands, since when, a remark."""

    system: str
    code: str
    says: str
    standing: str
    since: str = ""
    remark: str = ""


class Diagnoses(Structured, frozen=True, kw_only=True, tag="angerona/entry/diagnoses/v1"):
    """The diagnoses as they stand."""

    diagnoses: tuple[Diagnosis, ...]

    def blocks(self) -> tuple[Block, ...]:
        """One block for each way a diagnosis can stand."""
        return _blocks(
            (
                words[:1].upper() + words[1:],
                tuple(_diagnosis(one) for one in self.diagnoses if one.standing == standing),
            )
            for standing, words in STANDINGS.items()
        )

    def check(self) -> None:
        """Every diagnosis says something, in a system and a standing there is."""
        for one in self.diagnoses:
            _known("system", one.system, SYSTEMS)
            _known("standing", one.standing, STANDINGS)
            _day("since", one.since)
            if not (one.says or one.code):
                raise BadInput("diagnosis", "says nothing", "words, a code, or both")
            if bool(one.code) == (one.system == "none"):
                raise BadInput("code", "does not fit its system", "a code with its system, or none")
            looks = _CODE.get(one.system)
            if looks and not looks.match(one.code):
                raise BadInput("code", "is none of its system", "as F43.22, or 6B43 in ICD-11")


class Goal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be reached, how one will know, the steps, how it stands, when to look again."""

    says: str
    sign: str = ""
    steps: str = ""
    standing: str = "open"
    review: str = ""


class Review(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a look at the plan gave, on a day."""

    day: str
    says: str


class Plan(Structured, frozen=True, kw_only=True, tag="angerona/entry/treatment-plan/v1"):
    """A treatment plan: what it is for, its goals, its reviews."""

    aim: str
    goals: tuple[Goal, ...]
    reviews: tuple[Review, ...] = ()

    def blocks(self) -> tuple[Block, ...]:
        """The aim, each goal, the reviews."""
        goals = (
            (f"Goal {number}: {one.says}", _goal(one)) for number, one in enumerate(self.goals, 1)
        )
        reviews = tuple(f"{one.day}: {one.says}" for one in self.reviews)
        return _blocks((("What it is for", (self.aim,)), *goals, ("Reviews", reviews)))

    def check(self) -> None:
        """Every goal says something; every review has its day."""
        for goal in self.goals:
            _known("standing", goal.standing, GOAL_STANDINGS)
            _day("review", goal.review)
            if not goal.says:
                raise BadInput("goal", "says nothing", "what is to be reached")
        for review in self.reviews:
            _day("review", review.day)
            if not (review.day and review.says):
                raise BadInput("review", "lacks its day or its words", "both")


class Medicine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A medicine: its name, dose and times, from and until when, who prescribes it, a remark."""

    name: str
    dose: str = ""
    since: str = ""
    until: str = ""
    by: str = ""
    remark: str = ""


class Medicines(Structured, frozen=True, kw_only=True, tag="angerona/entry/medicines/v1"):
    """The list of medicines, stopped ones with it."""

    medicines: tuple[Medicine, ...]

    def blocks(self) -> tuple[Block, ...]:
        """What is taken, and what was."""
        taken = tuple(_medicine(one) for one in self.medicines if not one.until)
        stopped = tuple(_medicine(one) for one in self.medicines if one.until)
        return _blocks((("Taken", taken), ("Stopped", stopped)))

    def check(self) -> None:
        """Every medicine has its name."""
        for one in self.medicines:
            _day("since", one.since)
            _day("until", one.until)
            if not one.name:
                raise BadInput("medicine", "has no name", "a name")


class SafetyPlan(Structured, frozen=True, kw_only=True, tag="angerona/entry/safety-plan/v1"):
    """A safety plan: six steps, each some lines."""

    steps: tuple[tuple[str, ...], ...]

    def blocks(self) -> tuple[Block, ...]:
        """The six steps in their order."""
        return _blocks(
            (f"{number}. {says}", lines)
            for number, (says, lines) in enumerate(zip(STEPS, self.steps, strict=True), 1)
        )

    def check(self) -> None:
        """It has six steps, and says something."""
        if len(self.steps) != len(STEPS) or not any(any(one) for one in self.steps):
            raise BadInput("safety plan", "says nothing", "a line in one of the six steps")


class Measured(Structured, frozen=True, kw_only=True, tag="angerona/entry/measure/v1"):
    """A measure that was filled in: which, each answer, who filled it in (client, clinician)."""

    measure: str
    answers: tuple[int, ...]
    by: str = "client"

    @property
    def score(self) -> int:
        """The score, by the measure's own rule."""
        return measure_of(self.measure).score(self.answers)

    @property
    def alarm(self) -> str:
        """What was answered to the question that asks about suicide, if it was not "not at all"."""
        return measure_of(self.measure).alarm(self.answers)

    def blocks(self) -> tuple[Block, ...]:
        """The score with its band, then question by question."""
        known = measure_of(self.measure)
        band = known.band(self.score)
        top = f"{self.score} of {known.most}{f': {band}' if band else ''}"
        filled = "Filled in by the client" if self.by == "client" else "Filled in with the client"
        answers = tuple(
            f"{says.removesuffix('.')}: {known.options[answer]} ({answer})"
            for says, answer in zip(known.items, self.answers, strict=True)
        )
        return (Block(known.title, (top, filled)), Block("Answers", answers))

    def check(self) -> None:
        """Every question has an answer that there is."""
        measure_of(self.measure).check(self.answers)
        _known("by", self.by, ("client", "clinician"))


class Cosigned(Structured, frozen=True, kw_only=True, tag="angerona/entry/cosigned/v1"):
    """That somebody read a version of an entry and agrees: its id, version, and digest as kept."""

    entry: str
    version: int
    digest: str
    remark: str = ""

    def blocks(self) -> tuple[Block, ...]:
        """That it was read, of what, and the remark."""
        read = f"Read and agreed: version {self.version} of entry {self.entry[:8]}"
        return _blocks((("Co-signed", (read, self.remark)),))


WEIGHED: Final = {
    "silence": "What may happen if nothing is said",
    "speech": "What may happen if it is said",
    "wishes": "What the client wants",
    "alternatives": "What else was tried or thought of",
    "consulted": "Who was asked for advice, and what they said",
    "telling": "What telling the client may bring: revenge, being found again, help",
}
"""What is weighed before somebody speaks, or keeps silent, and in which words it stands."""


class Weighed(Structured, frozen=True, kw_only=True, tag="angerona/entry/weighed/v1"):
    """The balance between speech and silence, as somebody wrote it down."""

    silence: str = ""
    speech: str = ""
    wishes: str = ""
    alternatives: str = ""
    consulted: str = ""
    telling: str = ""

    def blocks(self) -> tuple[Block, ...]:
        """Each part that says something, in order."""
        return _blocks((says, (getattr(self, name),)) for name, says in WEIGHED.items())

    def check(self) -> None:
        """It says something."""
        if not any(getattr(self, name).strip() for name in WEIGHED):
            raise BadInput("what was weighed", "says nothing", "a sentence in one part at least")


class WhatIsTold(Structured, frozen=True, kw_only=True, tag="angerona/entry/what-is-told/v1"):
    """What somebody is told, gathered once: by the names of the blanks of letters and sheets."""

    facts: tuple[tuple[str, str], ...]

    def blocks(self) -> tuple[Block, ...]:
        """Each fact with its lines."""
        return _blocks(
            (name[:1].upper() + name[1:], tuple(said.replace("\r", "").split("\n")))
            for name, said in self.facts
        )

    def check(self) -> None:
        """It says something."""
        if not any(said.strip() for _, said in self.facts):
            raise BadInput("what is told", "says nothing", "a line at least")


Form = Diagnoses | Plan | Medicines | SafetyPlan | Measured | Cosigned | Weighed | WhatIsTold
_DECODER: Final = msgspec.json.Decoder(Form)


def read_structured(text: str) -> Form | None:
    """What the text of an entry holds, or nothing where it is text like any other."""
    if not text.startswith("{"):
        return None
    try:
        found: Form = _DECODER.decode(text)
        found.check()
    except (msgspec.MsgspecError, BadInput, UnicodeEncodeError, RecursionError):
        return None
    return found


def structured_text(form: Form) -> str:
    """The text to keep. Raises `BadInput` for what nobody can have meant, and for too much."""
    form.check()
    held = msgspec.to_builtins(form)
    for one in _leaves(held):
        if len(one) > CHARACTERS_MAX:
            raise BadInput("a field", "is too long", f"up to {CHARACTERS_MAX} characters")
    if any(isinstance(one, list | tuple) and len(one) > ROWS_MAX for one in held.values()):
        raise BadInput("the list", "is too long", f"up to {ROWS_MAX} rows")
    return msgspec.json.encode(form).decode()


def in_words(text: str) -> str:
    """The text of an entry as a person reads it: data in lines, any other text as it stands."""
    found = read_structured(text)
    if found is None:
        return text
    return "\n\n".join(
        "\n".join((one.title, *(f"- {line}" for line in one.lines))) for one in found.blocks()
    )


def _blocks(parts: Iterable[tuple[str, Iterable[str]]]) -> tuple[Block, ...]:
    found = []
    for title, lines in parts:
        said = tuple(one for one in lines if one)
        if said:
            found.append(Block(title, said))
    return tuple(found)


def _leaves(held: object) -> list[str]:
    if isinstance(held, str):
        return [held]
    if isinstance(held, dict):
        return [leaf for one in held.values() for leaf in _leaves(one)]
    if isinstance(held, list | tuple):
        return [leaf for one in held for leaf in _leaves(one)]
    return []


def _diagnosis(one: Diagnosis) -> str:
    code = f"{one.code} ({SYSTEMS[one.system]})" if one.code else ""
    since = f"since {one.since}" if one.since else ""
    return ", ".join(
        part for part in (" ".join(filter(None, (code, one.says))), since, one.remark) if part
    )


def _goal(one: Goal) -> tuple[str, ...]:
    return (
        f"Reached when: {one.sign}" if one.sign else "",
        f"Steps: {one.steps}" if one.steps else "",
        f"Stands: {GOAL_STANDINGS[one.standing]}",
        f"To be looked at: {one.review}" if one.review else "",
    )


def _medicine(one: Medicine) -> str:
    said = (
        one.name,
        one.dose,
        f"since {one.since}" if one.since else "",
        f"until {one.until}" if one.until else "",
        f"prescribed by {one.by}" if one.by else "",
        one.remark,
    )
    return ", ".join(part for part in said if part)


def _known(place: str, word: str, words: Collection[str]) -> None:
    if word not in words:
        raise BadInput(place, "is none of the choices", one_of(words))


def _day(place: str, given: str) -> None:
    """Raise `BadInput` unless it is a day, or not said."""
    if given:
        try:
            datetime.date.fromisoformat(given)
        except ValueError:
            raise BadInput(place, "is no day", "a day, as 2026-11-26") from None
