"""Searching the records of those one treats: opened in memory, looked through, forgotten.

There is no index anywhere. Each record is read by a look of its own, with its line, so each client
can see that it was; a line of one's own says first that a search was made, and not for what.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, one_line
from angerona.gate.results import Shown
from angerona.notices.structured import in_words
from angerona.practice.caseload import known_to
from angerona.practice.watching import SEARCHED

if TYPE_CHECKING:
    from angerona.gate.door import Door
    from angerona.practice.caseload import Known
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit

CHARACTERS_MIN: Final = 3
CHARACTERS_MAX: Final = 100
HITS_MAX: Final = 200
AROUND: Final = 70
"""How much of a text is shown on either side."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where something was found: whose record, which entry, and the words around it."""

    known: Known
    place: EntryPlace
    entry: EntryText
    before: str
    found: str
    after: str


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, by client; how many records were looked through, and how many were shut."""

    hits: tuple[Hit, ...]
    looked: int
    shut: int

    @property
    def is_cut(self) -> bool:
        """Whether there was more than is given."""
        return len(self.hits) == HITS_MAX


def search(door: Door, visit: Visit, words: str) -> Searched:
    """Look for words, as they are written, in every record of whom this person treats.

    Capital letters do not count. Raises `BadInput` for less than three letters or too many.
    """
    wanted = _plain(one_line("search", words, CHARACTERS_MAX))
    if len(wanted) < CHARACTERS_MIN:
        raise BadInput("search", "is too short", f"{CHARACTERS_MIN} letters or more")
    treated = [one for one in known_to(visit) if "treating" in one.relations]
    person = visit.person
    body = {"by": person.described, "what": SEARCHED, "records": len(treated)}
    visit.vault.record(person.person_id, "look", body, visit.at)
    hits: list[Hit] = []
    shut = 0
    for known in sorted(treated, key=lambda one: (one.name.casefold(), one.client_id)):
        found = door.look(visit, known.client_id, purpose="treatment")
        if not isinstance(found, Shown):
            shut += 1
            continue
        for place, entry in found.entries:
            hit = _hit(known, place, entry, wanted)
            if hit is not None and len(hits) < HITS_MAX:
                hits.append(hit)
    return Searched(tuple(hits), len(treated) - shut, shut)


def _hit(known: Known, place: EntryPlace, entry: EntryText, wanted: str) -> Hit | None:
    """The first place in an entry where the words stand."""
    name = entry.attachment.name if entry.attachment is not None else ""
    text = " ".join(
        unicodedata.normalize("NFC", f"{entry.heading}\n{in_words(entry.text)} {name}").split()
    )
    at, end = _span(text, wanted)
    if at < 0:
        return None
    before, after = text[max(0, at - AROUND) : at], text[end : end + AROUND]
    return Hit(known, place, entry, before, text[at:end], after)


def _span(text: str, wanted: str) -> tuple[int, int]:
    """Where the words stand in a text, by the text's own letters: some grow when case is folded."""
    folded, origin = [], []
    for index, letter in enumerate(text):
        for one in letter.casefold():
            folded.append(one)
            origin.append(index)
    at = "".join(folded).find(wanted)
    if at < 0:
        return -1, -1
    return origin[at], origin[at + len(wanted) - 1] + 1


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).casefold().split())
