"""Giving keys: a wrap carries to one recipient the compartment keys he or she may have.

The inner message is sealed to the recipient's public key by HPKE, which does not say who sealed it;
so its info names everything it is for, and what comes out is checked against the key sheet. Around
it lies a row of the wrap-vault's epoch (`keyset.py`), so that erasure reaches old backups.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.ciphers.encoding import packed
from angerona.ciphers.wraps import WrapPair, fingerprint, unwrap, wrap
from angerona.errors import Unopenable
from angerona.sealed.client_keys import KEY_BYTES, SheetRow, Whose, check
from angerona.sealed.rows import WrapRow

if TYPE_CHECKING:
    import datetime
    from collections.abc import Container, Mapping

    from angerona.sealed.keyset import Keyset

_GRANT: Final = "angerona/grant/v1"


@dataclass(frozen=True, slots=True, repr=False)
class Wrap:
    """A wrap as stored: the recipient is a person or a post."""

    wrap_id: bytes
    client_id: bytes
    recipient_id: bytes
    epoch: int
    blob: bytes

    def given(self, practice_id: bytes) -> dict[str, bytes | int]:
        """The values of its row."""
        return {
            "practice_id": practice_id,
            "wrap_id": self.wrap_id,
            "client_id": self.client_id,
            "recipient_id": self.recipient_id,
            "epoch": self.epoch,
            "blob": self.blob,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """To whom (id and public key), by whom, and until when."""

    recipient_id: bytes
    public: bytes
    granter: bytes
    expires: datetime.datetime | None


def wrapped(
    keyset: Keyset, whose: Whose, sheet: SheetRow, keys: Mapping[str, bytes], grant: Grant
) -> Wrap:
    """Wrap the newest generation of some keys (32 bytes each) to one recipient."""
    names = tuple(sorted(keys))
    generations = tuple(sheet.newest(name) for name in names)
    for name, generation in zip(names, generations, strict=True):
        check(whose, sheet, name, generation, keys[name])
    info = _info(whose, sheet, names, generations, grant)
    message = wrap(grant.public, info, b"".join(keys[name] for name in names))
    row = WrapRow(
        names=names,
        generations=generations,
        granter=grant.granter,
        expires=grant.expires,
        message=message,
    )
    wrap_id, epoch = os.urandom(16), keyset.newest
    place = (whose.client_id, grant.recipient_id, wrap_id)
    blob = keyset.vault(epoch).seal(row, *place)
    return Wrap(wrap_id, whose.client_id, grant.recipient_id, epoch, blob)


def unwrapped(
    keyset: Keyset,
    whose: Whose,
    sheet: SheetRow,
    pair: WrapPair,
    stored: Wrap,
    at: datetime.datetime,
    *,
    only: str | None = None,
) -> dict[str, tuple[int, bytes]]:
    """The keys of a wrap by name, each with its generation; nothing once it ended or expired.

    With `only`, the key of that name alone is checked and given.
    Raises `Unopenable` where it was altered or is another's, `Planted` where a key in it is not
    the one the ledger committed to.
    """
    place = (stored.client_id, stored.recipient_id, stored.wrap_id)
    row = keyset.vault(stored.epoch).open(WrapRow, stored.blob, *place)
    if not row.message or (row.expires is not None and at >= row.expires):
        return {}
    grant = Grant(
        recipient_id=stored.recipient_id,
        public=pair.public,
        granter=row.granter,
        expires=row.expires,
    )
    info = _info(whose, sheet, row.names, row.generations, grant)
    joined = unwrap(pair, info, row.message)
    if len(joined) != KEY_BYTES * len(row.names):
        raise Unopenable("a wrap")
    keys: dict[str, tuple[int, bytes]] = {}
    for index, (name, generation) in enumerate(zip(row.names, row.generations, strict=True)):
        if only not in {None, name}:
            continue
        key = joined[index * KEY_BYTES : (index + 1) * KEY_BYTES]
        check(whose, sheet, name, generation, key)
        keys[name] = (generation, key)
    return keys


def ended(keyset: Keyset, stored: Wrap, *, but: Container[str], at: datetime.datetime) -> Wrap:
    """What is left of a wrap that ends: who held which keys, and no key.

    It stands until those keys turn (`sealed/owed.py`), `but` for the names that may stay.
    """
    row = names_in(keyset, stored)
    named = zip(row.names, row.generations, strict=True)
    left = [(name, generation) for name, generation in named if name not in but]
    names, generations = zip(*left, strict=True) if left else ((), ())
    note = msgspec.structs.replace(
        row, names=names, generations=generations, expires=at, message=b""
    )
    wrap_id, epoch = os.urandom(16), keyset.newest
    place = (stored.client_id, stored.recipient_id, wrap_id)
    blob = keyset.vault(epoch).seal(note, *place)
    return Wrap(wrap_id, stored.client_id, stored.recipient_id, epoch, blob)


def names_in(keyset: Keyset, stored: Wrap) -> WrapRow:
    """The outer side of a wrap: what it is for, not what is in it."""
    place = (stored.client_id, stored.recipient_id, stored.wrap_id)
    return keyset.vault(stored.epoch).open(WrapRow, stored.blob, *place)


def _info(
    whose: Whose,
    sheet: SheetRow,
    names: tuple[str, ...],
    generations: tuple[int, ...],
    grant: Grant,
) -> bytes:
    """Everything a wrap is for, in one canonical text (RFC 9180 section 8.1: in `info`)."""
    keys = [
        part
        for name, generation in zip(names, generations, strict=True)
        for part in (name, generation, sheet.state(name, generation).commitment)
    ]
    return packed(
        _GRANT,
        whose.practice_id,
        whose.client_id,
        whose.label,
        fingerprint(grant.public),
        grant.granter,
        "" if grant.expires is None else grant.expires.isoformat(),
        *keys,
    )
