"""What contradicts a yes at the moment it is signed: the calendar, the signer, what is on file.

Some of it bars the signing, because such a paper could only mislead; the rest is told, and the yes
stands if whoever signs says so. What a consent lacks under a pack is told too: on that law it opens
nothing until the element is there.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from angerona.notices.paragraphs import day
from angerona.practice.consent_forms import classes_named, document_of, missing, terms_of
from angerona.rules.ages import ages_named
from angerona.rules.ask import read_ask, read_consent
from angerona.rules.because import listed
from angerona.rules.consents import ADULT_AGE, signer_entitled
from angerona.words import (
    CLASSES,
    EVERYTHING,
    NAMED_ONE_BY_ONE,
    PROCESS_NOTES,
    SIGNERS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from angerona.practice.consent_forms import Terms
    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Practice

PAYERS: Final = frozenset({"payer", "insurer"})
_AUTHORITY: Final = "signer_authority"
_THE_CLIENTS_DOING: Final = frozenset(
    {"refused", "taken_back", "narrowed", "restriction", "paid_in_full"}
)
"""Contradictions that tell what the client said or asked for before."""


TERMS: Final = "terms"
STANDING: Final = "standing"
HERE: Final = "here"
"""Where something is mended: at what may go to whom, at who stands for the client, on the form."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One thing that does not fit. `what` is its short name; `bars`: nobody can sign past it.

    `mend` says what would make it fit, and `places` where: `TERMS`, `STANDING` or `HERE`.
    """

    what: str
    says: str
    bars: bool = False
    mend: str = ""
    places: tuple[str, ...] = ()

    @property
    def is_mended_here(self) -> bool:
        """Whether a tick on the form that is signed mends it."""
        return HERE in self.places


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A yes about to be signed: its terms, the elements that it has, and the moment."""

    terms: Terms
    elements: Mapping[str, bool]
    at: datetime.datetime
    is_on_screen: bool = False

    @property
    def document(self) -> dict[str, Any]:
        """The document that it would make."""
        return document_of(self.terms, self.elements, form="form")


def contradictions(
    packs: Packs, practice: Practice, authority: Authority, signing: Signing
) -> list[Contradiction]:
    """All that does not fit, what bars the signing first. Raises `BadAsk`."""
    found = [
        *_of_terms(signing, practice.local(signing.at).date()),
        *_of_signer(packs, practice, authority, signing),
        *_of_restrictions(authority, signing.terms),
        *_of_others(authority, signing),
        *_of_elements(packs, practice, signing),
    ]
    return sorted(found, key=lambda one: not one.bars)


def contradictions_of(
    packs: Packs,
    practice: Practice,
    authority: Authority,
    document: Mapping[str, Any],
    *,
    signer: bytes = b"",
    at: datetime.datetime,
) -> list[Contradiction]:
    """The same for a consent that came as a document, for each recipient and purpose it names.

    Raises `BadAsk` for a document that the rules could not read.
    """
    read_consent(document)
    found: dict[Contradiction, None] = {}
    for to in document["to"]:
        for purpose in document["purposes"]:
            one = {**document, "to": [to], "purposes": [purpose]}
            one["from"] = document["from"] or practice.local(at).date().isoformat()
            terms = replace(terms_of(one), signer=signer)
            elements = {key: value is True for key, value in document["elements"].items()}
            elements |= {_AUTHORITY: True} if signer else {}  # somebody saw the paper on file
            signing = Signing(terms=terms, elements=elements, at=at)
            found |= dict.fromkeys(contradictions(packs, practice, authority, signing))
    return sorted(found, key=lambda one: not one.bars)


def on_the_screen(found: Iterable[Contradiction], by: str) -> list[Contradiction]:
    """The same as whoever signs on a screen may read it (`by`, a word of `SIGNERS`).

    Somebody else than the client reads that there is something, and nothing of what the client did.
    """
    if by == "client":
        return list(found)
    says = "Something on file does not fit with this."
    mend = "Look at the consents, and at what is kept from whom, before you hand the screen over."
    return [
        replace(one, says=says, mend=mend) if one.what in _THE_CLIENTS_DOING else one
        for one in found
    ]


