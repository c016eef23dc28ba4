"""The recovery kit as shares: any k of n papers are the boot secret, and fewer say nothing of it.

```
share = k (1) | share of the boot secret (73), as ciphers/shamir.py makes it     in 55 words
```

The whole secret on one paper opens everything that it opens to whoever finds that paper. Shares go
to several people. Each paper names its **set**, the mark of one split: shares of two sets are of no
use together, though every set of one boot secret stays good as long as that secret does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.ciphers.encoding import packed
from angerona.ciphers.recovery import (
    SHARE_WORDS,
    share_from_words,
    share_to_words,
)
from angerona.ciphers.shamir import combine, mark_of, number_of, split
from angerona.errors import BadInput, Unopenable
from angerona.sealed.boot import BootSecret

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NEEDED_MIN: Final = 2
SHARES_MAX: Final = 16
_CONTEXT: Final = packed("angerona/kit-share/v1")
_PLACE: Final = "the shares of the recovery kit"


@dataclass(frozen=True, slots=True, repr=False)
class KitShare:
    """One share: as its 74 bytes, of which the first says how many are needed."""

    stored: bytes

    @property
    def needed(self) -> int:
        """How many shares of this set are the boot secret."""
        return self.stored[0]

    @property
    def number(self) -> int:
        """Which of its set it is, from 1."""
        return number_of(self.stored[1:])

    @property
    def set_name(self) -> str:
        """What tells its set from others, as it stands on each paper: such as `3F9A-01C2`."""
        digits = mark_of(self.stored[1:]).hex().upper()
        return f"{digits[:4]}-{digits[4:]}"

    @property
    def words(self) -> str:
        """The 55 words."""
        return share_to_words(self.stored)


def check_split(needed: int, shares: int) -> None:
    """Raise `BadInput` unless it is k of n, of 2 to 16."""
    if not NEEDED_MIN <= needed <= shares <= SHARES_MAX:
        allowed = f"k of n, such as 2 of 3: {NEEDED_MIN} needed at least, {SHARES_MAX} at most"
        raise BadInput("the shares", "too few or too many", allowed)


def kit_shares(boot: BootSecret, needed: int, shares: int) -> list[KitShare]:
    """A set of shares of the boot secret, another one each time. Raises as `check_split`."""
    check_split(needed, shares)
    made = split(boot.revealed(), needed, shares, _CONTEXT)
    return [KitShare(bytes((needed,)) + one) for one in made]


def gathered(texts: Sequence[str], ask: Callable[[str], str] | None) -> BootSecret:
    """The boot secret of shares, each as its 55 words; missing ones are asked for by `ask`.

    Raises `BadInput`: words that are no share, shares of two sets, one given twice, too few of
    them, or altered ones. No message repeats a word.
    """
    found: list[KitShare] = []
    for text in texts:
        _add(found, text)
    while ask is not None and found and len(found) < found[0].needed:
        first = found[0]
        missing = first.needed - len(found)
        _add(
            found,
            ask(f"Another share of set {first.set_name}, {SHARE_WORDS} words ({missing} to come)"),
        )
    if not found or len(found) < found[0].needed:
        allowed = f"{found[0].needed} of the same set" if found else "the words of each"
        raise BadInput(_PLACE, f"only {len(found)} given", allowed)
    try:
        return BootSecret(
            bytearray(combine([one.stored[1:] for one in found], found[0].needed, _CONTEXT))
        )
    except Unopenable:
        raise BadInput(_PLACE, "at least one is altered", "compare each with its paper") from None


def _add(found: list[KitShare], text: str) -> None:
    """Read one more share, if it belongs to those before it."""
    place = f"share {len(found) + 1} of those given"
    try:
        share = KitShare(share_from_words(text))
    except BadInput as problem:
        raise BadInput(f"{place}: {problem.place}", problem.wrong, problem.allowed) from None
    if found and (share.set_name, share.needed) != (found[0].set_name, found[0].needed):
        raise BadInput(
            place, f"is of set {share.set_name}", f"another one of set {found[0].set_name}"
        )
    if share.number in {one.number for one in found}:
        raise BadInput(place, f"is number {share.number} of its set, given already", "another one")
    found.append(share)
