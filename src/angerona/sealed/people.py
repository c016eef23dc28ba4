"""Lock A: a person's key pair, and the credentials that open it.

Each person has one 32-byte seed, from which come an X-Wing pair (it receives wraps) and a signing
pair. Each credential has an X-Wing pair of its own: its private half lies under what the person
knows or carries, and the seed is sealed to its public half. So a new seed reaches every passkey
without the passkeys being at hand. All credentials mix in the pepper of the boot secret: a copy of
the database alone gives nobody a password to guess at.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import packed
from angerona.ciphers.passwords import stretched
from angerona.ciphers.recovery import new_code, read_code
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.signing import Signer, SignerPublic
from angerona.ciphers.wraps import WrapPair, fingerprint, unwrap, wrap
from angerona.errors import BadInput, Unopenable

if TYPE_CHECKING:
    from collections.abc import Callable

WRAP_PUBLIC_BYTES: Final = 1_216
SIGN_PUBLIC_BYTES: Final = 32 + 1_312
PASSWORD_CHARACTERS_MIN: Final = 12
PASSWORD_CHARACTERS_MAX: Final = 1_024
PASSKEY_BYTES: Final = 32
KINDS: Final = ("password", "passkey", "recovery", "app", "device")
"""The kinds of credential; the stored number is the place in this list."""
SECOND: Final = ("app", "device")
"""Kinds that open no keys: an authenticator app, and a passkey that gives no secret. They are asked
for beside a password."""
_KEK: Final = "angerona/kek/v1"
_PRIVATE: Final = "angerona/credential/private/v1"
_SEED: Final = "angerona/credential/seed/v1"


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public half of a person: what wraps are sealed to, and what signatures are checked by."""

    wrap: bytes
    sign: SignerPublic

    @property
    def stored(self) -> bytes:
        """As it lies in the row of a person (2,560 bytes)."""
        return self.wrap + self.sign.ed25519 + self.sign.mldsa44

    @classmethod
    def read(cls, stored: bytes) -> PublicKeys:
        """From the row of a person. Raises `Unopenable` for a wrong length."""
        if len(stored) != WRAP_PUBLIC_BYTES + SIGN_PUBLIC_BYTES:
            raise Unopenable("the public keys of a person")
        sign = stored[WRAP_PUBLIC_BYTES:]
        return cls(stored[:WRAP_PUBLIC_BYTES], SignerPublic(sign[:32], sign[32:]))

    @property
    def fingerprint(self) -> bytes:
        """What a wrap names its recipient by (32 bytes)."""
        return fingerprint(self.wrap)


@dataclass(frozen=True, repr=False)
class PersonKeys:
    """A person's whole key pair. It exists only inside an open session."""

    seed: bytes

    @cached_property
    def pair(self) -> WrapPair:
        """Opens the wraps for this person."""
        return WrapPair.from_seed(derived(self.seed, "angerona/person/wrap/v1"))

    @cached_property
    def signer(self) -> Signer:
        """Signs what this person writes in an emergency (`gate/emergency.py`), and nothing else."""
        return Signer.from_seed(derived(self.seed, "angerona/person/sign/v1"))

    @property
    def public(self) -> PublicKeys:
        """The public half."""
        return PublicKeys(self.pair.public, self.signer.public)


