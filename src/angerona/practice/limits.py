"""What this practice would tell, and when: worked out from the law that binds it, case by case.

Nothing of it is written down as an answer. The cases are in `limits.toml`; each is put to the rules
twice, once without and once with the client's yes, and what comes back is said in plain words.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from angerona.packs.loading import warnings_of
from angerona.rules.answer import Permit
from angerona.rules.ask import read_ask
from angerona.rules.because import PERHAPS_MUST
from angerona.rules.decide import decide

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.rules.answer import Answer
    from angerona.rules.compile import Packs

PLACES: Final = ("limit", "card", "told", "young", "parent")
"""The pages that a case can stand on."""
VERDICTS: Final[Mapping[str, str]] = {
    "must": "Yes. We must tell {who}. We tell no more than we have to.",
    "perhaps": "We may tell {who}. The law may also make us. It depends on the facts.",
    "may": "We may tell {who}. The law lets us. It does not make us.",
    "depends": "It depends. We may tell {who}, or have to. We would ask a colleague first.",
    "yes": "No. We tell {who} nothing, unless you say yes.",
    "yes_checked": "No. If you say yes, we check with care before we tell {who}.",
    "never": "No. We do not tell {who}.",
    "parent_yes": "It depends. A parent who has the right to decide may sign for it.",
}
"""What the rules answer, in words; `{who}` is the case's."""
PRIVATE: Final = frozenset({"yes", "yes_checked", "never"})
"""The verdicts under which nothing goes without the client's yes."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its answer: the verdict, in words, the rules behind it, and what it hangs on."""

    id: str
    says: str
    verdict: str
    answer: str
    rules: tuple[str, ...]
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Law:
    """The law of a practice: its place, the packs that bind it, and the moment it is asked at."""

    place: str
    pack_ids: tuple[str, ...]
    packs: Packs
    at: datetime.datetime

    @property
    def missing(self) -> list[str]:
        """Which law was not weighed because it is not loaded here."""
        loaded = (self.packs.packs[one] for one in self.pack_ids)
        found = list(warnings_of(self.packs, self.pack_ids))
        if not any(one.jurisdiction == self.place for one in loaded):
            found.append(f"the law of {self.place}")
        return found


def cases(law: Law, place: str) -> list[Case]:
    """The cases of one page (`PLACES`), answered."""
    told = _told()
    facts = told["facts"] | (told["young"] if place == "young" else {})
    return [_answered(law, facts, one) for one in told["case"] if place in one["in"]]


def _answered(law: Law, facts: Mapping[str, Any], told: Mapping[str, Any]) -> Case:
    without = _decided(law, facts, told, has_yes=False)
    verdict = _verdict(without, _decided(law, facts, told, has_yes=True))
    if verdict in {"yes", "yes_checked"} and told.get("signer") == "parent":
        verdict = "parent_yes"
    return Case(
        told["id"],
        told["says"],
        verdict,
        VERDICTS[verdict].format(who=told["who"]),
        without.because,
        tuple(law.packs.facts[one].ask for one in without.questions if one in law.packs.facts)
        if verdict in {"depends", "perhaps"}
        else (),
    )


def _verdict(without: Answer, with_yes: Answer) -> str:
    match without.outcome:
        case "require":
            return "must"
        case "permit":
            perhaps = any(PERHAPS_MUST in one for one in without.because)
            return "perhaps" if perhaps else "may"
        case "ask":
            return "depends"
        case _:
            if isinstance(with_yes, Permit):
                return "yes"
            return "yes_checked" if with_yes.outcome == "ask" else "never"


def _decided(
    law: Law, facts: Mapping[str, Any], told: Mapping[str, Any], *, has_yes: bool
) -> Answer:
    """The Answer to a case. A client who says yes signs a form that has all the law asks of one."""
    known = {**facts, **told.get("facts", {})}
    raw = {
        "packs": list(law.pack_ids),
        "at": law.at.isoformat(),
        "place": law.place,
        "by": {"role": ["psychologist"], "relation": ["treating"]},
        "to": told["to"],
        "purpose": told["purpose"],
        "purpose_by": "asker" if told.get("asked") and not has_yes else "practice",
        "instrument": "consent" if has_yes else told["instrument"],
        "wants": told["wants"],
        "consents": [_yes(law, told)] if has_yes else [],
        "facts": {name: value for name, value in known.items() if name in law.packs.facts},
    }
    return decide(read_ask(raw, law.packs.facts, law.packs.packs), law.packs)


def _yes(law: Law, told: Mapping[str, Any]) -> dict[str, object]:
    forms = (form for one in law.pack_ids for form in law.packs.packs[one].consent_forms)
    return {
        "by": told.get("signer", "client"),
        "form": "case",
        "classes": told["wants"],
        "to": [told["to"]],
        "purposes": [told["purpose"]],
        "from": None,
        "until": None,
        "revoked": None,
        "elements": {one.key: True for form in forms for one in form.elements},
    }


@cache
def _told() -> dict[str, Any]:
    found = resources.files("angerona.practice").joinpath("limits.toml")
    return tomllib.loads(found.read_text(encoding="utf-8"))
