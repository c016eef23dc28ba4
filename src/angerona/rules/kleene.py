"""Kleene's three values on plain Python: `True`, `False`, and `None` for unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def any_of(values: Iterable[bool | None]) -> bool | None:
    """True if one is true, else unknown if one is unknown, else false."""
    unknown = False
    for value in values:
        if value:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def both(left: bool | None, right: bool | None) -> bool | None:
    """False if one is false, else unknown if one is unknown, else true."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def negation(value: bool | None) -> bool | None:
    """The other value; unknown stays unknown."""
    return None if value is None else not value
