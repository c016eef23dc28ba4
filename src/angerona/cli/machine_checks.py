"""What the doctor looks at on the machine itself: libraries, ciphers, memory, clock, disk."""

from __future__ import annotations

import datetime
import shutil
import sys
from typing import TYPE_CHECKING, Final

from angerona.ciphers.library import OPENSSL_LEAST, openssl_version
from angerona.ciphers.selftest import self_test
from angerona.cli.findings import Finding, Level
from angerona.cli.swap import open_swap_areas
from angerona.errors import MissingExtra, SuiteFailure
from angerona.sealed.hardening import harden
from angerona.sealed.zones import A_ZONE, zone_named
from angerona.store.library import oldest_sqlite, sqlite_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.cli.findings import Scene

PYTHON_LEAST: Final = (3, 11, 0)
WRITTEN: Final = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
CLOCK_SLACK: Final = datetime.timedelta(minutes=5)
FREE_STOP_BYTES: Final = 200_000_000
FREE_LOOK_BYTES: Final = 2_000_000_000


def libraries(_scene: Scene) -> Iterator[Finding]:
    """Python, OpenSSL and SQLite, each with the oldest that will do."""
    python = sys.version_info[:3]
    yield _library("Python", python, PYTHON_LEAST, "angerona does not run with older ones")
    yield _library(
        "OpenSSL",
        openssl_version(),
        OPENSSL_LEAST,
        "older ones lack the ciphers that are meant to hold against quantum computers",
    )
    why = "older ones can lose what they have confirmed as written"
    yield _library("SQLite", sqlite_version(), oldest_sqlite(), why)


def _library(name: str, found: tuple[int, ...], least: tuple[int, ...], why: str) -> Finding:
    said, needed = (".".join(map(str, version)) for version in (found, least))
    if found >= least:
        return Finding(Level.FINE, f"{name} {said}; {needed} or newer is needed")
    return Finding(
        Level.STOP,
        f"{name} {said} is too old: {needed} or newer is needed",
        why,
        "install a newer Python, then angerona anew: it brings its libraries along",
    )


def ciphers(_scene: Scene) -> Iterator[Finding]:
    """Whether each cipher gives the answer that is known."""
    try:
        self_test()
    except SuiteFailure as problem:
        yield Finding(
            Level.STOP,
            f"a cipher fails its self-test: {problem}",
            "what it seals could be readable to others, or lost for good",
            "install angerona anew; if that does not help, do not use this machine",
        )
    else:
        yield Finding(Level.FINE, "every cipher gives its known answer")


def memory(scene: Scene) -> Iterator[Finding]:
    """Whether words and keys that are open in memory can end on a disk."""
    hardened = harden()
    for said, because in (
        ("core files can be switched off", hardened.core_file),
        ("core dumps and debuggers can be kept away", hardened.dump),
    ):
        if not because:
            yield Finding(Level.FINE, said)
            continue
        yield Finding(
            Level.LOOK,
            f"it does not hold here that {said}: {because}",
            "after a crash, open keys could lie on the disk",
            "switch core dumps off for the whole machine",
        )
    yield swap_finding(open_swap_areas(scene.root), hardened.memory)


def swap_finding(areas: int | None, unlocked: str) -> Finding:
    """What the number of open swap areas means; `unlocked`: why memory cannot be locked, if so."""
    if areas == 0:
        return Finding(Level.FINE, "nothing in memory can be swapped out to an unencrypted disk")
    what = "whether swap is encrypted cannot be seen on this system"
    if areas:
        what = f"swap areas on this machine that do not look encrypted: {areas}"
    locked = f"; memory cannot be locked either: {unlocked}" if unlocked else ""
    return Finding(
        Level.LOOK,
        what + locked,
        "words and keys that are open in memory could be written to the disk, and stay there",
        "encrypt the disk that swap is on, or switch swap off (on Linux: swapoff -a)",
    )


def clock(scene: Scene) -> Iterator[Finding]:
    """Whether the clock can be right: deadlines, consents and every ledger line hang on it."""
    wrong = ""
    if scene.at < WRITTEN:
        wrong = "the clock stands at a time before this version of angerona was written"
    elif scene.newest_head is not None and scene.at < scene.newest_head - CLOCK_SLACK:
        wrong = "the clock stands before the newest line of the ledger"
    if not wrong:
        yield Finding(Level.FINE, "the clock can be right")
        return
    yield Finding(
        Level.STOP,
        wrong,
        "consents would run out at the wrong time, and the ledger would say what never was",
        "set the clock, and have it kept by a time server",
    )


def zones(_scene: Scene) -> Iterator[Finding]:
    """Whether this machine knows the clocks of places."""
    try:
        zone_named(A_ZONE)
    except MissingExtra as problem:
        yield Finding(
            Level.LOOK,
            str(problem).partition(";")[0],
            "a practice that goes by another clock than that of UTC does not open here",
            "install its package tzdata, and keep it current: governments change clocks",
        )
    else:
        yield Finding(Level.FINE, "the time zones of places are known here")


def disk(scene: Scene) -> Iterator[Finding]:
    """Whether there is room to write."""
    folder = scene.folder
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB are free where the data lies"
    if free >= FREE_LOOK_BYTES:
        yield Finding(Level.FINE, said)
        return
    yield Finding(
        Level.STOP if free < FREE_STOP_BYTES else Level.LOOK,
        said,
        "what cannot be written into the ledger cannot be opened: a full disk is silence",
        "make room, or move the data to a larger disk",
    )
