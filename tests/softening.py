"""Undo what hardening did to this process, as far as the system lets it."""

import ctypes
import sys
from contextlib import contextmanager

PR_SET_DUMPABLE = 4


@contextmanager
def softened():
    """Harden within the block; after it this process may be debugged and swapped again."""
    try:
        yield
    finally:
        if sys.platform == "linux":
            system = ctypes.CDLL(None)
            system.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
            system.munlockall()
