"""What the gate gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping

    from angerona.gate.gathering import Gathered
    from angerona.gate.reaching import Reach
    from angerona.ledger.lines import Written
    from angerona.rules.answer import Answer, Permit
    from angerona.sealed.duties import Duty
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.store import Writing


@dataclass(frozen=True, slots=True)
class Asked:
    """Steps 1 to 3 done: what was gathered, the answer, the durable line, the entries chosen.

    `reach`: what of them is to be opened; `owed`: what is to be done now.
    """

    gathered: Gathered
    answer: Answer
    written: Written
    places: tuple[EntryPlace, ...]
    held_until: datetime.datetime | None
    reach: Reach
    owed: tuple[Duty, ...]

    def prepared(
        self,
        permit: Permit,
        entries: tuple[tuple[EntryPlace, EntryText], ...] = (),
        withheld: tuple[EntryPlace, ...] = (),
    ) -> Prepared:
        """The disclosure that was announced, with what was opened for it."""
        return Prepared(
            entries,
            withheld,
            permit,
            self.written,
            self.gathered,
            self.held_until,
            self.reach.unopened,
            self.owed,
            self.reach.agreement,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """What a look gave: the entries, each with its place, and the papers it was opened under.

    `unopened`: what the rules let go and no key that is held opens; the line says so too. `owed`:
    what is to be done now.
    """

    entries: tuple[tuple[EntryPlace, EntryText], ...]
    permit: Permit
    written: Written
    unopened: tuple[EntryPlace, ...] = ()
    owed: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a disclosure opened. It is announced; `handed_over` or `failed` is owed.

    The announcement names exactly the entries that go. `withheld`: what the rules keep back;
    `unopened`: what they let go and no key that is held opens; `owed`: what is to be done now;
    `agreement`: what a second reader had agreed to, and is given back if it fails.
    """

    entries: tuple[tuple[EntryPlace, EntryText], ...]
    withheld: tuple[EntryPlace, ...]
    permit: Permit
    written: Written
    gathered: Gathered
    held_until: datetime.datetime | None = None
    unopened: tuple[EntryPlace, ...] = ()
    owed: tuple[Duty, ...] = ()
    agreement: Duty | None = None


@final
@dataclass(frozen=True, slots=True)
class FileLeft:
    """The file as which something leaves: its SHA-256 (32 bytes), what changes with its line."""

    digest: bytes
    change: Callable[[Writing], None] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof that a client takes home, and the disclosure it is, still to be followed up."""

    text: str
    prepared: Prepared


@dataclass(frozen=True, slots=True)
class Previewed:
    """What would go, and where the answer stands; nothing was opened.

    `would_stay`: what the rules keep back; `unopened`: what no key that is held opens; `to_choose`:
    what would go only if somebody chooses it. The rest of what would go is preselected.
    `is_awaited`: a second reader must agree before it leaves.
    """

    answer: Answer
    would_go: tuple[EntryPlace, ...]
    would_stay: tuple[EntryPlace, ...]
    unopened: tuple[EntryPlace, ...] = ()
    to_choose: tuple[EntryPlace, ...] = ()
    is_awaited: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would leave, as JSON, under which Permit, and until when its lines are held.

    `seen` is what whoever was shown this has seen; `is_awaited`: a second reader must agree first.
    """

    gathered: Gathered
    permit: Permit
    terms: Mapping[str, object]
    seen: str
    held_until: datetime.datetime | None
    going: tuple[EntryPlace, ...]
    is_awaited: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that is kept: its id (16 bytes), its version from 1 on, its ledger line."""

    entry_id: bytes
    version: int
    written: Written


def latest(places: Iterable[EntryPlace]) -> tuple[EntryPlace, ...]:
    """The newest version of each entry, in the order in which the entries were first kept."""
    newest: dict[bytes, EntryPlace] = {}
    for place in places:
        newest[place.entry_id] = place
    return tuple(newest.values())
