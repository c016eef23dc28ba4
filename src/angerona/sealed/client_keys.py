"""The keys of one client's record: made, committed to, chained, and never handed out whole.

A random **client key** serves creation, rotation and the quorum; nobody is handed it. From it come
the keys of the compartments. What an author keeps apart, and a record that several clients share,
have random keys of their own, so that the next therapist does not hold the last one's.

The **key sheet** lists every key of a client by name and generation with a commitment. The ledger
holds the sheet's digest, so a planted key is found when it is opened. An older generation's key
lies in the sheet under its newer one: a new reader needs only the newest, and whoever holds an old
one cannot go forward.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.wraps import WrapPair
from angerona.errors import Planted, Unopenable
from angerona.sealed.compartments import COMPARTMENTS, DEPOSITS
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CLIENT_KEY: Final = "client"
"""The name under which the client key itself is committed to and shared out to key holders."""
KEY_BYTES: Final = 32
_CHAIN: Final = "angerona/key-chain/v1"


class KeyState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One key by name and generation: its commitment, and the older key sealed under it."""

    name: str
    generation: int
    commitment: bytes
    older: bytes | None = None


class SheetRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key sheet of a client; every change makes a new version.

    `made`: since when the newest generation of a key is there, where it is not the first one.
    """

    domain: ClassVar[str] = "angerona/row/sheet/v1"
    version: int
    keys: tuple[KeyState, ...]
    deposits: dict[str, bytes]
    made: dict[str, datetime.datetime] = msgspec.field(default_factory=dict)

    def newest(self, name: str) -> int:
        """The newest generation of a key, 0 where there is none of that name."""
        return max((one.generation for one in self.keys if one.name == name), default=0)

    def state(self, name: str, generation: int) -> KeyState:
        """One key's state. Raises `Unopenable` for a key the sheet does not know."""
        for one in self.keys:
            if one.name == name and one.generation == generation:
                return one
        raise Unopenable("a key that is not on the key sheet")


@dataclass(frozen=True, slots=True, repr=False)
class ClientKeys:
    """The key of one client at the moment of making: `client` and one for each compartment."""

    client: bytes
    compartments: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose keys: the practice, the client, and the client's label in the ledger."""

    practice_id: bytes
    client_id: bytes
    label: bytes


def commitment(whose: Whose, name: str, generation: int, key: bytes) -> bytes:
    """What the sheet says of a key (32 bytes), without saying anything about the key."""
    proof = derived(key, "angerona/key-commitment/v1", whose.label, name, generation)
    return digest("angerona/key-sheet/v1", whose.label, name, generation, proof)


def check(whose: Whose, sheet: SheetRow, name: str, generation: int, key: bytes) -> None:
    """Raise `Planted` unless this is the very key that the ledger committed to."""
    if commitment(whose, name, generation, key) != sheet.state(name, generation).commitment:
        raise Planted("a key of a record")


def compartment_keys(whose: Whose, client_key: bytes, generation: int) -> dict[str, bytes]:
    """The compartments' keys under one client key."""
    return {
        name: derived(client_key, "angerona/compartment/v1", whose.label, name, generation)
        for name in COMPARTMENTS
    }


def new_keys(whose: Whose) -> tuple[ClientKeys, SheetRow]:
    """The first generation of a new client's keys, and the first sheet."""
    client_key = os.urandom(KEY_BYTES)
    keys = compartment_keys(whose, client_key, 1)
    named = {CLIENT_KEY: client_key, **keys}
    states = tuple(
        KeyState(name, 1, commitment(whose, name, 1, key)) for name, key in named.items()
    )
    sheet = SheetRow(version=1, keys=states, deposits=_deposits(keys))
    return ClientKeys(client_key, keys), sheet


def with_own_key(whose: Whose, sheet: SheetRow, name: str) -> tuple[bytes, SheetRow]:
    """A random key under a name of its own (`process:...`, `shared:...`), and the next sheet.

    Where the name is known already, the next generation of it, without a chain: whoever holds the
    older one uses `own_rotated`.
    """
    key = os.urandom(KEY_BYTES)
    generation = sheet.newest(name) + 1
    state = KeyState(name, generation, commitment(whose, name, generation, key))
    return key, _next(sheet, (state,))


def own_rotated(whose: Whose, sheet: SheetRow, name: str, held: bytes) -> tuple[bytes, SheetRow]:
    """The next generation of a key of its own kind, with the newest so far (`held`) under it.

    Raises `Planted` where `held` is not that key.
    """
    check(whose, sheet, name, sheet.newest(name), held)
    key, new = with_own_key(whose, sheet, name)
    *others, made = new.keys
    older = seal_row(key, _chain(whose, name, made.generation), held, pad=False)
    chained = (*others, msgspec.structs.replace(made, older=older))
    return key, msgspec.structs.replace(new, keys=chained)


def rotated(
    whose: Whose, sheet: SheetRow, held: Mapping[str, bytes]
) -> tuple[ClientKeys, SheetRow]:
    """A new client key and a new generation of every compartment, the held ones chained to it.

    `held` maps each compartment to its newest key. Raises `Unopenable` where one is missing: what
    was sealed under it could never be opened again by those who come later.
    """
    missing = set(COMPARTMENTS) - set(held)
    if missing:
        raise Unopenable("a compartment whose key the one who rotates does not hold")
    generation = sheet.newest(CLIENT_KEY) + 1
    client_key = os.urandom(KEY_BYTES)
    keys = compartment_keys(whose, client_key, generation)
    states = [
        KeyState(CLIENT_KEY, generation, commitment(whose, CLIENT_KEY, generation, client_key))
    ]
    for name, key in keys.items():
        older = seal_row(key, _chain(whose, name, generation), held[name], pad=False)
        states.append(KeyState(name, generation, commitment(whose, name, generation, key), older))
    new = _next(sheet, states)
    return ClientKeys(client_key, keys), msgspec.structs.replace(new, deposits=_deposits(keys))


def at_generation(
    whose: Whose, sheet: SheetRow, name: str, wanted: int, held: tuple[int, bytes]
) -> bytes:
    """The key of an earlier generation, down the chain from `held` (its generation and key).

    Every step is checked against the sheet. Raises `Unopenable` for a newer generation than the
    one held, or where the chain ends.
    """
    generation, key = held
    check(whose, sheet, name, generation, key)
    while generation > wanted:
        older = sheet.state(name, generation).older
        if older is None:
            raise Unopenable("a key of an earlier generation")
        key = open_row(key, _chain(whose, name, generation), older)
        generation -= 1
        check(whose, sheet, name, generation, key)
    if generation != wanted:
        raise Unopenable("a key of a newer generation than the one held")
    return key


def deposit_pair(key: bytes | bytearray) -> WrapPair:
    """The pair of a compartment's key: whoever writes seals to it, who holds the key opens."""
    return WrapPair.from_seed(derived(key, "angerona/deposit-pair/v1"))


def _deposits(keys: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: deposit_pair(keys[name]).public for name in DEPOSITS}


def _next(sheet: SheetRow, states: Iterable[KeyState]) -> SheetRow:
    return msgspec.structs.replace(sheet, version=sheet.version + 1, keys=(*sheet.keys, *states))


def _chain(whose: Whose, name: str, generation: int) -> bytes:
    return packed(_CHAIN, whose.practice_id, whose.label, name, generation)
