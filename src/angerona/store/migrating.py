"""The steps from one shape of the tables to the next: upwards only, each whole or not at all.

A step is a file `sql/migrations/<kind>/NNNN_what.sql`. The back ends run it in one transaction with
the number they then stand at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.errors import StoreMisused, StoreTooNew
from angerona.store.statements import SQL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: it leads to version `number`."""

    number: int
    text: str


def migrations(kind: str, folder: Traversable = SQL / "migrations") -> list[Migration]:
    """All steps of one back end, in order.

    Raises:
        StoreMisused: a file is misnamed, or the numbers are not 1, 2, 3 ...
    """
    found = []
    for file in sorted((folder / kind).iterdir(), key=lambda each: each.name):
        if not (name := _NAME.fullmatch(file.name)):
            raise StoreMisused(f"a migration is called NNNN_what.sql, not {file.name}")
        found.append(Migration(int(name[1]), file.read_text(encoding="utf-8")))
    if [step.number for step in found] != list(range(1, len(found) + 1)):
        raise StoreMisused(f"the migrations of {kind} are not numbered 1, 2, 3 ...")
    return found


def pending(steps: Sequence[Migration], version: int, *, place: str) -> Sequence[Migration]:
    """The steps that a store at `version` still needs.

    Raises:
        StoreTooNew: the store was written by a later release than this one.
    """
    if version > len(steps):
        raise StoreTooNew(
            f"{place} is at version {version} and this release knows {len(steps)};"
            " run the release that wrote it, or a later one"
        )
    return steps[version:]
