"""From one table of a pack file to one entry.

Strict, with file, entry and key in every error (docs/LANGUAGE.md section 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from angerona.errors import BadPack, one_of
from angerona.rules.entries import (
    Breach,
    ConsentForm,
    Due,
    Duty,
    Element,
    Ground,
    Help,
    Lock,
    Need,
    Retention,
    Right,
    Way,
)
from angerona.rules.facts import INT_LIMIT, ORDER_FACTS, Fact
from angerona.rules.reading import NAME, Table
from angerona.words import (
    ACTS,
    CLASSES,
    DUTY_KINDS,
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
    SCOPES,
)

if TYPE_CHECKING:
    import datetime

HATS: Final = frozenset((*ROLES, *RELATIONS))
DAYS: Final = ("calendar", "working")
FACT_TYPES: Final = ("bool", "int", "enum")
HELP_FOR: Final = ("harm", "abuse", "any", "complaint")


class Source(TypedDict):
    """The fields every rule carries."""

    id: str
    cite: str
    source_url: tuple[str, ...]
    verified: bool
    as_of: datetime.date
    note: str
    contested: str
    enabled: bool
    disabled_because: str


def source(table: Table, pack: str) -> Source:
    """Read the source of an entry; its id begins with the pack's."""
    entry = table.name("id")
    if not entry.startswith(f"{pack}."):
        table.fail("id", "belongs to another pack", f"begins with {pack}.")
    as_of = table.date("as_of")
    if as_of is None:
        table.fail("as_of", "missing", "the date on which the text was last looked at")
    enabled = table.flag("enabled", default=True)
    because = table.text("disabled_because", "")
    if enabled == bool(because):
        table.fail("disabled_because", "goes with enabled = false", "say why, or leave both out")
    if not table.has("verified"):
        table.fail("verified", "missing", "whether the text, or a page quoting it, was seen")
    return Source(
        id=entry,
        cite=table.text("cite"),
        source_url=table.texts("source_url"),
        verified=table.flag("verified", default=False),
        as_of=as_of,
        note=table.text("note", ""),
        contested=table.text("contested", ""),
        enabled=enabled,
        disabled_because=because,
    )


def ground(table: Table, pack: str) -> Ground:
    """Read a `[[ground]]`."""
    return Ground(
        **source(table, pack),
        title=table.text("title"),
        limit=table.word("limit", LIMITS),
        force=table.word("force", FORCES),
        by=table.set_of("by", HATS),
        to=table.set_of("to", RECIPIENTS),
        purposes=table.set_of("purposes", PURPOSES),
        instruments=table.set_of("instruments", INSTRUMENTS),
        acts=table.set_of("acts", ACTS) or frozenset({"hand_over"}),
        when=table.text("when", ""),
        needs=tuple(_need(one) for one in table.tables("needs")),
        covers=table.set_of("covers", CLASSES),
        excludes=table.set_of("excludes", CLASSES) or frozenset(),
        scope=table.word("scope", SCOPES, "minimum"),
        ways=tuple(_way(one) for one in table.tables("ways")),
        review=table.duration("review"),
    )


def _need(table: Table) -> Need:
    if table.has("fact") == table.has("expr"):
        table.fail("fact", "a need has either a fact or an expr", "fact = ..., or expr = ...")
    need = Need(table.text("fact", "") or table.text("expr", ""), table.text("ask"))
    table.done()
    return need


def _way(table: Table) -> Way:
    way = Way(table.text("what"), table.text("done", ""))
    table.done()
    return way


def lock(table: Table, pack: str) -> Lock:
    """Read a `[[lock]]`."""
    return Lock(
        **source(table, pack),
        title=table.text("title"),
        classes=table.set_of("classes", CLASSES),
        to=table.set_of("to", RECIPIENTS),
        purposes=table.set_of("purposes", PURPOSES),
        acts=table.set_of("acts", ACTS),
        when=table.text("when", ""),
        opens_for=_references(table, "opens_for", {*LIMITS, "must"}),
    )


def _references(table: Table, key: str, words: set[str]) -> tuple[str, ...]:
    """Names of grounds (with a dot) or words.

    That the grounds exist is checked when all packs are read.
    """
    names = table.texts(key)
    for index, name in enumerate(names):
        if name not in words and not ("." in name and NAME.match(name)):
            table.fail(f"{key}[{index}]", "neither a ground nor a word", one_of(words, name))
    return names


