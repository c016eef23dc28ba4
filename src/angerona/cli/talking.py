"""Asking a person: choices by number, by word or by part of a word; yes, no, don't know; numbers.

Works in a terminal and with answers scripted in a pipe, one a line. The end of the input, or
"stop", ends the conversation.
"""

from __future__ import annotations

import sys
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.cli.output import ask_aloud, clean
from angerona.cli.page import width_now
from angerona.errors import BadAsk
from angerona.rules.facts import INT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.rules.facts import Fact

LINE_LIMIT: Final = 2_000
YES: Final = frozenset({"y", "yes", "true"})
NO: Final = frozenset({"n", "no", "false"})
UNSURE: Final = frozenset({"", "?", "d", "dk", "don't know", "dont know", "unknown", "not sure"})
STOP: Final = frozenset({"stop", "enough", "quit", "exit"})
SEVERAL_SHOWN: Final = 6
_GLUE: Final = "\u00a0"
"""Keeps a number beside what it numbers where lines are broken."""


class EndOfAnswers(Exception):
    """Nobody answers any more: the input has ended, or "stop" was said."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Words to choose from, each with how it is said, under headings; numbered throughout."""

    said: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]

    @property
    def words(self) -> tuple[str, ...]:
        """The words in the order of their numbers."""
        return tuple(word for group in self.groups.values() for word in group)

    def fitting(self, typed: str) -> tuple[str, ...]:
        """The words that fit what was typed: a number, a word, or a part of one."""
        words = self.words
        if typed.isascii() and typed.isdigit():
            number = int(typed[:4])
            return (words[number - 1],) if 1 <= number <= len(words) else ()
        plain = _bare(typed)
        for test in (str.__eq__, str.startswith, _has_word):
            found = tuple(
                word for word in words if any(test(one, plain) for one in self._ways(word))
            )
            if found:
                return found
        return ()

    def _ways(self, word: str) -> tuple[str, str]:
        """Two ways to call it: the language's own word, and how it is said, without article."""
        return word.replace("_", " "), _bare(self.said[word].lower())


def _bare(said: str) -> str:
    """Without article, underscores and curly apostrophes."""
    plain = said.replace("_", " ").replace("\u2019", "'")
    return plain.removeprefix("the ").removeprefix("an ").removeprefix("a ")


def _has_word(said: str, typed: str) -> bool:
    """Whether some word of what is said begins with what was typed."""
    return f" {typed}" in f" {said}"


def ungrouped(said: Mapping[str, str]) -> Choices:
    """A list of choices without headings."""
    return Choices(said, {"": tuple(said)})


def tell(text: str = "", indent: str = "", hang: str = "") -> None:
    """A wrapped paragraph of the conversation."""
    wrapped = textwrap.wrap(
        clean(text),
        width_now(),
        initial_indent=indent,
        subsequent_indent=hang or indent,
        break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip -- one call, read at a glance
    ask_aloud("\n".join(wrapped or [""]).replace(_GLUE, " ") + "\n")


def hear(prompt: str = "> ") -> str:
    """One line, in small letters and single spaces. Raises `EndOfAnswers`."""
    ask_aloud(prompt)
    line = "" if sys.stdin is None else sys.stdin.readline(LINE_LIMIT)
    if not line.endswith("\n") and len(line) >= LINE_LIMIT:
        raise BadAsk("the interview", "an answer is too long", f"at most {LINE_LIMIT} characters")
    if not line or sys.stdin is None or not sys.stdin.isatty():
        ask_aloud("\n")  # nobody pressed Enter, and the next line should begin as one
    typed = " ".join(line.lower().split())
    if not line or typed in STOP:
        raise EndOfAnswers
    return typed


def choose(question: str, choices: Choices) -> str:
    """One of the choices; asks until it is clear which."""
    _show(question, choices)
    while True:
        found = choices.fitting(typed := hear())
        if len(found) == 1 and typed:
            _confirm(choices, found)
            return found[0]
        _which(choices, found if typed else ())


def choose_several(question: str, choices: Choices) -> tuple[str, ...]:
    """One or more of the choices, separated by commas."""
    _show(f"{question} (one or several, with commas between)", choices)
    while True:
        parts = [part.strip() for part in hear().split(",") if part.strip()]
        found = [choices.fitting(part) for part in parts]
        unclear = next((one for one in found if len(one) != 1), ())
        if found and all(len(one) == 1 for one in found):
            chosen = tuple(dict.fromkeys(one[0] for one in found))
            _confirm(choices, chosen)
            return chosen
        _which(choices, unclear)


def yes_no(question: str) -> bool | None:
    """Yes, no, or `None` for "don't know"."""
    tell(question)
    while True:
        typed = hear("yes / no / Enter if you don't know > ")
        if typed in YES:
            return True
        if typed in NO:
            return False
        if typed in UNSURE:
            return None
        tell("Please type yes or no, or press Enter if you don't know.")


def number(question: str) -> int | None:
    """A whole number, or `None` for "don't know"."""
    tell(question)
    while True:
        typed = hear("a number / Enter if you don't know > ")
        if typed in UNSURE:
            return None
        if typed.isascii() and typed.isdigit() and int(typed[:6]) <= INT_LIMIT:
            return int(typed[:6])
        tell(f"Please type a whole number to {INT_LIMIT}, or press Enter if you don't know.")


def one_word(question: str, words: Iterable[str]) -> str | None:
    """One of the words of a fact, or `None` for "don't know"."""
    choices = ungrouped({word: word.replace("_", " ") for word in words})
    _show(question, choices)
    while True:
        typed = hear("a number or a word / Enter if you don't know > ")
        found = choices.fitting(typed)
        if typed in UNSURE:
            return None
        if len(found) == 1:
            return found[0]
        _which(choices, found)


def established(fact: Fact) -> bool | int | str | None:
    """What is known of a fact; `None` for "don't know"."""
    match fact.type:
        case "bool":
            return yes_no(fact.ask)
        case "int":
            return number(fact.ask)
        case _:
            return one_word(fact.ask, fact.values)


def _show(question: str, choices: Choices) -> None:
    tell()
    tell(question)
    numbers = {word: index for index, word in enumerate(choices.words, 1)}
    for heading, group in choices.groups.items():
        if heading:
            tell(f"{heading}:", "  ")
        said = (f"{numbers[word]} {choices.said[word]}".replace(" ", _GLUE) for word in group)
        tell("; ".join(said), "    " if heading else "  ")


def _confirm(choices: Choices, chosen: tuple[str, ...]) -> None:
    tell(f"= {', '.join(choices.said[word] for word in chosen)}", "  ")


def _which(choices: Choices, found: tuple[str, ...]) -> None:
    if len(found) > 1:
        words = choices.words
        named = (f"{words.index(word) + 1} {choices.said[word]}" for word in found[:SEVERAL_SHOWN])
        tell(f"Several fit: {'; '.join(named)}. Please type the number.")
    else:
        tell("That fits none of them. Please type a number, or a word from the list.")
