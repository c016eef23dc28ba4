"""A full Ask against four layers, with reasons, questions and duties."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from bench.report import Part, Row
from bench.timing import interleaved

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.rules.ask import Ask
    from angerona.rules.compile import Packs

PACKS: Final = ("house", "us-hipaa", "us-part2", "us-ca")
THREAT: Final = {
    "client.age": 34,
    "client.restriction": False,
    "client.unsafe_to_tell": False,
    "house.notes_necessary": False,
    "record.joint": False,
    "record.part2": False,
    "recipient.able_to_prevent": True,
    "recipient.identity_verified": True,
    "recipient.is_target": False,
    "threat.ability": True,
    "threat.imminent": True,
    "threat.intent": True,
    "threat.made": True,
    "threat.necessary": True,
    "threat.serious": True,
    "threat.target": "identified_person",
    "threat.told_by_family": False,
}
COMMON: Final[dict[str, Any]] = {
    "packs": list(PACKS),
    "at": "2026-11-23T10:00:00Z",
    "by": {"role": "psychologist", "relation": "treating"},
    "place": "US-CA",
}
CASES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "permit": (
        "permit",
        COMMON
        | {
            "to": "person_able_to_help",
            "purpose": "protection",
            "instrument": "none",
            "wants": ["risk", "identity"],
            "facts": THREAT,
        },
    ),
    "require and keep back": (
        "require",
        COMMON
        | {
            "to": "police",
            "purpose": "protection",
            "instrument": "none",
            "wants": ["risk", "identity", "progress_note"],
            "facts": THREAT,
        },
    ),
    "ask, with questions": (
        "ask",
        COMMON
        | {
            "to": "court",
            "purpose": "legal_proceeding",
            "instrument": "court_order",
            "wants": ["diagnosis", "progress_note"],
            "facts": {"client.age": 34, "record.part2": False},
        },
    ),
    "ask, three classes, process notes among them": (
        "ask",
        COMMON
        | {
            "to": "court",
            "purpose": "legal_proceeding",
            "instrument": "court_order",
            "wants": ["diagnosis", "progress_note", "psychotherapy_note"],
            "facts": {"client.age": 34, "record.part2": False},
        },
    ),
    "refuse under limit harm, with the ways that remain": (
        "deny",
        COMMON
        | {
            "to": "media",
            "purpose": "protection",
            "instrument": "none",
            "wants": ["risk", "identity"],
            "facts": THREAT | {"recipient.able_to_prevent": False},
        },
    ),
}
WITH_GOAL: Final = frozenset({"permit", "ask, with questions"})


def full_asks(packs: Packs) -> Part:
    """Each case decided, and read from its plain table and decided."""
    runs: dict[str, Callable[[], object]] = {}
    notes = []
    for name, (outcome, raw) in CASES.items():
        answer = decide(_read(raw, packs), packs)
        if answer.outcome != outcome:
            message = f"{name}: {answer.outcome} where {outcome} is expected, so nothing is timed"
            raise SystemExit(message)
        runs[name] = _decided(raw, packs)
        runs[f"{name}: reading it first"] = _read_and_decided(raw, packs)
        notes.append(
            f"{name}: {len(raw['wants'])} classes, {len(answer.questions)} questions, "
            f"{len(answer.duties)} duties, {len(answer.because)} reasons."
        )
    found = interleaved(runs)
    rows = [_row(name, one.median / 1e3, one.best / 1e3) for name, one in found.items()]
    size = len(json.dumps(CASES["permit"][1]))
    notes.append(f"Read first: from a plain table, as JSON of {size:,} bytes gives it.")
    return Part(f"A full Ask ({', '.join(PACKS)})", tuple(rows), tuple(notes))


def _row(name: str, median: float, best: float) -> Row:
    return Row(name, median, best, "us", 150 if name in WITH_GOAL else None)


def _read(raw: dict[str, Any], packs: Packs) -> Ask:
    return read_ask(raw, packs.facts, packs.packs)


def _decided(raw: dict[str, Any], packs: Packs) -> Callable[[], object]:
    ask = _read(raw, packs)
    return lambda: decide(ask, packs)


def _read_and_decided(raw: dict[str, Any], packs: Packs) -> Callable[[], object]:
    return lambda: decide(_read(raw, packs), packs)
