"""A stand-in for the server: does what it is told, line by line, and goes on running.

Started by test_memory.py in a process of its own, whose memory is then searched. Secrets come in
by a pipe as they would come in by a socket, and nothing here keeps any of them.
"""

import datetime
import io
import os
import sys
from pathlib import Path

from angerona.errors import AngeronaError
from angerona.gate.door import Door
from angerona.gate.keeping import Draft
from angerona.packs import load
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.members import (
    NewMember,
    enrol,
    sign_in_with_password,
    sign_in_with_recovery_code,
    sign_out,
)
from angerona.sealed.boot import BootSecret
from angerona.sealed.keyset import Keyset
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault
from angerona.store import open_store

AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)


def read():
    """One line from the pipe, byte by byte, so that no reader's buffer keeps it."""
    line = bytearray()
    while (octet := os.read(0, 1)) != b"\n":
        if not octet:
            sys.exit()
        line += octet
    return line.decode()


def say(text):
    """Tell it; nothing where it was told already."""
    if text is not None:
        os.write(1, f"{text}\n".encode())


class Server:
    """The practice held open, and what it can be told."""

    def __init__(self, folder, secret, practice_id):
        boot = BootSecret(bytearray.fromhex(secret))
        keys = boot.derived(practice_id)
        store = open_store(f"sqlite:///{folder}/practice.db")
        keyset = Keyset.load(Path(folder) / "keyset", practice_id, keys)
        self.vault = Vault(store, keys, keyset, Agent())
        self.door = Door(self.vault, load())

    def sign_in(self):
        return sign_in_with_password(self.vault, read(), read(), AT).hex()

    def sign_in_with_code(self):
        return sign_in_with_recovery_code(self.vault, read(), read(), AT).hex()

    def look(self):
        """Read everything, with its files; wait in the midst of it where told to."""
        cookie, client_id, pause = bytes.fromhex(read()), bytes.fromhex(read()), read()
        with self.vault.visit(cookie, AT) as visit:
            shown = self.door.look(visit, client_id, purpose="treatment")
            for place, entry in shown.entries:
                if entry.attachment:
                    self.door.fetch(client_id, shown, place.entry_id, io.BytesIO())
            length = sum(len(entry.text) for _, entry in shown.entries)
            if not pause:
                return str(length)
            say(length)
            read()
            return None

    def keep(self):
        cookie, client_id = bytes.fromhex(read()), bytes.fromhex(read())
        draft = Draft(wanted=read(), heading=read(), text=read())
        with self.vault.visit(cookie, AT) as visit:
            return type(self.door.keep(visit, client_id, draft)).__name__

    def enrol_client(self):
        cookie, name = bytes.fromhex(read()), read()
        with self.vault.visit(cookie, AT) as visit:
            treating = visit.unlocked.person_id
            return enrol_client(visit, NewClient(name=name), treating=treating).hex()

    def enrol_member(self):
        who = NewMember(name=read(), roles=("psychologist",), posts=())
        made = enrol(self.vault, who, read(), AT, by={"name": "Thea"}, post_seeds={})
        return made.recovery_code

    def sign_out(self):
        sign_out(self.vault, bytes.fromhex(read()), AT)
        return "signed out"

    def reveal(self):
        """The random bytes of this process, once nothing more is searched."""
        return self.vault.agent._process.hex()  # noqa: SLF001 -- it leaves the process in no other way


def main():
    server = Server(read(), read(), bytes.fromhex(read()))
    say("ready")
    while True:
        say(done(server))


def done(server):
    """What came of the next command, once all that it held is let go of: then it is searched."""
    try:
        return getattr(server, read())()
    except AngeronaError as problem:
        return type(problem).__name__


if __name__ == "__main__":
    main()
