"""How far a Permit reaches: of what the rules let go, what the keys that the caller holds open.

The rules may permit more than somebody's keys open, as when who is on call breaks the glass. Which
keys are held is known before anything is written, so the line of the ledger says what can be
opened, and what stays shut for want of a key. Only an entry that was named fails the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from angerona.errors import AngeronaError, AuthorityMoved, BadInput, Unknown, one_of
from angerona.gate.paring import check_choice, is_ordered
from angerona.gate.results import latest
from angerona.gate.saying import exactly
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS, compartment_of
from angerona.sealed.holding import names_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from angerona.gate.announcing import Act
    from angerona.gate.gathering import Gathered
    from angerona.gate.paring import Choice
    from angerona.rules.answer import Permit
    from angerona.sealed.authority import Authority
    from angerona.sealed.duties import Duty
    from angerona.sealed.entries import EntryPlace
    from angerona.sealed.vault import Visit

    Pick = Callable[[Sequence[EntryPlace]], tuple[EntryPlace, ...]]


@dataclass(frozen=True, slots=True)
class Reach:
    """Entries that are to be opened, entries that no key held opens, and the classes opened.

    `says`: what the line says of it besides; `agreement`: the second reader's, which it uses up;
    `to_read`: what a second reader has to read afterwards; `along` adds to what is announced.
    """

    going: tuple[EntryPlace, ...]
    unopened: tuple[EntryPlace, ...]
    classes: frozenset[str]
    says: Mapping[str, object] = field(default_factory=dict)
    agreement: Duty | None = None
    to_read: Mapping[str, object] | None = None
    along: Callable[[Act], Act] | None = None


NOTHING: Final = Reach((), (), frozenset())


def classes_of(places: Iterable[EntryPlace]) -> tuple[str, ...]:
    """The classes of entries, each once, in the order in which the entries stand."""
    return tuple(dict.fromkeys(one.wanted for one in places))


def whole(permit: Permit, going: Iterable[EntryPlace]) -> Reach:
    """All of it: what was named, or what needs no key of the caller's."""
    return Reach(tuple(going), (), permit.released)


def reach_of(
    visit: Visit, authority: Authority, permit: Permit, permitted: Sequence[EntryPlace]
) -> Reach:
    """What the keys held open of entries that are permitted. Raises `AuthorityMoved`.

    A class without an entry is reached if its key is held. Where a key or a wrap is not what the
    ledger holds, everything is reached for, so that opening it fails and that is written.
    """
    try:
        held = names_held(visit, authority)
    except AuthorityMoved:
        raise
    except AngeronaError:
        return whole(permit, permitted)

    def is_held(wanted: str, author_id: bytes) -> bool:
        if COMPARTMENT_OF.get(wanted) in {None, EVENTS}:
            return True
        return compartment_of(wanted, author_id=author_id, record_id=authority.client_id) in held

    going = tuple(one for one in permitted if is_held(one.wanted, one.author_id))
    unopened = tuple(one for one in permitted if not is_held(one.wanted, one.author_id))
    opened, there = {one.wanted for one in going}, {one.wanted for one in permitted}
    own = visit.unlocked.person_id
    empty = {one for one in permit.released - there if is_held(one, own)}
    return Reach(going, unopened, frozenset(opened | empty))


def disclosed(
    visit: Visit,
    gathered: Gathered,
    permit: Permit,
    places: Sequence[EntryPlace],
    *,
    chosen: frozenset[bytes] | None,
) -> Reach:
    """What a disclosure opens: what was named, or what of the released classes the keys open."""
    going = [one for one in places if _may_go(gathered, permit, one)]
    held = whole(permit, going)
    if chosen is None:
        found = reach_of(visit, gathered.authority, permit, going)
        held = found if found.going else held
    return replace(held, classes=frozenset(one.wanted for one in held.going))


def released(
    visit: Visit,
    choice: Choice,
    gathered: Gathered,
    permit: Permit,
    places: Sequence[EntryPlace],
) -> Reach:
    """The same where somebody chose, with what the announcement says. Raises `BadInput`."""
    wanted = gathered.ask.wants
    if choice.entry_ids is not None and any(one.wanted not in wanted for one in places):
        raise BadInput("entries", "one is of a class that was not asked for", one_of(wanted))
    reach = disclosed(visit, gathered, permit, places, chosen=choice.entry_ids)
    check_choice(gathered, permit, reach.going, choice)
    there = latest(visit.vault.places(gathered.authority.client_id))
    may_go = [one for one in there if _may_go(gathered, permit, one)]
    says = exactly(gathered, reach, choice.left_out, others=len(may_go) - len(reach.going))
    return replace(reach, says=says)


def withheld(
    gathered: Gathered, permit: Permit, places: Iterable[EntryPlace]
) -> tuple[EntryPlace, ...]:
    """What was asked for and the rules keep back."""
    wanted = gathered.ask.wants
    return tuple(
        one for one in places if one.wanted in wanted and not _may_go(gathered, permit, one)
    )


def _may_go(gathered: Gathered, permit: Permit, place: EntryPlace) -> bool:
    return place.wanted in permit.released and is_ordered(gathered, permit, place)


def named_and_stated(
    authority: Authority, places: Sequence[EntryPlace], chosen: frozenset[bytes] | None
) -> tuple[EntryPlace, ...]:
    """The rows of the entries chosen, and of what the client or the practice states about them.

    A statement of disagreement goes wherever its entry goes: 45 CFR 164.526(d)(5).
    """
    if chosen is None:
        return latest(places)
    there = {one.entry_id for one in places}
    stated = {
        one.statement_id
        for one in authority.client.statements
        if one.entry_id in chosen and one.statement_id in there
    }
    return named_places(places, chosen | stated)


def named_places(
    places: Sequence[EntryPlace], chosen: frozenset[bytes] | None, pick: Pick = latest
) -> tuple[EntryPlace, ...]:
    """The rows that count, of the entries named every one. Raises `Unknown` where one is missing.

    `pick` says which rows of a record count: the newest version of each entry, or other ones.
    """
    rows = pick(places)
    if chosen is None:
        return rows
    found = tuple(one for one in rows if one.entry_id in chosen)
    if {one.entry_id for one in found} != chosen:
        raise Unknown
    return found
