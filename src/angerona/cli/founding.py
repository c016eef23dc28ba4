"""`angerona init`: found a practice, and hand over the papers that it cannot live without.

All of it is made in drafts, and gets its place at the end, the settings last: until then nothing
here is a practice. What was begun is removed if anything fails, and by the next run if this one was
killed.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from angerona.cli import asking
from angerona.cli.entrance import KEYSET_FILE, asked_for, new_password, now
from angerona.cli.kit import (
    check_papers,
    drafted_folder,
    kit_sheets,
    papers_beside,
    split_of,
    write_sheets,
)
from angerona.cli.output import say_styled
from angerona.cli.page import Page, capital, width_now
from angerona.cli.places import NAMES, ZONES, packs_of, zone_of
from angerona.cli.seats import seat_sheets
from angerona.cli.settings import (
    SETTINGS_FILE,
    Settings,
    data_folder,
    make_folder,
    read_settings,
    write_settings,
)
from angerona.errors import AngeronaError, BadInput, one_of
from angerona.practice.founding import NewPractice, found
from angerona.practice.members import NewMember
from angerona.sealed.boot import BootSecret
from angerona.sealed.compartments import BY_POST
from angerona.sealed.hardening import harden
from angerona.sealed.keepers import keeper_at
from angerona.sealed.keepers.file import FileKeeper
from angerona.sealed.keepers.hsm import HsmKeeper
from angerona.sealed.keyset import Keyset
from angerona.sealed.private_files import put_in_place
from angerona.sealed.zones import zone_named
from angerona.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from angerona.cli.kit import Sheet
    from angerona.practice.founding import Founded
    from angerona.sealed.keepers import Keeper

STORE_FILE: Final = "practice.db"
FEWEST: Final = 2
"""The smallest quorum there is."""
_DRAFT: Final = ".founding"
_EXAMPLES: Final = "such as US-CA, UK, IE or AU-NSW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for on the command line; what is missing is asked at the terminal."""

    data: str | None
    name: str | None
    place: str | None
    zone: str | None
    packs: str | None
    member: str | None
    roles: Sequence[str]
    posts: Sequence[str]
    seats: Sequence[str]
    quorum: int | None
    store: str | None
    keeper: str
    papers: str | None
    paper: str
    kit_shares: str | None
    password_file: str | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked:
    """All that a founding needs, from whoever asked for it. `keeper` is an address of a keeper.

    The store is in the data folder (`folder`) unless `store` names another; `split` is the k of n
    of the recovery kit's shares, if there are to be any.
    """

    folder: Path
    papers: Path
    store: str | None
    keeper: str
    paper: str
    split: tuple[int, int] | None
    practice: NewPractice
    member: NewMember
    password: str


@dataclass(frozen=True, slots=True, repr=False)
class Laid:
    """A practice that has its place: what was made, its keeper, how many papers, of which kind."""

    made: Founded
    keeper: Keeper
    sheets: int
    kinds: str


def found_practice(wanted: Wanted) -> None:
    """Found a practice in the data folder and say what to do with its papers."""
    harden()
    folder = data_folder(wanted.data)
    papers = Path(wanted.papers).absolute() if wanted.papers else papers_beside(folder)
    check_empty(folder)
    check_papers(papers, folder, wanted.paper)
    split = split_of(wanted.kit_shares)
    practice, member = _practice(wanted), _member(wanted)
    keeper_at(wanted.keeper, folder=folder, ask=None)  # before a password is asked for
    asked = Asked(
        folder=folder,
        papers=papers,
        store=wanted.store,
        keeper=wanted.keeper,
        paper=wanted.paper,
        split=split,
        practice=practice,
        member=member,
        password=new_password(wanted.password_file, "A new password"),
    )
    laid = lay(asked)
    lie = f"{laid.sheets} {laid.kinds} lie in {papers}"
    say_styled(_told(laid.made, practice, laid.keeper, lie, split).lines(width_now()))


def lay(asked: Asked) -> Laid:
    """Found a practice and write its papers: all of it gets its place, or nothing does.

    Raises `BadInput`, also for a folder with a practice in it, and `KeeperFailure`.
    """
    folder, practice = asked.folder, asked.practice
    check_empty(folder)
    check_papers(asked.papers, folder, asked.paper)
    keeper = keeper_at(asked.keeper, folder=folder, ask=None)
    make_folder(folder)
    left = _left_with(keeper, folder)
    with (
        left or _new_boot(keeper) as boot,
        _begun(folder) as draft,
        drafted_folder(asked.papers) as pages,
    ):
        store = open_store(asked.store or _address(draft))
        try:
            made = found(
                store,
                boot,
                draft / KEYSET_FILE,
                practice,
                asked.member,
                password=asked.password,
                at=now(),
            )
        finally:
            store.close()
        sheets = _sheets(asked, boot, made)
        kinds = write_sheets(pages, sheets)
        settings = Settings(
            store=asked.store or _address(folder),
            keeper=asked.keeper,
            practice=made.vault.practice_id.hex(),
        )
        write_settings(draft, settings, replace=False)
        if left is None and isinstance(keeper, FileKeeper | HsmKeeper):
            keeper.create(boot)
        pages.rename(asked.papers)
        put_in_place(draft, folder, last=SETTINGS_FILE)
    return Laid(made, keeper, len(sheets), kinds)


