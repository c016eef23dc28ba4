"""Padding, so that a sealed thing tells its size class and not its size.

Texts go up to the next power of two and never below 512 bytes, or more where that is asked for;
attachments follow Padme (PURBs, Nikitin and others, PETS 2019), which wastes at most 12 % and leaks
O(log log size) bits.
"""

from __future__ import annotations

from angerona.ciphers.lengths import octets
from angerona.errors import BadInput, Unopenable

BLOCK_MIN = 512
BLOCK_MAX = 1 << 26
_LENGTH_BYTES = 4


def padded(text: bytes, least: int = BLOCK_MIN) -> bytes:
    """Four bytes of length, the text, and zeros up to the next power of two (`least` at least).

    `least` is itself a power of two. Raises `BadInput` above 64 MiB: what is larger is an
    attachment.
    """
    size = _LENGTH_BYTES + len(octets("padded: text", text))
    if size > BLOCK_MAX:
        raise BadInput("padded: text", "too long", f"at most {BLOCK_MAX - _LENGTH_BYTES} bytes")
    return (len(text).to_bytes(_LENGTH_BYTES, "big") + text).ljust(_block(size, least), b"\0")


def unpadded(block: bytes, least: int = BLOCK_MIN) -> bytes:
    """The text that `padded` was given; `Unopenable` for a block it would not have made."""
    octets("unpadded: block", block)
    end = _LENGTH_BYTES + int.from_bytes(block[:_LENGTH_BYTES], "big")
    exact = end <= BLOCK_MAX and len(block) == _block(end, least)
    if not exact or block.count(0, end) != len(block) - end:
        raise Unopenable("a padded text")
    return block[_LENGTH_BYTES:end]


def _block(size: int, least: int) -> int:
    return max(least, 1 << (size - 1).bit_length())


def padme(size: int) -> int:
    """The size that an attachment of `size` bytes is padded to: at least `size`, at most 12 % more.

    Sizes that agree in their leading bits (as many as the exponent itself has) become one.
    """
    if size < 2:  # noqa: PLR2004 -- below two bytes there is no exponent to speak of
        return size
    exponent = size.bit_length() - 1
    loose_bits = exponent - exponent.bit_length()
    mask = (1 << loose_bits) - 1
    return (size + mask) & ~mask
