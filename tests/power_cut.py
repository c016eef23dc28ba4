"""Cuts the power of a simulated disk at random moments, and judges what is left.

`Disk` stands between SQLite and the file system (an apsw VFS). It lets everything through, and
keeps beside each file what a real disk would surely hold: the bytes as they were when the file was
last synced, and every write since. At a cut, of what was written since, each sector of 512 bytes is
there or not, in any combination (torn, and out of order), may be garbage where it was just being
written, and a file made or removed without a sync of its folder is there or not.

A cut takes a picture and lets the program run on, so one run gives many cuts. Afterwards each
picture is laid out as files and opened as if after a restart. A workload has its `store`.
"""

import random
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from angerona.errors import AngeronaError
from angerona.store import sqlite_file

SECTOR = 512
NAME = "angerona.db"
IDENT_BYTES = 16
SESSIONS_OF_ONE_FILE = 8
OFTENER = {"sync": 3, "delete": 10, "truncate": 10}
"""What is seldom done is cut into so many times as often as a write."""


@dataclass
class Inode:
    """The bytes of one file: as synced, as written, and what lies between."""

    synced: bytes
    live: bytearray
    since: list = field(default_factory=list)
    """(offset, bytes) written since the last sync, or (length, None) for a cut to a length."""

    def write(self, offset, data):
        self._reach(self.live, offset)
        self.live[offset : offset + len(data)] = data
        self.since.append((offset, bytes(data)))

    def truncate(self, length):
        del self.live[length:]
        self.since.append((length, None))

    def sync(self):
        self.synced, self.since = bytes(self.live), []

    def survivor(self, rng):
        """What a disk may hold after a cut."""
        left = bytearray(self.synced)
        kept = rng.choice([0.0, 0.5, 0.9, 1.0])
        upto = rng.randint(0, len(self.since)) if rng.random() < 0.5 else len(self.since)
        garbage = rng.random() < 0.2
        for offset, data in self.since[:upto]:
            if data is None:
                if rng.random() < kept:
                    del left[offset:]
                continue
            for at in range(0, len(data), SECTOR):
                if rng.random() < kept:
                    sector = data[at : at + SECTOR]
                    if garbage and rng.random() < 0.1:
                        sector = rng.randbytes(len(sector))
                    self._reach(left, offset + at)
                    left[offset + at : offset + at + len(sector)] = sector
        return bytes(left)

    @staticmethod
    def _reach(held, offset):
        held.extend(bytes(max(0, offset - len(held))))


@dataclass(frozen=True)
class Picture:
    """The disk at the moment of a cut, and what had been acknowledged by then."""

    files: dict
    acknowledged: frozenset
    doing: str

    def lay_out(self, folder):
        folder.mkdir(parents=True)
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


class Disk(apsw.VFS):
    """Everything SQLite writes goes through here; before a `share` of it, a picture is taken."""

    def __init__(self, folder, rng, share, acknowledged):
        self.folder, self.rng, self.share = folder, rng, share
        self.acknowledged = acknowledged
        self.pictures = []
        self._guard = threading.RLock()
        self.live = {}
        for path in folder.iterdir() if folder.exists() else ():
            content = path.read_bytes()
            self.live[path.name] = Inode(content, bytearray(content))
        self.durable = dict(self.live)
        self.beneath = apsw.vfs_names()[0]
        super().__init__("power-cut", self.beneath, makedefault=True)

    def xOpen(self, name, flags):  # noqa: N802 -- named by apsw
        path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name)
        opened = DiskFile(self, path.name, name, flags)
        with self._guard:
            if path.name not in self.live:
                self.live[path.name] = Inode(b"", bytearray())
                if not path.name.endswith(("-wal", "-journal")):
                    # Our own code made the file and synced its folder.
                    self.durable[path.name] = self.live[path.name]
        return opened

    def xDelete(self, name, sync_folder):  # noqa: N802 -- named by apsw
        self.step("delete")
        super().xDelete(name, sync_folder)
        with self._guard:
            self.live.pop(Path(name).name, None)
            if sync_folder:
                self.sync_folder()

    def sync_folder(self):
        self.durable = dict(self.live)

    def step(self, doing):
        """Before each thing that reaches the disk: perhaps the power is cut here."""
        with self._guard:
            if self.rng.random() < self.share * OFTENER.get(doing, 1):
                self.pictures.append(self._picture(doing))

    def _picture(self, doing):
        files = {}
        for name in sorted(self.live.keys() | self.durable.keys()):
            either = [self.live.get(name), self.durable.get(name)]
            if inode := self.rng.choice(either):
                files[name] = inode.survivor(self.rng)
        if self.rng.random() < 0.3:
            files[f"{NAME}-shm"] = self.rng.randbytes(32768)
        return Picture(files, frozenset(self.acknowledged), doing)


