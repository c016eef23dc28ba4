"""Running the site: one process, which holds the keys, on one address."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Final

import uvicorn

from angerona.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from angerona.site.guards import Guards

KEEP_ALIVE_S: Final = 20
SHUT_DOWN_S: Final = 10
CONNECTIONS_MAX: Final = 1_000
BACKLOG: Final = 256


def origin_at(host: str, port: int, *, is_secure: bool) -> str:
    """The one address that browsers must call the site by. Raises `BadInput` for no port."""
    if not 0 < port < 1 << 16:
        raise BadInput("--port", "is no port", "1 to 65535")
    scheme, usual = ("https", 443) if is_secure else ("http", 80)
    named = f"[{host}]" if ":" in host else host
    return f"{scheme}://{named}" + ("" if port == usual else f":{port}")


def check_exposure(host: str, *, is_secure: bool) -> None:
    """Refuse an address that others can reach without TLS. Raises `BadInput`."""
    if is_secure or host == "localhost":
        return
    try:
        is_near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_near = False
    if not is_near:
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


def serve(
    app: Guards, bound: socket.socket, *, certificate: Path | None = None, key: Path | None = None
) -> None:
    """Serve until the process is told to stop. No address asked for is ever logged."""
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        http="httptools",
        ws="none",
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUT_DOWN_S,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    uvicorn.Server(config).run(sockets=[bound])
