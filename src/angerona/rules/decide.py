"""The one function that answers: may this information reach this person, now?

`decide(ask, packs)` is pure: an Ask and the loaded packs in, an Answer out. Its steps
(docs/LANGUAGE.md sections 4 and 5):

1. take the packs that the Ask names, compiled, and all that is known before a class is judged;
2. judge each wanted class: grounds, facts across layers, locks, each layer's verdict, the verdict;
3. where a class is open, see whether declared assumptions would bar it; they never open;
4. give each passage the strictest verdict of its classes;
5. name the outcome;
6. find what is owed, and what the client is told;
7. put the questions in order;
8. say why, and where nothing may be told, what remains;
9. seal it as a Permit, an AskFirst or a Refuse; nowhere else in the product is a Permit made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from angerona.rules.answer import AskFirst, Permit, Refuse, RulingFields
from angerona.rules.because import Findings, reasons
from angerona.rules.duties import ask_before_telling, duties_owed, notice_of, ways_and_reviews
from angerona.rules.instead import remaining, sentences
from angerona.rules.judging import MET, ON, Context, Judged, context_of, judge
from angerona.rules.minimum import scopes
from angerona.rules.questions import ranked_questions
from angerona.words import SPEAKING_PURPOSES, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.rules.answer import Answer, Instead
    from angerona.rules.ask import Ask
    from angerona.rules.compile import CompiledGround, Packs

RELEASED = frozenset({"must", "may"})


def decide(ask: Ask, packs: Packs) -> Answer:
    """Answer one Ask. Raises `BadAsk` if it names a pack that is not loaded.

    Never anything else for a well-formed Ask.
    """
    case = _case(ask, packs)
    context, judged, verdicts = case.context, case.judged, case.verdicts
    outcome = outcome_of(verdicts)
    released = frozenset(item for item, verdict in verdicts.items() if verdict in RELEASED)
    # Step 6. Duties (docs/LANGUAGE.md section 5): a must is owed whatever the client says.
    going = _classes_of(ask, released)
    apart = _owed_apart(ask, judged, verdicts)
    used = _used(judged, going | apart)
    dues = duties_owed(
        context, case.plain, frozenset(one.index for one in used), events_of(verdicts, outcome)
    )
    duties = (*(due.owed for due in dues), *ways_and_reviews(used))
    # Step 7. Questions, most deciding first.
    undecided = _classes_of(ask, (item for item, word in verdicts.items() if word == "open"))
    questions = ranked_questions(
        context,
        (one for one in case.plain if one.wanted in undecided),
        ((due.duty.when, one) for due in dues for one in due.unsure),
        (one for one in case.plain if one.verdict in {"may", "barred"}),
    )
    # Step 8. Reasons; under limit harm or abuse never a bare refusal.
    instead = _instead(ask, packs, released)
    because = reasons(Findings(context, judged, going, apart, undecided, used, questions))
    # Step 9. The seal.
    fields = RulingFields(
        outcome=outcome,
        classes=MappingProxyType(verdicts),
        grounds=tuple(dict.fromkeys(one.ground.id for one in used)),
        locks=tuple(
            dict.fromkeys(lock.lock.id for one in judged for lock, bar in one.locks if bar is ON)
        ),
        questions=questions,
        conflicts=tuple(item for item, verdict in verdicts.items() if verdict == "conflict"),
        duties=duties,
        notice=notice_of(dues),
        ask_before_telling=ask_before_telling(context, dues),
        because=(*because, *sentences(instead)),
        instead=instead,
    )
    return _sealed(fields, released, scopes(ask, judged, released))


def decided(ask: Ask, packs: Packs) -> Mapping[str, str]:
    """Steps 1 to 4 alone: the verdict for each wanted item, for a reader who needs no reasons."""
    return _case(ask, packs).verdicts


def _view(ask: Ask, packs: Packs) -> tuple[Mapping[str, str], str]:
    """The verdict of each wanted class, and the wording of the first question, if there is one."""
    context = context_of(packs.law(ask.packs), ask)
    judged = [judge(context, name) for name in _wanted(ask)]
    questions = ranked_questions(context, (one for one in judged if one.verdict == "open"), ())
    vocabulary = context.law.vocabulary
    asked = next((vocabulary[one].ask for one in questions if one in vocabulary), "")
    return {one.wanted: one.verdict for one in judged}, asked


def _wanted(ask: Ask) -> tuple[str, ...]:
    """Every class that is wanted, alone or within a passage, once."""
    inside = (name for passage in ask.passages for name in passage.classes)
    return tuple(dict.fromkeys((*ask.wants, *inside)))


@dataclass(frozen=True, slots=True)
class _Case:
    """Steps 1 to 4: each class `judged`, `plain` before any assumption, each item's verdict."""

    context: Context
    plain: tuple[Judged, ...]
    judged: tuple[Judged, ...]
    verdicts: dict[str, str]


