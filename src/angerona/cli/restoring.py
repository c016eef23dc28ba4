"""`angerona restore`: a practice from its content, its newest keyset and its boot secret."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from angerona.ciphers.age_files import identity_of_seat
from angerona.ciphers.recovery import from_words
from angerona.cli import heads
from angerona.cli.backing_up import BY, identities_of
from angerona.cli.entrance import ask_unseen, can_ask, now, read_secret
from angerona.cli.files import place_of
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.progress import Told
from angerona.cli.settings import Settings, data_folder, write_settings
from angerona.errors import BadInput
from angerona.practice.backup_files import read_manifest
from angerona.practice.backups import Places, sets_in
from angerona.practice.restoring import STORE_FILE, Sources, heads_beside, newest_sets, restore
from angerona.sealed.hardening import harden
from angerona.sealed.keepers import keeper_at
from angerona.sealed.keepers.file import FileKeeper
from angerona.sealed.keepers.hsm import HsmKeeper
from angerona.sealed.keepers.reading import secret_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.practice.restoring import Restored
    from angerona.sealed.boot import BootSecret
    from angerona.sealed.keepers import Keeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for on the command line; what is missing is asked at the terminal."""

    folder: str
    into: str
    keysets: str | None
    content: str | None
    identity: str | None
    seat_file: str | None
    kit_files: Sequence[str]
    heads: Sequence[str]
    accept_loss: bool
    store: str | None
    keeper: str


def restore_practice(wanted: Wanted) -> None:
    """Restore, and say what it was restored to and what there is to do."""
    harden()
    into = data_folder(wanted.into)
    places = Places.below(
        Path(wanted.folder).absolute(), Path(wanted.keysets).absolute() if wanted.keysets else None
    )
    content, keyset = _sets(places, wanted.content)
    practice_id = read_manifest(content, "content")[0].practice_id
    known = [_head(name) for name in wanted.heads]
    known += heads_beside((places.content, places.keyset, into), practice_id)
    remembered = heads.remembered(practice_id)
    known += [remembered] if remembered else []
    identities = _identities(wanted)
    with _boot_secret(wanted, into) as boot:
        found = restore(
            Sources(
                content=content,
                keyset=keyset,
                identities=identities,
                boot=boot,
                heads=known,
                accept_loss=wanted.accept_loss,
            ),
            into,
            wanted.store,
            finish=partial(_finish, wanted, into, boot),
            by=BY,
            at=now(),
            tell=Told(),
        )
    heads.remember_head(practice_id, found.head)
    say_styled(_told(found, into, content.name, keyset.name).lines(width_now()))


def _sets(places: Places, name: str | None) -> tuple[Path, Path]:
    content, keyset = newest_sets(places.content, places.keyset)
    if name is None:
        return content, keyset
    for one in sets_in(places.content):
        if one.name == name:
            return one, keyset
    raise BadInput("--content", "no such set", f"the newest is {content.name}")


def _identities(wanted: Wanted) -> list[str]:
    """What opens the keyset: a file of identities, or a key holder's words."""
    if wanted.identity is not None:
        return identities_of(wanted.identity)
    words = (
        ask_unseen("The 24 words of any key holder's seat")
        if wanted.seat_file is None
        else read_secret(wanted.seat_file, "the seat file")
    )
    return [identity_of_seat(from_words(words))]


def _boot_secret(wanted: Wanted, into: Path) -> BootSecret:
    """From the recovery kit where files of it are given, else from the keeper."""
    if wanted.kit_files:
        texts = [read_secret(one, "the kit file") for one in wanted.kit_files]
        return secret_from(texts, ask_unseen if can_ask() else None)
    return _keeper(wanted, into).fetch()


def _keeper(wanted: Wanted, folder: Path) -> Keeper:
    ask = ask_unseen if can_ask() else None
    return keeper_at(wanted.keeper, folder=folder, ask=ask)


def _finish(wanted: Wanted, into: Path, boot: BootSecret, draft: Path, practice_id: bytes) -> None:
    """Lay the settings, and have a keeper that keeps it itself take the boot secret in."""
    keeper = _keeper(wanted, draft)
    if wanted.kit_files and isinstance(keeper, FileKeeper | HsmKeeper):
        keeper.create(boot)
    address = wanted.store or f"sqlite://{quote(str(into / STORE_FILE))}"
    settings = Settings(store=address, keeper=wanted.keeper, practice=practice_id.hex())
    write_settings(draft, settings, replace=False)


def _head(name: str) -> str:
    with contextlib.suppress(OSError, ValueError):
        return Path(name).read_text("utf-8")[: heads.HEAD_BYTES_MAX]
    raise BadInput(place_of(name), "no readable text file", "a remembered head")


def _told(found: Restored, into: Path, content: str, keyset: str) -> Page:
    page = Page()
    page.headline(f"The practice is restored in {into}.", "bold green")
    page.item(f"The content is of {content}, the keyset of {keyset}.")
    page.item(f"Its ledger went on from {found.size} lines, says that it was restored, and signed.")
    if found.lost:
        page.item(
            f"{found.lost} newer lines are lost, as you accepted. Whoever kept a receipt of them "
            "will see that. Tell the people concerned what you know of that time.",
            style="bold red",
        )
    if found.erased_rows:
        page.item(f"{found.erased_rows} rows of clients erased since were left behind.")
    if found.bound_again:
        page.item(
            f"Of {found.bound_again} people and clients the newer keyset said what holds now: "
            "consents and ties ended since then stay ended."
        )
    page.item("Nobody is signed in. Passwords are those of the keyset's day.")
    page.item(f"Next: angerona doctor --data {into}")
    return page
