"""The consent in hand: whether one would change the answer, and what is written on it.

Only a paper that is in force and names recipient and purpose is put into the Ask; whatever nobody
knows counts as not written there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.cli import choices
from angerona.cli.talking import Choices, choose, choose_several, tell, yes_no
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from angerona.words import CLASSES, EVERYTHING, PROCESS_NOTES, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.rules.compile import Packs

Raw = dict[str, object]
FORM: Final = "on_file"
ALONE: Final = "Is the consent to the process notes a paper of its own, that names nothing else?"


def consent_would_matter(raw: Raw, packs: Packs) -> bool:
    """Whether the best consent there could be would change what may go."""
    wants = _wanted(raw)
    elements = dict.fromkeys(_elements(raw, packs, wants), True)
    best = [_document(raw, "client", part, elements) for part in _apart(wants)]
    answers = [
        decide(read_ask(raw | {"consents": consents}, packs.facts, packs.packs), packs)
        for consents in ([], best)
    ]
    return answers[0].classes != answers[1].classes


def consents_in_hand(raw: Raw, packs: Packs, *, told: bool) -> list[Raw]:
    """Ask what is on the paper. `told`: that there is one is known already."""
    tell()
    if not told and not yes_no("Is there a signed consent to this?"):
        return []
    tell("About the signed consent:")
    for needed in (
        "Is it in force today: begun, not run out, not taken back?",
        f"Does it name this recipient ({RECIPIENTS[str(raw['to'])]})?",
        f"Does it name this purpose ({PURPOSES[str(raw['purpose'])]})?",
    ):
        if not yes_no(needed):
            tell("Then it cannot be relied on, and the answer is given without it.")
            return []
    signer = choose("Who signed it?", choices.SIGNED_BY)
    named = _named(raw)
    elements = _present(_elements(raw, packs, named))
    parts = _apart(named)
    if PROCESS_NOTES & set(named) and not yes_no(ALONE):
        tell("Then it does not count for the process notes; for the rest it does.")
        parts = tuple(part for part in parts if not PROCESS_NOTES & set(part))
    return [_document(raw, signer, part, elements) for part in parts]


def _wanted(raw: Raw) -> tuple[str, ...]:
    wants = raw["wants"] if isinstance(raw["wants"], list) else []
    return tuple(CLASSES) if EVERYTHING in wants else tuple(str(one) for one in wants)


def _named(raw: Raw) -> tuple[str, ...]:
    """Which of the wanted classes the paper names."""
    wanted = _wanted(raw)
    said = {name: CLASSES[name] for name in wanted} | {EVERYTHING: "all of these, each by its name"}
    named = choose_several("What does it name?", Choices(said, {"": tuple(said)}))
    return wanted if EVERYTHING in named else named


def _apart(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Process notes on a paper of their own, the rest on another."""
    names = tuple(names)
    notes = tuple(name for name in names if name in PROCESS_NOTES)
    rest = tuple(name for name in names if name not in PROCESS_NOTES)
    return tuple(part for part in (rest, notes) if part)


def _elements(raw: Raw, packs: Packs, names: Iterable[str]) -> dict[str, str]:
    """The elements that the forms of the packs ask for, with the question for each."""
    asked: dict[str, str] = {}
    wanted = frozenset(names)
    for pack in raw["packs"] if isinstance(raw["packs"], list) else []:
        for form in packs.packs[pack].consent_forms:
            if form.enabled and (form.classes is None or wanted & form.classes):
                for element in form.elements:
                    asked.setdefault(element.key, element.ask)
    return asked


def _present(asked: dict[str, str]) -> dict[str, bool]:
    """Which of the elements the paper has; all at once where it has them all."""
    if not asked:
        return {}
    tell()
    tell("The law asks these things of it:")
    for question in asked.values():
        tell(f"- {question}", "  ", "    ")
    if yes_no("Is the answer yes to every one of them?"):
        return dict.fromkeys(asked, True)
    said = {key: yes_no(question) for key, question in asked.items()}
    return {key: value for key, value in said.items() if value is not None}


def _document(raw: Raw, signer: str, names: tuple[str, ...], elements: dict[str, bool]) -> Raw:
    return {
        "by": signer,
        "form": FORM,
        "classes": list(names),
        "to": [raw["to"]],
        "purposes": [raw["purpose"]],
        "from": None,
        "until": None,
        "revoked": None,
        "elements": elements,
    }
