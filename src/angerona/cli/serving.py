"""`angerona serve`: a practice, open to browsers for as long as this process runs.

In this order: the process has started again, forgetting (`sealed/forgetting.py`), before it holds
anything; what is wrong with the options is said; the practice opens as for any command; the server
proves itself (`site/proving.py`); emergencies that the ledger lacks are taken over; then
the pages are served. When it is told to stop, what has begun is answered, every session ends, and
the store is closed.
"""

from __future__ import annotations

import contextlib
import signal
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.cli import asking, heads
from angerona.cli.backing_up import daily_backup
from angerona.cli.entrance import now, opened, read_secret
from angerona.cli.output import complain, say
from angerona.cli.setting_up import check_store, founded_in_browser, is_to_found
from angerona.cli.settings import data_folder
from angerona.errors import BadInput
from angerona.gate.door import Door
from angerona.gate.emergency import absorb
from angerona.notices.outgoing import telling_words
from angerona.practice.paging import is_mail_address
from angerona.sealed.zones import zone_named
from angerona.site.application import Site
from angerona.site.logs import log_plainly
from angerona.site.mail import MailServer, Pager
from angerona.site.proving import prove
from angerona.site.rounds import Rounds
from angerona.site.serving import (
    Tls,
    check_away,
    check_exposure,
    check_origin,
    is_near,
    listening,
    origin_at,
    served,
    wait,
)
from angerona.web.turn import House

if TYPE_CHECKING:
    import datetime
    import socket
    import threading
    from collections.abc import Callable, Iterator

    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Vault

NEAR_NAME: Final = "localhost"
"""What browsers call this machine: passkeys need a name, and a number is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where the site listens and what browsers call it, from the options."""

    host: str
    port: int
    certificate: str | None = None
    key: str | None = None
    origin: str | None = None
    away: str | None = None

    def tls(self) -> Tls | None:
        """The certificate and its key. Raises `BadInput` where one of the two is missing or bad."""
        if self.certificate is None and self.key is None:
            return None
        if self.certificate is None or self.key is None:
            raise BadInput("--certificate", "goes with --key", "both, or neither")
        found = Tls(Path(self.certificate), Path(self.key))
        found.check()
        return found

    def called(self) -> str:
        """The one address that browsers must call the site by. Raises `BadInput`."""
        is_secure = self.certificate is not None
        if self.origin is not None:
            return check_origin(self.origin, is_secure=is_secure)
        if self.host in {"0.0.0.0", "::"}:  # noqa: S104 -- compared, and nothing listens there yet
            raise BadInput("--origin", "is missing: no browser calls this address", "https://name")
        name = NEAR_NAME if is_near(self.host) else self.host
        return origin_at(name, self.port, is_secure=is_secure)


def run(
    data: str | None,
    where: Where,
    *,
    store: str | None,
    spool: str | None,
    backups: str | None,
    keysets: str | None,
    mail: MailServer | None = None,
) -> int:
    """Serve the practice of a folder until told to stop; 1 if the server ended by itself.

    Where there is none it is founded first, in a browser (`setting_up.py`), in the `store` of that
    address where one is given.
    With `backups` (and `keysets`, another folder) a backup is made each day; with `mail` whoever is
    on call is paged.
    """
    called, tls = where.called(), where.tls()
    check_exposure(where.host, is_secure=tls is not None)
    away = "" if where.away is None else check_away(where.away)
    log_plainly()
    folder, bound = data_folder(data), None
    daily = None if backups is None else daily_backup(backups, keysets)
    with told_to_stop():
        if is_to_found(folder, where.host, is_named=where.origin is not None):
            if store is not None:
                check_store(store)
            bound = listening(where.host, where.port)
            if not founded_in_browser(folder, called, bound, tls, store):
                bound.close()
                return 0
        elif store is not None:
            raise BadInput("--store", "is for the founding, and there is a practice", "without it")
        return _serve(folder, where, spool=spool, away=away, bound=bound, daily=daily, mail=mail)


def mail_server(address: str | None, sender: str | None, login: str | None) -> MailServer | None:
    """The mail server that was named, if one was. Raises `BadInput`, also for half of it."""
    if address is None or sender is None:
        if address or sender or login:
            raise BadInput("--mail", "goes with --mail-from", "both, or neither")
        return None
    if not is_mail_address(sender):
        raise BadInput("--mail-from", "is no mail address", "such as pages@example.org")
    if telling_words(sender):
        raise BadInput("--mail-from", "tells what kind of place this is", "a name that does not")
    secret = read_secret(login, "the file of the mail login").splitlines() if login else []
    if login and len(secret) != len(("user", "password")):
        raise BadInput("--mail-login", "is not two lines", "the user, and below it the password")
    return MailServer.at(address, sender, (secret[0], secret[1]) if secret else None)


def _serve(
    folder: Path,
    where: Where,
    *,
    spool: str | None,
    away: str,
    bound: socket.socket | None,
    daily: Callable[[Vault, datetime.datetime], None] | None,
    mail: MailServer | None,
) -> int:
    """Open a practice and serve it, on a socket that may listen already.

    Raises `MissingExtra` where this machine does not know the clock that the practice goes by.
    """
    called, tls = where.called(), where.tls()
    with opened(folder) as vault:
        packs = asking.loaded(None)
        practice = vault.practice()
        zone_named(practice.row.zone)
        prove(packs, practice.row.packs, now())
        if spool is not None:
            _take_over(vault, Path(spool))
        bound = bound or listening(where.host, where.port)
        house = house_of(vault, packs, called, away=away)
        is_proxied = where.origin is not None and tls is None
        with open_to_browsers(
            house, bound, tls=tls, is_behind_proxy=is_proxied, back_up=daily, mail=mail
        ) as thread:
            told = partial(say, f"The practice is open at {called} (Ctrl-C closes it).")
            return int(not wait(thread, told))


def house_of(
    vault: Vault, packs: Packs, called: str, *, is_sample: bool = False, away: str = ""
) -> House:
    """The house that the pages speak for."""
    title = vault.practice().row.name
    door = Door(vault, packs)
    return House(door=door, title=title, origin=called, is_sample=is_sample, away=away)


@contextlib.contextmanager
def open_to_browsers(
    house: House,
    bound: socket.socket,
    *,
    tls: Tls | None = None,
    is_behind_proxy: bool = False,
    back_up: Callable[[Vault, datetime.datetime], None] | None = None,
    mail: MailServer | None = None,
) -> Iterator[threading.Thread]:
    """Serve a house, with its rounds, while the block runs; gives the thread that serves.

    `back_up` makes the backup of each day; through `mail` whoever is on call is paged.
    """
    vault = house.door.vault
    app = Site(house, now).application()
    pager = contextlib.nullcontext() if mail is None else Pager(vault, now, mail, house.origin)
    try:
        with (
            pager,
            Rounds(vault, now, packs=house.door.packs, remember=heads.remember, back_up=back_up),
            served(app, bound, tls=tls, is_behind_proxy=is_behind_proxy) as thread,
        ):
            yield thread
    finally:
        vault.agent.close_every_session()


@contextlib.contextmanager
def told_to_stop() -> Iterator[None]:
    """Have SIGTERM, which service managers send, do what Ctrl-C does while the block runs."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _take_over(vault: Vault, spool: Path) -> None:
    """Take what was opened in an emergency over into the ledger. Raises as `absorb`."""
    found = absorb(vault, spool, now())
    if found.taken:
        say(f"{found.taken} emergencies of the spool now stand in the ledger.")
    if found.broken:
        complain(f"{len(found.broken)} lines of the spool cannot be read; they are set aside")
