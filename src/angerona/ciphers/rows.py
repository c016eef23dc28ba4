"""Rows of the directory: AES-256-GCM under a subkey of their own.

```
envelope | salt (32, fresh for every version of a row) | ciphertext and tag
```

The subkey is HKDF-SHA256 of the key, with the salt as HKDF's and the envelope and context in its
info. It seals one message only, so its nonce is twelve zero bytes: no nonce can ever repeat under
it, not even after a restored snapshot.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from angerona.ciphers.derive import derived
from angerona.ciphers.lengths import octets
from angerona.ciphers.padding import BLOCK_MIN, padded, unpadded
from angerona.ciphers.suites import SealingKey, Suite, body, bound, header, sealing_key
from angerona.errors import Unopenable

SALT_BYTES = 32
_NONCE = bytes(12)
_ROW = "a row"


def seal_row(
    key: bytes | bytearray | SealingKey,
    context: bytes,
    row: bytes,
    *,
    pad: bool = True,
    least: int = BLOCK_MIN,
) -> bytes:
    """The row sealed under a 32-byte key for this context; `pad=False` only for a fixed size.

    It is padded to `least` bytes at least, which whoever opens it must know.
    """
    suite, block = (Suite.ROW, padded(row, least)) if pad else (Suite.BARE_ROW, octets("row", row))
    return _sealed(sealing_key(key), suite, context, block, os.urandom(SALT_BYTES))


def _sealed(held: SealingKey, suite: Suite, context: bytes, block: bytes, salt: bytes) -> bytes:
    head = header(suite, held.id)
    return head + salt + _cipher(held, suite, head, context, salt).encrypt(_NONCE, block, None)


def _cipher(held: SealingKey, suite: Suite, head: bytes, context: bytes, salt: bytes) -> AESGCM:
    info = bound(suite, head, context)
    return AESGCM(derived(held.key, "angerona/row-key/v1", info, salt=salt))


def open_row(
    key: bytes | bytearray | SealingKey, context: bytes, blob: bytes, *, least: int = BLOCK_MIN
) -> bytes:
    """The row, padded or not; `Unopenable` for any other key, context or altered byte."""
    held = sealing_key(key)
    bare = octets(_ROW, blob).startswith(bytes((Suite.BARE_ROW,)))
    suite = Suite.BARE_ROW if bare else Suite.ROW
    head = header(suite, held.id)
    inside = body(_ROW, head, blob)
    salt, sealed = inside[:SALT_BYTES], inside[SALT_BYTES:]
    try:
        block = _cipher(held, suite, head, context, salt).decrypt(_NONCE, sealed, None)
    except InvalidTag:
        raise Unopenable(_ROW) from None
    return unpadded(block, least) if suite is Suite.ROW else block