def _of_terms(signing: Signing, today: datetime.date) -> Iterator[Contradiction]:
    terms = signing.terms
    if not terms.classes:
        says = "It does not say what may go."
        yield _barred("nothing", says, "Tick one kind at least.", TERMS)
    if terms.until is None and signing.is_on_screen:
        yield _barred("no_end", "It has no last day.", "Give it a last day.", TERMS)
    if terms.until is not None and terms.until < max(terms.starts, today):
        says = "It is over before it begins to count."
        yield _barred("over", says, "Give it a last day that is still to come.", TERMS)
    notes, others = PROCESS_NOTES.intersection(terms.classes), set(terms.classes) - PROCESS_NOTES
    if notes and others:
        says = "Notes kept apart need a form of their own: nothing else may stand on it."
        mend = "Make two: one for the notes kept apart alone, one for the rest."
        yield _barred("mixed", says, mend, TERMS)
    if EVERYTHING in terms.classes and not notes:
        left = [CLASSES[one] for one in CLASSES if one in NAMED_ONE_BY_ONE - set(terms.classes)]
        if left:
            says = f"“Everything” leaves out what must be named by itself: {listed(left)}."
            yield Contradiction("not_named", says)


def _barred(what: str, says: str, mend: str, *places: str) -> Contradiction:
    return Contradiction(what, says, bars=True, mend=mend, places=places)


def _of_signer(
    packs: Packs, practice: Practice, authority: Authority, signing: Signing
) -> Iterator[Contradiction]:
    if authority.client.parties:
        return  # each signs apart, for himself or herself (`consents.py` looks that it is one)
    by, facts = signing.terms.by, authority.facts_on(practice.local(signing.at).date())
    may = entitled(packs, practice, authority, signing.document, signing.at)
    if signing.terms.signer and not _stands(packs, practice, authority, signing):
        says = "Whoever signs is not on file as somebody who may sign this today."
        mend = "Look again at the paper, at who stands for the client; or let somebody else sign."
        yield _barred("not_standing", says, mend, STANDING, TERMS)
    elif by == "representative" and signing.elements.get(_AUTHORITY) is not True:
        says = "A representative signs, and nothing shows that he or she may."
        mend = "Look at the paper, and tick that it was seen; or put who it is on file first."
        yield _barred("no_authority", says, mend, HERE, STANDING)
    elif may is False and facts.get("client.capacity") is False and by == "client":
        says = "It is on file that the client can not decide about this now."
        mend = "Let somebody sign who stands for the client; or wait until the client can decide."
        yield _barred("no_capacity", says, mend, TERMS, STANDING)
    elif may is False:
        says = f"{SIGNERS[by].capitalize()} may not sign this, by what is on file."
        yield _barred("may_not_sign", says, _who_may(by, facts), TERMS, STANDING)
    elif may is None:
        says = (
            f"It is not settled that {SIGNERS[by]} may sign this: how old the client is, whether "
            "he or she consented to this care, and is mature enough to decide. Nothing goes on it "
            "until that is on file."
        )
        mend = "Write down what was found, at who stands for the client."
        yield Contradiction("not_settled", says, mend=mend, places=(STANDING,))


def _who_may(by: str, facts: Mapping[str, object]) -> str:
    """Who signs instead, where this one may not."""
    if by == "parent":
        age = facts.get("client.age")
        if isinstance(age, int) and age >= ADULT_AGE:
            return "The client is of age, and signs alone."
        return "The client agreed to this care alone, or was found mature: the client signs."
    if by == "client":
        return "The client is too young by what is on file: a parent signs, or who has the papers."
    return "The client signs, or somebody whose paper was seen."


