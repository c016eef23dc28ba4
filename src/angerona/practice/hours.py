"""The hours of a practice: when looks are expected, by its own clock."""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.errors import BadInput, NotPermitted
from angerona.practice.members import OFFICER
from angerona.practice.unusual import Hours
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

_NAME: Final = "hours"
_DAYS: Final = frozenset(range(7))


class HoursRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hours as they were set: weekdays (Monday is 0), from, until."""

    domain: ClassVar[str] = "angerona/row/hours/v1"
    days: tuple[int, ...]
    opens: datetime.time
    closes: datetime.time


def hours_of(vault: Vault) -> Hours:
    """The hours that were set, or the usual ones: Monday to Friday, 7 to 21."""
    rows = vault.store.rows("settings.by_key", practice_id=vault.practice_id, name=_NAME)
    if not rows:
        return Hours()
    row = vault.directory.open(HoursRow, rows[0][0], _NAME.encode())
    return Hours(days=frozenset(row.days), opens=row.opens, closes=row.closes)


def set_hours(
    visit: Visit, days: Iterable[int], opens: datetime.time, closes: datetime.time
) -> None:
    """Set the hours from now on, with a line under the practice.

    Raises `NotPermitted` for anybody but the privacy officer, `BadInput` for no weekday or an end
    that does not come after the beginning.
    """
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    chosen = sorted(set(days))
    if not chosen or not _DAYS.issuperset(chosen):
        raise BadInput("days", "are no days of a week", "one or more of them")
    if opens >= closes:
        raise BadInput("until", "does not come after the beginning", "a later hour of the same day")
    vault = visit.vault
    row = vault.directory.seal(
        HoursRow(days=tuple(chosen), opens=opens, closes=closes), _NAME.encode()
    )
    place: dict[str, bytes | str] = {"practice_id": vault.practice_id, "name": _NAME}

    def changes(writing: Writing) -> None:
        for statement in ("settings.update", "settings.insert"):
            if writing.run(statement, row=row, **place):
                return

    body = {
        "by": visit.person.described,
        "what": "hours",
        "days": chosen,
        "from": f"{opens:%H:%M}",
        "until": f"{closes:%H:%M}",
    }
    vault.record(vault.practice_id, "setting", body, visit.at, changes=changes)
