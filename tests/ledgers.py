"""A small invented ledger on a real store, and ways to write into it."""

import datetime
import hashlib
import os
import threading

import pytest

from angerona.ciphers.signing import Signer
from angerona.errors import Unknown
from angerona.ledger.checking import fsck
from angerona.ledger.ledger import Ledger
from angerona.ledger.lines import Line

AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
PRACTICE = b"a practice's id!"
ORIGIN = "example.org/ledger"
SIGNER = Signer.from_seed(hashlib.sha256(b"the log's seed").digest())
DIRECTORY = hashlib.sha256(b"the directory key").digest()
EVERYTHING = {"origin": ORIGIN, "public": SIGNER.public, "directory_key": DIRECTORY}


# For what no database could change; the rest runs on both.
ON_SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


class Keys:
    """A key for every subject, until it is erased."""

    def __init__(self):
        self.erased = set()

    def of(self, subject_id):
        if subject_id in self.erased:
            raise Unknown
        return hashlib.sha256(b"event key" + subject_id).digest()


def opened(store, **other):
    """The ledger of the practice on a store."""
    given = {"origin": ORIGIN, "signer": SIGNER, "keys": Keys(), "directory_key": DIRECTORY}
    return Ledger(store, PRACTICE, **given | other)


def enrolled(store, ledger, count=1):
    """New subjects with labels of their own."""
    subjects = [os.urandom(16) for _ in range(count)]

    def job(writing):
        for subject_id in subjects:
            ledger.enrol(writing, subject_id, os.urandom(32))

    store.write(job).result()
    return subjects


def look(subject_id, **body):
    return Line(subject_id, "look", {"by": "Dr. Thea Vale", "what": ["risk"], **body})


def write(ledger, *lines, at=AT):
    """Append lines, all handed in before the first is waited for."""
    futures = [ledger.append(line, at, authority=None, changes=None) for line in lines]
    return [future.result() for future in futures]


def size_of(note):
    """The size in a signed head, or in a receipt."""
    return int(
        note.partition("\n\n")[2].split("\n")[1] if "tlog-proof" in note else note.split("\n")[1]
    )


def findings(store, **other):
    given = {**EVERYTHING, "keys": Keys(), "remembered": []} | other
    return fsck(store, PRACTICE, **given)


def places(ledger, subject_id):
    return [line.leaf.place for line in ledger.lines_of(subject_id)]


def held(store):
    """Hold the writer's thread in a job; what is handed in meanwhile becomes one group."""
    entered, let_go = threading.Event(), threading.Event()

    def job(_writing):
        entered.set()
        let_go.wait(10)

    store.write(job)
    entered.wait(10)
    return let_go
