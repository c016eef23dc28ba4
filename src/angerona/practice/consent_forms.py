"""Consent forms: what a yes must say under the packs in force, in plain words, and what it makes.

The packs say which elements a consent needs (docs/LANGUAGE.md section 6). Each element is a
sentence of the form, a statement of the signer, a property of the form itself, or a question that
the practice must answer; none of them is taken for given. A form names one recipient and one
purpose.
"""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from angerona.notices.paragraphs import day
from angerona.rules.ask import read_consent
from angerona.rules.because import listed
from angerona.rules.consents import names
from angerona.rules.entries import Element
from angerona.words import CLASSES, EVERYTHING, PROCESS_NOTES, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from angerona.rules.compile import Packs
    from angerona.rules.entries import ConsentForm

ALL_BUT_NAMED: Final = "everything but what must be named"
"""How the word `everything` reads."""
OF_THE_TERMS: Final = frozenset({"about", "what", "to", "purpose", "until"})
"""The sentences that say what was chosen, and nothing before it is."""
SAID_BY_SIGNER: Final = frozenset({"signer", "parent"})
_ALONE: Final = "stands_alone"
_AUTHORITY: Final = "signer_authority"
_SHOWN: Final = "Did you see something that shows that the representative may sign?"
_UNTIL: Final = "until"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a yes is to: which classes (or `everything`), to whom, what for, from when until when.

    `by`: a word of `words.SIGNERS`; `signer`: the id of the representative on file who signs, if
    one does. `recipient`: who it is by name, or nothing for the kind alone.
    """

    by: str
    classes: tuple[str, ...]
    to: str
    purpose: str
    starts: datetime.date
    until: datetime.date | None
    recipient: str = ""
    signer: bytes = b""

    @property
    def what(self) -> str:
        """The classes in words."""
        said = {**CLASSES, EVERYTHING: ALL_BUT_NAMED}
        return listed(said[one] for one in self.classes) if self.classes else "nothing"

    @property
    def whom(self) -> str:
        """The recipient in words."""
        kind = RECIPIENTS[self.to]
        return f"{self.recipient} ({kind})" if self.recipient else kind


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a form, and the elements that it gives."""

    id: str
    keys: tuple[str, ...]
    by: str
    says: str

    @property
    def is_own(self) -> bool:
        """Whether it is the signer's statement, and not what the form tells."""
        return self.by in SAID_BY_SIGNER


@dataclass(frozen=True, slots=True)
class Form:
    """The form for some terms: its sentences, what the practice is asked, the forms it obeys.

    `itself`: the elements that hold because the form is as it is.
    """

    terms: Terms
    sentences: tuple[Sentence, ...]
    asked: tuple[Element, ...]
    demanded: tuple[ConsentForm, ...]
    itself: frozenset[str]

    def elements(self, ticked: Collection[str]) -> dict[str, bool]:
        """Which elements hold; `ticked`: ids of sentences, and keys that the practice affirms."""
        held = dict.fromkeys(sorted(self.itself), True)
        for one in self.sentences:
            for key in one.keys:
                held[key] = held.get(key, True) and one.id in ticked
        return held | {one.key: one.key in ticked for one in self.asked}


@dataclass(frozen=True, slots=True)
class Missing:
    """Elements that a consent lacks under one form of a pack; that law lets nothing go on it."""

    cite: str
    elements: tuple[Element, ...]


def demanded(packs: Packs, pack_ids: Iterable[str], classes: Iterable[str]) -> list[ConsentForm]:
    """The forms of these packs that a consent to these classes must obey, pack by pack."""
    wanted = _one_by_one(classes)
    forms = (form for one in pack_ids for form in packs.packs[one].consent_forms)
    return [one for one in forms if one.classes is None or one.classes & wanted]


