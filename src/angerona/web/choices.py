"""What a form lets one choose from: the options of a select, set once where they never change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_Option = tuple[str, str, str]
"""A word, and its option before and after the place where it says that it is chosen."""

_SAID_AS: Final = {
    "self": "the client",
    "identified_person": "a known person",
    "identifiable_group": "a known group",
    "location": "a place",
    "unnamed": "someone unnamed",
    "public": "the public",
    "child": "a child",
    "elder": "an elder",
    "dependent_adult": "a dependent adult",
    "adult": "another adult",
    "fgm": "female genital mutilation",
}
"""How the answers to a question of the rules read; others read as they are written."""


class Fixed(dict[str, str]):
    """Words of a list that is the same for everybody and always, and how people read them."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """Set every option once."""
        super().__init__(words)
        self.set = tuple(_set(words.items()))


def options(choices: Mapping[str, str], chosen: str) -> Markup:
    """The options of a select, escaped; `chosen` is the one that is chosen, if any is."""
    parts = choices.set if isinstance(choices, Fixed) else _set(choices.items())
    chosen = str(chosen)
    return Markup(  # noqa: S704 -- each part was escaped
        "".join(
            f"{before} selected{after}" if word == chosen else f"{before}{after}"
            for word, before, after in parts
        )
    )


def said_as(value: object) -> str:
    """How an answer to a question of the rules reads: who clicks is never taken for `self`."""
    return _SAID_AS.get(str(value), str(value).replace("_", " "))


def asked(question: str) -> str:
    """A question without the answers that it lists, where these stand below it to choose from."""
    before, lists, _ = question.partition(": ")
    return f"{before}?" if lists and question.endswith("?") else question


def capital(text: str) -> str:
    """A text with its first letter large."""
    return text[:1].upper() + text[1:]


def _set(words: Iterable[tuple[str, str]]) -> Iterable[_Option]:
    for word, says in words:
        yield str(word), f'<option value="{escape(word)}"', f">{escape(capital(says))}</option>"
