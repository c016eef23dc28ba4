"""An Answer in words, for every face: its headline, its questions, what is owed, what remains.

docs/LANGUAGE.md section 5 in plain words; how it is laid out is each face's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.packs.loading import warnings_of
from angerona.packs.texts import fitting, load_texts
from angerona.practice.durations import NO_TIME, limit_in_words, urgency
from angerona.rules.because import PERHAPS_MUST, listed
from angerona.rules.instead import sentences
from angerona.words import CLASSES

if TYPE_CHECKING:
    from angerona.packs.texts import Text
    from angerona.rules.answer import Answer, Owed
    from angerona.rules.ask import Ask
    from angerona.rules.compile import Packs

VERDICT_HEADINGS: Final = {
    "must": "What must go",
    "may": "What may go",
    "barred": "What must stay",
    "open": "Not settled yet: it stays until it is",
    "conflict": "Two laws disagree about this: it stays",
}
DUTY_HEADINGS: Final = {
    "required": "What you must do",
    "discretionary": "What you may do",
    "prohibited": "What you must not do",
}
NOTICES: Final = {
    "prohibited": "Do not tell the client about this; any rule that says otherwise must wait.",
    "required": "You must tell the client about this.",
    "discretionary": "You may tell the client about this.",
    "none": "The rules loaded here say nothing about telling the client.",
}
NOT_ADVICE: Final = (
    "These are the rules as they are loaded here. It is not legal advice; where much hangs on it, "
    "ask a lawyer."
)


@dataclass(frozen=True, slots=True)
class Told:
    """An Ask, its Answer, and what is needed to put them into words."""

    ask: Ask
    answer: Answer
    packs: Packs

    def text(self, kind: str) -> Text | None:
        """The ready text of one kind that fits this Answer."""
        return fitting(load_texts(), kind, outcome=self.answer.outcome, ask=self.ask)


def headline(told: Told) -> str:
    """The Answer in one sentence."""
    answer = told.answer
    match answer.outcome:
        case "require":
            limit = limit_in_words(earliest) if (earliest := first_due(answer)) else ""
            return f"You must, {limit}." if limit else "You must. These rules name no time for it."
        case "permit":
            if any(PERHAPS_MUST in reason for reason in answer.because):
                return "You may. Whether you must is not settled: see the questions below."
            return "You may; you do not have to."
        case "ask":
            return f"One thing decides: {question(told, answer.questions[0])}"
        case "conflict":
            return (
                "Two laws disagree: call the privacy officer and a lawyer now, and send nothing "
                "until they have answered."
            )
        case _:
            no = "This is not open to you." if _looks(told.ask) else "Do not send this."
            text = told.text("instead")
            return f"{no} You may instead {text.says}" if text else no


def _looks(ask: Ask) -> bool:
    """Whether somebody wants to read for himself or herself, and nothing is to be sent."""
    return ask.to == "workforce" or "client" in ask.roles


def first_due(answer: Answer) -> Owed | None:
    """The duty with the earliest time limit; deadlines of the law before other limits."""
    owed = [
        duty
        for duty in answer.duties
        if duty.mode == "required" and duty.sure and urgency(duty) < NO_TIME
    ]
    deadlines = [duty for duty in owed if duty.kind == "deadline"]
    return min(deadlines or owed, key=urgency, default=None)


def question(told: Told, fact: str) -> str:
    """A question in plain words; for a signature, what has to be signed."""
    if fact.startswith("signed:"):
        pack, _, entry = fact.removeprefix("signed:").partition("/")
        for ground in told.packs.packs[pack].grounds if pack in told.packs.packs else ():
            if ground.id == entry:
                return (
                    f'A lawyer must sign the rule "{ground.title}" ({entry}) [{ground.cite}]: '
                    "its text was not seen."
                )
        return f"A lawyer must sign the rule {entry}: its text was not seen."
    known = told.packs.facts.get(fact)
    return known.ask if known else fact


def item_name(item: str) -> str:
    """A class in plain words; a marked passage by its name."""
    return CLASSES.get(item, f"the marked passage {item}")


def going(answer: Answer) -> str:
    """What may or must go, as one list."""
    items = [item for item, verdict in answer.classes.items() if verdict in {"may", "must"}]
    return listed(map(item_name, items)) if items else "nothing"


def reasons(told: Told) -> tuple[str, ...]:
    """Why, without what is said apart; and what law was not weighed because it is not loaded."""
    apart = set(sentences(told.answer.instead))
    missing = (
        f"as loaded here, {warning}: what that one says was not weighed"
        for warning in warnings_of(told.packs, told.ask.packs)
    )
    return (*(one for one in told.answer.because if one not in apart), *missing)


def owed(told: Told) -> dict[str, tuple[str, ...]]:
    """What is owed, under the heading of its mode, the most urgent first."""
    silent = told.answer.notice == "prohibited"  # then no rule to tell the client is to be followed
    duties = [one for one in told.answer.duties if not (silent and _overruled(one))]
    found = {}
    for mode, heading in DUTY_HEADINGS.items():
        of_mode = sorted((one for one in duties if one.mode == mode), key=urgency)
        if of_mode:
            found[heading] = tuple(dict.fromkeys(map(_duty, of_mode)))
    return found


def further_questions(told: Told) -> tuple[str, ...]:
    """Further questions, most deciding first; the first has been said where it decides."""
    answer = told.answer
    facts = answer.questions[1:] if answer.outcome == "ask" else answer.questions
    return tuple(dict.fromkeys(question(told, fact) for fact in facts))


def _overruled(duty: Owed) -> bool:
    return duty.kind == "notice" and duty.to == "client" and duty.mode != "prohibited"


def _duty(duty: Owed) -> str:
    limit = limit_in_words(duty)
    by_when = f"{limit[:1].upper()}{limit[1:]}: " if limit else ""
    if_owed = "" if duty.sure else " (not sure yet: a question decides whether it is owed)"
    cite = f" [{duty.cite}]" if duty.cite else ""
    return f"{by_when}{duty.what.strip().rstrip('.')}{cite}.{if_owed}"
