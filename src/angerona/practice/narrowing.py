"""Narrowing: of a paper that asks for too much, an answer with what may go, made in one step.

It proposes nothing that the gate would not release, and is chosen like anything else that leaves:
looked at last, read by a second reader where one is owed. Why the rest stays is for the practice;
the letter that goes with it does not say what there is besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.errors import Unknown
from angerona.gate.reaching import classes_of
from angerona.gate.results import Shown
from angerona.notices.letters import fitting_letters, law_of
from angerona.packs.texts import Occasion, load_texts
from angerona.practice.preparing import look_at
from angerona.practice.speaking import asked_in, choose, least, of_the_days, sparing, wish_of
from angerona.rules.answer import Permit
from angerona.words import CLASSES

if TYPE_CHECKING:
    import datetime

    from angerona.gate.door import Door
    from angerona.gate.results import Previewed
    from angerona.practice.matters import Matter
    from angerona.sealed.vault import Visit


@dataclass(frozen=True, slots=True)
class Narrower:
    """What a narrowed answer would be: the classes that go, those that stay, by which law.

    `asked` are the classes asked for, none for everything; `between` the days that they are of.
    """

    asked: tuple[str, ...]
    goes: tuple[str, ...]
    stays: tuple[str, ...]
    law: str
    between: tuple[datetime.date, datetime.date] | None


def narrower(door: Door, visit: Visit, matter: Matter) -> Narrower | None:
    """The narrowed answer to what asks for too much; nothing where all of it goes, or none.

    Nothing is opened or written.
    """
    if matter.client_id is None:
        return None
    asked, previewed = asked_in(matter), _previewed(door, visit, matter)
    answer, goes = previewed.answer, _in_order(classes_of(previewed.would_go))
    if not isinstance(answer, Permit) or not goes:
        return None
    wanted = _in_order(wish_of(door, matter).wants)
    stays = tuple(one for one in wanted if one not in answer.released)
    if not stays and not asked.between:
        return None
    return Narrower(asked.wants, goes, stays, law_of(door.packs, answer.locks), asked.between)


def narrow(door: Door, visit: Visit, matter: Matter) -> Matter:
    """Choose what a narrowed answer would be: of the days named, the least that serves.

    Where days are named it is a look at what may go. Raises `BadInput` where nothing may, and as
    `preparing.look_at`.
    """
    asked, previewed = asked_in(matter), _previewed(door, visit, matter)
    going, words = previewed.would_go, {}
    if asked.between and going:
        shown = look_at(door, visit, matter, [one.entry_id for one in going])
        if isinstance(shown, Shown):
            words = {place.entry_id: text for place, text in shown.entries}
        going = of_the_days(asked, going, words, door.vault.practice().zone)
    return choose(visit, matter, least(going, sparing(previewed)))


def letter_that_narrows(door: Door, visit: Visit, matter: Matter) -> str:
    """The id of the letter for a narrowed answer; empty where nothing is narrower."""
    if narrower(door, visit, matter) is None:
        return ""
    asked = asked_in(matter)
    occasion = Occasion(
        packs=door.vault.practice().row.packs,
        outcome="permit",
        to=asked.to,
        purpose=asked.purpose,
        instrument=asked.instrument,
    )
    return next((one.id for one in fitting_letters(load_texts(), "narrowing", occasion)), "")


def _previewed(door: Door, visit: Visit, matter: Matter) -> Previewed:
    if matter.client_id is None:
        raise Unknown
    return door.preview(visit, matter.client_id, wish_of(door, matter))


def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in CLASSES if one in names)
