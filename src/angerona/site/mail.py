"""Mail that says that something waits: handed to the practice's own mail server (RFC 5321).

The text is the same for everybody and names nobody, no practice and no kind of place. The address
of the site is in it for members, for it is where to go; never in what goes to a client. Each is
looked through for words that tell before it goes. What the server answers goes into no log.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from angerona.errors import AngeronaError, BadInput
from angerona.notices.outgoing import telling_words
from angerona.practice.paging import due_pages, page_failed, page_sent
from angerona.sealed.pages import DUE, MESSAGE, WAITS
from angerona.site.serving import is_near

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from angerona.sealed.vault import Vault

SUBJECT: Final = "Somebody waits for you"
TEXTS: Final = {
    WAITS: (SUBJECT, "Sign in when you can read it: {origin}\n"),
    DUE: ("Something is due", "Something is due. Sign in when you can read it: {origin}\n"),
    MESSAGE: (
        "You have a new message",
        "You have a new message. Sign in when it is safe to read it.\n",
    ),
}
"""Subject and text of each kind of page."""
ROUND_S: Final = 5
_TIMEOUT_S: Final = 20
_PORTS: Final = {"smtp": 25, "smtps": 465}
_LOG: Final = logging.getLogger("angerona.site.mail")


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """Where mail is handed over, and from whom it comes; `login`: user and password, if needed."""

    host: str
    port: int
    is_secure: bool
    sender: str
    login: tuple[str, str] | None = None

    @classmethod
    def at(cls, address: str, sender: str, login: tuple[str, str] | None = None) -> MailServer:
        """A server by its address, such as `smtps://mail.example.org`. Raises `BadInput`."""
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port, parts = None, None, urlsplit("")
        if parts.scheme not in _PORTS or not host or parts.path or parts.username:
            raise BadInput("--mail", "is no mail server", "smtp://host:port or smtps://host:port")
        return cls(host, port or _PORTS[parts.scheme], parts.scheme == "smtps", sender, login)

    def send(self, to: str, message_id: bytes, origin: str, says: str = WAITS) -> None:
        """Hand one page over. Raises `OSError` where it was not taken, as `SMTPException` is one.

        Raises `ValueError` for what no mail can hold, such as a login that is not ASCII, and for
        words that tell.

        Nothing goes unencrypted but on this machine. The same page has the same `Message-ID`
        however often it is tried, by which mail programs show it once.
        """
        message = EmailMessage()
        subject, text = TEXTS[says]
        if telling_words(f"{subject} {text}") or (says == MESSAGE and telling_words(self.sender)):
            raise ValueError("a word that tells")
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Message-ID"] = f"<{message_id.hex()}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
        message.set_content(text.format(origin=origin))
        context = ssl.create_default_context()
        if self.is_secure:
            opened: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_TIMEOUT_S, context=context
            )
        else:
            opened = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_S)
        with opened:
            if not self.is_secure and not is_near(self.host):
                opened.starttls(context=context)
            if self.login is not None:
                opened.login(*self.login)
            opened.send_message(message)


class Pager:
    """Sends the pages that wait, in a thread of its own, while the block runs."""

    def __init__(
        self,
        vault: Vault,
        clock: Callable[[], datetime.datetime],
        server: MailServer,
        origin: str,
    ) -> None:
        """`origin` is the address of the site, which stands in each page."""
        self._vault, self._clock = vault, clock
        self._server, self._origin = server, origin
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pager")

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End after the page that is on its way."""
        self._is_over.set()
        self._thread.join()

    def go(self) -> int:
        """One round; gives how many were taken. What was not is tried later; nothing is raised."""
        taken = 0
        try:
            for page in due_pages(self._vault, self._clock()):
                try:
                    self._server.send(page.row.to, page.message_id, self._origin, page.row.says)
                except (OSError, ValueError) as problem:
                    waits = page_failed(self._vault, page, self._clock())
                    later = "tried again later" if waits else "given up"
                    _LOG.error("a page was not taken (%s), %s", type(problem).__name__, later)
                else:
                    page_sent(self._vault, page)
                    taken += 1
        except AngeronaError as problem:
            _LOG.error("pages wait: %s", type(problem).__name__)
        return taken

    def _run(self) -> None:
        while not self._is_over.is_set():
            self.go()
            self._is_over.wait(ROUND_S)
