"""Whether the client may be told of something that happened, asked again when somebody would tell.

An Answer says it for the moment of the act. Telling comes later, when more may be known: so the
duties of the packs about the client's notice are weighed once more, with the grounds and events of
that act and with the facts of now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.rules.duties import ask_before_telling, duties_owed, notice_of
from angerona.rules.judging import context_of, judge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from angerona.rules.ask import Ask
    from angerona.rules.compile import CompiledCondition, CompiledDuty, Law, Packs


@dataclass(frozen=True, slots=True)
class Telling:
    """What the packs say of telling the client now: a mode (`Answer.notice`).

    `ask_first`: the facts on which it hangs whether telling is forbidden; `cites`: where a duty
    that forbids it, or may forbid it, is written.
    """

    mode: str
    ask_first: tuple[str, ...]
    cites: tuple[str, ...]


def telling(ask: Ask, packs: Packs, grounds: Collection[str], events: Collection[str]) -> Telling:
    """Weigh the client's notice of an act again: the grounds it used (ids), what happened then.

    Raises `BadAsk` for a pack that is not loaded any more.
    """
    law = packs.law(ask.packs)
    context = context_of(law, ask)
    inside = (name for passage in ask.passages for name in passage.classes)
    judged = [judge(context, name) for name in dict.fromkeys((*ask.wants, *inside))]
    used = frozenset(one.index for one in law.grounds if one.ground.id in grounds)
    dues = duties_owed(context, judged, used, frozenset(events))
    forbidding = [one.owed for one in dues if one.duty.is_notice and one.owed.mode == "prohibited"]
    cites = tuple(dict.fromkeys(one.cite for one in forbidding if one.cite))
    return Telling(notice_of(dues), ask_before_telling(context, dues), cites)


def forbidding_facts(
    ask: Ask, packs: Packs, grounds: Collection[str], events: Collection[str]
) -> frozenset[str]:
    """The facts on which it hangs at all whether telling the client of an act is forbidden."""
    law = packs.law(ask.packs)
    return frozenset(
        fact
        for duty in law.duties
        if duty.is_notice and duty.owed.mode == "prohibited" and _speaks(law, duty, grounds, events)
        for fact in _facts(duty.when)
    )


def _speaks(
    law: Law, duty: CompiledDuty, grounds: Collection[str], events: Collection[str]
) -> bool:
    used = {one.index for one in law.grounds if one.ground.id in grounds}
    return not duty.grounds.isdisjoint(used) or not duty.events.isdisjoint(events)


def _facts(condition: CompiledCondition) -> Iterator[str]:
    yield from condition.facts
    for part in condition.parts:
        yield from _facts(part)
