"""The way in for the commands of a practice: its folder, its boot secret, its ledger, a person.

In this order: the process hardens itself; the settings say where the data lies and who keeps the
boot secret; the store opens, with the ledger's quick check; a person signs in. On the way out the
session ends, with its line in the ledger, and the store is closed.
"""

from __future__ import annotations

import contextlib
import datetime
import getpass
import os
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.cli import asking, heads, spools
from angerona.cli.output import ask_aloud
from angerona.cli.settings import data_folder, read_settings
from angerona.cli.talking import LINE_LIMIT
from angerona.errors import AngeronaError, BadInput, SignedOut, Unopenable
from angerona.gate.door import Door
from angerona.practice.members import credentials_of, find, sign_out
from angerona.practice.signing_in import Given, has_second, sign_in
from angerona.practice.turning import turn_owed
from angerona.sealed.hardening import harden
from angerona.sealed.keepers import keeper_at
from angerona.sealed.keyset import Keyset
from angerona.sealed.people import PASSWORD_CHARACTERS_MIN, check_password
from angerona.sealed.private_files import read_private
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import REASON_CHARACTERS_MAX, Vault
from angerona.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from angerona.cli.settings import Settings
    from angerona.sealed.boot import BootSecret, PracticeKeys
    from angerona.sealed.vault import Person, Practice, Visit
    from angerona.store import Store

KEYSET_FILE: Final = "keyset"
PASSWORD_BYTES_MAX: Final = 4_096
_TERMINAL: Final = "/dev/tty"
_PLACE: Final = "the terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who wants in, and where: the options that every command of a practice has."""

    data: str | None
    name: str | None
    password_file: str | None
    code: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Inside:
    """Somebody signed in: the door, and the visit at this moment (`now`)."""

    door: Door
    visit: Visit

    @property
    def practice(self) -> Practice:
        """The practice as it is now, with its clock."""
        return self.door.vault.practice()

    def now(self) -> Visit:
        """The same visit, at the time it is now."""
        return replace(self.visit, at=now())


def now() -> datetime.datetime:
    """The time, in UTC."""
    return datetime.datetime.now(datetime.UTC)


@contextlib.contextmanager
def inside(entry: Entry) -> Iterator[Inside]:
    """Open the practice and sign in while the block runs."""
    with opened(data_folder(entry.data)) as vault:
        spools.take_over(vault, spools.spool_of(vault.practice_id), now())
        with _signed_in(vault, sign_in_here(vault, entry)) as visit:
            yield Inside(Door(vault, asking.loaded(None)), visit)


def name_and_password(entry: Entry) -> tuple[str, str]:
    """Who wants in, asked for where it was not given. Raises `BadInput`."""
    name = entry.name if entry.name is not None else asked_for("Your name in this practice")
    return name, read_password(entry.password_file, f"Password of {name}")


def sign_in_here(vault: Vault, entry: Entry) -> bytes:
    """Open a session with the password and, where there is one, a code; gives its cookie.

    Raises `BadInput`, also for somebody whose second factor is a passkey: no command can ask for
    one.
    """
    name, password = name_and_password(entry)
    person = find(vault, name)
    code = "" if person is None else _code_of(person, entry)
    return sign_in(vault, Given(name, password, code), now())


def _code_of(person: Person, entry: Entry) -> str:
    if not has_second(person):
        return ""
    if not credentials_of(person, "app"):
        wrong = "signs in with a passkey, and a command cannot ask for one"
        raise BadInput("--as", wrong, "an authenticator app too, from the account page")
    if entry.code is not None:
        return entry.code
    if not can_ask():
        wrong = "a code of the app is asked for, and nobody is here to type it"
        raise BadInput("--code", wrong, "angerona --code DIGITS COMMAND")
    return ask_unseen("Code that the app shows now")


@contextlib.contextmanager
def _signed_in(vault: Vault, cookie: bytes) -> Iterator[Visit]:
    try:
        with vault.visit(cookie, now()) as visit:
            turn_owed(visit)
            yield visit
    except BaseException:
        # What went wrong is what the person should read, not that the way out failed too.
        with contextlib.suppress(AngeronaError):
            sign_out(vault, cookie, now())
        raise
    with contextlib.suppress(SignedOut):  # the session had run out by itself
        sign_out(vault, cookie, now())


