"""The keys that lie beside the database and never in it: the wrap-vault keys and the log key.

Every wrap, share and event key stands in the database under an outer key of its epoch of 30 days,
32 random bytes. Destroying an old epoch's key destroys what older backups of the database could
still have opened; that is how erasure reaches a backup. The keyset is a file of its own, each key
sealed under the boot secret, and is backed up apart from the content (at most 35 days, then gone).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import packed
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.signing import Signer
from angerona.errors import BadInput, Unopenable
from angerona.sealed.rows import Directory

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from angerona.sealed.boot import PracticeKeys

EPOCH_DAYS: Final = 30
FILE_BYTES_MAX: Final = 1_000_000
_EPOCH: Final = "angerona/keyset/epoch/v1"
_LOG: Final = "angerona/keyset/log/v1"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as it lies on disk; every value is sealed under the boot secret."""

    version: int
    practice: bytes
    log_key: bytes
    epochs: dict[int, bytes]


def epochs_in(text: bytes) -> frozenset[int]:
    """The epochs whose keys a copy of the file holds. Raises `BadInput` where it is broken."""
    try:
        return frozenset(msgspec.msgpack.decode(text, type=_File).epochs)
    except msgspec.MsgspecError:
        raise BadInput("the keyset", "is broken", "restore it from a keyset backup") from None


def epoch_of(at: datetime.datetime) -> int:
    """The epoch of a moment: whole stretches of 30 days since 1970-01-01 UTC."""
    return int(at.timestamp()) // (EPOCH_DAYS * 86_400)


@dataclass(slots=True)
class Keyset:
    """The keyset of one practice, held open by the process that holds keys."""

    path: Path
    practice_id: bytes
    _keys: PracticeKeys
    _file: _File
    _vaults: dict[int, Directory] = field(default_factory=dict)

    @classmethod
    def found(
        cls, path: Path, practice_id: bytes, keys: PracticeKeys, at: datetime.datetime
    ) -> Keyset:
        """Make the keyset of a new practice. Raises `BadInput` where one lies already."""
        if path.exists():
            raise BadInput("the keyset", "lies there already", "an empty place")
        log_key = seal_row(keys.log_key, packed(_LOG, practice_id), os.urandom(32))
        keyset = cls(path, practice_id, keys, _File(1, practice_id, log_key, {}))
        keyset.begin(epoch_of(at))
        return keyset

    @classmethod
    def load(cls, path: Path, practice_id: bytes, keys: PracticeKeys) -> Keyset:
        """Read the keyset. Raises `BadInput` where it is missing, broken or another practice's."""
        try:
            with path.open("rb") as file:
                text = file.read(FILE_BYTES_MAX + 1)
            held = msgspec.msgpack.decode(text, type=_File)
        except OSError:
            raise BadInput("the keyset", "cannot be read", f"the file {path.name}") from None
        except msgspec.MsgspecError:
            raise BadInput("the keyset", "is broken", "restore it from a keyset backup") from None
        if held.version != 1 or held.practice != practice_id:
            raise BadInput("the keyset", "belongs to another practice or version")
        return cls(path, practice_id, keys, held)

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs whose keys still exist, oldest first."""
        return tuple(sorted(self._file.epochs))

    @property
    def newest(self) -> int:
        """The epoch under which new wraps are put."""
        return self.epochs[-1]

    def signer(self) -> Signer:
        """The key that signs the practice's checkpoints and packets."""
        seed = open_row(self._keys.log_key, packed(_LOG, self.practice_id), self._file.log_key)
        return Signer.from_seed(seed)

    def begin(self, epoch: int) -> None:
        """Make the key of a new epoch; one that exists is left as it is."""
        if epoch in self._file.epochs:
            return
        context = packed(_EPOCH, self.practice_id, epoch)
        sealed = seal_row(self._keys.wrap_vault, context, os.urandom(32))
        self._write({**self._file.epochs, epoch: sealed})

    def destroy(self, epoch: int) -> None:
        """Destroy an epoch's key, so that nothing under it opens again. The newest one stays."""
        if epoch == self.newest:
            raise BadInput("epoch", "is the newest one", "begin a newer epoch first")
        self._write({one: key for one, key in self._file.epochs.items() if one != epoch})
        self._vaults.pop(epoch, None)

    def vault(self, epoch: int) -> Directory:
        """What seals and opens the outer layer of one epoch. Raises `Unopenable` if it is gone."""
        vault = self._vaults.get(epoch)
        if vault is None:
            sealed = self._file.epochs.get(epoch)
            if sealed is None:
                raise Unopenable("a wrap of an epoch whose key was destroyed")
            context = packed(_EPOCH, self.practice_id, epoch)
            key = open_row(self._keys.wrap_vault, context, sealed)
            vault = self._vaults[epoch] = Directory(key, self.practice_id)
        return vault

    def event_key_of(self, subject_id: bytes) -> bytes:
        """The event key (32 bytes) of the practice or of a person, who are never erased."""
        return derived(self._keys.directory, "angerona/event-key/v1", subject_id)

    def _write(self, epochs: dict[int, bytes]) -> None:
        """The whole file anew, durably, then in the old one's place."""
        new = msgspec.structs.replace(self._file, epochs=epochs)
        beside = self.path.with_suffix(".new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.msgpack.encode(new))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._file = new
