"""Lines that the law delays: durable at once, and on the client's list without a tell.

A line that may not be told yet is written under the practice, where the privacy officer finds it,
and waits in the outbox. The client's list gets exactly one closed line a day, whatever happened
(`practice/upkeep.py`): a line that waits takes the place of that day's blank one, one a day. So
neither the list, nor its count, nor its proof shows that anything is held back, and when the hold
ends the line opens where it stands.
"""

from __future__ import annotations

import datetime
import os
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

import msgspec

from angerona.errors import AngeronaError, Unknown, Unopenable
from angerona.ledger.lines import LINE_BYTES_MIN, Line, Written
from angerona.sealed.duties import find
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from angerona.ledger.lines import OpenedLine
    from angerona.sealed.vault import Vault
    from angerona.store import Reading, Writing

HELD: Final = "held"
HAPPENED: Final = "happened"
"""When it was, in the line that tells it later."""
WAITS_UNTIL: Final = "waits_until"
"""Until when it is held, in the practice's own line."""
HELD_FROM: Final = "held_from"
"""Under which key a duty says since when a delay goes on past its first end (ISO 8601)."""


class HeldRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line that waits for a day of its client's list: its body is JSON, as the ledger's.

    `number` is the place of its line among the practice's own: what came first goes first.
    """

    domain: ClassVar[str] = "angerona/row/held-line/v1"
    least: ClassVar[int] = LINE_BYTES_MIN
    client_id: bytes
    kind: str
    body: bytes
    at: datetime.datetime
    until: datetime.datetime
    number: int = 0


class Waiting(msgspec.Struct, frozen=True):
    """A held line and the id (16 bytes) it waits under."""

    message_id: bytes
    row: HeldRow

    def line(self, at: datetime.datetime, delays: Iterable[Delay] = ()) -> Line:
        """The line as it goes on the client's list today; `delays` are those that go on."""
        body: dict[str, Any] = msgspec.json.decode(self.row.body)
        body[HAPPENED] = self.row.at.isoformat()
        ends = later_end(self.row.until, delays)
        until = ends if ends > at else None
        return Line(self.row.client_id, self.row.kind, body, held_until=until)


class Delay(NamedTuple):
    """A delay that goes on: what of the client was still closed at `since` is so until `until`."""

    since: datetime.datetime
    until: datetime.datetime


def delays_of(vault: Vault, client_id: bytes) -> list[Delay]:
    """The delays about a client that go on past their first end. Raises `Unopenable`."""
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.of_client", client_id=vault.practice_id)
    return [
        Delay(datetime.datetime.fromisoformat(one.row.duty[HELD_FROM]), one.row.held_until)
        for one in there
        if one.row.client_id == client_id and one.row.held_until and HELD_FROM in one.row.duty
    ]


def later_end(until: datetime.datetime, delays: Iterable[Delay]) -> datetime.datetime:
    """When something opens that was to open at `until`."""
    return max([until, *(one.until for one in delays if one.since < until)])


def still_closed(line: OpenedLine, delays: Iterable[Delay]) -> OpenedLine:
    """A line of the client's list with the end that its hold has now."""
    if line.held_until is None:
        return line
    return replace(line, held_until=later_end(line.held_until, delays))


def lines_now(vault: Vault, client_id: bytes) -> list[OpenedLine]:
    """The lines of a client's list, each held as long as the law delays it now.

    Raises `Unknown`, `Altered`, `Unopenable`.
    """
    lines = vault.ledger.lines_of(client_id)
    if all(one.held_until is None for one in lines):
        return lines
    delays = delays_of(vault, client_id)
    return [still_closed(one, delays) for one in lines]


def receipt_now(vault: Vault, client_id: bytes, *, since: int | None, at: datetime.datetime) -> str:
    """The ledger's receipt, with each line held as long as the law delays it now."""
    held = partial(still_closed, delays=delays_of(vault, client_id))
    return vault.ledger.receipt(client_id, since=since, at=at, held=held)


def hold(
    vault: Vault,
    line: Line,
    at: datetime.datetime,
    *,
    until: datetime.datetime,
    authority: int | None,
    beside: Callable[[Writing], object] = lambda _: None,
) -> Written:
    """Write a line that the client may not see yet, with the changes it announces.

    It is durable when this returns. `beside` is written in the same transaction: nothing that the
    ledger binds of the client, for the list would show that. Raises as `Vault.record`.
    """
    message_id, client_id = os.urandom(16), line.subject_id
    body = msgspec.json.encode(line.body)
    row = HeldRow(client_id=client_id, kind=line.kind, body=body, at=at, until=until)

    def held(writing: Writing) -> None:
        number = vault.ledger.now(writing, vault.practice_id).n
        numbered = msgspec.structs.replace(row, number=number)
        _put(vault, writing, Waiting(message_id, numbered))
        beside(writing)

    [written] = vault.ledger.append_all(
        [Line(vault.practice_id, HELD, _stated(row))],
        at,
        authority={} if authority is None else {client_id: authority},
        changes=held,
    ).result()
    # The commit is of this very line; what it announces concerns the client.
    return Written(written.event_id, client_id, written.commit)


def all_waiting(vault: Vault, reading: Reading) -> list[Waiting]:
    """Every line that waits, in the order in which they were held."""
    found: list[Waiting] = []
    for message_id, sealed in reading.rows("outbox.all", practice_id=vault.practice_id):
        try:
            row = vault.directory.open(HeldRow, sealed, message_id)
        except Unopenable:
            continue  # another kind of message waits there
        found.append(Waiting(message_id, row))
    return sorted(found, key=lambda one: one.row.number)


