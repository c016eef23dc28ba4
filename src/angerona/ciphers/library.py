"""Which OpenSSL stands behind the ciphers, for whoever looks after a machine."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.backends.openssl import backend

OPENSSL_LEAST: Final = (3, 5, 0)
"""The first OpenSSL with ML-KEM (in X-Wing) and ML-DSA; see its own list of changes."""


def openssl_version() -> tuple[int, int, int]:
    """Major, minor and patch of the OpenSSL that the wheel brings along or was built against.

    Since OpenSSL 3 the number is 0xMNN00PP0 (OPENSSL_VERSION_NUMBER(3)).
    """
    number = backend.openssl_version_number()
    return number >> 28, number >> 20 & 0xFF, number >> 4 & 0xFF
