"""A process that shuts itself in before it touches what came from outside.

From then on it can read and write what it holds already, take memory within bounds, and end; it
opens no file, reaches no network, starts no process and makes no memory executable. The kernel
holds this (seccomp(2), a filter in the classic BPF of linux/filter.h), and what was given up does
not come back. Numbers of calls: asm/unistd_64.h, and asm-generic/unistd.h for ARM.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.sealed.hardening import harden

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMORY_BYTES_MAX: Final = 1 << 30
SECONDS_MAX: Final = 10
"""Of work on a processor; the caller bounds the time on the clock."""

_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_FILTER: Final = 2
_LOAD, _JUMP_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _PROTECTION_AT = 0, 4, 32
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
"""Let the call through; answer it with EPERM; end the process."""
_EXECUTABLE: Final = 4


@dataclass(frozen=True, slots=True)
class _Calls:
    """What a kind of machine is called in a filter, and the numbers of the calls allowed there.

    `mapping`: the calls whose third argument says what memory is for.
    """

    machine: int
    allowed: tuple[int, ...]
    mapping: tuple[int, ...]


_CALLS: Final[Mapping[str, _Calls]] = {
    # read write close fstat lseek munmap brk rt_sigaction rt_sigprocmask rt_sigreturn mremap
    # madvise exit futex clock_gettime exit_group getrandom; mmap mprotect
    "x86_64": _Calls(
        0xC000003E,
        (0, 1, 3, 5, 8, 11, 12, 13, 14, 15, 25, 28, 60, 202, 228, 231, 318),
        (9, 10),
    ),
    "aarch64": _Calls(
        0xC00000B7,
        (63, 64, 57, 80, 62, 215, 214, 134, 135, 139, 216, 233, 93, 98, 113, 94, 278),
        (222, 226),
    ),
}


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def can_confine() -> bool:
    """Whether this system is one whose calls are known here: Linux on x86-64 or 64-bit ARM."""
    return sys.platform == "linux" and platform.machine() in _CALLS


def confine() -> None:
    """Shut this process in, for as long as it lives; it must have one thread alone.

    All that it will import must be imported by then. Raises `OSError` where the system refuses.
    """
    import resource  # noqa: PLC0415 -- Windows has no such module

    harden()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    steps = _steps(_CALLS[platform.machine()])
    held = (_Step * len(steps))(*steps)
    program = _Program(len(steps), held)
    system = ctypes.CDLL(None, use_errno=True)
    if (
        system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        or system.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) != 0
    ):
        raise OSError(ctypes.get_errno(), "this process could not be shut in")


def _steps(calls: _Calls) -> list[_Step]:
    """The filter: another machine's call ends the process; what is not named is refused."""
    steps = [
        _Step(_LOAD, 0, 0, _MACHINE_AT),
        _Step(_JUMP_EQUAL, 1, 0, calls.machine),
        _Step(_RETURN, 0, 0, _KILL),
        _Step(_LOAD, 0, 0, _NUMBER_AT),
    ]
    for number in calls.allowed:
        steps += [_Step(_JUMP_EQUAL, 0, 1, number), _Step(_RETURN, 0, 0, _ALLOW)]
    for number in calls.mapping:
        steps += [
            _Step(_JUMP_EQUAL, 0, 4, number),
            _Step(_LOAD, 0, 0, _PROTECTION_AT),
            _Step(_JUMP_SET, 0, 1, _EXECUTABLE),
            _Step(_RETURN, 0, 0, _REFUSE),
            _Step(_RETURN, 0, 0, _ALLOW),
        ]
    return [*steps, _Step(_RETURN, 0, 0, _REFUSE)]
