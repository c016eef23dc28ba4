"""What the doctor looks at with the boot secret in hand: the keyset, and the ledger's quick check.

Only where the keeper hands it over by itself: nobody is asked to type it for a look.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from angerona.cli.entrance import KEYSET_FILE
from angerona.cli.findings import Finding, Level
from angerona.cli.kit import papers_beside
from angerona.cli.spools import spool_of
from angerona.errors import AngeronaError, BadInput, StoreTaken, Tampered, Unopenable
from angerona.sealed.held_lines import all_waiting
from angerona.sealed.keepers import keeper_at
from angerona.sealed.keyset import EPOCH_DAYS, Keyset, epoch_of
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault
from angerona.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.cli.findings import Scene
    from angerona.cli.settings import Settings
    from angerona.sealed.boot import PracticeKeys

_RESTORE: Final = "put back the keyset from its backup; without it no record opens"
_KEEP: Final = "keep this disk as it is, and run angerona ledger fsck, which says what is wrong"


def papers(scene: Scene) -> Iterator[Finding]:
    """Whether the papers of the founding still lie beside the data."""
    if os.path.lexists(papers_beside(scene.folder)):
        yield Finding(
            Level.LOOK,
            "the papers of the founding still lie on this machine as files",
            "whoever copies them has the boot secret and every key holder's seat",
            "print them, hand them out, compare the words, then delete the folder",
        )


def spool(scene: Scene) -> Iterator[Finding]:
    """Whether looks of an emergency wait to be taken over into the ledger."""
    if scene.settings is None:
        return
    file = spool_of(scene.settings.practice_id)
    if os.path.lexists(file):
        yield Finding(
            Level.LOOK,
            "looks of an emergency wait in the spool of this account",
            "until the ledger has them no client sees them, and who deletes the file hides them",
            "make room for the database, then run angerona ledger upkeep",
        )


def keys(scene: Scene) -> Iterator[Finding]:
    """Whether the boot secret fits the keyset, and the ledger passes its quick check."""
    if scene.settings is None:
        return
    try:
        keeper = keeper_at(scene.settings.keeper, folder=scene.folder, ask=None)
        with keeper.fetch() as boot:
            held = boot.derived(scene.settings.practice_id)
    except AngeronaError:
        yield Finding(Level.FINE, "keys and ledger were not looked at: the keeper gave no secret")
        return
    try:
        keyset = Keyset.load(scene.folder / KEYSET_FILE, scene.settings.practice_id, held)
        keyset.signer()
    except BadInput as problem:
        yield Finding(Level.STOP, str(problem), "without its keyset no record opens", _RESTORE)
    except Unopenable:
        yield Finding(
            Level.STOP,
            "the boot secret does not fit the keyset",
            "one of the two belongs to another practice, or to another time",
            "give the keeper the boot secret of the recovery kit, or put back the keyset",
        )
    else:
        yield from _epochs(keyset, scene)
        yield from _ledger(scene, scene.settings, held, keyset)


def _epochs(keyset: Keyset, scene: Scene) -> Iterator[Finding]:
    count = len(keyset.epochs)
    if keyset.newest > epoch_of(scene.at):
        yield Finding(
            Level.LOOK,
            "the keyset holds a key for a time that has not come",
            "the clock stood ahead when it was made, so that erasing will reach backups too late",
            "set the clock",
        )
        return
    said = "one key" if count == 1 else f"{count} keys"
    yield Finding(
        Level.FINE, f"the boot secret fits the keyset, which holds {said} of {EPOCH_DAYS} days each"
    )


def _ledger(
    scene: Scene, settings: Settings, held: PracticeKeys, keyset: Keyset
) -> Iterator[Finding]:
    try:
        store = open_store(settings.store)
    except StoreTaken:
        yield Finding(Level.FINE, "the ledger is open in a process that checked it at its start")
        return
    except AngeronaError as problem:
        yield Finding(
            Level.STOP,
            str(problem),
            "without its database a practice does not start",
            "see what the message says; docs/OPERATING.md explains the store",
        )
        return
    try:
        vault = Vault(store, held, keyset, Agent())
        vault.practice()
    except (Tampered, Unopenable) as problem:
        why = "somebody changed the database, or put back an older one"
        yield Finding(Level.STOP, str(problem), why, _KEEP)
    else:
        yield Finding(Level.FINE, "the ledger passes its quick check")
        yield from _held(vault, scene)
    finally:
        store.close()


def _held(vault: Vault, scene: Scene) -> Iterator[Finding]:
    """Whether lines wait that the client may be told by now."""
    with vault.store.snapshot() as reading:
        late = [one for one in all_waiting(vault, reading) if one.row.until <= scene.at]
    if late:
        yield Finding(
            Level.LOOK,
            f"lines that clients may be told by now, and that still wait: {len(late)}",
            "a client who asks who looked is not told of them, though no law forbids it any more",
            "run angerona ledger upkeep, every day",
        )
