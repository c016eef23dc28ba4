"""Step 5 of the path: what is handed over is pared to what its scope lets go, and to passages.

Each item of a Permit has a scope. **named**: every entry of what was named goes. **ordered**: as
named, and of the classes that the order names, if there is an order document. **minimum**: the
least that serves, which no rule can tell: somebody must have chosen the entries. Where a wish names
days, only entries written then go, and they must have been chosen, for nobody knows from outside
when an entry was written. What is left out of an entry leaves a mark; a text is never closed over a
gap (docs/adr/0019-gaps-are-marked.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput
from angerona.notices.structured import in_words
from angerona.rules.orders import naming
from angerona.sealed.passages import others_than
from angerona.sealed.zones import noted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from angerona.gate.gathering import Gathered
    from angerona.rules.answer import Permit
    from angerona.sealed.entries import EntryPlace, EntryText

GAP: Final = "[...]"
"""What stands in a text for a passage that was left out. It says nothing of what, or why."""


HEADING: Final = "Session"
"""What stands above the words of one party of a joint record, whatever stood there."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Passages of an entry that do not go: in this version, from each first character to its past.

    Characters are counted from 0 as Python counts them, of an entry whose text is data in what a
    person reads (`notices/structured.py: in_words`); spans come in order and do not overlap.
    """

    entry_id: bytes
    version: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for a release: entries (all, if nothing), and passages left out."""

    entry_ids: frozenset[bytes] | None = None
    left_out: tuple[LeftOut, ...] = ()


def merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that touch or overlap as one."""
    out: list[tuple[int, int]] = []
    for first, past in sorted(spans):
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(past, out[-1][1]))
        else:
            out.append((first, past))
    return tuple(out)


def is_ordered(gathered: Gathered, permit: Permit, place: EntryPlace) -> bool:
    """Whether the scope lets a class go: of what is ordered, what an order document names."""
    if permit.scopes.get(place.wanted) != "ordered" or not gathered.ask.orders:
        return True
    return bool(naming(gathered.ask, place.wanted))


def to_choose(
    gathered: Gathered, permit: Permit, going: Iterable[EntryPlace]
) -> tuple[EntryPlace, ...]:
    """Which of these go only where somebody chose them; the others are preselected."""
    if gathered.wish.between is not None or gathered.wish.party is not None:
        return tuple(going)
    return tuple(one for one in going if is_sparing(permit, one))


def is_sparing(permit: Permit, place: EntryPlace) -> bool:
    """Whether of its class only the least that serves may go."""
    return permit.scopes.get(place.wanted, "minimum") == "minimum"


def check_choice(
    gathered: Gathered, permit: Permit, going: Sequence[EntryPlace], choice: Choice
) -> None:
    """Raise `BadInput` for what cannot be released so, before anything is announced."""
    if choice.entry_ids is None and to_choose(gathered, permit, going):
        allowed = "the ids of those that serve"
        raise BadInput("entries", "are not chosen, and not all of them may go", allowed)
    versions = {one.entry_id: one.version for one in going}
    for index, one in enumerate(choice.left_out):
        where = f"passages[{index}]"
        if versions.pop(one.entry_id, None) != one.version:
            allowed = "the version that is released, each entry once"
            raise BadInput(where, "is of no entry that goes, or of another version", allowed)
        ends = [(0, 0), *one.spans]
        in_order = all(before[1] <= after[0] < after[1] for before, after in pairwise(ends))
        if one.entry_id in gathered.statements:
            raise BadInput(where, "is of a statement about an entry", "the statement, whole")
        if not one.spans or not in_order:
            raise BadInput(where, "is empty, backwards or overlaps", "spans in order")


def pared(
    opened: Iterable[tuple[EntryPlace, EntryText]], gathered: Gathered, choice: Choice
) -> tuple[tuple[EntryPlace, EntryText], ...]:
    """What was opened, without what does not go. Raises `BadInput` where it cannot be so.

    An entry of which passages are left out goes without its file, and data goes as text: with a
    hole in it, it would be data no more, or other data.
    """
    left_out = {one.entry_id: one for one in choice.left_out}
    out: list[tuple[EntryPlace, EntryText]] = []
    for place, text in opened:
        between, day = gathered.wish.between, noted(text.written, gathered.zone).date()
        is_along = place.entry_id in gathered.statements
        if between is not None and not is_along and not between[0] <= day <= between[1]:
            raise BadInput("entries", "one was not written on the days named", "those alone")
        chosen = left_out.get(place.entry_id)
        spans = () if chosen is None else chosen.spans
        pares = text
        if gathered.wish.party is not None:
            pares, spans = _of_one(text, gathered.wish.party, spans)
        out.append((place, _with_gaps(pares, spans) if spans else pares))
    return _beside(out, gathered)


def _beside(
    entries: Sequence[tuple[EntryPlace, EntryText]], gathered: Gathered
) -> tuple[tuple[EntryPlace, EntryText], ...]:
    """The entries, what is stated about one right behind it."""
    there = {place.entry_id for place, _ in entries}
    about = {
        one.statement_id: one.entry_id
        for one in gathered.authority.client.statements
        if one.entry_id in there
    }
    out = []
    for place, text in entries:
        if place.entry_id not in about:
            out.append((place, text))
            out += [one for one in entries if about.get(one[0].entry_id) == place.entry_id]
    return tuple(out)


def _of_one(
    entry: EntryText, party: bytes, spans: tuple[tuple[int, int], ...]
) -> tuple[EntryText, tuple[tuple[int, int], ...]]:
    """An entry of a joint record for one party alone, and what is left out for it.

    The heading may speak of anybody, and goes; so does the file, and what says whose words they
    are. Raises `BadInput` for an entry in which the party has no words.
    """
    length = len(in_words(entry.text))
    found = sorted((*spans, *others_than(party, entry.of, length)))
    if all(one.of != party for one in entry.of):
        raise BadInput("entries", "one holds no words of this party", "those that do")
    merged = list[tuple[int, int]]()
    for first, past in found:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(past, merged[-1][1]))
        else:
            merged.append((first, past))
    bare = msgspec.structs.replace(entry, heading=HEADING, attachment=None, of=())
    return bare, tuple(merged)


def _with_gaps(entry: EntryText, spans: tuple[tuple[int, int], ...]) -> EntryText:
    text, last = in_words(entry.text), spans[-1][1]
    if last > len(text):
        raise BadInput("passages", "end after the text does", "its characters")
    kept, at = list[str](), 0
    for first, past in spans:
        if kept and first == at:
            at = past  # it begins where the one before ends: one gap
            continue
        kept += [text[at:first], GAP]
        at = past
    kept.append(text[at:])
    if not "".join(part for part in kept if part != GAP).strip():
        raise BadInput("passages", "leave nothing of an entry", "leave out the entry")
    return msgspec.structs.replace(entry, text="".join(kept), attachment=None, of=())
