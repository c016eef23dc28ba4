"""What the boot secret looks like where it is typed or lies in a file: bytes, digits or words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from angerona.ciphers.recovery import WORDS, from_words
from angerona.errors import BadInput
from angerona.sealed.boot import SECRET_BYTES, BootSecret
from angerona.sealed.kit import gathered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from angerona.sealed.private_files import Refusal

BYTES_MAX: Final = 500  # 24 words of at most 8 letters, with room for spaces
_HEX: Final = re.compile(r"[0-9A-Fa-f]{64}\Z")
_REMEDY: Final = f"{SECRET_BYTES} random bytes, 64 hexadecimal digits, or the 24 words"


def secret_of(typed: str) -> BootSecret:
    """The boot secret from 64 hexadecimal digits or 24 words, whatever their case and spacing.

    Raises `BadInput`, which says where a slip is and repeats nothing.
    """
    digits = _digits(typed)
    if _HEX.match(digits):
        return BootSecret(bytearray.fromhex(digits))
    return BootSecret(from_words(typed))


def secret_from(texts: Sequence[str], ask: Callable[[str], str] | None) -> BootSecret:
    """The boot secret from the whole of it, or from shares of the recovery kit (`sealed/kit.py`).

    Shares that are missing are asked for, where somebody can be. Raises `BadInput`.
    """
    if len(texts) == 1 and (len(texts[0].split()) <= WORDS or _HEX.match(_digits(texts[0]))):
        return secret_of(texts[0])
    return gathered(texts, ask)


def _digits(typed: str) -> str:
    return "".join(typed.split())


def secret_in(data: bytearray, refused: Refusal) -> BootSecret:
    """The boot secret from a file: 32 bytes, or a text as `secret_of` reads it.

    `data` is overwritten. Raises what `refused` makes, which repeats nothing of it.
    """
    try:
        if len(data) == SECRET_BYTES:
            return BootSecret(data)
        return secret_of(data.decode("ascii"))
    except (BadInput, UnicodeDecodeError) as problem:
        raise refused("what stands there is not one", _REMEDY) from problem
    finally:
        data[:] = bytes(len(data))
