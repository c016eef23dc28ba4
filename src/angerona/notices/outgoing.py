"""What goes out by mail or into a calendar must not tell from what kind of place it comes.

The words that would tell are a list (`outgoing_words.toml`), in the languages of the places that
there are packs for. Whatever goes out is looked through before it goes.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def telling_words(text: str, names: Iterable[str] = ()) -> list[str]:
    """The words of a text that would tell, in order: parts of words too; `names` are told too."""
    plain = _plain(text)
    found = [one[0] for one in _words().finditer(plain)]
    return found + [one for one in map(_plain, names) if one and one in plain]


@cache
def _words() -> re.Pattern[str]:
    data = resources.files("angerona.notices").joinpath("outgoing_words.toml")
    told = tomllib.loads(data.read_text(encoding="utf-8"))
    words = {_plain(word) for language in told.values() for word in language}
    return re.compile("|".join(re.escape(one) for one in sorted(words, key=len, reverse=True)))


def _plain(text: str) -> str:
    """A text without capitals and accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in folded if not unicodedata.combining(sign))
