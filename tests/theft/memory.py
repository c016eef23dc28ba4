"""The memory of another process, read as a thief of its core would (proc(5), /proc/PID/mem)."""

import re
from pathlib import Path

REGION = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \S+ *(.*)")


def memory_of(pid):
    """Everything a process could have written into, region after region.

    What is mapped for reading only is program text and files.
    """
    regions = []
    maps = Path(f"/proc/{pid}/maps").read_text()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps.splitlines():
            start, end, rights, name = REGION.match(line).groups()
            if rights.startswith("rw") and not name.startswith("[v"):
                first, past = int(start, 16), int(end, 16)
                memory.seek(first)
                regions.append(memory.read(past - first))
    return regions


def copies_in(regions, *patterns):
    """How often any of some patterns stands in memory."""
    return sum(region.count(pattern) for region in regions for pattern in patterns)
