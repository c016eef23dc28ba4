"""What a disclosure would hand over: looked at before, with nothing opened and no line written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, one_line
from angerona.gate.paring import to_choose
from angerona.gate.reaching import disclosed, named_and_stated, released, withheld
from angerona.gate.results import Previewed, Proposed, latest
from angerona.gate.saying import held_until_of
from angerona.gate.second_reading import is_awaited, proposal_of, seen_of
from angerona.rules.answer import Permit

if TYPE_CHECKING:
    from angerona.gate.gathering import Gathered, Wish
    from angerona.gate.paring import Choice
    from angerona.rules.answer import Answer
    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Visit

RECIPIENT_CHARACTERS_MAX: Final = 200
INSIDE: Final = "workforce"
COURT: Final = "court"


def check_recipient(wish: Wish, recipient: str) -> str:
    """Who it goes to, in one line. Raises `BadInput`, also for a colleague: that is a look."""
    if wish.to == INSIDE:
        raise BadInput("recipient", "is a colleague, to whom nothing leaves", "somebody outside")
    if wish.in_camera and wish.to != COURT:
        raise BadInput("recipient", "is no court, and a judge alone may read it", "a court")
    return one_line("recipient", recipient, RECIPIENT_CHARACTERS_MAX)


def previewed(visit: Visit, packs: Packs, gathered: Gathered, answer: Answer) -> Previewed:
    """What would go, where it is permitted; without a Permit no entry is named."""
    if not isinstance(answer, Permit):
        return Previewed(answer, (), ())
    places = latest(visit.vault.places(gathered.authority.client_id))
    reach = disclosed(visit, gathered, answer, places, chosen=None)
    going = reach.going
    stays, chosen = withheld(gathered, answer, places), to_choose(gathered, answer, going)
    waits = is_awaited(answer, packs, reach.classes)
    return Previewed(answer, going, stays, reach.unopened, chosen, waits)


def proposed(
    visit: Visit, packs: Packs, said: tuple[Gathered, Permit], choice: Choice, recipient: str
) -> Proposed:
    """What exactly would leave by a choice. Raises `BadInput`."""
    gathered, answer = said
    rows = visit.vault.places(gathered.authority.client_id)
    places = named_and_stated(gathered.authority, rows, choice.entry_ids)
    reach = released(visit, choice, gathered, answer, places)
    if choice.entry_ids and not reach.going:
        raise BadInput("entries", "are chosen of which none may go", "those that may")
    what = check_recipient(gathered.wish, recipient)
    terms = proposal_of(gathered, reach, choice, what)
    held_until = held_until_of(answer, gathered.wish, visit.at)
    seen, waits = seen_of(gathered, answer, terms), is_awaited(answer, packs, reach.classes)
    return Proposed(gathered, answer, terms, seen, held_until, reach.going, is_awaited=waits)
