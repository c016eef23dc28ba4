"""What is asked of bytes before they are used: that they are bytes, and as many as they must be."""

from __future__ import annotations

from typing import TypeVar

from angerona.errors import BadInput, kind_of

Octets = TypeVar("Octets", bytes, bytearray, bytes | bytearray)


def octets(place: str, given: Octets) -> Octets:
    """What was given, if it is `bytes` or a `bytearray`; else `BadInput`."""
    if not isinstance(given, bytes | bytearray):
        raise BadInput(place, kind_of(given), "bytes")
    return given


def exactly(place: str, given: Octets, length: int) -> Octets:
    """What was given, if it is bytes and exactly so many; else `BadInput`."""
    if len(octets(place, given)) != length:
        raise BadInput(place, f"{len(given)} bytes", f"{length} bytes")
    return given
