"""Reading afterwards: what could not wait is read once it has left, by somebody else.

What leaves to keep someone from harm, and what a law requires, waits for nobody. It leaves a duty
(`gate/owing.py`) that is put to a reader within the minute (`passing_on.py`), who sees what left
and says whether it was in order. What is to be done about it then is owed: telling the client,
asking the recipient to give back or to correct, looking into it as an incident. In a practice of
one whoever released it asks somebody outside, and says who that was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, Unknown, one_line, one_of
from angerona.gate.owing import AFTER, USUAL_DUE, WEIGHED_BY
from angerona.gate.second_reading import own_duty
from angerona.practice.deeds import READ_AFTERWARDS
from angerona.practice.reading_steps import ReadingStep, write_step
from angerona.practice.second_readers import WHY_CHARACTERS_MAX, asked_duty
from angerona.practice.who_reads import Concerned, check_nobody
from angerona.rules.durations import after
from angerona.sealed.duties import find

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from angerona.ledger.lines import Written
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Visit

IN_ORDER: Final = "in_order"
READ_AFTER: Final = "read afterwards"
TO_DO: Final[Mapping[str, Mapping[str, str]]] = {
    "tell": {
        "id": "own.after.tell",
        "kind": "notice",
        "to": "client",
        "what": "tell the client what left that should not have",
    },
    "correct": {
        "id": "own.after.correct",
        "kind": "account",
        "what": "ask the recipient to give back, destroy or correct what should not have left",
    },
    "incident": {
        "id": "own.after.incident",
        "kind": "review",
        "what": "look into what left as an incident",
    },
}
"""What a reader can find has to be done, as the duty that it leaves."""


def say_afterwards(
    visit: Visit, duty_id: bytes, found: str, *, why: str, to_do: Collection[str] = ()
) -> Written:
    """Say of what has left whether it was in order, with a reason, and what has to be done.

    `found` is a word of `READ_AFTERWARDS`, `to_do` words of `TO_DO`: something wherever it was not
    in order, and nothing where it was. What has to be done is owed by the officer and whoever
    treats the client, as a duty each. Raises `Unknown` for what this person was not asked to read;
    `Conflicting` where it was said meanwhile; `BadInput`.
    """
    duty = asked_duty(visit, duty_id, AFTER)
    return _said(visit, duty, found, why=why, to_do=to_do)


def say_for_consultant(
    visit: Visit,
    duty_id: bytes,
    found: str,
    *,
    consultant: str,
    why: str,
    to_do: Collection[str] = (),
) -> Written:
    """The same by whoever released it, where nobody here can read it: who outside was asked.

    Raises as `say_afterwards`, and `BadInput` where somebody here can read it.
    """
    vault = visit.vault
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.by_key", duty_id=duty_id)
    mine = [one for one in there if one.row.by == visit.unlocked.person_id]
    if not mine or mine[0].row.duty["id"] != AFTER:
        vault.refused_stranger(visit.at)
        raise Unknown
    check_nobody(vault, Concerned.by(mine[0]), visit.at)
    name = one_line("consultant", consultant, WHY_CHARACTERS_MAX)
    return _said(visit, mine[0], found, why=why, to_do=to_do, consultant=name)


def _said(
    visit: Visit,
    duty: Duty,
    found: str,
    *,
    why: str,
    to_do: Collection[str],
    consultant: str = "",
) -> Written:
    if found not in READ_AFTERWARDS:
        raise BadInput("what you found", "is none of these", one_of(READ_AFTERWARDS, found))
    wrong = [one for one in to_do if one not in TO_DO]
    if wrong:
        raise BadInput("what is to be done", "is none of these", one_of(TO_DO, wrong[0]))
    if (found == IN_ORDER) == bool(to_do):
        allowed = "something where it was not in order, and only then"
        raise BadInput("what is to be done", "does not fit what you found", allowed)
    if "tell" in to_do and duty.row.held_until is not None and duty.row.held_until > visit.at:
        raise BadInput("what is to be done", "telling is forbidden for now", "the others")
    said: dict[str, object] = {
        "by": visit.person.described,
        "what": READ_AFTER,
        "found": found,
        "why": one_line("why", why, WHY_CHARACTERS_MAX),
    }
    if consultant:
        said["consultant"] = consultant
    owes = tuple(_to_do(visit, duty, TO_DO[one]) for one in TO_DO if one in to_do)
    return write_step(
        visit.vault, ReadingStep(duty=duty, said=said, owes=owes, done=(duty,)), visit.at
    )


def _to_do(visit: Visit, duty: Duty, what: Mapping[str, Any]) -> Duty:
    row, rule = duty.row, duty.row.duty
    due = after(USUAL_DUE, visit.at, working=True)
    owed = dict(what)
    if what["kind"] == "notice":  # telling is weighed again by whoever would tell
        owed |= {name: rule[name] for name in WEIGHED_BY if name in rule}
    return own_duty(row.client_id, row.by, visit.at, owed, due=due, held_until=row.held_until)
