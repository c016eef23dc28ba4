"""Writing, safely: any encoding, a closed pipe, a full disk; colour only where somebody looks."""

from __future__ import annotations

import contextlib
import os
import sys
import unicodedata
from typing import TYPE_CHECKING, Final, TextIO

import typer

from angerona.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

NOBODY_READS: Final = 141
_PLAIN: Final = str.maketrans(
    {
        "\u00a7": "s.",
        "\u2013": "-",
        "\u2014": "-",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2026": "...",
        "\u00df": "ss",
    }
)


def say(text: str) -> None:
    """One text and a line's end on stdout."""
    _write(sys.stdout, f"{text}\n")


def ask_aloud(text: str) -> None:
    """Text of a conversation, on stderr, so that stdout holds the answer alone."""
    _write(sys.stderr, text)


def complain(text: str) -> None:
    """One line on stderr; if even that cannot be written, silence."""
    line = " ".join(clean(text).split())
    with contextlib.suppress(BadInput, typer.Exit):
        _write(sys.stderr, f"angerona: {line}\n")


def say_styled(lines: Iterable[tuple[str, str]]) -> None:
    """Lines with a style each: painted where stdout is a terminal, plain everywhere else."""
    if sys.stdout is None or not sys.stdout.isatty():
        say("\n".join(text for _, text in lines))
        return
    from rich.console import Console  # noqa: PLC0415 -- a pipe never pays for colours
    from rich.text import Text  # noqa: PLC0415 -- the same

    console = Console(highlight=False)
    for style, text in lines:
        console.print(Text(folded(text, sys.stdout.encoding), style=style), soft_wrap=True)


def speaks_unicode(stream: TextIO | None) -> bool:
    """Whether a stream can write any character."""
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("_", "-")
    return encoding in {"utf-8", "utf8", "utf-16", "utf-32"}


def clean(text: str) -> str:
    """Text without control characters, so that no pack and no file can steer a terminal."""
    return "".join(
        char if char == "\n" or unicodedata.category(char)[0] != "C" else " " for char in text
    )


def folded(text: str, encoding: str | None) -> str:
    """Text in the characters an encoding has; what cannot be written becomes a question mark."""
    kind = encoding or "ascii"
    try:
        text.encode(kind)
    except UnicodeEncodeError:
        bare = unicodedata.normalize("NFKD", text.translate(_PLAIN))
        letters = "".join(char for char in bare if not unicodedata.combining(char))
        return letters.encode(kind, "replace").decode(kind)
    return text


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:
        return
    try:
        stream.write(folded(text, stream.encoding))
        stream.flush()
    except BrokenPipeError:
        _give_up(stream)
        raise typer.Exit(NOBODY_READS) from None
    except OSError as problem:
        _give_up(stream)
        raise BadInput("the output", "cannot be written", problem.strerror or "") from problem


def _give_up(stream: TextIO) -> None:
    """Point the stream at nothing, so that Python does not complain once more when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
