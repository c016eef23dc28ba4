"""Challenges for passkeys: each for one browser and one act, for five minutes, answered once.

A challenge is a time and 16 random bytes under a key that is derived from the browser's cookie and
from this process's own, so nothing is remembered until one is answered; what was answered is
remembered until it would be too old anyway. The act is that to sign in, or the digest of what
somebody is about to do.
"""

from __future__ import annotations

import datetime
import hmac
import os
import threading
from typing import Final

from angerona.ciphers.derive import derived

LASTS: Final = datetime.timedelta(minutes=5)
_TIME_BYTES: Final = 8
_BYTES: Final = _TIME_BYTES + 16 + 32
_DOMAIN: Final = "angerona/challenge/v1"


class Challenges:
    """Makes challenges, and takes each back once. Safe to use from several threads."""

    def __init__(self) -> None:
        """Begin with 32 bytes that end with this process."""
        self._process = os.urandom(32)
        self._answered: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def new(self, browser: bytes, at: datetime.datetime, *, act: bytes = b"") -> bytes:
        """A challenge (56 bytes) for the browser of this cookie, and for this act."""
        head = int(at.timestamp()).to_bytes(_TIME_BYTES, "big") + os.urandom(16)
        return head + self._mark(browser, head, act)

    def take(
        self, browser: bytes, challenge: bytes, at: datetime.datetime, *, act: bytes = b""
    ) -> bool:
        """Whether it was made for this browser and act, not long ago, and not answered before."""
        head, mark = challenge[:-32], challenge[-32:]
        if len(challenge) != _BYTES:
            return False
        if not hmac.compare_digest(mark, self._mark(browser, head, act)):
            return False
        made, now = int.from_bytes(head[:_TIME_BYTES], "big"), int(at.timestamp())
        oldest = now - int(LASTS.total_seconds())
        with self._lock:
            for old in [one for one, when in self._answered.items() if when < oldest]:
                del self._answered[old]
            if made < oldest or challenge in self._answered:
                return False
            self._answered[challenge] = made
        return True

    def _mark(self, browser: bytes, head: bytes, act: bytes) -> bytes:
        return derived(browser + self._process, _DOMAIN, head, act)
