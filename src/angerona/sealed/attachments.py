"""Attachments: files of up to 1 GiB, sealed a piece at a time under a random key of their own.

The sealed stream lies in the store in pieces of a mebibyte, so neither keeping nor opening holds
more than a few pieces in memory. Its key stands inside the entry it belongs to, sealed, with its
name, its length and the hash of what lies in the store: so whoever may not open the entry learns
nothing, and a piece that was changed, moved or cut off is found.
"""

from __future__ import annotations

import hashlib
import io
import os
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import msgspec

from angerona.ciphers.encoding import packed
from angerona.ciphers.entries import open_stream, seal_stream
from angerona.errors import Altered, BadInput

if TYPE_CHECKING:
    from angerona.sealed.client_keys import Whose
    from angerona.store import Store

PIECE_BYTES: Final = 1 << 20
NAME_CHARACTERS_MAX: Final = 200


class Attachment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry says of its file: `digest` and `pieces` are of what lies in the store."""

    attachment_id: bytes
    name: str
    size: int
    pieces: int
    digest: bytes
    key: bytes

    def __repr__(self) -> str:
        return "Attachment(hidden)"


def sealed_attachment(store: Store, whose: Whose, source: BinaryIO, name: str) -> Attachment:
    """Seal a file into the store, before any entry names it; `source` must be able to seek.

    Raises `BadInput` for a file over 1 GiB, one that changes meanwhile, or a name that is too long.
    A file that no entry names in the end only takes room: nobody can open it.
    """
    if not name.strip() or len(name) > NAME_CHARACTERS_MAX:
        allowed = f"1 to {NAME_CHARACTERS_MAX} characters"
        raise BadInput("file name", "is empty or too long", allowed)
    attachment_id, key = os.urandom(16), os.urandom(32)
    start = source.tell()
    size = source.seek(0, os.SEEK_END) - start
    source.seek(start)
    pieces = _Pieces(store, whose, attachment_id)
    sealed = seal_stream(key, _context(whose, attachment_id), source, cast("BinaryIO", pieces))
    pieces.finish()
    return Attachment(
        attachment_id=attachment_id,
        name=name,
        size=size,
        pieces=pieces.count,
        digest=sealed.digest,
        key=key,
    )


def opened_attachment(store: Store, attachment: Attachment, whose: Whose, target: BinaryIO) -> None:
    """Open a file into `target`. Called by `opening.py` alone.

    Raises `Altered` or `Unopenable` where the store does not hold what was kept: what is in
    `target` by then is a true beginning and must be thrown away.
    """
    source = _Stored(store, whose, attachment)
    context = _context(whose, attachment.attachment_id)
    size = open_stream(attachment.key, context, io.BufferedReader(source, PIECE_BYTES), target)
    if source.digest() != attachment.digest or size != attachment.size:
        raise Altered("an attachment")


class _Pieces(io.RawIOBase):
    """Takes a sealed stream and writes it into the store a piece at a time, each durably."""

    def __init__(self, store: Store, whose: Whose, attachment_id: bytes) -> None:
        self._store = store
        self._place = {
            "practice_id": whose.practice_id,
            "client_id": whose.client_id,
            "attachment_id": attachment_id,
        }
        self._held = bytearray()
        self.count = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # only bytes are written here
        self._held += data
        while len(self._held) >= PIECE_BYTES:
            self._put(bytes(self._held[:PIECE_BYTES]))
            del self._held[:PIECE_BYTES]
        return len(data)

    def finish(self) -> None:
        if self._held:
            self._put(bytes(self._held))

    def _put(self, piece: bytes) -> None:
        number = self.count
        place = self._place
        self._store.write(
            lambda writing: writing.run("attachments.insert", piece=number, blob=piece, **place)
        ).result()
        self.count += 1


class _Stored(io.RawIOBase):
    """Reads the pieces of an attachment in their order, hashing what it reads."""

    def __init__(self, store: Store, whose: Whose, attachment: Attachment) -> None:
        self._store = store
        self._place = {
            "practice_id": whose.practice_id,
            "client_id": whose.client_id,
            "attachment_id": attachment.attachment_id,
        }
        self._pieces = attachment.pieces
        self._next = 0
        self._held = b""
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # as io calls it
        if not self._held and self._next < self._pieces:
            self._held = self._piece()
        taken = self._held[: len(buffer)]
        self._held = self._held[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def digest(self) -> bytes:
        return self._hash.digest()

    def _piece(self) -> bytes:
        found = self._store.rows("attachments.by_key", piece=self._next, **self._place)
        if not found:
            raise Altered("an attachment")
        piece: bytes = found[0][0]
        self._hash.update(piece)
        self._next += 1
        return piece


def _context(whose: Whose, attachment_id: bytes) -> bytes:
    return packed(
        "angerona/attachment/v1",
        whose.practice_id,
        whose.client_id,
        whose.label,
        attachment_id,
    )