def new_person() -> PersonKeys:
    """A new person's keys."""
    return PersonKeys(os.urandom(32))


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """A credential as stored; `private` and `seed` are sealed."""

    credential_id: bytes
    person_id: bytes
    kind: str
    salt: bytes
    public: bytes
    private: bytes
    seed: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Lock:
    """How what a person gives becomes a key, for one practice (`pepper`: 32 bytes)."""

    practice_id: bytes
    pepper: bytes

    def with_password(self, person_id: bytes, keys: PersonKeys, password: str) -> Credential:
        """A password credential. Raises `BadInput` for a password that is too short or too long."""
        check_password(password)
        return self._made(person_id, keys, "password", lambda salt: self._stretch(password, salt))

    def with_passkey(self, person_id: bytes, keys: PersonKeys, secret: bytes) -> Credential:
        """A passkey credential, from the 32 bytes that its PRF extension gives."""
        _check_passkey(secret)
        return self._made(person_id, keys, "passkey", lambda salt: self._mix(secret, salt))

    def with_recovery_code(self, person_id: bytes, keys: PersonKeys) -> tuple[Credential, str]:
        """A recovery credential, and the code to hand over once: it is kept nowhere."""
        code = new_code()
        secret = read_code(code)
        made = self._made(person_id, keys, "recovery", lambda salt: self._mix(secret, salt))
        return made, code

    def open_with_password(self, credential: Credential, password: str) -> PersonKeys:
        """The person's keys. Raises `Unopenable` for a wrong password or altered rows."""
        return self._opened(credential, self._stretch(password, credential.salt))

    def is_password(self, credential: Credential, password: str) -> bool:
        """Whether a password is the right one, for the work of `refuse_slowly`."""
        try:
            self._private(credential, self._stretch(password, credential.salt))
        except (Unopenable, BadInput):
            return False
        return True

    def open_with_passkey(self, credential: Credential, secret: bytes) -> PersonKeys:
        """The same, from the passkey's 32 bytes."""
        _check_passkey(secret)
        return self._opened(credential, self._mix(secret, credential.salt))

    def open_with_recovery_code(self, credential: Credential, code: str) -> PersonKeys:
        """The same, from a recovery code. Raises `BadInput` for a slip of the pen."""
        return self._opened(credential, self._mix(read_code(code), credential.salt))

    def beside_a_password(self, person_id: bytes, kind: str) -> Credential:
        """A second factor (`SECOND`): what it is checked by lies in its sealed row alone."""
        return Credential(os.urandom(16), person_id, kind, b"", b"", b"", b"")

    def refuse_slowly(self, password: str) -> None:
        """Spend what a password check spends, where there is nobody to check it for."""
        self._stretch(password, bytes(16))

    def _made(
        self, person_id: bytes, keys: PersonKeys, kind: str, stretch: Callable[[bytes], bytes]
    ) -> Credential:
        credential_id, salt, pair = os.urandom(16), os.urandom(16), WrapPair.generate()
        place = (self.practice_id, person_id, credential_id, kind)
        kek = derived(stretch(salt), _KEK, *place)
        return Credential(
            credential_id,
            person_id,
            kind,
            salt,
            pair.public,
            seal_row(kek, packed(_PRIVATE, *place), bytes(pair.seed)),
            wrap(pair.public, packed(_SEED, *place), keys.seed),
        )

    def _opened(self, credential: Credential, stretched_secret: bytes) -> PersonKeys:
        pair = WrapPair.from_seed(self._private(credential, stretched_secret))
        info = packed(_SEED, *self._place(credential))
        return PersonKeys(unwrap(pair, info, credential.seed))

    def _private(self, credential: Credential, stretched_secret: bytes) -> bytes:
        place = self._place(credential)
        kek = derived(stretched_secret, _KEK, *place)
        return open_row(kek, packed(_PRIVATE, *place), credential.private)

    def _place(self, credential: Credential) -> tuple[bytes, bytes, bytes, str]:
        person_id, credential_id = credential.person_id, credential.credential_id
        return (self.practice_id, person_id, credential_id, credential.kind)

    def _stretch(self, password: str, salt: bytes) -> bytes:
        return stretched(password, salt, self.pepper)

    def _mix(self, secret: bytes, salt: bytes) -> bytes:
        """What is too long to be guessed needs no stretching; the pepper is mixed in."""
        return derived(secret + self.pepper, "angerona/mixed/v1", salt)


def check_password(password: str) -> None:
    """Raise `BadInput` outside 12 to 1,024 characters. No other rule (NIST SP 800-63B)."""
    if not PASSWORD_CHARACTERS_MIN <= len(password) <= PASSWORD_CHARACTERS_MAX:
        allowed = f"{PASSWORD_CHARACTERS_MIN} to {PASSWORD_CHARACTERS_MAX} characters"
        raise BadInput("password", "is too short or too long", allowed)


def _check_passkey(secret: bytes) -> None:
    if len(secret) != PASSKEY_BYTES:
        raise BadInput("passkey", "gave a secret of another length", f"{PASSKEY_BYTES} bytes")
