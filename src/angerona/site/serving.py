"""Running the site: one process, which holds the keys, on one address."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import uvicorn

from angerona.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from angerona.site.guards import Guards

KEEP_ALIVE_S: Final = 20
SHUT_DOWN_S: Final = 10
STARTS_S: Final = 0.01
"""How long to wait before looking again whether the server has started."""
CONNECTIONS_MAX: Final = 1_000
BACKLOG: Final = 256
NEAR: Final = "127.0.0.1,::1"


def origin_at(host: str, port: int, *, is_secure: bool) -> str:
    """The one address that browsers must call the site by. Raises `BadInput` for no port."""
    if not 0 < port < 1 << 16:
        raise BadInput("--port", "is no port", "1 to 65535")
    scheme, usual = ("https", 443) if is_secure else ("http", 80)
    named = f"[{host}]" if ":" in host else host
    return f"{scheme}://{named}" + ("" if port == usual else f":{port}")


def is_near(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_exposure(host: str, *, is_secure: bool) -> None:
    """Refuse an address that others can reach without TLS. Raises `BadInput`."""
    if not is_secure and not is_near(host):
        raise BadInput(
            "--host",
            "others could reach it, and what they send could be read on the way",
            "127.0.0.1, or --certificate and --key",
        )


def listening(host: str, port: int) -> socket.socket:
    """A socket on that address. Raises `BadInput` where it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as problem:
        made.close()
        raise BadInput(
            "--port", f"cannot be listened on: {problem.strerror}", "another one"
        ) from None
    made.listen(BACKLOG)
    return made


@dataclass(frozen=True, slots=True)
class Tls:
    """The certificate of the site, and its key, both as files (PEM)."""

    certificate: Path
    key: Path

    def check(self) -> None:
        """Read both once. Raises `BadInput`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self.certificate, self.key, password="")
        except (OSError, ValueError):  # ssl.SSLError is an OSError
            raise BadInput(
                "--certificate",
                "cannot be read, or the key is not its own",
                "PEM, without a password",
            ) from None


def check_origin(given: str, *, is_secure: bool) -> str:
    """The public address of a site behind a proxy, as browsers say it. Raises `BadInput`.

    Without TLS it must be one that only this machine can reach.
    """
    parts = urlsplit(given.strip().lower())
    host, usual = parts.hostname or "", {"https": 443, "http": 80}.get(parts.scheme)
    try:
        port = parts.port or usual
    except ValueError:
        port = None
    extra = (parts.path.strip("/"), parts.query, parts.fragment, parts.username or "")
    if not host or port is None or any(extra):
        raise BadInput("--origin", "is no address of a site", "such as https://folder.example")
    if parts.scheme != "https" and (is_secure or not is_near(host)):
        raise BadInput("--origin", "is without TLS", "such as https://folder.example")
    return origin_at(host, port, is_secure=parts.scheme == "https")


def check_away(given: str) -> str:
    """Where the way off a client's pages leads: an address elsewhere. Raises `BadInput`."""
    text = given.strip()
    parts = urlsplit(text)
    is_whole = parts.scheme == "https" and bool(parts.hostname) and not parts.username
    if not is_whole or not text.isascii() or not text.isprintable() or " " in text:
        raise BadInput("--away", "is no address to go to", "such as https://weather.example")
    return text


@contextmanager
def served(
    app: Guards, bound: socket.socket, *, tls: Tls | None = None, is_behind_proxy: bool = False
) -> Iterator[threading.Thread]:
    """Serve in a thread while the block runs, then answer what has begun and close the socket.

    The block begins when requests are answered.

    Behind a proxy of this machine the address that a request came from is the one the proxy names
    (`X-Forwarded-For`); nobody else is believed. No address asked for is ever logged.
    """
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=is_behind_proxy,
        forwarded_allow_ips=NEAR,
        lifespan="off",
        http="httptools",
        ws="none",
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUT_DOWN_S,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="site")
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            time.sleep(STARTS_S)
        yield thread
    finally:
        server.should_exit = True
        thread.join()
        bound.close()


def wait(thread: threading.Thread, say: Callable[[], None]) -> bool:
    """Say that the site is open, and wait until this process is interrupted.

    Gives whether it was: no server ends by itself.
    """
    try:
        say()
        thread.join()
    except KeyboardInterrupt:
        return True
    return False
