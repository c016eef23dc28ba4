"""A machine that knows no time zones but UTC."""

import zoneinfo
from contextlib import contextmanager


@contextmanager
def no_zones():
    """A machine without a database of time zones."""
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath()
