"""Why: plain sentences, each with its citation, in the order the decision was reached.

A clinician reads these. No word of the code appears in them where the field has one of its own, and
nothing about any client.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.rules.judging import AWAY, MET, OFF, ON, UNMET
from angerona.rules.questions import open_musts
from angerona.words import CLASSES, INSTRUMENTS, LOCAL_LAWS, PURPOSES, RECIPIENTS, RELATIONS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from angerona.rules.compile import CompiledGround
    from angerona.rules.entries import Entry, Pack
    from angerona.rules.judging import Context, Judged

DONE: Final = {
    "hand_over": "go to {}",
    "erase": "be erased",
    "amend": "be amended",
    "restrict": "be restricted",
    "notify": "be made known to {}",
}
PERHAPS_MUST: Final = "Whether the law demands it is not settled"
PAGE_THEM: Final = "Stay silent, and ask the privacy officer and a lawyer at once."
OLD: Final = datetime.timedelta(days=366)
"""A text last looked at longer ago than this is named as weak."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What the reasons are written from."""

    context: Context
    judged: tuple[Judged, ...]
    going: frozenset[str]
    apart: frozenset[str]
    undecided: frozenset[str]
    used: tuple[CompiledGround, ...]
    questions: tuple[str, ...]


def reasons(found: Findings) -> tuple[str, ...]:
    """The sentences, without repeats."""
    parts = (
        _grounds(found),
        _apart(found),
        _conflicts(found),
        _locks(found),
        _no_ground(found),
        _house_alone(found),
        _no_law(found),
        _perhaps_must(found),
        _open(found),
        _assumed(found),
        _hats(found),
        _purpose(found),
        _not_loaded(found.context),
        _weak(found),
    )
    return tuple(dict.fromkeys(sentence for part in parts for sentence in part))


def listed(words: Iterable[str]) -> str:
    """Words joined as a person would: a, b and c."""
    *head, last = words
    return f"{', '.join(head)} and {last}" if head else last


def _said(classes: Iterable[str]) -> str:
    return listed(CLASSES[name] for name in classes)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _done(found: Findings) -> str:
    """What would be done with it: "go to the police", "be erased"."""
    ask = found.context.ask
    done = DONE[ask.act]
    return done.format(RECIPIENTS[ask.to])


def _grounds(found: Findings) -> Iterator[str]:
    """Each ground used, and what it lets go; what must go first, layers that only follow last."""
    carried: dict[int, list[str]] = {}
    for one in found.judged:
        if one.wanted in found.going | found.apart:
            for ground, status in one.grounds:
                if status is MET:
                    carried.setdefault(ground.index, []).append(one.wanted)
    done = _done(found)
    for ground in sorted(found.used, key=lambda one: not one.is_must):
        if not ground.reads_law:
            rule = ground.ground
            yield (
                f"{_capital(_said(carried[ground.index]))} {rule.force} {done}: "
                f"{rule.title} ({_pack(found, ground.layer).name}) [{rule.cite}]."
            )
    direct = {ground.layer for ground in found.used if not ground.reads_law}
    for ground in found.used:
        if ground.reads_law and ground.layer not in direct:
            rule = ground.ground
            name = _capital(_pack(found, ground.layer).name)
            yield f"{name} follows: {rule.title} [{rule.cite}]."


def _apart(found: Findings) -> Iterator[str]:
    """A duty does not vanish because what it is about stands beside something else."""
    if found.apart:
        classes = _said(sorted(found.apart))
        yield f"The passage as it stands must stay, but {classes} must {_done(found)} by itself."


