"""Incidents that open by themselves: what the ledger shows that nobody need have noticed.

Each day (`upkeep.py`) what was written since the last one is counted; whoever finds rows that are
not what the ledger holds opens one at once. An alarm that is open, or was settled within a day, is
not opened twice. Nothing of it is about a client: it stands under the practice, and the privacy
officer and a second person see it.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.practice.breach_clocks import INCIDENT, OWN_LIMIT
from angerona.practice.breaches import Report, checked_report, standing, who_sees
from angerona.practice.matters import SECOND, Step, begin_by_itself
from angerona.rules.durations import after
from angerona.sealed.vault import WRONG_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.ledger.lines import OpenedLine
    from angerona.sealed.vault import Vault

ALARMS: Final[Mapping[str, tuple[str, str]]] = {
    "tampering": ("intrusion", "Rows are not what the ledger holds"),
    "sign-ins": ("intrusion", "Many sign-ins failed within a day"),
    "codes": ("intrusion", "A right password came with a wrong code, again and again"),
    "seat": ("device", "A key holder's seat was taken off the list: was its paper lost?"),
}
"""Each alarm: the kind of incident it may be, and what it says."""
SIGN_INS_MAX: Final = 100
"""How many failed sign-ins of a day are no alarm, in all of the practice."""
CODES_MAX: Final = 10
"""How many wrong codes after a right password are none, of one person on one day."""
_DAY: Final = datetime.timedelta(days=1)


def watch(vault: Vault, at: datetime.datetime) -> list[bytes]:
    """Look at what was written in the day up to now; gives the ids of incidents it opened.

    Raises `Altered`.
    """
    lines = _of_a_day(vault.ledger.lines_of(vault.practice_id), at)
    found = []
    if sum(_count(one) for one in lines if one.kind == "failed_sign_in") > SIGN_INS_MAX:
        found.append("sign-ins")
    if any(one.kind == "keys" and one.body.get("removed") for one in lines):
        found.append("seat")
    rows = vault.store.rows("people.all", practice_id=vault.practice_id)
    if any(_codes(vault, person_id, at) > CODES_MAX for person_id, *_ in rows):
        found.append("codes")
    opened = (open_by_itself(vault, one, at) for one in found)
    return [one for one in opened if one is not None]


def open_by_itself(vault: Vault, alarm: str, at: datetime.datetime) -> bytes | None:
    """Open an incident for an alarm (a key of `ALARMS`); gives its id (16 bytes).

    Nothing where the same stands open, or was opened within a day. Raises `Altered`.
    """
    if _is_known(vault, alarm, at):
        return None
    cause, words = ALARMS[alarm]
    content = checked_report(Report(words=words, cause=cause, discovered=at), at)
    officer, second = who_sees(vault, at, b"")
    content |= {"alarm": alarm, SECOND: second}
    step = Step(
        what="opened an incident by itself",
        said={INCIDENT: standing(content)},
        content=content,
        handler_id=officer,
        due=after(OWN_LIMIT, at),
    )
    return begin_by_itself(vault, INCIDENT, step, at)


def _is_known(vault: Vault, alarm: str, at: datetime.datetime) -> bool:
    """By the lines alone: the rows may be what is wrong."""
    last: dict[str, tuple[datetime.datetime, bool]] = {}
    for line in vault.ledger.lines_of(vault.practice_id):
        stands = line.body.get(INCIDENT)
        if line.kind == INCIDENT and stands and line.at and stands["alarm"] == alarm:
            last[str(line.body["matter"])] = line.at, "closed" in stands
    return any(not is_closed or at - _DAY < when for when, is_closed in last.values())


def _of_a_day(lines: Iterable[OpenedLine], at: datetime.datetime) -> list[OpenedLine]:
    return [one for one in lines if one.at is not None and at - _DAY < one.at <= at]


def _codes(vault: Vault, person_id: bytes, at: datetime.datetime) -> int:
    lines = _of_a_day(vault.ledger.lines_of(person_id), at)
    return sum(_count(one) for one in lines if one.body.get("what") == WRONG_CODE)


def _count(line: OpenedLine) -> int:
    """How often it happened: once, or as many more times as were counted in its minute."""
    return int(line.body.get("more", 1))
