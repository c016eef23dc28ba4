"""One look decided from a plain table: ours, beside Cedar and Rego on the same rules."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, TypedDict

from angerona.rules.ask import read_ask
from angerona.rules.decide import decided
from angerona.rules.tables import Looks
from angerona.words import CLASSES, PURPOSES, RELATIONS, ROLES
from bench.consent_file import ConsentFile
from bench.consents import written
from bench.report import Part, Row, not_measured, timed
from bench.timing import interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from angerona.rules.ask import Value
    from angerona.rules.compile import Law, Packs

PACKS: Final = ("house", "us-hipaa", "us-ca")
COMPARED: Final = 4_000
"""Random looks on which all engines must agree before anything is timed."""
TIMED: Final = 1_000
CONSENTS: Final = 1_000_000
FACTS: Final = (
    "care.break_glass_reason",
    "care.supervision_assigned",
    "house.author_shares",
    "house.review_needs_it",
    "house.review_open",
    "record.all_parties_consent",
    "us_hipaa.own_training_program",
)
"""Every fact that a rule about looks reads."""
Look = TypedDict(
    "Look",
    {"role": str, "relation": str, "purpose": str, "class": str, "facts": "Mapping[str, Value]"},
)
TYPICAL: Final[Look] = {
    "role": "psychologist",
    "relation": "treating",
    "purpose": "treatment",
    "class": "progress_note",
    "facts": {"record.all_parties_consent": True},
}


def by_tables(law: Law) -> Callable[[Look], str]:
    """The product's own looks, given the plain table that every engine begins with."""
    verdict = Looks(law).verdict
    return lambda look: verdict(
        look["role"], look["relation"], look["purpose"], look["class"], look["facts"]
    )


def random_looks(count: int, seed: int = 1) -> list[Look]:
    """Looks that reach every rule: common ways often, every word sometimes, some facts unknown."""
    dice = random.Random(seed)
    roles = [*ROLES, *("front_desk", "biller", "privacy_officer") * 4]
    relations = [*RELATIONS, *("treating", "author", "supervisor", "on_call") * 3]
    purposes = [*PURPOSES, *("treatment", "supervision", "operations", "payment") * 12]
    return [
        {
            "role": dice.choice(roles),
            "relation": dice.choice(relations),
            "purpose": dice.choice(purposes),
            "class": dice.choice(list(CLASSES)),
            "facts": {fact: dice.random() < 0.7 for fact in FACTS if dice.random() < 0.8},
        }
        for _ in range(count)
    ]


def rivals() -> dict[str, Any]:
    """The other engines. Raises `ImportError` where the bench group is not installed."""
    from bench.rivals import cedar, rego  # noqa: PLC0415 -- only this bench needs the bench group

    return {
        "regorus, compiled": rego.Compiled(),
        "regorus, interpreted": rego.Interpreted(),
        "cedarpy": cedar.Cedar(),
    }


def agreed(looks: Sequence[Look], engines: Mapping[str, Callable[[Look], str]]) -> Counter[str]:
    """How often each answer came. Raises `SystemExit` at the first look on which engines differ."""
    answers: Counter[str] = Counter()
    for look in looks:
        found = {name: verdict(look) for name, verdict in engines.items()}
        if len(set(found.values())) > 1:
            message = f"the engines differ, so nothing is timed: {look} gives {found}"
            raise SystemExit(message)
        answers.update(set(found.values()))
    return answers


def by_decide(packs: Packs, stack: Sequence[str] = PACKS) -> Callable[[Look], str]:
    """The same look as a whole Ask, through the function that answers everything."""

    def verdict(look: Look) -> str:
        raw = {
            "packs": list(stack),
            "at": "2026-11-23T10:00:00Z",
            "by": {"role": look["role"], "relation": look["relation"]},
            "to": "workforce",
            "purpose": look["purpose"],
            "instrument": "none",
            "wants": [look["class"]],
            "facts": look["facts"],
        }
        found = decided(read_ask(raw, packs.facts, packs.packs), packs)[look["class"]]
        return found if found in {"may", "must"} else "silence"

    return verdict


def one_look(packs: Packs) -> Part:
    """One look, with no consents and with a million of them in the process."""
    ours = by_tables(packs.law(PACKS))
    looks = random_looks(TIMED)
    runs = {
        "typical": lambda: ours(TYPICAL),
        "mixed": lambda: [ours(look) for look in looks],
    }
    before = _one_by_one(runs)
    held = ConsentFile.of_lines(written(CONSENTS))
    after = _one_by_one(runs)
    rows = [
        timed(f"{name}, {with_what}", found[name], "us", 2.3)
        for with_what, found in (("no consents", before), (f"{len(held):,} consents", after))
        for name in runs
    ]
    return Part(
        "One look from a plain table (house, us-hipaa, us-ca)",
        tuple(rows),
        (
            f"mixed: {TIMED:,} random looks; typical: a treating psychologist, a progress note.",
            "The tables are made before; no answer is remembered.",
        ),
    )


def _one_by_one(runs: Mapping[str, Callable[[], object]]) -> dict[str, Any]:
    sizes = {"typical": 1, "mixed": TIMED}
    return {name: interleaved({name: run}, sizes[name])[name] for name, run in runs.items()}


def _all_of(verdict: Callable[[Look], str], looks: Sequence[Look]) -> Callable[[], object]:
    return lambda: [verdict(look) for look in looks]


def beside_rivals(packs: Packs) -> Part:
    """The same looks by all engines in turn."""
    title = "Looks beside other engines, same rules and same answers (house, us-hipaa, us-ca)"
    try:
        others = rivals()
    except ImportError as problem:
        return Part(title, (not_measured("rivals", f"{problem.name} is not installed"),))
    ours = by_tables(packs.law(PACKS))
    engines = {"angerona": ours} | {name: one.verdict for name, one in others.items()}
    looks = random_looks(COMPARED)
    answers = agreed(looks, {**engines, "decide": by_decide(packs)})
    some = looks[:TIMED]
    if others["cedarpy"].verdicts(some) != [ours(look) for look in some]:
        message = "Cedar's batch differs, so nothing is timed"
        raise SystemExit(message)
    runs: dict[str, Callable[[], object]] = {
        name: _all_of(verdict, some) for name, verdict in engines.items()
    }
    runs["cedarpy, in batches"] = lambda: others["cedarpy"].verdicts(some)
    found = interleaved(runs, TIMED)
    mine = found["angerona"]
    rows = [timed(name, one, "us") for name, one in found.items()]
    for name, goal in (
        ("regorus, compiled", 10),
        ("regorus, interpreted", None),
        ("cedarpy", 40),
        ("cedarpy, in batches", None),
    ):
        rows.append(Row(f"{name} / angerona", found[name].times(mine), None, "x", goal))
    said = ", ".join(f"{count:,} {word}" for word, count in sorted(answers.items()))
    note = f"All of them, and decide(), gave the same answer to {COMPARED:,} random looks ({said})."
    return Part(title, tuple(rows), (note,))
