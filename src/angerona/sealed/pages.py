"""Mail that waits to be sent: that somebody waits, that something is due, that a message is there.

It says nothing more, and nothing of whom. A page is a row of the outbox, written in the transaction
of what it is for and deleted once a mail server has taken it; between the two it survives whatever
happens to this process.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.errors import Unopenable
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from angerona.sealed.vault import Vault
    from angerona.store import Reading, Writing


WAITS: Final = "waits"
DUE: Final = "due"
MESSAGE: Final = "message"


class PageRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page: to which address, since when it waits, when it is to be tried, how often it was.

    `says` is `WAITS`, `DUE` or `MESSAGE`; `client_id`: the client whose address it is, or empty;
    `about`: what for, since a client can keep a way to some topics (`practice/contact.py`).
    """

    domain: ClassVar[str] = "angerona/row/page/v1"
    to: str
    since: datetime.datetime
    due: datetime.datetime
    tries: int = 0
    says: str = WAITS
    client_id: bytes = b""
    about: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class PageOut:
    """A page under its id (16 random bytes)."""

    message_id: bytes
    row: PageRow


def new_page(
    to: str, at: datetime.datetime, says: str = WAITS, *, client_id: bytes = b"", about: str = ""
) -> PageOut:
    """A page that is due now."""
    row = PageRow(to=to, since=at, due=at, says=says, client_id=client_id, about=about)
    return PageOut(os.urandom(16), row)


def put(vault: Vault, writing: Writing, page: PageOut) -> None:
    """Inside a job: have a page wait."""
    row = vault.directory.seal(page.row, page.message_id)
    place = {"practice_id": vault.practice_id, "message_id": page.message_id}
    writing.run("outbox.insert", row=row, **place)


def take(vault: Vault, writing: Writing, page: PageOut) -> None:
    """Inside a job: a page waits no more."""
    place = {"practice_id": vault.practice_id, "message_id": page.message_id}
    writing.run("outbox.delete", **place)


def all_pages(vault: Vault, reading: Reading) -> list[PageOut]:
    """Every page that waits, the longest first; other messages of the outbox are left out."""
    found: list[PageOut] = []
    for message_id, sealed in reading.rows("outbox.all", practice_id=vault.practice_id):
        try:
            found.append(PageOut(message_id, vault.directory.open(PageRow, sealed, message_id)))
        except Unopenable:
            continue  # a line that the law delays
    return sorted(found, key=lambda one: (one.row.since, one.message_id))
