"""`angerona client`: one client enrolled, what stands on file, facts, an own way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from angerona.cli.consents import add_consents
from angerona.cli.deciding import read_established
from angerona.cli.entrance import asked_for, inside, new_password
from angerona.cli.files import ASK_LIMIT, read_json
from angerona.cli.members import hand_over_code
from angerona.cli.output import say_styled
from angerona.cli.page import QUIET, Page, width_now
from angerona.cli.ties import add_ties
from angerona.errors import BadAsk, BadInput, kind_of, one_of
from angerona.practice.caseload import client_of, short_id
from angerona.practice.clients import NewClient, enrol_client, establish
from angerona.practice.colleagues import colleague_of
from angerona.practice.on_file import on_file
from angerona.practice.portal import give_way_in
from angerona.rules.ask import read_facts
from angerona.sealed.compartments import PROCESS, SHARED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.cli.entrance import Entry
    from angerona.cli.members import Sheet
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Vault

_THIS: Final = "the client"


def enrol(entry: Entry, file: str | None, *, treating: str | None) -> None:
    """Enrol one client, from a file or by the name that is asked for."""
    given = _named(asked_for("The client's name")) if file is None else _read(file)
    with inside(entry) as here:
        visit = here.now()
        facts = read_facts(given["facts"], here.door.packs.facts)
        who = NewClient(name=given["name"], contact=given["contact"], facts=facts)
        whom = visit.person if treating is None else colleague_of(visit, treating)
        client_id = enrol_client(visit, who, treating=whom.person_id)
    page = Page()
    page.headline(f"Enrolled as {short_id(client_id)}.", "bold green")
    page.item(f"{whom.row.name} treats from now on. Other commands take this id for the client.")
    say_styled(page.lines(width_now()))


def _read(file: str) -> dict[str, Any]:
    """What a file says of a new client; the practice reads each of it strictly."""
    found = read_json(file, ASK_LIMIT)
    if not isinstance(found, dict):
        raise BadAsk(_THIS, f"{kind_of(found)} where a table is needed")
    given = {**_named(None), **found}
    if len(given) > len(_named(None)):
        raise BadAsk(_THIS, "holds another key", one_of(_named(None)))
    if not isinstance(given["contact"], dict):
        raise BadAsk("contact", f"{kind_of(given['contact'])} where a table is needed")
    return given


def _named(name: str | None) -> dict[str, Any]:
    """A new client of whom no more is known."""
    return {"name": name, "contact": {}, "facts": {}}


def show(entry: Entry, client: str) -> None:
    """All that decides about a record: ties, consents, facts, ways to be reached, keys."""
    with inside(entry) as here:
        visit = here.now()
        found = on_file(visit, client_of(visit, client))
        row = found.client
        page = Page()
        page.headline(f"{row.name} ({short_id(found.client_id)})", "bold")
        page.heading("Ties")
        add_ties(page, visit, found)
        page.heading("Consents")
        add_consents(page, visit, here.door.packs, found)
        page.heading("Facts")
        _add_table(page, row.facts, "No fact is on file: each is asked for when it decides.")
        page.heading("To be reached")
        _add_table(page, row.contact, "Nothing is on file.")
        page.heading("Keys")
        _add_keys(page, here.door.vault, found)
    page.space()
    page.paragraph("No entry was opened. This look stands in the client's ledger.", style=QUIET)
    say_styled(page.lines(width_now()))


def _add_table(page: Page, table: Mapping[str, object], none: str) -> None:
    for name, value in sorted(table.items()):
        said = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        page.item(f"{said}", f"{name}: ", indent=0)
    if not table:
        page.paragraph(none)


def _add_keys(page: Page, vault: Vault, found: Authority) -> None:
    """Which keys there are, how often each turned, and whether the client has a way in."""
    for name in sorted({key.name for key in found.sheet.keys}):
        kind, _, whose = name.partition(":")
        if kind == PROCESS:
            kind = f"what {vault.person(bytes.fromhex(whose)).row.name} keeps apart"
        elif kind == SHARED:
            kind = "what several clients share"
        turned = found.sheet.newest(name) - 1
        page.item(f"{kind}{f', turned {turned} times' if turned else ''}", "", indent=0)
    way = "an own way in" if found.client.person_id is not None else "no way in"
    page.item(f"The client has {way}.", "", indent=0)


def set_facts(entry: Entry, client: str, file: str) -> None:
    """Put facts on file that the rules ask for; null takes one off."""
    given = read_established(file)
    if given.orders or given.blanks:
        raise BadInput("the facts", "holds what is not kept on file", "facts alone")
    with inside(entry) as here:
        visit = here.now()
        client_id = client_of(visit, client)
        establish(visit, here.door.packs, client_id, given.facts)
    page = Page()
    page.headline("On file. From now on every question about this client is asked so.", "bold")
    page.items(f"{name}: {value}" for name, value in sorted(given.facts.items()))
    say_styled(page.lines(width_now()))


def way_in(entry: Entry, client: str, name: str, *, new_file: str | None, sheet: Sheet) -> None:
    """Give a client credentials, and the keys of his or her own record."""
    target = sheet.checked()
    with inside(entry) as here:
        visit = here.now()
        client_id = client_of(visit, client)
        password = new_password(new_file, f"A first password for {name}")
        made = give_way_in(visit, client_id, name, password)
        page = Page()
        page.headline("The client has a way in.", "bold green")
        hand_over_code(here, page, made.recovery_code, name.strip(), sheet, target)
