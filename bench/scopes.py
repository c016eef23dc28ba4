"""What it costs to find out whom an incident may concern, in a small and in a large practice."""

from __future__ import annotations

import datetime
import time
from typing import TYPE_CHECKING, Final

from angerona.ledger.lines import Line
from angerona.practice.breach_scopes import Place
from angerona.practice.breach_searches import go_on, search
from angerona.practice.breaches import Report, incident, report
from bench.growth import flat
from bench.practice import AT, fill, founded
from bench.report import Part, timed
from bench.timing import Timed

if TYPE_CHECKING:
    from angerona.rules.compile import Packs
    from bench.practice import Practice

CLIENTS: Final = (20, 200)
LINES: Final = 80
"""Of each client; the practice's own list has half as many for each."""
ROUNDS: Final = 5
_DAY: Final = datetime.timedelta(days=1)


def scope(packs: Packs) -> Part:
    """The list of an incident, worked out to its end: CPU time for each client of the practice."""
    few, many = CLIENTS
    spent: dict[int, list[float]] = {few: [], many: []}
    with founded(packs) as small, founded(packs) as large:
        practices = {few: small, many: large}
        incidents = {}
        for count, practice in practices.items():
            _looked_at(practice, count)
            with practice.visit() as visit:
                said = Report(words="A laptop is gone", cause="device", discovered=AT)
                incidents[count] = report(visit, packs, said)
        for _ in range(ROUNDS):
            for count, practice in practices.items():
                spent[count].append(_searched(practice, incidents[count]) / count)
    found = {count: Timed(tuple(rounds)) for count, rounds in spent.items()}
    rows = [
        timed(f"{count} clients, {count * LINES * 3 // 2:,} lines: a client", found[count], "ms")
        for count in CLIENTS
    ]
    return Part(
        "Whom an incident may concern",
        (*rows, flat(f"a client: {many} / {few}", found[few], found[many])),
        (f"{LINES} lines of each client, half as many of the practice's own for each.",),
    )


def _looked_at(practice: Practice, count: int) -> None:
    fill(practice, count)
    vault = practice.vault
    by = {"id": practice.thea.hex(), "name": "Thea", "roles": ["psychologist"]}
    for (client_id,) in vault.store.rows("clients.ids", practice_id=vault.practice_id):
        look = Line(client_id, "look", {"by": by, "classes": ["progress_note"], "rule": "x"})
        own = Line(vault.practice_id, "oversight", {"by": by, "what": "noticed"})
        lines = [look] * LINES + [own] * (LINES // 2)
        vault.ledger.append_all(lines, AT, authority={}, changes=None).result()
    vault.ledger.checkpoint(AT)


def _searched(practice: Practice, matter_id: bytes) -> float:
    since, until = AT - _DAY, AT
    place = Place(by="person", since=since, until=until, person=practice.thea.hex())
    with practice.visit() as visit:
        matter = incident(visit, matter_id)
        begun = time.process_time_ns()
        held = search(visit, matter, place)
        while not held.is_over:
            held = go_on(visit, matter)
        ended = time.process_time_ns()
    if len(held.rows) < CLIENTS[0]:
        message = f"only {len(held.rows)} clients were found"
        raise SystemExit(message)
    return float(ended - begun)
