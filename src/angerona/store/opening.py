"""Opens a store by its address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from angerona.errors import BadInput, StoreAbsent, StoreFailed, StoreFull, StoreTooNew
from angerona.store.migrating import migrations
from angerona.store.sqlite import open_sqlite
from angerona.store.sqlite_reading import open_sqlite_to_read

if TYPE_CHECKING:
    from angerona.store.contract import Store

_ALLOWED = "allowed: sqlite:///folder/file or postgresql://host/database"


def newest_version() -> int:
    """The version of the tables that this release works with."""
    return len(migrations("sqlite"))


def open_store(address: str, *, version: int | None = None) -> Store:
    """The store at an address; made if it is not there, brought up to this release if it is older.

    With `version` it is brought up to that version of the tables only, to take in rows of then.
    `sqlite:///folder/file` names a file by its full path; `postgresql://...` is a libpq address.

    Raises:
        BadInput: the address is neither. It is not repeated: it may hold a password.
        StoreError: the store cannot be opened; the message says why and what to do.
    """
    if version is not None and not 0 < version <= newest_version():
        raise StoreTooNew(f"tables of version {version}; this release knows {newest_version()}")
    match urlsplit(address).scheme:
        case "sqlite":
            return open_sqlite(_path(address), steps=migrations("sqlite")[:version])
        case "postgresql" | "postgres":
            # psycopg is an extra, so it is looked for only where a server is named.
            from angerona.store.postgres import open_postgres  # noqa: PLC0415 -- see above

            return open_postgres(address, steps=migrations("postgres")[:version])
        case _:
            raise BadInput("address of the store", "it names no kind of store", _ALLOWED)


def open_to_read(address: str) -> Store:
    """The same where it may be that nothing can be written: opened to be read alone, if it must be.

    Raises as `open_store`; what is written in vain raises `StoreError` too.
    """
    try:
        return open_store(address)
    except (StoreAbsent, StoreFailed, StoreFull):
        if urlsplit(address).scheme != "sqlite":
            raise
    return open_sqlite_to_read(_path(address))


def _path(address: str) -> Path:
    """The file of an SQLite address; `sqlite:///C:/folder/file` on Windows."""
    parts = urlsplit(address)
    path = Path(unquote(parts.path))
    if path.parts[1:2] and path.parts[1].endswith(":"):
        path = Path(*path.parts[1:])
    if parts.netloc or parts.query or not path.is_absolute() or not path.name:
        raise BadInput("address of the store", "it names no file by its full path", _ALLOWED)
    return path