def _stands(packs: Packs, practice: Practice, authority: Authority, signing: Signing) -> bool:
    """Whether the representative on file who signs may sign today."""
    day, ages = practice.local(signing.at).date(), ages_named(packs.law(practice.row.packs))
    return authority.client.standing.stands(signing.terms.signer, "consent", day, ages)


def entitled(
    packs: Packs,
    practice: Practice,
    authority: Authority,
    document: Mapping[str, Any],
    at: datetime.datetime,
) -> bool | None:
    """Whether who signed a document may, as the rules will have it when something is to go.

    `None` where what decides is not on file. To whom and what for decides nothing of it. Raises
    `BadAsk`.
    """
    raw = {
        "packs": list(practice.row.packs),
        "at": practice.local(at).isoformat(),
        "by": {"role": "system", "relation": "none"},
        "to": next(iter(document["to"]), "other"),
        "purpose": next(iter(document["purposes"]), "client_request"),
        "instrument": "consent",
        "wants": ["attendance"],
        "consents": [document],
        "facts": authority.facts_on(practice.local(at).date()),
    }
    ask = read_ask(raw, packs.facts, packs.packs)
    return signer_entitled(ask.consents[0], ask)


def _of_restrictions(authority: Authority, terms: Terms) -> Iterator[Contradiction]:
    facts = authority.client.facts
    if facts.get("client.restriction") is True:
        says = "A restriction that the client asked for is on file. It holds until it is lifted."
        yield Contradiction("restriction", says)
    if facts.get("client.paid_out_of_pocket") is True and terms.to in PAYERS:
        says = "The client paid in full, so that whoever insures the client is not told."
        yield Contradiction("paid_in_full", says)


def _of_others(authority: Authority, signing: Signing) -> Iterator[Contradiction]:
    """What other papers on file say of the same."""
    wanted = set(classes_named(signing.document))
    for row in authority.consents.values():
        if authority.client.parties and row.signer != signing.terms.signer:
            continue  # of a joint record each signs for himself or herself
        other = json.loads(row.document)
        if signing.terms.to not in other["to"] or signing.terms.purpose not in other["purposes"]:
            continue
        same = wanted.intersection(classes_named(other))
        gone = wanted.intersection(row.left_out)
        if same and other["revoked"]:
            refused = row.signed is not None and row.signed.way == "refused"
            did = "The client said no to" if refused else "A yes was taken back for"
            says = f"{did} the same on {_on(other['revoked'])}: {_named(same)}."
            yield Contradiction("refused" if refused else "taken_back", says)
        elif same and not _is_over(other, signing.terms):
            says = f"A yes to the same is on file: {_named(same)}. Each ends by itself."
            yield Contradiction("twice", says)
        if gone:
            when = _on(max(row.left_out[one] for one in gone))
            says = f"This was taken out of another yes on {when}: {_named(gone)}."
            yield Contradiction("narrowed", says)


def _of_elements(packs: Packs, practice: Practice, signing: Signing) -> Iterator[Contradiction]:
    notes = PROCESS_NOTES.intersection(signing.terms.classes)
    if not signing.terms.classes or (notes and set(signing.terms.classes) - notes):
        return  # it is no form of anything yet
    for one in missing(packs, practice.row.packs, signing.document):
        asks = " ".join(element.ask for element in one.elements)
        says = f"Under {one.cite} nothing goes on this until it has what is missing: {asks}"
        mend = "Tick it, if it is so. Where the form has no such line, use the form of that law."
        yield Contradiction("element", says, mend=mend, places=(HERE,))


def _is_over(document: Mapping[str, Any], terms: Terms) -> bool:
    return bool(document["until"]) and document["until"] < terms.starts.isoformat()


def _named(classes: set[str]) -> str:
    return listed(CLASSES[one] for one in CLASSES if one in classes)


def _on(iso: str) -> str:
    return day(datetime.date.fromisoformat(iso))
