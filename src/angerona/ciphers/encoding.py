"""The one encoding of everything that is hashed, bound or derived from: canonical and injective.

```
u16 length | domain (UTF-8)   then for each field:   tag (b, s or i) | u32 length | value
```

All numbers are big-endian; a whole number is eight bytes, unsigned. Two different lists of fields
never give the same bytes, and each list has one encoding only. The domain says what the bytes are
for, so that what is made for one purpose never serves another.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TypeAlias

from angerona.ciphers.lengths import octets
from angerona.errors import BadInput, Unopenable, kind_of

Field: TypeAlias = bytes | str | int

_INT_BYTES = 8
_INT_MAX = 2**64 - 1
_INT = b"i" + _INT_BYTES.to_bytes(4, "big")
_DOMAIN_MAX = 0xFFFF
_FIELD_MAX = 0xFFFF_FFFF


def packed(domain: str, *fields: Field) -> bytes:
    """The bytes that stand for these fields in this domain.

    Raises `BadInput` for an empty or overlong domain and for anything but bytes, text and whole
    numbers from 0 to 2**64 - 1 (a truth value is none, nor is a kind of its own made from these).
    """
    parts = [_named(domain)]
    for place, field in enumerate(fields):
        if type(field) is bytes and len(field) <= _FIELD_MAX:
            parts += b"b", len(field).to_bytes(4, "big"), field
        elif type(field) is int and 0 <= field <= _INT_MAX:
            parts += _INT, field.to_bytes(_INT_BYTES, "big")
        elif type(field) is str and len(text := _utf8(place, field)) <= _FIELD_MAX:
            parts += b"s", len(text).to_bytes(4, "big"), text
        else:
            raise BadInput(
                f"packed: field {place}", kind_of(field), "bytes, text, or 0 to 2**64 - 1"
            )
    return b"".join(parts)


@lru_cache
def _named(domain: str) -> bytes:
    """How the encodings of a domain begin; there are few domains, and none is a secret."""
    name = domain.encode()
    if not 0 < len(name) <= _DOMAIN_MAX:
        raise BadInput("packed: domain", "empty or too long", f"1 to {_DOMAIN_MAX} bytes")
    return len(name).to_bytes(2, "big") + name


def _utf8(place: int, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise BadInput(f"packed: field {place}", "text that is not Unicode") from None


def unpacked(domain: str, blob: bytes) -> tuple[Field, ...]:
    """The fields that `packed` was given; `Unopenable` for anything it would not have written."""
    prefix = packed(domain)
    if not octets("unpacked", blob).startswith(prefix):
        raise Unopenable("an encoding")
    start = len(prefix)
    fields: list[Field] = []
    while start < len(blob):
        value_at = start + 5
        end = value_at + int.from_bytes(blob[start + 1 : value_at], "big")
        if end > len(blob):
            raise Unopenable("an encoding")
        fields.append(_value(blob[start : start + 1], blob[value_at:end]))
        start = end
    return tuple(fields)


def _value(tag: bytes, value: bytes) -> Field:
    if tag == b"b":
        return value
    if tag == b"i" and len(value) == _INT_BYTES:
        return int.from_bytes(value, "big")
    if tag == b"s":
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise Unopenable("an encoding") from None
    raise Unopenable("an encoding")


def digest(domain: str, *fields: Field) -> bytes:
    """SHA-256 of `packed(domain, *fields)`: 32 bytes."""
    return hashlib.sha256(packed(domain, *fields)).digest()
