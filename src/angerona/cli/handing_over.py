"""`angerona disclose`: see what would go, decide, and have it written as a signed packet.

Nothing is opened before somebody has agreed. From the moment the ledger has announced it, every
way this can end is followed by a second line: handed over, or failed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import typer

from angerona.cli.clients import counted, entry_of
from angerona.cli.days import day_of
from angerona.cli.deciding import REFUSED, read_established, settle, stop_leaving, told_of
from angerona.cli.entrance import inside
from angerona.cli.explaining import explain
from angerona.cli.out_files import checked_target, write_out
from angerona.cli.output import say, say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.second_reading import ask_first
from angerona.cli.talking import EndOfAnswers, tell, yes_no
from angerona.errors import BadInput, one_of
from angerona.gate.gathering import Wish
from angerona.notices.packet_files import PAPERS, fingerprint
from angerona.notices.packet_pages import spaced
from angerona.practice.answers import Told
from angerona.practice.caseload import client_of
from angerona.practice.handing_over import FORMS, HandedOver, Outgoing, hand_over, rehearse
from angerona.practice.second_readers import Leaving
from angerona.rules.answer import AskFirst, Permit
from angerona.sealed.zones import midnight
from angerona.words import CLASSES, INSTRUMENTS, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from angerona.cli.deciding import Established
    from angerona.cli.entrance import Entry, Inside
    from angerona.cli.second_reading import Reading
    from angerona.rules.ask import Ask

ENDINGS: Final = tuple(f".{form}" for form in FORMS)
_LEAST: Final = (
    "Only the least that serves may go. Who agrees chooses all of this; `--entry` names less."
)
_FIRST: Final = (
    "A second reader must have agreed to exactly this before it leaves. `--reader NAME --why TEXT` "
    "asks one; where nobody here can, `--consultant NAME --why TEXT` says who outside was asked."
)
ASKED_BY_THE_PRACTICE: Final = frozenset({"none", "own_initiative", "client_agreement"})
"""Papers under which the purpose is the practice's own; under any other the asker states it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody outside wants, and how it is to be handed over."""

    to: str
    purpose: str
    instrument: str
    wants: str | None
    name: str | None
    reference: str
    facts: str | None
    out: str
    locked: bool
    paper: str
    hold_until: str | None
    yes: bool
    force: bool
    reading: Reading
    entries: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    """One request about one client, as far as it has come."""

    here: Inside
    client_id: bytes
    request: Request
    given: Established
    wish: Wish

    @property
    def recipient(self) -> str:
        """Who it is, in words."""
        return self.request.name or RECIPIENTS[self.wish.to]

    def outgoing(self, leaving: Leaving) -> Outgoing:
        """How what leaves is made up."""
        request = self.request
        return Outgoing(
            leaving=leaving,
            reference=request.reference,
            blanks=self.given.blanks,
            form=request.out.rpartition(".")[2],
            paper=request.paper,
            is_locked=request.locked,
        )


def disclose(entry: Entry, client: str, request: Request) -> None:
    """Hand over what may go; exit code 1 where nothing may."""
    target = _checked(request)
    given = read_established(request.facts)
    with inside(entry) as here:
        client_id = client_of(here.now(), client)
        wish = settle(here, client_id, _wish(here, client_id, request, given))
        case = _Case(here, client_id, request, given, wish)
        told = told_of(here, client_id, wish)
        _check_hold(wish, told)
        chosen = _named(case)
        if isinstance(told.answer, Permit):
            chosen = _agree(case, (told.ask, told.answer), told, chosen)
        leaving = Leaving(wish=wish, recipient=case.recipient, entry_ids=chosen)
        ask_first(here, client_id, leaving, request.reading)
        handed = hand_over(
            here.door,
            here.now(),
            client_id,
            case.outgoing(leaving),
            deliver=lambda data: write_out(target, data, force=request.force),
        )
        if not isinstance(handed, HandedOver):
            stop_leaving(told_of(here, client_id, wish))
        page = _told(case, handed, target)
    say_styled(page.lines(width_now()))


def _checked(request: Request) -> Path:
    """Refuse early what could not be done at the end."""
    request.reading.checked()
    for place, word, allowed in (
        ("--to", request.to, RECIPIENTS),
        ("--purpose", request.purpose, PURPOSES),
        ("--instrument", request.instrument, INSTRUMENTS),
        ("--paper", request.paper, PAPERS),
    ):
        if word not in allowed:
            raise BadInput(place, "no such word", one_of(allowed, word))
    target = checked_target(request.out, force=request.force)
    if target.suffix not in ENDINGS:
        raise BadInput("--out", "neither a PDF nor JSON", "a name that ends in .pdf or .json")
    if request.locked and target.suffix != ".pdf":
        raise BadInput("--lock", "only a PDF is locked", "a name that ends in .pdf")
    return target


