"""What a client writes to those who treat: messages, and answers to forms.

A client leaves them without reading anything; who treats the client reads them in the record.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import AngeronaError, BadInput, one_line
from angerona.gate.keeping import Draft
from angerona.ledger.beside import beside
from angerona.notices.structured import Measured, structured_text
from angerona.practice.care import CLASS_OF, HEADING_OF
from angerona.practice.contact import carries
from angerona.practice.crisis import call_for_help, is_crisis
from angerona.practice.own_choices import own_authority
from angerona.practice.paging import is_mail_address, put_pages
from angerona.sealed.pages import MESSAGE, new_page
from angerona.sealed.rows import Way

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from angerona.gate.door import Door
    from angerona.gate.results import Kept, Shown
    from angerona.ledger.lines import Line
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.authority import Authority
    from angerona.sealed.pages import PageOut
    from angerona.sealed.vault import Visit
    from angerona.store import Writing

CORRESPONDENCE: Final = "correspondence"
ASSESSMENT: Final = CLASS_OF[Measured]
HEADING_MAX: Final = 120
TEXT_MAX: Final = 20_000


@dataclass(frozen=True, slots=True)
class Left:
    """What was left. `is_crisis`: it may mean danger, and `called` were told.

    `called` is `None` where nobody could be told; that is no reason to keep help from the client.
    """

    kept: Kept
    is_crisis: bool
    called: tuple[str, ...] | None = ()


def own_messages(door: Door, visit: Visit) -> Shown | AskFirst | Refuse | None:
    """The client's messages, sent and received; nothing where there is none. Raises as `look`."""
    return _own(door, visit, CORRESPONDENCE)


def own_measures(door: Door, visit: Visit) -> Shown | AskFirst | Refuse | None:
    """The client's answers to forms and tests, in the same way."""
    return _own(door, visit, ASSESSMENT)


def leave_message(door: Door, visit: Visit, heading: str, text: str) -> Left:
    """Keep a message of the client who is signed in; with words of danger, call for help.

    Raises `BadInput`.
    """
    client_id = own_authority(visit).client_id
    if not text.strip() or len(text) > TEXT_MAX:
        raise BadInput("message", "is empty or too long", f"1 to {TEXT_MAX} characters")
    about = one_line("about", heading, HEADING_MAX) if heading.strip() else ""
    draft = Draft(wanted=CORRESPONDENCE, heading=about, text=text)
    why = "words" if is_crisis(f"{heading}\n{text}") else ""
    return _left(door, visit, client_id, draft, why=why)


def leave_measure(door: Door, visit: Visit, form: Measured) -> Left:
    """Keep the answers of the client who is signed in; with a yes to suicide, call for help.

    Raises `BadInput`.
    """
    client_id = own_authority(visit).client_id
    draft = Draft(wanted=ASSESSMENT, heading=HEADING_OF[Measured], text=structured_text(form))
    return _left(door, visit, client_id, draft, why="measure" if form.alarm else "")


def pages_closed(authority: Authority, item: str = "messages") -> str:
    """Why nothing is to be put on a client's own pages; empty where something may be.

    `item` is what would show it, a word of `own_choices.ITEMS`.
    """
    client = authority.client
    if client.standing.death is not None:
        return "the client has died"
    if client.person_id is None:
        return "there is no way in to own pages"
    if not client.own.told or item not in client.own.shown:
        return f"{item} are not turned on there"
    if client.own.quiet_pages:
        return "nothing new is to appear there"
    return ""


def mail_for(
    authority: Authority,
    at: datetime.datetime,
    item: str = "messages",
    *,
    at_any_time: bool = False,
    about: str = "care",
) -> list[PageOut]:
    """A mail to a client that a message waits, if mail is allowed, and there is where to read it.

    At most one, and none while the own pages are closed. `at_any_time`: none either where the
    client said when mail may come, since no mail can be sure to come then. `about`: the topic for
    which mail must be allowed, a word of `contact.TOPICS`.
    """
    client = authority.client
    address, way = client.contact.get("mail", ""), client.own.ways.get("mail", Way())
    is_barred = not carries(way, about) or (at_any_time and bool(way.times))
    is_barred = is_barred or client.standing.death is not None
    if pages_closed(authority, item) or is_barred or not is_mail_address(address):
        return []
    return [new_page(address, at, MESSAGE, client_id=authority.client_id, about=about)]


def tell_of_message(visit: Visit, client_id: bytes) -> AbstractContextManager[None]:
    """While the block runs: with the message to a client that is kept in it, a mail that it waits.

    Only where the client allows mail at any time; neither is written without the other.
    """
    vault = visit.vault
    mail = mail_for(vault.authority(client_id), visit.at, at_any_time=True)

    def put(writing: Writing, lines: Sequence[Line]) -> None:
        if any(one.subject_id == client_id and one.kind == "kept" for one in lines):
            put_pages(vault, mail, writing)

    return beside(put)


def _left(door: Door, visit: Visit, client_id: bytes, draft: Draft, *, why: str) -> Left:
    """Call for help where there is a reason why, and keep what was written.

    The call comes first: dying in between leaves a call without its message, and never a message
    that nobody was called for. Where nobody can be called the message is kept all the same.
    """
    if not why:
        return Left(door.deposit(visit, client_id, draft), is_crisis=False)
    called: tuple[str, ...] | None = None
    with contextlib.suppress(AngeronaError):
        called = tuple(call_for_help(visit, why=why))
    return Left(door.deposit(visit, client_id, draft), is_crisis=True, called=called)


def _own(door: Door, visit: Visit, wanted: str) -> Shown | AskFirst | Refuse | None:
    client_id = own_authority(visit).client_id
    found = {one.entry_id for one in visit.vault.places(client_id) if one.wanted == wanted}
    if not found:
        return None
    return door.look(visit, client_id, purpose="client_request", entry_ids=found)
