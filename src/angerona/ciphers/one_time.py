"""Codes of an authenticator app: six digits that change every half minute (TOTP, RFC 6238).

An app and this process share 20 random bytes (RFC 4226, section 4). A code of the half minute
before or after is taken too, because clocks differ; none is taken twice, for which the caller
remembers the number of the half minute (`step_of`).
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Final

import pyotp
from pyotp.exceptions import OTPVerificationError

from angerona.ciphers.lengths import exactly
from angerona.errors import BadInput

if TYPE_CHECKING:
    import datetime

SECRET_BYTES: Final = 20
DIGITS: Final = 6
_PLACE: Final = "secret of an app"


def new_secret() -> bytes:
    """A new secret for an app (20 bytes)."""
    return os.urandom(SECRET_BYTES)


def written_secret(secret: bytes) -> str:
    """A secret as people type it into an app: base 32 (RFC 4648), in groups of four."""
    text = _text(secret)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def read_secret(text: str) -> bytes:
    """A secret from how it was written. Raises `BadInput`."""
    try:
        found = base64.b32decode("".join(text.split()).upper())
    except ValueError:
        found = b""
    if len(found) != SECRET_BYTES:
        raise BadInput(_PLACE, "is not as it was shown", "32 letters and digits")
    return found


def address_of(secret: bytes, *, account: str, site: str) -> str:
    """What an app reads from a picture: an `otpauth` address with both names in it."""
    return _app(secret).provisioning_uri(name=account, issuer_name=site)


def step_of(secret: bytes, code: str, at: datetime.datetime) -> int | None:
    """The number of the half minute to which a code belongs, or nothing for a wrong one."""
    digits = "".join(code.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return _app(secret).verify_and_get_timecode(digits, for_time=at, valid_window=1)
    except OTPVerificationError:
        return None


def _app(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(_text(secret))


def _text(secret: bytes) -> str:
    exactly(_PLACE, secret, SECRET_BYTES)
    return base64.b32encode(secret).decode()
