"""Files that only their owner may read: read with suspicion, written whole or not at all.

Used for the boot secret, for a token's PIN and for the settings, none of which another account of
the machine may read or exchange.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from angerona.errors import AngeronaError

    Refusal = Callable[[str, str], AngeronaError]
    """Makes the error to raise, from what is wrong and what to do."""

_OWNER_ONLY: Final = 0o600
_ROOT: Final = 0


def read_private(path: Path, refused: Refusal, *, bytes_max: int, laid_by_root: bool) -> bytearray:
    """What stands in a file of at most `bytes_max` bytes.

    Raises what `refused` makes for anything but a plain file (no symbolic link, pipe or device)
    that belongs to this process's user and that nobody else may open. With `laid_by_root` it may
    belong to root and be read by its group, which is how systemd lays out a credential (the group
    bits stand for an access control list that names the service). All is asked of the opened file,
    so that nothing can be exchanged between the look and the reading.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        number = os.open(path, flags)
    except (OSError, ValueError) as problem:
        raise refused(*_unreadable(problem)) from problem
    try:
        _check(os.fstat(number), refused, bytes_max=bytes_max, laid_by_root=laid_by_root)
        data = bytearray(bytes_max + 1)
        size = os.readv(number, [data])
    except OSError as problem:
        raise refused(*_unreadable(problem)) from problem
    finally:
        os.close(number)
    if size > bytes_max:
        raise refused(*_too_large(bytes_max))
    del data[size:]
    return data


def _unreadable(problem: Exception) -> tuple[str, str]:
    number = getattr(problem, "errno", None)
    if number == errno.ENOENT:
        return "no such file", "make it first, or say where it is"
    if number == errno.ELOOP:
        return "the file is a symbolic link", "give the file itself"
    reason = getattr(problem, "strerror", None) or "not a file name"
    return f"the file cannot be read: {reason}", "correct its owner and mode, or the setting"


def _check(found: os.stat_result, refused: Refusal, *, bytes_max: int, laid_by_root: bool) -> None:
    owners, others = {os.geteuid()}, stat.S_IRWXG | stat.S_IRWXO
    if laid_by_root:
        owners, others = owners | {_ROOT}, others & ~stat.S_IRGRP
    if not stat.S_ISREG(found.st_mode):
        raise refused("not a plain file", "give a plain file")
    if found.st_uid not in owners:
        raise refused("the file belongs to another user", "chown it to the user that runs angerona")
    if found.st_mode & others:
        raise refused("others on this machine may open the file", "chmod 600 it")
    if found.st_size > bytes_max:
        raise refused(*_too_large(bytes_max))


def _too_large(bytes_max: int) -> tuple[str, str]:
    return "the file is too large", f"at most {bytes_max} bytes"


def write_private(path: Path, data: bytes | bytearray, refused: Refusal, *, replace: bool) -> None:
    """Write a file that only its owner may open (0600): whole and durable, or not at all.

    Without `replace` a file that is there already stays as it is. Raises what `refused` makes.
    """
    with drafted(path, refused, replace=replace) as target:
        target.write(data)


@contextlib.contextmanager
def drafted(path: Path, refused: Refusal, *, replace: bool) -> Iterator[BinaryIO]:
    """A draft of such a file, which takes its place when the block ends without an error."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _OWNER_ONLY)
        with os.fdopen(number, "wb") as target:
            yield target
            target.flush()
            os.fsync(number)
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
        _flush_folder(path.parent)
    except FileExistsError as problem:
        raise refused("there is such a file already", "move it away first") from problem
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a file name"
        raise refused(f"the file cannot be written: {reason}", "correct the folder") from problem
    finally:
        with contextlib.suppress(OSError, ValueError):
            draft.unlink(missing_ok=True)


def put_in_place(draft: Path, folder: Path, *, last: str) -> None:
    """Move every file out of a draft of a folder into the folder, one of them last and durably.

    Whoever finds that one there finds all of them.
    """
    for name in sorted((one.name for one in draft.iterdir()), key=lambda one: one == last):
        if name == last:
            _flush_folder(folder)
        (draft / name).rename(folder / name)
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    number = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)