def _case(ask: Ask, packs: Packs) -> _Case:
    # Step 1. The Ask names its packs; `extends` activates nothing (docs/LANGUAGE.md section 2).
    context = context_of(packs.law(ask.packs), ask)
    # Steps 2 and 3. Each class, and what declared assumptions would bar.
    plain = tuple(judge(context, name) for name in _wanted(ask))
    judged = _cautiously(context, plain)
    # Step 4. A passage goes only where every class in it may go.
    of_class = {one.wanted: one.verdict for one in judged}
    verdicts = {name: of_class[name] for name in ask.wants}
    for passage in ask.passages:
        verdicts[passage.id] = _of_passage({of_class[name] for name in passage.classes})
    return _Case(context, plain, judged, verdicts)


def _of_passage(verdicts: set[str]) -> str:
    """Step 4. The first of these that a class of the passage has."""
    return next(word for word in VERDICTS if word in verdicts)


def _cautiously(context: Context, plain: tuple[Judged, ...]) -> tuple[Judged, ...]:
    """Step 3. A class that stays open, and that the declared assumptions would bar, is barred."""
    assumed = tuple(
        (fact.key, fact.default)
        for fact in context.law.assumable
        if fact.key not in context.ask.facts and fact.default is not None
    )
    if not assumed or all(one.verdict != "open" for one in plain):
        return plain
    cautious = context_of(context.law, context.ask, assumed)
    keys = tuple(key for key, _ in assumed)
    out: list[Judged] = []
    for one in plain:
        again = judge(cautious, one.wanted) if one.verdict == "open" else one
        barred = one.verdict == "open" and again.verdict == "barred"
        out.append(replace(again, assumed=keys) if barred else one)
    return tuple(out)


def outcome_of(verdicts: Mapping[str, str]) -> str:
    """Step 5. The first that is found among the items.

    In this order (docs/LANGUAGE.md section 5).
    """
    found = set(verdicts.values())
    for verdict, outcome in (
        ("must", "require"),
        ("may", "permit"),
        ("conflict", "conflict"),
        ("open", "ask"),
    ):
        if verdict in found:
            return outcome
    return "deny"


def _classes_of(ask: Ask, items: Iterable[str]) -> frozenset[str]:
    """The classes of these items.

    A class within a passage that is kept back goes nowhere and asks nothing.
    """
    named = frozenset(items)
    inside = (name for one in ask.passages if one.id in named for name in one.classes)
    return frozenset((*named.intersection(ask.wants), *inside))


def _owed_apart(
    ask: Ask, judged: tuple[Judged, ...], verdicts: Mapping[str, str]
) -> frozenset[str]:
    """Classes that must go by themselves, although the passage they stand in may not."""
    must = {one.wanted for one in judged if one.verdict == "must"}
    kept = (passage for passage in ask.passages if verdicts[passage.id] not in RELEASED)
    inside = {name for passage in kept for name in passage.classes}
    return frozenset((must & inside) - {name for name, word in verdicts.items() if word == "must"})


def _used(judged: tuple[Judged, ...], going: frozenset[str]) -> tuple[CompiledGround, ...]:
    """Grounds met for a class that goes, each once, in pack order."""
    used = {
        ground.index: ground
        for one in judged
        if one.wanted in going
        for ground, status in one.grounds
        if status is MET
    }
    return tuple(used[index] for index in sorted(used))


def events_of(verdicts: Mapping[str, str], outcome: str) -> frozenset[str]:
    """Step 6. What happened, as the packs name it."""
    released = [verdict in RELEASED for verdict in verdicts.values()]
    happened = {
        "release": any(released),
        "withheld": any(released) and not all(released),
        "refusal": outcome in {"deny", "conflict"},
        "conflict": "conflict" in verdicts.values(),
    }
    return frozenset(name for name, is_so in happened.items() if is_so)


def _instead(ask: Ask, packs: Packs, released: frozenset[str]) -> Instead | None:
    if released or ask.purpose not in SPEAKING_PURPOSES:
        return None
    return remaining(ask, packs, _view)


def _sealed(fields: RulingFields, released: frozenset[str], scopes_of: Mapping[str, str]) -> Answer:
    """A Permit names what may go and nothing else; whatever is not a Permit is silence."""
    if released:
        return Permit(**fields, released=released, scopes=MappingProxyType(dict(scopes_of)))
    if fields["outcome"] == "ask":
        return AskFirst(**fields)
    return Refuse(**fields)
