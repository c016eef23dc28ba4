"""The words to say to the one who asks, and the letters to send, read as strictly as a pack.

A text fits an Answer by the packs in force, outcome, recipient, purpose and paper in hand; of the
texts of one kind the first that fits is the one to use. A letter is a text that goes out on paper:
it has a title to choose it by, and blanks. A statement is otherwise: it belongs to a duty and goes
wherever that duty is owed, in the words of the law, so it carries the source of its words as a pack
does. So does a letter that repeats the law.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.errors import BadPack, one_of
from angerona.packs.loading import NOT_PACKS, read_toml
from angerona.rules.reading import Table
from angerona.words import INSTRUMENTS, OUTCOMES, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from angerona.rules.ask import Ask

SAID: Final = ("instead", "spoken", "condition", "judge_alone", "statement")
"""What completes "You may instead", and what to say.

Then, on the first page of a packet: on what terms it is given, of which the first is that the judge
alone reads it, where that is so; and what a duty demands be said.
"""

TO_ASKERS: Final = MappingProxyType(
    {
        "letter": "a refusal that neither confirms nor denies",
        "note": "a note that goes with what is sent",
        "objection": "an objection to a paper that no judge has signed",
        "order_needed": "what would be needed: an order, or a signed permission",
        "not_a_judge": "an answer to a warrant that no judge has signed",
        "narrowing": "a request to narrow an order",
        "in_camera": "a cover letter for a judge's eyes alone",
        "answer_later": "a first answer in time, while the paper is looked at",
        "representative_refused": "a refusal to one who says they stand in someone's place",
        "consent_ended": "a word to those who relied on a consent that it has ended",
        "breach_authority": "a report of a breach to an authority",
        "breach_media": "a notice of a breach for the media",
    }
)
TO_CLIENTS: Final = MappingProxyType(
    {
        "disclosure_ahead": "a notice before something is shared",
        "disclosure_notice": "a notice after something was shared",
        "late_notice": "a notice that had to wait",
        "look_notice": "a notice after a look in an emergency",
        "breach_notice": "a notice of a breach",
        "copy_given": "a copy of the record, given",
        "copy_in_part": "a copy of the record, given in part",
        "copy_refused": "a copy of the record, refused",
        "correction_made": "a correction, made",
        "correction_refused": "a correction, refused",
        "restriction_agreed": "a restriction, agreed",
        "restriction_refused": "a restriction, refused",
        "accounting": "an account of what was shared",
        "erasure_done": "an erasure, done",
        "erasure_in_part": "an erasure, refused in part",
        "complaint_received": "a complaint, received",
        "extension": "more time is needed",
        "consent_withdrawn": "a consent, taken back",
    }
)
SHEETS: Final = MappingProxyType(
    {
        "quash_sheet": "how a paper is fought in court",
        "door_sheet": "what to say at the door",
        "call_sheet": "what to say on the phone",
        "report_sheet": "the facts of a report, on one sheet",
    }
)
LETTERS: Final = MappingProxyType({**TO_ASKERS, **TO_CLIENTS, **SHEETS})
"""Every kind of text that goes on paper, and what it is. What clients read is kept plain."""

KINDS: Final = (*SAID, *LETTERS)

_BLANK: Final = re.compile(r"\[([^\[\]]+)\]")
_BLANK_NAME: Final = re.compile(r"[a-z][a-z0-9 ]{1,39}\Z")


@dataclass(frozen=True, slots=True)
class Blank:
    """What the sender fills in: its name in the letter, what to ask, if several lines may be."""

    name: str
    ask: str
    lines: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text. `None` means any.

    `packs` are those for which it is true: one of them must be in force. `title` names a letter,
    `before` is what to do before it goes, `blanks` are those in `says`, in order. `duty` stands on
    statements only; `cite`, `source_url` and `as_of` (the day the words were read) on statements
    and on letters that repeat the law.
    """

    id: str
    kind: str
    packs: frozenset[str] | None
    outcomes: frozenset[str] | None
    to: frozenset[str] | None
    purposes: frozenset[str] | None
    instruments: frozenset[str] | None
    says: str
    title: str = ""
    before: str = ""
    blanks: tuple[Blank, ...] = ()
    duty: str = ""
    cite: str = ""
    source_url: tuple[str, ...] = ()
    as_of: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When a text would be used. `None`: not known, so texts for any of them fit."""

    packs: Collection[str]
    outcome: str | None = None
    to: str | None = None
    purpose: str | None = None
    instrument: str | None = None

    @classmethod
    def of(cls, ask: Ask, outcome: str) -> Occasion:
        """An Ask and the outcome of its Answer."""
        return cls(
            packs=ask.packs,
            outcome=outcome,
            to=ask.to,
            purpose=ask.purpose,
            instrument=ask.instrument,
        )

    def takes(self, text: Text) -> bool:
        """Whether a text fits."""
        return (text.packs is None or not text.packs.isdisjoint(self.packs)) and all(
            names is None or word is None or word in names for names, word in self._wanted(text)
        )

    def guesses(self, text: Text) -> int:
        """How much that is not known here the text goes by."""
        return sum(names is not None and word is None for names, word in self._wanted(text))

    def _wanted(self, text: Text) -> tuple[tuple[frozenset[str] | None, str | None], ...]:
        return (
            (text.outcomes, self.outcome),
            (text.to, self.to),
            (text.purposes, self.purpose),
            (text.instruments, self.instrument),
        )


@cache
def load_texts(language: str = "en") -> tuple[Text, ...]:
    """The texts that ship, in one language. Raises `BadPack` for a language that does not ship."""
    with resources.as_file(resources.files("angerona.packs")) as folder:
        return read_texts(folder / "texts" / language)


@cache
def shipped_packs() -> frozenset[str]:
    """The ids of the packs that ship: a text may be true for these."""
    names = (file.name for file in resources.files("angerona.packs").iterdir())
    return frozenset(
        name.removesuffix(".toml")
        for name in names
        if name.endswith(".toml") and name not in NOT_PACKS
    )


def read_texts(folder: Path) -> tuple[Text, ...]:
    """One language: every file of a folder of its name, in the order of the files' names.

    Raises `BadPack` naming file, text and key.
    """
    tops = [
        Table(read_toml(path), f"{path.name}: ", BadPack) for path in sorted(folder.glob("*.toml"))
    ]
    if not tops:
        raise BadPack(f"texts/{folder.name}", "no texts in this language", "files named *.toml")
    blanks: dict[str, Blank] = {}
    for top in tops:
        head = Table(top.need("texts"), f"{top.place}[texts] ", BadPack)
        if head.name("language") != folder.name:
            head.fail("language", "differs from the folder's name", folder.name)
        head.done()
        for index, raw in enumerate(top.items("blank"), 1):
            blank = _blank(raw, f"{top.place}blank no. {index}: ")
            if blank.name in blanks:
                top.fail(f"blank {blank.name}: name", "used twice")
            blanks[blank.name] = blank
    made: dict[str, Text] = {}
    for top in tops:
        for index, raw in enumerate(top.items("text"), 1):
            text = _text(raw, f"{top.place}text no. {index}: ", blanks)
            if text.id in made:
                top.fail(f"text {text.id}: id", "used twice")
            made[text.id] = text
        top.done()
    return tuple(made.values())


def fitting(texts: Iterable[Text], kind: str, *, outcome: str, ask: Ask) -> Text | None:
    """The first text of a kind that fits an Ask and the outcome of its Answer, or `None`."""
    occasion = Occasion.of(ask, outcome)
    return next((text for text in texts if text.kind == kind and occasion.takes(text)), None)


def names_in(says: str) -> tuple[str, ...]:
    """What stands in square brackets, each once, in order."""
    return tuple(dict.fromkeys(_BLANK.findall(says)))


def with_values(says: str, values: Mapping[str, str]) -> str:
    """The words with what is known put into its brackets, once; the other brackets stay."""
    return _BLANK.sub(lambda found: values.get(found[1], found[0]), says)


def _blank(raw: object, place: str) -> Blank:
    table = Table(raw, place, BadPack)
    name = table.text("name")
    if not _BLANK_NAME.match(name):
        table.fail("name", "no name of a blank", "small letters, digits and spaces, to 40")
    blank = Blank(name, table.text("ask"), table.flag("lines", default=False))
    table.done()
    return blank


def _text(raw: object, place: str, blanks: Mapping[str, Blank]) -> Text:
    table = Table(raw, place, BadPack)
    kind, says = table.word("kind", KINDS), table.text("says")
    text = Text(
        id=table.name("id"),
        kind=kind,
        packs=_packs(table),
        outcomes=table.set_of("outcomes", OUTCOMES),
        to=table.set_of("to", RECIPIENTS),
        purposes=table.set_of("purposes", PURPOSES),
        instruments=table.set_of("instruments", INSTRUMENTS),
        says=says,
        title=table.text("title", ""),
        before=table.text("before", ""),
        blanks=_blanks_of(table, says, blanks) if kind in LETTERS else (),
        duty=table.name("duty", ""),
        cite=table.text("cite", ""),
        source_url=table.texts("source_url"),
        as_of=table.date("as_of"),
    )
    _check_whole(table, text)
    table.done()
    return text


def _packs(table: Table) -> frozenset[str] | None:
    """The packs of a text; a name that ends in `*` stands for all that begin so."""
    if not table.has("packs"):
        return None
    found: set[str] = set()
    for index, name in enumerate(table.texts("packs")):
        start = name.removesuffix("*")
        whole = start == name
        these = {
            one for one in shipped_packs() if (one == name if whole else one.startswith(start))
        }
        if not start or not these:
            table.fail(f"packs[{index}]", "no such pack", one_of(shipped_packs(), name))
        found |= these
    if not found:
        table.fail("packs", "an empty list", "leave it out for all, or name some")
    return frozenset(found)


def _blanks_of(table: Table, says: str, blanks: Mapping[str, Blank]) -> tuple[Blank, ...]:
    for name in names_in(says):
        if name not in blanks:
            table.fail("says", f"no blank is called [{name}]", one_of(blanks, name))
    return tuple(blanks[name] for name in names_in(says))


def _check_whole(table: Table, text: Text) -> None:
    source = (text.cite, text.source_url, text.as_of)
    if text.kind == "statement" and not (text.duty and all(source)):
        table.fail("kind", "a statement without its source", "duty, cite, source_url and as_of")
    if text.kind != "statement" and text.duty:
        table.fail("kind", "a duty on what is no statement", "leave it out, or kind statement")
    if text.kind in LETTERS and any(source) and not all(source):
        table.fail("kind", "half a source", "cite, source_url and as_of, or none of them")
    if text.kind not in {*LETTERS, "statement"} and any(source):
        table.fail("kind", "a source on what is only said", "leave it out")
    if bool(text.title) != (text.kind in LETTERS):
        table.fail("title", "goes with letters, and with every letter", "give it, or leave it out")
    if text.before and text.kind not in LETTERS:
        table.fail("before", "goes with letters only", "leave it out")
    if not text.says.strip():
        table.fail("says", "says nothing")
