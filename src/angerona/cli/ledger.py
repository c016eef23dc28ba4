"""`angerona ledger fsck` and `ledger tiles`: the ledger as a whole, checked and exported.

Nobody signs in: the boot secret is enough, and nothing of any record is opened.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.cli.asking import loaded
from angerona.cli.entrance import now, opened, unlocked
from angerona.cli.files import place_of
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.progress import Bar
from angerona.cli.settings import data_folder
from angerona.cli.spools import spool_of
from angerona.errors import AngeronaError, BadInput
from angerona.gate.emergency import absorb
from angerona.ledger.checking import CHECKS, fsck
from angerona.practice.breach_alarms import open_by_itself
from angerona.practice.maturity import raise_what_comes
from angerona.practice.putting_off import weigh_again
from angerona.practice.upkeep import keep_up
from angerona.sealed.checking import CHECKS as ROW_CHECKS
from angerona.sealed.checking import check_rows
from angerona.sealed.event_keys import EventKeys
from angerona.sealed.vault import origin_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.ledger.checking import Finding

HEAD_BYTES_MAX: Final = 100_000
KEYS_FILE: Final = "keys"
HOLDS: Final = {**CHECKS, **ROW_CHECKS}
"""What should hold: of the ledger, then of the rows beside it."""
_REMEMBERED: Final = "remembered"
_HONEST: Final = (
    "No head that was remembered elsewhere was given. Without one, nobody can see whether the "
    "whole ledger was set back, or rewritten by someone who holds its key."
)


def check(data: str | None, remembered: Sequence[str]) -> int:
    """Work the whole ledger out again, then compare the rows beside it; 1 if one is wrong."""
    folder = data_folder(data)
    heads = [_head(name) for name in remembered]
    with unlocked(folder) as found:
        practice_id = found.keyset.practice_id
        findings = fsck(
            found.store,
            practice_id,
            origin=origin_of(practice_id),
            public=found.keyset.signer().public,
            directory_key=found.keys.directory,
            keys=EventKeys(found.store, found.keyset),
            remembered=heads,
        )
    if not findings:
        with opened(folder) as vault:
            findings = check_rows(vault, now())
            if findings:
                with suppress(AngeronaError):  # what is wrong may be what an incident stands on
                    open_by_itself(vault, "tampering", now())
    say_styled(_page(findings, remembered=bool(heads)).lines(width_now()))
    return int(bool(findings))


def _page(findings: Sequence[Finding], *, remembered: bool) -> Page:
    page = Page()
    wrong = {one.check for one in findings}
    rows_came_too = not wrong & set(CHECKS)
    for name, holds in (HOLDS if rows_came_too else CHECKS).items():
        if name not in wrong and (remembered or name != _REMEMBERED):
            page.item(holds, "fine  ", indent=0)
    for one in findings:
        page.space()
        page.headline(f"Wrong: {one.sentence}", "bold red")
        page.item(f"this should hold: {HOLDS[one.check]}")
    page.space()
    if findings:
        page.headline("The ledger is not whole. Keep this disk as it is.", "bold red")
        page.paragraph("Restore from a backup, and find out who could write to the database.")
    else:
        page.headline("The ledger is whole.", "bold green")
    if not remembered:
        page.paragraph(_HONEST)
    return page


def remember(data: str | None, *, anew: bool) -> None:
    """Have this account remember the ledger as it is now."""
    with opened(data_folder(data), anew=anew) as vault:
        head = vault.ledger.head()
    page = Page()
    page.headline("This account remembers the ledger as it is now:", "bold green")
    for line in head.strip().splitlines()[:3]:
        page.paragraph(line, indent=2)
    page.paragraph("Whoever keeps these lines elsewhere can tell later whether it was set back.")
    say_styled(page.lines(width_now()))


def upkeep(data: str | None, *, spool: str | None) -> None:
    """What a practice needs once a day; take over what an emergency left in a spool."""
    with opened(data_folder(data)) as vault:
        own = spool_of(vault.practice_id)
        taken = absorb(vault, own if spool is None else Path(spool), now())
        packs = loaded(None)
        weigh_again(vault, packs, now())  # before anything opens today
        total = len(vault.store.rows("clients.ids", practice_id=vault.practice_id))
        with Bar("Blank lines", total) as bar:
            done = keep_up(vault, now(), step=bar.at)
        raised = raise_what_comes(vault, packs, now())
    page = Page()
    page.headline("The practice is kept up for today.", "bold green")
    page.item(f"{done.blanks} blank lines written, so that a line held back shows nowhere")
    if raised:
        page.item(f"{raised} things are to be looked at: ages, consents, who stands for a client")
    if done.owed.turn:
        page.item(
            f"{done.owed.turn} records have keys to turn: whoever treats does it by signing in"
        )
    if done.owed.share:
        page.item(f"{done.owed.share} records still stand on former seats of the key holders")
    if spool is not None or taken.taken:
        page.item(f"{taken.taken} looks of an emergency taken over from the spool")
    for number in taken.broken:
        page.item(f"line {number} of the spool is not an event anybody here signed; it was kept")
    say_styled(page.lines(width_now()))


def _head(name: str) -> str:
    try:
        with Path(name).open("rb") as source:
            return source.read(HEAD_BYTES_MAX).decode()
    except (OSError, ValueError):
        raise BadInput(place_of(name), "no readable text file", "a remembered head") from None


def export(data: str | None, folder: str) -> None:
    """Write the ledger as tiles that other people's tools read; only what is new is written."""
    with opened(data_folder(data)) as vault:
        vault.ledger.checkpoint(now())
        try:
            written = vault.ledger.export(Path(folder))
            keys = "".join(f"{key}\n" for key in vault.ledger.published_keys())
            (Path(folder) / KEYS_FILE).write_text(keys, encoding="ascii")
        except OSError as problem:
            reason = problem.strerror or ""
            raise BadInput("the folder for the tiles", "cannot be written", reason) from None
    page = Page()
    page.headline(f"Written: the checkpoint, and {written} new tiles.", "bold green")
    page.paragraph(
        f"They hold labels and hashes, and no word of anybody. The file {KEYS_FILE} beside them "
        "holds the two keys that sign the checkpoint; whoever checks it should have them from you."
    )
    say_styled(page.lines(width_now()))
