"""How often something may be tried, so that guessing does not pay and nobody can be locked out.

Sign-ins are counted by the address they come from, and by name **and** address together: a stranger
who tries somebody's name only slows the stranger's own address down, and never locks the name.
Counts are kept in memory and end with the process. An IPv6 address counts by its first 64 bits: a
single machine has all the rest of them (RFC 4291, section 2.5.4).
"""

from __future__ import annotations

import hashlib
import ipaddress
from typing import TYPE_CHECKING, Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

if TYPE_CHECKING:
    from limits import RateLimitItem

PER_NAME: Final = RateLimitItemPerMinute(5)
PER_ADDRESS: Final = RateLimitItemPerMinute(30)
_OF_ONE_MACHINE: Final = 64


class Rates:
    """Counts tries in memory."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def may_try(self, address: str, name: str) -> bool:
        """Whether this address may try to sign in under this name now; the try is counted."""
        address = machine_of(address)
        named = hashlib.sha256(name.strip().casefold().encode("utf-8", "replace")).hexdigest()
        tries: tuple[tuple[RateLimitItem, tuple[str, ...]], ...] = (
            (PER_ADDRESS, (address,)),
            (PER_NAME, (address, named)),
        )
        counted = [self._limiter.hit(limit, *whom) for limit, whom in tries]  # both, always
        return all(counted)


def machine_of(address: str) -> str:
    """What an address counts as."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), _OF_ONE_MACHINE), strict=False))
