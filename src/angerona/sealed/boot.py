"""The boot secret: lock B. 32 random bytes that stand in no database and in no backup.

A keeper (`keepers/`) hands it over once, when a process that opens keys starts. Whoever has the
database but not the boot secret reads no name and cannot even begin to guess a password; whoever
has both still needs a person's own credential for any clinical word.

Python cannot promise that no copy stays in memory: the deriving functions make short-lived ones.
What is kept here is kept in one place, and `wipe()` overwrites that place.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

from angerona.ciphers.derive import derived
from angerona.errors import BadInput

if TYPE_CHECKING:
    from typing import Self

SECRET_BYTES: Final = 32
PRACTICE_ID_BYTES: Final = 16
_DIRECTORY: Final = "angerona/dir/v1"
_PEPPER: Final = "angerona/pepper/v1"
_WRAP_VAULT: Final = "angerona/wrap-vault/v1"
_LOG_KEY: Final = "angerona/log-key/v1"
_PLACE: Final = "the boot secret"
_STAYS: Final = "the boot secret and its keys are neither copied nor pickled"


@dataclass(frozen=True, slots=True)
class PracticeKeys:
    """The four keys that the boot secret gives one practice; 32 bytes each, shown nowhere."""

    directory: bytes = field(repr=False)
    """Seals the directory tier: names, contact, calendar, ties, consents, ledger stubs."""
    pepper: bytes = field(repr=False)
    """Goes into every stretched password, so that nobody guesses one from the database alone."""
    wrap_vault: bytes = field(repr=False)
    """Wraps the random wrap-vault key of each epoch; those keys never derive from it."""
    log_key: bytes = field(repr=False)
    """Wraps the seed that signs the ledger's checkpoints, while it rests."""

    def __reduce__(self) -> NoReturn:
        raise TypeError(_STAYS)


class BootSecret:
    """The boot secret in memory. As a context manager it is wiped at the end of the block.

    `secret`: exactly 32 bytes. A bytearray is overwritten once its bytes are taken over, so that
    the caller keeps no second copy. Raises `BadInput` for another size, or 32 times the same byte,
    which is what an emptied file or a failed device looks like.
    """

    __slots__ = ("_kept",)

    def __init__(self, secret: bytes | bytearray) -> None:
        kept = bytearray(secret)
        if isinstance(secret, bytearray):
            secret[:] = bytes(len(secret))
        if len(kept) != SECRET_BYTES:
            raise BadInput(_PLACE, "not of the right size", f"exactly {SECRET_BYTES} bytes")
        if len(set(kept)) == 1:
            raise BadInput(_PLACE, "one byte over and over", f"{SECRET_BYTES} random bytes")
        self._kept = kept

    @classmethod
    def fresh(cls) -> Self:
        """A new boot secret, from the operating system's source of chance."""
        return cls(bytearray(os.urandom(SECRET_BYTES)))

    def derived(self, practice_id: bytes) -> PracticeKeys:
        """The keys of one practice (16 bytes): HKDF-SHA256, a domain for each.

        Raises `BadInput` for another id, or if the secret was wiped.
        """
        if len(practice_id) != PRACTICE_ID_BYTES:
            raise BadInput(
                "the practice's id", "not of the right size", f"{PRACTICE_ID_BYTES} bytes"
            )
        secret = self._in_hand()
        return PracticeKeys(
            directory=derived(secret, _DIRECTORY, practice_id),
            pepper=derived(secret, _PEPPER, practice_id),
            wrap_vault=derived(secret, _WRAP_VAULT, practice_id),
            log_key=derived(secret, _LOG_KEY, practice_id),
        )

    def revealed(self) -> bytes:
        """The 32 bytes themselves: for a keeper that takes them in, and for the recovery kit alone.

        Raises `BadInput` if they were wiped.
        """
        return bytes(self._in_hand())

    def same_as(self, other: BootSecret) -> bool:
        """Whether both are the same secret, compared in constant time."""
        return hmac.compare_digest(self._in_hand(), other._in_hand())

    def wipe(self) -> None:
        """Overwrite the bytes, then drop them. May be called twice."""
        self._kept[:] = bytes(len(self._kept))
        self._kept.clear()

    def _in_hand(self) -> bytearray:
        if not self._kept:
            raise BadInput(_PLACE, "was wiped", "fetch it from its keeper again")
        return self._kept

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wipe()

    def __repr__(self) -> str:
        return "BootSecret(hidden)"

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError(_STAYS)
