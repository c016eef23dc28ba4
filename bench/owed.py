"""What pages cost that go through what is owed, as more is owed to others, or was done long ago.

Thea has 20 duties of her own, about clients whom she treats. The others' are about clients of whom
nobody here has anything to do with; 20 of the practice's own are reviews for Olaf's desk. Every row
was met before, as in a server that has run for a page or two.
"""

from __future__ import annotations

import datetime
import os
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from angerona.gate.announcing import Act, announced
from angerona.practice.deadlines import board, due_moments
from angerona.practice.duties import calls_waiting
from angerona.practice.members import sign_in_with_password
from angerona.practice.oversight import desk
from angerona.practice.reminders import remind
from angerona.practice.watching import UNUSUAL, alarms_waiting
from angerona.sealed.duties import DutyRow, new_duty
from bench.growth import flat
from bench.practice import AT, PASSWORD, fill, founded
from bench.report import Part, timed
from bench.timing import interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from angerona.rules.compile import Packs
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Visit
    from bench.practice import Practice
    from bench.report import Row

OWN: Final = 20
OTHERS: Final = 1_000
_AT_ONCE: Final = 50
_DAY: Final = datetime.timedelta(days=1)
_BODY: Final = {"by": {"id": "", "name": "the benchmark", "roles": []}}


def _alarms(_thea: Visit, olaf: Visit) -> object:
    with olaf.vault.store.snapshot() as reading:
        return alarms_waiting(olaf.vault, reading)


PAGES: Final[dict[str, Callable[[Visit, Visit], object]]] = {
    "a member's board": lambda thea, _: board(thea),
    "the privacy officer's desk": lambda _, olaf: desk(olaf),
    "alarms, on each of the officer's pages": _alarms,
    "calls that wait": lambda thea, _: calls_waiting(thea),
    "a round of reminders": lambda thea, _: remind(thea.vault, AT),
    "a calendar elsewhere": lambda thea, _: due_moments(
        thea.vault, thea.unlocked.person_id, thea.at
    ),
}


def pages(packs: Packs) -> Part:
    """The same pages with little owed, with much owed to others, and with much done long ago."""
    with ExitStack() as stack:
        workloads: dict[str, Callable[[], object]] = {}
        for name, open_now, ended in (("few", 0, 0), ("many", OTHERS, 0), ("done", 0, OTHERS)):
            practice = stack.enter_context(founded(packs))
            _owe(practice, open_now)
            _end(practice, _owe(practice, ended))
            _owe_own(practice)
            thea = stack.enter_context(practice.visit())
            olaf = stack.enter_context(_officer(practice))
            for page, run in PAGES.items():
                workloads[f"{page}/{name}"] = partial(run, thea, olaf)
        found = interleaved(workloads)
    rows: list[Row] = []
    for page in PAGES:
        few, many, done = (found[f"{page}/{name}"] for name in ("few", "many", "done"))
        rows.append(timed(f"{page}, {2 * OWN} open", few, "us"))
        rows.append(timed(f"{page}, {2 * OTHERS:,} more open", many, "us"))
        rows.append(flat(f"{page}: {2 * OTHERS:,} done / none", few, done))
    return Part("What is owed: pages that show little of it", tuple(rows))


@contextmanager
def _officer(practice: Practice) -> Iterator[Visit]:
    cookie = sign_in_with_password(practice.vault, "Olaf", PASSWORD, AT)
    with practice.vault.visit(cookie, AT) as visit:
        yield visit


def _owe(practice: Practice, count: int) -> list[Duty]:
    """So many duties about clients of others, and as many of the practice's own."""
    if not count:
        return []
    fill(practice, 10)
    vault = practice.vault
    ids = [one for (one,) in vault.store.rows("clients.ids", practice_id=vault.practice_id)]
    duties = [_duty(ids[number % len(ids)], os.urandom(16), number) for number in range(count)]
    duties += [_duty(vault.practice_id, os.urandom(16), number) for number in range(count)]
    return _written(practice, duties)


def _owe_own(practice: Practice) -> None:
    """Duties of Thea's, and looks that are to be settled at Olaf's desk."""
    vault, client_id = practice.vault, practice.client()
    own = [_duty(client_id, practice.thea, number) for number in range(OWN)]
    row = DutyRow(client_id=vault.practice_id, act="look", by=vault.practice_id, at=AT, owed=b"")
    noticed = {"id": UNUSUAL, "kind": "review", "what": "settle it", "kinds": ["after_hours"]}
    who = {"who": {"id": "", "name": "Somebody", "roles": []}, "client": client_id.hex()}
    own += [new_duty(row, **noticed, **who) for _ in range(OWN)]
    _written(practice, own)


def _duty(client_id: bytes, by: bytes, number: int) -> Duty:
    due = AT + (number % 60 - 5) * _DAY
    row = DutyRow(client_id=client_id, act="disclosure", by=by, at=AT, owed=b"", due=due)
    what = "send the written report to the agency, with what the oral one said"
    return new_duty(
        row, id="us-ca.duty.report", kind="deadline", what=what, cite="Penal Code 11166"
    )


def _written(practice: Practice, duties: list[Duty]) -> list[Duty]:
    for some in _parts(duties):
        act = Act(some[0].row.client_id, "disclosure", _BODY, owes=tuple(some))
        announced(practice.vault, act, AT, authority=None)
    return duties


def _end(practice: Practice, duties: list[Duty]) -> None:
    for some in _parts(duties):
        act = Act(some[0].row.client_id, "done", _BODY, done=tuple(some))
        announced(practice.vault, act, AT, authority=None)


def _parts(duties: list[Duty]) -> Iterable[list[Duty]]:
    return (duties[start : start + _AT_ONCE] for start in range(0, len(duties), _AT_ONCE))
