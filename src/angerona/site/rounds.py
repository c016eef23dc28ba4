"""What is due each minute and each day, done beside the requests in a thread of its own.

Whatever fails is tried again a minute later: a full disk is no reason to stop, and what could not
be written yet is still due.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from angerona.errors import Altered, AngeronaError
from angerona.practice.breach_alarms import open_by_itself
from angerona.practice.maturity import raise_what_comes
from angerona.practice.passing_on import pass_on_due
from angerona.practice.putting_off import weigh_again
from angerona.practice.reminders import remind
from angerona.practice.upkeep import keep_up
from angerona.practice.watching import watch

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Vault

MINUTE_S: Final = 60
_LOG: Final = logging.getLogger("angerona.site.rounds")


class Rounds:
    """Keeps a practice up while the block runs; the first round begins at once."""

    def __init__(
        self,
        vault: Vault,
        clock: Callable[[], datetime.datetime],
        *,
        packs: Packs,
        remember: Callable[[Vault], None],
        back_up: Callable[[Vault, datetime.datetime], None] | None = None,
    ) -> None:
        """`remember` keeps the ledger's newest head outside the store, after each daily round.

        `back_up` makes the day's backup after it, where one is wanted: no other process can while
        this one holds the store. `packs`: the law, by which the young come of age.
        """
        self._vault = vault
        self._clock = clock
        self._packs = packs
        self._remember = remember
        self._back_up = back_up
        self._backed_up: datetime.date | None = None
        self._kept_up: datetime.date | None = None
        self._raised: datetime.date | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds")

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End after the round that is on its way."""
        self._is_over.set()
        self._thread.join()

    def go(self) -> None:
        """One round: new looks, delays, readings, reminders; once a day upkeep and a backup.

        Nothing is raised.
        """
        at = self._clock()
        # What cannot be watched, such as a row that does not open, holds up nothing else.
        for do in (
            *(self._watched, self._weighed, self._passed_on),
            *(self._reminded, self._grown, self._kept),
        ):
            try:
                do(at)
            except AngeronaError as problem:
                if isinstance(problem, Altered):
                    with suppress(AngeronaError):  # what is wrong may be what an incident stands on
                        open_by_itself(self._vault, "tampering", at)
                name = type(problem).__name__
                _LOG.error("a round failed, and comes again in a minute: %s", name)

    def _watched(self, at: datetime.datetime) -> None:
        watch(self._vault, at)

    def _weighed(self, at: datetime.datetime) -> None:
        weigh_again(self._vault, self._packs, at)

    def _passed_on(self, at: datetime.datetime) -> None:
        pass_on_due(self._vault, at)

    def _reminded(self, at: datetime.datetime) -> None:
        remind(self._vault, at)

    def _grown(self, at: datetime.datetime) -> None:
        if self._raised != at.date():
            try:
                raise_what_comes(self._vault, self._packs, at)
            except Altered:  # raised once the others were looked at: all of it is done for today
                self._raised = at.date()
                raise
            self._raised = at.date()

    def _kept(self, at: datetime.datetime) -> None:
        self._vault.repeats.tick(at)
        if self._kept_up != at.date():
            keep_up(self._vault, at)
            self._remember(self._vault)
            self._kept_up = at.date()
        if self._back_up is not None and self._backed_up != at.date():
            self._back_up(self._vault, at)
            self._backed_up = at.date()

    def _run(self) -> None:
        while True:
            self.go()
            if self._is_over.wait(MINUTE_S):
                return
