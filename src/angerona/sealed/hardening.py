"""Keep what is in memory in memory: no core dump, no debugger, no swap.

For every process that opens keys, before it opens the first one. Linux alone is known here; each
measure says honestly whether it holds, and nothing here raises: a practice on a machine that cannot
do all of it may still need its records.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# linux/prctl.h, and asm-generic/mman.h (the same numbers on x86, ARM and RISC-V)
_PR_GET_DUMPABLE: Final = 3
_PR_SET_DUMPABLE: Final = 4
_MCL_CURRENT: Final = 1
_MCL_FUTURE: Final = 2
_MCL_ONFAULT: Final = 4
_CAP_IPC_LOCK: Final = 14
_STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Hardening:
    """What was tried. Each is empty if it holds, and else says why it does not."""

    core_file: str
    """The kernel writes no core file."""
    dump: str
    """No core is handed to another program, and no debugger of this user comes near."""
    memory: str
    """No page of memory goes to swap."""


def harden() -> Hardening:
    """Harden this process, for as long as it lives, and say what does not hold."""
    if sys.platform != "linux":
        return Hardening(*["known on Linux only"] * 3)
    return Hardening(_no_core_file(), _not_dumpable(), _memory_locked())


def _no_core_file() -> str:
    """RLIMIT_CORE: the kernel writes no core file (core(5))."""
    import resource  # noqa: PLC0415 -- Windows has no such module

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # anybody may lower a limit
    return ""


def _not_dumpable() -> str:
    """PR_SET_DUMPABLE: neither a core dump piped to a program, which no limit stops, nor ptrace.

    Only a process of root may still look into this one (prctl(2), ptrace(2)).
    """
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    left = system.prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)
    return "" if left == 0 else "the system refused"


def _memory_locked() -> str:
    """mlockall: pages that were touched stay in memory (mlockall(2), MCL_ONFAULT).

    Not tried where only so much may be locked: once the limit is reached, every further use of
    memory would fail, in the middle of the work.
    """
    if not _may_lock_all():
        return "the limit on locked memory is too low (LimitMEMLOCK=infinity lifts it)"
    system = ctypes.CDLL(None, use_errno=True)
    failed = system.mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT)
    return os.strerror(ctypes.get_errno()) if failed else ""


def _may_lock_all() -> bool:
    """Whether no limit holds: none is set, or the process has the right to go beyond."""
    import resource  # noqa: PLC0415 -- Windows has no such module

    soft, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    return soft == resource.RLIM_INFINITY or bool(capabilities(_STATUS) >> _CAP_IPC_LOCK & 1)


def capabilities(file: Path) -> int:
    """The effective capabilities of a process as bits (proc(5)); 0 where none can be read."""
    try:
        status = file.read_bytes()
    except OSError:
        return 0
    found = re.search(rb"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return int(found[1], 16) if found else 0
