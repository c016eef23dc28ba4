"""What goes along with the lines that an act writes, whichever they are: in their transaction.

An act of somebody may write its lines deep below whoever asked for it. What must be durable exactly
if the act is (that its form was sent, for one) is set around the whole of it, and no act can forget
it. It belongs to the thread that set it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from angerona.ledger.lines import Line
    from angerona.store import Writing

    Beside = Callable[[Writing, Sequence[Line]], None]

_BESIDE: Final[ContextVar[Beside | None]] = ContextVar("beside", default=None)


@contextmanager
def beside(change: Beside) -> Iterator[None]:
    """Have `change` made in the transaction of whatever lines are written while the block runs.

    It is given those lines. What it raises, whoever writes them raises, and nothing is written.
    What is set around the block already is made too, before it.
    """
    around = _BESIDE.get()

    def both(writing: Writing, lines: Sequence[Line]) -> None:
        if around is not None:
            around(writing, lines)
        change(writing, lines)

    token = _BESIDE.set(both)
    try:
        yield
    finally:
        _BESIDE.reset(token)


def set_beside() -> Beside | None:
    """What is set in this thread."""
    return _BESIDE.get()
