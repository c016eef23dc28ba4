"""`file:/path` the boot secret lies in a file. For development, and for trying things out.

Whoever copies the whole disk has the database and the boot secret together: then only the people's
own credentials are left between a thief and the record, and the names lie open at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.errors import BadInput, KeeperFailure
from angerona.sealed.keepers.reading import BYTES_MAX, secret_in
from angerona.sealed.private_files import read_private, write_private

if TYPE_CHECKING:
    from angerona.sealed.boot import BootSecret

_NAME: Final = "file"


@dataclass(frozen=True, slots=True)
class FileKeeper:
    """Reads a file that belongs to its user alone."""

    name: ClassVar[str] = _NAME
    path: Path

    def describe(self) -> str:
        """One sentence for the person who runs the practice."""
        return (
            "the boot secret lies in a file on this machine: for development only, since whoever "
            "takes the disk takes it along with the database"
        )

    def fetch(self) -> BootSecret:
        """The boot secret: 32 bytes, 64 hexadecimal digits, or words. Raises `KeeperFailure`."""
        data = read_private(self.path, _refused, bytes_max=BYTES_MAX, laid_by_root=False)
        return secret_in(data, _refused)

    def create(self, secret: BootSecret) -> None:
        """Write the file (0600). Raises `KeeperFailure`, also where there is one already."""
        write_private(self.path, secret.revealed(), _refused, replace=False)


_refused = partial(KeeperFailure, _NAME)


def file_keeper(rest: str) -> FileKeeper:
    """The keeper of an address such as `file:/path`. Raises `BadInput` for no whole path."""
    path = Path(rest)
    if not path.is_absolute():
        raise BadInput("keeper", "not a whole path", "write keeper = 'file:/path/to/file'")
    return FileKeeper(path)
