"""A second reader reads exactly what would leave, or has left, with its gaps.

It is a look like any other, decided by the rules and with the reader's own keys, at the versions
and with the passages left out that stand in the duty to read (`second_reading.py`). Where the law
forbids telling of the disclosure, its line is held back with it: a look on the client's list would
tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import AngeronaError, AuthorityMoved, Unknown
from angerona.gate.announcing import Act, announced
from angerona.gate.gathering import Wish, gather
from angerona.gate.owing import LOOK, owing
from angerona.gate.paring import Choice, LeftOut, pared
from angerona.gate.reaching import NOTHING, reach_of
from angerona.gate.saying import held_until_of, line_body
from angerona.gate.unsealing import unsealed
from angerona.notices.structured import in_words
from angerona.rules.answer import Permit
from angerona.rules.decide import decide
from angerona.sealed.duties import is_owed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.gate.door import Door
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.duties import Duty
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit

READ_SECOND: Final = "to read second"
"""What the line of such a look says."""
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry as it would leave, with its gaps marked.

    `kept`: each part of its text that goes, with where it begins in the whole text, so that more
    can be left out of it (`LeftOut`).
    """

    place: EntryPlace
    entry: EntryText
    kept: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ToRead:
    """What a reader is shown, and what of it the rules or the reader's keys keep shut."""

    entries: tuple[ReadEntry, ...]
    shut: tuple[EntryPlace, ...]


def read_proposal(
    door: Door,
    visit: Visit,
    duty: Duty,
    *,
    purpose: str,
    facts: Mapping[str, bool | int | str],
) -> ToRead | AskFirst | Refuse:
    """Open what a duty to read says would leave, as far as rules and keys let its reader.

    Whether the reader may still be asked is for the caller to see (`practice/who_reads.py`).
    Raises `Unknown` for a duty that is not this person's or is not owed, `BadInput` for passages
    that are not there, and as `Door.look`.
    """
    vault, row, terms = door.vault, duty.row, duty.row.duty["terms"]
    mine = row.duty.get("reader") == visit.unlocked.person_id.hex()
    if not mine or not is_owed(vault, duty):
        raise Unknown
    versions = {(bytes.fromhex(entry), version) for entry, version, _ in terms["entries"]}
    classes = tuple(dict.fromkeys(wanted for *_, wanted in terms["entries"]))
    wish = Wish(wants=classes, purpose=purpose, facts=facts)
    for _ in range(_TRIES):
        places = vault.places(row.client_id)
        going = tuple(one for one in places if (one.entry_id, one.version) in versions)
        gathered = gather(visit, door.packs, row.client_id, wish)
        answer, reach = decide(gathered.ask, door.packs), NOTHING
        if isinstance(answer, Permit):
            seen = [one for one in going if one.wanted in answer.released and gathered.reaches(one)]
            reach = reach_of(visit, gathered.authority, answer, seen)
        said = LOOK if isinstance(answer, Permit) else "refusal"
        is_held = row.held_until is not None and row.held_until > visit.at
        until = row.held_until if is_held else held_until_of(answer, wish, visit.at)
        body = line_body(gathered, answer, what=READ_SECOND, reach=reach)
        owes = owing(gathered, answer, said, visit.at, until)
        act = Act(row.client_id, said, body, owes, held_until=until)
        try:
            written = announced(vault, act, visit.at, authority=gathered.authority.version)
        except AuthorityMoved:
            continue
        if not isinstance(answer, Permit):
            return answer
        choice = _choice(terms)
        try:
            authority = gathered.authority
            opened = unsealed(visit, authority, reach.going, permit=answer, written=written)
            shown = pared(opened, gathered, choice)
        except AngeronaError as problem:
            failed = {"by": body["by"], "announced": written.event_id.hex()}
            why = {**failed, "why": type(problem).__name__}
            act = Act(row.client_id, "failed", why, held_until=until)
            announced(vault, act, visit.at, authority=None)
            raise
        whole = {place.entry_id: in_words(text.text) for place, text in opened}
        entries = tuple(
            ReadEntry(place, text, _kept(whole[place.entry_id], choice, place.entry_id))
            for place, text in shown
        )
        return ToRead(entries, tuple(one for one in going if one not in reach.going))
    raise AuthorityMoved


def _choice(terms: Mapping[str, list[tuple[str, int, list[tuple[int, int]]]]]) -> Choice:
    return Choice(
        None,
        tuple(
            LeftOut(bytes.fromhex(entry), version, tuple((first, past) for first, past in spans))
            for entry, version, spans in terms["gaps"]
        ),
    )


def _kept(text: str, choice: Choice, entry_id: bytes) -> tuple[tuple[int, str], ...]:
    """The parts of a text that are not left out, each with where it begins."""
    spans = [span for one in choice.left_out if one.entry_id == entry_id for span in one.spans]
    ends = [0, *(past for _, past in spans)]
    starts = [*(first for first, _ in spans), len(text)]
    parts = zip(ends, starts, strict=True)
    return tuple((first, text[first:past]) for first, past in parts if first < past)
