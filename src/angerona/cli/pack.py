"""`angerona pack list`, `show` and `check`: the law that is loaded, for a person to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.cli.asking import loaded
from angerona.cli.output import say, say_styled
from angerona.cli.pack_page import page_of
from angerona.cli.page import width_now
from angerona.errors import BadPack, one_of

if TYPE_CHECKING:
    from angerona.rules.entries import Pack

_COLUMNS: Final = ("id", "place", "grounds", "locks", "duties", "as of", "default", "title")


def list_packs(folder: str | None) -> None:
    """One line for each pack."""
    rows = [_COLUMNS, *map(_row, loaded(folder).packs.values())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        say("  ".join(cells).rstrip())


def _row(pack: Pack) -> tuple[str, ...]:
    return (
        pack.id,
        pack.jurisdiction,
        str(len(pack.grounds)),
        str(len(pack.locks)),
        str(len(pack.duties)),
        pack.as_of.isoformat(),
        pack.default,
        pack.title,
    )


def check_packs(folder: str | None) -> None:
    """Load, and count; a wrong pack is a `BadPack` that names file, entry and key."""
    packs = loaded(folder).packs.values()
    grounds, locks, duties = (
        sum(len(entries) for entries in kind)
        for kind in (
            [one.grounds for one in packs],
            [one.locks for one in packs],
            [one.duties for one in packs],
        )
    )
    say(f"{len(packs)} packs, {grounds} grounds, {locks} locks, {duties} duties: all well")


def show_pack(name: str, folder: str | None) -> None:
    """One pack, each rule with its source."""
    packs = loaded(folder).packs
    if name not in packs:
        raise BadPack("pack show", "no such pack", one_of(packs, name))
    say_styled(page_of(packs[name]).lines(width_now()))
