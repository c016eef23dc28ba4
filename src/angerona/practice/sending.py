"""Forms do their work once: sent again, they get what came of it the first time.

Each form that a page shows has a random key. That it was sent is written in the very transaction
of the first line that its act writes (`ledger/beside.py`), so that neither can be there without the
other; what came of it, a moment later. A form that comes again with other words is refused, unless
nothing is to be done for it: two forms with the same words are two, and do their work twice.
"""

from __future__ import annotations

import datetime
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from angerona.errors import SentBefore, Unopenable
from angerona.ledger.beside import beside
from angerona.practice.paper import COPIED, ON_PAPER
from angerona.sealed.held_lines import HELD
from angerona.sealed.sent import Sent, SentPlace, SentRow, opened_sent, sealed_sent, sent_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from angerona.ledger.lines import Line
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

REMEMBERED: Final = datetime.timedelta(days=7)
_NO_ACT: Final = frozenset({"look", "refusal", "failed_sign_in", "sign_in", "sign_out", "blank"})


@dataclass(slots=True)
class Sending:
    """A form as it was sent now, by somebody, and whether an act was begun for it."""

    visit: Visit
    place: SentPlace
    content: bytes
    _first: bytes = field(repr=False)

    @classmethod
    def of(cls, visit: Visit, page: str, key: bytes, content: bytes) -> Sending:
        """`key`: the form's own, 16 bytes; `content`: a digest (32 bytes) of what was typed."""
        place = sent_place(visit.vault.practice_id, visit.unlocked.person_id, page, key)
        public = visit.unlocked.keys.public.wrap
        return cls(visit, place, content, sealed_sent(public, place, Sent(content=content)))

    def before(self) -> Sent | None:
        """What is remembered of the same form with the same words; nothing where it is new."""
        for (blob,) in self._rows():
            try:
                found = opened_sent(self.visit.unlocked.keys.pair, self.place, blob)
            except Unopenable:  # keys that this person no longer has; the act will be refused
                return None
            if found.content == self.content:
                return found
        return None

    def take_up(self) -> None:
        """Go on with what an earlier sending left undone, for an act that can be taken up."""
        for (blob,) in self._rows():
            self._first = blob

    @property
    def is_known(self) -> bool:
        """Whether something was done for this form already, now or before, and is durable."""
        return bool(self._rows())

    @contextmanager
    def doing(self) -> Iterator[None]:
        """Do the act of the form in the block.

        What writes its lines raises `SentBefore` where the form was sent before.
        """
        with beside(self._noted):
            yield

    def done(self, result: bytes | None) -> None:
        """Remember what came of it, where something was done; `None` for what is not repeated."""
        told = Sent(content=self.content, result=b"" if result is None else result)
        blob = sealed_sent(self.visit.unlocked.keys.public.wrap, self.place, told)

        def job(writing: Writing) -> None:
            if [held for (held,) in writing.rows("sent.by_key", **self.place.columns)] == [
                self._first
            ]:
                writing.run("sent.update", blob=blob, **self.place.columns)

        if self.is_known:
            self.visit.vault.store.write(job).result()

    def _noted(self, writing: Writing, lines: Sequence[Line]) -> None:
        if not any(is_act(one.body.get(HELD, one.kind), one.body) for one in lines):
            return
        held = writing.rows("sent.by_key", **self.place.columns)
        if not held:
            day = SentRow(day=self.visit.at.date())
            row = self.visit.vault.directory.seal(day, self.place.sent_id)
            writing.run("sent.insert", row=row, blob=self._first, **self.place.columns)
        elif held[0][0] != self._first:
            raise SentBefore

    def _rows(self) -> list[tuple[bytes]]:
        return self.visit.vault.store.rows("sent.by_key", **self.place.columns)


def is_act(kind: str, body: Mapping[str, object]) -> bool:
    """Whether a line says that something was done: looking twice is two looks, and no act."""
    return kind not in _NO_ACT or body.get("what") in {COPIED, ON_PAPER}


def forget_sent(vault: Vault, at: datetime.datetime) -> None:
    """Forget the forms that were sent longer ago than one may still come back to them."""
    first = (at - REMEMBERED).date()
    rows = vault.store.rows("sent.all", practice_id=vault.practice_id)
    old = [
        sent_id for sent_id, row in rows if vault.directory.open(SentRow, row, sent_id).day < first
    ]

    def job(writing: Writing) -> None:
        for sent_id in old:
            writing.run("sent.delete", practice_id=vault.practice_id, sent_id=sent_id)

    if old:
        vault.store.write(job).result()
