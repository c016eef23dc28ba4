"""The recovery kit on paper, whole or in shares: at the founding, and again later.

`angerona keys kit`: whoever runs the machine, and can fetch the boot secret from its keeper, needs
nobody's leave to read it; so the ledger says that it was printed, before it is.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.ciphers.recovery import to_words
from angerona.cli.backing_up import BY
from angerona.cli.entrance import fetched, now, opened
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.settings import data_folder, make_folder
from angerona.errors import BadInput, MissingExtra, one_of
from angerona.notices.packet_files import PAPERS
from angerona.notices.papers import kit_share, recovery_kit
from angerona.sealed.kit import check_split, kit_shares
from angerona.sealed.private_files import write_private

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Sequence

    from angerona.sealed.boot import BootSecret

OPENING: Final = "angerona doctor"
"""What the whole kit says to run."""
_SPLIT: Final = re.compile(r"(\d{1,2})/(\d{1,2})\Z")


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """One paper: the name of its file, its page, and the same in plain text."""

    name: str
    page: Callable[[], bytes]
    text: str


def split_of(text: str | None) -> tuple[int, int] | None:
    """How many shares are needed, of how many, from a text such as 2/3. Raises `BadInput`."""
    if text is None:
        return None
    found = _SPLIT.match(text)
    if found is None:
        raise BadInput("the shares", "not k/n", "such as 2/3: any two of three papers")
    needed, shares = int(found[1]), int(found[2])
    check_split(needed, shares)
    return needed, shares


def kit_sheets(
    boot: BootSecret,
    practice: str,
    paper: str,
    split: tuple[int, int] | None,
    *,
    at: datetime.datetime,
) -> list[Sheet]:
    """The papers of the recovery kit: the whole of it, or a new set of shares, made `at`."""
    if split is None:
        page = partial(
            recovery_kit, boot.revealed(), practice=practice, command=OPENING, at=at, paper=paper
        )
        title = f"Recovery kit: the boot secret\n{practice}"
        return [Sheet("recovery-kit", page, f"{title}\n\n{to_words(boot.revealed())}\n")]
    needed, count = split
    sheets: list[Sheet] = []
    for share in kit_shares(boot, needed, count):
        page = partial(
            kit_share,
            share.words,
            practice=practice,
            number=share.number,
            needed=needed,
            shares=count,
            set_name=share.set_name,
            at=at,
            paper=paper,
        )
        title = f"Recovery kit: share {share.number} of {count}, {needed} needed"
        text = f"{title}, set {share.set_name}\n{practice}\n\n{share.words}\n"
        sheets.append(Sheet(f"kit-share-{share.number}", page, text))
    return sheets


def check_papers(papers: Path, folder: Path, paper: str) -> None:
    """Raise `BadInput` where papers cannot be put: they go into a new folder, not into the data."""
    if papers.exists() or papers == folder:
        raise BadInput("the folder for the papers", "is there already", "--papers NEW-FOLDER")
    if paper not in PAPERS:
        raise BadInput("--paper", "no such paper", one_of(PAPERS, paper))


def papers_beside(folder: Path) -> Path:
    """Where the papers are put if nobody says otherwise: never in the data folder itself."""
    return folder.with_name(f"{folder.name}-papers")


@contextlib.contextmanager
def drafted_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill while the block runs; it is removed if that fails.

    What an earlier run left there, because it was killed, is removed first.
    """
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    make_folder(draft)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_sheets(folder: Path, sheets: Sequence[Sheet]) -> str:
    """Write papers into a folder; says in which form: text files where nothing typesets."""
    try:
        for one in sheets:
            _write(folder / f"{one.name}.pdf", one.page())
    except MissingExtra:
        for one in sheets:
            _write(folder / f"{one.name}.txt", one.text.encode())
        return "text files"
    return "PDFs"


def print_again(data: str | None, *, split: str | None, papers: str | None, paper: str) -> None:
    """Write the recovery kit once more, whole or as a new set of shares."""
    folder, shares = data_folder(data), split_of(split)
    target = Path(papers).absolute() if papers else papers_beside(folder)
    check_papers(target, folder, paper)
    with (
        fetched(folder) as (boot, keys),
        opened(folder, keys=keys) as vault,
        drafted_folder(target) as draft,
    ):
        practice = vault.practice()
        at = practice.local(now())
        sheets = kit_sheets(boot, practice.row.name, paper, shares, at=at)
        said = {"what": "the recovery kit was printed", "shares": split or "whole"}
        vault.record(vault.practice_id, "keys", {"by": BY, **said}, now())
        kinds = write_sheets(draft, sheets)
        draft.rename(target)
    page = Page()
    page.headline("The recovery kit is written once more. Print it, and delete the files.", "bold")
    page.paragraph(f"{len(sheets)} {kinds} lie in {target}", indent=2)
    if shares is not None:
        page.item(
            f"Any {shares[0]} of them are the boot secret; {shares[0] - 1} say nothing of it."
        )
        page.item("Give them to different people or safes, and none to whoever keeps a backup.")
    page.item(
        "Papers printed before stay good, the whole one and every set, as long as the boot secret "
        "is the same: whoever found enough of those needs none of these."
    )
    say_styled(page.lines(width_now()))


def _write(path: Path, data: bytes) -> None:
    write_private(path, data, partial(BadInput, "a paper"), replace=False)
