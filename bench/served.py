"""The server of `bench/http.py`, in a process of its own, started as `angerona serve` starts.

`python -m bench.served [ADDRESS]` founds a practice, in the empty database at ADDRESS where one is
named, with a client for each note of the list that it reads as one line of JSON. It serves that
practice, and a plain Starlette route, from one core; says where as one line of JSON; and then
answers each further line with its CPU time so far, in seconds, until there are no more.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from angerona.packs.loading import load
from angerona.sealed.forgetting import forgets
from angerona.site.application import Site
from angerona.site.guards import Guards
from angerona.site.serving import listening, origin_at, served
from angerona.web.turn import House
from bench.practice import AT, founded

if TYPE_CHECKING:
    import socket

    from starlette.requests import Request

HOST = "127.0.0.1"


def main() -> None:
    """Found, serve, tell."""
    notes = json.loads(sys.stdin.readline())
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with founded(load(), sys.argv[1] if len(sys.argv) > 1 else None) as practice:
        clients = [practice.client() for _ in notes]
        for client_id, note in zip(clients, notes, strict=True):
            practice.keep(client_id, note)
        bound, plain = listening(HOST, 0), listening(HOST, 0)
        origin = _origin(bound)
        house = House(door=practice.door, title="Quiet Rooms", origin=origin, is_sample=True)
        told = {
            "port": _port(bound),
            "plain": _port(plain),
            "paths": [f"/clients/{one.hex()}" for one in clients],
            "cookie": base64.urlsafe_b64encode(practice.cookie).decode().rstrip("="),
            "forgets": forgets(),
        }
        with (
            served(Site(house, lambda: AT).application(), bound),
            served(Guards(_plain(), _origin(plain)), plain),
        ):
            print(json.dumps(told), flush=True)
            for _ in sys.stdin:
                print(time.process_time(), flush=True)


def _plain() -> Starlette:
    async def answer(request: Request) -> Response:
        body = b"x" * int(request.path_params["size"])
        return Response(body, media_type="text/html; charset=utf-8")

    return Starlette(routes=[Route("/{size}", answer)])


def _port(bound: socket.socket) -> int:
    return int(bound.getsockname()[1])


def _origin(bound: socket.socket) -> str:
    return origin_at(HOST, _port(bound), is_secure=False)


if __name__ == "__main__":
    main()
