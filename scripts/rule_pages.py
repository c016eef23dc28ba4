"""The pages of docs/rules, made from the packs and from the tables of the specification.

Pure: packs and tables in, a text for each page out. `write_rule_pages.py` puts them on disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import rule_cases
import rule_index
import rule_words as say

from angerona.words import (
    CLASSES,
    DEFAULTS,
    LIMITS,
    LOCAL_LAWS,
    PURPOSES,
    RECIPIENTS,
    RIGHT_KINDS,
    SCOPES,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from angerona.rules.compile import Packs
    from angerona.rules.entries import Breach, Entry, Ground, Lock, Pack, Retention, Right
    from spec.vocabulary import Table

MADE = (
    "<!-- Made by scripts/write_rule_pages.py from src/angerona/packs and tests/spec. "
    "Do not edit: change a pack or a table, then run `make docs`. -->"
)
NOT_ADVICE = (
    "This page says what the program holds, in the program's own terms. It is not legal advice, "
    "and no lawyer has signed it: where something hangs on it, ask one who knows the place."
)


def pages(packs: Packs, tables: Mapping[str, Sequence[Table]]) -> dict[str, str]:
    """File name -> text, for every pack and the index."""
    titles = {ground.id: ground.title for pack in packs.packs.values() for ground in pack.grounds}
    made = {
        f"{pack.id}.md": _page(pack, packs, titles, tables.get(pack.id, ()))
        for pack in packs.packs.values()
    }
    return made | {"README.md": rule_index.index(packs, tables)}


def _page(pack: Pack, packs: Packs, titles: Mapping[str, str], tables: Sequence[Table]) -> str:
    blocks = [
        MADE,
        f"# {pack.title}",
        f"*Pack `{pack.id}`, as of {pack.as_of.isoformat()}. [All packs](README.md).*",
        NOT_ADVICE,
        *_head(pack, packs),
    ]
    sections = (
        ("What it requires", _grounds(pack, "must")),
        ("What it permits", _grounds(pack, "may")),
        ("What it bars", _locks(pack, titles)),
        ("What is owed, and by when", _duties(pack, titles)),
        ("What a consent must hold", _forms(pack)),
        ("Rights of the client", _rights(pack)),
        ("After a breach", _breaches(pack)),
        ("How long things are kept", _retentions(pack)),
        ("Whom to call", _helps(pack)),
        ("What is contested", _contested(pack)),
        ("Written down, but not in use", _disabled(pack)),
        ("What this pack asks about", _facts(pack)),
        ("Worked cases", rule_cases.cases(tables, packs, titles)),
    )
    for heading, made in sections:
        body = list(made)
        if body:
            blocks += [f"## {heading}", *body]
    return "\n\n".join(blocks) + "\n"


def _head(pack: Pack, packs: Packs) -> Iterator[str]:
    """What kind of layer this is, in a few sentences."""
    lines = [f"This layer {DEFAULTS[pack.default]}."]
    if pack.extends:
        parents = say.listed(f"[{packs.packs[one].title}]({one}.md)" for one in pack.extends)
        lines.append(f"It stands beside {parents}: an Ask names both.")
    if pack.local_law:
        lines.append(
            f"It is not whole without the law of the client's {LOCAL_LAWS[pack.local_law]}; where "
            "that is not loaded, every answer says so."
        )
    if pack.applies_when:
        lines.append(f"It applies where {say.code(pack.applies_when)}.")
    if pack.speaks_of is not None:
        lines.append(f"It speaks of {say.said(pack.speaks_of, CLASSES)}, and of nothing else.")
    yield " ".join(lines)
    if pack.note:
        yield pack.note
    weak = rule_index.WEAK.get(pack.id)
    if weak and not pack.note:
        yield f"**Weak spot.** {weak}"
    counsel = rule_index.FOR_COUNSEL.get(pack.id)
    if counsel:
        yield f"**For counsel first.** {counsel}"


def _enabled(entries: Iterable[Entry]) -> list[Entry]:
    return [one for one in entries if one.enabled]


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _remarks(entry: Entry) -> Iterator[str]:
    if entry.contested:
        yield f"Contested: {entry.contested}"
    if entry.note:
        yield f"Note: {entry.note}"


def _grounds(pack: Pack, force: str) -> Iterator[str]:
    for ground in pack.grounds:
        if ground.enabled and ground.force == force:
            yield f"### {ground.title}"
            yield _bullets(_ground(ground))


def _ground(ground: Ground) -> Iterator[str]:
    yield f"`{ground.id}`, under the limit: {LIMITS[ground.limit]}"
    yield from say.reach(ground)
    if ground.scope != "minimum":
        yield f"How much: {SCOPES[ground.scope]}"
    if ground.when:
        yield f"Only where {say.code(ground.when)}"
    for need in ground.needs:
        yield say.need(need.ask, need.expr)
    if ground.ways:
        ways = "; or ".join(way.what for way in ground.ways)
        yield f"One of these ways is enough: {ways}"
    if ground.review:
        yield f"Act first where it cannot wait; reviewed within {say.time(ground.review)}"
    yield f"Source: {say.source(ground, weighs=True)}"
    yield from _remarks(ground)


def _locks(pack: Pack, titles: Mapping[str, str]) -> Iterator[str]:
    for lock in pack.locks:
        if lock.enabled:
            yield f"### {lock.title}"
            yield _bullets(_lock(lock, titles))


def _lock(lock: Lock, titles: Mapping[str, str]) -> Iterator[str]:
    kept = "everything" if lock.classes is None else say.said(lock.classes, CLASSES)
    yield f"`{lock.id}` keeps back: {kept}"
    if lock.to is not None:
        yield f"From: {say.said(lock.to, RECIPIENTS)}"
    if lock.purposes is not None:
        yield f"For: {say.said(lock.purposes, PURPOSES, 'or')}"
    if lock.when:
        yield f"Only where {say.code(lock.when)}"
    if lock.opens_for:
        yield f"Opens for: {'; '.join(_key(name, titles) for name in lock.opens_for)}"
    else:
        yield "Nothing opens it"
    yield f"Source: {say.source(lock, weighs=True)}"
    yield from _remarks(lock)


def _key(name: str, titles: Mapping[str, str]) -> str:
    if name == "must":
        return "whatever a law requires"
    if name in LIMITS:
        return f"any reason of this pack under the limit: {LIMITS[name]}"
    return f"“{titles[name]}” (`{name}`)"


def _duties(pack: Pack, titles: Mapping[str, str]) -> Iterator[str]:
    rows = [
        (
            say.triggers(duty, titles) + (f", where {say.code(duty.when)}" if duty.when else ""),
            say.manner(duty),
            duty.what,
            say.by_when(duty),
            " ".join((say.source(duty), *_remarks(duty))),
        )
        for duty in pack.duties
        if duty.enabled
    ]
    if rows:
        yield _table(("When", "How", "What", "By when", "Source"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(map(say.cell, row))} |" for row in rows]
    return "\n".join(lines)


def _forms(pack: Pack) -> Iterator[str]:
    for form in pack.consent_forms:
        if form.enabled:
            of = "" if form.classes is None else f" For {say.said(form.classes, CLASSES)} also:"
            yield f"`{form.id}`, {say.source(form)}.{of}"
            yield _bullets(f"{element.ask} (`{element.key}`)" for element in form.elements)
            yield from _remarks(form)


def _rights(pack: Pack) -> Iterator[str]:
    lines = [_right(one) for one in pack.rights if one.enabled]
    if lines:
        yield _bullets(lines)


def _right(right: Right) -> str:
    parts = [right.what or RIGHT_KINDS[right.kind]]
    if right.due:
        parts.append(say.due(right.due, right.due_from, right.days))
    parts += [
        f"{label}: {text}"
        for label, text in (
            ("the law's words", right.standard),
            ("longer", right.extension),
            ("where", say.code(right.when)),
            ("not where", say.code(right.refuse_when)),
            ("may be refused if", "; ".join(right.refuse_if)),
            ("steps", "; ".join(right.steps)),
            ("on refusal", right.on_refusal),
            ("who looks again", right.review),
        )
        if text
    ]
    if right.no_refusal:
        parts.append("may not be refused")
    if set(right.who) != {"client"}:
        parts.append(f"for {say.said(right.who, RECIPIENTS, 'or')}")
    return _entry(parts, right)


def _entry(parts: Iterable[str], entry: Entry) -> str:
    sentences = (f"{part[:1].upper()}{part[1:]}" for part in parts if part)
    told = " ".join(one if one.endswith((".", "!", "?", "`")) else f"{one}." for one in sentences)
    return " ".join((told, f"Source: {say.source(entry)}.", *_remarks(entry)))


def _breaches(pack: Pack) -> Iterator[str]:
    lines = [_breach(one) for one in pack.breaches if one.enabled]
    if lines:
        yield _bullets(lines)


def _breach(breach: Breach) -> str:
    parts = [
        breach.what,
        f"tell {say.said(breach.to, RECIPIENTS)}" if breach.to else "",
        say.due(breach.due, breach.due_from) if breach.due else "",
        f"the law's words: {breach.standard}" if breach.standard else "",
        f"where {say.code(breach.when)}" if breach.when else "",
        f"not where {say.code(breach.unless)}" if breach.unless else "",
        f"it says: {'; '.join(breach.contents)}" if breach.contents else "",
    ]
    return _entry(parts, breach)


def _retentions(pack: Pack) -> Iterator[str]:
    lines = [_retention(one) for one in pack.retentions if one.enabled]
    if lines:
        yield _bullets(lines)


def _retention(kept: Retention) -> str:
    parts = [
        kept.what,
        f"keep: {kept.keep}" if kept.keep else "",
        f"from {kept.keep_from}" if kept.keep_from else "",
        f"where {say.code(kept.when)}" if kept.when else "",
        f"then: {kept.then}" if kept.then else "",
        f"children: {kept.children}" if kept.children else "",
        f"after death: {kept.after_death}" if kept.after_death else "",
        "the longest time that any law names wins" if kept.longer_wins else "",
        "nothing is struck out; corrections are added" if kept.append_only else "",
    ]
    return _entry(parts, kept)


def _helps(pack: Pack) -> Iterator[str]:
    serves = {"harm": "danger", "abuse": "abuse", "any": "anything", "complaint": "complaints"}
    lines = [
        _entry(
            (
                f"**{line.who}**: {line.reach}" if line.reach else f"**{line.who}**",
                f"for {say.listed(serves[one] for one in line.serves)}",
                line.when_open,
            ),
            line,
        )
        for line in pack.helps
        if line.enabled
    ]
    if lines:
        yield _bullets(lines)


def _every(pack: Pack) -> tuple[Entry, ...]:
    return (
        *pack.grounds,
        *pack.locks,
        *pack.duties,
        *pack.consent_forms,
        *pack.rights,
        *pack.breaches,
        *pack.retentions,
        *pack.helps,
    )


def _contested(pack: Pack) -> Iterator[str]:
    points: dict[str, list[Entry]] = {}
    for one in _enabled(_every(pack)):
        if one.contested:
            points.setdefault(one.contested, []).append(one)
    if points:
        yield _bullets(
            f"{point} ({', '.join(f'`{one.id}`' for one in entries)})"
            for point, entries in points.items()
        )


def _disabled(pack: Pack) -> Iterator[str]:
    lines = [
        f"{getattr(one, 'title', '') or getattr(one, 'what', '') or one.id} (`{one.id}`). "
        f"Why not: {one.disabled_because} Source: {say.source(one)}."
        for one in _every(pack)
        if not one.enabled
    ]
    if lines:
        yield _bullets(lines)


def _facts(pack: Pack) -> Iterator[str]:
    rows = [(say.code(fact.key), fact.ask + _assumed(fact.default)) for fact in pack.facts.values()]
    if rows:
        yield _table(("Fact", "Question"), rows)


def _assumed(default: object) -> str:
    if default is None:
        return ""
    told = "yes" if default is True else "no" if default is False else str(default)
    return f" Until it is known, and only to keep back: {told}."
