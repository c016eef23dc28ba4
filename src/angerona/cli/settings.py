"""Where a practice's data lives, and the three settings that stand there in `angerona.toml`.

```toml
store = "sqlite:////srv/angerona/practice.db"
keeper = "systemd:angerona-boot"
practice = "5f0c0a6e9f2b4f0d8a3a6f3b1c9d7e21"
```

The folder is `--data DIR`, else what `ANGERONA_DATA` names, else `angerona` in the person's own
folder for data. No other setting comes from the environment, and none from a `.env` file. Who could
write the file could choose the keeper, and the library a keeper loads: so it must be its owner's
alone.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, kind_of, one_of
from angerona.sealed.private_files import read_private, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS_FILE: Final = "angerona.toml"
BYTES_MAX: Final = 10_000
_FOLDER_OWNER_ONLY: Final = 0o700
_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
_WHERE: Final = re.compile(r"at (line \d+, column \d+|end of document)\)\Z")
_LIKE: Final = {
    "store": "such as store = 'sqlite:////folder/practice.db'",
    "keeper": "such as keeper = 'prompt:'",
    "practice": "32 hexadecimal digits, in small letters",
}

_refused = partial(BadInput, SETTINGS_FILE)


@dataclass(frozen=True, slots=True)
class Settings:
    """What `angerona.toml` says. `store` may hold a password, so that none of it is shown."""

    store: str
    keeper: str
    practice: str

    @property
    def practice_id(self) -> bytes:
        """The id as its 16 bytes."""
        return bytes.fromhex(self.practice)

    def __repr__(self) -> str:
        return "Settings(hidden)"


def data_folder(given: str | None) -> Path:
    """The folder of a practice's data; it need not exist. Raises `BadInput` for no name."""
    name = given if given is not None else os.environ.get("ANGERONA_DATA") or None
    if name is None:
        own = os.environ.get("XDG_DATA_HOME", "")
        root = Path(own) if Path(own).is_absolute() else Path.home() / ".local" / "share"
        return root / "angerona"
    if not name.strip() or "\0" in name:
        raise BadInput("the data folder", "not the name of a folder", "such as --data practice")
    return Path(name).expanduser().absolute()


def read_settings(folder: Path) -> Settings:
    """The settings of the practice in a folder. Raises `BadInput`, which repeats no value."""
    path = folder / SETTINGS_FILE
    data = read_private(path, _refused, bytes_max=BYTES_MAX, laid_by_root=False)
    try:
        return _settings(tomllib.loads(data.decode("utf-8")))
    except UnicodeDecodeError as problem:
        raise _refused("not UTF-8 text") from problem
    except tomllib.TOMLDecodeError as problem:
        found = _WHERE.search(str(problem))
        where = f" ({found[1]})" if found else ""
        raise _refused(f"not TOML{where}", "lines such as keeper = 'prompt:'") from problem
    except RecursionError as problem:
        raise _refused("nested too deep", "three lines: store, keeper, practice") from problem


def _settings(found: Mapping[str, object]) -> Settings:
    names = [one.name for one in fields(Settings)]
    for key in found:
        if key not in names:
            named = f"unknown key {key}" if _KEY.match(key) else "an unknown key"
            raise _refused(named, one_of(names, key))
    return Settings(**{name: _text(found, name) for name in names})


def _text(found: Mapping[str, object], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        wrong = f"{kind_of(value)} where a text is needed" if name in found else "missing"
        raise _refused(f"{name}: {wrong}", _LIKE[name])
    fits = _ID.match(value) if name == "practice" else value.isprintable() and ":" in value
    if not fits:
        raise _refused(f"{name}: not in its form", _LIKE[name])
    return value


def write_settings(folder: Path, settings: Settings, *, replace: bool) -> None:
    """Write the settings, whole or not at all; the folder (0700) is made if it is not there.

    Raises `BadInput`: a value not in its form, a folder that others may open, or, without
    `replace`, settings that are there already.
    """
    checked = _settings({one.name: getattr(settings, one.name) for one in fields(settings)})
    lines = [f"{one.name} = {_quoted(getattr(checked, one.name))}\n" for one in fields(checked)]
    make_folder(folder)
    data = "".join(lines).encode()
    write_private(folder / SETTINGS_FILE, data, _refused, replace=replace)


def _quoted(text: str) -> str:
    """A basic string of TOML; nothing in it needs escaping but these two signs."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def make_folder(folder: Path) -> None:
    """Make a folder of its owner's alone (0700), or see that it is one. Raises `BadInput`."""
    place = "the data folder"
    try:
        folder.mkdir(mode=_FOLDER_OWNER_ONLY, parents=True, exist_ok=True)
        mode, owner = folder.stat().st_mode, folder.stat().st_uid
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not the name of a folder"
        raise BadInput(place, "cannot be made", reason) from problem
    if owner != os.geteuid():
        raise BadInput(place, "belongs to another user", "give a folder of your own")
    if mode & 0o077:
        raise BadInput(place, "others on this machine may open it", "chmod 700 it, or give another")
