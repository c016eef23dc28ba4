"""Consents: does a document on file cover this class, for this recipient and purpose.

Today? (docs/LANGUAGE.md section 6)

Three-valued throughout: `True`, `False`, and `None` where an unknown fact decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.rules.compile import form_fact
from angerona.rules.kleene import any_of, both, negation
from angerona.words import EVERYTHING, NAMED_ONE_BY_ONE, PROCESS_NOTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.rules.ask import Ask, Consent, Restriction
    from angerona.rules.compile import Law

ADULT_AGE: Final = 18
SIGNER_FACTS: Final = {
    "client": ("client.consented_own_care", "client.mature_minor"),
    "parent": ("client.age", "client.consented_own_care", "client.mature_minor"),
    "representative": ("recipient.has_legal_authority",),
}
"""Per signer, the facts that decide whether the signature counts."""
_SUBSTANCE_USE: Final = frozenset({"substance_use", "substance_use_counseling_note"})


RESTRICTED: Final = ("client.restriction", "client.paid_out_of_pocket")
"""What restrictions say besides of each class, joined with what is stated: either one is enough."""


def restriction_values(ask: Ask, wanted: str) -> Iterator[tuple[str, bool | None]]:
    """The facts of `RESTRICTED` for one class, where an Ask has restrictions."""
    binding = _withholding(ask, wanted)
    paid = any(one.paid for one in binding)
    for fact, says in zip(RESTRICTED, (bool(binding), paid), strict=True):
        yield fact, True if says else _yes(ask, fact)


def _withholding(ask: Ask, wanted: str) -> list[Restriction]:
    """The restrictions that name this; a purpose that only the asker states keeps none away."""
    return [
        one
        for one in ask.restrictions
        if wanted in one.classes
        and ask.to in one.to
        and (ask.purpose in one.purposes or not ask.purpose_established)
    ]


def consent_values(law: Law, ask: Ask, wanted: str) -> Iterator[tuple[str, bool | None]]:
    """The `consent.*` facts for one class; `consent.form_ok` once for each pack."""
    yield "consent.withholds", bool(_withholding(ask, wanted))
    covering = [
        (one, value) for one in ask.consents if (value := covers(one, ask, wanted)) is not False
    ]
    covered = any_of(value for _, value in covering)
    yield "consent.covers", covered
    yield "consent.signer_ok", covered
    yield (
        "consent.names_psychotherapy_notes",
        any_of(value for one, value in covering if "psychotherapy_note" in one.classes),
    )
    yield (
        "consent.names_substance_use",
        any_of(value for one, value in covering if _SUBSTANCE_USE & one.classes),
    )
    for layer in law.layers:
        required = layer.forms[wanted]
        yield (
            form_fact(layer.pack.id),
            any_of(value for one, value in covering if required <= one.elements),
        )


def covers(consent: Consent, ask: Ask, wanted: str) -> bool | None:
    """Whether one consent covers one class for this Ask.

    `None` if only its signer's right is unknown, or the purpose is no more than the asker's word.
    """
    named = (
        _in_force(consent, ask)
        and ask.to in consent.to
        and ask.purpose in consent.purposes
        and names(consent, wanted)
    )
    if not named:
        return False
    entitled = signer_entitled(consent, ask)
    return entitled if ask.purpose_established else both(entitled, None)


def names(consent: Consent, wanted: str) -> bool:
    """Whether the document names the class.

    Process notes need a consent of their own kind, one that names nothing beside them: 45 CFR
    164.508(b)(3)(ii), 42 CFR 2.31(b).
    """
    if wanted in PROCESS_NOTES:
        return wanted in consent.classes and consent.classes <= PROCESS_NOTES
    return wanted in consent.classes or (
        EVERYTHING in consent.classes and wanted not in NAMED_ONE_BY_ONE
    )


def _in_force(consent: Consent, ask: Ask) -> bool:
    first, last = ask.days
    return (
        (consent.revoked is None or consent.revoked > last)
        and (consent.starts is None or consent.starts <= first)
        and (consent.ends is None or consent.ends >= last)
    )


def signer_entitled(consent: Consent, ask: Ask) -> bool | None:
    """Whether the one who signed may sign, as far as is known."""
    match consent.by:
        case "client":
            return _client_may_sign(ask)
        case "parent":
            return _parent_may_sign(ask)
        case _:
            return _representative_may_sign(consent, ask)


def _yes(ask: Ask, fact: str) -> bool | None:
    value = ask.facts.get(fact)
    return value if isinstance(value, bool) else None


def _is_adult(ask: Ask) -> bool | None:
    age = ask.facts.get("client.age")
    return age >= ADULT_AGE if isinstance(age, int) else None


def _client_may_sign(ask: Ask) -> bool | None:
    if _yes(ask, "client.capacity") is False:
        return False
    if _is_adult(ask) is not False:
        return True  # an adult, or nobody said that the client is a minor
    return any_of((_yes(ask, "client.consented_own_care"), _yes(ask, "client.mature_minor")))


def _parent_may_sign(ask: Ask) -> bool | None:
    hindered = (
        _is_adult(ask),
        _yes(ask, "client.consented_own_care"),
        _yes(ask, "client.mature_minor"),
    )
    return negation(any_of(hindered))


def _representative_may_sign(consent: Consent, ask: Ask) -> bool | None:
    if "signer_authority" in consent.elements:
        return True
    if "signer_authority" in consent.denied:
        return False
    return _yes(ask, "recipient.has_legal_authority")
