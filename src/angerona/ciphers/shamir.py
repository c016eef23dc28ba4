"""A secret in n shares, any k of which give it back (Shamir 1979), each with a MAC.

```
share = y (the secret's bytes and 16 more) | x (1) | mark of the split (4) | MAC (16) | check (4)
```

`y | x` is the format of HashiCorp Vault. What is split is the secret and a random key, and each
share carries a MAC under that key; so fewer than k shares say nothing at all about the secret,
however much is computed, and after combining each share is held against its MAC. Before that,
the check finds shares that were miscopied or belong to another client; anyone can compute it, so
it is no proof of anything.
"""

from __future__ import annotations

import hmac
import os
from collections import Counter
from typing import TYPE_CHECKING

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import digest
from angerona.ciphers.lengths import octets
from angerona.ciphers.polynomials import combine_points, split_points
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


def number_of(share: bytes) -> int:
    """The number of a share, its x. Raises `Unopenable` for what is too short to be one."""
    if len(share) < _SHARE_BYTES_MIN:
        raise Unopenable("a share")
    return share[-_TAIL_BYTES - 1]


def mark_of(share: bytes) -> bytes:
    """What all shares of one split have in common (4 bytes). Raises as `number_of`."""
    number_of(share)
    return share[-_TAIL_BYTES:][:_MARK_BYTES]


def combine(shares: Sequence[bytes], k: int, context: bytes) -> bytes:
    """The secret of k or more shares of one split for this context.

    Raises `Unopenable` for too few shares, and for doubled, foreign or altered ones, which it
    names: `which` counts from nought, the message from one. A share altered by somebody who knows
    how shares are made is always noticed, but it may be impossible to say which one it was.
    """
    for share in shares:
        octets("shares", share)
    if k < 2 or len(shares) < k:  # noqa: PLR2004 -- no split has fewer than two
        raise Unopenable("shares", "too few")
    _named(_miscopied(shares, k, context), "miscopied, or of another secret")
    marks = [mark_of(share) for share in shares]
    usual, _ = Counter(marks).most_common(1)[0]
    _named((i for i, mark in enumerate(marks) if mark != usual), "of another split than the rest")
    points = [share[:-_TAIL_BYTES] for share in shares]
    numbers = [point[-1] for point in points]
    _named((i for i, x in enumerate(numbers) if x in numbers[:i]), "given twice")
    whole = combine_points(points[:k])
    secret, key = whole[:-_KEY_BYTES], whole[-_KEY_BYTES:]
    again = [_share(point, usual, key, k, context) for point in points]
    right = [hmac.compare_digest(*pair) for pair in zip(again, shares, strict=True)]
    if not any(right):
        raise Unopenable("shares", "one of those given is altered, and it cannot be told which")
    _named((i for i, fits in enumerate(right) if not fits), "altered")
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
