"""Speaking: what a matter asks of the gate, question by question, up to exactly what leaves.

A request, a danger and a suspicion of abuse come to the same point: somebody is to be told
something, or is not. Here stands what they share: what is asked, what was found out so far, which
entries and passages were chosen, and the way from there to a packet.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, Unknown, one_line, one_of
from angerona.gate.gathering import CLOSING, Wish, gather
from angerona.gate.paring import LeftOut, is_sparing, merged
from angerona.gate.results import Proposed
from angerona.gate.second_reading import AGREED, agreements, proposal_digest
from angerona.practice.answers import Told
from angerona.practice.matters import Step, advance
from angerona.practice.second_readers import Leaving
from angerona.rules.answer import Permit
from angerona.rules.ask import read_facts
from angerona.rules.durations import after
from angerona.sealed.zones import noted
from angerona.words import CLASSES, INSTRUMENTS, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.gate.results import Previewed
    from angerona.practice.matters import Matter
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.duties import Duty
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit

NAME_CHARACTERS_MAX: Final = 200
OWN_ASKING: Final = frozenset({"none", "own_initiative", "client_agreement"})
"""Papers under which the purpose is the practice's own; under any other the asker states it."""
RECEIVED: Final = (
    *("request", "the request", "written request", "the agency's request", "receipt"),
    *("receipt, identity or clarification", "complete application", "service", "order"),
)
"""The packs' words for the moment in which a request came in, from which a time limit can run."""

_ALIKE: Final = ("'\u2018\u2019\u02bc", "-\u2010\u2011\u2013")
"""Signs that are written for one another: apostrophes, and hyphens."""
_UNSEEN: Final = "[\u00ad\u200b-\u200d\u2060]*"
"""What can stand inside a word, and nobody sees: where it may break, and where not."""
_MARKS: Final = "\u0300-\u036f"

Value = bool | int | str


