"""Swap, as Linux tells about it: which of its areas could leave memory on an open disk.

Encrypted is what the device mapper calls a crypt target (`CRYPT-...`), by itself or as all that a
volume lies on; memory compressed by zram, with nothing behind it, never reaches a disk. A file is
never taken for encrypted: what lies under its file system cannot be seen from here.
"""

from __future__ import annotations

from pathlib import Path


def open_swap_areas(root: Path) -> int | None:
    """How many areas are neither encrypted nor in memory; None where the system does not tell.

    `root` is where /proc and /sys stand.
    """
    try:
        lines = (root / "proc/swaps").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    areas = [line.split()[:2] for line in lines[1:] if len(line.split()) >= 2]  # noqa: PLR2004 -- name and kind
    blocks = root / "sys/class/block"
    return sum(
        kind != "partition" or not _is_closed(blocks / Path(name).name) for name, kind in areas
    )


def _is_closed(block: Path) -> bool:
    """Whether nothing that is written to a block device can be read off a disk.

    Devices that lie on each other in a ring end in an error of the links: not closed.
    """
    if block.name.startswith("zram"):
        return _told(block / "backing_dev") in {"none", ""}
    if _told(block / "dm/uuid").startswith("CRYPT-"):
        return True
    try:
        beneath = list((block / "slaves").iterdir())
    except OSError:
        return False
    return bool(beneath) and all(map(_is_closed, beneath))


def _told(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
