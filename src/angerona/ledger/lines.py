"""What is written into the ledger, what comes back once it is durable, and what is read again.

The body of a line is JSON: sorted keys, UTF-8, with its kind, its time and, where the law delays
it, the time until which it is held. Nothing of that stands outside the body, so that a line that is
held cannot be told from a blank one.
"""

from __future__ import annotations

import datetime
import hmac
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from angerona.errors import Altered, BadInput, kind_of, one_of
from angerona.ledger.verifying import ZERO
from angerona.words import LINES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.ciphers.suites import SealingKey
    from angerona.ledger.leaves import EventLeaf

NO_SLOT: Final = 0
KEYS: Final = 1
"""The line binds what decides about the subject's keys and authority."""
ENTRIES: Final = 2
"""The line binds the list of the subject's entries."""

LINE_BYTES_MIN: Final = 1_024
"""What a sealed line is padded to at least, so that its size does not tell a long name."""
_TEXT: Final = "the text of a line of the ledger"
_RESERVED: Final = frozenset({"kind", "at", "held_until"})
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be written under a subject.

    `body` holds what a reader should see (by, what, why, under which rule ...), as JSON can; bytes
    become base64. With a
    `slot` of 1 or 2 the line sets that binding of the subject to `binding` (32 bytes). A line with
    `held_until` stays closed in receipts until then; it binds nothing, or it would show.

    Raises `BadInput`.
    """

    subject_id: bytes
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    slot: int = NO_SLOT
    binding: bytes = ZERO
    held_until: datetime.datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be written or read again."""
        if self.kind not in LINES:
            raise BadInput("line: kind", "no kind of line", one_of(LINES, self.kind))
        if taken := _RESERVED & self.body.keys():
            raise BadInput("line: body", f"'{min(taken)}' is set by the ledger itself")
        if self.slot not in {NO_SLOT, KEYS, ENTRIES} or len(self.binding) != len(ZERO):
            raise BadInput("line: slot", "no such binding", "slot 0, 1 or 2, binding of 32 bytes")
        if self.slot == NO_SLOT and self.binding != ZERO:
            raise BadInput("line: binding", "a binding without a slot")
        if self.held_until and (self.slot != NO_SLOT or not _is_aware(self.held_until)):
            raise BadInput("line: held_until", "must have a zone, and binds nothing")


@dataclass(frozen=True, slots=True)
class Written:
    """A line that is durable: what must be shown before anything is opened."""

    event_id: bytes
    subject_id: bytes
    commit: bytes


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """A line read again.

    `seq` counts the leaves of the practice from 0, and `leaf.place` the lines of the subject.
    `body` is as it was given, without kind and time. `raw` and `secret` are what its commitment is
    made of. An erased line has none of these, only its leaf.
    """

    seq: int
    event_id: bytes
    leaf: EventLeaf
    kind: str | None
    at: datetime.datetime | None
    held_until: datetime.datetime | None
    body: Mapping[str, Any]
    secret: bytes | None
    raw: bytes | None

    def is_open(self, at: datetime.datetime) -> bool:
        """Whether a receipt may show it: not blank, not held any more, not erased."""
        if self.kind is None or self.kind == "blank":
            return False
        return self.held_until is None or self.held_until <= at


class EventKeys(Protocol):
    """Where the key of a subject's lines comes from."""

    def of(self, subject_id: bytes, /) -> bytes | SealingKey:
        """The key that the bodies of this subject's lines are sealed under.

        Raises `Unknown` where the key is gone, which is how lines are erased. A `SealingKey` kept
        at hand spares working out the key's id for every line.
        """


def body_of(line: Line, at: datetime.datetime) -> bytes:
    """The bytes of a line's body. Raises `BadInput` for a time without zone, or what JSON lacks."""
    if not _is_aware(at):
        raise BadInput("line: at", "a time without a zone")
    body = {**line.body, "kind": line.kind, "at": _text(at)}
    if line.held_until:
        body["held_until"] = _text(line.held_until)
    try:
        return msgspec.json.encode(body, enc_hook=_refuse, order="sorted")
    except (TypeError, ValueError, UnicodeEncodeError):
        raise BadInput("line: body", "holds what JSON cannot say") from None


def opened(seq: int, event_id: bytes, leaf: EventLeaf, text: bytes) -> OpenedLine:
    """The line that the text of an envelope says: its secret (32 bytes), then its body.

    Raises `Altered` where the line did not commit to it, or where it is no body.
    """
    secret, raw = text[: len(ZERO)], text[len(ZERO) :]
    if hmac.digest(secret, raw, "sha256") != leaf.commit:
        raise Altered(_TEXT)
    try:
        body = msgspec.json.decode(raw, type=dict[str, Any])
        kind, at, until = body.pop("kind"), body.pop("at"), body.pop("held_until", None)
        times = [when and datetime.datetime.fromisoformat(when) for when in (at, until)]
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError):
        raise Altered(_TEXT) from None
    return OpenedLine(seq, event_id, leaf, kind, times[0], times[1], body, secret, raw)


def erased(seq: int, event_id: bytes, leaf: EventLeaf) -> OpenedLine:
    """A line whose body or key is gone: it still counts, and says nothing."""
    return OpenedLine(seq, event_id, leaf, None, None, None, _NOTHING, None, None)


def _is_aware(at: datetime.datetime) -> bool:
    return at.tzinfo is not None and at.utcoffset() is not None


def _text(at: datetime.datetime) -> str:
    """UTC to the second, as in 2026-03-01T09:30:00Z."""
    utc = at.astimezone(datetime.UTC)
    return utc.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _refuse(given: object) -> object:
    raise TypeError(kind_of(given))
