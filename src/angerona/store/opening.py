"""Opens a store by its address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from angerona.errors import BadInput
from angerona.store.sqlite import open_sqlite

if TYPE_CHECKING:
    from angerona.store.contract import Store

_ALLOWED = "allowed: sqlite:///folder/file or postgresql://host/database"


def open_store(address: str) -> Store:
    """The store at an address; made if it is not there, brought up to this release if it is older.

    `sqlite:///folder/file` names a file by its full path; `postgresql://...` is a libpq address.

    Raises:
        BadInput: the address is neither. It is not repeated: it may hold a password.
        StoreError: the store cannot be opened; the message says why and what to do.
    """
    match urlsplit(address).scheme:
        case "sqlite":
            return open_sqlite(_path(address))
        case "postgresql" | "postgres":
            # psycopg is an extra, so it is looked for only where a server is named.
            from angerona.store.postgres import open_postgres  # noqa: PLC0415 -- see above

            return open_postgres(address)
        case _:
            raise BadInput("address of the store", "it names no kind of store", _ALLOWED)


def _path(address: str) -> Path:
    """The file of an SQLite address; `sqlite:///C:/folder/file` on Windows."""
    parts = urlsplit(address)
    path = Path(unquote(parts.path))
    if path.parts[1:2] and path.parts[1].endswith(":"):
        path = Path(*path.parts[1:])
    if parts.netloc or parts.query or not path.is_absolute() or not path.name:
        raise BadInput("address of the store", "it names no file by its full path", _ALLOWED)
    return path
