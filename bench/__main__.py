"""`python -m bench [names] [--json FILE]`: measures, and prints what it found."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.packs.loading import load
from bench import (
    asks,
    consents,
    durable,
    gate,
    growth,
    http,
    ledger,
    lists,
    looks,
    owed,
    packs,
    scopes,
    start,
    vault,
)
from bench.report import lines
from bench.timing import ROUNDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.rules.compile import Packs
    from bench.report import Part

BENCHES: Final[dict[str, Callable[[Packs], Part]]] = {
    "packs": packs.preparing,
    "rivals": looks.beside_rivals,
    "asks": asks.full_asks,
    "lists": lists.filters,
    "looks": looks.one_look,
    "consents": consents.loading,
    "proofs": packs.proving,
    "sealing": vault.sealing,
    "keys": vault.keys,
    "door": gate.doors,
    "http": http.looks,
    "start": start.first_page,
    "tree": ledger.tree,
    "lines": ledger.lines,
    "starts": growth.events,
    "map": growth.epochs,
    "clients": growth.clients,
    "owed": owed.pages,
    "scope": scopes.scope,
    "attachment": growth.attachment,
    "durable": durable.jobs,
    "crashes": durable.crashes,
}


def main() -> None:
    """Run the benchmarks that are named, or all of them."""
    wanted = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    wanted.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHES)}")
    wanted.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    given = wanted.parse_args()
    if unknown := [name for name in given.names if name not in BENCHES]:
        wanted.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    machine = _machine()
    print("\n".join(f"{key}: {value}" for key, value in machine.items()))
    loaded = load()
    found: dict[str, object] = {}
    for name in given.names or BENCHES:
        part = BENCHES[name](loaded)
        print("", *lines(part), sep="\n", flush=True)
        found[name] = asdict(part)
    if given.json:
        text = json.dumps({"machine": machine, "found": found}, indent=1)
        given.json.write_text(text, encoding="utf-8")


def _machine() -> dict[str, str]:
    """What the figures depend on."""
    load_1, _, load_15 = os.getloadavg()
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),  # noqa: TID251 -- figures carry their date
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "load": f"{load_1:.1f} in the last minute, {load_15:.1f} in the last fifteen",
        "clock": f"CPU time of one process, median and best of {ROUNDS} rounds in turn",
    }


if __name__ == "__main__":
    main()
