"""Wraps: a secret sealed to a public key, with HPKE (RFC 9180, base mode) over X-Wing.

X-Wing (draft-connolly-cfrg-xwing-kem, KEM 0x647a) joins ML-KEM-768 and X25519: a wrap stays shut
as long as either holds, against a thief who waits for a quantum computer too. Base mode does not
say who sealed: whoever opens a wrap checks what was inside against a commitment in the ledger.

```
suite | first 8 bytes of the recipient's fingerprint | encapsulated key (1120) | ciphertext and tag
```
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from angerona.ciphers.lengths import exactly, octets
from angerona.ciphers.suites import KEY_ID_BYTES, Suite, body, bound, header
from angerona.errors import BadInput, Unopenable

SEED_BYTES = 32
PUBLIC_BYTES = 1216
ENCAPSULATED_BYTES = 1120
WRAPPED_BYTES = 1 + KEY_ID_BYTES + ENCAPSULATED_BYTES + 16
"""By how much a wrap is longer than its secret: envelope, encapsulated key, tag."""
_MLKEM_SEED_BYTES = 64
_MLKEM_PUBLIC_BYTES = 1184
_WRAP = "a wrap"
_HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class WrapPair:
    """An X-Wing key pair: `seed` (32 bytes, secret) and `public` (1216 bytes)."""

    __slots__ = ("private", "public", "seed")

    def __init__(self, seed: bytes | bytearray) -> None:
        self.seed = exactly("wrap pair: seed", seed, SEED_BYTES)
        # The draft's expandDecapsulationKey: SHAKE256(seed, 96) is an ML-KEM seed and a scalar.
        expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED_BYTES + 32)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:])
        self.private = hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    @classmethod
    def from_seed(cls, seed: bytes | bytearray) -> WrapPair:
        """The pair that this seed of 32 bytes always gives."""
        return cls(seed)

    @classmethod
    def generate(cls) -> WrapPair:
        """A new pair."""
        return cls(os.urandom(SEED_BYTES))


def fingerprint(public: bytes) -> bytes:
    """SHA-256 of a public key of 1216 bytes."""
    return hashlib.sha256(exactly("fingerprint: public key", public, PUBLIC_BYTES)).digest()


def wrap(public: bytes, info: bytes, secret: bytes | bytearray) -> bytes:
    """`secret` sealed to the holder of `public` for this info: 1145 bytes more than the secret.

    Raises `BadInput` for a public key that is none.
    """
    head = _head(public)
    octets("wrap: secret", secret)
    try:
        sealed = _HPKE.encrypt(secret, _public_key(public), bound(Suite.WRAP, head, info))
    except ValueError:  # a number out of range, or a point that gives nought whatever the secret
        raise BadInput("wrap: public key", "not an X-Wing public key") from None
    return head + sealed


def unwrap(pair: WrapPair, info: bytes, blob: bytes) -> bytes:
    """The secret in a wrap; `Unopenable` for any other pair, info or altered byte."""
    head = _head(pair.public)
    try:
        return _HPKE.decrypt(body(_WRAP, head, blob), pair.private, bound(Suite.WRAP, head, info))
    except InvalidTag:
        raise Unopenable(_WRAP) from None


def is_sealed_to(public: bytes, blob: bytes) -> bool:
    """Whether the envelope of a wrap names this public key: what is inside stays unseen."""
    return blob.startswith(_head(public))


def _head(public: bytes) -> bytes:
    return header(Suite.WRAP, fingerprint(public)[:KEY_ID_BYTES])


@lru_cache(maxsize=256)
def _public_key(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    """A public key, read once for many wraps; nothing secret is kept here."""
    mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES])
    x25519 = X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_BYTES:])
    return hpke.MLKEM768X25519PublicKey(mlkem, x25519)