def _conflicts(found: Findings) -> Iterator[str]:
    """Both sides of a conflict, with both citations. The house is no law: it only holds back."""
    for one in found.judged:
        if one.verdict != "conflict":
            continue
        words = {layer.index: word for layer, word in one.layers}
        musts = [
            ground.ground
            for ground, status in one.grounds
            if status is MET and ground.is_must and words[ground.layer] == "must"
        ]
        says = (
            f"{listed(rule.title for rule in musts)} [{'; '.join(rule.cite for rule in musts)}] "
            f"says that {_said([one.wanted])} must {_done(found)}"
        )
        bars = [layer.pack for layer, word in one.layers if word == "barred"]
        locks = [lock.lock.cite for lock, bar in one.locks if bar is ON]
        against = f"{listed(pack.name for pack in bars)} bars it" + (
            f" [{'; '.join(locks)}]" if locks else ""
        )
        if any(pack.is_law for pack in bars) or "open" in words.values():
            yield f"Two laws disagree: {says}; {against}. {PAGE_THEM}"
        else:
            alone = "The law requires it, and only the practice's own ethic holds it back"
            yield f"{alone}: {says}; {against}. {PAGE_THEM}"


def _locks(found: Findings) -> Iterator[str]:
    """Each lock that is on, with the classes it bars."""
    barred: dict[int, list[str]] = {}
    for one in found.judged:
        for lock, bar in one.locks:
            if bar is ON:
                barred.setdefault(lock.index, []).append(one.wanted)
    for lock in found.context.locks:
        if lock.index in barred:
            yield (
                f"{_capital(_said(barred[lock.index]))} must stay: {lock.lock.title} "
                f"({_pack(found, lock.layer).name}) [{lock.lock.cite}]."
            )


def _no_ground(found: Findings) -> Iterator[str]:
    """Each layer that forbids what none of its grounds permits, and the needs that failed."""
    silent: dict[int, list[Judged]] = {}
    for one in found.judged:
        for layer, word in one.layers:
            locked = any(lock.layer == layer.index and bar is ON for lock, bar in one.locks)
            if word == "barred" and not locked:
                silent.setdefault(layer.index, []).append(one)
    ask = found.context.ask
    in_hand = ask.instrument not in {"none", "own_initiative"}
    paper = f" on {INSTRUMENTS[ask.instrument]}" if in_hand else ""
    for index, judged in silent.items():
        yield (
            f"{_capital(_pack(found, index).name)} has no reason that lets "
            f"{_said(one.wanted for one in judged)} {_done(found)} "
            f"for {PURPOSES[ask.purpose]}{paper}."
        )
        yield from _unmet(found, judged, index)


def _unmet(found: Findings, judged: Iterable[Judged], layer: int) -> Iterator[str]:
    """For grounds that came near: the need that was answered against them."""
    for one in judged:
        for ground, status in one.grounds:
            consent = ground.ground.limit == "consent" and not found.context.ask.consents
            if status is not UNMET or ground.layer != layer or consent:
                continue  # that nobody signed anything is no news
            failed = [
                condition.ask
                for condition in ground.conditions
                if condition.ask and condition.is_false(one.state)
            ]
            if failed:
                rule = ground.ground
                yield f"Not met: {rule.title} [{rule.cite}]. It turns on this: {failed[0]}"


def _house_alone(found: Findings) -> Iterator[str]:
    """Where the law would allow it and only the practice's own ethic refuses."""
    classes = [
        one.wanted
        for one in found.judged
        if one.verdict == "barred"
        and [layer.pack.is_law for layer, word in one.layers if word == "barred"] == [False]
        and any(word in {"may", "must"} for _, word in one.layers)
        and all(word != "open" for _, word in one.layers)
    ]
    if classes:
        yield f"The law would allow {_said(classes)}; only the practice's own ethic keeps it back."


def _no_law(found: Findings) -> Iterator[str]:
    """Where every law loaded here is silent, nothing goes, and that is said."""
    classes = [
        one.wanted
        for one in found.judged
        if one.verdict == "barred" and all(word == "quiet" for _, word in one.layers)
    ]
    if classes:
        yield f"No law that is loaded here gives a reason to let {_said(classes)} {_done(found)}."


def _perhaps_must(found: Findings) -> Iterator[str]:
    """Where something may go or stays, and the law may yet demand it."""
    for one in found.judged:
        if one.verdict in {"may", "barred"}:
            for ground in open_musts(one):
                rule = ground.ground
                yield f"{PERHAPS_MUST}: {rule.title} [{rule.cite}]."