@contextlib.contextmanager
def opened(
    folder: Path, *, anew: bool = False, keys: PracticeKeys | None = None
) -> Iterator[Vault]:
    """The practice of a folder while the block runs, nobody signed in.

    Its ledger must continue the one this account remembers (`heads.py`), unless it is to be
    remembered `anew`. Raises `SetBack`.
    """
    with unlocked(folder, keys) as found:
        vault = Vault(found.store, found.keys, found.keyset, Agent())
        if not anew:
            heads.compare(vault)
        yield vault
        heads.remember(vault)


@dataclass(frozen=True, slots=True, repr=False)
class Unlocked:
    """What a practice is opened from: its keys, its keyset, its store. No ledger was read yet."""

    keys: PracticeKeys
    keyset: Keyset
    store: Store


@contextlib.contextmanager
def unlocked(
    folder: Path,
    keys: PracticeKeys | None = None,
    *,
    opening: Callable[[str], Store] = open_store,
) -> Iterator[Unlocked]:
    """Keys, keyset and store of a folder while the block runs; the keeper is asked for the keys.

    Raises `BadInput` where the boot secret does not fit the practice.
    """
    harden()
    settings = read_settings(folder)
    keys = keys or practice_keys(folder, settings)
    keyset = Keyset.load(folder / KEYSET_FILE, settings.practice_id, keys)
    try:
        keyset.signer()
    except Unopenable:
        raise BadInput(
            "the boot secret", "does not fit this practice", "the one of its recovery kit"
        ) from None
    store = opening(settings.store)
    try:
        yield Unlocked(keys, keyset, store)
    finally:
        store.close()


def practice_keys(folder: Path, settings: Settings) -> PracticeKeys:
    """The practice's keys, from its keeper; the boot secret itself is wiped at once."""
    with _boot(folder, settings) as boot:
        return boot.derived(settings.practice_id)


@contextlib.contextmanager
def fetched(folder: Path) -> Iterator[tuple[BootSecret, PracticeKeys]]:
    """The boot secret itself while the block runs, with the keys of the practice of a folder."""
    harden()
    settings = read_settings(folder)
    with _boot(folder, settings) as boot:
        yield boot, boot.derived(settings.practice_id)


def _boot(folder: Path, settings: Settings) -> BootSecret:
    return keeper_at(settings.keeper, folder=folder, ask=ask_unseen if can_ask() else None).fetch()


def can_ask() -> bool:
    """Whether somebody sits at a terminal of this process, whatever stdin is."""
    try:
        os.close(os.open(_TERMINAL, os.O_RDWR))
    except OSError:
        return False
    return True


def asked_for(question: str) -> str:
    """What somebody at the terminal answers. Raises `BadInput` where nobody sits there."""
    if not can_ask():
        raise BadInput(_PLACE, "nobody is here to be asked", "give the answer as an option")
    ask_aloud(f"{question}: ")
    with Path(_TERMINAL).open(encoding="utf-8") as terminal:
        return terminal.readline(LINE_LIMIT).strip()


def ask_unseen(question: str) -> str:
    """The same for what nobody should see."""
    if not can_ask():
        raise BadInput(_PLACE, "nobody is here to type it unseen", "--password-file FILE")
    try:
        return getpass.getpass(f"{question}: ")
    except EOFError:
        raise BadInput(_PLACE, "nothing was typed") from None


def read_password(file: str | None, question: str) -> str:
    """A password from a file of its owner's alone, or typed unseen. Raises `BadInput`."""
    return ask_unseen(question) if file is None else read_secret(file, "the password file")


def new_password(file: str | None, whose: str) -> str:
    """A password that is to be set: from a file, or typed unseen twice. Raises `BadInput`."""
    question = f"{whose}, {PASSWORD_CHARACTERS_MIN} characters or more; a sentence is good"
    password = read_password(file, question)
    check_password(password)
    if file is None and ask_unseen("The same again") != password:
        raise BadInput("password", "the two were not the same", "start again")
    return password


def read_reason(question: str) -> str:
    """Why something is done: from a pipe, or typed at the terminal. Raises `BadInput`."""
    if sys.stdin is not None and not sys.stdin.isatty():
        text = sys.stdin.read(REASON_CHARACTERS_MAX + 1)
        if text.strip():
            return text.strip()
    return asked_for(question)


def read_secret(file: str, place: str) -> str:
    """One line from a file that nobody else may open. Raises `BadInput` naming `place`."""
    refused = partial(BadInput, place)
    data = read_private(Path(file), refused, bytes_max=PASSWORD_BYTES_MAX, laid_by_root=False)
    try:
        return data.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise refused("not UTF-8 text") from None
