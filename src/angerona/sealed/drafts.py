"""Drafts: what somebody is writing and has not kept, sealed to the author alone.

A draft is no part of the record: no key of it opens a draft, no key holder, nobody else's session.
It is sealed to the key pair of whoever writes it, for one practice, client and draft.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
import hashlib
from dataclasses import dataclass
from typing import Final

import msgspec

from angerona.ciphers.encoding import packed
from angerona.ciphers.padding import padded, unpadded
from angerona.ciphers.wraps import WrapPair, unwrap, wrap
from angerona.errors import BadInput, Unopenable

_DRAFT: Final = "angerona/draft/v1"
_MARK_BYTES: Final = 8


class NoteSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section of a note: what stands above it, its class, its text."""

    says: str
    wanted: str
    text: str


class NoteDraft(msgspec.Struct, frozen=True, kw_only=True, tag="note", forbid_unknown_fields=True):
    """A note that is being written: one heading, several sections; `saved`: when it was saved."""

    heading: str
    sections: tuple[NoteSection, ...]
    saved: datetime.datetime


class FormDraft(msgspec.Struct, frozen=True, kw_only=True, tag="form", forbid_unknown_fields=True):
    """Another form that is being filled in: its page, what it is called, its fields as typed."""

    page: str
    heading: str
    fields: dict[str, tuple[str, ...]]
    saved: datetime.datetime


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """Where a draft lies, as its clear columns say: four ids of 16 bytes."""

    practice_id: bytes
    client_id: bytes
    person_id: bytes
    draft_id: bytes

    @property
    def columns(self) -> dict[str, bytes]:
        """The place as the statements of `drafts.sql` take it."""
        return {
            "practice_id": self.practice_id,
            "client_id": self.client_id,
            "person_id": self.person_id,
            "draft_id": self.draft_id,
        }

    @property
    def info(self) -> bytes:
        """What the sealed draft is bound to."""
        return packed(_DRAFT, self.practice_id, self.client_id, self.person_id, self.draft_id)


def sealed_draft_row(public: bytes, place: DraftPlace, draft: NoteDraft | FormDraft) -> bytes:
    """A draft sealed to its author's public key (1,216 bytes). Raises `BadInput` above 64 MiB."""
    try:
        text = msgspec.msgpack.encode(draft)
    except UnicodeEncodeError:
        raise BadInput("text", "holds half a character", "Unicode text") from None
    return wrap(public, place.info, padded(text))


def opened_draft_row(pair: WrapPair, place: DraftPlace, blob: bytes) -> NoteDraft | FormDraft:
    """What a draft says. Raises `Unopenable` for another author, another place, an altered byte."""
    text = unpadded(unwrap(pair, place.info, blob))
    try:
        return msgspec.msgpack.decode(text, type=NoteDraft | FormDraft)
    except msgspec.MsgspecError:
        raise Unopenable("a draft") from None


def mark_of(blob: bytes) -> str:
    """By what a form says which saving of a draft it goes on from: 16 hexadecimal digits."""
    return hashlib.sha256(blob).hexdigest()[: 2 * _MARK_BYTES]
