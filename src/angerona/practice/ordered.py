"""What a paper names, set against what would leave: each entry goes, or stays with a reason.

Nothing is asked for twice here: what goes is what the gate would release now, and of the rest the
list says why it stays. A class that is named and of which nothing stands is listed too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.gate.results import Proposed, latest
from angerona.notices.letters import law_of
from angerona.practice.speaking import asked_in, proposed, wish_of
from angerona.words import CLASSES, EVERYTHING

if TYPE_CHECKING:
    from angerona.gate.door import Door
    from angerona.practice.matters import Matter
    from angerona.sealed.vault import Visit

NOT_CHOSEN: Final = "was not chosen"
OF_THE_DAYS: Final = "was not chosen as one of the days that are named"
NO_KEY: Final = "whoever hands over holds no key for it"
NOT_RELEASED: Final = "the rules let nothing of it go"
NOTHING_THERE: Final = "nothing of it stands in the record"


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that a paper names: an entry (16 bytes) in a version, or a class without any.

    `why` is empty where it goes, and says why it stays where it does not.
    """

    of_class: str
    entry_id: bytes | None
    version: int
    why: str

    @property
    def goes(self) -> bool:
        """Whether it would leave now."""
        return not self.why


def ordered(door: Door, visit: Visit, matter: Matter) -> list[Named]:
    """What the paper names, in the order in which it was kept; nothing is opened or written.

    Raises `Unknown` where nobody was found yet.
    """
    client_id = matter.client_id
    if client_id is None:
        raise Unknown
    wish, asked = wish_of(door, matter), asked_in(matter)
    try:
        now = proposed(door, visit, matter)
    except BadInput:  # not everything that must be was chosen yet
        now = None
    going = now.going if isinstance(now, Proposed) else ()
    goes = {(one.entry_id, one.version) for one in going}
    previewed = door.preview(visit, client_id, wish)
    may_go = {one.entry_id for one in previewed.would_go}
    shut = {one.entry_id for one in previewed.unopened}
    bars: dict[str, str] = {}
    found = []
    for one in latest(visit.vault.places(client_id)):
        if one.wanted not in wish.wants:
            continue
        if one.wanted not in bars:
            answer = door.preview(visit, client_id, replace(wish, wants=(one.wanted,))).answer
            bars[one.wanted] = law_of(door.packs, answer.locks) or NOT_RELEASED
        why = bars[one.wanted]
        if (one.entry_id, one.version) in goes:
            why = ""
        elif one.entry_id in shut:
            why = NO_KEY
        elif one.entry_id in may_go:
            why = OF_THE_DAYS if asked.between else NOT_CHOSEN
        found.append(Named(one.wanted, one.entry_id, one.version, why))
    there = {one.of_class for one in found}
    named = [name for order in asked.orders for name in order["classes"] if name != EVERYTHING]
    missing = [name for name in CLASSES if name in {*named, *asked.wants} - there]
    return [*found, *(Named(name, None, 0, NOTHING_THERE) for name in missing)]
