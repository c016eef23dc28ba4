"""Signatures: Ed25519 (RFC 8032) and ML-DSA-44 (FIPS 204) from one seed.

Ed25519 is what witnesses and other people's tools read today; ML-DSA-44 stands when a quantum
computer has made Ed25519 forgeable. A full signature holds both, and both must verify.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from angerona.ciphers.derive import derived
from angerona.ciphers.lengths import exactly, octets
from angerona.errors import Forged

SEED_BYTES = 32
ED25519_PUBLIC_BYTES = 32
ED25519_SIGNATURE_BYTES = 64
MLDSA44_PUBLIC_BYTES = 1312
MLDSA44_SIGNATURE_BYTES = 2420
SIGNATURE_BYTES = ED25519_SIGNATURE_BYTES + MLDSA44_SIGNATURE_BYTES


@dataclass(frozen=True, slots=True)
class SignerPublic:
    """The public half: `ed25519` (32 bytes) and `mldsa44` (1312 bytes)."""

    ed25519: bytes
    mldsa44: bytes

    def __post_init__(self) -> None:
        """Refuse anything of another length."""
        exactly("signer: ed25519", self.ed25519, ED25519_PUBLIC_BYTES)
        exactly("signer: mldsa44", self.mldsa44, MLDSA44_PUBLIC_BYTES)


class Signer:
    """Signs with both; made from a seed of 32 bytes, from which each key is derived apart."""

    __slots__ = ("_ed25519", "_mldsa44", "public")

    def __init__(self, seed: bytes | bytearray) -> None:
        exactly("signer: seed", seed, SEED_BYTES)
        self._ed25519 = Ed25519PrivateKey.from_private_bytes(derived(seed, "angerona/ed25519/v1"))
        self._mldsa44 = MLDSA44PrivateKey.from_seed_bytes(derived(seed, "angerona/ml-dsa-44/v1"))
        self.public = SignerPublic(
            self._ed25519.public_key().public_bytes_raw(),
            self._mldsa44.public_key().public_bytes_raw(),
        )

    @classmethod
    def from_seed(cls, seed: bytes | bytearray) -> Signer:
        """The signer that this seed always gives."""
        return cls(seed)

    def sign(self, message: bytes) -> bytes:
        """Both signatures, Ed25519 first: 2484 bytes."""
        return self.sign_ed25519(message) + self.sign_mldsa44(message)

    def sign_ed25519(self, message: bytes) -> bytes:
        """64 bytes, the same every time."""
        return self._ed25519.sign(message)

    def sign_mldsa44(self, message: bytes) -> bytes:
        """2420 bytes, other ones every time; the context of FIPS 204 is empty."""
        return self._mldsa44.sign(message)


def verify(public: SignerPublic, message: bytes, signature: bytes) -> None:
    """Return if both halves of a full signature verify; else raise `Forged`."""
    if len(octets("signature", signature)) != SIGNATURE_BYTES:
        raise Forged("a signature of another length")
    verify_ed25519(public.ed25519, message, signature[:ED25519_SIGNATURE_BYTES])
    verify_mldsa44(public.mldsa44, message, signature[ED25519_SIGNATURE_BYTES:])


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> None:
    """Return if the Ed25519 signature (64 bytes) verifies; else raise `Forged`."""
    exactly("ed25519: public key", public, ED25519_PUBLIC_BYTES)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        raise Forged("not an Ed25519 signature of this key over these bytes") from None


def verify_mldsa44(public: bytes, message: bytes, signature: bytes) -> None:
    """Return if the ML-DSA-44 signature (2420 bytes) verifies; else raise `Forged`."""
    exactly("mldsa44: public key", public, MLDSA44_PUBLIC_BYTES)
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        raise Forged("not an ML-DSA-44 signature of this key over these bytes") from None
