"""`angerona keys`: a request to the key holders, their parts, the opening; turning keys."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.ciphers.recovery import from_words
from angerona.cli.days import day_of
from angerona.cli.entrance import (
    ask_unseen,
    asked_for,
    can_ask,
    inside,
    new_password,
    now,
    opened,
    read_reason,
    read_secret,
)
from angerona.cli.files import place_of
from angerona.cli.out_files import checked_target, write_out
from angerona.cli.output import say_styled
from angerona.cli.page import QUIET, Page, width_now
from angerona.cli.settings import data_folder
from angerona.errors import BadInput, Unopenable
from angerona.notices.paragraphs import day, moment
from angerona.practice.caseload import client_of
from angerona.practice.members import NewMember
from angerona.practice.openings import (
    contribute,
    contribution_file,
    open_record,
    read_contribution,
    read_request,
    request_file,
    state_request,
)
from angerona.practice.succession import succeed
from angerona.practice.ties import turn_keys
from angerona.sealed.zones import midnight
from angerona.words import LIMITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.cli.entrance import Entry, Inside
    from angerona.sealed.key_holders import Contribution, RequestRow
    from angerona.sealed.vault import Vault

HOURS_MAX: Final = 24 * 14
FILE_BYTES_MAX: Final = 1_000_000


def request(  # noqa: PLR0913 -- each is one part of the request
    entry: Entry,
    client: str,
    *,
    compartments: str,
    limit: str,
    hours: int,
    hold_until: str | None,
    out: str,
    force: bool,
) -> None:
    """State a request and write it to a file for the key holders."""
    if not 1 <= hours <= HOURS_MAX:
        raise BadInput("--hours", "too short or too long", f"1 to {HOURS_MAX} hours")
    held = None if hold_until is None else day_of("--hold-until", hold_until)
    target = checked_target(out, force=force)
    reason = read_reason("Why must this record be opened")
    names = [name.strip() for name in compartments.split(",") if name.strip()]
    with inside(entry) as here:
        visit = here.now()
        stated = state_request(
            visit,
            client_of(visit, client),
            names,
            limit=limit,
            reason=reason,
            expires=visit.at + datetime.timedelta(hours=hours),
            hold_until=None if held is None else midnight(held, here.practice.zone),
        )
        write_out(target, request_file(here.door.vault, stated), force=force)
        needed = here.door.vault.practice().row.quorum
    page = Page()
    page.headline(f"The request is written: {target.name}", "bold green")
    page.item(f"{needed} key holders must give their part: angerona keys give --request FILE")
    page.item("Then you open the record with: angerona keys open --request FILE --part FILE ...")
    seen = "and the client can see it there" if held is None else f"held until {day(held)}"
    page.paragraph(f"The ledger has the request, {seen}.", style=QUIET)
    say_styled(page.lines(width_now()))


def give(
    data: str | None, name: str, *, seat_file: str | None, out: str, force: bool, yes: bool
) -> None:
    """Write a key holder's part of a request."""
    target = checked_target(out, force=force)
    with opened(data_folder(data)) as vault:
        asked = _request(vault, name)
        say_styled(_said(vault, asked).lines(width_now()))
        if not yes and asked_for("Give your part to this? Type yes").casefold() != "yes":
            raise BadInput("the request", "was not agreed to; nothing was given")
        part = contribute(vault, asked, seat_secret(seat_file), now())
        write_out(target, contribution_file(part), force=force)
    page = Page()
    page.headline(f"Your part is written: {target.name}", "bold green")
    page.item("It serves this one request, and opens nothing without the parts of others.")
    say_styled(page.lines(width_now()))


def open_with_parts(entry: Entry, name: str, *, parts: Sequence[str]) -> None:
    """Put the parts together; those still missing are typed by the key holders here."""
    given = [read_contribution(_read(one)) for one in parts]
    with inside(entry) as here:
        vault = here.door.vault
        asked = _request(vault, name)
        given += _typed_parts(here, asked, given)
        names = open_record(here.now(), asked, given)
        until = moment(here.practice.local(asked.expires))
    page = Page()
    page.headline("The record is open to you, for what was asked and until it ends.", "bold green")
    page.item(f"Compartments: {', '.join(names)}. Until {until}.")
    page.item("Each look and each disclosure still goes through the gate and into the ledger.")
    say_styled(page.lines(width_now()))


def put_in(
    data: str | None,
    name: str,
    *,
    roles: Sequence[str],
    seat_files: Sequence[str],
    password_file: str | None,
) -> None:
    """Enrol a successor on the word of the key holders."""
    with opened(data_folder(data)) as vault:
        missing = vault.practice().row.quorum - len(seat_files)
        secrets = [seat_secret(one) for one in seat_files]
        secrets += [seat_secret(None) for _ in range(missing)]
        who = NewMember(name=name, roles=tuple(roles), posts=())
        password = new_password(password_file, f"A new password for {name}")
        made = succeed(vault, secrets, who, password, now())
    page = Page()
    page.headline(f"{name} is the successor, and holds every post.", "bold green")
    page.item(f"The recovery code, shown this once: {made.recovery_code}")
    page.item("No record is open by this. For each: angerona keys request CLIENT --limit care")
    say_styled(page.lines(width_now()))


def turn(entry: Entry, client: str) -> None:
    """Turn a record's keys."""
    with inside(entry) as here:
        visit = here.now()
        turn_keys(visit, client_of(visit, client))
    page = Page()
    page.headline("The keys of this record are turned.", "bold green")
    page.item("Whoever held keys before may have copied what they opened; that stays so.")
    say_styled(page.lines(width_now()))


def _typed_parts(
    here: Inside, asked: RequestRow, given: Sequence[Contribution]
) -> list[Contribution]:
    """The parts of key holders who sit at this terminal, while parts are missing."""
    vault = here.door.vault
    missing = vault.practice().row.quorum - len({one.seat_id for one in given})
    if missing <= 0 or not can_ask():
        return []
    return [contribute(vault, asked, seat_secret(None), now()) for _ in range(missing)]


def _said(vault: Vault, asked: RequestRow) -> Page:
    """What a key holder must know before giving a part."""
    page = Page()
    page.headline("You are asked to help open one client's record.", "bold")
    page.item(f"Asked by: {vault.person(asked.officer_id).row.name}")
    page.item(f"On the ground of: {LIMITS[asked.limit]}")
    page.item(f"Reason given: {asked.reason}")
    page.item(f"What would be opened: {', '.join(asked.names)}")
    practice = vault.practice()
    page.item(f"Until: {moment(practice.local(asked.expires))}")
    page.item(f"The client, by id: {asked.client_id.hex()[:8]}")
    if asked.held_until is not None:
        page.item(f"The client must not be told before {day(practice.local(asked.held_until))}")
    page.space()
    return page


def _request(vault: Vault, name: str) -> RequestRow:
    try:
        return read_request(vault, _read(name))
    except Unopenable:
        raise BadInput("--request", "is no request of this practice") from None


def seat_secret(file: str | None) -> bytes:
    """A seat's secret (32 bytes) from its 24 words, in a file or typed. Raises `BadInput`."""
    question = "The 24 words of a key holder's seat"
    words = ask_unseen(question) if file is None else read_secret(file, "the seat file")
    return from_words(words)


def _read(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except (OSError, ValueError):
        raise BadInput(place_of(name), "cannot be read", "a file that exists") from None
    if len(data) > FILE_BYTES_MAX:
        raise BadInput(place_of(name), "is too large", f"up to {FILE_BYTES_MAX} bytes")
    return data
