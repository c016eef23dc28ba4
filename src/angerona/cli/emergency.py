"""`angerona emergency`: what keeps somebody safe tonight, though the ledger cannot be written.

The one way round "no line, no look" (`gate/emergency.py`). So the store is opened to be read alone
where it must be, somebody signs in without a line where it must be, and what is opened stands in
the spool first.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from angerona.cli import asking, heads
from angerona.cli.clients import add_entry
from angerona.cli.deciding import stop_inside, told_of
from angerona.cli.entrance import Inside, name_and_password, now, read_reason, unlocked
from angerona.cli.output import say_styled
from angerona.cli.page import QUIET, Page, width_now
from angerona.cli.settings import data_folder
from angerona.cli.spools import spool_of
from angerona.errors import BadInput, SignedOut, StoreError, Unknown
from angerona.gate.door import Door
from angerona.gate.emergency import EMERGENCY_CLASSES, look_in_emergency
from angerona.gate.gathering import Wish
from angerona.gate.results import Shown
from angerona.practice.caseload import client_of, short_id
from angerona.practice.members import sign_in_in_emergency, sign_out
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault
from angerona.store import open_to_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.cli.entrance import Entry
    from angerona.sealed.vault import Visit


def look(entry: Entry, client: str, *, purpose: str, spool: str | None) -> None:
    """Show what keeps somebody safe, once the spool holds that it was shown."""
    reason = read_reason("Why can this not wait")
    folder = data_folder(entry.data)
    with _signed_in(entry, folder) as here:
        file = _spool(here, spool)
        before = _size(file)
        client_id = _client_of(here.now(), client)
        shown = look_in_emergency(
            here.door, here.now(), client_id, purpose=purpose, reason=reason, spool=file
        )
        if not isinstance(shown, Shown):
            wish = Wish(wants=tuple(sorted(EMERGENCY_CLASSES)), purpose=purpose)
            stop_inside("Nothing is shown.", told_of(here, client_id, wish), shown)
        row, zone = here.door.vault.authority(client_id).client, here.practice.zone
    page = Page()
    page.headline(f"{row.name} ({short_id(client_id)})", "bold")
    for place, text in shown.entries:
        add_entry(page, place, text, zone)
    if not shown.entries:
        page.paragraph("There is nothing there that keeps someone safe.")
    page.space()
    _say_where(page, file, folder, spooled=_size(file) > before)
    say_styled(page.lines(width_now()))


@contextlib.contextmanager
def _signed_in(entry: Entry, folder: Path) -> Iterator[Inside]:
    with unlocked(folder, opening=open_to_read) as found:
        vault = Vault(found.store, found.keys, found.keyset, Agent())
        heads.compare(vault)
        name, password = name_and_password(entry)
        cookie = sign_in_in_emergency(vault, name, password, now())
        with vault.visit(cookie, now()) as visit:
            yield Inside(Door(vault, asking.loaded(None)), visit)
        with contextlib.suppress(StoreError, SignedOut):
            sign_out(vault, cookie, now())


def _client_of(visit: Visit, client: str) -> bytes:
    """As ever; that somebody asked about a stranger may not be writable."""
    try:
        return client_of(visit, client)
    except StoreError:
        raise Unknown from None


def _spool(here: Inside, given: str | None) -> Path:
    if given is not None:
        return Path(given).absolute()
    file = spool_of(here.door.vault.practice_id)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise BadInput("the spool", "cannot be written", "--spool FILE on another disk") from None
    return file


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _say_where(page: Page, file: Path, folder: Path, *, spooled: bool) -> None:
    if not spooled:
        page.paragraph("The ledger could be written: this look stands there.", style=QUIET)
        return
    page.headline("The ledger could not be written. This look stands in the spool:", "bold yellow")
    page.paragraph(str(file), indent=2)
    page.item("Whoever signs in next from this account takes it over into the ledger.")
    page.item("From elsewhere, or with --spool: angerona ledger upkeep --spool FILE")
    if file.parent.stat().st_dev == folder.stat().st_dev:
        page.item("It lies on the same disk as the data: keep a copy of it elsewhere.")
