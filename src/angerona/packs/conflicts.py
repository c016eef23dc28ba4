"""Reads `conflicts.toml`: where two layers are known to disagree, and why that is so.

A conflict is a must of one layer that another layer bars. Each entry explains it for the
must-grounds it names against the locks and the silent layers it names; `prove` (proofs.py) finds
every other one. Nothing that answers an Ask reads this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from angerona.errors import BadPack
from angerona.packs.loading import read_toml
from angerona.rules.reading import Table

if TYPE_CHECKING:
    from pathlib import Path

    from angerona.rules.compile import Packs

FILE: Final = "conflicts.toml"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One known disagreement among `packs`.

    `grounds` demand, `locks` bar, `closed` are layers that bar by naming no ground; `instead` is
    what may still be done, `case` the scenario that shows it.
    """

    id: str
    packs: tuple[str, ...]
    grounds: tuple[str, ...]
    locks: tuple[str, ...]
    closed: tuple[str, ...]
    reason: str
    instead: str = ""
    case: str = ""


def load_conflicts(packs: Packs) -> tuple[Conflict, ...]:
    """The conflicts that ship with the product. Raises `BadPack`."""
    with resources.as_file(resources.files("angerona.packs").joinpath(FILE)) as path:
        return read_conflicts(path, packs)


def read_conflicts(path: Path, packs: Packs) -> tuple[Conflict, ...]:
    """One file of conflicts, checked against the packs. Raises `BadPack` naming entry and key."""
    top = Table(read_toml(path), f"{path.name}: ", BadPack)
    found: dict[str, Conflict] = {}
    for index, raw in enumerate(top.items("conflict")):
        conflict = _conflict(Table(raw, f"{top.place}conflict no. {index + 1}: ", BadPack), packs)
        if conflict.id in found:
            top.fail(f"conflict {conflict.id}: id", "used twice")
        found[conflict.id] = conflict
    top.done()
    return tuple(found.values())


def _conflict(table: Table, packs: Packs) -> Conflict:
    named = table.words("packs", packs.packs)
    among = [packs.packs[one] for one in named]
    musts = {one.id for pack in among for one in pack.grounds if one.force == "must"}
    locks = {one.id for pack in among for one in pack.locks}
    closed = {pack.id for pack in among if pack.default == "closed"}
    conflict = Conflict(
        id=table.name("id"),
        packs=named,
        grounds=table.words("grounds", musts),
        locks=table.words("locks", locks),
        closed=table.words("closed", closed),
        reason=table.text("reason"),
        instead=table.text("instead", ""),
        case=table.text("case", ""),
    )
    table.done()
    for key, missing in (
        ("reason", not conflict.reason),
        ("grounds", not conflict.grounds),
        ("locks", not conflict.locks and not conflict.closed),
    ):
        if missing:
            table.fail(key, "names nothing", "a must, and the lock or the closed layer against it")
    return conflict
