"""What the doctor looks at in the folder of a practice: its settings, its rights, its keeper.

Nothing is opened but the settings and, where the boot secret lies in a file, that file, to see
whether it would do.
"""

from __future__ import annotations

import itertools
import os
import stat
from typing import TYPE_CHECKING, Final

from angerona.cli.findings import Finding, Level
from angerona.cli.settings import SETTINGS_FILE, read_settings
from angerona.errors import AngeronaError, BadInput
from angerona.sealed.keepers import keeper_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from angerona.cli.findings import Scene
    from angerona.sealed.keepers import Keeper

FILES_MAX: Final = 100_000
_FOR_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_WRITTEN_BY_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
_WHO_WRITES: Final = "who can write there can exchange the settings, and with them the keeper"


def settings(scene: Scene) -> Iterator[Finding]:
    """Whether there is a practice, and whether its settings can be read."""
    if not os.path.lexists(scene.folder / SETTINGS_FILE):
        yield Finding(Level.FINE, "there is no practice in the data folder yet")
        return
    try:
        read_settings(scene.folder)
    except BadInput as problem:
        yield Finding(
            Level.STOP,
            str(problem),
            "without its settings a practice does not start",
            "mend the file, or name another folder with --data",
        )
    else:
        yield Finding(Level.FINE, "the settings can be read")


def rights(scene: Scene) -> Iterator[Finding]:
    """Whether the folder, what lies in it, and the way to it are its owner's alone."""
    try:
        faults = [*_of_the_folder(scene.folder), *_of_the_way(scene.folder), *_within(scene.folder)]
    except FileNotFoundError:
        return
    except OSError as problem:
        yield Finding(
            Level.STOP,
            f"the data folder cannot be looked at: {problem.strerror}",
            "what runs as you cannot use it either",
            "run this as the user that runs angerona, or give that user the folder",
        )
        return
    yield from faults or [Finding(Level.FINE, "the data folder is open to its owner alone")]


def _of_the_folder(folder: Path) -> Iterator[Finding]:
    found = folder.stat()
    if found.st_uid != os.geteuid():
        yield Finding(
            Level.STOP,
            "the data folder belongs to another user",
            _WHO_WRITES,
            "run this as the user that runs angerona, or give that user the folder (chown)",
        )
    if found.st_mode & _FOR_OTHERS:
        yield Finding(
            Level.STOP,
            "others on this machine may open the data folder",
            "they see how much is written about how many, and can copy what is sealed",
            "close it: chmod 700 on the data folder",
        )


def _of_the_way(folder: Path) -> Iterator[Finding]:
    """A folder above that others may write, unless it keeps files to their owners (sticky bit)."""
    modes = [above.stat().st_mode for above in folder.resolve().parents]
    if any(mode & _WRITTEN_BY_OTHERS and not mode & stat.S_ISVTX for mode in modes):
        yield Finding(
            Level.STOP,
            "a folder above the data folder can be written by others",
            "they can put a folder of their own in its place",
            "take that right away (chmod go-w), or move the data",
        )


def _within(folder: Path) -> Iterator[Finding]:
    open_to_others = foreign = links = 0
    for entry in itertools.islice(_entries(folder), FILES_MAX):
        found = entry.stat(follow_symlinks=False)
        links += stat.S_ISLNK(found.st_mode)
        foreign += found.st_uid != os.geteuid()
        open_to_others += bool(found.st_mode & _FOR_OTHERS) and not stat.S_ISLNK(found.st_mode)
    for count, what, remedy in (
        (open_to_others, "are open to others", "close them: chmod -R go= on the data folder"),
        (foreign, "belong to another user", "give them to one user: chown -R on the data folder"),
        (links, "are symbolic links", "put the files themselves there"),
    ):
        if count:
            yield Finding(
                Level.LOOK,
                f"things in the data folder that {what}: {count}",
                "only the folder itself protects them now; a copy of it would not",
                remedy,
            )


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """All that lies in a folder, at any depth; no link is followed."""
    waiting = [os.fspath(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def keeper(scene: Scene) -> Iterator[Finding]:
    """What keeps the boot secret, and what that means."""
    if scene.settings is None:
        return
    try:
        found = keeper_at(scene.settings.keeper, folder=scene.folder, ask=None)
        if found.name != "file":
            yield Finding(Level.FINE, found.describe())
            return
        found.fetch().wipe()
    except AngeronaError as problem:
        yield Finding(
            Level.STOP,
            str(problem),
            "without the boot secret not even a name can be read",
            "see docs/OPERATING.md on keepers of the boot secret",
        )
    else:
        yield _lies_in_a_file(found)


def _lies_in_a_file(found: Keeper) -> Finding:
    return Finding(
        Level.LOOK,
        found.describe(),
        "names and calendar would lie open on a stolen disk",
        "for real clients use prompt:, systemd: or pkcs11: (docs/OPERATING.md)",
    )
