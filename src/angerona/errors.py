"""The one tree of errors.

```
AngeronaError
├── BadInput          what somebody gave us is wrong: the place, what is wrong, what is allowed
│   ├── BadAsk        an Ask, a consent, an order or a file of scenarios
│   └── BadPack       a pack: file, entry, key
├── TooWide           these rules do not fit a table; such an Ask is decided one by one
├── KeeperFailure     the keeper of the boot secret did not hand it over
└── MissingExtra      an optional part of the product is not installed
```

A message never repeats clinical content: it names the place, the kind of thing that stood there and
what is allowed. Only a pack's own words are repeated. Every message fits on one line.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDLIKE = re.compile(r"[A-Za-z0-9_.:/-]{1,40}\Z")
_ALLOWED_SHOWN = 60
_COMPARED = 80


class AngeronaError(Exception):
    """The root. Whatever this product raises on purpose is one of these."""


class BadInput(AngeronaError):
    """Something given to the product is wrong.

    `place` is a path such as `facts.client.age` or `us-ca.toml: ground us-ca.protect:
    needs[0].fact`; `wrong` says what is wrong; `allowed` what would be right.
    """

    def __init__(self, place: str, wrong: str, allowed: str = "") -> None:
        """Keep the three parts, and join them into one line."""
        self.place = place
        self.wrong = wrong
        self.allowed = allowed
        tail = f"; {allowed}" if allowed else ""
        super().__init__(" ".join(f"{place}: {wrong}{tail}".split()))

    @staticmethod
    def naming(given: object) -> str:
        """How a value of the input is named in the message: by its kind alone."""
        return kind_of(given)


class BadAsk(BadInput):
    """An Ask (or a consent, an order, a scenario) that cannot be read."""


class BadPack(BadInput):
    """A pack that cannot be loaded. A pack speaks of nobody, so its words may be repeated."""

    @staticmethod
    def naming(given: object) -> str:
        """The word itself where it is a short plain one, else its kind."""
        return shown(given)


class TooWide(AngeronaError):
    """More cubes than a table may have."""


class KeeperFailure(AngeronaError):
    """The keeper of the boot secret did not hand it over, or would not take it.

    `keeper` is the kind of keeper, `what` what happened, `remedy` what to do. Never the secret, a
    PIN, or anything that was typed.
    """

    def __init__(self, keeper: str, what: str, remedy: str) -> None:
        """Keep the three parts, and join them into one line."""
        self.keeper = keeper
        self.what = what
        self.remedy = remedy
        super().__init__(" ".join(f"the boot secret ({keeper}): {what}; {remedy}".split()))


class MissingExtra(AngeronaError):
    """An optional part is not installed; the message says how to install it."""


def kind_of(given: object) -> str:
    """What kind of thing was given, without repeating any of it.

    What stands in an Ask may be clinical text, and an error travels to terminals and logs.
    """
    if isinstance(given, bool):
        return "true" if given else "false"
    names = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return "nothing" if given is None else names.get(type(given), f"a {type(given).__name__}")


def shown(given: object) -> str:
    """A short plain word in quotes, or the kind of thing; for input that speaks of nobody."""
    if isinstance(given, str) and _WORDLIKE.match(given):
        return f"'{given}'"
    return kind_of(given)


def is_near(given: str, allowed: Iterable[str]) -> bool:
    """Whether a text looks like a misspelt word of the language, and may be repeated."""
    return bool(_near(given, sorted(allowed)))


def _near(given: object, words: list[str]) -> list[str]:
    """The words closest to what was given; nothing long is compared."""
    if not isinstance(given, str) or len(given) > _COMPARED:
        return []
    return difflib.get_close_matches(given, words, n=3)


def one_of(allowed: Iterable[str], given: object = None) -> str:
    """The allowed words for a message, the nearest to what was given first.

    A long list cut with its length said.
    """
    words = sorted(allowed)
    near = _near(given, words)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    if len(words) > _ALLOWED_SHOWN:
        return f"{hint}allowed are {len(words)} words, among them {', '.join(words[:8])}"
    return f"{hint}allowed: {', '.join(words)}"
