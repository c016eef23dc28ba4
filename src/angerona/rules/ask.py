"""The Ask: the question put to the rules.

Read strictly from a plain table (docs/LANGUAGE.md section 1).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadAsk, kind_of, one_of
from angerona.rules.facts import INT_LIMIT
from angerona.rules.reading import NAME, Table, moment
from angerona.words import (
    ACTS,
    CLASSES,
    EVERYTHING,
    INSTRUMENTS,
    ORDER_SIGNERS,
    PURPOSES,
    RECIPIENTS,
    RELATIONS,
    ROLES,
    SIGNERS,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from angerona.rules.facts import Fact

PLACE: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?\Z")
CLASSES_OR_EVERYTHING: Final = frozenset({*CLASSES, EVERYTHING})
Value = bool | int | str


@dataclass(frozen=True, slots=True)
class Passage:
    """A marked part of an entry, and every class that is in it."""

    id: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A consent document (docs/LANGUAGE.md section 6). Empty lists name nobody and nothing."""

    by: str
    form: str
    classes: frozenset[str]
    to: frozenset[str]
    purposes: frozenset[str]
    starts: datetime.date | None
    ends: datetime.date | None
    revoked: datetime.date | None
    elements: frozenset[str]
    denied: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """What is to be kept from whom, and what for, as agreed with the client; in force as given.

    `paid`: the client paid for it in full (docs/LANGUAGE.md section 6).
    """

    classes: frozenset[str]
    to: frozenset[str]
    purposes: frozenset[str]
    paid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order or warrant in hand (docs/LANGUAGE.md section 7)."""

    kind: str
    signed_by: str
    classes: frozenset[str]
    to: frozenset[str]
    starts: datetime.date | None
    ends: datetime.date | None
    part2_findings: bool
    secrecy: bool
    names_notes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """May this information reach this person, now?"""

    packs: tuple[str, ...]
    at: datetime.datetime
    roles: tuple[str, ...]
    relations: tuple[str, ...]
    to: str
    purpose: str
    purpose_by: str
    instrument: str
    act: str
    wants: tuple[str, ...]
    passages: tuple[Passage, ...]
    consents: tuple[Consent, ...]
    restrictions: tuple[Restriction, ...]
    orders: tuple[Order, ...]
    facts: Mapping[str, Value]
    place: str

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """The day here and in UTC, earlier and later: a date in a document errs towards closing."""
        here, there = self.at.date(), self.at.astimezone(datetime.UTC).date()
        return min(here, there), max(here, there)

    @property
    def hats(self) -> frozenset[str]:
        """Roles and relations together, as a ground's `by` names them."""
        return frozenset((*self.roles, *self.relations))

    @property
    def purpose_established(self) -> bool:
        """Whether the purpose is more than what an outside asker says."""
        said = self.facts.get("purpose.established")
        return said is True or (self.purpose_by == "practice" and said is not False)


def read_ask(raw: object, facts: Mapping[str, Fact], packs: Collection[str]) -> Ask:
    """Read an Ask from a plain table, as JSON gives it.

    `facts` is the vocabulary (core and declared), `packs` the ids of the loaded packs. Raises
    `BadAsk` naming the place and what is allowed.
    """
    table = Table(raw, "", BadAsk)
    hats = Table(table.need("by"), "by", BadAsk)
    wants, passages = _wants(table)
    ask = Ask(
        packs=_packs(table, packs),
        at=_moment(table),
        roles=_one_or_more(hats, "role", ROLES),
        relations=_one_or_more(hats, "relation", RELATIONS),
        to=table.word("to", RECIPIENTS),
        purpose=table.word("purpose", PURPOSES),
        purpose_by=table.word("purpose_by", ("practice", "asker"), "practice"),
        instrument=table.word("instrument", INSTRUMENTS),
        act=table.word("act", ACTS, "hand_over"),
        wants=wants,
        passages=passages,
        consents=tuple(_consent(one) for one in table.tables("consents")),
        restrictions=tuple(_restriction(one) for one in table.tables("restrictions")),
        orders=tuple(_order(one) for one in table.tables("orders")),
        facts=_facts(table, facts),
        place=_place(table),
    )
    hats.done()
    table.done()
    return ask


def _packs(table: Table, loaded: Collection[str]) -> tuple[str, ...]:
    packs = table.words("packs", loaded)
    if not packs:
        table.fail("packs", "names no pack", one_of(loaded))
    return packs


def _moment(table: Table) -> datetime.datetime:
    value = moment(table.text("at"))
    if value is None:
        table.fail("at", "not a date and time with a zone", "such as 2026-11-23T10:00:00Z")
    return value


def _one_or_more(table: Table, key: str, allowed: Collection[str]) -> tuple[str, ...]:
    if isinstance(table.need(key), list):
        words = table.words(key, allowed)
        if not words:
            table.fail(key, "an empty list", one_of(allowed))
        return words
    return (table.word(key, allowed),)


