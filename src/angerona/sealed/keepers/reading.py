"""What a file or a credential that holds the boot secret may look like."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.sealed.boot import SECRET_BYTES, BootSecret

if TYPE_CHECKING:
    from angerona.sealed.private_files import Refusal

HEX_BYTES: Final = 2 * SECRET_BYTES
BYTES_MAX: Final = HEX_BYTES + 2  # the digits, and the end of their line
_REMEDY: Final = f"{SECRET_BYTES} random bytes, or {HEX_BYTES} hexadecimal digits on one line"


def secret_in(data: bytearray, refused: Refusal) -> BootSecret:
    """The boot secret as 32 bytes or as 64 hexadecimal digits; `data` is overwritten.

    Raises what `refused` makes, which repeats nothing of it.
    """
    try:
        if len(data) == SECRET_BYTES:
            return BootSecret(data)
        return BootSecret(bytearray(binascii.unhexlify(data.rstrip(b"\r\n"))))
    except (BadInput, ValueError) as problem:
        raise refused("what stands there is not one", _REMEDY) from problem
    finally:
        data[:] = bytes(len(data))
