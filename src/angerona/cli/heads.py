"""The heads of ledgers that this account remembers, outside every practice's own folder.

Whoever controls a practice's data can set all of it back to an older state, and the data itself
then shows nothing wrong. So each command that opens a practice compares it with the head that this
account saw last, and remembers the new one when it ends.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, SetBack
from angerona.ledger.remembering import Remembered
from angerona.sealed.private_files import read_private, write_private

if TYPE_CHECKING:
    from angerona.sealed.vault import Vault

HEAD_BYTES_MAX: Final = 100_000
_REFUSED: Final = partial(BadInput, "the remembered head")


def compare(vault: Vault) -> None:
    """Compare the ledger with what this account remembers of it, if anything.

    Raises `SetBack` where it holds less, or something else; `Forged` and `BadInput` where what is
    remembered is no head of this ledger or cannot be read.
    """
    head = remembered(vault.practice_id)
    if head is None:
        return
    found = vault.ledger.compare(head)
    if found is not Remembered.FINE:
        raise SetBack(found.value)


def remember(vault: Vault) -> None:
    """Remember the newest head. Raises `BadInput` where there is no room for it."""
    remember_head(vault.practice_id, vault.ledger.head())


def remembered(practice_id: bytes) -> str | None:
    """The head that this account remembers of a practice. Raises `BadInput`: it cannot be read."""
    file = _file(practice_id)
    if not file.exists():
        return None
    data = read_private(file, _REFUSED, bytes_max=HEAD_BYTES_MAX, laid_by_root=False)
    return data.decode("utf-8", "replace")


def remember_head(practice_id: bytes, head: str) -> None:
    """Remember this head. Raises `BadInput` where there is no room for it."""
    if head:
        file = _file(practice_id)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(file, head.encode(), _REFUSED, replace=True)


def _file(practice_id: bytes) -> Path:
    """Where this account remembers the head of one practice."""
    return state_file("heads", practice_id)


def state_file(kind: str, practice_id: bytes) -> Path:
    """Where this account keeps a thing of one practice (XDG Base Directory: state)."""
    base = os.environ.get("XDG_STATE_HOME", "")
    state = Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "state"
    return state / "angerona" / kind / practice_id.hex()
