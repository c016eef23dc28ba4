"""Backing up and restoring a practice in tests, through the same doors as the command line."""

import contextlib
import time
from urllib.parse import quote

from angerona.ciphers.age_files import identity_of_seat
from angerona.gate.door import Door
from angerona.practice.backups import Places, back_up
from angerona.practice.restoring import Sources, restore
from angerona.sealed.keyset import Keyset
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault
from angerona.store import open_store
from prepared_practice import AT, packs
from small_practice import SmallPractice

BY = {"name": "who runs the machine"}


def silent(_what, _done, _total):
    """Told how far it is, and says nothing."""


def one_more_of(kept, thread):
    """Told how far it is, and goes on when the thread has kept one more."""

    def tell(_what, _done, _total):
        before = len(kept)
        while len(kept) == before and thread.is_alive():
            time.sleep(0.001)

    return tell


def identity(practice, seat=0):
    """The age identity of a key holder's paper."""
    return identity_of_seat(practice.papers[seat].secret)


def backed_up(practice, folder, *, at=AT, to=(), identities=(), tell=silent):
    """A backup of an open practice."""
    places = Places.below(folder, None)
    return back_up(practice.vault, places, to=to, identities=identities, by=BY, at=at, tell=tell)


def sources(practice, made, *, content=None, keyset=None, **more):
    """What the practice is restored from: a backup, and the first key holder's paper."""
    given = {"identities": [identity(practice)], "boot": practice.boot, "heads": []}
    given |= {"accept_loss": False, **more}
    return Sources(content=content or made.content, keyset=keyset or made.keyset, **given)


def restored(found, into, *, address=None, at=AT, tell=silent):
    """A practice restored into a folder; its settings are only a mark."""

    def finish(draft, practice_id):
        (draft / "angerona.toml").write_text(practice_id.hex())

    return restore(found, into, address, finish=finish, by=BY, at=at, tell=tell)


def address_in(folder):
    return f"sqlite://{quote(str(folder.absolute()))}/practice.db"


@contextlib.contextmanager
def reopened(like, folder, address=None):
    """A restored practice, with everybody of `like` signed in again without a password."""
    practice_id = getattr(like, "practice_id", None) or like.vault.practice_id
    keys = like.boot.derived(practice_id)
    store = open_store(address or address_in(folder))
    try:
        keyset = Keyset.load(folder / "keyset", practice_id, keys)
        vault = Vault(store, keys, keyset, Agent())
        practice = SmallPractice(vault, Door(vault, packs()), like.boot, like.papers)
        practice.people, practice.keys = dict(like.people), dict(like.keys)
        for name in practice.keys:
            practice.open(name)
        yield practice
    finally:
        store.close()
