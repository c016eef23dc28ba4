"""Connections that read, lent to one thread at a time and kept for the next."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from angerona.errors import StoreBusy, StoreClosed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Closable(Protocol):
    def close(self) -> None: ...


C = TypeVar("C", bound=_Closable)


class Readers(Generic[C]):
    """Up to so many connections, opened when first needed; the one used last is lent first."""

    def __init__(self, opened: Callable[[], C], *, most: int, patience_s: float) -> None:
        """Lend what `opened` gives; a borrower waits `patience_s` seconds for his turn."""
        self._opened = opened
        self._patience_s = patience_s
        self._free: deque[C] = deque()
        self._turns = threading.BoundedSemaphore(most)
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[C]:
        """One connection for as long as the block lasts. After an error it is not lent again.

        Raises:
            StoreBusy: all are lent, and none came back in time.
            StoreClosed: the store is closed.
        """
        if not self._turns.acquire(timeout=self._patience_s):
            raise StoreBusy("all connections that read are in use; end a snapshot, or try again")
        try:
            connection = self._taken()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            self._given_back(connection)
        finally:
            self._turns.release()

    def close(self) -> None:
        """Close what is free now, and the rest when it comes back."""
        self._closed = True
        while self._free:
            self._free.pop().close()

    def _taken(self) -> C:
        if self._closed:
            raise StoreClosed("the store is closed")
        try:
            return self._free.pop()
        except IndexError:
            return self._opened()

    def _given_back(self, connection: C) -> None:
        self._free.append(connection)
        if self._closed:
            self.close()
