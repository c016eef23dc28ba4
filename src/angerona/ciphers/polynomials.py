"""Bare secret sharing: polynomials over GF(256), the field of AES (FIPS 197 section 4).

A point is `y | x`: as many bytes as the secret, then the number of the share. This is the format
of HashiCorp Vault. The arithmetic works on all bytes of a point at once, as one whole number.
Branches and shifts depend on numbers of shares, which are public, and never on what is secret.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BITS = 8
_FOLD = 0x1B  # x^8 = x^4 + x^3 + x + 1


def split_points(secret: bytes, k: int, numbers: Iterable[int]) -> list[bytes]:
    """A point `y | x` for each number, on a random polynomial of degree k - 1 through the secret.

    Bare sharing: nothing here notices an altered point.
    """
    size = len(secret)
    rest = [int.from_bytes(os.urandom(size), "big") for _ in range(k - 1)]
    first = int.from_bytes(secret, "big")
    return [value_at(x, first, rest, size).to_bytes(size, "big") + bytes((x,)) for x in numbers]


def value_at(x: int, first: int, rest: Sequence[int], size: int) -> int:
    """The polynomial with these coefficients, `first` for x = 0, at x (Horner): `size` bytes."""
    value = 0
    for coefficient in rest:
        value = times(value ^ coefficient, x, size)
    return value ^ first


def combine_points(points: Sequence[bytes]) -> bytes:
    """The polynomial through these points `y | x` at nought; their x must differ (Lagrange)."""
    size = len(points[0]) - 1
    value = 0
    for point in points:
        above = below = 1
        for other in points:
            if other is not point:
                above = times(above, other[-1], 1)
                below = times(below, other[-1] ^ point[-1], 1)
        weight = times(above, inverse(below), 1)
        value ^= times(int.from_bytes(point[:-1], "big"), weight, size)
    return value.to_bytes(size, "big")


def times(vector: int, scalar: int, size: int) -> int:
    """Each of the `size` bytes of the vector times a public scalar, in GF(256)."""
    ones = int.from_bytes(b"\x01" * size, "big")
    product = 0
    for bit in range(_BITS):
        product ^= vector * (scalar >> bit & 1)
        high = vector >> (_BITS - 1) & ones
        vector = (vector ^ high << (_BITS - 1)) << 1 ^ high * _FOLD
    return product


def inverse(scalar: int) -> int:
    """1 / scalar in GF(256): its 254th power."""
    power = scalar
    for _ in range(_BITS - 2):
        power = times(times(power, power, 1), scalar, 1)
    return times(power, power, 1)
