"""What is owed: the duties an Answer triggers, the client's notice.

And what to ask before telling (docs/LANGUAGE.md section 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.rules.answer import Owed
from angerona.rules.questions import facts_asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from angerona.rules.compile import CompiledDuty, CompiledGround
    from angerona.rules.judging import Context, Judged

_STRICTNESS: Final = {"none": 0, "discretionary": 1, "required": 2, "prohibited": 3}


@dataclass(frozen=True, slots=True)
class Due:
    """A duty found owed, and, where that is not sure, the classes that leave it open."""

    duty: CompiledDuty
    owed: Owed
    unsure: tuple[Judged, ...]


def duties_owed(
    context: Context, judged: Sequence[Judged], used: frozenset[int], events: frozenset[str]
) -> tuple[Due, ...]:
    """The duties of the packs that speak of a wanted class, in pack order.

    `used` are the grounds used, `events` what happened: release, refusal, withheld, conflict.
    """
    law = context.law
    speaking = {layer.index for one in judged for layer, _ in one.layers}
    triggered = {index for event in events for index in law.duties_on_event.get(event, ())}
    for ground in used:
        triggered.update(law.duties_on_ground.get(ground, ()))
    out: list[Due] = []
    for index in sorted(triggered):
        duty = law.duties[index]
        if duty.layer in speaking:
            due = _due(duty, judged)
            if due is not None:
                out.append(due)
    return tuple(out)


def _due(duty: CompiledDuty, judged: Sequence[Judged]) -> Due | None:
    """Owed for sure if its `when` is true for one class, not at all if it is false for every."""
    is_true = duty.when.is_true
    for one in judged:
        if is_true(one.state):
            return Due(duty, duty.owed, ())
    unsure = tuple(one for one in judged if not duty.when.is_false(one.state))
    return Due(duty, duty.maybe, unsure) if unsure else None


def ways_and_reviews(grounds: Sequence[CompiledGround]) -> Iterator[Owed]:
    """What a used ground itself brings.

    One of several ways to discharge it, and the review that follows an act that could not wait.
    """
    for one in grounds:
        rule = one.ground
        if rule.ways:
            yield Owed(
                id=f"{rule.id}.ways",
                kind="record",
                mode="required",
                what="do one of these, and write down which: "
                + "; or ".join(way.what for way in rule.ways),
                ways=tuple(way.what for way in rule.ways),
                cite=rule.cite,
            )
        if rule.review:
            yield Owed(
                id=f"{rule.id}.review",
                kind="review",
                mode="required",
                what="act first; have it reviewed at once afterwards",
                due=rule.review,
                due_from="the act",
                cite=rule.cite,
            )


def notice_of(dues: Sequence[Due]) -> str:
    """The client's notice: the strictest mode wins, but an unsure prohibition does not decide."""
    modes = [
        due.owed.mode
        for due in dues
        if due.duty.is_notice and (due.owed.sure or due.owed.mode != "prohibited")
    ]
    return max(modes, key=_STRICTNESS.__getitem__, default="none")


def ask_before_telling(context: Context, dues: Sequence[Due]) -> tuple[str, ...]:
    """The facts on which an unsure prohibition of telling the client hangs."""
    return tuple(
        dict.fromkeys(
            fact
            for due in dues
            if due.duty.is_notice and due.owed.mode == "prohibited"
            for judged in due.unsure
            for fact in facts_asked(context, judged, due.duty.when)
        )
    )
