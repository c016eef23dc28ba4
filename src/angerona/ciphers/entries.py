"""Entries and attachments: Cobblestone-256 (C2SP chunked-encryption), as `cryptography` has it.

It commits to its key and context, takes a random 192-bit salt for each message, and cuts a long
message into chunks of 16 KiB whose order, number and end are authenticated.

Inside an entry stands the padded text. Inside an attachment stand eight bytes of length, the
content, and zeros up to the size that Padme allows.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from angerona.ciphers.padding import BLOCK_MIN, padded, padme, unpadded
from angerona.ciphers.suites import (
    HEADER_BYTES,
    SealingKey,
    Suite,
    body,
    bound,
    header,
    sealing_key,
)
from angerona.errors import BadInput, Unopenable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

ATTACHMENT_MAX: Final = 1 << 30
_LENGTH_BYTES = 8
_PIECE_BYTES = 1 << 20
_ENTRY = "an entry"
_ATTACHMENT = "an attachment"


def seal_entry(key: bytes | bytearray | SealingKey, context: bytes, text: bytes) -> bytes:
    """The text, padded and sealed under a 32-byte key for this context: 9 + 56 + block + tags."""
    held = sealing_key(key)
    head = header(Suite.ENTRY, held.id)
    cipher = Cobblestone256Encryptor(held.key, bound(Suite.ENTRY, head, context))
    return head + cipher.update(padded(text)) + cipher.finalize()


def open_entry(key: bytes | bytearray | SealingKey, context: bytes, blob: bytes) -> bytes:
    """The text of a sealed entry; `Unopenable` for any other key, context or altered byte."""
    held = sealing_key(key)
    head = header(Suite.ENTRY, held.id)
    inside = body(_ENTRY, head, blob)
    cipher = Cobblestone256Decryptor(held.key, bound(Suite.ENTRY, head, context))
    try:
        block = cipher.update(inside) + cipher.finalize()
    except InvalidTag:
        raise Unopenable(_ENTRY) from None
    return unpadded(block)


@dataclass(frozen=True, slots=True)
class SealedStream:
    """What `seal_stream` wrote: how many bytes, and their SHA-256."""

    size: int
    digest: bytes


def seal_stream(
    key: bytes | bytearray | SealingKey, context: bytes, source: BinaryIO, target: BinaryIO
) -> SealedStream:
    """Seal an attachment of up to 1 GiB from `source` to `target`, about a MiB at a time.

    `source` is read from where it stands to its end and must be able to seek. Raises `BadInput`
    if it is too long, or changes while it is read; what was written is then to be thrown away.
    """
    held = sealing_key(key)
    head = header(Suite.STREAM, held.id)
    seen = _Counted(target)
    seen.write(head)
    cipher = Cobblestone256Encryptor(held.key, bound(Suite.STREAM, head, context))
    for piece in _plain_pieces(source):
        seen.write(cipher.update(piece))
    seen.write(cipher.finalize())
    return SealedStream(seen.size, seen.sum.digest())


class _Counted:
    """Passes bytes on to a target, counting and hashing them."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self.size = 0
        self.sum = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        self._target.write(piece)
        self.size += len(piece)
        self.sum.update(piece)


def _plain_pieces(source: BinaryIO) -> Iterator[bytes]:
    """Length, content and zeros, in pieces."""
    start = source.tell()
    size = source.seek(0, os.SEEK_END) - start
    source.seek(start)
    if size > ATTACHMENT_MAX:
        raise BadInput("seal_stream: source", "too long", f"at most {ATTACHMENT_MAX} bytes")
    yield size.to_bytes(_LENGTH_BYTES, "big")
    missing = size
    while missing >= 0 and (piece := source.read(_PIECE_BYTES)):
        missing -= len(piece)
        yield piece
    if missing:
        raise BadInput("seal_stream: source", "changed while it was read")
    zeros = _stream_size(size) - _LENGTH_BYTES - size
    while zeros:
        count = min(zeros, _PIECE_BYTES)
        yield bytes(count)
        zeros -= count


def _stream_size(size: int) -> int:
    """How many bytes stand inside a sealed attachment of `size` bytes."""
    return max(BLOCK_MIN, padme(_LENGTH_BYTES + size))


def open_stream(
    key: bytes | bytearray | SealingKey, context: bytes, source: BinaryIO, target: BinaryIO
) -> int:
    """Open an attachment from `source` to `target`, about a MiB at a time; returns its size.

    Nothing unauthenticated is ever written. A chunk that is altered, missing, doubled or out of
    order is noticed only when it is reached: `Unopenable` is raised then, and what was written
    before is the true beginning of the attachment but not the whole of it. The caller must throw
    the target away, and show nothing of it before this returns.
    """
    held = sealing_key(key)
    head = header(Suite.STREAM, held.id)
    body(_ATTACHMENT, head, _beginning(source))
    cipher = Cobblestone256Decryptor(held.key, bound(Suite.STREAM, head, context))
    content = _Content(target)
    try:
        while sealed := source.read(_PIECE_BYTES):
            content.take(cipher.update(sealed))
        content.take(cipher.finalize())
    except InvalidTag:
        raise Unopenable(_ATTACHMENT) from None
    return content.checked_size()


def _beginning(source: BinaryIO) -> bytes:
    """As many bytes as an envelope has, from a source that may give fewer at a time."""
    start = b""
    while len(start) < HEADER_BYTES and (more := source.read(HEADER_BYTES - len(start))):
        start += more
    return start


class _Content:
    """Takes the inside of an attachment piece by piece: passes on the content, checks the rest."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._size = -1
        self._left = 0
        self._zeros = 0

    def take(self, piece: bytes) -> None:
        """Pass on what is content; `Unopenable` for a length or a padding that must not be."""
        if piece and self._size < 0:
            piece = self._begun(piece)
        content, padding = piece[: self._left], piece[self._left :]
        self._target.write(content)
        self._left -= len(content)
        self._zeros -= len(padding)
        if padding.count(0) != len(padding):
            raise Unopenable(_ATTACHMENT)

    def _begun(self, piece: bytes) -> bytes:
        """Read the length; what follows it. The first chunk always holds it whole."""
        size = int.from_bytes(piece[:_LENGTH_BYTES], "big")
        if len(piece) < _LENGTH_BYTES or size > ATTACHMENT_MAX:
            raise Unopenable(_ATTACHMENT)
        self._size = self._left = size
        self._zeros = _stream_size(size) - _LENGTH_BYTES - size
        return piece[_LENGTH_BYTES:]

    def checked_size(self) -> int:
        """The length of the content, once everything that must be there was."""
        if self._size < 0 or self._left or self._zeros:
            raise Unopenable(_ATTACHMENT)
        return self._size
