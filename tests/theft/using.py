"""A practice used through every door, in a process of its own whose every trace is kept.

Started by test_theft.py with TMPDIR, HOME and the working directory inside one watched folder, and
stdout and stderr written into it. What Python opens for writing is named to the parent; what is
removed is kept under another name first, so that nothing passes between two scans.
"""

import itertools
import json
import logging
import os
import sys
import threading
from pathlib import Path

from small_practice import founded
from theft.commands import command_line
from theft.doors import DOORS, Desk
from theft.words import Words

FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Watch:
    """Hears of every file that is opened for writing or removed (sys.addaudithook)."""

    def __init__(self, gone):
        self.gone, self.numbers = gone, itertools.count(1)
        self.written = set()
        sys.addaudithook(self)

    def __call__(self, event, given):
        if event == "open":
            path, mode, flags = given
            writes = flags & FLAGS if isinstance(flags, int) else "r" not in (mode or "r")
            if writes and isinstance(path, str | bytes | os.PathLike):
                self.written.add(os.path.realpath(os.fsdecode(path)))
        elif event in {"os.remove", "os.rename"}:
            old = Path(os.fsdecode(given[0]))
            if old.is_file() and self.gone not in old.parents:
                os.link(old, self.gone / f"{next(self.numbers)}-{old.name}")


def calls_of(modules):
    """Counts which functions of some packages are called, whatever calls them."""
    called = set()

    def heard(frame, event, _given):
        if event == "call":
            module = frame.f_globals.get("__name__")
            if module and module.startswith(modules):
                called.add(f"{module}.{frame.f_code.co_qualname}")

    threading.setprofile(heard)
    sys.setprofile(heard)
    return called


def main():
    folder, address, told = Path(sys.argv[1]), sys.argv[2], os.fdopen(int(sys.argv[3]), "w")
    logging.basicConfig(filename=folder / "log", level=logging.DEBUG)
    watch = Watch(folder / "gone")
    words = Words()
    called = calls_of(("angerona.practice", "angerona.gate"))
    practice = founded(
        folder / "practice",
        address=address or None,
        name=words.typed("practice"),
        password=words.secret("password of Thea", words.typed("password")),
        seats=tuple(words.typed("seat") for _ in range(3)),
    )
    desk = Desk(practice, words, folder, Path(sys.argv[5]))
    desk.threat = json.loads(sys.argv[4])
    words.secret("boot secret", practice.boot.revealed())
    words.secret("directory key", practice.boot.derived(practice.vault.practice_id).directory)
    for door in DOORS:
        if not (address and door is command_line):  # That one stands on SQLite in any case.
            door(desk)
    sys.setprofile(None)
    said = {
        "secrets": {
            name: [value.hex(), "bytes"] if isinstance(value, bytes) else [value, "text"]
            for name, value in words.secrets.items()
        },
        "written": sorted(watch.written),
        "called": sorted(called),
    }
    print(json.dumps(said), file=told, flush=True)
    sys.stdin.readline()
    practice.vault.store.close()
    print("closed", file=told, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
