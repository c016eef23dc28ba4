"""A page: headings, paragraphs and items, laid out in lines of a width; `output.py` paints them."""

from __future__ import annotations

import shutil
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from angerona.cli.output import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NARROWEST: Final = 30
WIDEST: Final = 100
PLAIN: Final = ""
HEADING: Final = "bold"
QUIET: Final = "dim"


@dataclass(frozen=True, slots=True)
class _Part:
    """One paragraph: `first` begins its first line, `rest` the others."""

    style: str
    first: str
    rest: str
    text: str


@dataclass(slots=True)
class Page:
    """What is to be shown, part by part."""

    _parts: list[_Part] = field(default_factory=list)

    def headline(self, text: str, style: str) -> None:
        """The one sentence that matters most."""
        self._add(text, style=style)

    def heading(self, text: str) -> None:
        """A heading, after an empty line."""
        self.space()
        self._add(text, style=HEADING)

    def paragraph(self, text: str, *, indent: int = 0, style: str = PLAIN) -> None:
        """A paragraph; a text of several paragraphs keeps them apart."""
        for index, part in enumerate(text.strip().split("\n\n")):
            if index:
                self.space()
            self._add(part, " " * indent, style=style)

    def text(self, text: str, *, indent: int = 0) -> None:
        """A text whose own line breaks stay."""
        for line in text.strip("\n").split("\n"):
            self._add(line, " " * indent, style=PLAIN)

    def item(self, text: str, mark: str = "- ", *, indent: int = 2, style: str = PLAIN) -> None:
        """An item of a list, its further lines set under its first word."""
        first = " " * indent + mark
        self._parts.append(_Part(style, first, " " * len(first), capital(text)))

    def items(self, texts: Iterable[str], *, numbered: bool = False) -> None:
        """A list."""
        for number, text in enumerate(texts, 1):
            self.item(text, f"{number}. " if numbered else "- ")

    def space(self) -> None:
        """An empty line, though never two."""
        if self._parts and self._parts[-1].text:
            self._parts.append(_Part(PLAIN, "", "", ""))

    def lines(self, width: int) -> Iterator[tuple[str, str]]:
        """Style and text of each line, none longer than the width unless a single word is."""
        for part in self._parts:
            wrapped = textwrap.wrap(
                " ".join(clean(part.text).split()),
                width,
                initial_indent=part.first,
                subsequent_indent=part.rest,
                break_long_words=False,
                break_on_hyphens=False,
            )
            yield from ((part.style, line) for line in wrapped or [""])

    def _add(self, text: str, indent: str = "", *, style: str) -> None:
        self._parts.append(_Part(style, indent, indent, text))


def width_now() -> int:
    """The width of the terminal, or 80 in a pipe; neither too narrow nor too wide to read."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns))


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