def _wants(table: Table) -> tuple[tuple[str, ...], tuple[Passage, ...]]:
    table.need("wants")
    classes: list[str] = []
    passages: list[Passage] = []
    for index, want in enumerate(table.items("wants")):
        if isinstance(want, dict):
            passages.append(_passage(Table(want, f"wants[{index}]", BadAsk)))
        elif isinstance(want, str) and want in CLASSES_OR_EVERYTHING:
            classes.append(want)
        else:
            table.fail(
                f"wants[{index}]",
                f"unknown class ({kind_of(want)})",
                one_of(CLASSES_OR_EVERYTHING, want),
            )
    if EVERYTHING in classes:
        if len(classes) > 1:
            table.fail("wants", "names everything and more", f'["{EVERYTHING}"] stands alone')
        classes = list(CLASSES)
    ids = [passage.id for passage in passages]
    if not classes and not passages:
        table.fail("wants", "asks for nothing", one_of(CLASSES_OR_EVERYTHING))
    if len(set(classes)) != len(classes) or len(set(ids)) != len(ids):
        table.fail("wants", "names something twice")
    return tuple(classes), tuple(passages)


def _passage(table: Table) -> Passage:
    passage = Passage(table.name("passage"), table.words("classes", CLASSES))
    if not passage.classes:
        table.fail("classes", "a passage has at least one class", one_of(CLASSES))
    if passage.id in CLASSES_OR_EVERYTHING:
        table.fail("passage", "a passage cannot be named like a class")
    table.done()
    return passage


def read_consent(raw: object) -> Consent:
    """Read one consent document from a plain table. Raises `BadAsk` naming the place."""
    return _consent(Table(raw, "consent", BadAsk))


def _consent(table: Table) -> Consent:
    elements = Table(table.need("elements"), table.at("elements"), BadAsk)
    given = {key: elements.flag(key, default=False) for key in elements.raw if NAME.match(key)}
    elements.done()
    consent = Consent(
        by=table.word("by", SIGNERS),
        form=table.name("form"),
        classes=frozenset(table.words("classes", CLASSES_OR_EVERYTHING)),
        to=frozenset(table.words("to", RECIPIENTS)),
        purposes=frozenset(table.words("purposes", PURPOSES)),
        starts=table.date("from"),
        ends=table.date("until"),
        revoked=table.date("revoked"),
        elements=frozenset(key for key, present in given.items() if present),
        denied=frozenset(key for key, present in given.items() if not present),
    )
    table.done()
    return consent


def _restriction(table: Table) -> Restriction:
    restriction = Restriction(
        classes=frozenset(table.words("classes", CLASSES)),
        to=frozenset(table.words("to", RECIPIENTS)),
        purposes=frozenset(table.words("purposes", PURPOSES)),
        paid=table.flag("paid", default=False),
    )
    table.done()
    return restriction


def _order(table: Table) -> Order:
    order = Order(
        kind=table.word("kind", INSTRUMENTS),
        signed_by=table.word("signed_by", ORDER_SIGNERS),
        classes=frozenset(table.words("classes", CLASSES_OR_EVERYTHING)),
        to=frozenset(table.words("to", RECIPIENTS)),
        starts=table.date("from"),
        ends=table.date("until"),
        part2_findings=table.flag("part2_findings", default=False),
        secrecy=table.flag("secrecy", default=False),
        names_notes=table.flag("names_notes", default=False),
    )
    table.done()
    return order


def read_facts(raw: object, vocabulary: Mapping[str, Fact]) -> Mapping[str, Value]:
    """Read a table of facts. Raises `BadAsk` for one that nobody declared, or its value."""
    return _facts(Table({"facts": raw}, "", BadAsk), vocabulary)


def _facts(table: Table, vocabulary: Mapping[str, Fact]) -> Mapping[str, Value]:
    if not table.has("facts"):
        return {}
    given = Table(table.raw["facts"], "facts", BadAsk)
    stated: dict[str, Value] = {}
    for key, value in given.raw.items():
        fact = vocabulary.get(key)
        if fact is None:
            given.fail_key(key, "unknown fact", vocabulary)
        if value is not None:
            stated[key] = _value(given, fact, value)
    return stated


def _value(table: Table, fact: Fact, value: object) -> Value:  # noqa: RET503 -- fail() raises
    match fact.type, value:
        case "bool", bool():
            return value
        case "int", int() if not isinstance(value, bool) and 0 <= value <= INT_LIMIT:
            return value
        case "enum", str() if value in fact.values:
            return value
        case "bool", _:
            allowed = "true or false, or leave it out"
        case "int", _:
            allowed = f"a whole number to {INT_LIMIT}, or leave it out"
        case _:
            allowed = one_of(fact.values, value)
    table.fail(fact.key, f"cannot be {kind_of(value)}", allowed)


def _place(table: Table) -> str:
    place = table.text("place", "")
    if place == "GB" or place.startswith("GB-"):
        return f"UK{place[2:]}"  # the United Kingdom's packs, and its law, say UK
    if place and not PLACE.match(place):
        table.fail("place", "not an ISO 3166 code", "such as US-CA or IE")
    return place
