"""Step 3 of the path: the line, and in the same transaction everything that it announces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from angerona.ledger.lines import Line
from angerona.sealed import duties
from angerona.sealed.held_lines import hold
from angerona.sealed.vault import SLOTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    from angerona.ledger.lines import Written
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Vault
    from angerona.store import Writing


@dataclass(frozen=True, slots=True)
class Act:
    """A line to be written about a client, the duties that it brings, and those that it ends.

    `change` is made first, and gives what the line binds in its `slot`. `held_until`: until when
    the line is held back from the client's list; such a line binds nothing. `also`: a second act
    about the same client whose line binds in another slot, made together with this one or not at
    all; its own duties count, and nothing of it is held back.
    """

    client_id: bytes
    kind: str
    body: Mapping[str, object]
    owes: tuple[Duty, ...] = ()
    done: tuple[Duty, ...] = ()
    held_until: datetime.datetime | None = None
    slot: str = ""
    change: Callable[[Writing], bytes | None] | None = field(default=None, compare=False)
    also: Act | None = None


def announced(vault: Vault, act: Act, at: datetime.datetime, *, authority: int | None) -> Written:
    """Write an act down; durable when this returns. Raises as `Vault.record`."""
    if act.also is not None:
        return _announced_both(vault, act, act.also, at, authority=authority)
    body = _body(vault, act)

    def changes(writing: Writing) -> bytes | None:
        binding = act.change(writing) if act.change else None
        duties.delete(vault, act.done, writing)
        duties.insert(vault, act.owes, writing)  # a matter's next row has the id of the one before
        return binding

    moves = changes if act.owes or act.done or act.change else None
    if act.held_until is None:
        return vault.record(
            act.client_id, act.kind, body, at, authority=authority, slot=act.slot, changes=moves
        )
    line = Line(act.client_id, act.kind, body)
    return hold(vault, line, at, until=act.held_until, authority=authority, beside=changes)


def _announced_both(
    vault: Vault, first: Act, second: Act, at: datetime.datetime, *, authority: int | None
) -> Written:
    """Write two acts about one client down in one transaction, each with what it binds."""
    client_id, acts = first.client_id, (first, second)
    lines = [Line(client_id, one.kind, _body(vault, one), slot=SLOTS[one.slot]) for one in acts]

    def changes(writing: Writing) -> dict[tuple[bytes, int], bytes]:
        bound = dict[tuple[bytes, int], bytes]()
        for act, line in zip(acts, lines, strict=True):
            binding = act.change(writing) if act.change else None
            duties.delete(vault, act.done, writing)
            duties.insert(vault, act.owes, writing)
            if binding is not None:
                bound[client_id, line.slot] = binding
        return bound

    gathered = {} if authority is None else {client_id: authority}
    [written, _] = vault.ledger.append_all(lines, at, authority=gathered, changes=changes).result()
    return written


def _body(vault: Vault, act: Act) -> dict[str, object]:
    """What the line of an act says, with the duties that it brings and ends."""
    body = dict(act.body)
    for name, some in ((duties.OWES, act.owes), (duties.DONE, act.done)):
        if some:
            body[name] = [one.digest(vault.practice_id) for one in some]
    return body
