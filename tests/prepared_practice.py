"""A practice with people of every tie and post, made once; each test opens a copy of its own.

Tess treats Ada, and Theo treats Otto. For Ada there are Sue, who supervises, and Cora, who covers.
Nina is on call, Fay has the front desk, Bill the bills, Olaf is the privacy officer; Stan works
here and has nothing to do with either client. Thea founded the practice and holds every post.

Passwords are stretched far less than in a practice, because no test here is about guessing them.
"""

import atexit
import contextlib
import functools
import io
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

from angerona.ciphers import passwords
from angerona.gate.door import Door, Kept
from angerona.packs import load
from angerona.practice.ties import begin_tie
from angerona.sealed.boot import BootSecret
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS
from angerona.sealed.keyset import Keyset
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault
from angerona.store import open_store
from small_practice import AT, PASSWORD, SmallPractice, founded

MEMBERS = {
    "Tess": {"roles": ("psychologist",)},
    "Theo": {"roles": ("psychologist",)},
    "Sue": {"roles": ("psychologist",)},
    "Cora": {"roles": ("nurse",)},
    "Nina": {"roles": ("nurse",), "posts": ("on_call",)},
    "Fay": {"posts": ("front_desk",)},
    "Bill": {"posts": ("biller",)},
    "Olaf": {"posts": ("privacy_officer",)},
    "Stan": {"roles": ("psychologist",)},
}
TREATS = {"Ada": "Tess", "Otto": "Theo"}
TIES = (("Ada", "Sue", "supervisor"), ("Ada", "Cora", "covering"))
WRITTEN = tuple(one for one, name in COMPARTMENT_OF.items() if name != EVENTS)
"""The classes of entries: each clinician writes one of each."""


@dataclass(frozen=True)
class Prepared:
    """A closed practice on disk, and all secrets of all who have to do with it."""

    folder: Path
    boot: BootSecret
    practice_id: bytes
    papers: tuple
    people: dict
    keys: dict
    clients: dict

    def copied(self, folder):
        """The same practice once more, in a folder that is not there yet."""
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)

    @property
    def database(self):
        return self.folder / "practice.db"

    @property
    def practice_keys(self):
        return self.boot.derived(self.practice_id)

    @contextlib.contextmanager
    def opened(self):
        """The practice held open, with everybody signed in; closed with the block."""
        store = open_store(f"sqlite:///{self.database}")
        try:
            keys = self.practice_keys
            keyset = Keyset.load(self.folder / "keyset", self.practice_id, keys)
            vault = Vault(store, keys, keyset, Agent())
            practice = SmallPractice(vault, Door(vault, packs()), self.boot, self.papers)
            practice.people, practice.keys = dict(self.people), dict(self.keys)
            for name in self.keys:
                practice.open(name)
            yield practice
        finally:
            store.close()


@functools.cache
def packs():
    """The law, loaded once for all tests of a process."""
    return load()


def text_of(client, wanted):
    """What the entry of a class says of a client: no two say the same."""
    return f"{client} and nobody else: what there is of {wanted}"


@contextlib.contextmanager
def quick_passwords():
    """Argon2id with the least memory and time it knows."""
    with (
        mock.patch.object(passwords, "_MEMORY_KIB", 32),
        mock.patch.object(passwords, "_ROUNDS", 1),
    ):
        yield


@functools.cache
def prepared():
    """The practice, made when first asked for. Copy it; never open it where it lies."""
    folder = Path(tempfile.mkdtemp(prefix="angerona-prepared-")) / "practice"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    with quick_passwords():
        practice = founded(folder)
        for name, member in MEMBERS.items():
            practice.enrol(name, **member)
    clients = {name: practice.client(name, treating=by) for name, by in TREATS.items()}
    for client, person, relation in TIES:
        with practice.visit(TREATS[client]) as visit:
            begin_tie(visit, clients[client], practice.people[person], relation, until=None)
    for client, by in TREATS.items():
        for wanted in WRITTEN:
            text = text_of(client, wanted)
            file = io.BytesIO(f"The file: {text}".encode())
            kept = practice.keep(by, clients[client], wanted, text, file=file, file_name="scan.pdf")
            assert isinstance(kept, Kept), wanted
    practice.vault.ledger.checkpoint(AT)
    practice.vault.store.close()
    return Prepared(
        folder,
        practice.boot,
        practice.vault.practice_id,
        practice.papers,
        practice.people,
        practice.keys,
        clients,
    )


__all__ = ["AT", "PASSWORD", "Prepared", "packs", "prepared", "quick_passwords", "text_of"]
