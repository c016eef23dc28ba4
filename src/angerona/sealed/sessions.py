"""Open sessions: a person's keys exist here, and nowhere else, and only while a cookie is shown.

The table holds each person's seed and the keys opened so far under a key that is derived from the
cookie's 32 random bytes and from this process's own: whoever reads the table without a cookie has
nothing, and a restart, an idle time-out or a sign-out ends the session for good. The table knows a
cookie by its hash alone. This is the key agent: one process of a deployment holds it, and every
other part reaches keys through `Agent.unlocked` (docs/adr/0012-keys-and-ties.md).
"""

from __future__ import annotations

import datetime
import hashlib
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import packed
from angerona.ciphers.rows import open_row, seal_row
from angerona.errors import SignedOut
from angerona.sealed.people import PersonKeys

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

IDLE: Final = datetime.timedelta(minutes=15)
LONGEST: Final = datetime.timedelta(hours=12)
WRONG_MAX: Final = 5
"""How often somebody may fail to prove anew who it is before the session ends."""
CARRIED_BYTES_MAX: Final = 400_000_000
"""How much all sessions together may carry."""
_SESSION: Final = "angerona/session/v1"
_SEED: Final = "angerona/session/seed/v1"
_KEPT: Final = "angerona/session/key/v1"
_CARRIED: Final = "angerona/session/carried/v1"

KeyName = tuple[bytes, str, int]
"""A key of a record: client, compartment, generation."""


@dataclass(slots=True, repr=False)
class _Session:
    """One row of the table: nothing in it can be read without the cookie."""

    practice_id: bytes
    person_id: bytes
    seed: bytes
    opened: datetime.datetime
    seen: datetime.datetime
    proved: datetime.datetime
    wrong: int = 0
    is_ended: bool = False
    kept: dict[KeyName, bytes] = field(default_factory=dict)
    names: dict[bytes, tuple[Hashable, frozenset[str]]] = field(default_factory=dict)
    carried: dict[str, bytes] = field(default_factory=dict)


@dataclass(slots=True, repr=False)
class Unlocked:
    """A session while its cookie is shown: who it is, and the keys that were opened in it."""

    practice_id: bytes
    person_id: bytes
    keys: PersonKeys
    _key: bytes
    _session: _Session

    @property
    def proved(self) -> datetime.datetime:
        """When it was last proved who this is: by signing in, or by a password or code since."""
        return self._session.proved

    def is_of(self, session: _Session) -> bool:
        """Whether this is that session, unlocked."""
        return self._session is session

    def prove(self, at: datetime.datetime) -> None:
        """Note that it was proved anew who this is."""
        self._session.proved, self._session.wrong = at, 0

    def fail_to_prove(self) -> None:
        """Note that a proof was wrong; once too often ends the session."""
        self._session.wrong += 1
        self._session.is_ended = self._session.wrong >= WRONG_MAX

    def kept(self, name: KeyName) -> bytes | None:
        """A key opened earlier in this session."""
        sealed = self._session.kept.get(name)
        return None if sealed is None else open_row(self._key, _context(name), sealed)

    def keep(self, name: KeyName, key: bytes) -> None:
        """Keep an opened key for the rest of the session, sealed like everything in it."""
        self._session.kept[name] = seal_row(self._key, _context(name), key)

    def carry(self, name: str, data: bytes) -> None:
        """Have the session hold something by a name until it ends, sealed like everything in it."""
        context = packed(_CARRIED, name)
        self._session.carried[name] = seal_row(self._key, context, data, pad=False)

    def carried(self, name: str) -> bytes | None:
        """What the session holds by this name."""
        sealed = self._session.carried.get(name)
        return None if sealed is None else open_row(self._key, packed(_CARRIED, name), sealed)

    def put_down(self, name: str) -> None:
        """Hold it no more; what is not held is no error."""
        self._session.carried.pop(name, None)

    def known_names(self, client_id: bytes, state: Hashable) -> frozenset[str] | None:
        """Which keys of a client are held in this state of what decides about it, if known."""
        known = self._session.names.get(client_id)
        return known[1] if known is not None and known[0] == state else None

    def know_names(self, client_id: bytes, state: Hashable, names: frozenset[str]) -> None:
        """Remember which keys of a client are held in this state of what decides about it."""
        self._session.names[client_id] = (state, names)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """What may be said of an open session: when it began, and when it was last used."""

    opened: datetime.datetime
    seen: datetime.datetime


