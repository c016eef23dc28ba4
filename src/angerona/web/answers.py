"""An Answer that is no yes, as a page: what decides, what one may do instead, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.gate.gathering import Wish, gather
from angerona.practice.answers import Told, headline, question
from angerona.rules.answer import AskFirst
from angerona.web.turn import READS, Page, faces_of

if TYPE_CHECKING:
    from angerona.gate.keeping import Draft
    from angerona.rules.answer import Answer
    from angerona.web.turn import Turn

FACT: Final = "fact:"
"""How the fields are named in which somebody answers what an Answer asks."""
ANSWER: Final = "answer.html"
_SAID: Final = {"yes": True, "no": False}


def stated(turn: Turn) -> dict[str, bool | int | str]:
    """What somebody answered to the questions of an earlier Answer. Raises `BadInput`."""
    facts: dict[str, bool | int | str] = {}
    for name in turn.form.fields:
        said = turn.form.text(name)
        if not name.startswith(FACT) or not said:
            continue
        fact = name.removeprefix(FACT)
        if fact not in turn.door.packs.facts:
            raise BadInput("an answer", "answers no question that is asked here")
        facts[fact] = _value(said)
    return facts


def as_kept(draft: Draft) -> Wish:
    """What was wished by whoever wanted to keep a draft."""
    return Wish(wants=(draft.wanted,), purpose=draft.purpose, facts=draft.facts, as_author=True)


def _value(said: str) -> bool | int | str:
    if said in _SAID:
        return _SAID[said]
    if said.isascii() and said.isdigit():
        return int(said[:9])
    return said


def answered(
    turn: Turn, client_id: bytes, wish: Wish, answer: Answer, *, head: object = None
) -> Page:
    """The page of an `AskFirst` or a `Refuse`; what was answered so far stays answered."""
    gathered = gather(turn.visit, turn.door.packs, client_id, wish)
    told = Told(gathered.ask, answer, turn.door.packs)
    asked = answer.questions if isinstance(answer, AskFirst) else ()
    says = {
        "head": head,
        "headline": headline(told),
        # Each reason names the kinds that stand in the record, which is no matter of the desk's.
        "because": answer.because if READS & faces_of(turn.person) else (),
        "questions": [(f"{FACT}{one}", question(told, one)) for one in asked],
        "given": {f"{FACT}{name}": value for name, value in wish.facts.items()},
        "purpose": wish.purpose,
        "instead": answer.instead,
        "typed": (),
        "has_file": False,
    }
    return Page(ANSWER, says, status=200 if asked else 403)
