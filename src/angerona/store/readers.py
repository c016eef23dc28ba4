"""Connections that read, lent to one thread at a time and kept for the next."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from angerona.errors import StoreBusy, StoreClosed, StoreFailed

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
    def lent(self, begin: Callable[[C], None] = lambda _: None) -> Iterator[C]:
        """One connection for as long as the block lasts. After an error it is not lent again.

        `begin` is called on it first. A connection that was kept and fails then has died meanwhile
        (a server was restarted); the next one is taken.

        Raises:
            StoreBusy: all are lent, and none came back in time.
            StoreClosed: the store is closed.
        """
        if not self._turns.acquire(timeout=self._patience_s):
            raise StoreBusy("all connections that read are in use; end a snapshot, or try again")
        try:
            connection = self._begun(begin)
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
        self.forget()

    def forget(self) -> None:
        """Close what is free now."""
        with suppress(IndexError):
            while True:
                self._free.pop().close()

    def _begun(self, begin: Callable[[C], None]) -> C:
        """A kept connection that still answers, else a new one."""
        while True:
            if self._closed:
                raise StoreClosed("the store is closed")
            try:
                connection, kept = self._free.pop(), True
            except IndexError:
                connection, kept = self._opened(), False
            try:
                begin(connection)
            except BaseException as error:
                connection.close()
                if not (kept and isinstance(error, StoreFailed)):
                    raise
            else:
                return connection

    def _given_back(self, connection: C) -> None:
        self._free.append(connection)
        if self._closed:
            self.forget()
