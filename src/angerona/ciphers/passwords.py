"""Passwords, stretched with Argon2id (RFC 9106) under a pepper that no database holds."""

from __future__ import annotations

import threading
import unicodedata

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from angerona.ciphers.lengths import exactly
from angerona.errors import BadInput

SALT_BYTES = 16
PEPPER_BYTES = 32
PASSWORD_MAX = 1024
"""Characters: above it nobody types, and a long one would only cost time."""

_MEMORY_KIB = 64 * 1024
_ROUNDS = 3
_LANES = 4
# One at a time: sign-ins at once must not exhaust the memory.
_TURN = threading.Lock()


def stretched(password: str, salt: bytes, pepper: bytes | bytearray) -> bytes:
    """32 bytes from a password, a random salt of 16 bytes and the practice's pepper of 32.

    The password is brought to Unicode form NFC first (as RFC 8265 does), so that two keyboards
    give the same one. 64 MiB, three rounds, four lanes: RFC 9106's second recommended choice,
    some 0.15 s of one core. Raises `BadInput` for an empty or endless password.
    """
    if not 0 < len(password) <= PASSWORD_MAX:
        raise BadInput("password", "empty or too long", f"1 to {PASSWORD_MAX} characters")
    exactly("password: salt", salt, SALT_BYTES)
    exactly("password: pepper", pepper, PEPPER_BYTES)
    try:
        typed = unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:
        raise BadInput("password", "text that is not Unicode") from None
    with _TURN:
        return argon2id(typed, salt, pepper, memory_kib=_MEMORY_KIB, rounds=_ROUNDS)


def argon2id(
    typed: bytes, salt: bytes, pepper: bytes | bytearray, *, memory_kib: int, rounds: int
) -> bytes:
    """Argon2id with four lanes and 32 bytes of output; the self-test asks for less memory."""
    kdf = Argon2id(
        salt=salt,
        length=32,
        iterations=rounds,
        lanes=_LANES,
        memory_cost=memory_kib,
        secret=bytes(pepper),
    )
    return kdf.derive(typed)