def waiting(vault: Vault, reading: Reading) -> dict[bytes, Waiting]:
    """The line that waits longest, for each client who has one."""
    found: dict[bytes, Waiting] = {}
    for one in all_waiting(vault, reading):
        found.setdefault(one.row.client_id, one)
    return found


class Compared(NamedTuple):
    """What the practice's own list says is held, beside what waits and what was told.

    `missing` lines neither wait nor stand on their client's list; `unsaid` ones wait, and no line
    of the practice says so; `told` ones wait although they stand on the list already; `moved` ones
    wait until another day than was said.
    """

    missing: list[OpenedLine]
    unsaid: list[Waiting]
    told: list[Waiting]
    moved: list[Waiting]


def compared(vault: Vault) -> Compared:
    """Compare them, word for word; of clients who are not there or cannot be read, nothing.

    Lines that say the same of the same second count together. Raises `Altered` where the practice's
    own list is not what the ledger holds.
    """
    out = Compared([], [], [], [])
    there = {row[0] for row in vault.store.rows("clients.ids", practice_id=vault.practice_id)}
    said: dict[bytes, list[OpenedLine]] = {}
    for line in vault.ledger.lines_of(vault.practice_id):
        if line.kind == HELD and (client_id := bytes.fromhex(line.body["client"])) in there:
            said.setdefault(client_id, []).append(line)
    wait: dict[bytes, list[Waiting]] = {}
    with vault.store.snapshot() as reading:
        for one in all_waiting(vault, reading):
            wait.setdefault(one.row.client_id, []).append(one)
    for client_id in sorted(said.keys() | wait.keys()):
        _compare(vault, client_id, said.get(client_id, []), wait.get(client_id, []), out)
    return out


def _compare(
    vault: Vault, client_id: bytes, said: list[OpenedLine], wait: list[Waiting], out: Compared
) -> None:
    """Of one client."""
    try:
        lines = vault.ledger.lines_of(client_id)
    except Unknown:
        lines = []  # an older list was restored, which does not know of the client yet
    except AngeronaError:
        return
    if any(one.kind is None for one in lines):
        return
    told = Counter(
        _words(one.kind, client_id, one.body, one.at) for one in lines if HAPPENED in one.body
    )
    groups: dict[bytes, tuple[list[OpenedLine], list[Waiting]]] = {}
    for line in said:
        words = _words(line.body["held"], client_id, line.body, line.at)
        groups.setdefault(words, ([], []))[0].append(line)
    for one in wait:
        row = one.row
        words = _words(row.kind, client_id, msgspec.json.decode(row.body), row.at)
        groups.setdefault(words, ([], []))[1].append(one)
    for words, (stated, rows) in groups.items():
        if not stated:
            out.unsaid.extend(rows)
            continue
        short = len(stated) - len(rows) - told[words]
        out.missing.extend(stated[: max(0, short)])
        out.told.extend(rows[: max(0, -short)])
        days = {line.body[WAITS_UNTIL] for line in stated}
        out.moved.extend(one for one in rows if one.row.until.isoformat() not in days)


def _words(
    kind: str | None, client_id: bytes, body: Mapping[str, Any], at: datetime.datetime | None
) -> bytes:
    """What a line says, whichever list it stands on, and of which second."""
    said = {**body, HELD: kind, "client": client_id.hex()}
    said.pop(WAITS_UNTIL, None)
    when = datetime.datetime.fromisoformat(said.pop(HAPPENED, None) or str(at))
    second = when.astimezone(datetime.UTC).replace(microsecond=0)
    return msgspec.json.encode([second, said], order="sorted")


def hold_again(vault: Vault, found: Compared) -> tuple[list[Line], Callable[[Writing, int], None]]:
    """What lets list and outbox agree again, where an older list was restored with newer rows.

    The lines to write under the practice, and what changes with them: it is given the place of the
    first of them on that list.
    """
    lines = [
        Line(vault.practice_id, HELD, {**_stated(one.row), HAPPENED: one.row.at.isoformat()})
        for one in found.unsaid
    ]

    def changes(writing: Writing, first: int) -> None:
        for number, one in enumerate(found.unsaid, first):
            release(vault, writing, one)
            row = msgspec.structs.replace(one.row, number=number)
            _put(vault, writing, Waiting(one.message_id, row))
        for line in found.missing:
            _put(vault, writing, Waiting(os.urandom(16), _row_of(line)))

    return lines, changes


def release(vault: Vault, writing: Writing, one: Waiting) -> None:
    """Inside a job: a line waits no more."""
    place = {"practice_id": vault.practice_id, "message_id": one.message_id}
    writing.run("outbox.delete", **place)


def _put(vault: Vault, writing: Writing, one: Waiting) -> None:
    place = {"practice_id": vault.practice_id, "message_id": one.message_id}
    writing.run("outbox.insert", row=vault.directory.seal(one.row, one.message_id), **place)


def _stated(row: HeldRow) -> dict[str, Any]:
    """How the practice's own list says that a line is held."""
    said: dict[str, Any] = msgspec.json.decode(row.body)
    named = {HELD: row.kind, "client": row.client_id.hex(), WAITS_UNTIL: row.until.isoformat()}
    return {**said, **named}


def _row_of(line: OpenedLine) -> HeldRow:
    """The row of which a line of the practice says that it waits."""
    said = dict(line.body)
    kind, client, until = (said.pop(name) for name in (HELD, "client", WAITS_UNTIL))
    when = said.pop(HAPPENED, None) or str(line.at)
    return HeldRow(
        client_id=bytes.fromhex(client),
        kind=kind,
        body=msgspec.json.encode(said),
        at=datetime.datetime.fromisoformat(when),
        until=datetime.datetime.fromisoformat(until),
        number=line.leaf.place,
    )