class Passages(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What does not go of an entry: its id in digits, its version, the spans (`gate.paring`)."""

    entry: str
    version: int
    spans: tuple[tuple[int, int], ...]


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of the gate in a matter, and what was found out and chosen so far.

    `to`, `purpose`, `instrument` and `wants` are words of `words.py`; no class named means all that
    stand in the record. `name` is who asks or is told, `reach` how they are reached, `reference`
    their sign, `about` whom they named where nobody was found yet, `answer_by` when they want it.
    `asker` is the id in digits of a representative on file, `party` that of the party of a joint
    record who asks for own words.
    `unknown` are facts of which somebody said that they are not known. `chosen` are ids of entries
    in digits, once somebody chose; `blanks` fill statements; `more` is what a kind of matter keeps
    besides. `moments`: when things began, by the words of the packs, where it was not with the
    receipt of a request. `in_camera`: what leaves is for the judge alone.
    """

    to: str
    purpose: str
    instrument: str
    received: datetime.datetime
    wants: tuple[str, ...] = ()
    name: str = ""
    reach: str = ""
    reference: str = ""
    about: str = ""
    asker: str = ""
    party: str = ""
    between: tuple[datetime.date, datetime.date] | None = None
    answer_by: datetime.datetime | None = None
    hold_until: datetime.datetime | None = None
    facts: dict[str, Value] = {}
    unknown: tuple[str, ...] = ()
    orders: tuple[dict[str, Any], ...] = ()
    chosen: tuple[str, ...] | None = None
    passages: tuple[Passages, ...] = ()
    blanks: dict[str, str] = {}
    moments: dict[str, datetime.datetime] = {}
    in_camera: bool = False
    more: dict[str, Any] = {}

    @property
    def recipient(self) -> str:
        """Who it is in words, for the ledger and the packet."""
        return self.name or RECIPIENTS[self.to]

    def content(self) -> dict[str, object]:
        """As a matter keeps it."""
        made: dict[str, object] = msgspec.to_builtins(self)
        return made

    def said(self) -> dict[str, object]:
        """What a line says of it."""
        return {
            "to": self.to,
            "recipient": self.recipient,
            "purpose": self.purpose,
            "instrument": self.instrument,
            **({"wanted": list(self.wants)} if self.wants else {}),
            **({"in_camera": True} if self.in_camera else {}),
        }


@dataclass(frozen=True, slots=True)
class Question:
    """What decides next: a fact, as it is asked for, and the answers that it takes."""

    fact: str
    says: str
    type: str
    values: tuple[str, ...] = ()


def checked(asked: Asked) -> Asked:
    """The same, once its words are those of the lists. Raises `BadInput`."""
    for place, word, allowed in (
        ("who asks", asked.to, RECIPIENTS),
        ("what for", asked.purpose, PURPOSES),
        ("on what", asked.instrument, INSTRUMENTS),
        *(("what is asked for", one, CLASSES) for one in asked.wants),
    ):
        if word not in allowed:
            raise BadInput(place, "is none of the choices", one_of(allowed, word))
    lines = {
        place: one_line(place, said, NAME_CHARACTERS_MAX) if said else ""
        for place, said in (
            ("name", asked.name),
            ("reach", asked.reach),
            ("reference", asked.reference),
            ("about", asked.about),
        )
    }
    if asked.between is not None and asked.between[0] > asked.between[1]:
        raise BadInput("days", "end before they begin", "the first day, then the last")
    return msgspec.structs.replace(asked, **lines)


def asked_in(matter: Matter) -> Asked:
    """What is asked in a matter. Raises `BadInput` for one that another release wrote otherwise."""
    try:
        return msgspec.convert(matter.content, Asked)
    except msgspec.ValidationError:
        raise BadInput("matter", "is not one that this release reads") from None


def wish_of(door: Door, matter: Matter) -> Wish:
    """What a matter wishes of the gate. Raises `Unknown` where nobody was found yet.

    Where it is an open question whether the client may be told, what leaves is held back as long
    as the matter is.
    """
    wish = wish_for(door, asked_in(matter), _client(matter))
    return replace(wish, hold_until=matter.held_until or wish.hold_until)


def wish_for(door: Door, asked: Asked, client_id: bytes) -> Wish:
    """The same of what is asked, also where no matter has begun yet."""
    there = () if asked.wants else [one.wanted for one in door.vault.places(client_id)]
    own = asked.instrument in OWN_ASKING
    return Wish(
        wants=asked.wants or tuple(dict.fromkeys(there)) or tuple(CLASSES),
        purpose=asked.purpose,
        to=asked.to,
        instrument=asked.instrument,
        purpose_by="practice" if own else "asker",
        facts=asked.facts,
        orders=asked.orders,
        hold_until=asked.hold_until,
        moments=asked.moments or dict.fromkeys(RECEIVED, asked.received),
        between=asked.between,
        asker=bytes.fromhex(asked.asker) if asked.asker else None,
        party=bytes.fromhex(asked.party) if asked.party else None,
        unsettled=bool(asked.more.get("unsettled")),
        in_camera=asked.in_camera,
    )


def told(door: Door, visit: Visit, matter: Matter) -> Told:
    """What the rules say to a matter now, for whoever asks. Nothing is opened or written."""
    wish, client_id = wish_of(door, matter), _client(matter)
    ask = gather(visit, door.packs, client_id, wish).ask
    return Told(ask, door.preview(visit, client_id, wish).answer, door.packs)


def next_question(found: Told, asked: Asked) -> Question | None:
    """The fact that decides most of those nobody said anything about; nothing where none is left.

    What must be signed by a lawyer is no question that anybody here can answer.
    """
    for name in found.answer.questions:
        fact = found.packs.facts.get(name)
        if fact is not None and name not in asked.unknown:
            return Question(name, fact.ask, fact.type, fact.values)
    return None


def found_out(
    door: Door, visit: Visit, matter: Matter, facts: Mapping[str, Value | None]
) -> Matter:
    """Keep what was found out; `None` says that it is not known, and is not asked again.

    The matter is due when the rules then say so, or when whoever asks does, if that is sooner. The
    line names the facts and not their values; nor those by which the client may not be told, for
    that such a thing was asked about would tell. Raises `BadAsk` for what no pack asks.
    """
    asked = asked_in(matter)
    read_facts(dict(facts), door.packs.facts)
    known = {name: value for name, value in asked.facts.items() if name not in facts}
    known |= {name: value for name, value in facts.items() if value is not None}
    unknown = [name for name in asked.unknown if name not in facts]
    unknown += [name for name, value in facts.items() if value is None]
    now = msgspec.structs.replace(asked, facts=known, unknown=tuple(unknown))
    due = due_of(door, visit, matter.client_id, now)
    return _on(visit, matter, now, "answered what the rules ask", due=due, facts=tuple(facts))


def ask_again(door: Door, visit: Visit, matter: Matter, name: str) -> Matter:
    """Take back what was said of a fact, and that it is not known: it is a question once more."""
    asked = asked_in(matter)
    now = msgspec.structs.replace(
        asked,
        facts={one: value for one, value in asked.facts.items() if one != name},
        unknown=tuple(one for one in asked.unknown if one != name),
    )
    due = due_of(door, visit, matter.client_id, now)
    return _on(visit, matter, now, "took an answer back", due=due, facts=(name,))


def due_of(
    door: Door, visit: Visit, client_id: bytes | None, asked: Asked
) -> datetime.datetime | None:
    """By when an answer is due: as the asker says, or as the rules do, whichever is sooner.

    Of the rules count the deadlines that are sure and run from when it was asked.
    """
    named = [] if asked.answer_by is None else [asked.answer_by]
    if client_id is not None:
        wish, zone = wish_for(door, asked, client_id), door.vault.practice().zone
        for one in door.preview(visit, client_id, wish).answer.duties:
            start = wish.moments.get(one.due_from)
            if one.kind == "deadline" and one.mode == "required" and one.sure and one.due and start:
                here = start.astimezone(zone)
                ends = after(one.due, here, working=one.days == "working")
                named.append(ends.astimezone(datetime.UTC))
    return min(named, default=None)


def choose(visit: Visit, matter: Matter, entry_ids: Iterable[bytes]) -> Matter:
    """Keep which entries are to go; passages of others are left out no more.

    Raises `BadInput` for none.
    """
    asked, chosen = asked_in(matter), tuple(dict.fromkeys(one.hex() for one in entry_ids))
    if not chosen:
        raise BadInput("entries", "are not chosen", "one at least; or refuse")
    passages = tuple(one for one in asked.passages if one.entry in chosen)
    now = msgspec.structs.replace(asked, chosen=chosen, passages=passages)
    return _on(visit, matter, now, "chose what is to go")


def leave_out(visit: Visit, matter: Matter, left: LeftOut) -> Matter:
    """Keep which passages of an entry do not go; none at all, where there is no span."""
    asked = asked_in(matter)
    others = tuple(one for one in asked.passages if one.entry != left.entry_id.hex())
    if left.spans:
        one = Passages(entry=left.entry_id.hex(), version=left.version, spans=left.spans)
        others = (*others, one)
    now = msgspec.structs.replace(asked, passages=others)
    return _on(visit, matter, now, "marked passages that do not go")


def leaving_of(door: Door, matter: Matter) -> Leaving:
    """What is to leave, as far as it was chosen. Raises `Unknown` where nobody was found yet."""
    asked = asked_in(matter)
    chosen = None if asked.chosen is None else frozenset(map(bytes.fromhex, asked.chosen))
    left_out = tuple(
        LeftOut(bytes.fromhex(one.entry), one.version, one.spans) for one in asked.passages
    )
    return Leaving(
        wish=wish_of(door, matter),
        recipient=asked.recipient,
        entry_ids=chosen,
        left_out=left_out,
    )


def proposed(door: Door, visit: Visit, matter: Matter) -> Proposed | AskFirst | Refuse:
    """What exactly would leave now. Raises as `Door.proposed`."""
    leaving, client_id = leaving_of(door, matter), _client(matter)
    return door.proposed(
        visit, client_id, leaving.wish, leaving.choice, recipient=leaving.recipient
    )


def is_agreed(visit: Visit, matter: Matter, found: Proposed) -> bool:
    """Whether a second reader has agreed to exactly this."""
    vault, client_id = visit.vault, _client(matter)
    named = proposal_digest(vault.practice_id, client_id, found.terms)
    with vault.store.snapshot() as reading:
        there = agreements(vault, reading, client_id)
    return any(
        one.row.duty["id"] == AGREED
        and one.row.duty["proposal"] == named
        and one.row.by == visit.unlocked.person_id
        and one.row.due is not None
        and visit.at < one.row.due
        for one in there
    )


def agreed_to_less(visit: Visit, matter: Matter, found: Proposed) -> list[Duty]:
    """What readers agreed to of the same wish, in place of exactly this, and can leave now.

    The newest last. What was asked for otherwise, or of another matter, is none of it.
    """
    vault, asked = visit.vault, _of_the_wish(found.terms)
    with vault.store.snapshot() as reading:
        there = agreements(vault, reading, _client(matter))
    mine = [
        one
        for one in there
        if one.row.by == visit.unlocked.person_id
        and one.row.due is not None
        and visit.at < one.row.due
        and _of_the_wish(one.row.duty["terms"]) == asked
        and _chosen_in(one.row.duty["terms"]) != _chosen_in(found.terms)
    ]
    return sorted(mine, key=lambda one: one.row.at)


def take_as_agreed(door: Door, visit: Visit, matter: Matter, duty_id: bytes) -> Matter:
    """Choose exactly the entries and passages that a reader agreed to.

    Raises `Unknown` for what is not of this matter, or can leave no more.
    """
    found = proposed(door, visit, matter)
    if not isinstance(found, Proposed):
        raise Unknown
    agreed = [one for one in agreed_to_less(visit, matter, found) if one.duty_id == duty_id]
    if not agreed:
        raise Unknown
    leaving = leaving_of(door, matter).as_agreed(agreed[0].row.duty["terms"])
    now = msgspec.structs.replace(
        asked_in(matter),
        chosen=tuple(sorted(one.hex() for one in leaving.entry_ids or ())),
        passages=tuple(
            Passages(entry=one.entry_id.hex(), version=one.version, spans=one.spans)
            for one in leaving.left_out
        ),
    )
    return _on(visit, matter, now, "took over what the second reader agreed to")


def _of_the_wish(terms: Mapping[str, Any]) -> str:
    """A proposal without what was chosen of it, to be compared."""
    said = {name: value for name, value in terms.items() if name not in {"entries", "gaps"}}
    return msgspec.json.encode(said, order="sorted").decode()


def _chosen_in(terms: Mapping[str, Any]) -> str:
    chosen = [sorted(terms[name]) for name in ("entries", "gaps")]
    return msgspec.json.encode(chosen).decode()


def sparing(previewed: Previewed) -> tuple[EntryPlace, ...]:
    """Of what goes only where it is chosen, that of which only the least that serves may go.

    The rest is whole: what an order names of its days, for one.
    """
    answer = previewed.answer
    return tuple(
        one
        for one in previewed.to_choose
        if not isinstance(answer, Permit) or is_sparing(answer, one)
    )


def least(found: Iterable[EntryPlace], to_choose: Iterable[EntryPlace]) -> frozenset[bytes]:
    """What is ticked before anybody chose: what was named, and of the rest the last of each class.

    `found`: what may go, in the order it was kept; `to_choose`: those of which the least that
    serves goes.
    """
    some = {one.entry_id for one in to_choose}
    newest: dict[str, bytes] = {}
    ticked = set()
    for one in found:
        if one.entry_id in some:
            newest[one.wanted] = one.entry_id
        else:
            ticked.add(one.entry_id)
    return frozenset(ticked | set(newest.values()))


def of_the_days(
    asked: Asked,
    found: Iterable[EntryPlace],
    words: Mapping[bytes, EntryText],
    zone: datetime.tzinfo,
) -> tuple[EntryPlace, ...]:
    """Those written on the days that are asked for, and those of which nobody here knows when."""

    def is_of_them(entry_id: bytes) -> bool:
        if asked.between is None or entry_id not in words:
            return True
        return asked.between[0] <= noted(words[entry_id].written, zone).date() <= asked.between[1]

    return tuple(one for one in found if is_of_them(one.entry_id))


def spans_of(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where words stand in a text, as whole words: the same letters, however they were written.

    Capitals, accents of their own, kinds of apostrophe and hyphen, and where a line breaks do not
    count. A mark over a letter goes with its letter.
    """
    found = set()
    for word in words:
        if parts := unicodedata.normalize("NFC", word).split():
            spelt = r"\s+".join(_UNSEEN.join(map(_letter, part)) for part in parts)
            whole = rf"(?<!\w){spelt}(?![\w{_MARKS}])"
            found |= {one.span() for one in re.finditer(whole, text, flags=re.IGNORECASE)}
    return merged(found)


def _letter(letter: str) -> str:
    """A pattern for a letter, in one character or with its marks after it."""
    for alike in _ALIKE:
        if letter in alike:
            return f"[{re.escape(alike)}]"
    apart = unicodedata.normalize("NFD", letter)
    return re.escape(letter) if apart == letter else f"(?:{re.escape(letter)}|{re.escape(apart)})"


def keep_asked(visit: Visit, matter: Matter, asked: Asked, what: str) -> Matter:
    """Keep what is asked in a matter, put otherwise; `what` says what was done, in the past tense.

    Raises `BadInput` for a word on no list.
    """
    return _on(visit, matter, checked(asked), what)


def _on(
    visit: Visit,
    matter: Matter,
    asked: Asked,
    what: str,
    *,
    due: datetime.datetime | None = None,
    facts: tuple[str, ...] = (),
) -> Matter:
    named = [name for name in facts if name not in CLOSING]
    said = {**asked.said(), **({"facts": named} if named else {})}
    return advance(visit, matter, Step(what=what, said=said, content=asked.content(), due=due))


def _client(matter: Matter) -> bytes:
    if matter.client_id is None:
        raise Unknown
    return matter.client_id
