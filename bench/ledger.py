"""The ledger: its tree beside pymerkle, lines durably appended, receipts, and how it grows.

pymerkle (GPL-3.0, only here) keeps every node of its tree in memory. Ours grows from its right edge
alone and reads proofs out of tiles, here held in memory like the rival's nodes.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from angerona.ciphers.signing import Signer
from angerona.ciphers.suites import SealingKey
from angerona.ledger.checking import fsck
from angerona.ledger.growing import GrowingTree, TiledNodes
from angerona.ledger.ledger import Ledger
from angerona.ledger.lines import Line
from angerona.ledger.tree import Frontier, prove_inclusion
from angerona.ledger.verifying import leaf_hash, tree_root, verify, verify_inclusion, vkey
from angerona.store import open_store
from bench.practice import folder
from bench.report import Part, Row, not_measured, timed
from bench.timing import interleaved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.rules.compile import Packs
    from angerona.store import Store, Writing

AT: Final = datetime.datetime(2026, 11, 23, 9, 30, tzinfo=datetime.UTC)
PRACTICE: Final = bytes(range(16))
ORIGIN: Final = "bench.invalid/ledger"
DIRECTORY: Final = hashlib.sha256(b"directory").digest()
LEAF_BYTES: Final = 138
BEGUN: Final = 100_000
"""Leaves of both trees before appending is timed."""
LARGE: Final = 1_000_000
PROOFS: Final = 1_000
GROUP: Final = 256
"""The most jobs that share a commit."""
BATCH: Final = 100
LOOKS: Final = 1_000


class Keys:
    """A key for each subject, kept with its id, as the floor `sealed` keeps them."""

    def __init__(self) -> None:
        self._kept: dict[bytes, SealingKey] = {}

    def of(self, subject_id: bytes) -> SealingKey:
        """The key of a subject."""
        if subject_id not in self._kept:
            self._kept[subject_id] = SealingKey(hashlib.sha256(b"key" + subject_id).digest())
        return self._kept[subject_id]


def signer() -> Signer:
    """The log's key."""
    return Signer.from_seed(hashlib.sha256(b"log").digest())


def opened(store: Store) -> Ledger:
    """A ledger on a store."""
    return Ledger(
        store,
        PRACTICE,
        origin=ORIGIN,
        signer=signer(),
        keys=Keys(),
        directory_key=DIRECTORY,
    )


def enrolled(store: Store, ledger: Ledger, count: int) -> list[bytes]:
    """New subjects."""
    subjects = [os.urandom(16) for _ in range(count)]

    def job(writing: Writing) -> None:
        for subject_id in subjects:
            ledger.enrol(writing, subject_id, os.urandom(32))

    store.write(job).result()
    return subjects


def look(subject_id: bytes) -> Line:
    """A line as a look writes it."""
    body = {
        "by": {"id": subject_id.hex(), "name": "Thea", "roles": ["psychologist"]},
        "as": {"roles": ["psychologist"], "relations": ["treating"]},
        "to": "workforce",
        "purpose": "treatment",
        "outcome": "permit",
        "classes": ["progress_note"],
        "rules": ["us_hipaa.treatment", "house.treating"],
    }
    return Line(subject_id, "look", body)


def tree(_packs: Packs) -> Part:
    """Appending with a current root, proofs at a million leaves, verifying everything."""
    title = f"The tree, beside pymerkle in memory; leaves of {LEAF_BYTES} bytes"
    try:
        from pymerkle import InmemoryTree  # noqa: PLC0415 -- only the bench group brings it
    except ImportError:
        return Part(title, (not_measured("pymerkle", "it is not installed"),))
    dice = random.Random(1)
    leaves = [dice.randbytes(LEAF_BYTES) for _ in range(BEGUN)]
    ours, theirs = GrowingTree(Frontier(), []), InmemoryTree.init_from_entries(leaves)
    for leaf in leaves:
        ours.append(leaf_hash(leaf))
    if ours.frontier.root() != theirs.get_state():
        message = "the trees differ, so nothing is timed"
        raise SystemExit(message)
    some = leaves[: 4 * GROUP]
    found = interleaved(
        {
            "ours": lambda: _grown(ours, some, 1),
            "ours, in groups": lambda: _grown(ours, some, GROUP),
            "pymerkle": lambda: _grown_there(theirs, some, 1),
            "pymerkle, in groups": lambda: _grown_there(theirs, some, GROUP),
            "verify": lambda: tree_root(leaf_hash(leaf) for leaf in some),
        },
        len(some),
    )
    one, group = "append a leaf, then know the root", f"append {GROUP}, then know the root, a leaf"
    rows = (
        timed(f"{one}: ours", found["ours"], "us"),
        timed(f"{one}: pymerkle", found["pymerkle"], "us"),
        Row("pymerkle / ours", found["pymerkle"].times(found["ours"]), None, "x", 5),
        timed(f"{group}: ours", found["ours, in groups"], "us"),
        timed(f"{group}: pymerkle", found["pymerkle, in groups"], "us"),
        Row(
            "pymerkle / ours, in groups as we commit",
            found["pymerkle, in groups"].times(found["ours, in groups"]),
            None,
            "x",
            5,
        ),
        timed("verify everything, a leaf", found["verify"], "us", 2),
        *_proofs(InmemoryTree, leaves),
    )
    return Part(title, rows)


def _grown(ours: GrowingTree, leaves: list[bytes], group: int) -> None:
    for start in range(0, len(leaves), group):
        for leaf in leaves[start : start + group]:
            ours.append(leaf_hash(leaf))
        ours.frontier.root()


