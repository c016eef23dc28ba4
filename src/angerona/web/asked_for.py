"""Who asks for a right in a client's place: who it is, on what paper, and what the rules say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.gate.gathering import gather
from angerona.practice.answers import Told, headline
from angerona.practice.asked_for import (
    AS,
    ASKER,
    Asker,
    asker_by_word,
    asker_in,
    asker_on_file,
    is_stranger,
    weighing,
)
from angerona.practice.representatives import may_see_standing
from angerona.practice.rights import RIGHT
from angerona.rules.answer import AskFirst, Permit
from angerona.sealed.standing import STANDINGS
from angerona.web.turn import Turn, read_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.practice.matters import Matter

CLIENT: Final = "client"
NO_PLACE: Final = "representative_refused"
"""The letter to somebody who may not ask: it says neither yes nor no."""


def who_can_ask(turn: Turn, client_id: bytes) -> dict[str, str]:
    """Who may be chosen: the client, those on file for whoever may know of them, or a kind."""
    authority = turn.door.vault.authority(client_id)
    people = authority.client.standing.representatives
    on_file = {one.hex(): f"{row.name} ({STANDINGS[row.standing]})" for one, row in people.items()}
    known = on_file if may_see_standing(turn.visit, authority) else {}
    others = {name: f"somebody who says: I am {says}" for name, says in AS.items()}
    return {CLIENT: "the client", **known, **others}


def asker_of(turn: Turn, client_id: bytes) -> Asker | None:
    """Who asks, by a form; nothing where it is the client. Raises `BadInput`, `Unknown`."""
    form = turn.form
    who = form.text("who") or CLIENT
    if who == CLIENT:
        return None
    if who in AS:
        return asker_by_word(who, form.text("asker"), form.text("paper"))
    return asker_on_file(turn.visit, client_id, read_id(who))


def more_of_asker(turn: Turn, client_id: bytes) -> dict[str, object]:
    """What a right holds besides where somebody else asks for it."""
    one = asker_of(turn, client_id)
    return {} if one is None else {ASKER: one.as_json()}


def says_of(turn: Turn, matter: Matter) -> dict[str, object]:
    """What the page of a right says of who asks: nothing of it where the client does."""
    asker = asker_in(matter.content)
    if asker is None:
        return {"asker": None, "is_stranger": False}
    client_id, wish = matter.client_id or b"", weighing(turn.door, matter)
    answer = turn.door.preview(turn.visit, client_id, wish).answer
    gathered = gather(turn.visit, turn.door.packs, client_id, wish)
    people = who_can_ask(turn, client_id)
    return {
        "asker": asker,
        "asks_as": AS[asker.to],
        "people_who_ask": {name: says for name, says in people.items() if name != CLIENT},
        "who": asker.on_file.hex() or asker.to,
        "headline": headline(Told(gathered.ask, answer, turn.door.packs)),
        "because": answer.because,
        "is_open": isinstance(answer, AskFirst),
        "is_stranger": not isinstance(answer, Permit),
    }


def addressee(matter: Matter) -> str:
    """To whom the letter goes, by name."""
    asker = asker_in(matter.content)
    return asker.name if asker else matter.client


def letter_kind(
    turn: Turn, matter: Matter, outcome: str, usual: Mapping[tuple[str, str], str]
) -> str:
    """The kind of the letter, or nothing: who may not ask here reads what a stranger reads."""
    if outcome == "refused" and is_stranger(turn.door, turn.visit, matter):
        return NO_PLACE
    return usual.get((matter.content[RIGHT], outcome), "")