def form_for(
    packs: Packs, pack_ids: Iterable[str], terms: Terms, *, practice: str, client: str
) -> Form:
    """The form to sign on a screen, or to print; `practice` and `client` are names."""
    forms = demanded(packs, pack_ids, terms.classes)
    needed = _needed(forms, terms.by)
    said = {
        "practice": practice,
        "client": client,
        "what": terms.what,
        "to": terms.whom,
        "purpose": PURPOSES[terms.purpose],
        "starts": day(terms.starts),
        "until": day(terms.until) if terms.until else "",
    }
    fitting = [
        one
        for one, always in _sentences()
        if one.by in {"form", "signer", terms.by} and (always or needed.keys() & set(one.keys))
    ]
    sentences = tuple(
        Sentence(one.id, one.keys, one.by, one.says.format(**said))
        for one in fitting
        if one.id != _UNTIL or terms.until
    )
    itself = {key for one, _ in _sentences() if one.by == "itself" for key in one.keys}
    if terms.classes and PROCESS_NOTES.issuperset(terms.classes):
        itself.add(_ALONE)
    if terms.by == "client" or terms.signer:
        itself.add(_AUTHORITY)  # nobody's is to be described, or it was seen and is on file
    given = {_ALONE, *itself, *(key for one in fitting for key in one.keys)}
    asked = tuple(one for key, one in needed.items() if key not in given)
    return Form(terms, sentences, asked, tuple(forms), frozenset(itself))


def asked_of_paper(packs: Packs, pack_ids: Iterable[str], terms: Terms) -> list[Element]:
    """What is to be looked for on a paper that was signed, element by element, each once."""
    return list(_needed(demanded(packs, pack_ids, terms.classes), terms.by).values())


def document_of(terms: Terms, elements: Mapping[str, bool], *, form: str) -> dict[str, Any]:
    """The document that the rules read (docs/LANGUAGE.md section 6)."""
    return {
        "by": terms.by,
        "form": form,
        "classes": list(terms.classes),
        "to": [terms.to],
        "purposes": [terms.purpose],
        "from": terms.starts.isoformat(),
        "until": terms.until.isoformat() if terms.until else None,
        "revoked": None,
        "elements": dict(elements),
    }


def terms_of(document: Mapping[str, Any], recipient: str = "") -> Terms:
    """The terms of a document that a form made."""
    starts, until = document["from"], document["until"]
    return Terms(
        by=document["by"],
        classes=tuple(document["classes"]),
        to=document["to"][0],
        purpose=document["purposes"][0],
        recipient=recipient,
        starts=datetime.date.fromisoformat(starts),
        until=datetime.date.fromisoformat(until) if until else None,
    )


def missing(packs: Packs, pack_ids: Iterable[str], document: Mapping[str, Any]) -> list[Missing]:
    """What a consent lacks, form by form of these packs. Raises `BadAsk`."""
    held = read_consent(document).elements
    found = (
        Missing(form.cite, tuple(one for one in form.elements if one.key not in held))
        for form in demanded(packs, pack_ids, document["classes"])
    )
    return [one for one in found if one.elements]


def classes_named(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The classes a consent covers, one by one (docs/LANGUAGE.md section 6)."""
    said = read_consent(document)
    return tuple(one for one in CLASSES if names(said, one))


def _needed(forms: Iterable[ConsentForm], by: str) -> dict[str, Element]:
    """The elements of some forms by their keys, as the first form that has one asks for it.

    What shows that a representative may sign is asked for even where no form of a pack does.
    """
    found: dict[str, Element] = {}
    for form in forms:
        for one in form.elements:
            found.setdefault(one.key, one)
    if by == "representative":
        found.setdefault(_AUTHORITY, Element(_AUTHORITY, _SHOWN))
    return found


def _one_by_one(classes: Iterable[str]) -> frozenset[str]:
    given = frozenset(classes)
    return frozenset(CLASSES) if EVERYTHING in given else given


@cache
def _sentences() -> tuple[tuple[Sentence, bool], ...]:
    """What ships, in the order of the form; whether it always stands there."""
    found = resources.files("angerona.practice").joinpath("consent_forms.toml")
    told = tomllib.loads(found.read_text(encoding="utf-8"))
    return tuple(
        (
            Sentence(one["id"], tuple(one["keys"]), one["by"], one["says"]),
            one.get("always", False),
        )
        for one in told["sentence"]
    )
