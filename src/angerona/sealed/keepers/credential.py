"""`systemd:NAME` the boot secret is a credential that systemd hands to the service at its start.

`systemd-creds encrypt` seals it to the machine's TPM2 chip, to a key of the host, or to both, so
that a copied disk does not give it away; systemd decrypts it into memory for this service alone
(systemd.exec(5), LoadCredentialEncrypted=).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.errors import BadInput, KeeperFailure
from angerona.sealed.keepers.reading import BYTES_MAX, secret_in
from angerona.sealed.private_files import read_private

if TYPE_CHECKING:
    from angerona.sealed.boot import BootSecret

_NAME: Final = "systemd"
_FOLDER: Final = "CREDENTIALS_DIRECTORY"
_CREDENTIAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}\Z")


@dataclass(frozen=True, slots=True)
class CredentialKeeper:
    """Reads a credential of the service."""

    name: ClassVar[str] = _NAME
    credential: str

    def describe(self) -> str:
        """One sentence for the person who runs the practice."""
        return "systemd hands the boot secret to the service, sealed to this machine while it rests"

    def fetch(self) -> BootSecret:
        """The boot secret: 32 bytes, 64 hexadecimal digits, or words. Raises `KeeperFailure`."""
        folder = os.environ.get(_FOLDER)
        if not folder:
            raise _refused(
                "systemd handed this process no credentials",
                "start it as the service, with LoadCredentialEncrypted= in its unit",
            )
        path = Path(folder) / self.credential
        data = read_private(path, _refused, bytes_max=BYTES_MAX, laid_by_root=True)
        return secret_in(data, _refused)


_refused = partial(KeeperFailure, _NAME)


def credential_keeper(rest: str) -> CredentialKeeper:
    """The keeper of an address such as `systemd:boot`. Raises `BadInput` for what is no name."""
    if not _CREDENTIAL.match(rest):
        raise BadInput("keeper", "not the name of a credential", "such as 'systemd:angerona-boot'")
    return CredentialKeeper(rest)
