"""`angerona clients`, `look` and `fetch`: whom one treats, what stands there, and its files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from angerona.cli.deciding import read_established, settle, stop_inside, told_of
from angerona.cli.entrance import inside
from angerona.cli.out_files import checked_target, streamed_out
from angerona.cli.output import say_styled
from angerona.cli.page import QUIET, Page, capital, width_now
from angerona.errors import BadInput, Unknown
from angerona.gate.gathering import Wish
from angerona.gate.results import Shown
from angerona.notices.paragraphs import day
from angerona.notices.structured import in_words
from angerona.practice.caseload import caseload, client_of, short_id
from angerona.practice.zones import times_are
from angerona.rules.answer import AskFirst, Refuse
from angerona.sealed.zones import hour_of, is_day
from angerona.words import CLASSES, RELATIONS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from angerona.cli.entrance import Entry, Inside
    from angerona.sealed.entries import EntryPlace, EntryText

_HINT: Final = "This list was written into the ledger, and so is every look."


def list_clients(entry: Entry) -> None:
    """The names within reach, each with its short id."""
    with inside(entry) as here:
        found = caseload(here.now())
    page = Page()
    for one in found:
        relations = ", ".join(RELATIONS[relation] for relation in one.relations)
        page.item(
            f"{one.name}{f' ({relations})' if relations else ''}", f"{one.short_id}  ", indent=0
        )
    if not found:
        page.paragraph("No clients yet.")
    page.space()
    page.paragraph(_HINT, style=QUIET)
    say_styled(page.lines(width_now()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What to look at: the entries named, one's own alone, or only which there are; and why."""

    entries: Sequence[str]
    mine: bool
    listing: bool
    purpose: str
    facts: str | None


def look(entry: Entry, client: str, at: Looked) -> None:
    """Show entries of a record, or only which there are."""
    given = read_established(at.facts).facts
    with inside(entry) as here:
        client_id = client_of(here.now(), client)
        if at.listing:
            page = _listed(here, client_id, at.purpose, given)
        else:
            page = _shown(here, client_id, at, given)
        clock = times_are(here.practice.row.zone)
    page.space()
    page.paragraph(f"{clock} This look stands in the client's ledger.", style=QUIET)
    say_styled(page.lines(width_now()))


def _shown(here: Inside, client_id: bytes, at: Looked, given: dict[str, Any]) -> Page:
    places = here.door.vault.places(client_id)
    me = here.visit.unlocked.person_id
    chosen = {entry_of(places, one) for one in at.entries}
    if at.mine:
        chosen |= {one.entry_id for one in places if one.author_id == me}
        if not chosen:
            raise BadInput("--mine", "you have written nothing in this record yet")
    found = _looked(here, client_id, chosen, at.purpose, given)
    page = Page()
    page.headline(_name(here, client_id), "bold")
    for place, text in found.entries:
        add_entry(page, place, text, here.practice.zone)
    if found.unopened:
        page.heading("Not opened: no key is held")
        page.items(counted(found.unopened))
    elif not found.entries:
        page.paragraph("There is no entry yet that you may read.")
    return page


def _looked(
    here: Inside, client_id: bytes, chosen: set[bytes], purpose: str, given: dict[str, Any]
) -> Shown:
    """What a look at these entries shows, at all where none is named; ends where it is refused."""
    places, me = here.door.vault.places(client_id), here.visit.unlocked.person_id
    looked = [one for one in places if not chosen or one.entry_id in chosen]
    wish = Wish(
        wants=tuple(dict.fromkeys(one.wanted for one in looked)) or tuple(CLASSES),
        purpose=purpose,
        facts=given,
        as_author=bool(chosen) and all(one.author_id == me for one in looked),
    )
    wish = settle(here, client_id, wish)
    found = here.door.look(
        here.now(), client_id, purpose=purpose, entry_ids=chosen or None, facts=wish.facts
    )
    if not isinstance(found, Shown):
        stop_inside("Nothing is shown.", told_of(here, client_id, wish), found)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Which file to fetch, where to, and why."""

    entry: str
    to: str
    purpose: str
    facts: str | None
    force: bool


def fetch(entry: Entry, client: str, at: Fetched) -> None:
    """Write the file of an entry, whole or not at all."""
    target = checked_target(at.to, force=at.force)
    given = read_established(at.facts).facts
    with inside(entry) as here:
        client_id = client_of(here.now(), client)
        entry_id = entry_of(here.door.vault.places(client_id), at.entry)
        shown = _looked(here, client_id, {entry_id}, at.purpose, given)
        [(_, text)] = shown.entries
        if text.attachment is None:
            raise BadInput("the entry", "has no file", "an entry of which a look says it has one")
        with streamed_out(target, force=at.force) as file:
            here.door.fetch(client_id, shown, entry_id, file)
    page = Page()
    page.headline(f"Written: {target.name}, {text.attachment.size} bytes.", "bold green")
    page.item(f"It was kept as {text.attachment.name}. Nothing has looked into it.")
    page.paragraph("It lies there in clear. This look stands in the client's ledger.", style=QUIET)
    say_styled(page.lines(width_now()))


def _listed(here: Inside, client_id: bytes, purpose: str, given: dict[str, Any]) -> Page:
    wish = settle(here, client_id, Wish(wants=tuple(CLASSES), purpose=purpose, facts=given))
    found = here.door.list(here.now(), client_id, purpose=purpose, facts=wish.facts)
    if isinstance(found, AskFirst | Refuse):
        stop_inside("Nothing is listed.", told_of(here, client_id, wish), found)
    page = Page()
    page.headline(_name(here, client_id), "bold")
    for one in found:
        amended = f", amended {one.version - 1} times" if one.version > 1 else ""
        page.item(f"{CLASSES[one.wanted]}{amended}", f"{short_id(one.entry_id)}  ", indent=0)
    if not found:
        page.paragraph("There is no entry yet that you may read.")
    return page


def counted(places: Iterable[EntryPlace]) -> list[str]:
    """How many entries of each class there are."""
    found = Counter(one.wanted for one in places)
    return [f"{CLASSES[name]}: {count}" for name, count in found.items()]


def entry_of(places: Iterable[EntryPlace], given: str) -> bytes:
    """The id of the one entry whose id begins so. Raises `Unknown`, as for no such client."""
    digits = given.strip().replace("-", "").lower()
    found = {one.entry_id for one in places if one.entry_id.hex().startswith(digits)}
    if not digits or len(found) != 1:
        raise Unknown
    return found.pop()


def _name(here: Inside, client_id: bytes) -> str:
    return f"{here.door.vault.authority(client_id).client.name} ({short_id(client_id)})"


def add_entry(page: Page, place: EntryPlace, text: EntryText, zone: datetime.tzinfo) -> None:
    """Put an entry on a page, with its time by a clock."""
    page.heading(text.heading or capital(CLASSES[place.wanted]))
    amended = f", amended {place.version - 1} times" if place.version > 1 else ""
    page.paragraph(
        f"{capital(CLASSES[place.wanted])}, {_when(text.written, zone)}, by {text.author_name}"
        f"{amended} ({short_id(place.entry_id)})",
        indent=2,
        style=QUIET,
    )
    page.text(in_words(text.text), indent=2)
    if text.attachment is not None:
        page.paragraph(
            f"With a file ({text.attachment.name}), which angerona fetch writes out.",
            indent=2,
            style=QUIET,
        )


def _when(at: datetime.datetime, zone: datetime.tzinfo) -> str:
    """A day alone where no hour was noted."""
    return day(at) if is_day(at) else f"{day(at.astimezone(zone))}, {hour_of(at, zone)}"
