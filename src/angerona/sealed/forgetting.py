"""Forgetting: a process that opens records overwrites whatever memory it lets go of.

Python cannot wipe a key, a password or a note: they are values that nobody may change, and what is
let go of stays in memory until something else happens to be put there. The allocator below Python
can. The C library of Linux overwrites each block that is given back to it (`M_PERTURB`,
mallopt(3)), and Python gives all its blocks back at once when it is told to
(`PYTHONMALLOC=malloc`). Both are read when a process begins. So a process that is to hold keys for
long starts itself again with them, before it holds the first one; it costs a look about a fifth
more processor time.

What is still in use is not let go of: whoever needs a key only for a moment must not keep it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PYTHON: Final = "PYTHONMALLOC"
_LIBRARY: Final = "GLIBC_TUNABLES"
# Blocks in the cache of each thread would be kept as they are, so there is none of those.
_TUNABLES: Final = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"
_TRIAL_BYTES: Final = 300
_TRIALS: Final = 8


def forgetting(environment: Mapping[str, str]) -> dict[str, str]:
    """This environment, with what makes a process forget in it."""
    others = [environment[_LIBRARY]] if environment.get(_LIBRARY) else []
    return {**environment, _PYTHON: "malloc", _LIBRARY: ":".join([*others, _TUNABLES])}


def forgets() -> bool:
    """Whether this process overwrites what it lets go of, found by trying."""
    return all(_is_overwritten() for _ in range(_TRIALS))


def start_again_forgetting() -> None:
    """Start this program again, forgetting; returns where it does so, or cannot.

    To be called before any thread is started and any secret fetched. Whether it worked, `forgets`
    says: where the C library knows no way, the program goes on as it is.
    """
    wanted = forgetting(os.environ)
    if sys.platform != "linux" or os.environ.get(_PYTHON) == wanted[_PYTHON] or forgets():
        return
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], wanted)  # noqa: S606 -- this very program


def _is_overwritten() -> bool:
    """Let go of some bytes and look at where they were; the block is too small to be unmapped."""
    given = os.urandom(_TRIAL_BYTES)
    place, length = id(given), sys.getsizeof(given)
    half = given[_TRIAL_BYTES // 2 :]
    del given
    return half not in ctypes.string_at(place, length)