def _wish(here: Inside, client_id: bytes, request: Request, given: Established) -> Wish:
    """What is wanted; where no class was named, every class that stands in the record."""
    named = [part.strip() for part in (request.wants or "").split(",") if part.strip()]
    there = dict.fromkeys(one.wanted for one in here.door.vault.places(client_id))
    own = request.instrument in ASKED_BY_THE_PRACTICE
    day = request.hold_until
    zone = here.practice.zone
    held = None if day is None else midnight(day_of("--hold-until", day), zone)
    return Wish(
        wants=tuple(named or there or CLASSES),
        purpose=request.purpose,
        to=request.to,
        instrument=request.instrument,
        purpose_by="practice" if own else "asker",
        facts=given.facts,
        orders=given.orders,
        hold_until=held,
    )


def _check_hold(wish: Wish, told: Told) -> None:
    """A line is held where the law forbids telling; anywhere else the client sees it at once."""
    settled = not isinstance(told.answer, AskFirst)
    if wish.hold_until is not None and settled and told.answer.notice != "prohibited":
        raise BadInput("--hold-until", "nothing here forbids telling the client", "leave it out")


def _named(case: _Case) -> frozenset[bytes] | None:
    """The entries that were named; nothing where none was."""
    places = case.here.door.vault.places(case.client_id)
    return frozenset(entry_of(places, one) for one in case.request.entries) or None


def _agree(
    case: _Case, said: tuple[Ask, Permit], told: Told, chosen: frozenset[bytes] | None
) -> frozenset[bytes] | None:
    """Show what would go and have somebody say yes; gives the entries that this chose.

    Nothing has been opened yet.
    """
    previewed = case.here.door.preview(case.here.now(), case.client_id, case.wish)
    going = [one for one in previewed.would_go if chosen is None or one.entry_id in chosen]
    if not going:
        raise BadInput("--wants", "nothing of it stands in this record", "other classes")
    outgoing = case.outgoing(Leaving(wish=case.wish, recipient=case.recipient))
    rehearse(case.here.door, case.here.now(), outgoing, said, going)
    page = explain(told)
    page.heading("What would be handed over")
    page.items(counted(going))
    must_choose = chosen is None and bool(previewed.to_choose)
    if must_choose:
        page.paragraph(_LEAST)
    if previewed.is_awaited:
        page.paragraph(_FIRST)
    if previewed.would_stay:
        page.heading("What stands in the record and would stay")
        page.items(counted(previewed.would_stay))
    if previewed.unopened:
        page.heading("What would stay because no key is held")
        page.items(counted(previewed.unopened))
    say_styled(page.lines(width_now()))
    if case.request.yes and must_choose:
        allowed = "each entry that serves, by its id; `look --list` shows them"
        raise BadInput("--entry", "is missing where only the least that serves may go", allowed)
    if case.request.yes:
        return chosen
    if sys.stdin is None or not sys.stdin.isatty():
        raise BadInput("the terminal", "nobody is here to agree", "--yes agrees beforehand")
    if not _said_yes():
        say("Nothing was opened, and nothing left.")
        raise typer.Exit(REFUSED)
    return frozenset(one.entry_id for one in going) if must_choose else chosen


def _said_yes() -> bool:
    tell()
    try:
        return yes_no("Hand this over?") is True
    except EndOfAnswers:
        return False


def _told(case: _Case, handed: HandedOver, target: Path) -> Page:
    packet, page = handed.packet, Page()
    page.heading("")
    count = len(packet.parts)
    page.headline(
        f"Packet {packet.short_id} for {case.recipient} is written: {target.name}", "bold green"
    )
    page.item(f"It holds {count} {'entry' if count == 1 else 'entries'}, and its terms in front.")
    if handed.files_left:
        page.item(
            f"Files kept with entries are no part of a packet; left out: {handed.files_left}."
        )
    page.item("The ledger holds that it was handed over, as a file.")
    if handed.passphrase:
        page.item("The words that open it, shown this once; send them by another way:")
        page.paragraph(handed.passphrase, indent=6, style="bold")
    page.item("Whoever receives it can check it against the fingerprint of the practice:")
    page.paragraph(spaced(fingerprint(case.here.door.vault.keyset.signer().public)), indent=6)
    return page
