"""The style sheet and the scripts, held in memory, each under a name that ends with its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

STATIC: Final = "/static"
_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_HASH_DIGITS: Final = 16
_TOGETHER: Final = {
    "bring_and_lock.js": ("bring.js", "lock.js"),
    "check_and_leave.js": ("check.js", "leave.js", "lock.js"),
    "check_and_lock.js": ("check.js", "lock.js"),
    "draft_and_leave.js": ("draft.js", "leave.js", "lock.js"),
    "draft_and_lock.js": ("draft.js", "lock.js", "calls.js"),
    "join_and_leave.js": ("join.js", "leave.js"),
    "leave_and_lock.js": ("leave.js", "lock.js"),
    "lock_and_calls.js": ("lock.js", "calls.js"),
    "passkey_and_leave.js": ("passkey.js", "leave.js", "lock.js"),
    "passkey_and_lock.js": ("passkey.js", "lock.js", "calls.js"),
}
"""Files sent as one, so that a page needs no more than three requests."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent."""

    media_type: str
    data: bytes


@cache
def _files() -> dict[str, tuple[str, StaticFile]]:
    """By its plain name: the name it is asked for by, and what it holds."""
    folder = resources.files("angerona.web").joinpath("static")
    read = {one.name: one.read_bytes() for one in folder.iterdir()}
    read |= {name: b"".join(read[part] for part in parts) for name, parts in _TOGETHER.items()}
    found = {}
    for name, data in read.items():
        stem, _, ending = name.rpartition(".")
        if ending in _TYPES:
            digits = hashlib.sha256(data).hexdigest()[:_HASH_DIGITS]
            found[name] = (f"{stem}.{digits}.{ending}", StaticFile(_TYPES[ending], data))
    return found


@cache
def _by_hash() -> dict[str, StaticFile]:
    return dict(_files().values())


def static_address(name: str) -> str:
    """Where a page finds a file, such as `angerona.css`. Raises `KeyError` for none of ours."""
    return f"{STATIC}/{_files()[name][0]}"


def static_file(hashed: str) -> StaticFile | None:
    """The file of a name with its hash, or nothing."""
    return _by_hash().get(hashed)
