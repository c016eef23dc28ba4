"""Keepers: where the boot secret rests while no process runs, chosen by one setting.

```
prompt:                                     somebody types it at every start: 24 words, or hex
file:/path/to/file                          a file of its owner's alone; for development only
systemd:NAME                                a credential that systemd hands to the service
pkcs11:module=/path;token=NAME;object=NAME  wrapped by a key that never leaves a security module
```

No keeper runs a command, and none looks anything up on the network by itself.

To add one, for a key management service say: write a module here with a class that has `name`,
`describe` and `fetch` (see `Keeper`), read its address there, raise `KeeperFailure` with what to do
for whatever goes wrong, and add it to `KINDS` and
`keeper_at` below. What its service needs to know who asks
comes from the machine (an instance role, a mounted token), never from the settings. Ask the service
to unwrap a blob kept beside the settings, as `hsm.py` does, rather than to store the secret: then
two must fail before it is out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from angerona.errors import BadInput, one_of
from angerona.sealed.keepers.credential import credential_keeper
from angerona.sealed.keepers.file import file_keeper
from angerona.sealed.keepers.hsm import hsm_keeper
from angerona.sealed.keepers.prompt import prompt_keeper

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from angerona.sealed.boot import BootSecret

    Ask = Callable[[str], str]
    """Puts a question to whoever sits at the terminal, and gives what was typed, unseen."""

__all__ = ["KINDS", "Keeper", "keeper_at"]

KINDS: Final = ("prompt", "file", "systemd", "pkcs11")


class Keeper(Protocol):
    """Hands over the boot secret."""

    @property
    def name(self) -> str:
        """The kind of keeper: the word before the colon of its address."""

    def describe(self) -> str:
        """One sentence for the person who runs the practice; no path, no name, no secret."""

    def fetch(self) -> BootSecret:
        """The boot secret, for the caller to wipe.

        Raises `KeeperFailure`, or `MissingExtra` if what this keeper needs is not installed.
        """


def keeper_at(address: str, *, folder: Path, ask: Ask | None) -> Keeper:
    """The keeper an address names; nothing is fetched yet.

    `folder` holds the settings, and what a keeper keeps beside them. `ask` puts a question to
    a person and is None where nobody sits. Raises `BadInput` for an address that cannot be read.
    """
    kind, colon, rest = address.partition(":")
    match kind if colon else "":
        case "prompt":
            return prompt_keeper(rest, ask)
        case "file":
            return file_keeper(rest)
        case "systemd":
            return credential_keeper(rest)
        case "pkcs11":
            return hsm_keeper(rest, folder, ask)
        case _:
            raise BadInput("keeper", "no such kind of keeper", one_of(KINDS, kind))
