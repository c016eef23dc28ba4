"""That a form was sent, and what came of it: sealed to whoever sent it.

The id of a form comes from its own random key, the page it is on and whoever sends it, so that the
table says neither who sent anything nor on which page. Only what is found again is remembered: a
digest of what was typed, and where it led. When it was stands in the directory tier, for the sweep.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from dataclasses import dataclass
from typing import ClassVar, Final

import msgspec

from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.padding import padded, unpadded
from angerona.ciphers.wraps import WrapPair, unwrap, wrap
from angerona.errors import Unopenable
from angerona.sealed.rows import Row

_SENT: Final = "angerona/sent/v1"
_ID: Final = "angerona/sent/id/v1"
_ID_BYTES: Final = 16


class SentRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """On which day a form was sent."""

    domain: ClassVar[str] = "angerona/row/sent/v1"
    day: datetime.date


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A digest (32 bytes) of what was typed, and what came of it, once that is known."""

    content: bytes
    result: bytes | None = None


@dataclass(frozen=True, slots=True)
class SentPlace:
    """Whose form it is, and the id of it: three ids of 16 bytes."""

    practice_id: bytes
    person_id: bytes
    sent_id: bytes

    @property
    def columns(self) -> dict[str, bytes]:
        """The place as the statements of `sent.sql` take it."""
        return {"practice_id": self.practice_id, "sent_id": self.sent_id}

    @property
    def info(self) -> bytes:
        """What the sealed row is bound to."""
        return packed(_SENT, self.practice_id, self.person_id, self.sent_id)


def sent_place(practice_id: bytes, person_id: bytes, page: str, key: bytes) -> SentPlace:
    """Where it stands that this person sent the form of this key (16 random bytes) on a page."""
    sent_id = digest(_ID, practice_id, person_id, page, key)[:_ID_BYTES]
    return SentPlace(practice_id, person_id, sent_id)


def sealed_sent(public: bytes, place: SentPlace, sent: Sent) -> bytes:
    """It, sealed to the public key (1,216 bytes) of whoever sent the form."""
    return wrap(public, place.info, padded(msgspec.msgpack.encode(sent)))


def opened_sent(pair: WrapPair, place: SentPlace, blob: bytes) -> Sent:
    """What it says. Raises `Unopenable` for another person, another form, an altered byte."""
    try:
        return msgspec.msgpack.decode(unpadded(unwrap(pair, place.info, blob)), type=Sent)
    except msgspec.MsgspecError:
        raise Unopenable("a form that was sent") from None
