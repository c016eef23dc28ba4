"""`angerona tie`: who is tied to a client, and ties begun, shared with and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from angerona.cli.days import day_of
from angerona.cli.entrance import inside
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.errors import Unknown
from angerona.notices.paragraphs import day
from angerona.practice.caseload import client_of, short_id
from angerona.practice.colleagues import colleague_of
from angerona.practice.on_file import on_file
from angerona.practice.ties import begin_tie, end_tie, share_notes
from angerona.rules.because import listed
from angerona.sealed.zones import end_of, hour_of
from angerona.words import RELATIONS

if TYPE_CHECKING:
    import datetime

    from angerona.cli.entrance import Entry
    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import TieRow
    from angerona.sealed.vault import Vault, Visit


def list_ties(entry: Entry, client: str) -> None:
    """Every tie to a client, the oldest first, those that ended too."""
    with inside(entry) as here:
        visit = here.now()
        found = on_file(visit, client_of(visit, client))
        page = Page()
        add_ties(page, visit, found)
    say_styled(page.lines(width_now()))


def add_ties(page: Page, visit: Visit, found: Authority) -> None:
    """Put the ties of a client on a page."""
    ties = sorted(found.ties.items(), key=lambda one: (one[1].since, one[0]))
    for tie_id, tie in ties:
        page.item(_said(visit.vault, tie, visit.at), f"{short_id(tie_id)}  ", indent=0)


def _said(vault: Vault, tie: TieRow, at: datetime.datetime) -> str:
    name, practice = vault.person(tie.person_id).row.name, vault.practice()
    said = f"{name}, {RELATIONS[tie.relation]}, since {day(practice.local(tie.since))}"
    if tie.until is not None:
        ends = practice.local(tie.until)
        is_over = "ended" if tie.until <= at else "until"
        said += f", {is_over} {day(ends)}, {hour_of(ends, practice.zone)}"
    if tie.notes_of:
        authors = listed(vault.person(author).row.name for author in tie.notes_of)
        said += f"; reads what {authors} keeps apart"
    return said


def begin(entry: Entry, client: str, name: str, relation: str, *, until: str | None) -> None:
    """Tie a colleague to a client."""
    last = None if until is None else day_of("--until", until)
    with inside(entry) as here:
        visit = here.now()
        client_id = client_of(visit, client)
        whom = colleague_of(visit, name)
        ends = None if last is None else end_of(last, here.practice.zone)
        tie_id = begin_tie(visit, client_id, whom.person_id, relation, until=ends)
    page = Page()
    page.headline(f"{whom.row.name} is {RELATIONS[relation]} from now on.", "bold green")
    page.item(f"The tie is {short_id(tie_id)}; it stands in the client's ledger.")
    if last is None:
        page.item("It has no end: angerona tie end CLIENT ID ends it.")
    say_styled(page.lines(width_now()))


def share(entry: Entry, client: str, tie: str) -> None:
    """Let a supervisor read what the author keeps apart."""
    with inside(entry) as here:
        visit = here.now()
        client_id = client_of(visit, client)
        share_notes(visit, client_id, _tie_of(visit, client_id, tie))
    page = Page()
    page.headline("What you keep apart about this client is shared with the supervisor.", "bold")
    page.item("As long as the tie lasts; what was read by then may have been copied.")
    say_styled(page.lines(width_now()))


def end(entry: Entry, client: str, tie: str) -> None:
    """End a tie now."""
    with inside(entry) as here:
        visit = here.now()
        client_id = client_of(visit, client)
        end_tie(visit, client_id, _tie_of(visit, client_id, tie))
    page = Page()
    page.headline("The tie has ended.", "bold green")
    page.item("What is kept from now on is sealed under new keys, where you held all of them.")
    page.item("Where you did not, whoever treats turns them: angerona keys turn CLIENT")
    page.item("Whoever held keys before may have copied what they opened; that stays so.")
    say_styled(page.lines(width_now()))


def _tie_of(visit: Visit, client_id: bytes, given: str) -> bytes:
    """The id of the one tie whose id begins so. Raises `Unknown`."""
    digits = given.strip().replace("-", "").lower()
    ties = visit.vault.authority(client_id).ties
    fitting = [one for one in ties if digits and one.hex().startswith(digits)]
    if len(fitting) != 1:
        raise Unknown
    return fitting[0]