def duty(table: Table, pack: str) -> Duty:
    """Read a `[[duty]]`."""
    made = Duty(
        **source(table, pack),
        on=_references(table, "on", {*LIMITS, *EVENTS}),
        kind=table.word("kind", DUTY_KINDS),
        mode=table.word("mode", MODES),
        what=table.text("what"),
        when=table.text("when", ""),
        to=table.word("to", (*RECIPIENTS, ""), ""),
        due=table.duration("due"),
        due_from=table.text("due_from", ""),
        days=table.word("days", DAYS, "calendar"),
        standard=table.text("standard", ""),
        later_of=tuple(_due(one) for one in table.tables("later_of")),
        not_before=table.duration("not_before"),
    )
    if not made.on:
        table.fail("on", "names nothing that triggers it", one_of({*LIMITS, *EVENTS}))
    return made


def _due(table: Table) -> Due:
    due = Due(table.duration("due"), table.text("due_from"))
    table.done()
    return due


def consent_form(table: Table, pack: str) -> ConsentForm:
    """Read a `[[consent_form]]`.

    It cannot be switched off: a form that asks for fewer elements opens.
    """
    if table.has("enabled"):
        table.fail("enabled", "a consent form cannot be switched off", "take it out with a record")
    return ConsentForm(
        **source(table, pack),
        elements=tuple(_element(one) for one in table.tables("elements")),
        classes=table.set_of("classes", CLASSES),
    )


def _element(table: Table) -> Element:
    element = Element(table.name("key"), table.text("ask"))
    table.done()
    return element


def right(table: Table, pack: str) -> Right:
    """Read a `[[right]]`."""
    return Right(
        **source(table, pack),
        kind=table.word("kind", RIGHT_KINDS),
        what=table.text("what", ""),
        due=table.duration("due"),
        due_from=table.text("due_from", ""),
        days=table.word("days", DAYS, "calendar"),
        standard=table.text("standard", ""),
        extension=table.text("extension", ""),
        who=table.words("who", RECIPIENTS) or ("client",),
        ground=_references(table, "ground", set()),
        when=table.text("when", ""),
        refuse_when=table.text("refuse_when", ""),
        refuse_if=table.texts("refuse_if"),
        steps=table.texts("steps"),
        on_refusal=table.text("on_refusal", ""),
        review=table.text("review", ""),
        no_refusal=table.flag("no_refusal", default=False),
        back=table.duration("back"),
        leaves_out=_references(table, "leaves_out", set()),
        only=_references(table, "only", set()),
    )


def breach(table: Table, pack: str) -> Breach:
    """Read a `[[breach]]`."""
    return Breach(
        **source(table, pack),
        what=table.text("what", ""),
        when=table.text("when", ""),
        to=table.words("to", RECIPIENTS),
        due=table.duration("due"),
        due_from=table.text("due_from", ""),
        standard=table.text("standard", ""),
        contents=table.texts("contents"),
        unless=table.text("unless", ""),
    )


def retention(table: Table, pack: str) -> Retention:
    """Read a `[[retention]]`."""
    return Retention(
        **source(table, pack),
        what=table.text("what", ""),
        keep=table.text("keep", ""),
        keep_from=table.text("keep_from", ""),
        when=table.text("when", ""),
        then=table.text("then", ""),
        children=table.text("children", ""),
        after_death=table.text("after_death", ""),
        longer_wins=table.flag("longer_wins", default=False),
        append_only=table.flag("append_only", default=False),
        apart=table.flag("apart", default=False),
    )


def help_line(table: Table, pack: str) -> Help:
    """Read a `[[help]]`."""
    return Help(
        **source(table, pack),
        who=table.text("who"),
        reach=table.text("reach", ""),
        serves=table.words("for", HELP_FOR) or ("any",),
        when_open=table.text("when_open", ""),
    )


def fact(table: Table, pack: str) -> Fact:
    """Read a `[[fact]]`: a fact of this pack's own namespace."""
    namespace = pack.replace("-", "_")
    key = table.name("key")
    if not key.startswith(f"{namespace}."):
        table.fail("key", "belongs to another pack", f"begins with {namespace}.")
    kind = table.word("type", FACT_TYPES)
    values = table.texts("values")
    if (kind == "enum") != bool(values):
        table.fail("values", "an enum lists its values, other types have none")
    made = Fact(
        key=key,
        type=kind,
        ask=table.text("ask"),
        values=values,
        screening=table.flag("screening", default=False),
        default=_default(table, kind, values),
        reads=table.word("reads", (*ORDER_FACTS, ""), ""),
        telling=table.flag("telling", default=False),
    )
    table.text("note", "")
    return made


def _default(table: Table, kind: str, values: tuple[str, ...]) -> bool | int | str | None:
    if not table.has("default"):
        return None
    value = table.raw["default"]
    match kind, value:
        case "bool", bool():
            return value
        case "int", int() if not isinstance(value, bool) and 0 <= value <= INT_LIMIT:
            return value
        case "enum", str() if value in values:
            return value
        case _:
            raise BadPack(table.at("default"), f"does not fit the type {kind}")
