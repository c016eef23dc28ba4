"""Letters and sheets: chosen from the texts that are true here, filled, edited, set as a PDF.

    letter = fitting_letters(load_texts(), "letter", Occasion(packs=packs, to="police"))[0]
    filled = draft(letter, {"reference": "24/117"})      # filled.open: the blanks still to fill
    ...                                                  # somebody reads it, and may edit it
    pdf = set_letter(letter, edited, head=Letterhead(practice="..."), at=at, paper="a4")

What stands in square brackets is a blank. A blank that is not filled is a field on a page, and an
error when the PDF is set: nothing goes out with a gap in it, and nothing is invented to close one.

A letter is plain text: paragraphs are parted by an empty line; a paragraph of one line that begins
with `# ` is a heading; one that begins with `- ` is a list, an item to each such line. Values are
put in once, as text: what looks like a blank or a command of the typesetter in them runs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, one_of
from angerona.notices.packet_files import PAPERS
from angerona.notices.paragraphs import day, paragraphs
from angerona.notices.typesetting import typeset
from angerona.packs.texts import LETTERS, SHEETS, load_texts, names_in, with_values

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from angerona.notices.typesetting import Json
    from angerona.packs.texts import Blank, Occasion, Text
    from angerona.rules.compile import Packs

VALUE_MAX: Final = 4_000
TEXT_MAX: Final = 20_000
LINE_MAX: Final = 200
ADDRESS_MAX: Final = 600
TEMPLATE: Final = "letter.typ"
_DOTS: Final = "." * 60
_ETHIC: Final = "house."


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter as far as it is filled, and the blanks that are still open, in order."""

    text: str
    open: tuple[Blank, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What stands above a letter: who sends it, to whom it goes, and their reference."""

    practice: str
    address: str = ""
    to: str = ""
    reference: str = ""


def fitting_letters(texts: Iterable[Text], kind: str, occasion: Occasion) -> tuple[Text, ...]:
    """The letters of a kind that fit, the most particular first; perhaps none.

    One that goes by what the occasion leaves open, as to whom it goes, stands after those that do
    not. `kind` is a key of `packs.texts.LETTERS`. Raises `BadInput` for another.
    """
    if kind not in LETTERS:
        raise BadInput("kind", "no such letter", one_of(LETTERS, kind))
    found = (text for text in texts if text.kind == kind and occasion.takes(text))
    return tuple(sorted(found, key=occasion.guesses))


def letter_named(texts: Iterable[Text], name: str) -> Text:
    """A letter by its id, as a form gives it back. Raises `BadInput`."""
    for text in texts:
        if text.id == name and text.kind in LETTERS:
            return text
    raise BadInput("letter", "no such letter", "one of those listed")


def law_of(packs: Packs, ids: Iterable[str]) -> str:
    """For the blank `law`: the citations of rules by their ids, each once, in order.

    The ids are those of an Answer's locks, duties or grounds, or of a right or a breach. What is
    the practice's own ethic is no law, and left out. Raises `BadInput` for an id not loaded.
    """
    cites = {
        one.id: one.cite
        for pack in packs.packs.values()
        for rules in (pack.grounds, pack.locks, pack.duties, pack.rights, pack.breaches)
        for one in rules
    }
    wanted = tuple(ids)
    for one in wanted:
        if one not in cites:
            raise BadInput("rule", "no such rule is loaded", one_of(cites, one))
    return "; ".join(dict.fromkeys(cites[one] for one in wanted if not one.startswith(_ETHIC)))


def file_name(letter: Text) -> str:
    """What to call the PDF: it tells nothing about anyone."""
    return "sheet.pdf" if letter.kind in SHEETS else "letter.pdf"


def draft(letter: Text, values: Mapping[str, str]) -> Draft:
    """The letter with its blanks filled from values by the blanks' names.

    A value for a blank that this letter does not have is left aside, so that a caller can give all
    it knows; a value with no words leaves its blank open. Raises `BadInput` for a name that no
    letter has, and for a value that is too long or has lines where only one fits.
    """
    known = _all_blanks()
    for name, value in values.items():
        if name not in known:
            raise BadInput("values", "a blank that no letter has", one_of(known, name))
        _check(f"values.{name}", value, VALUE_MAX, lines=known[name].lines)
    given = {name: words for name, value in values.items() if (words := value.strip())}
    text = with_values(letter.says.strip(), given)
    return Draft(text, open_blanks(text))


def open_blanks(text: str) -> tuple[Blank, ...]:
    """The blanks that a text, edited or not, still has, in order."""
    known = _all_blanks()
    return tuple(known[name] for name in names_in(text) if name in known)


def left_to_write(letter: Text, text: str) -> str:
    """A sheet with a dotted line in each open blank: it is held in the hand and written on.

    Raises `BadInput` for a letter, which goes out.
    """
    if letter.kind not in SHEETS:
        raise BadInput("letter", "goes out, so nothing is left to write by hand", "fill its blanks")
    return with_values(text, {blank.name: _DOTS for blank in open_blanks(text)})


def set_letter(
    letter: Text, text: str, *, head: Letterhead, at: datetime.datetime, paper: str
) -> bytes:
    """The PDF of a letter in the words that somebody has read, which `draft` began.

    Dated `at`, which the caller gives by the practice's clock. The file's title says "Letter" or
    "Sheet". Raises `BadInput` for a blank that is not filled, for words that are too long and for
    another paper; `MissingExtra`; `PrintFailure`, which repeats nothing.
    """
    return typeset(TEMPLATE, page_of(letter, text, head=head, at=at, paper=paper), at=at)


def page_of(
    letter: Text, text: str, *, head: Letterhead, at: datetime.datetime, paper: str
) -> dict[str, Json]:
    """What the typesetter is given for a letter. Raises as `set_letter`."""
    if paper not in PAPERS:
        raise BadInput("paper", "no such paper", one_of(PAPERS, paper))
    _check("text", text, TEXT_MAX, lines=True)
    if not text.strip():
        raise BadInput("text", "says nothing", "the words of the letter")
    if still := open_blanks(text):
        raise BadInput("text", f"[{still[0].name}] is not filled", "fill it, or take it out")
    _check("practice", head.practice, LINE_MAX, lines=False)
    _check("address", head.address, ADDRESS_MAX, lines=True)
    _check("to", head.to, ADDRESS_MAX, lines=True)
    _check("reference", head.reference, LINE_MAX, lines=False)
    sheet = letter.kind in SHEETS
    return {
        "paper": paper,
        "title": "Sheet" if sheet else "Letter",
        "heading": letter.title if sheet else "",
        "practice": head.practice.strip(),
        "address": _lines(head.address),
        "to": _lines(head.to),
        "reference": head.reference.strip(),
        "made_on": day(at),
        "blocks": [_block(one) for one in paragraphs(text)],
    }


def _all_blanks() -> dict[str, Blank]:
    return {blank.name: blank for text in load_texts() for blank in text.blanks}


def _check(place: str, value: str, longest: int, *, lines: bool) -> None:
    if len(value) > longest:
        raise BadInput(place, "too long", f"at most {longest} characters")
    if not lines and ("\n" in value.strip() or "\r" in value.strip()):
        raise BadInput(place, "more than one line", "one line")


def _lines(text: str) -> list[Json]:
    return [line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip()]


def _items(lines: list[str]) -> list[Json]:
    """The items of a list, each with its lines: what was filled in may have several."""
    items: list[list[Json]] = []
    for line in lines:
        if line.startswith("- "):
            items.append([line[2:].strip()])
        else:
            items[-1].append(line)
    return [*items]


def _block(paragraph: Json) -> Json:
    """A paragraph, or the heading or list that its first signs make of it."""
    if not isinstance(paragraph, dict) or not isinstance(paragraph["lines"], list):
        return paragraph
    lines = [str(line) for line in paragraph["lines"]]
    if len(lines) == 1 and lines[0].startswith("# "):
        return {**paragraph, "is": "heading", "lines": [lines[0][2:].strip()]}
    if lines[0].startswith("- "):
        return {**paragraph, "is": "list", "items": _items(lines)}
    return {**paragraph, "is": "paragraph"}
