"""What the doctor finds: how bad, what is, why it matters, what to do. And how a check looks.

A check is a function of a `Scene` that gives findings; `doctor.CHECKS` lists them, and a new one is
added there. A finding names kinds of things and counts them: no path, name, key or value of a
practice stands in it, so that the page can be shown to anyone.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator

    from angerona.cli.settings import Settings


class Level(enum.StrEnum):
    """How bad it is, in the words a person reads."""

    FINE = "fine"
    LOOK = "look at this"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. What is fine says why it matters and what to do only if that helps."""

    level: Level
    what: str
    why: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the checks look at."""

    folder: Path
    """The folder of a practice's data; it need not exist."""
    settings: Settings | None
    """What stands there in `angerona.toml`, if that can be read."""
    at: datetime.datetime
    """Now, by this machine's clock."""
    newest_head: datetime.datetime | None = None
    """When the ledger's newest head was signed, if that is known."""
    root: Path = Path("/")
    """Where /proc and /sys stand."""


if TYPE_CHECKING:
    Check = Callable[[Scene], Iterator[Finding]]
