"""What a security module is asked to do: make a key, seal the boot secret, open it again.

The one module that imports `pkcs11`; loaded only where that extra is installed. What a module
answers when it fails is turned into what a person can do about it.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final, cast

import pkcs11
from pkcs11 import Attribute, KeyType, MechanismFlag, ObjectClass
from pkcs11.mechanisms import GCMParams, Mechanism
from pkcs11.types import DecryptMixin, EncryptMixin

from angerona.errors import KeeperFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkcs11.types import Object

    from angerona.sealed.keepers.token_address import TokenAddress

_KEY_BITS: Final = 256
_NOT_AUTHENTIC: Final = (
    pkcs11.EncryptedDataInvalid,
    pkcs11.EncryptedDataLenRange,
    pkcs11.GeneralError,  # what SoftHSM answers
)
_NOT_FOR_THIS: Final = (
    "the token's key may not be used for this",
    "use a key that may encrypt and decrypt, or have one made",
)
_refused = partial(KeeperFailure, "pkcs11")


def seal_in_token(
    address: TokenAddress, pin: str, nonce: bytes, context: bytes, secret: bytes
) -> bytes:
    """The secret under the token's key (AES-256-GCM); the key is made where there is none yet.

    `nonce`: 12 random bytes. Raises `KeeperFailure`.
    """
    with _session(address, pin, write=True) as session:
        key = _key(session, address.object, make=True)
        if not isinstance(key, EncryptMixin):
            raise _refused(*_NOT_FOR_THIS)
        how = GCMParams(nonce, context)
        sealed = key.encrypt(secret, mechanism=Mechanism.AES_GCM, mechanism_param=how)
        return cast("bytes", sealed)


def open_in_token(
    address: TokenAddress, pin: str, nonce: bytes, context: bytes, sealed: bytes
) -> bytes:
    """What the token's key has sealed: 32 bytes. Raises `KeeperFailure`."""
    with _session(address, pin, write=False) as session:
        key = _key(session, address.object, make=False)
        if not isinstance(key, DecryptMixin):
            raise _refused(*_NOT_FOR_THIS)
        how = GCMParams(nonce, context)
        try:
            secret = key.decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=how)
        except _NOT_AUTHENTIC as problem:
            raise _refused(
                "the wrapped boot secret was altered, or wrapped by another key",
                "put back the file and the token that belong together",
            ) from problem
        return cast("bytes", secret)


def _key(session: pkcs11.Session, label: str, *, make: bool) -> Object:
    """The one AES key of that label; it must be one that the token keeps to itself."""
    wanted = {
        Attribute.CLASS: ObjectClass.SECRET_KEY,
        Attribute.KEY_TYPE: KeyType.AES,
        Attribute.LABEL: label,
    }
    found = list(session.get_objects(wanted))
    if make and not found:
        _make_key(session, label)
        found = list(session.get_objects(wanted))
    if not found:
        raise _refused("the token holds no such key", "correct object=, or take the right token")
    if len(found) > 1:
        raise _refused("two keys of the token have that label", "give the right one its own")
    if found[0][Attribute.EXTRACTABLE] or not found[0][Attribute.SENSITIVE]:
        raise _refused("the token would give its key away", "use a key that cannot be extracted")
    return found[0]


def _make_key(session: pkcs11.Session, label: str) -> None:
    session.generate_key(
        KeyType.AES,
        _KEY_BITS,
        label=label,
        store=True,
        capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
        template={
            Attribute.PRIVATE: True,
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
        },
    )


@contextmanager
def _session(address: TokenAddress, pin: str, *, write: bool) -> Iterator[pkcs11.Session]:
    with _said_plainly():
        try:
            library = pkcs11.lib(str(address.module))
        except pkcs11.PKCS11Error as problem:
            raise _refused("the module cannot be loaded", "correct module=") from problem
        serial = None if address.serial is None else address.serial.encode()
        token = library.get_token(token_label=address.token, token_serial=serial)
        with token.open(rw=write, user_pin=pin) as session:
            yield session


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what a module answers into what a person can do about it."""
    try:
        yield
    except pkcs11.PKCS11Error as problem:
        for kinds, what, remedy in _SAID:
            if isinstance(problem, kinds):
                raise _refused(what, remedy) from problem
        answer = type(problem).__name__
        raise _refused(f"the module answered {answer}", "see the module's manual") from problem


_SAID: Final = (
    (pkcs11.NoSuchToken, "there is no such token", "plug it in, or correct token= and serial="),
    (pkcs11.MultipleTokensReturned, "two tokens have that label", "add serial= to tell them apart"),
    (
        (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange),
        "the PIN was refused",
        "type it again, with care: a few wrong ones lock the token",
    ),
    (
        (pkcs11.PinLocked, pkcs11.PinExpired, pkcs11.UserPinNotInitialized),
        "the token takes no PIN",
        "have its security officer set a new one",
    ),
)
