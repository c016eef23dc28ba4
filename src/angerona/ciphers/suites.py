"""The envelope of everything sealed: which suite, which key, then the body.

```
suite (1 byte) | key id (8 bytes) | body
```

There is no negotiation. One suite serves one kind of thing; a new way of sealing gets a new byte,
and an old one stays readable until everything under it is sealed again. An unknown suite or
another key's id is refused before any decryption. The envelope and the caller's context are bound
into every body (`bound`), so that nothing opens in another place.
"""

from __future__ import annotations

from enum import IntEnum

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import packed
from angerona.ciphers.lengths import exactly, octets
from angerona.errors import Unopenable

KEY_BYTES = 32
KEY_ID_BYTES = 8
HEADER_BYTES = 1 + KEY_ID_BYTES


class Suite(IntEnum):
    """The suite byte."""

    ENTRY = 0x01
    """A padded text: Cobblestone-256 (C2SP chunked-encryption), which commits to its key."""
    ROW = 0x02
    """A padded row of the directory: HKDF-SHA256 subkey from a fresh salt, AES-256-GCM."""
    WRAP = 0x03
    """A secret sealed to a public key: HPKE (RFC 9180), X-Wing, HKDF-SHA256, AES-256-GCM."""
    STREAM = 0x04
    """An attachment: Cobblestone-256 over a Padme-padded stream."""
    BARE_ROW = 0x05
    """As `ROW`, not padded: for what always has the same size."""


_DOMAINS = {suite: f"angerona/{suite.name.lower()}/v1" for suite in Suite}


class SealingKey:
    """A 32-byte key with its id worked out once: for opening many things under one key.

    The key is held, not copied: a `bytearray` given here can be wiped by whoever gave it.
    """

    __slots__ = ("id", "key")

    def __init__(self, key: bytes | bytearray) -> None:
        self.key = exactly("key", key, KEY_BYTES)
        self.id = key_id(key)


def sealing_key(key: bytes | bytearray | SealingKey) -> SealingKey:
    """The key as a `SealingKey`, whichever way it was given."""
    return key if isinstance(key, SealingKey) else SealingKey(key)


def key_id(key: bytes | bytearray) -> bytes:
    """Eight bytes that name a key and say nothing about it."""
    return derived(key, "angerona/key-id/v1", length=KEY_ID_BYTES)


def header(suite: Suite, of_key: bytes) -> bytes:
    """The first nine bytes of a sealed thing; `of_key` is the id of its key."""
    return bytes((suite,)) + of_key


def bound(suite: Suite, head: bytes, context: bytes) -> bytes:
    """What a suite authenticates beside the body: its domain, envelope and the context given."""
    return packed(_DOMAINS[suite], head, context)


def body(what: str, head: bytes, blob: bytes) -> bytes:
    """The body behind the envelope; `Unopenable` if the envelope is any other than `head`."""
    if not octets(what, blob).startswith(head):
        raise Unopenable(what)
    return blob[HEADER_BYTES:]
