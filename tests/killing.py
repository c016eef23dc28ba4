"""Kills a writing process with SIGKILL at random moments, opens what it left, and judges it.

    python tests/killing.py --kills 200 --seed 1 --folder FOLDER [--workload workloads:Pairs]

The process that kills has everything loaded and forks the one that is killed, so that a kill costs
some milliseconds. It has one thread whenever it forks. What a workload needs once goes into its
`prepare`, which is told the one address or nothing. What was found is printed as JSON.
"""

import argparse
import importlib
import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

from angerona.errors import StoreTaken
from angerona.store import postgres_server

IDENT_BYTES = 16
THREADS = 6
KILLS_OF_ONE_FILE = 20
OPENED = bytes(IDENT_BYTES)
ACKNOWLEDGED_FIRST_MAX = 6
FREE_S_MAX = 60
UNSEEN_SHARE = 0.3
"""So often nobody looks after a kill, and the next process finds what was left."""


def written_by_child(workload, address, life_s, *, told_first):
    """Let a child write until it is killed after so many seconds; what was acknowledged to it.

    They count from its beginning or from when it had told so many things: that the store is open,
    then one acknowledgement after another. So a slow machine is not killed before it has begun.
    """
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        _write_for_ever(workload, address, writes)
    os.close(writes)
    told = b""
    while len(told) < told_first * IDENT_BYTES and (more := os.read(reads, IDENT_BYTES)):
        told += more
    time.sleep(life_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reads, "rb") as pipe:
        told += pipe.read()
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise RuntimeError(f"the child ended by itself: {told[-400:].decode(errors='replace')}")
    return {told[at : at + IDENT_BYTES] for at in range(0, len(told), IDENT_BYTES)} - {OPENED}


def _write_for_ever(workload, address, pipe):
    """In the child. It never returns: neither from a failure, nor at all."""
    try:
        work = opened(workload, address)
        os.write(pipe, OPENED)

        def write():
            try:
                while True:
                    ident = os.urandom(IDENT_BYTES)
                    work.hand_in(ident).result()
                    os.write(pipe, ident)
            except BaseException as error:  # noqa: BLE001 -- told to the parent, which raises
                os.write(pipe, repr(error).encode())
                os._exit(1)

        for _ in range(THREADS):
            threading.Thread(target=write).start()
        time.sleep(60)
    except BaseException as error:  # noqa: BLE001 -- told to the parent, which raises
        os.write(pipe, repr(error).encode())
    finally:
        os._exit(1)


def opened(workload, address):
    """Open; on a server, wait until the session of the killed one is really over."""
    until = time.monotonic() + FREE_S_MAX
    while True:
        try:
            return workload(address)
        except StoreTaken:
            if not address.startswith("postgres") or time.monotonic() > until:
                raise


class Campaign:
    """Many kills, and what was found."""

    def __init__(self, workload, seed, life_s, opened_share):
        self.workload, self.life_s, self.opened_share = workload, life_s, opened_share
        self.rng = random.Random(seed)
        self.kills = self.acknowledged = self.looked = 0
        self.slowest_start_s = self.dearest_start_s = 0.0
        self.problems = []

    def run(self, addresses, kills):
        """`addresses` gives a new, empty place each time it is asked."""
        while self.kills < kills:
            self._one_place(next(addresses), min(KILLS_OF_ONE_FILE, kills - self.kills))

    def _one_place(self, address, kills):
        acknowledged = set()
        for left in reversed(range(kills)):
            life_s = self.rng.uniform(0, self.life_s)
            told_first = 0
            if self.rng.random() < self.opened_share:
                told_first = 1 + self.rng.randint(0, ACKNOWLEDGED_FIRST_MAX)
            acknowledged |= written_by_child(self.workload, address, life_s, told_first=told_first)
            self.kills += 1
            if left == 0 or self.rng.random() > UNSEEN_SHARE:
                self._look(address, acknowledged)
        self.acknowledged += len(acknowledged)

    def _look(self, address, acknowledged):
        began, spent = time.monotonic(), time.process_time()
        try:
            work = opened(self.workload, address)
        except Exception as error:  # noqa: BLE001 -- a start that fails is what is looked for
            self.problems.append(f"kill {self.kills}: not opened: {error!r}")
            return
        self.slowest_start_s = max(self.slowest_start_s, time.monotonic() - began)
        self.dearest_start_s = max(self.dearest_start_s, time.process_time() - spent)
        self.problems += [f"kill {self.kills}: {each}" for each in work.problems(acknowledged)]
        self.looked += 1
        work.close()

    def told(self):
        """All that was found; the dearest start is one in seconds of the processor, at any load."""
        names = ("kills", "looked", "acknowledged", "problems")
        starts = ("slowest_start_s", "dearest_start_s")
        return {name: getattr(self, name) for name in (*names, *starts)}


def files_in(folder):
    for number in range(10**6):
        yield f"sqlite://{folder}/{number}/angerona.db"


def main():
    wanted = argparse.ArgumentParser()
    wanted.add_argument("--kills", type=int, required=True)
    wanted.add_argument("--seed", type=int, required=True)
    wanted.add_argument("--life-s", type=float, default=0.03, help="at most so long lives each")
    wanted.add_argument("--opened", type=float, default=0.0, help="this share works first")
    wanted.add_argument("--folder", type=Path)
    wanted.add_argument("--address", help="one database in place of many files")
    wanted.add_argument("--workload", default="workloads:Pairs")
    given = wanted.parse_args()
    module, _, name = given.workload.partition(":")
    # Nobody else opens this database; a killed writer need not be waited for.
    postgres_server.SILENCE_S = 0.0
    workload = getattr(importlib.import_module(module), name)
    if hasattr(workload, "prepare"):
        workload.prepare(given.address)
    campaign = Campaign(workload, given.seed, given.life_s, given.opened)
    addresses = iter(lambda: given.address, None) if given.address else files_in(given.folder)
    campaign.run(addresses, given.kills)
    json.dump(campaign.told(), sys.stdout)


if __name__ == "__main__":
    main()
