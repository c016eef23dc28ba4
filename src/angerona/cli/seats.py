"""`angerona keys seats` and `share-anew`: other key holders, and records shared out to them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.ciphers.recovery import to_words
from angerona.cli.entrance import inside, now
from angerona.cli.keys import seat_secret
from angerona.cli.kit import Sheet, check_papers, drafted_folder, papers_beside, write_sheets
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.progress import Bar
from angerona.cli.settings import data_folder
from angerona.notices.papers import seat_paper
from angerona.practice.seats import NewSeats, change_seats, share_out_anew

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from angerona.cli.entrance import Entry, Inside
    from angerona.practice.founding import SeatPaper

OPENING: Final = "angerona keys open"
"""What the papers of seats say to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What changes, who agrees to it by which papers, and where the new papers go."""

    removed: Sequence[int]
    added: Sequence[str]
    quorum: int | None
    seat_files: Sequence[str]
    papers: str | None
    paper: str


def seat_sheets(
    papers: Sequence[SeatPaper],
    practice: str,
    *,
    needed: int,
    seats: int,
    at: datetime.datetime,
    paper: str,
) -> list[Sheet]:
    """A paper for each of some seats, of so many of which `needed` must agree, made `at`."""
    sheets: list[Sheet] = []
    for seat in papers:
        page = partial(
            seat_paper,
            seat.secret,
            practice=practice,
            seat=seat.number,
            needed=needed,
            seats=seats,
            command=OPENING,
            at=at,
            paper=paper,
        )
        title = f"Key holder's paper: seat {seat.number} of {seats}\n{practice}"
        sheets.append(Sheet(f"seat-{seat.number}", page, f"{title}\n\n{to_words(seat.secret)}\n"))
    return sheets


def change(entry: Entry, wanted: Wanted) -> None:
    """Change the list of seats on the word of a quorum, and write the new papers."""
    folder = data_folder(entry.data)
    target = Path(wanted.papers).absolute() if wanted.papers else papers_beside(folder)
    if wanted.added:
        check_papers(target, folder, wanted.paper)
    with inside(entry) as here:
        vault = here.door.vault
        before = vault.practice().row
        quorum = before.quorum if wanted.quorum is None else wanted.quorum
        new = NewSeats(removed=tuple(wanted.removed), added=tuple(wanted.added), quorum=quorum)
        secrets = _secrets(here, wanted.seat_files)
        seats = len(vault.practice().seats) - len(set(new.removed)) + len(new.added)
        kinds = ""

        def put_down(papers: Sequence[SeatPaper]) -> None:
            nonlocal kinds
            if not papers:
                return
            sheets = seat_sheets(
                papers,
                before.name,
                needed=quorum,
                seats=seats,
                at=here.practice.local(now()),
                paper=wanted.paper,
            )
            with drafted_folder(target) as draft:
                kinds = write_sheets(draft, sheets)
                draft.rename(target)

        try:
            made = change_seats(here.now(), secrets, new, put_down=put_down)
        except BaseException:
            if kinds:  # papers of seats that there are not
                shutil.rmtree(target)
            raise
        page = Page()
        page.headline("The seats of the key holders are changed.", "bold green")
        if made:
            page.item(f"{len(made)} new papers lie as {kinds} in {target}: hand them out, and")
            page.paragraph("delete the files.", indent=4)
    page.item("The papers of seats that stay are good as they are, whatever numbers they print.")
    page.item("Records are shared out to the new seats as whoever treats signs in; all at once:")
    page.paragraph("angerona keys share-anew", indent=4)
    say_styled(page.lines(width_now()))


def share_anew(entry: Entry, *, seat_files: Sequence[str]) -> int:
    """Share out what stands on former seats; 1 where something still does, else 0."""
    with inside(entry) as here:
        vault = here.door.vault
        secrets = _secrets(here, seat_files)
        total = len(vault.store.rows("clients.ids", practice_id=vault.practice_id))
        with Bar("Sharing", total) as bar:
            found = share_out_anew(here.now(), secrets, step=bar.at)
    page = Page()
    page.headline(f"Records shared out anew: {found.done}.", "bold green")
    if found.left:
        page.item(f"Records that still stand on former seats: {found.left}. Other seats may open")
        page.paragraph("them, or whoever treats does it by signing in.", indent=4)
    say_styled(page.lines(width_now()))
    return int(found.left > 0)


def _secrets(here: Inside, files: Sequence[str]) -> list[bytes]:
    """The secrets of the seats that agree: from files, the others typed unseen here."""
    missing = here.door.vault.practice().row.quorum - len(files)
    return [seat_secret(one) for one in files] + [seat_secret(None) for _ in range(missing)]
