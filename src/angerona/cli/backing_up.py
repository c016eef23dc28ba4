"""`angerona backup`: two sets, read back; and what becomes of the older keysets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.ciphers.age_files import identities_in
from angerona.cli.entrance import now, opened, read_secret
from angerona.cli.output import say_styled
from angerona.cli.page import QUIET, Page, width_now
from angerona.cli.progress import Told
from angerona.cli.settings import data_folder
from angerona.practice.backups import KEYSET_DAYS_MAX, Places, overdue, prune_keysets
from angerona.practice.backups import back_up as backed_up

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

    from angerona.practice.backups import BackedUp
    from angerona.sealed.vault import Vault

BY: Final = {"name": "the command line"}
"""Nobody is signed in: whoever runs the machine and is given the boot secret."""
BY_SERVER: Final = {"name": "the server"}


def back_up(
    data: str | None,
    folder: str,
    *,
    keysets: str | None,
    to: Sequence[str],
    identity: str | None,
    prune: bool,
) -> int:
    """Make a backup and say where it lies; 1 where something has to be done about it, else 0."""
    places = Places.below(Path(folder).absolute(), Path(keysets).absolute() if keysets else None)
    identities = identities_of(identity) if identity else []
    with opened(data_folder(data)) as vault:
        made = backed_up(vault, places, to=to, identities=identities, by=BY, at=now(), tell=Told())
        gone = prune_keysets(places.keyset, vault.practice_id, now()) if prune else []
        old = overdue(places.keyset, vault.practice_id, now())
    page = _made(made, opened_too=bool(identities))
    if gone:
        page.item(f"{len(gone)} keyset sets older than {KEYSET_DAYS_MAX} days were deleted")
    _complaints(page, made, old)
    say_styled(page.lines(width_now()))
    return int(bool(old) or made.not_vouched > 0)


def daily_backup(folder: str, keysets: str | None) -> Callable[[Vault, datetime.datetime], None]:
    """What makes the backup of a day while the practice is served, and deletes keysets too old."""
    places = Places.below(Path(folder).absolute(), Path(keysets).absolute() if keysets else None)

    def back_up_now(vault: Vault, at: datetime.datetime) -> None:
        backed_up(vault, places, to=(), identities=[], by=BY_SERVER, at=at, tell=_silently)
        prune_keysets(places.keyset, vault.practice_id, at)

    return back_up_now


def _silently(_what: str, _done: int, _total: int) -> None:
    """Nobody sits before a server."""


def identities_of(file: str) -> list[str]:
    """The age identities in a file of its owner's alone. Raises `BadInput`."""
    return identities_in(read_secret(file, "the identity file"))


def _made(made: BackedUp, *, opened_too: bool) -> Page:
    page = Page()
    size = f"{made.bytes / 1e6:.1f} MB"
    page.headline(f"The backup is made and was read back: {made.rows} rows, {size}.", "bold green")
    page.item(f"content: {made.content}")
    page.item(
        "Keep it as long as the records must be kept. Alone it opens nothing.", "  ", indent=2
    )
    page.item(f"keyset: {made.keyset}")
    page.item(
        f"Keep it {KEYSET_DAYS_MAX} days at most, and not where the content lies. Each of "
        f"{made.recipients} recipients opens it alone; even so no record opens without the boot "
        "secret, and then only to people's own passwords or to the quorum of key holders.",
        "  ",
        indent=2,
    )
    page.item("The boot secret is in neither: without its paper nothing can be restored.")
    if not opened_too:
        page.paragraph("The keyset was not opened, as no --identity was given.", style=QUIET)
    return page


def _complaints(page: Page, made: BackedUp, old: Sequence[Path]) -> None:
    if made.not_vouched:
        page.space()
        page.headline(
            f"Of {made.not_vouched} people or clients the rows are not what the ledger holds.",
            "bold red",
        )
        page.item("Somebody changed the database. Run angerona ledger fsck; keep older backups.")
    if old:
        page.space()
        page.headline(f"{len(old)} keyset sets are older than {KEYSET_DAYS_MAX} days.", "bold red")
        page.item("Whoever was erased since can still be opened from them. Delete all copies.")
        page.item("angerona backup --prune deletes those in this folder.")
