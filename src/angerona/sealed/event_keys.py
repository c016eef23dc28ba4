"""The keys under which ledger lines are sealed, one for each client, held by the server.

A refusal is written by a session that holds no key of the client's, and the privacy officer reads
who looked without reading what. So the event key of a client is random and lies in the wrap-vault's
epoch: erasing the client erases it. The practice and its people are never erased from their own
ledger; their event keys come from the directory key.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.ciphers.suites import SealingKey
from angerona.errors import Altered, Unknown
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from angerona.sealed.keyset import Keyset
    from angerona.store import Store

KEPT_MAX: Final = 20_000
"""How many opened event keys are kept at hand (about 5 MB)."""


class EventKeyRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The event key of one client (32 bytes)."""

    domain: ClassVar[str] = "angerona/row/event-key/v1"
    key: bytes


class EventKeys:
    """What the ledger asks for the key of a line's subject. Safe to use from several threads."""

    def __init__(self, store: Store, keyset: Keyset) -> None:
        """Begin with no key at hand."""
        self._store = store
        self._keyset = keyset
        self._kept: OrderedDict[bytes, SealingKey] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, subject_id: bytes) -> SealingKey:
        """The event key of a subject. Raises `Unknown` where there is none."""
        with self._lock:
            key = self._kept.get(subject_id)
            if key is not None:
                self._kept.move_to_end(subject_id)
                return key
        return self._keep(subject_id, self._read(subject_id))

    def of_own(self, subject_id: bytes) -> SealingKey:
        """The event key of the practice or a person, at hand from now on."""
        return self._keep(subject_id, self._keyset.event_key_of(subject_id))

    def new(self, client_id: bytes) -> tuple[int, bytes]:
        """A new client's event key: its epoch and sealed row. It is at hand at once."""
        key, epoch = os.urandom(32), self._keyset.newest
        row = self._keyset.vault(epoch).seal(EventKeyRow(key=key), client_id)
        self._keep(client_id, key)
        return epoch, row

    def forget(self, subject_id: bytes) -> None:
        """Drop a key that is at hand, as after an erasure."""
        with self._lock:
            self._kept.pop(subject_id, None)

    def _read(self, subject_id: bytes) -> bytes:
        practice_id = self._keyset.practice_id
        place = {"practice_id": practice_id, "client_id": subject_id}
        found = self._store.rows("event_keys.by_key", **place)
        if found:
            epoch, row = found[0]
            return self._keyset.vault(epoch).open(EventKeyRow, row, subject_id).key
        if self._store.rows("clients.by_key", **place):
            raise Altered("the event key of a client")
        of_person = {"practice_id": practice_id, "person_id": subject_id}
        if subject_id == practice_id or self._store.rows("people.by_key", **of_person):
            return self._keyset.event_key_of(subject_id)
        raise Unknown

    def _keep(self, subject_id: bytes, key: bytes) -> SealingKey:
        held = SealingKey(key)
        with self._lock:
            self._kept[subject_id] = held
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return held
