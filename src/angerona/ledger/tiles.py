"""The ledger as a folder of files that other people's tools read (C2SP tlog-tiles).

```
checkpoint                      the signed head
tile/<level>/<number>           256 hashes; <number> in groups of three digits, as in x001/234
tile/<level>/<number>.p/<width> the last tile of a level, if it is not full
tile/entries/<number>           the leaves themselves, each behind its length (two bytes)
```

The leaves say nothing that could be read: labels, commitments, hashes. Full tiles never change, so
what is there already is left alone, and an export costs only what is new.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from angerona.errors import Altered
from angerona.ledger.growing import TILE_HEIGHT, TILE_WIDTH
from angerona.ledger.tree import HASH_BYTES
from angerona.ledger.verifying import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from angerona.ledger.growing import TileReader


def export_tiles(
    folder: Path,
    note: str,
    size: int,
    *,
    tile: TileReader,
    leaves: Callable[[int, int], Iterator[bytes]],
) -> int:
    """Write the log up to a signed head of `size` leaves into a folder; how many tiles were new.

    `tile` gives the hashes of a tile, `leaves` the leaves from one place to another. Raises
    `Altered` where they do not fit each other. The checkpoint is written last.
    """
    written = 0
    for level, number, width in tiles_of(size):
        path = tile_path(number, width)
        target, entries = folder / "tile" / str(level) / path, folder / "tile" / "entries" / path
        if target.exists():
            continue
        hashes = tile(level, number)[: width * HASH_BYTES]
        if len(hashes) != width * HASH_BYTES:
            raise Altered("a tile of the ledger")
        if level == 0:
            first = number * TILE_WIDTH
            _write(entries, _bundle(leaves(first, first + width), hashes))
        _write(target, hashes)
        written += 1
    _write(folder / "checkpoint", note.encode())
    return written


def tiles_of(size: int) -> Iterator[tuple[int, int, int]]:
    """(level, number, width) of every tile of a tree of this size, full ones and the last."""
    level = 0
    while hashes := size >> TILE_HEIGHT * level:
        full, rest = divmod(hashes, TILE_WIDTH)
        yield from ((level, number, TILE_WIDTH) for number in range(full))
        if rest:
            yield level, full, rest
        level += 1


def tile_path(number: int, width: int) -> str:
    """A tile's number in groups of three digits, and its width where it is not full."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03}")
    path = "/".join(reversed(groups))
    return path if width == TILE_WIDTH else f"{path}.p/{width}"


def _bundle(leaves: Iterator[bytes], hashes: bytes) -> bytes:
    """The leaves of one tile, each behind its length, if they are those of the hashes."""
    parts: list[bytes] = []
    own: list[bytes] = []
    for leaf in leaves:
        own.append(leaf_hash(leaf))
        parts += len(leaf).to_bytes(2), leaf
    if b"".join(own) != hashes:
        raise Altered("an event of the ledger")
    return b"".join(parts)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)
