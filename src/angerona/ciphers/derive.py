"""Keys from keys: HKDF-SHA256 (RFC 5869), told apart by domain and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from angerona.ciphers.encoding import packed
from angerona.ciphers.lengths import octets
from angerona.errors import BadInput

if TYPE_CHECKING:
    from angerona.ciphers.encoding import Field

KEY_BYTES_MIN = 16
LENGTH_MAX = 255 * 32
_SHA256 = SHA256()


def derived(
    key: bytes | bytearray,
    domain: str,
    *fields: Field,
    length: int = 32,
    salt: bytes | None = None,
) -> bytes:
    """`length` bytes that only the holder of `key` can know, for this domain and these fields.

    `key` is a key of at least 16 bytes: uniformly random, or itself derived; never a password
    (see `passwords`). `salt` is HKDF's own: random and public, or left out.
    Raises `BadInput` for a shorter key, or for more bytes than HKDF can give (8160).
    """
    if len(octets("derived: key", key)) < KEY_BYTES_MIN:
        raise BadInput("derived: key", "too short", f"at least {KEY_BYTES_MIN} bytes")
    if not 0 < length <= LENGTH_MAX:
        raise BadInput("derived: length", "out of range", f"1 to {LENGTH_MAX} bytes")
    return HKDF(_SHA256, length, salt, packed(domain, *fields)).derive(key)
