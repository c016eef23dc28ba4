"""What sealing costs, beside AES-256-GCM as `cryptography` alone has it; and what keys cost.

The raw limit seals the same 2 kB with one key object that is kept and a random nonce: no padding,
no commitment to the key, nothing bound, no key of its own for each row. It is what the library can
do, not what would be safe.
"""

from __future__ import annotations

import datetime
import os
import time
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from angerona.ciphers.encoding import packed
from angerona.ciphers.entries import open_entry, seal_entry
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.selftest import self_test
from angerona.ciphers.suites import SealingKey
from angerona.ciphers.wraps import WrapPair, unwrap, wrap
from angerona.gate.results import Shown
from angerona.gate.unsealing import entry_keys, sealed_entries
from angerona.practice.epochs import roll_epoch
from angerona.practice.members import sign_in_with_password
from angerona.sealed.client_keys import CLIENT_KEY, Whose, new_keys
from angerona.sealed.holding import key_for
from angerona.sealed.key_holders import shared_out
from angerona.sealed.opening import open_sealed
from bench.practice import AT, NOTE, PASSWORD, founded
from bench.report import Part, Row, timed
from bench.timing import interleaved

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.rules.compile import Packs
    from bench.practice import Practice

RAW: Final = "AES-256-GCM alone, opening 2 kB"
OPENING: Final = "open a sealed note of 2 kB, its key at hand"
CASELOAD: Final = 100
SHARED: Final = 500
RESHARED: Final = 10_000
"""How many clients K3 speaks of; `SHARED` are measured."""
ROLLED: Final = 100_000
"""How many rows K3 speaks of when an epoch of the wrap vault ends."""


def sealing(packs: Packs) -> Part:
    """Opening and sealing one note and one row, beside the raw limit."""
    with founded(packs) as practice:
        found = interleaved(_raw() | _notes(practice))
    raw = found[RAW]
    rows = tuple(
        timed(name, one, "us", 20 if name == OPENING else None, f"{one.times(raw):.1f} x the first")
        for name, one in found.items()
    )
    return Part("Opening and sealing, beside the raw limit", rows)


def _raw() -> dict[str, Callable[[], object]]:
    key, note, context = os.urandom(32), NOTE.encode().ljust(2048), packed("bench", b"context", 1)
    cipher, held, nonce = AESGCM(key), SealingKey(key), os.urandom(12)
    sealed, text = cipher.encrypt(nonce, note, None), note[:2000]
    entry, row = seal_entry(held, context, text), seal_row(held, context, note[:300])
    return {
        RAW: lambda: cipher.decrypt(nonce, sealed, None),
        "AES-256-GCM alone, sealing 2 kB": lambda: cipher.encrypt(os.urandom(12), note, None),
        "suite ENTRY, opening 2 kB": lambda: open_entry(held, context, entry),
        "suite ENTRY, sealing 2 kB": lambda: seal_entry(held, context, text),
        "suite ROW, opening 0.5 kB": lambda: open_row(held, context, row),
        "suite ROW, sealing 0.5 kB": lambda: seal_row(held, context, note[:300]),
    }


def _notes(practice: Practice) -> dict[str, Callable[[], object]]:
    [(client_id, entry_id)] = practice.written(1)
    with practice.visit() as visit:
        shown = practice.door.look(visit, client_id, purpose="treatment", entry_ids=[entry_id])
    if not isinstance(shown, Shown):
        message = f"the rules answered {shown}"
        raise SystemExit(message)
    place, papers = shown.entries[0][0], {"permit": shown.permit, "written": shown.written}
    authority = practice.vault.authority(client_id)
    [sealed] = sealed_entries(visit, client_id, [place])
    key = entry_keys(visit, authority)(sealed)

    def opened(key: Any, *, read: bool) -> object:  # noqa: ANN401 -- whatever gives the key
        [row] = sealed_entries(visit, client_id, [place]) if read else [sealed]
        return open_sealed(row, key=key, **papers)  # type: ignore[arg-type]  # as named above

    return {
        OPENING: lambda: opened(lambda _: key, read=False),
        "the same, its key out of the session": lambda: opened(
            entry_keys(visit, authority), read=False
        ),
        "the same, read from the store first": lambda: opened(
            entry_keys(visit, authority), read=True
        ),
    }


def keys(packs: Packs) -> Part:
    """Signing in, enrolling, a caseload's keys, key holders, the end of an epoch."""
    with founded(packs) as practice:
        clients = [practice.client() for _ in range(CASELOAD)]
        vault, whose = practice.vault, Whose(practice.vault.practice_id, bytes(16), bytes(32))
        pair, info = WrapPair.generate(), packed("bench", b"info")
        sealed = wrap(pair.public, info, bytes(288))
        found = interleaved(
            {
                "self-test": self_test,
                "password": lambda: sign_in_with_password(vault, "Thea", PASSWORD, AT),
                "client": practice.client,
                "made": lambda: new_keys(whose),
                "wrap": lambda: wrap(pair.public, info, bytes(288)),
                "unwrap": lambda: unwrap(pair, info, sealed),
                "caseload": lambda: _caseload(practice, clients),
            }
        )
        rows = [
            timed("self-test of all suites", found["self-test"], "ms", 200),
            timed("sign in with a password (Argon2id, 64 MiB)", found["password"], "ms"),
            timed("enrol a client, keys, wraps, shares and line", found["client"], "ms", 2),
            timed("of it: making the keys", found["made"], "us"),
            timed("seal one wrap of nine keys (HPKE, X-Wing)", found["wrap"], "us"),
            timed("open one wrap", found["unwrap"], "us"),
            timed(
                f"open a key of each of {CASELOAD} clients, newly signed in",
                found["caseload"],
                "ms",
                15,
            ),
            _reshared(practice),
            _rolled(practice),
        ]
    return Part("Keys", tuple(rows))


def _caseload(practice: Practice, clients: list[bytes]) -> None:
    vault = practice.vault
    with vault.visit(practice.signed_in(), AT) as visit:
        for client_id in clients:
            key_for(visit, vault.authority(client_id), "progress", 1)


def _reshared(practice: Practice) -> Row:
    """Splitting and sealing to the key holders anew; finding the keys needs their quorum."""
    vault = practice.vault
    place = vault.practice()
    made = [Whose(vault.practice_id, os.urandom(16), os.urandom(32)) for _ in range(SHARED)]
    ready = [(whose, *new_keys(whose)) for whose in made]
    begun = time.process_time()
    for whose, held, sheet in ready:
        shared_out(
            vault.keyset,
            whose,
            sheet,
            {CLIENT_KEY: held.client},
            place.seats,
            needed=place.row.quorum,
        )
    spent = (time.process_time() - begun) / SHARED * RESHARED
    what = f"share {RESHARED:,} clients out anew, 2 of 3"
    return Row(what, spent, None, "s", 15, f"from {SHARED}, once")


def _rolled(practice: Practice) -> Row:
    """Sealing every wrap, share and event key under the next epoch, durably."""
    begun = time.process_time()
    rolled = roll_epoch(practice.vault, AT + datetime.timedelta(days=31))
    spent = (time.process_time() - begun) / rolled.moved * ROLLED
    what = f"seal {ROLLED:,} rows under a new epoch, durably"
    return Row(what, spent, None, "s", 1, f"from {rolled.moved:,}, once")
