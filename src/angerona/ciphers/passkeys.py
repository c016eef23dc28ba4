"""What a passkey answers (Web Authentication, W3C level 3), checked: challenge, origin, signature.

The answers are JSON, as browsers give them (`PublicKeyCredential.toJSON`). Nothing is asked about
the maker of an authenticator. A passkey is bound to the host of the site; a site that has a number
for a name can have none.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from angerona.errors import Forged, MissingExtra, Unopenable

if TYPE_CHECKING:
    from types import ModuleType

EXTRA: Final = "passkeys need the extra 'passkeys': pip install 'angerona[passkeys]'"
ANSWER_CHARACTERS_MAX: Final = 20_000
_ANSWER: Final = "the answer of a passkey"


@dataclass(frozen=True, slots=True)
class Registered:
    """A new passkey: its own id, its public key (COSE), how often it has signed."""

    passkey: bytes
    public: bytes
    used: int


def host_of(origin: str) -> str | None:
    """The name that passkeys of this origin are bound to, or nothing where it has none."""
    host = urlsplit(origin).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host or None
    return None


def checked_registration(answer: str, challenge: bytes, origin: str) -> Registered:
    """The passkey that was just made. Raises `Forged`, `Unopenable` for no answer at all."""
    library = _library()
    try:
        found = library.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=host_of(origin) or "",
            expected_origin=origin,
        )
    except library.helpers.exceptions.WebAuthnException:
        raise Forged(f"{_ANSWER} does not fit what was asked") from None
    return Registered(found.credential_id, found.credential_public_key, found.sign_count)


def checked_assertion(
    answer: str, challenge: bytes, origin: str, known: Registered, *, by_person: bool
) -> int:
    """How often a known passkey has signed by now. Raises `Forged`, `Unopenable`.

    `by_person`: the authenticator must have asked for a finger, a face or a PIN.
    """
    library = _library()
    try:
        found = library.verify_authentication_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=host_of(origin) or "",
            expected_origin=origin,
            credential_public_key=known.public,
            credential_current_sign_count=known.used,
            require_user_verification=by_person,
        )
    except library.helpers.exceptions.WebAuthnException:
        raise Forged(f"{_ANSWER} does not fit what was asked") from None
    return int(found.new_sign_count)


def named_in(answer: str) -> tuple[bytes, bytes]:
    """Which passkey answers, and for whom: its own id, and the id of the person (else empty).

    Nothing of it is checked yet. Raises `Unopenable`.
    """
    found = _read(answer)
    response = found.get("response")
    whose = response.get("userHandle") if isinstance(response, dict) else None
    return _octets(found.get("rawId")), _octets(whose) if whose else b""


def in_browser(octets: bytes) -> str:
    """Bytes as browsers write them: base 64 for addresses, without its padding (RFC 4648)."""
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def from_browser(text: str) -> bytes:
    """The same back. Raises `Unopenable`."""
    return _octets(text)


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > ANSWER_CHARACTERS_MAX:
        raise Unopenable(_ANSWER)
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        raise Unopenable(_ANSWER) from None
    if not isinstance(found, dict):
        raise Unopenable(_ANSWER)
    return found


def _octets(text: object) -> bytes:
    if not isinstance(text, str):
        raise Unopenable(_ANSWER)
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise Unopenable(_ANSWER) from None


def _library() -> ModuleType:
    try:
        import webauthn  # noqa: PLC0415 -- an extra
        import webauthn.helpers.exceptions  # noqa: PLC0415 -- an extra
    except ModuleNotFoundError as missing:
        raise MissingExtra(EXTRA) from missing
    return webauthn
