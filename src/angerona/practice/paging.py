"""Mail that waits to be sent: whoever is on call is paged, others are reminded (`reminders.py`).

A page says that somebody waits, and nothing else: not who, nor from what kind of place it comes. It
is tried until a mail server takes it, ever more seldom, for a day; the call itself stays owed until
somebody says that it was answered (`crisis.py`). A reminder is tried for three days. What is to go
to a client goes only while the client allows it, to the address that is on file then.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.practice.colleagues import on_call, works_here
from angerona.practice.contact import carries
from angerona.practice.members import OFFICER
from angerona.practice.posts import bindings_of, check_unmoved, write_row
from angerona.sealed.pages import WAITS, PageOut, all_pages, new_page, put, take
from angerona.sealed.rows import Way
from angerona.sealed.vault import person_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

ADDRESS_CHARACTERS_MAX: Final = 254
LASTS: Final = datetime.timedelta(days=1)
REMINDERS_LAST: Final = datetime.timedelta(days=3)
_FIRST_WAIT: Final = datetime.timedelta(seconds=15)
_LONGEST_WAIT: Final = datetime.timedelta(minutes=10)
_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
"""What a mail server is handed (RFC 5321, without quoted forms)."""


def is_mail_address(given: str) -> bool:
    """Whether a text is an address that mail can be sent to, as far as its form says."""
    return len(given) <= ADDRESS_CHARACTERS_MAX and _ADDRESS.fullmatch(given) is not None


def set_paged_at(visit: Visit, address: str) -> None:
    """Say at which mail address one is paged while on call; empty for none. With a line.

    Raises `NotPermitted` in a client's own session, `BadInput` for what is no address,
    `Conflicting`.
    """
    vault, person_id = visit.vault, visit.unlocked.person_id
    person = vault.person(person_id)
    if person.row.client_id is not None:
        raise NotPermitted
    given = address.strip()
    if given and not is_mail_address(given):
        raise BadInput("mail address", "is none", "such as name@example.org")
    bound = bindings_of(vault, (person_id,))
    row = msgspec.structs.replace(person.row, paged_at=given)

    def changes(writing: Writing) -> bytes:
        check_unmoved(vault, writing, bound)
        write_row(vault, writing, person, row)
        return person_digest(writing, vault.practice_id, person_id)

    body = {"by": person.described, "what": "where to be paged" if given else "not to be paged"}
    vault.record(person_id, "setting", body, visit.at, slot="keys", changes=changes)


def pages_of_call(vault: Vault, at: datetime.datetime) -> list[PageOut]:
    """A page for everybody who is on call now and said where."""
    there = (one.row.paged_at for one in on_call(vault, at))
    return [new_page(address, at) for address in there if address]


def pages_of_alarm(vault: Vault, at: datetime.datetime) -> list[PageOut]:
    """A page for every privacy officer who said where: something waits that cannot wait."""
    rows = vault.store.rows("people.all", practice_id=vault.practice_id)
    people = (vault.person(person_id).at(at) for person_id, *_ in rows)
    there = (one.row.paged_at for one in people if OFFICER in one.row.posts and works_here(one, at))
    return [new_page(address, at) for address in there if address]


def put_pages(vault: Vault, pages: Sequence[PageOut], writing: Writing) -> None:
    """Inside the job that writes a call: have its pages wait."""
    for one in pages:
        put(vault, writing, one)


def due_pages(vault: Vault, at: datetime.datetime) -> list[PageOut]:
    """What is to be sent now, the longest wait first.

    What may not go to its client any more waits no longer, and is not among it.
    """
    with vault.store.snapshot() as reading:
        found = [one for one in all_pages(vault, reading) if one.row.due <= at]
    for one in found:
        if not _may_go(vault, one):
            page_sent(vault, one)
    return [one for one in found if _may_go(vault, one)]


def _may_go(vault: Vault, page: PageOut) -> bool:
    """Whether mail is still allowed, for this and to this address, where it goes to a client."""
    if not page.row.client_id:
        return True
    try:
        client = vault.authority(page.row.client_id).client
    except Unknown:
        return False
    is_allowed = carries(client.own.ways.get("mail", Way()), page.row.about)
    is_closed = client.own.quiet_pages or client.standing.death is not None
    return is_allowed and not is_closed and client.contact.get("mail") == page.row.to


def page_sent(vault: Vault, page: PageOut) -> None:
    """A mail server has taken it, or it is not to go."""
    vault.store.write(lambda writing: take(vault, writing, page)).result()


def page_failed(vault: Vault, page: PageOut, at: datetime.datetime) -> bool:
    """No mail server took it: it is tried again later, for its time. Whether it still waits."""
    row = page.row
    wait = min(_FIRST_WAIT * 2 ** min(row.tries, 10), _LONGEST_WAIT)
    is_over = at - row.since >= (LASTS if row.says == WAITS else REMINDERS_LAST)
    later = PageOut(
        page.message_id, msgspec.structs.replace(row, due=at + wait, tries=row.tries + 1)
    )

    def job(writing: Writing) -> None:
        take(vault, writing, page)
        if not is_over:
            put(vault, writing, later)

    vault.store.write(job).result()
    return not is_over
