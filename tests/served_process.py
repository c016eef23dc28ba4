"""`angerona serve` as a process of its own, and a port for it."""

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass

import pytest

from ferry_street import COMMAND
from running_site import HOST, Visitor

STARTED_S_MAX = 60


@dataclass
class Server:
    """A process that serves, and where it is called."""

    process: subprocess.Popen
    port: int
    folder: object

    @property
    def log(self):
        return (self.folder / "stderr").read_text(encoding="utf-8")

    @property
    def said(self):
        return (self.folder / "stdout").read_text(encoding="utf-8")

    def visitor(self):
        return Visitor(self.port, f"http://{HOST}:{self.port}")


@contextlib.contextmanager
def own_port():
    """A port that this machine gives to nobody else while the block runs.

    A socket stays bound to it and listens to nothing. Where both ask for `SO_REUSEADDR`, as every
    server of ours does, another may listen there all the same.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((HOST, 0))
        yield held.getsockname()[1]


@contextlib.contextmanager
def launched(folder, *options):
    """`angerona serve` of `practice` in a folder, until the block ends."""
    with (
        own_port() as port,
        (folder / "stdout").open("w") as out,
        (folder / "stderr").open("w") as err,
    ):
        process = subprocess.Popen(
            [*COMMAND, "serve", "--data", str(folder / "practice"), "--port", str(port), *options],
            stdout=out,
            stderr=err,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"XDG_STATE_HOME": str(folder / "state")},
            start_new_session=True,
        )
        try:
            yield Server(process, port, folder)
        finally:
            process.kill()
            process.wait()


def wait_until_open(server):
    wait_until_said(server, "is open at")


def wait_until_said(server, words):
    ends = time.monotonic() + STARTED_S_MAX
    while time.monotonic() < ends and server.process.poll() is None:
        if words in server.said:
            return
        time.sleep(0.05)
    pytest.fail(f"it did not start: {server.log}")
