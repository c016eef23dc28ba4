"""One pack of law as a page: each rule with its source, and what is disputed about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from angerona.cli.page import HEADING, Page
from angerona.practice.durations import limit_in_words
from angerona.rules.answer import Owed
from angerona.rules.because import listed
from angerona.words import (
    ACTS,
    CLASSES,
    DEFAULTS,
    EVENTS,
    FORCES,
    INSTRUMENTS,
    LIMITS,
    MODES,
    PURPOSES,
    RECIPIENTS,
    RELATIONS,
    RIGHT_KINDS,
    ROLES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from angerona.rules.entries import (
        Breach,
        ConsentForm,
        Duty,
        Entry,
        Ground,
        Help,
        Lock,
        Pack,
        Retention,
        Right,
    )

    Rule = TypeVar("Rule", bound=Entry)

_HATS: Final = {**ROLES, **RELATIONS}


def page_of(pack: Pack) -> Page:
    """A pack as a page."""
    page = Page()
    page.headline(f"{pack.title} ({pack.id})", HEADING)
    on = f"; builds on {listed(pack.extends)}" if pack.extends else ""
    page.paragraph(f"As of {pack.as_of.isoformat()}; {DEFAULTS[pack.default]}{on}.")
    if pack.applies_when:
        page.paragraph(f"Applies when: {pack.applies_when}")
    if pack.speaks_of is not None:
        page.paragraph(f"Speaks of: {_words(pack.speaks_of, CLASSES)}")
    if pack.note:
        page.paragraph(pack.note)
    _section(page, "Reasons to speak", pack.grounds, _ground)
    _section(page, "Bars", pack.locks, _lock)
    _section(page, "Duties", pack.duties, _duty)
    _section(page, "Consent forms", pack.consent_forms, _form)
    _section(page, "Rights of the client", pack.rights, _right)
    _section(page, "When something got out", pack.breaches, _breach)
    _section(page, "How long it is kept", pack.retentions, _retention)
    _section(page, "Whom to call", pack.helps, _help)
    return page


def _section(
    page: Page, heading: str, rules: Collection[Rule], described: Callable[[Rule], Iterator[str]]
) -> None:
    if not rules:
        return
    page.heading(heading)
    for rule in rules:
        page.space()
        first, *rest = described(rule)
        page.paragraph(f"{rule.id}: {first}" if first else rule.id, indent=2)
        for line in (*rest, *_source(rule)):
            page.paragraph(line, indent=6)


def _source(rule: Entry) -> Iterator[str]:
    yield f"[{rule.cite}]"
    if rule.verified:
        yield f"text seen on {rule.as_of.isoformat()}"
    else:
        yield "text not seen: bars, never opens"
    if rule.contested:
        yield f"contested: {rule.contested}"
    if not rule.enabled:
        yield f"not in use: {rule.disabled_because}"
    if rule.note:
        yield f"note: {rule.note}"


def _words(names: Collection[str], said: Mapping[str, str]) -> str:
    """The words of a list, in the order of the language."""
    return ", ".join(phrase for word, phrase in said.items() if word in names)


def _limits(
    rules: tuple[tuple[str, Collection[str] | None, Mapping[str, str]], ...],
) -> Iterator[str]:
    """One line for each field that says something; `None` means any and is not said."""
    for label, names, said in rules:
        if names:
            yield f"{label}: {_words(names, said)}"


def _ground(rule: Ground) -> Iterator[str]:
    yield rule.title
    yield f"{FORCES[rule.force]}; {LIMITS[rule.limit]}"
    yield from _limits(
        (
            ("by", rule.by, _HATS),
            ("to", rule.to, RECIPIENTS),
            ("for", rule.purposes, PURPOSES),
            ("with", rule.instruments, INSTRUMENTS),
            ("to do", rule.acts - {"hand_over"}, ACTS),
            ("lets go", rule.covers, CLASSES),
            ("but not", rule.excludes, CLASSES),
        )
    )
    if rule.when:
        yield f"when: {rule.when}"
    for need in rule.needs:
        yield f"needs: {need.ask} ({need.expr})"
    for way in rule.ways:
        yield f"one way to do it: {way.what}"


def _lock(rule: Lock) -> Iterator[str]:
    yield rule.title
    yield from _limits(
        (
            ("bars", rule.classes, CLASSES),
            ("to", rule.to, RECIPIENTS),
            ("for", rule.purposes, PURPOSES),
            ("to do", rule.acts, ACTS),
        )
    )
    if rule.when:
        yield f"when: {rule.when}"
    if rule.opens_for:
        yield f"opens for: {', '.join(map(_trigger, rule.opens_for))}"


def _trigger(name: str) -> str:
    if name == "must":
        return "whatever a law requires"
    return EVENTS.get(name) or LIMITS.get(name) or name


def _duty(rule: Duty) -> Iterator[str]:
    yield f"{MODES[rule.mode]}: {rule.what}"
    yield f"on: {', '.join(map(_trigger, rule.on))}"
    if rule.to:
        yield f"to: {RECIPIENTS[rule.to]}"
    limit = limit_in_words(_owed(rule))
    if limit:
        yield f"by when: {limit}"
    if rule.when:
        yield f"when: {rule.when}"


def _owed(rule: Duty) -> Owed:
    """The duty as an Answer would owe it."""
    return Owed(
        id=rule.id,
        kind=rule.kind,
        mode=rule.mode,
        what=rule.what,
        due=rule.due,
        due_from=rule.due_from,
        days=rule.days,
        standard=rule.standard,
        later_of=rule.later_of,
        not_before=rule.not_before,
    )


def _form(rule: ConsentForm) -> Iterator[str]:
    yield _words(rule.classes, CLASSES) if rule.classes else "every consent"
    for element in rule.elements:
        yield f"must have: {element.ask}"


def _right(rule: Right) -> Iterator[str]:
    yield rule.what or RIGHT_KINDS[rule.kind]
    yield from _time(rule.due, rule.due_from, rule.standard, rule.days)


def _breach(rule: Breach) -> Iterator[str]:
    yield rule.what or "tell"
    yield from _limits((("to", rule.to, RECIPIENTS),))
    yield from _time(rule.due, rule.due_from, rule.standard, "calendar")


def _time(due: str, due_from: str, standard: str, days: str) -> Iterator[str]:
    owed = Owed(
        id="", kind="", mode="", what="", due=due, due_from=due_from, standard=standard, days=days
    )
    limit = limit_in_words(owed)
    if limit:
        yield f"by when: {limit}"


def _retention(rule: Retention) -> Iterator[str]:
    yield rule.what
    for label, said in (
        ("kept", rule.keep),
        ("counted from", rule.keep_from),
        ("when", rule.when),
        ("then", rule.then),
        ("for children", rule.children),
        ("after death", rule.after_death),
    ):
        if said:
            yield f"{label}: {said}"


def _help(rule: Help) -> Iterator[str]:
    yield f"{rule.who}: {rule.reach}" if rule.reach else rule.who
    if rule.when_open:
        yield f"open: {rule.when_open}"
