"""Files that leave a command: of their owner's alone, whole or not at all, over nothing unasked."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from angerona.cli.files import place_of
from angerona.errors import BadInput
from angerona.sealed.private_files import drafted, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator


def checked_target(name: str, *, force: bool) -> Path:
    """Where to write, if that could be written at the end. Raises `BadInput`."""
    target, place = Path(name), place_of(name)
    if not name.strip() or "\0" in name or not target.parent.is_dir():
        raise BadInput(place, "cannot be written", "give a file in a folder that exists")
    if target.exists() and not target.is_file():
        raise BadInput(place, "is no plain file", "give a plain file")
    if target.exists() and not force:
        raise BadInput(place, "exists already", "--force writes over it")
    return target


def write_out(target: Path, data: bytes, *, force: bool) -> None:
    """Write it (0600). Raises `BadInput`; then there is no file, or still the old one."""
    write_private(target, data, partial(BadInput, place_of(target.name)), replace=force)


@contextlib.contextmanager
def streamed_out(target: Path, *, force: bool) -> Iterator[BinaryIO]:
    """The same for what is too large to hold: the file is there once the block has ended well."""
    refused = partial(BadInput, place_of(target.name))
    with drafted(target, refused, replace=force) as file:
        yield file
