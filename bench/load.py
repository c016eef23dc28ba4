"""The other side of `bench/http.py`: so many connections that ask again as soon as they are told.

`python -m bench.load PORT SECONDS`, with what to ask for on standard input as one line of JSON.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"


class Load:
    """Connections to one port, and what they were told."""

    def __init__(self, port: int, seconds: float, asked: dict[str, object]) -> None:
        self.port, self.seconds, self.asked = port, seconds, asked
        self.took: list[float] = []
        self.wrong = 0
        self.bytes = 0
        self.ready = threading.Barrier(int(str(asked["connections"])) + 1)
        self.go = threading.Event()
        self.until = 0.0

    def work(self, paths: Iterator[str]) -> None:
        """One connection."""
        connection = http.client.HTTPConnection(HOST, self.port)
        connection.connect()
        heads = {"cookie": f"session={self.asked['cookie']}"}
        self.ready.wait()
        self.go.wait()
        took, size = [], 0
        while time.monotonic() < self.until:
            began = time.monotonic()
            connection.request("GET", next(paths), headers=heads)
            response = connection.getresponse()
            size = len(response.read())
            took.append(time.monotonic() - began)
            self.wrong += response.status != http.client.OK
        self.took += took
        self.bytes = size


def main() -> None:
    """Open every connection, say so, wait for the word, ask, and tell what came."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    load = Load(int(sys.argv[1]), float(sys.argv[2]), json.loads(sys.stdin.readline()))
    paths = itertools.cycle(load.asked["paths"])  # type: ignore[call-overload]  # a list of texts
    count = load.ready.parties - 1
    threads = [threading.Thread(target=load.work, args=(paths,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    load.ready.wait()
    print(flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    load.until = began + load.seconds
    load.go.set()
    for thread in threads:
        thread.join()
    took = sorted(load.took)
    told = {
        "done": len(took),
        "seconds": time.monotonic() - began,
        "p99_ms": took[len(took) * 99 // 100] * 1e3,
        "wrong": load.wrong,
        "bytes": load.bytes,
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
