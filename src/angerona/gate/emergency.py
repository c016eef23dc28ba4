"""The one exception to "no line, no look": somebody may die, and the ledger cannot be written.

Only what keeps someone safe tonight can be opened so (the compartment `risk`: risk and safety plan,
medication), only by somebody whom the rules permit it and who holds the key, and only with a
written reason. The event is signed by that person and made durable in a **spool**, a file on
another medium than the store, before anything is opened; when the ledger can be written again
every event is taken over into it (`absorb`), with what it leaves owed. What is in the spool is
sealed like a ledger line.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.signing import verify
from angerona.errors import BadInput, Sealed, StoreError, Tampered, Unknown
from angerona.gate.announcing import Act, announced
from angerona.gate.gathering import Wish, gather
from angerona.gate.owing import LOOK, owing
from angerona.gate.results import Shown, latest
from angerona.gate.saying import line_body
from angerona.gate.unsealing import unsealed
from angerona.ledger.lines import LINE_BYTES_MIN, Written
from angerona.rules.answer import Permit
from angerona.rules.decide import decide
from angerona.sealed.compartments import classes_opened
from angerona.sealed.duties import Duty, DutyRow, new_review

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from angerona.gate.door import Door
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.vault import Vault, Visit

EMERGENCY_CLASSES: Final = classes_opened({"risk"})
SPOOL_BYTES_MAX: Final = 16_000_000
_OWED: Final = "owed"
_EVENT: Final = "angerona/emergency/v1"


class _Spooled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event as it lies in the spool."""

    event_id: bytes
    subject_id: bytes
    person_id: bytes
    sealed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What became of a spool: events taken over into the ledger, and places that were not read."""

    taken: int
    broken: tuple[int, ...]


def look_in_emergency(
    door: Door,
    visit: Visit,
    client_id: bytes,
    *,
    purpose: str,
    reason: str,
    spool: Path,
) -> Shown | AskFirst | Refuse:
    """Open the risk entries of a record although the ledger cannot be written.

    To be called only after a look has failed with a `StoreError`. Tries the ledger once more: where
    it can be written this is an ordinary look. Raises `BadInput` without a reason or where the
    spool cannot be written, and as `Door.look`.
    """
    if not reason.strip():
        raise BadInput("reason", "is empty", "why this cannot wait")
    places = [
        one for one in latest(door.vault.places(client_id)) if one.wanted in EMERGENCY_CLASSES
    ]
    chosen = [one.entry_id for one in places]
    try:
        return door.look(visit, client_id, purpose=purpose, entry_ids=chosen, reason=reason)
    except StoreError:
        pass
    wish = Wish(wants=tuple(sorted(EMERGENCY_CLASSES)), purpose=purpose)
    gathered = gather(visit, door.packs, client_id, wish)
    answer = decide(gathered.ask, door.packs)
    if not isinstance(answer, Permit):
        return answer
    sealed_reason = door.vault.reason_sealed(client_id, reason)
    owes = _reviewed(visit, client_id, owing(gathered, answer, LOOK, visit.at, None))
    body = {
        **line_body(gathered, answer, what="emergency"),
        "reason": sealed_reason,
        _OWED: [[one.duty_id.hex(), msgspec.to_builtins(one.row)] for one in owes],
    }
    written = _spool(visit, client_id, body, spool)
    going = [one for one in places if one.wanted in answer.released]
    entries = unsealed(visit, gathered.authority, going, permit=answer, written=written)
    return Shown(entries, answer, written)


def _reviewed(visit: Visit, client_id: bytes, owes: tuple[Duty, ...]) -> tuple[Duty, ...]:
    """What it leaves owed, a review among it whether or not the rules ask for one."""
    if any(one.row.duty["kind"] == "review" for one in owes):
        return owes
    return (*owes, new_review(client_id, visit.unlocked.person_id, "emergency", visit.at))


def absorb(vault: Vault, spool: Path, at: datetime.datetime) -> Absorbed:
    """Take the events of a spool over into the ledger, then set the spool aside.

    Each is checked against the public key of the person who signed it. A line that cannot be read
    or was forged is counted, kept in the file set aside, and taken over by nobody; one that the
    ledger has already is left alone. Raises
    `BadInput` for a spool that cannot be read.
    """
    if not spool.exists():
        return Absorbed(0, ())
    if spool.stat().st_size > SPOOL_BYTES_MAX:
        raise BadInput("the spool", "is too large", f"at most {SPOOL_BYTES_MAX} bytes")
    taken, broken, number = 0, list[int](), 0
    while lines := spool.read_bytes().splitlines()[number:]:  # more may come in meanwhile
        for line in lines:
            number += 1
            try:
                taken += _take(vault, line, at)
            except (ValueError, msgspec.MsgspecError, Sealed, Tampered, Unknown):
                broken.append(number)
    spool.rename(spool.with_name(f"{spool.name}.{at:%Y%m%dT%H%M%SZ}.done"))
    return Absorbed(taken, tuple(broken))


def _take(vault: Vault, line: bytes, at: datetime.datetime) -> bool:
    """Take one event over, if the ledger has it not yet; gives whether it was. Raises as it may."""
    event = msgspec.msgpack.decode(base64.b64decode(line, validate=True), type=_Spooled)
    body = _checked(vault, event)
    if _is_taken(vault, event):
        return False
    owes = tuple(
        Duty(bytes.fromhex(duty_id), msgspec.convert(row, DutyRow))
        for duty_id, row in body.get(_OWED, ())
    )
    announced(vault, Act(event.subject_id, "emergency", body, owes), at, authority=None)
    return True


def _spool(visit: Visit, client_id: bytes, body: dict[str, Any], spool: Path) -> Written:
    """Sign an event and make it durable; gives what `open_sealed` demands."""
    vault, event_id = visit.vault, os.urandom(16)
    person_id = visit.unlocked.person_id
    raw = msgspec.json.encode({**body, "spooled_at": visit.at.isoformat()})
    context = _context(vault, client_id, event_id)
    sealed = seal_row(vault.event_keys.of(client_id), context, raw, least=LINE_BYTES_MIN)
    signature = visit.unlocked.keys.signer.sign(_digest(vault, client_id, event_id, raw))
    event = _Spooled(event_id, client_id, person_id, sealed, signature)
    line = base64.b64encode(msgspec.msgpack.encode(event)) + b"\n"
    try:
        number = os.open(spool, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(number, "ab") as file:
            end = os.fstat(number).st_size
            if end and os.pread(number, 1, end - 1) != b"\n":
                file.write(b"\n")  # what was broken off before takes nothing with it
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(spool.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as problem:
        raise BadInput("the spool", "cannot be written", "a medium with room") from problem
    return Written(event_id, client_id, _digest(vault, client_id, event_id, raw))


def _is_taken(vault: Vault, event: _Spooled) -> bool:
    """Whether the ledger has the event already, as when an earlier run was broken off."""
    spooled = event.event_id.hex()
    lines = vault.ledger.lines_of(event.subject_id)
    return any(one.kind == "emergency" and one.body.get("spooled") == spooled for one in lines)


def _checked(vault: Vault, event: _Spooled) -> dict[str, Any]:
    """The body of a spooled event, if the person it names signed it."""
    context = _context(vault, event.subject_id, event.event_id)
    key = vault.event_keys.of(event.subject_id)
    raw = open_row(key, context, event.sealed, least=LINE_BYTES_MIN)
    signed = _digest(vault, event.subject_id, event.event_id, raw)
    verify(vault.person(event.person_id).public.sign, signed, event.signature)
    body: dict[str, Any] = msgspec.json.decode(raw)
    return {
        **body,
        "spooled": event.event_id.hex(),
        "signature": base64.b64encode(event.signature).decode(),
    }


def _digest(vault: Vault, client_id: bytes, event_id: bytes, raw: bytes) -> bytes:
    """What the person signs (32 bytes)."""
    return digest(_EVENT, vault.practice_id, client_id, event_id, raw)


def _context(vault: Vault, client_id: bytes, event_id: bytes) -> bytes:
    return packed(_EVENT, vault.practice_id, client_id, event_id)
