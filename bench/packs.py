"""Loading all packs, compiling a Law, making a table, proving."""

from __future__ import annotations

import importlib
import time
from typing import TYPE_CHECKING, Final

from angerona.errors import BadPack, MissingExtra
from angerona.packs.loading import load
from angerona.rules.compile import Law, Packs
from angerona.rules.tables import Way, table_of
from bench.asks import PACKS
from bench.report import Part, Row, not_measured, timed
from bench.timing import interleaved

if TYPE_CHECKING:
    from collections.abc import Callable

WAYS: Final = {
    "a treating clinician's look": Way("psychologist", "treating", "workforce", "treatment"),
    "a supervisor's look": Way("psychologist", "supervisor", "workforce", "supervision"),
}
PROOFS: Final = "angerona.packs.proofs"


def preparing(packs: Packs) -> Part:
    """What is done once, before the first question."""
    chosen = tuple(packs.packs[name] for name in PACKS)
    law = packs.law(PACKS)
    runs: dict[str, Callable[[], object]] = {
        f"load and check all {len(packs.packs)} packs": load,
        "compile a Law of four layers": lambda: Law(chosen, packs.facts),
    }
    runs |= {f"table: {name}": _tabled(law, way) for name, way in WAYS.items()}
    found = interleaved(runs)
    rows = [timed(name, one, "ms") for name, one in found.items()]
    return Part("Preparing", tuple(rows))


def _tabled(law: Law, way: Way) -> Callable[[], object]:
    return lambda: table_of(law, way)


def proving(packs: Packs) -> Part:
    """Every proof over every stack, once."""
    return Part("Proving (z3)", (_proved(packs),))


def _proved(packs: Packs) -> Row:
    what = "prove all packs"
    try:
        prove = importlib.import_module(PROOFS).prove
        begun = time.process_time_ns()
        held = prove(packs, lambda _: None)
    except (ImportError, MissingExtra, BadPack) as problem:
        return not_measured(what, str(problem))
    spent = (time.process_time_ns() - begun) / 1e9
    return Row(what, spent, spent, "s", 10, "once; all hold" if held else "once; some FAIL")
