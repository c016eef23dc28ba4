"""What every request meets before any page does, and what every answer carries.

- the host must be ours, so that no other name can be pointed at us (DNS rebinding);
- whatever changes something must come from a page of ours: `Sec-Fetch-Site` or, from a browser that
  does not send it, `Origin` (Fetch Metadata, W3C; RFC 6454), and a token in the form;
- every answer forbids scripts and frames from elsewhere, is kept by nobody, and names no referrer.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from angerona.ciphers.derive import derived

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from typing import Any

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
TOKEN_FIELD: Final = "token"  # noqa: S105 -- the name of a field
_TOKEN: Final = "angerona/form/v1"  # noqa: S105 -- the name of a key's purpose
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": POLICY,
    "permissions-policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
}
NOT_KEPT: Final = "no-store"
STRICT_TRANSPORT: Final = "max-age=63072000; includeSubDomains"
"""Two years, for a site behind TLS (RFC 6797)."""


class Guards:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        """`origin`: scheme, host and port of the one address this site answers to."""
        self._app = app
        self._origin = origin
        scheme, _, self._host = origin.partition("://")
        headers = dict(HEADERS)
        if scheme == "https":
            headers["strict-transport-security"] = STRICT_TRANSPORT
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what does not come from here; add the headers to whatever is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(message, self._headers)
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await _plainly(with_headers, *refused)
            return
        await self._app(scope, receive, with_headers)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get(b"host", "").lower() != self._host:
            return 421, "This address does not belong to this site."
        if scope["method"] not in SAFE_METHODS and not self._is_ours(headers):
            return 403, "This did not come from a page of this site. Nothing was changed."
        return None

    def _is_ours(self, headers: Mapping[bytes, str]) -> bool:
        """Browsers that are told to name no referrer send `Origin: null` from our own forms too."""
        origin, fetched_from = headers.get(b"origin"), headers.get(b"sec-fetch-site")
        if fetched_from is None:
            return origin == self._origin
        return fetched_from == "same-origin" and origin in {None, "null", self._origin}


def form_token(secret: bytes) -> str:
    """The token that every form carries, from the session's cookie or a visitor's (32 bytes)."""
    return derived(secret, _TOKEN).hex()


def is_token(secret: bytes, given: str) -> bool:
    """Whether a form's token belongs to this cookie."""
    return hmac.compare_digest(form_token(secret).encode(), given.encode())


def _add(message: MutableMapping[str, Any], headers: list[tuple[bytes, bytes]]) -> None:
    there = {name for name, _ in message["headers"]}
    fitting = [one for one in headers if one[0] not in there]
    if b"cache-control" not in there:
        fitting.append((b"cache-control", NOT_KEPT.encode()))
    message["headers"] = [*message["headers"], *fitting]


async def _plainly(send: Send, status: int, says: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{says}\n".encode()})
