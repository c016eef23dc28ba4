"""`angerona client erase`: what the law lets go, and what stays, before a word is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from angerona.cli.clients import counted
from angerona.cli.deciding import REFUSED, read_established, settle, stop_inside, told_of
from angerona.cli.entrance import asked_for, inside, read_reason
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.errors import NotPermitted
from angerona.gate.results import latest
from angerona.practice.backups import KEYSET_DAYS_MAX
from angerona.practice.caseload import client_of, short_id
from angerona.practice.erasure import erase_client, erasure_wish, is_whole
from angerona.practice.members import OFFICER
from angerona.rules.answer import Permit
from angerona.words import CLASSES

if TYPE_CHECKING:
    from angerona.cli.entrance import Entry, Inside
    from angerona.gate.gathering import Wish
    from angerona.rules.answer import Answer

WORD: Final = "erase"
STAYS: Final = (
    "The lines of the ledger still count, and nobody can read any more what they said.",
    "What left this practice has left, and what was printed stays on paper.",
    f"Keyset backups open the record until they are deleted: after {KEYSET_DAYS_MAX} days at most.",
    "Copies of the database that somebody took open it for 31 days, if upkeep runs every day.",
)


def erase(entry: Entry, client: str, *, facts: str | None) -> None:
    """Erase a client's record, once the law lets all of it go and a person has typed the word."""
    given = read_established(facts).facts
    reason = read_reason("Why is this record to be erased, and at whose request")
    with inside(entry) as here:
        if OFFICER not in here.visit.person.row.posts:
            raise NotPermitted
        client_id = client_of(here.now(), client)
        wish = erasure_wish(here.now(), client_id, reason=reason, facts=given)
        wish = settle(here, client_id, wish)
        if is_whole(told_of(here, client_id, wish).answer, wish):
            _confirm(here, client_id)
        packs = here.door.packs
        done = erase_client(here.now(), packs, client_id, reason=reason, facts=wish.facts)
        if done.written is None:
            _stop(here, client_id, wish, done.answer)
    page = Page()
    page.headline(f"The record {short_id(client_id)} is erased.", "bold green")
    page.item("Run angerona ledger upkeep every day: it is what makes old copies useless.")
    say_styled(page.lines(width_now()))


def _confirm(here: Inside, client_id: bytes) -> None:
    """Show what would go and what stays, and have somebody type a word. Nothing is gone yet."""
    vault = here.door.vault
    page = Page()
    page.headline(f"{vault.authority(client_id).client.name} ({short_id(client_id)})", "bold")
    page.heading("What would be erased for good")
    page.items(counted(latest(vault.places(client_id))))
    page.item("Every earlier version, every file, ties, consents, and the client's own way in.")
    page.heading("What stays")
    page.items(STAYS)
    page.space()
    say_styled(page.lines(width_now()))
    if asked_for(f"Type {WORD} to erase it").casefold() != WORD:
        page = Page()
        page.paragraph("Nothing was erased.")
        say_styled(page.lines(width_now()))
        raise typer.Exit(REFUSED)


def _stop(here: Inside, client_id: bytes, wish: Wish, answer: Answer) -> None:
    """Say why it stays, and what of it the law keeps. The refusal stands in the ledger."""
    if not isinstance(answer, Permit):
        stop_inside("Nothing was erased.", told_of(here, client_id, wish), answer)
    page = Page()
    page.headline("Nothing was erased: a record goes whole, or stays.", "bold red")
    page.heading("What the law keeps")
    page.items(CLASSES[one] for one in wish.wants if one not in answer.released)
    page.items(answer.because)
    say_styled(page.lines(width_now()))
    raise typer.Exit(REFUSED)
