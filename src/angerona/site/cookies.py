"""The two cookies: a session's, and before it a visitor's, which only ties forms to a browser.

Both hold 32 random bytes, are out of reach of scripts, never travel from another site, and end with
the browser. Behind TLS their names begin with `__Host-`, so that no neighbouring host can set them
(RFC 6265bis).
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

COOKIE_BYTES: Final = 32
_SESSION: Final = "session"
_VISITOR: Final = "visitor"


@dataclass(frozen=True, slots=True)
class Cookies:
    """How cookies are read and set by a site that is behind TLS, or is not."""

    is_secure: bool

    def session(self, request: Request) -> bytes:
        """The session's 32 bytes, or none."""
        return self._read(request, _SESSION)

    def visitor(self, request: Request) -> bytes:
        """The visitor's 32 bytes, or none."""
        return self._read(request, _VISITOR)

    def begin(self, response: Response, cookie: bytes) -> None:
        """Have the browser show a session's cookie from now on."""
        self._set(response, _SESSION, cookie)
        self._forget(response, _VISITOR)

    def end(self, response: Response) -> None:
        """Have the browser forget the session's cookie."""
        self._forget(response, _SESSION)

    def meet(self, response: Response, visitor: bytes) -> None:
        """Have the browser show a visitor's cookie from now on."""
        self._set(response, _VISITOR, visitor)

    def _set(self, response: Response, name: str, value: bytes) -> None:
        text = base64.urlsafe_b64encode(value).decode().rstrip("=")
        response.set_cookie(
            self._name(name), text, secure=self.is_secure, httponly=True, samesite="strict"
        )

    def _forget(self, response: Response, name: str) -> None:
        response.delete_cookie(
            self._name(name), secure=self.is_secure, httponly=True, samesite="strict"
        )

    def _read(self, request: Request, name: str) -> bytes:
        text = request.cookies.get(self._name(name), "")
        try:
            found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            return b""
        return found if len(found) == COOKIE_BYTES else b""

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.is_secure else name


def new_visitor() -> bytes:
    """A new visitor's 32 bytes."""
    return os.urandom(COOKIE_BYTES)
