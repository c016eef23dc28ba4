"""A secret in n shares, any k of which give it back (Shamir 1979, over the field of AES).

```
share = y (the secret's bytes and 16 more) | x (1) | mark of the split (4) | MAC (16) | check (4)
```

`y | x` is the format of HashiCorp Vault. What is split is the secret and a random key, and each
share carries a MAC under that key; so fewer than k shares say nothing at all about the secret,
however much is computed, and after combining each share is held against its MAC. Before that,
the check finds shares that were miscopied or belong to another client; anyone can compute it, so
it is no proof of anything.

The field's arithmetic works on all bytes of a share at once, as one whole number. Branches and
shifts depend on the x of a share, which is public, and never on what is secret.
"""

from __future__ import annotations

import hmac
import os
from collections import Counter
from typing import TYPE_CHECKING

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import digest
from angerona.ciphers.lengths import octets
from angerona.errors import BadInput, Unopenable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SECRET_BYTES_MIN, SECRET_BYTES_MAX = 16, 1024
SHARES_MAX = 255
_KEY_BYTES = 16
_MARK_BYTES = 4
_MAC_BYTES = 16
_CHECK_BYTES = 4
_TAIL_BYTES = _MARK_BYTES + _MAC_BYTES + _CHECK_BYTES
_SHARE_BYTES_MIN = SECRET_BYTES_MIN + _KEY_BYTES + 1 + _TAIL_BYTES
_BITS = 8
_FOLD = 0x1B  # x^8 = x^4 + x^3 + x + 1


def split(secret: bytes | bytearray, k: int, n: int, context: bytes) -> list[bytes]:
    """`n` shares of a secret of 16 to 1024 bytes, for this context; share number i has x = i.

    Raises `BadInput` unless 2 <= k <= n <= 255.
    """
    if not 1 < k <= n <= SHARES_MAX:
        raise BadInput("split: k of n", "out of range", f"2 <= k <= n <= {SHARES_MAX}")
    if not SECRET_BYTES_MIN <= len(octets("split: secret", secret)) <= SECRET_BYTES_MAX:
        raise BadInput("split: secret", f"{len(secret)} bytes", "16 to 1024 bytes")
    key, mark = os.urandom(_KEY_BYTES), os.urandom(_MARK_BYTES)
    points = split_points(bytes(secret) + key, k, range(1, n + 1))
    return [_share(point, mark, key, k, context) for point in points]


def combine(shares: Sequence[bytes], k: int, context: bytes) -> bytes:
    """The secret of k or more shares of one split for this context.

    Raises `Unopenable` for too few shares, and for doubled, foreign or altered ones; `which` and
    the message name them, counted from nought and from one. A share altered by someone who knows
    how shares are made may spoil the result so that no single one can be named.
    """
    for share in shares:
        octets("shares", share)
    if k < 2 or len(shares) < k:  # noqa: PLR2004 -- no split has fewer than two
        raise Unopenable("shares", "too few")
    _named(_miscopied(shares, k, context), "miscopied, or of another secret")
    marks = [share[-_TAIL_BYTES:][:_MARK_BYTES] for share in shares]
    usual, _ = Counter(marks).most_common(1)[0]
    _named((i for i, mark in enumerate(marks) if mark != usual), "of another split than the rest")
    points = [share[:-_TAIL_BYTES] for share in shares]
    numbers = [point[-1] for point in points]
    _named((i for i, x in enumerate(numbers) if x in numbers[:i]), "given twice")
    whole = combine_points(points[:k])
    secret, key = whole[:-_KEY_BYTES], whole[-_KEY_BYTES:]
    again = [_share(point, usual, key, k, context) for point in points]
    pairs = enumerate(zip(again, shares, strict=True))
    _named((i for i, (a, b) in pairs if not hmac.compare_digest(a, b)), "altered")
    return secret


def _share(point: bytes, mark: bytes, key: bytes, k: int, context: bytes) -> bytes:
    mac = derived(key, "angerona/share-mac/v1", context, k, mark, point, length=_MAC_BYTES)
    return point + mark + mac + _check(point + mark + mac, k, context)


def _check(share: bytes, k: int, context: bytes) -> bytes:
    return digest("angerona/share-check/v1", context, k, share)[:_CHECK_BYTES]


def _miscopied(shares: Sequence[bytes], k: int, context: bytes) -> Iterable[int]:
    usual, _ = Counter(map(len, shares)).most_common(1)[0]
    for place, share in enumerate(shares):
        start, check = share[:-_CHECK_BYTES], share[-_CHECK_BYTES:]
        right = len(share) == usual >= _SHARE_BYTES_MIN and share[-_TAIL_BYTES - 1]
        if not right or check != _check(start, k, context):
            yield place


def _named(places: Iterable[int], fault: str) -> None:
    """Raise `Unopenable` that names the shares at these places, if there are any."""
    if which := tuple(places):
        numbers = ", ".join(str(place + 1) for place in which)
        raise Unopenable("shares", f"number {numbers} of those given: {fault}", which)


def split_points(secret: bytes, k: int, numbers: Iterable[int]) -> list[bytes]:
    """A point `y | x` for each number, on a random polynomial of degree k - 1 through the secret.

    Bare sharing: nothing here notices an altered point.
    """
    size = len(secret)
    rest = [int.from_bytes(os.urandom(size), "big") for _ in range(k - 1)]
    first = int.from_bytes(secret, "big")
    return [_at(x, first, rest, size).to_bytes(size, "big") + bytes((x,)) for x in numbers]


def _at(x: int, first: int, rest: Sequence[int], size: int) -> int:
    """The polynomial at x (Horner), for all bytes at once."""
    value = 0
    for coefficient in rest:
        value = _times(value ^ coefficient, x, size)
    return value ^ first


def combine_points(points: Sequence[bytes]) -> bytes:
    """The polynomial through these points `y | x` at nought; their x must differ (Lagrange)."""
    size = len(points[0]) - 1
    value = 0
    for point in points:
        weight = 1
        for other in points:
            if other is not point:
                ratio = _times(other[-1], _inverse(other[-1] ^ point[-1]), 1)
                weight = _times(weight, ratio, 1)
        value ^= _times(int.from_bytes(point[:-1], "big"), weight, size)
    return value.to_bytes(size, "big")


def _times(vector: int, scalar: int, size: int) -> int:
    """Each of the `size` bytes of the vector times a public scalar, in GF(256)."""
    ones = int.from_bytes(b"\x01" * size, "big")
    product = 0
    for bit in range(_BITS):
        product ^= vector * (scalar >> bit & 1)
        high = vector >> (_BITS - 1) & ones
        vector = (vector ^ high << (_BITS - 1)) << 1 ^ high * _FOLD
    return product


def _inverse(scalar: int) -> int:
    """1 / scalar in GF(256): its 254th power."""
    power = scalar
    for _ in range(_BITS - 2):
        power = _times(_times(power, power, 1), scalar, 1)
    return _times(power, power, 1)