class Agent:
    """The table of sessions. Safe to use from several threads."""

    def __init__(
        self, *, idle: datetime.timedelta = IDLE, longest: datetime.timedelta = LONGEST
    ) -> None:
        """Begin without a session, and with 32 bytes that end with this process."""
        self._process = os.urandom(32)
        self._sessions: dict[bytes, _Session] = {}
        self._lock = threading.Lock()
        self._alone: dict[bytes, threading.Lock] = {}
        self._idle = idle
        self._longest = longest

    def __len__(self) -> int:
        """How many sessions are open or not yet swept away."""
        return len(self._sessions)

    def open(
        self, practice_id: bytes, person_id: bytes, keys: PersonKeys, at: datetime.datetime
    ) -> bytes:
        """Open a session and give its cookie (32 bytes), which is kept nowhere here."""
        cookie = os.urandom(32)
        sealed = seal_row(self._key(cookie), packed(_SEED, practice_id, person_id), keys.seed)
        session = _Session(practice_id, person_id, sealed, at, at, at)
        with self._lock:
            self._sweep(at)
            self._sessions[_hash(cookie)] = session
        return cookie

    @contextmanager
    def unlocked(
        self, cookie: bytes, at: datetime.datetime, *, is_use: bool = True
    ) -> Iterator[Unlocked]:
        """The session of a cookie, for as long as the block runs. Raises `SignedOut`.

        What no person asked for is no use of it (`is_use`), and keeps no session open.
        """
        with self._lock:
            session = self._sessions.get(_hash(cookie))
            if session is None or self._is_over(session, at):
                self._sessions.pop(_hash(cookie), None)
                raise SignedOut
            if is_use:
                session.seen = max(session.seen, at)
        key = self._key(cookie)
        context = packed(_SEED, session.practice_id, session.person_id)
        keys = PersonKeys(open_row(key, context, session.seed))
        yield Unlocked(session.practice_id, session.person_id, keys, key, session)

    def is_open(self, cookie: bytes, at: datetime.datetime) -> bool:
        """Whether a cookie is that of an open session; that it was asked is no use of it."""
        with self._lock:
            session = self._sessions.get(_hash(cookie))
            return session is not None and not self._is_over(session, at)

    def room(self, at: datetime.datetime) -> int:
        """How many bytes more all sessions together may carry."""
        with self._lock:
            self._sweep(at)
            held = sum(
                len(one) for all_ in self._sessions.values() for one in all_.carried.values()
            )
        return CARRIED_BYTES_MAX - held

    @contextmanager
    def alone(self, person_id: bytes) -> Iterator[None]:
        """While the block runs, no other block like it runs for this person, in any session."""
        with self._lock:
            lock = self._alone.setdefault(person_id, threading.Lock())
        with lock:
            yield

    def close(self, cookie: bytes) -> None:
        """End one session; one that is over already is no error."""
        with self._lock:
            self._sessions.pop(_hash(cookie), None)

    def open_of(self, person_id: bytes, at: datetime.datetime) -> list[OpenSession]:
        """A person's open sessions, the newest first."""
        with self._lock:
            found = [
                OpenSession(one.opened, one.seen)
                for one in self._sessions.values()
                if one.person_id == person_id and not self._is_over(one, at)
            ]
        return sorted(found, key=lambda one: one.opened, reverse=True)

    def close_all(self, person_id: bytes) -> int:
        """End every session of a person, and say how many there were.

        What runs in one of them at this moment finds no key in it any more.
        """
        with self._lock:
            theirs = [name for name, one in self._sessions.items() if one.person_id == person_id]
            for name in theirs:
                session = self._sessions.pop(name)
                session.kept, session.names, session.carried = {}, {}, {}
        return len(theirs)

    def close_every_session(self) -> None:
        """End every session, as when the process stops."""
        with self._lock:
            self._sessions.clear()

    def close_others(self, unlocked: Unlocked) -> None:
        """End every session of a person but this one."""
        with self._lock:
            for name, one in list(self._sessions.items()):
                if one.person_id == unlocked.person_id and not unlocked.is_of(one):
                    del self._sessions[name]

    def forget(self, person_id: bytes, client_id: bytes) -> None:
        """Drop every key of one client from a person's sessions, as when a tie has ended."""
        with self._lock:
            for session in self._sessions.values():
                if session.person_id == person_id:
                    kept = session.kept
                    session.kept = {name: one for name, one in kept.items() if name[0] != client_id}
                    session.names.pop(client_id, None)

    def _key(self, cookie: bytes) -> bytes:
        return derived(cookie + self._process, _SESSION)

    def _is_over(self, session: _Session, at: datetime.datetime) -> bool:
        return (
            session.is_ended
            or at - session.seen > self._idle
            or at - session.opened > self._longest
        )

    def _sweep(self, at: datetime.datetime) -> None:
        for name in [one for one, session in self._sessions.items() if self._is_over(session, at)]:
            del self._sessions[name]


def _hash(cookie: bytes) -> bytes:
    return hashlib.sha256(cookie).digest()


def _context(name: KeyName) -> bytes:
    return packed(_KEPT, *name)
