"""The zone of a practice: which ones a place has, another one chosen, moments by its clock."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import msgspec

from angerona.errors import BadInput, NotPermitted
from angerona.practice.members import OFFICER
from angerona.practice.posts import bindings_of, check_unmoved
from angerona.sealed.vault import practice_digest
from angerona.sealed.zones import UTC_NAME, check_zone, moments_of

if TYPE_CHECKING:
    from angerona.sealed.vault import Visit
    from angerona.store import Writing

ONCE, FIRST, SECOND = "", "first", "second"
"""Which of the two is meant where an hour comes twice; the first is before the clocks go back."""


def spoken(name: str) -> str:
    """A zone as a person says it: `Los Angeles`, or `UTC`."""
    return name.rpartition("/")[2].replace("_", " ")


def times_are(name: str) -> str:
    """The one sentence that says by which clock a page speaks."""
    return f"Times are {'' if name == UTC_NAME else 'those of '}{spoken(name)}."


def change_zone(visit: Visit, name: str) -> None:
    """Read all times by another clock from now on, with a line under the practice.

    Nothing that is kept changes. Raises `NotPermitted` for anybody but the privacy officer,
    `BadInput` for no zone, `Conflicting`.
    """
    if OFFICER not in visit.person.row.posts:
        raise NotPermitted
    check_zone(name)
    vault = visit.vault
    bound = bindings_of(vault, (vault.practice_id,))
    practice = vault.practice()
    if practice.row.zone == name:
        return
    row = msgspec.structs.replace(practice.row, zone=name)

    def changes(writing: Writing) -> bytes:
        check_unmoved(vault, writing, bound)
        sealed = vault.directory.seal(row, vault.practice_id)
        writing.run("practices.update", practice_id=vault.practice_id, row=sealed)
        return practice_digest(writing, vault.practice_id)

    body = {
        "by": visit.person.described,
        "what": "time zone",
        "zone": name,
        "before": practice.row.zone,
    }
    vault.record(vault.practice_id, "setting", body, visit.at, slot="keys", changes=changes)


def comes_twice(given: str, zone: datetime.tzinfo) -> bool:
    """Whether a text is a day and hour that the clocks show twice, because they go back."""
    local = _read(given)
    return local is not None and local.tzinfo is None and len(moments_of(local, zone)) > 1


def read_moment(
    place: str, given: str, zone: datetime.tzinfo, *, which: str = ONCE
) -> datetime.datetime:
    """A day and hour as it was given, such as 2026-03-31T14:00, as a moment in UTC.

    Without an offset it is by the clock of the zone; `which` is meant where that shows it twice.
    Raises `BadInput` naming `place`, also for an hour that is skipped, and one that comes twice
    where it was not said which.
    """
    local = _read(given)
    if local is None:
        raise BadInput(place, "is no day and hour", "such as 2026-03-31T14:00")
    if local.tzinfo is not None:
        return local.astimezone(datetime.UTC)
    found = moments_of(local, zone)
    if not found:
        raise BadInput(
            place, "does not exist: the clocks go forward over this hour", "one before or after it"
        )
    if len(found) > 1 and which not in {FIRST, SECOND}:
        raise BadInput(
            place, "comes twice: the clocks go back", "the first or the second of the two"
        )
    return found[-1] if which == SECOND else found[0]


def _read(given: str) -> datetime.datetime | None:
    """Within the years that every zone can show."""
    try:
        found = datetime.datetime.fromisoformat(given.strip())
    except ValueError:
        return None
    is_near = datetime.MINYEAR + 1 < found.year < datetime.MAXYEAR - 1
    return found if is_near else None
