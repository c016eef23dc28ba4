"""`pkcs11:...` the boot secret is wrapped by a key that never leaves a security module.

The module (a smart card, a USB token, a network HSM) makes an AES-256 key that it gives to nobody.
The boot secret lies beside the settings, sealed by that key; at start the module is asked to open
it, against a PIN. A thief needs the file, the module and the PIN. Whoever loses the module, and has
no copy of it, is left with the paper of the recovery kit.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.ciphers.encoding import packed, unpacked
from angerona.errors import KeeperFailure, MissingExtra, Unopenable
from angerona.sealed.boot import BootSecret
from angerona.sealed.keepers.token_address import TokenAddress, read_token_address
from angerona.sealed.private_files import read_private, write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_NAME: Final = "pkcs11"
_CONTEXT: Final = packed("angerona/boot-secret/v1")
_FILE: Final = "angerona/boot-secret-file/v1"
_FILE_BYTES_MAX: Final = 1_000
_PIN_BYTES_MAX: Final = 256
_NONCE_BYTES: Final = 12

_refused = partial(KeeperFailure, _NAME)


@dataclass(frozen=True, slots=True)
class HsmKeeper:
    """Asks a security module to open the wrapped boot secret."""

    name: ClassVar[str] = _NAME
    address: TokenAddress
    ask: Callable[[str], str] | None

    def describe(self) -> str:
        """One sentence for the person who runs the practice."""
        pin = "a PIN that somebody types" if self.address.pin_file is None else "a PIN from a file"
        return f"a security module opens the wrapped boot secret, against {pin}"

    def fetch(self) -> BootSecret:
        """The boot secret, opened by the module. Raises `KeeperFailure`, `MissingExtra`."""
        with _extra_at_hand():
            from angerona.sealed.keepers.token import open_in_token  # noqa: PLC0415 -- an extra
        nonce, sealed = self._wrapped()
        return BootSecret(open_in_token(self.address, self._pin(), nonce, _CONTEXT, sealed))

    def create(self, secret: BootSecret) -> None:
        """Wrap the boot secret by the module's key, which is made where there is none yet.

        It is opened again and compared before its file is written. Raises `MissingExtra`, and
        `KeeperFailure`, also where there is such a file already.
        """
        with _extra_at_hand():
            from angerona.sealed.keepers.token import (  # noqa: PLC0415 -- an extra
                open_in_token,
                seal_in_token,
            )
        if os.path.lexists(self.address.wrapped):
            raise _refused("there is a wrapped boot secret already", "move its file away first")
        nonce, pin = os.urandom(_NONCE_BYTES), self._pin()
        sealed = seal_in_token(self.address, pin, nonce, _CONTEXT, secret.revealed())
        with BootSecret(open_in_token(self.address, pin, nonce, _CONTEXT, sealed)) as again:
            if not again.same_as(secret):
                raise _refused("the module gave back something else", "use another module")
        write_private(self.address.wrapped, packed(_FILE, nonce, sealed), _refused, replace=False)

    def _wrapped(self) -> tuple[bytes, bytes]:
        blob = read_private(
            self.address.wrapped, _refused, bytes_max=_FILE_BYTES_MAX, laid_by_root=False
        )
        try:
            match unpacked(_FILE, bytes(blob)):
                case (bytes(nonce), bytes(sealed)) if len(nonce) == _NONCE_BYTES:
                    return nonce, sealed
        except Unopenable as problem:
            raise _refused(*_NOT_OURS) from problem
        raise _refused(*_NOT_OURS)

    def _pin(self) -> str:
        if self.address.pin_file is not None:
            data = read_private(
                self.address.pin_file, _refused, bytes_max=_PIN_BYTES_MAX, laid_by_root=False
            )
            return data.rstrip(b"\r\n").decode("utf-8", "replace")
        if self.ask is None:
            raise _refused("nobody is here to type the PIN", "start from a terminal, or pin-file=")
        return self.ask(f"PIN of the token {self.address.token}")


_NOT_OURS: Final = (
    "its file holds no wrapped boot secret",
    "put back the file that was written when the key was made",
)


@contextmanager
def _extra_at_hand() -> Iterator[None]:
    """Turn a library that is not installed into one line that says how to install it."""
    try:
        yield
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] != "pkcs11":
            raise
        raise MissingExtra(
            "a security module needs its library: pip install 'angerona[pkcs11]'"
        ) from problem


def hsm_keeper(rest: str, folder: Path, ask: Callable[[str], str] | None) -> HsmKeeper:
    """The keeper of an address (see token_address.py). Raises `BadInput`."""
    return HsmKeeper(read_token_address(rest, folder), ask)