def _grown_there(theirs: Any, leaves: list[bytes], group: int) -> None:  # noqa: ANN401 -- pymerkle ships no types
    for start in range(0, len(leaves), group):
        for leaf in leaves[start : start + group]:
            theirs.append_entry(leaf)
        theirs.get_state()


def _proofs(rival: Any, leaves: list[bytes]) -> Iterator[Row]:  # noqa: ANN401 -- as above
    """Inclusion proofs at a million leaves, the same thousand of each."""
    many = leaves * (LARGE // len(leaves))
    theirs, ours = rival.init_from_entries(many), GrowingTree(Frontier(), [])
    tiles: dict[tuple[int, int], bytes] = {}
    for leaf in many:
        ours.append(leaf_hash(leaf))
    tiles = {(level, number): hashes for level, number, hashes in ours.tiles_to_store()}
    edge = len(many) // 256
    tiles[0, edge] = b"".join(leaf_hash(leaf) for leaf in many[edge * 256 :])
    places, root = random.Random(2).sample(range(LARGE), PROOFS), ours.frontier.root()
    kept = TiledNodes(lambda level, number: tiles.get((level, number), b""))

    def proved(index: int, nodes: TiledNodes) -> list[bytes]:
        return prove_inclusion(index, LARGE, nodes)

    proofs = [(index, leaf_hash(many[index]), proved(index, kept)) for index in places]

    def check() -> None:
        for index, hashed, proof in proofs:
            verify_inclusion(index, LARGE, hashed, proof, root)

    found = interleaved(
        {
            "kept": lambda: [proved(index, kept) for index in places],
            "new": lambda: [
                proved(index, TiledNodes(lambda level, number: tiles.get((level, number), b"")))
                for index in places
            ],
            "pymerkle": lambda: [theirs.prove_inclusion(index + 1, LARGE) for index in places],
            "check": check,
        },
        PROOFS,
    )
    yield timed("inclusion proof at 1,000,000: ours, tiles read before", found["kept"], "us")
    yield timed("inclusion proof at 1,000,000: ours, tiles read for it", found["new"], "us")
    yield timed("inclusion proof at 1,000,000: pymerkle", found["pymerkle"], "us")
    yield Row("pymerkle / ours, read before", found["pymerkle"].times(found["kept"]), None, "x", 5)
    yield timed("verify such a proof", found["check"], "us")


def lines(_packs: Packs) -> Part:
    """Durable lines, their states, a client's receipt, and checking everything."""
    with folder() as where:
        store = open_store(f"sqlite:///{where}/ledger.db")
        ledger = opened(store)
        subjects = enrolled(store, ledger, 1_000)
        for subject_id in subjects:
            ledger.append(look(subject_id), AT, authority=None, changes=None)
        client, some = subjects[0], subjects[:BATCH]
        appended = {
            "one": lambda: _append(ledger, some[:1]),
            "each": lambda: _append(ledger, some),
            "all": lambda: _append_all(ledger, some),
        }
        found = {
            name: interleaved({name: run}, 1 if name == "one" else BATCH)[name]
            for name, run in appended.items()
        }
        missing = LOOKS - ledger.state_of(client).n
        _append_all(ledger, [client] * max(0, missing))
        ledger.checkpoint(AT)
        receipt = ledger.receipt(client, since=None, at=AT)
        count, lines_in = ledger.size, ledger.state_of(client).n
        key = vkey(ledger.key)
        checked = interleaved(
            {
                "receipt": lambda: ledger.receipt(client, since=None, at=AT),
                "verify": lambda: verify(receipt, key=key, since=None),
                "state": lambda: ledger.state_of(client),
                "replay": lambda: _checked(store, keys=None),
                "audit": lambda: _checked(store, keys=Keys()),
            }
        )
        per_event = {name: _shared(checked[name], count) for name in ("replay", "audit")}
        per_look = LOOKS / lines_in
        rows = (
            timed("append durably, one by one", found["one"], "us"),
            timed(f"append durably, {BATCH} jobs in a group", found["each"], "us"),
            timed(f"append durably, {BATCH} lines in a job", found["all"], "us", 40),
            timed("what the ledger vouches for of a subject, at hand", checked["state"], "us"),
            timed("make a receipt", checked["receipt"], "ms", None, f"{lines_in:,} looks"),
            Row(
                f"verify it, for {LOOKS:,} looks",
                checked["verify"].median / 1e6 * per_look,
                checked["verify"].best / 1e6 * per_look,
                "ms",
                15,
                f"{len(receipt) / lines_in:.0f} bytes a look, texts included",
            ),
            timed("check everything but the texts, a leaf", per_event["replay"], "us", 10),
            timed("check everything, a leaf", per_event["audit"], "us", 50, f"{count:,} leaves"),
        )
        store.close()
    return Part("Lines of the ledger, SQLite", rows)


def _append(ledger: Ledger, subjects: list[bytes]) -> None:
    futures = [
        ledger.append(look(subject_id), AT, authority=None, changes=None) for subject_id in subjects
    ]
    for future in futures:
        future.result()


def _append_all(ledger: Ledger, subjects: list[bytes]) -> None:
    some = [look(subject_id) for subject_id in subjects]
    ledger.append_all(some, AT, authority={}, changes=None).result()


def _checked(store: Store, *, keys: Keys | None) -> None:
    found = fsck(
        store,
        PRACTICE,
        origin=ORIGIN,
        public=signer().public,
        directory_key=DIRECTORY,
        keys=keys,
        remembered=[],
    )
    if found:
        message = f"the ledger is not whole: {found}"
        raise SystemExit(message)


def _shared(found: Any, count: int) -> Any:  # noqa: ANN401 -- a Timed, divided
    return replace(found, rounds=tuple(one / count for one in found.rounds))
