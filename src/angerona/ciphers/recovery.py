"""Secrets that a person writes down: recovery codes, and keys as words.

A recovery code is 160 bits in Crockford's base 32 and three check characters, seven groups of
five: `ABCDE-FGHJK-...`. Reading forgives case, spaces, dashes, O for 0, I and L for 1. The check
is the number modulo the prime 32749: no single wrong character passes, nor two neighbours swapped.

Keys of 32 bytes become 24 words (BIP-39, English), which carry a checksum of their own. A share of
a recovery kit (74 bytes) becomes 55 words of the same list: its bits, then 13 of its digest, in
words of 11 bits. So one slip passes unnoticed once in 8,192 times here, and hardly ever after that,
for a share carries a check of its own (`shamir.py`).
"""

from __future__ import annotations

import os
from functools import lru_cache

from mnemonic import Mnemonic

from angerona.ciphers.encoding import digest
from angerona.ciphers.lengths import exactly
from angerona.errors import BadInput

CODE_BYTES = 20
WORDS = 24
KEY_BYTES = 32
SHARE_WORDS = 55
SHARE_BYTES = 74
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_DIGITS = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_DASHES = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2212"))
_CHARACTERS = 35
_GROUP = 5
_CHECK_BITS = 15
_PRIME = 32749  # the largest below 2**15
_CODE = "recovery code"
_KEY_WORDS = "recovery words"
_SHARE = "the words of a share"
_WORD_BITS = 11
_SHARE_CHECK_BITS = SHARE_WORDS * _WORD_BITS - 8 * SHARE_BYTES


def new_code() -> str:
    """A new recovery code, as it is shown and printed."""
    return written_code(os.urandom(CODE_BYTES))


def written_code(secret: bytes) -> str:
    """The code that stands for these 20 bytes."""
    value = int.from_bytes(exactly(_CODE, secret, CODE_BYTES), "big")
    whole = value << _CHECK_BITS | value % _PRIME
    letters = [_ALPHABET[whole >> 5 * place & 31] for place in reversed(range(_CHARACTERS))]
    groups = ("".join(letters[at : at + _GROUP]) for at in range(0, _CHARACTERS, _GROUP))
    return "-".join(groups)


def read_code(typed: str) -> bytes:
    """The 20 bytes of a code as somebody typed it; `BadInput` if it was not typed rightly."""
    letters = "".join(typed.translate(_DASHES).split()).upper()
    if len(letters) != _CHARACTERS:
        raise BadInput(_CODE, f"{len(letters)} characters", f"{_CHARACTERS}, in groups of {_GROUP}")
    whole = 0
    for place, letter in enumerate(letters, 1):
        if letter not in _DIGITS:
            raise BadInput(f"{_CODE}: character {place}", "not used in codes", "digits and letters")
        whole = whole << 5 | _DIGITS[letter]
    value, check = divmod(whole, 1 << _CHECK_BITS)
    if check != value % _PRIME:
        raise BadInput(_CODE, "mistyped", "compare it with the paper, letter by letter")
    return value.to_bytes(CODE_BYTES, "big")


@lru_cache(maxsize=1)
def _english() -> Mnemonic:
    """The word list, read once."""
    return Mnemonic("english")


def to_words(secret: bytes | bytearray) -> str:
    """The 24 English words that stand for 32 bytes."""
    return _english().to_mnemonic(bytes(exactly(_KEY_WORDS, secret, KEY_BYTES)))


def from_words(typed: str) -> bytes:
    """The 32 bytes of 24 words, whatever their case and spacing; `BadInput` for a slip.

    The message says which word is at fault and never repeats it.
    """
    words = _known_words(_KEY_WORDS, typed, WORDS)
    try:
        return bytes(_english().to_entropy(words))
    except ValueError:
        raise BadInput(_KEY_WORDS, "a wrong word, or words out of order") from None


def share_to_words(share: bytes) -> str:
    """The 55 English words that stand for 74 bytes."""
    value = int.from_bytes(exactly(_SHARE, share, SHARE_BYTES), "big")
    whole = value << _SHARE_CHECK_BITS | _share_check(share)
    known = _english().wordlist
    mask = (1 << _WORD_BITS) - 1
    places = (whole >> _WORD_BITS * place & mask for place in reversed(range(SHARE_WORDS)))
    return " ".join(known[place] for place in places)


def share_from_words(typed: str) -> bytes:
    """The 74 bytes of 55 words, whatever their case and spacing; `BadInput` for a slip.

    The message says which word is at fault and never repeats it.
    """
    known = {word: place for place, word in enumerate(_english().wordlist)}
    whole = 0
    for word in _known_words(_SHARE, typed, SHARE_WORDS):
        whole = whole << _WORD_BITS | known[word]
    value, check = divmod(whole, 1 << _SHARE_CHECK_BITS)
    share = value.to_bytes(SHARE_BYTES, "big")
    if check != _share_check(share):
        raise BadInput(_SHARE, "a wrong word, or words out of order", "compare them with the paper")
    return share


def _share_check(share: bytes) -> int:
    return int.from_bytes(digest("angerona/share-words/v1", share)[:2]) >> 16 - _SHARE_CHECK_BITS


def _known_words(place: str, typed: str, count: int) -> list[str]:
    words = typed.lower().split()
    if len(words) != count:
        raise BadInput(place, f"{len(words)} words", f"{count} words")
    known = _english().wordlist
    for number, word in enumerate(words, 1):
        if word not in known:
            raise BadInput(f"{place}: word {number}", "not a word of the list")
    return words
