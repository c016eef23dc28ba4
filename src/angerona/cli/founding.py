"""`angerona init`: found a practice, and hand over the papers that it cannot live without.

The settings are written last: until then nothing here is a practice, and what was begun is removed
again if anything fails.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from angerona.ciphers.recovery import to_words
from angerona.cli import asking
from angerona.cli.entrance import KEYSET_FILE, asked_for, new_password, now
from angerona.cli.output import say_styled
from angerona.cli.page import Page, capital, width_now
from angerona.cli.places import NAMES, packs_of
from angerona.cli.settings import SETTINGS_FILE, Settings, data_folder, make_folder, write_settings
from angerona.errors import BadInput, MissingExtra, one_of
from angerona.notices.packet_files import PAPERS
from angerona.notices.papers import recovery_kit, seat_paper
from angerona.practice.founding import NewPractice, found
from angerona.practice.members import NewMember
from angerona.sealed.boot import BootSecret
from angerona.sealed.compartments import BY_POST
from angerona.sealed.hardening import harden
from angerona.sealed.keepers import keeper_at
from angerona.sealed.keepers.file import FileKeeper
from angerona.sealed.keepers.hsm import HsmKeeper
from angerona.sealed.private_files import write_private
from angerona.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from angerona.practice.founding import Founded
    from angerona.sealed.keepers import Keeper

STORE_FILE: Final = "practice.db"
FEWEST: Final = 2
"""The smallest quorum there is."""
OPENING: Final = "angerona keys open"
"""What the papers say to run."""
_EXAMPLES: Final = "such as US-CA, UK, IE or AU-NSW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for on the command line; what is missing is asked at the terminal."""

    data: str | None
    name: str | None
    place: str | None
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
    password_file: str | None


def found_practice(wanted: Wanted) -> None:
    """Found a practice in the data folder and say what to do with its papers."""
    harden()
    folder = data_folder(wanted.data)
    papers = Path(wanted.papers).absolute() if wanted.papers else papers_beside(folder)
    _check_empty(folder, papers, wanted)
    practice, member = _practice(wanted), _member(wanted)
    keeper = keeper_at(wanted.keeper, folder=folder, ask=None)
    password = new_password(wanted.password_file, "A new password")
    make_folder(folder)
    with _removed_on_failure(folder, papers), _boot(keeper) as boot:
        address = wanted.store or f"sqlite:///{quote(str(folder / STORE_FILE))}"
        store = open_store(address)
        try:
            made = found(
                store, boot, folder / KEYSET_FILE, practice, member, password=password, at=now()
            )
            kinds = _write_papers(papers, made, practice, boot, wanted.paper)
            if isinstance(keeper, FileKeeper | HsmKeeper):
                keeper.create(boot)
            practice_id = made.vault.practice_id.hex()
            settings = Settings(store=address, keeper=wanted.keeper, practice=practice_id)
            write_settings(folder, settings, replace=False)
        finally:
            store.close()
    say_styled(_told(made, practice, keeper, papers, kinds).lines(width_now()))


def papers_beside(folder: Path) -> Path:
    """Where the papers are put if nobody says otherwise: never in the data folder itself."""
    return folder.with_name(f"{folder.name}-papers")


def _check_empty(folder: Path, papers: Path, wanted: Wanted) -> None:
    for name in (SETTINGS_FILE, KEYSET_FILE, STORE_FILE):
        if (folder / name).exists():
            raise BadInput("the data folder", "there is a practice already", "an empty folder")
    if papers.exists() or papers == folder:
        raise BadInput("the folder for the papers", "is there already", "--papers NEW-FOLDER")
    if wanted.paper not in PAPERS:
        raise BadInput("--paper", "no such paper", one_of(PAPERS, wanted.paper))


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
        packs=named,
        seats=seats,
        quorum=wanted.quorum if wanted.quorum is not None else len(seats) // 2 + 1,
    )


def _member(wanted: Wanted) -> NewMember:
    return NewMember(
        name=wanted.member or asked_for("Your own name, as colleagues know you"),
        roles=tuple(wanted.roles) or _listed(asked_for("Your profession (such as psychologist)")),
        posts=tuple(wanted.posts) or tuple(BY_POST),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _boot(keeper: Keeper) -> BootSecret:
    """A new boot secret, save where systemd has been given one already."""
    return keeper.fetch() if keeper.name == "systemd" else BootSecret.fresh()


@contextlib.contextmanager
def _removed_on_failure(folder: Path, papers: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        begun = [folder / KEYSET_FILE, *folder.glob(f"{STORE_FILE}*"), *papers.glob("*")]
        for path in begun:
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            papers.rmdir()
        raise


def _write_papers(
    papers: Path, made: Founded, practice: NewPractice, boot: BootSecret, paper: str
) -> str:
    """Write the recovery kit and a paper for each seat; says in which form."""
    make_folder(papers)
    try:
        _write_pdfs(papers, made, practice, boot, paper)
    except MissingExtra:
        _write_texts(papers, made, practice, boot)
        return "text files"
    return "PDFs"


def _write_pdfs(
    papers: Path, made: Founded, practice: NewPractice, boot: BootSecret, paper: str
) -> None:
    kit = recovery_kit(
        boot.revealed(), practice=practice.name, command=OPENING, at=now(), paper=paper
    )
    _write(papers / "recovery-kit.pdf", kit)
    for seat in made.papers:
        page = seat_paper(
            seat.secret,
            practice=practice.name,
            seat=seat.number,
            needed=practice.quorum,
            seats=len(made.papers),
            command=OPENING,
            at=now(),
            paper=paper,
        )
        _write(papers / f"seat-{seat.number}.pdf", page)


def _write_texts(papers: Path, made: Founded, practice: NewPractice, boot: BootSecret) -> None:
    """The same words without the typesetter: to be copied by hand, or printed as they are."""
    secrets = {"recovery-kit": ("Recovery kit: the boot secret", boot.revealed())}
    for seat in made.papers:
        title = f"Key holder's paper: seat {seat.number} of {len(made.papers)}"
        secrets[f"seat-{seat.number}"] = (title, seat.secret)
    for name, (title, secret) in secrets.items():
        text = f"{title}\n{practice.name}\n\n{to_words(secret)}\n"
        _write(papers / f"{name}.txt", text.encode())


def _write(path: Path, data: bytes) -> None:
    write_private(path, data, _refused, replace=False)


def _refused(wrong: str, allowed: str) -> BadInput:
    return BadInput("a paper", wrong, allowed)


def _told(made: Founded, practice: NewPractice, keeper: Keeper, papers: Path, kinds: str) -> Page:
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
    page.paragraph(f"{seats + 1} {kinds} lie in {papers}", indent=2)
    page.item(
        "The recovery kit is the boot secret. If it is lost, and what keeps it too, every record "
        "of this practice is lost for good. Put it into a safe, away from this machine."
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
