"""What a pack holds, as frozen values.

Grounds, locks, duties, forms, and the source every one of them names.

The loader (`packs/loading.py`) makes these from TOML and checks every word; docs/LANGUAGE.md
section 2 defines each field. Expressions are kept as text here and are compiled by `compile.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.rules.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every rule carries.

    Where it comes from, whether its text was seen, and whether it is in use.
    """

    id: str
    cite: str
    source_url: tuple[str, ...]
    verified: bool
    as_of: datetime.date
    note: str = ""
    contested: str = ""
    enabled: bool = True
    disabled_because: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A condition a ground needs, and how to ask for it."""

    expr: str
    ask: str


@dataclass(frozen=True, slots=True)
class Way:
    """One of several ways to discharge a duty.

    `done` is the fact that it has been taken, or empty.
    """

    what: str
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Entry):
    """A reason to speak. `None` in a list field means "any" (docs/LANGUAGE.md section 2)."""

    title: str
    limit: str
    force: str
    by: frozenset[str] | None = None
    to: frozenset[str] | None = None
    purposes: frozenset[str] | None = None
    instruments: frozenset[str] | None = None
    acts: frozenset[str] = frozenset({"hand_over"})
    when: str = ""
    needs: tuple[Need, ...] = ()
    covers: frozenset[str] | None = None
    excludes: frozenset[str] = frozenset()
    scope: str = "minimum"
    ways: tuple[Way, ...] = ()
    review: str = ""

    def fits(self, hats: frozenset[str], purpose: str, instrument: str, act: str) -> bool:
        """Whether this way of asking can rest on it at all; the recipient is looked up by index."""
        return (
            (self.purposes is None or purpose in self.purposes)
            and (self.instruments is None or instrument in self.instruments)
            and act in self.acts
            and (self.by is None or not self.by.isdisjoint(hats))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock(Entry):
    """A bar on classes. `None` in a list field means "all"."""

    title: str
    classes: frozenset[str] | None = None
    to: frozenset[str] | None = None
    purposes: frozenset[str] | None = None
    acts: frozenset[str] | None = None
    when: str = ""
    opens_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A time limit: an ISO 8601 duration and the event it runs from."""

    due: str
    due_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Entry):
    """What is owed when one of `on` happens and `when` is not false."""

    on: tuple[str, ...]
    kind: str
    mode: str
    what: str
    when: str = ""
    to: str = ""
    due: str = ""
    due_from: str = ""
    days: str = "calendar"
    standard: str = ""
    later_of: tuple[Due, ...] = ()
    not_before: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One element a consent form must have."""

    key: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentForm(Entry):
    """The elements a pack demands of a consent.

    For all classes (`None`) or in addition for some.
    """

    elements: tuple[Element, ...]
    classes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right(Entry):
    """A right of the client, kept for the pages that serve it; it decides nothing here.

    `review`: who looks again at what was refused. Where `refuse_if` marks reasons as reviewable,
    those alone are; else every refusal is. `no_refusal`: what it gives may not be refused.
    An account goes as far `back` as this; it lists what went on a ground of `only`, where there
    are any, and leaves out what went on grounds of `leaves_out` alone.
    """

    kind: str
    what: str = ""
    due: str = ""
    due_from: str = ""
    days: str = "calendar"
    standard: str = ""
    extension: str = ""
    who: tuple[str, ...] = ("client",)
    ground: tuple[str, ...] = ()
    when: str = ""
    refuse_when: str = ""
    refuse_if: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    on_refusal: str = ""
    review: str = ""
    no_refusal: bool = False
    back: str = ""
    leaves_out: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach(Entry):
    """Whom to tell of a breach, and by when."""

    what: str = ""
    when: str = ""
    to: tuple[str, ...] = ()
    due: str = ""
    due_from: str = ""
    standard: str = ""
    contents: tuple[str, ...] = ()
    unless: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Entry):
    """How long something is kept; `apart`: something else than the record."""

    what: str = ""
    keep: str = ""
    keep_from: str = ""
    when: str = ""
    then: str = ""
    children: str = ""
    after_death: str = ""
    longer_wins: bool = False
    append_only: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Help(Entry):
    """Whom to call when nothing may be told to the one who asks."""

    who: str
    reach: str
    serves: tuple[str, ...]
    when_open: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A layer of law. `speaks_of` is `None` for all classes."""

    id: str
    title: str
    jurisdiction: str
    as_of: datetime.date
    default: str
    extends: tuple[str, ...] = ()
    speaks_of: frozenset[str] | None = None
    applies_when: str = ""
    local_law: str = ""
    short: str = ""
    note: str = ""
    facts: Mapping[str, Fact]
    grounds: tuple[Ground, ...] = ()
    locks: tuple[Lock, ...] = ()
    duties: tuple[Duty, ...] = ()
    consent_forms: tuple[ConsentForm, ...] = ()
    rights: tuple[Right, ...] = ()
    breaches: tuple[Breach, ...] = ()
    retentions: tuple[Retention, ...] = ()
    helps: tuple[Help, ...] = ()

    @property
    def name(self) -> str:
        """What a sentence calls this law."""
        return self.short or self.title

    @property
    def is_law(self) -> bool:
        """Whether this is law: the house pack is the practice's own ethic and no law."""
        return self.id != "house"
