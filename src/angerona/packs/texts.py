"""The words to say to the one who asks, and the letters to send, read as strictly as a pack.

A text fits an Answer by outcome, recipient, purpose and paper in hand; of the texts of one kind the
first that fits is the one to use. A statement is otherwise: it belongs to a duty and goes wherever
that duty is owed, in the words of the law, so it carries the source of its words as a pack does.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from angerona.errors import BadPack
from angerona.packs.loading import read_toml
from angerona.rules.reading import Table
from angerona.words import INSTRUMENTS, OUTCOMES, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from pathlib import Path

    from angerona.rules.ask import Ask

KINDS: Final = ("instead", "spoken", "letter", "note", "condition", "statement")
"""What completes "You may instead", what to say, what to write, what goes with what is sent.

Then, on the first page of a packet: on what terms it is given, and what a duty demands be said.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text. `None` means any.

    `duty`, `cite`, `source_url` and `as_of` (the day the words were read) stand on statements only.
    Square brackets in `says` are blanks.
    """

    id: str
    kind: str
    outcomes: frozenset[str] | None
    to: frozenset[str] | None
    purposes: frozenset[str] | None
    instruments: frozenset[str] | None
    says: str
    duty: str = ""
    cite: str = ""
    source_url: tuple[str, ...] = ()
    as_of: datetime.date | None = None


def load_texts(language: str = "en") -> tuple[Text, ...]:
    """The texts that ship, in one language. Raises `BadPack` for a language that does not ship."""
    folder = resources.files("angerona.packs").joinpath("texts")
    with resources.as_file(folder.joinpath(f"{language}.toml")) as path:
        return read_texts(path)


def read_texts(path: Path) -> tuple[Text, ...]:
    """One file of texts. Raises `BadPack` naming file, text and key."""
    top = Table(read_toml(path), f"{path.name}: ", BadPack)
    head = Table(top.need("texts"), f"{path.name}: [texts] ", BadPack)
    if head.name("language") != path.stem:
        head.fail("language", "differs from the file's name", path.stem)
    head.done()
    made: dict[str, Text] = {}
    for index, raw in enumerate(top.items("text"), 1):
        text = _text(raw, f"{path.name}: text no. {index}: ")
        if text.id in made:
            top.fail(f"text {text.id}: id", "used twice")
        made[text.id] = text
    top.done()
    return tuple(made.values())


def _text(raw: object, place: str) -> Text:
    table = Table(raw, place, BadPack)
    text = Text(
        id=table.name("id"),
        kind=table.word("kind", KINDS),
        outcomes=table.set_of("outcomes", OUTCOMES),
        to=table.set_of("to", RECIPIENTS),
        purposes=table.set_of("purposes", PURPOSES),
        instruments=table.set_of("instruments", INSTRUMENTS),
        says=table.text("says"),
        duty=table.name("duty", ""),
        cite=table.text("cite", ""),
        source_url=table.texts("source_url"),
        as_of=table.date("as_of"),
    )
    sourced = (text.duty, text.cite, text.source_url, text.as_of)
    if text.kind == "statement" and not all(sourced):
        table.fail("kind", "a statement without its source", "duty, cite, source_url and as_of")
    if text.kind != "statement" and any(sourced):
        table.fail("kind", "a source on what is no statement", "leave it out, or kind statement")
    if not text.says.strip():
        table.fail("says", "says nothing")
    table.done()
    return text


def fitting(texts: Iterable[Text], kind: str, *, outcome: str, ask: Ask) -> Text | None:
    """The first text of a kind that fits an Ask and the outcome of its Answer, or `None`."""
    for text in texts:
        wanted = (
            (text.outcomes, outcome),
            (text.to, ask.to),
            (text.purposes, ask.purpose),
            (text.instruments, ask.instrument),
        )
        if text.kind == kind and all(names is None or word in names for names, word in wanted):
            return text
    return None