def _sheets(asked: Asked, boot: BootSecret, made: Founded) -> list[Sheet]:
    """The papers of a founding: the recovery kit, its shares if wished, and one of each seat."""
    name, paper, at = (
        asked.practice.name,
        asked.paper,
        now().astimezone(zone_named(asked.practice.zone)),
    )
    sheets = kit_sheets(boot, name, paper, None, at=at)
    sheets += kit_sheets(boot, name, paper, asked.split, at=at) if asked.split else []
    return sheets + seat_sheets(
        made.papers,
        name,
        needed=asked.practice.quorum,
        seats=len(made.papers),
        at=at,
        paper=paper,
    )


def check_empty(folder: Path) -> None:
    """Refuse a folder with a practice in it; what a killed founding had put there is removed."""
    names = (SETTINGS_FILE, KEYSET_FILE, STORE_FILE)
    there = [folder / name for name in names if (folder / name).exists()]
    if (folder / SETTINGS_FILE).exists() or (there and not _was_broken_off(folder)):
        raise BadInput("the data folder", "there is a practice already", "an empty folder")


def _was_broken_off(folder: Path) -> bool:
    """Whether a founding was killed with all of it made: its settings were to move last."""
    return (folder / _DRAFT / SETTINGS_FILE).exists()


def _left_with(keeper: Keeper, folder: Path) -> BootSecret | None:
    """The boot secret that a killed founding left with its keeper, to be used for this one."""
    if not isinstance(keeper, FileKeeper | HsmKeeper) or not _was_broken_off(folder):
        return None
    with contextlib.suppress(AngeronaError):
        practice_id = read_settings(folder / _DRAFT).practice_id
        boot = keeper.fetch()
        for path in (folder / _DRAFT / KEYSET_FILE, folder / KEYSET_FILE):
            if path.exists():
                Keyset.load(path, practice_id, boot.derived(practice_id)).signer()
                return boot
    return None


@contextlib.contextmanager
def _begun(folder: Path) -> Iterator[Path]:
    """A draft of the data folder while the block runs, and then gone."""
    draft = folder / _DRAFT
    if _was_broken_off(folder):
        for path in (folder / KEYSET_FILE, *folder.glob(f"{STORE_FILE}*")):
            path.unlink(missing_ok=True)
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _address(folder: Path) -> str:
    return f"sqlite:///{quote(str(folder / STORE_FILE))}"


def _practice(wanted: Wanted) -> NewPractice:
    packs = asking.loaded(None)
    place = (wanted.place or asked_for(f"Where is the practice ({_EXAMPLES})")).upper()
    if place not in NAMES:
        raise BadInput("--place", "no place that is known here", _EXAMPLES)
    named = _listed(wanted.packs) if wanted.packs else packs_of(place, packs)
    for one in named:
        if one not in packs.packs:
            raise BadInput("--packs", "a pack that is not loaded", one_of(packs.packs, one))
    seats = tuple(wanted.seats) or _listed(
        asked_for("Who keeps the key papers? Three or more, with commas between")
    )
    return NewPractice(
        name=wanted.name or asked_for("The name of the practice"),
        place=place,
        zone=_zone(place, wanted.zone),
        packs=named,
        seats=seats,
        quorum=wanted.quorum if wanted.quorum is not None else len(seats) // 2 + 1,
    )


def _zone(place: str, given: str | None) -> str:
    """The zone that was given; the place's own where it has but one; else somebody is asked."""
    if given is None and len(ZONES[place]) > 1:
        given = asked_for(f"Its time zone ({', '.join(ZONES[place])})")
    return zone_of(place, given or "")


def _member(wanted: Wanted) -> NewMember:
    return NewMember(
        name=wanted.member or asked_for("Your own name, as colleagues know you"),
        roles=tuple(wanted.roles) or _listed(asked_for("Your profession (such as psychologist)")),
        posts=tuple(wanted.posts) or tuple(BY_POST),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _new_boot(keeper: Keeper) -> BootSecret:
    """A new boot secret, save where systemd has been given one already."""
    return keeper.fetch() if keeper.name == "systemd" else BootSecret.fresh()


def _told(
    made: Founded,
    practice: NewPractice,
    keeper: Keeper,
    lie: str,
    split: tuple[int, int] | None,
) -> Page:
    seats, needed = len(made.papers), practice.quorum
    page = Page()
    page.headline(
        "The practice is founded. Before the first client, do these three things.", "bold"
    )
    page.heading("1. Write down your recovery code")
    page.paragraph(made.first.recovery_code, indent=4, style="bold")
    page.paragraph(
        "It lets you in if you forget your password. It is shown this once and kept nowhere. If "
        "you lose both, nobody reads what you keep apart, and the rest only as in 2.",
        indent=2,
    )
    page.heading("2. Print the papers, hand them out, and delete the files")
    page.paragraph(lie, indent=2)
    page.item(
        "The recovery kit is the boot secret. If it is lost, and what keeps it too, every record "
        "of this practice is lost for good. Put it into a safe, away from this machine."
    )
    if split is not None:
        page.item(
            f"The {split[1]} shares of the kit are the same secret: any {split[0]} of them "
            "do what the whole kit does. They go to different people or safes."
        )
    fewer = "one alone opens" if needed == FEWEST else f"{needed - 1} open"
    page.item(
        f"The {seats} seats go to {seats} different people or safes. {needed} of them together "
        f"open one client's record if you cannot; {fewer} nothing. If fewer than {needed} are "
        "left, a record that nobody can sign in to is lost."
    )
    page.heading("3. Know what keeps the boot secret")
    page.paragraph(f"{capital(keeper.describe())}.", indent=2)
    page.space()
    page.paragraph(f"The law loaded: {', '.join(practice.packs)}. Next: angerona doctor")
    return page