class DiskFile(apsw.VFSFile):
    def __init__(self, disk, short, name, flags):
        self.disk, self.short = disk, short
        super().__init__(disk.beneath, name, flags)
        self._inode = None

    @property
    def inode(self):
        if self._inode is None:
            self._inode = self.disk.live[self.short]
        return self._inode

    def xWrite(self, data, offset):  # noqa: N802 -- named by apsw
        self.disk.step("write")
        super().xWrite(data, offset)
        self.inode.write(offset, data)

    def xTruncate(self, length):  # noqa: N802 -- named by apsw
        self.disk.step("truncate")
        super().xTruncate(length)
        self.inode.truncate(length)

    def xSync(self, _flags):  # noqa: N802 -- named by apsw
        """SQLite syncs the folder too when it first syncs a log or a journal that it made.

        Nothing is synced in truth: these files outlive no power cut but our own.
        """
        self.disk.step("sync")
        self.inode.sync()
        if self.disk.durable.get(self.short) is not self.inode:
            self.disk.sync_folder()


class PowerCuts:
    """Many cuts, and what was found. `kinds` counts in the midst of what they came."""

    def __init__(self, workload, folder, seed, pages_of_log=20, first=None):
        """`first`: the picture that a new place begins on, where it does not begin empty."""
        self.workload, self.folder, self.first = workload, folder, first
        self.rng = random.Random(seed)
        self.pages_of_log = pages_of_log
        self.cuts = self.sessions = 0
        self.problems, self.kinds = [], {}

    def run(self, cuts, share=0.1):
        """Session after session; each begins on what one of the cuts before it left."""
        begin_on = self.first
        while self.cuts < cuts:
            pictures = self._session(begin_on, share)
            whole = [picture for picture in pictures if self._judged(picture)]
            self.sessions += 1
            anew = not whole or self.sessions % SESSIONS_OF_ONE_FILE == 0
            begin_on = self.first if anew else self.rng.choice(whole)

    def _session(self, begin_on, share):
        """Open, write some groups, close; every step through the disk. The pictures taken."""
        folder = self.folder / f"session-{self.sessions}"
        acknowledged = set()
        if begin_on:
            begin_on.lay_out(folder)
            acknowledged |= begin_on.acknowledged
        disk = Disk(folder, self.rng, share, acknowledged)
        try:
            work = self.workload(f"sqlite://{folder}/{NAME}")
            work.store._connection.wal_autocheckpoint(self.pages_of_log)  # noqa: SLF001 -- checkpoints must come often
            for _ in range(self.rng.randint(1, 12)):
                self._group(work, acknowledged)
            work.close()
        finally:
            disk.unregister()
            shutil.rmtree(folder)
        return disk.pictures

    def _group(self, work, acknowledged):
        futures = []
        for _ in range(self.rng.randint(1, 6)):
            ident = self.rng.randbytes(IDENT_BYTES)
            future = work.hand_in(ident)
            # In the writer thread, so that nothing is acknowledged later than it was.
            future.add_done_callback(lambda _, ident=ident: acknowledged.add(ident))
            futures.append(future)
        for future in futures:
            future.result()

    def _judged(self, picture):
        where = self.folder / f"cut-{self.cuts}"
        picture.lay_out(where)
        self.cuts += 1
        self.kinds[picture.doing] = self.kinds.get(picture.doing, 0) + 1
        found = list(_problems(self.workload, where, picture.acknowledged))
        self.problems += [f"cut {self.cuts}, in a {picture.doing}: {each}" for each in found]
        shutil.rmtree(where)
        return not found


def _problems(workload, where, acknowledged):
    try:
        work = workload(f"sqlite://{where}/{NAME}")
    except AngeronaError as error:
        yield f"not opened: {error}"
        return
    try:
        yield from work.problems(acknowledged)
    except AngeronaError as error:
        yield f"damaged: cannot be judged: {error!r}"
    work.close()
    connection = sqlite_file.connected(where / NAME, flags=apsw.SQLITE_OPEN_READONLY)
    if (said := connection.pragma("integrity_check")) != "ok":
        yield f"damaged: {said}"
    connection.close()
