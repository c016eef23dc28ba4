"""`angerona zone`: by which clock a practice reads its times, and another one chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from angerona.cli.entrance import inside
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.practice.zones import change_zone

if TYPE_CHECKING:
    from angerona.cli.entrance import Entry


def show_or_change(entry: Entry, zone: str | None) -> None:
    """Say the zone; with another one, read all times by it from now on."""
    with inside(entry) as here:
        if zone is not None:
            change_zone(here.now(), zone)
        found, at = here.practice.row.zone, here.practice.local(here.now().at)
    page = Page()
    page.headline(f"Times are read by the clock of {found}, where it is {at:%H:%M} now.", "bold")
    if zone is not None:
        page.item("Nothing that is kept has changed; only how it reads.")
    say_styled(page.lines(width_now()))
