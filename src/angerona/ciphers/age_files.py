"""Files sealed to people who may have nothing of ours at hand: the age format (C2SP, age.md).

A file has any number of recipients (`age1...`); each opens it alone, with the identity
(`AGE-SECRET-KEY-1...`) that the recipient was made from, and with any program that reads age. A
key holder's seat has such an identity of its own, derived from the 32 bytes of the seat:

```
identity = HKDF-SHA256(key = seat, salt = none, info = packed("angerona/seat-age/v1"), 32 bytes)
```

written in Bech32 (BIP 173) under `AGE-SECRET-KEY-`. Its other key, to which shares are sealed,
comes from the same 32 bytes by another way, and neither says anything of the other.

X25519 falls to a quantum computer; so only what is sealed otherwise already goes into such a file.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, Protocol

import pyrage  # type: ignore[import-untyped]  # it ships no types; only this module uses it

from angerona.ciphers.derive import derived
from angerona.ciphers.lengths import exactly
from angerona.errors import BadInput, Unopenable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SEAT_BYTES: Final = 32
RECIPIENTS_MAX: Final = 64
_SEAT: Final = "angerona/seat-age/v1"
_WHAT: Final = "an age file"
_PREFIX: Final = "age-secret-key-"
_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK_LETTERS: Final = 6


class Reads(Protocol):
    """What is read in pieces: an open file."""

    def read(self, size: int = ..., /) -> bytes:
        """At most so many bytes; none at the end."""


class Takes(Protocol):
    """What takes bytes: an open file, or a reader of rows."""

    def write(self, data: bytes, /) -> object:
        """Take these."""


def identity_of_seat(secret: bytes) -> str:
    """The age identity of a key holder's seat, from its 32 bytes: `AGE-SECRET-KEY-1...`."""
    key = derived(exactly("seat", secret, SEAT_BYTES), _SEAT)
    return _bech32(_PREFIX, key).upper()


def new_identity() -> str:
    """A new identity from the operating system's source of chance."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """The recipient (`age1...`) that an identity opens for. Raises `BadInput`."""
    return str(_identity(identity).to_public())


def check_recipient(text: str) -> None:
    """Raise `BadInput` for what is no age recipient."""
    _recipient(text)


def seal_age(chunks: Iterable[bytes], target: Takes, recipients: Sequence[str]) -> None:
    """Seal bytes, as they come, to all of these recipients.

    Raises `BadInput` for a recipient that is none, or for none at all, and whatever `chunks` or
    `target` raises.
    """
    if not 0 < len(recipients) <= RECIPIENTS_MAX:
        raise BadInput("recipients", "none or too many", f"1 to {RECIPIENTS_MAX}")
    readers = [_recipient(one) for one in recipients]
    source, taken = _Source(chunks), _Target(target)
    try:
        pyrage.encrypt_io(io.BufferedReader(source), taken, readers)
    except (pyrage.EncryptError, OSError) as problem:
        raise source.problem or taken.problem or problem from None


def open_age(source: Reads, target: Takes, identities: Sequence[str]) -> None:
    """Open a file with any of these identities; what reaches `target` is authenticated.

    A file that was cut short is noticed at its end only, so what `target` took counts when this
    returns. Raises `Unopenable`, `BadInput` for an identity that is none, and whatever `target` or
    `source` raises.
    """
    if not identities:
        raise BadInput("identities", "none", "a key holder's words, or a file of age identities")
    keys = [_identity(one) for one in identities]
    given, taken = _Given(source), _Target(target)
    try:
        pyrage.decrypt_io(given, taken, keys)
    except (pyrage.DecryptError, OSError):
        raise given.problem or taken.problem or Unopenable(_WHAT) from None


def identities_in(text: str) -> list[str]:
    """The identities in a file as `age-keygen` writes it: one on a line, # before a remark.

    Raises `BadInput`, which repeats none of it.
    """
    lines = [line.strip() for line in text.splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise BadInput("the identity file", "holds no identity", "a line AGE-SECRET-KEY-1...")
    for one in found:
        _identity(one)
    return found


def _identity(text: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(text.strip())
    except pyrage.IdentityError:
        raise BadInput("an age identity", "not one", "a line AGE-SECRET-KEY-1...") from None


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise BadInput("an age recipient", "not one", "a word that begins with age1") from None


class _Source(io.RawIOBase):
    """Chunks of bytes as a file. The library wraps what goes wrong here, so it is kept."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._left = memoryview(b"")
        self.problem: BaseException | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what it is given
        try:
            while not self._left:
                self._left = memoryview(next(self._chunks))
        except StopIteration:
            return 0
        except BaseException as problem:
            self.problem = problem
            raise
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


class _Given:
    """A file to read, with what goes wrong kept."""

    def __init__(self, source: Reads) -> None:
        self._source = source
        self.problem: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self._source.read(size)
        except BaseException as problem:
            self.problem = problem
            raise


class _Target:
    """Something to write to, with what goes wrong kept."""

    def __init__(self, target: Takes) -> None:
        self._target = target
        self.problem: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self._target.write(data)
        except BaseException as problem:
            self.problem = problem
            raise
        return len(data)

    def flush(self) -> None:
        """Whoever opened the target flushes it."""


def _bech32(prefix: str, data: bytes) -> str:
    """BIP 173: the bytes in groups of five bits, and six letters to check them by."""
    bits = int.from_bytes(data, "big") << -len(data) * 8 % 5
    groups = -(-len(data) * 8 // 5)
    values = [bits >> 5 * place & 31 for place in reversed(range(groups))]
    spread = [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]
    check = _polymod([*spread, *values, *[0] * _CHECK_LETTERS]) ^ 1
    values += [check >> 5 * place & 31 for place in reversed(range(_CHECK_LETTERS))]
    return f"{prefix}1{''.join(_LETTERS[value] for value in values)}"


def _polymod(values: Iterable[int]) -> int:
    """The remainder that BIP 173 checks by."""
    found = 1
    for value in values:
        top = found >> 25
        found = (found & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            if top >> place & 1:
                found ^= generator
    return found