def _open(found: Findings) -> Iterator[str]:
    classes = [one.wanted for one in found.judged if one.wanted in found.undecided]
    if not classes:
        return
    vocabulary = found.context.law.vocabulary
    count = len(found.questions)
    first = found.questions[0]
    if first.startswith("signed:"):
        waiting = _capital(_said(classes))
        yield f"{waiting}: this waits for a lawyer to sign a rule whose text was not seen."
    else:
        ask = vocabulary[first].ask
        more = f" ({count} questions in all)" if count > 1 else ""
        yield f"Whether {_said(classes)} may go is not settled. Ask first: {ask}{more}"


def _assumed(found: Findings) -> Iterator[str]:
    facts = {fact for one in found.judged for fact in one.assumed}
    vocabulary = found.context.law.vocabulary
    for fact in sorted(facts):
        value = vocabulary[fact].default
        said = "yes" if value is True else "no" if value is False else str(value)
        yield f"Assumed until it is known, and only to keep back: {vocabulary[fact].ask} {said}."


def _hats(found: Findings) -> Iterator[str]:
    """Under which hat, where the asker wears several."""
    ask = found.context.ask
    if len(ask.roles) + len(ask.relations) == 2:  # noqa: PLR2004 -- one role and one relation
        return
    for ground in found.used:
        rule = ground.ground
        if rule.by is not None:
            worn = [name for name in (*ask.relations, *ask.roles) if name in rule.by]
            said = listed(RELATIONS.get(name) or ROLES[name] for name in worn)
            yield f"{rule.title}: as {said}."


def _purpose(found: Findings) -> Iterator[str]:
    if not found.context.established:
        yield (
            f"That this is for {PURPOSES[found.context.ask.purpose]} is only what the asker says; "
            "it is written down and not relied on."
        )


def _not_loaded(context: Context) -> Iterator[str]:
    """Law that is missing is named; silence about it is never "no duty"."""
    packs = context.law.packs
    place = context.ask.place
    if place and not any(_covers(pack, place) for pack in packs):
        yield _missing(f"The law of {place}")
    for pack in packs:
        for parent in pack.extends:
            if parent not in context.ask.packs:
                yield _missing(f"The pack {parent}, on which {pack.name} builds,")
        if pack.local_law and not any(
            pack.id in other.extends and other.jurisdiction != pack.jurisdiction for other in packs
        ):
            yield _missing(f"The law of the client's {LOCAL_LAWS[pack.local_law]}")
    if not any(pack.is_law for pack in packs):
        yield _missing("The law of the client's place")


def _covers(pack: Pack, place: str) -> bool:
    """Whether a pack is the law of a place: its own, or, where it is whole, of a part of it."""
    part = place.startswith(f"{pack.jurisdiction}-") and not pack.local_law
    return pack.jurisdiction == place or part


def _missing(law: str) -> str:
    return (
        f"{law} is not loaded: this answer cannot say what it permits, requires or forbids. "
        "Ask someone who knows it."
    )


def _weak(found: Findings) -> Iterator[str]:
    """Where a rule that counted rests on a text nobody has seen, or last seen long ago."""
    counted, touched = _touched(found)
    for rule in counted:
        if not rule.verified:
            yield f"The text behind this bar was not seen; it bars until it is: [{rule.cite}]."
        if found.context.ask.days[0] - rule.as_of > OLD:
            seen = rule.as_of.isoformat()
            yield f"Text last seen on {seen}; check that it still stands: [{rule.cite}]."
    for rule in touched:
        if rule.contested:
            yield f"Contested: {rule.contested.rstrip('.')} [{rule.cite.rstrip('.')}]."


def _touched(found: Findings) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """The rules that decided, and all that bore on the Ask, each once."""
    locks = [lock.lock for one in found.judged for lock, bar in one.locks if bar is not OFF]
    near = [
        ground.ground
        for one in found.judged
        for ground, status in one.grounds
        if status is not AWAY
    ]
    used = [ground.ground for ground in found.used]
    counted: dict[str, Entry] = {rule.id: rule for rule in (*used, *locks)}
    touched: dict[str, Entry] = {rule.id: rule for rule in (*used, *locks, *near)}
    return tuple(counted.values()), tuple(touched.values())


def _pack(found: Findings, layer: int) -> Pack:
    return found.context.law.packs[layer]
