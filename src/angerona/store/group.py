"""The writer thread: many jobs in one transaction, and one durable commit for all of them.

A group is whatever has been handed in by the time the last one was done; nobody waits for company.
Steps, for each group:

1. begin;
2. run each job behind a savepoint of its own, so that a job that raises is undone alone;
3. call `before_commit` (the ledger adds its lines);
4. COMMIT: the only moment at which anything is durable;
5. call `after_commit`, then tell those who wait.

Whatever else fails before 5 undoes the whole group, calls `after_failure`, and is told to all.
"""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, cast

from angerona.errors import (
    StoreClosed,
    StoreDamaged,
    StoreError,
    StoreFailed,
    StoreFull,
    StoreMisused,
    StoreMoved,
    StoreTaken,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.store.access import Access
    from angerona.store.contract import Writing

T = TypeVar("T")

JOBS_MAX: Final = 256
"""Jobs in one group: enough to share a commit, few enough that the first does not wait for long."""

TRIES_MAX: Final = 5
"""How often a group is run anew because others changed the same rows."""

BEAT_S: Final = 1.0
"""Seconds without a job after which the back end may say that it is still here."""

_ENDS_THE_GROUP: Final = (StoreDamaged, StoreFailed, StoreFull, StoreMoved, StoreTaken)
"""After one of these no savepoint can be trusted."""


class Transactions(Protocol):
    """What a back end does for its writer thread. Each may raise a StoreError."""

    def begin(self) -> Access:
        """Begin; what the jobs of this group write with."""
        ...

    def beat(self) -> None:
        """Called after `BEAT_S` without a job."""
        ...

    def savepoint(self) -> None:
        """Mark the place to which a job that raises is undone."""
        ...

    def release(self) -> None:
        """Keep what was done since the savepoint."""
        ...

    def undo_to_savepoint(self) -> None:
        """Undo what was done since the savepoint, and forget it."""
        ...

    def commit(self) -> None:
        """Make everything durable."""
        ...

    def rollback(self) -> None:
        """Undo everything; does nothing outside a transaction."""
        ...


@dataclass(frozen=True, slots=True)
class _Task:
    job: Callable[[Writing], Any]
    future: Future[Any]


@dataclass(frozen=True, slots=True)
class _Hooks:
    before_commit: Callable[[Writing], None]
    after_commit: Callable[[], None]
    after_failure: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Raised:
    """How a job ended that raised, so that it cannot be taken for a result."""

    error: BaseException


class Writer:
    """Runs jobs in a thread of its own, in groups."""

    def __init__(self, transactions: Transactions) -> None:
        """Start the thread."""
        self._transactions = transactions
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._hooks: list[_Hooks] = []
        self._handing_in = threading.Lock()
        self._closed = False
        self._stopped: StoreError | None = None
        self._in_group = False
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def write(self, job: Callable[[Writing], T]) -> Future[T]:
        """Hand in a job; see `Store.write`."""
        if self._in_group and threading.current_thread() is self._thread:
            raise StoreMisused("a job may not hand in another and wait for it; write in this one")
        future: Future[T] = Future()
        with self._handing_in:
            if self._stopped:
                raise StoreClosed(f"writing has stopped: {self._stopped}") from self._stopped
            if self._closed:
                raise StoreClosed("the store is closed")
            self._tasks.put(_Task(job, future))
        return future

    def on_group(
        self,
        before_commit: Callable[[Writing], None],
        after_commit: Callable[[], None],
        after_failure: Callable[[], None],
    ) -> None:
        """Register hooks; see `Store.on_group`."""
        self._hooks.append(_Hooks(before_commit, after_commit, after_failure))

    def close(self) -> None:
        """Run what was handed in, then end the thread."""
        with self._handing_in:
            self._closed = True
            self._tasks.put(None)
        self._thread.join()

    def _work(self) -> None:
        """The thread: group after group, until the end mark."""
        more = True
        while more:
            group, more = self._next_group()
            if group:
                self._in_group = True
                outcomes = self._write(group)
                self._in_group = False
                for task, outcome in zip(group, outcomes, strict=True):
                    _tell(task.future, outcome)

    def _next_group(self) -> tuple[list[_Task], bool]:
        """The jobs that are waiting, at least one; False when the end mark was among them."""
        group: list[_Task] = []
        task = self._first()
        while task is not None:
            if task.future.set_running_or_notify_cancel():
                group.append(task)
            if len(group) == JOBS_MAX:
                return group, True
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _first(self) -> _Task | None:
        """Wait for a job, or for the end mark."""
        while True:
            try:
                return self._tasks.get(timeout=BEAT_S)
            except queue.Empty:
                self._beat()

    def _beat(self) -> None:
        """Nobody waits for a beat, so a failure is left to the next group to meet and tell."""
        try:
            self._transactions.beat()
        except StoreError:
            self._undo()

    def _write(self, group: list[_Task]) -> list[object]:
        """Run a group to its end, whatever happens; how each job ended."""
        error: BaseException = StoreMoved("never tried")
        for _ in range(TRIES_MAX):
            if self._stopped:
                return [_Raised(self._stopped)] * len(group)
            try:
                return self._attempt(group)
            except StoreMoved as moved:
                error = moved
                self._undo()
            except BaseException as failed:  # noqa: BLE001 -- told to everybody who waits
                self._undo()
                return [_Raised(failed)] * len(group)
        return [_Raised(error)] * len(group)

    def _attempt(self, group: list[_Task]) -> list[object]:
        """Steps 1 to 5 once."""
        access = self._transactions.begin()
        alone = len(group) == 1
        outcomes = [self._run(task.job, access, alone=alone) for task in group]
        if all(isinstance(outcome, _Raised) for outcome in outcomes):
            self._undo()
            return outcomes
        for hooks in self._hooks:
            hooks.before_commit(access)
        _refuse_failure(access)
        self._transactions.commit()
        self._call([hooks.after_commit for hooks in self._hooks])
        return outcomes

    def _run(self, job: Callable[[Writing], Any], access: Access, *, alone: bool) -> object:
        """One job behind its savepoint; a job that is alone has the whole transaction for one.

        A job whose statement failed has failed, also if it caught the error.
        """
        if not alone:
            self._transactions.savepoint()
        try:
            result = job(access)
            _refuse_failure(access)
        except _ENDS_THE_GROUP:
            raise
        except BaseException as error:  # noqa: BLE001 -- told to the one who handed it in
            if not alone:
                self._transactions.undo_to_savepoint()
            access.failure = None
            return _Raised(error)
        if not alone:
            self._transactions.release()
        return result

    def _undo(self) -> None:
        """Undo the transaction and say so; if even that fails, nothing more is written."""
        self._call([self._transactions.rollback])
        self._call([hooks.after_failure for hooks in self._hooks])

    def _call(self, hooks: list[Callable[[], None]]) -> None:
        """Call what must not raise. If it does, memory and store have parted: stop."""
        for hook in hooks:
            try:
                hook()
            except BaseException as error:  # noqa: BLE001 -- kept, and told to all who come after
                stopped = StoreFailed("its end is not known; open the store again")
                stopped.__cause__ = error
                self._stop(stopped)

    def _stop(self, error: StoreError) -> None:
        with self._handing_in:
            self._stopped = self._stopped or error


def _refuse_failure(access: Access) -> None:
    """Whoever caught the error of a statement goes on in vain."""
    if access.failure:
        raise access.failure


def _tell(future: Future[Any], outcome: object) -> None:
    if isinstance(outcome, _Raised):
        future.set_exception(outcome.error)
    else:
        future.set_result(cast("Any", outcome))
