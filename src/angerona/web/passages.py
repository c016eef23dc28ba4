"""The passages of an entry that do not go: marked sentence by sentence, with what is suggested."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.gate.paring import GAP, LeftOut, merged
from angerona.notices.structured import in_words
from angerona.practice.redacting import sentences, suggestions
from angerona.practice.speaking import asked_in, leave_out, spans_of
from angerona.web.speaking import entry_of, matter_of, out_of
from angerona.web.turn import MEMBER, Moved, Page, Route

if TYPE_CHECKING:
    from angerona.practice.redacting import Suggestion
    from angerona.web.turn import Result, Turn

WORDS_MAX: Final = 100
"""How many names or phrases are looked for at once."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of an entry, what is left out of it so far, and what might not have to go."""

    span: tuple[int, int]
    text: str
    is_out: bool
    hints: tuple[Suggestion, ...]


def passages(turn: Turn, problem: BadInput | None = None) -> Result:
    """An entry sentence by sentence: what does not go, and what might not have to."""
    matter, form = matter_of(turn), turn.form
    place, entry = entry_of(turn, matter)
    text, out = in_words(entry.text), out_of(matter, place)
    typed = out
    if problem is not None and form.text("version") == str(place.version):
        with contextlib.suppress(BadInput):
            typed = tuple(sorted(_ticked(turn, len(text))))
    hints = suggestions(turn.visit, matter.duty.row.client_id, text)
    pieces = [
        Piece(
            span,
            text[span[0] : span[1]],
            any(first <= span[0] and span[1] <= past for first, past in typed),
            tuple(one for one in hints if span[0] <= one.span[0] < span[1]),
        )
        for span in sentences(text)
    ]
    says = {
        "matter": matter,
        "asked": asked_in(matter),
        "place": place,
        "entry": entry,
        "pieces": pieces,
        "out": typed,
        "others": [(one, text[one[0] : one[1]]) for one in typed if one not in _shown(pieces)],
        "words": form.text("words"),
        "goes": _gapped(text, out),
        "problem": problem,
    }
    return Page("matter_passages.html", says, 422 if problem else 200)


def left_out(turn: Turn) -> Result:
    """Keep which sentences and words of an entry do not go."""
    matter, form = matter_of(turn), turn.form
    place, entry = entry_of(turn, matter)
    text = in_words(entry.text)
    if form.text("version") != str(place.version):
        raise BadInput("passages", "are of another version: it was changed meanwhile", "this one's")
    words = [one for one in form.text("words").split("\n") if one.strip()]
    if len(words) > WORDS_MAX:
        raise BadInput("words", "are too many at once", f"{WORDS_MAX} lines")
    found = [spans_of(text, [one]) for one in words]
    if not all(found):
        raise BadInput("words", "stand nowhere in it, some of them", "words as they stand there")
    spans = _ticked(turn, len(text)) | {one for some in found for one in some}
    left = LeftOut(place.entry_id, place.version, merged(spans))
    if left.spans and not _gapped(text, left.spans).replace(GAP, "").strip():
        raise BadInput("passages", "leave nothing of it", "leave out the whole entry instead")
    matter = leave_out(turn.visit, matter, left)
    about = f"/matters/{matter.matter_id.hex()}"
    if form.text("then") == "look":
        return Moved(f"{about}/entries/{place.entry_id.hex()}", done="passages")
    return Moved(f"{about}/choose", done="passages")


def _gapped(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """A text as it goes."""
    kept, at = list[str](), 0
    for first, past in spans:
        kept += [text[at:first], GAP]
        at = past
    return "".join([*kept, text[at:]])


def _ticked(turn: Turn, most: int) -> set[tuple[int, int]]:
    given = (*turn.form.several("out"), *turn.form.several("hint"))
    return {_span(one, most) for one in given}


def _shown(pieces: list[Piece]) -> set[tuple[int, int]]:
    """The spans that have a box of their own: a sentence, and a hint where its sentence goes."""
    hints = {hint.span for one in pieces if not one.is_out for hint in one.hints}
    return {one.span for one in pieces} | hints


def _span(given: str, most: int) -> tuple[int, int]:
    first, _, past = given.partition("-")
    if not (first.isascii() and first.isdigit() and past.isascii() and past.isdigit()):
        raise BadInput("passages", "are no places in the text", "those that the page shows")
    span = (int(first[:9]), int(past[:9]))
    if not span[0] < span[1] <= most:
        raise BadInput("passages", "end after the text does", "those that the page shows")
    return span


ROUTES: Final = (
    Route(method="GET", path="/matters/{matter}/entries/{entry}", do=passages, face=MEMBER),
    Route(
        method="POST",
        path="/matters/{matter}/entries/{entry}",
        do=left_out,
        face=MEMBER,
        again=passages,
    ),
)
