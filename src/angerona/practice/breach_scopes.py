"""Who could have seen what: one client's lines, asked for what an incident may have reached.

An incident is scoped by one or more **places to look**: what a person (an account) saw or listed in
a time, what a session did, what a packet carried, what lies on a stolen disk or backup with the
keys that were with it, all that was done with one client's record. Each is answered from the ledger
alone and gives the same answer again, so an incident keeps counts and a digest and no list.

Only what was announced and came to nothing is left out; whoever could have seen something counts as
having seen it.
"""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, Unknown, one_of
from angerona.practice.colleagues import works_here
from angerona.sealed.compartments import BY_POST, brought_by, classes_opened
from angerona.sealed.held_lines import HAPPENED, HELD
from angerona.sealed.sessions import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from angerona.ledger.lines import OpenedLine
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Vault, Visit

PLACES: Final[Mapping[str, str]] = {
    "person": "what somebody saw or had listed in a time",
    "session": "what was done in one session, on a device",
    "packet": "what a packet carried",
    "stolen": "a disk, a computer or a backup that is gone",
    "client": "all that was done with one client's record in a time",
}
KEYS: Final[Mapping[str, str]] = {
    "none": "nothing of the keys: all is sealed, and nobody can read whose it is",
    "boot": "the boot secret: names, contact, ties, consents and who looked can be read",
    "password": "the boot secret, and the password, passkey or recovery code of a member",
}
"""What was with a disk or a backup that is gone, and what that means."""
READABLE: Final = frozenset({"identity", "attendance", "ledger"})
"""What the boot secret opens of every client (docs/ARCHITECTURE.md, The keys)."""
DIGITS_MIN: Final = 8
_SEEING: Final = frozenset({"look", "disclosure", "emergency", "opened", "kept"})
_OF_WHAT: Final[Mapping[str, str]] = {
    "how to reach": "identity",
    "name": "identity",
    "head": "identity",
    "on file": "identity",
    "consents": "identity",
    "people": "attendance",
    "appointments": "attendance",
    "who looked": "ledger",
}
"""What a look at something that is no entry showed."""
_LISTED: Final = "listed"
_LISTS: Final = frozenset({"caseload", "calendar", "duties", "oversight", "second readings"})
"""What a line under a member says of a page on which clients stand by name."""


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place to look: a word of `PLACES`, from when to when, and what names it.

    `person` and `client` are ids in hexadecimal digits, `packet` the first digits of an id or all
    of it; `keys` a word of `KEYS`.
    """

    by: str
    since: datetime.datetime
    until: datetime.datetime
    person: str = ""
    client: str = ""
    packet: str = ""
    keys: str = ""


@dataclass(slots=True)
class Reached:
    """What was reached of one client: classes, how many lines say so, the first and the last.

    `is_sealed`: it was carried off, and nobody can read it. With none of these, the client's name
    stood in a list, and nothing more.
    """

    client_id: bytes
    classes: set[str] = field(default_factory=set)
    lines: int = 0
    first: datetime.datetime | None = None
    last: datetime.datetime | None = None
    is_sealed: bool = False

    @property
    def is_listed_only(self) -> bool:
        """Whether no more than a line in a list was seen."""
        return not self.classes and not self.is_sealed

    def add(self, classes: Iterable[str], at: datetime.datetime | None) -> None:
        """Count a line."""
        self.classes.update(classes)
        self.lines += 1
        if at is not None:
            self.first = min(at, self.first or at)
            self.last = max(at, self.last or at)

    def join(self, other: Reached) -> None:
        """Take in what another place to look found of the same client."""
        is_read = not (self.is_sealed and other.is_sealed)
        self.is_sealed = not is_read
        self.classes |= other.classes
        self.lines += other.lines
        for at in (other.first, other.last):
            if at is not None:
                self.first = min(at, self.first or at)
                self.last = max(at, self.last or at)


def checked_place(visit: Visit, place: Place) -> Place:
    """The same, if it can be looked at. Raises `BadInput`, `Unknown`."""
    vault = visit.vault
    if place.by not in PLACES:
        raise BadInput("where to look", "is no such place", one_of(PLACES, place.by))
    if not place.since <= place.until <= visit.at:
        raise BadInput("until", "lies ahead, or before it began", "a time up to now")
    names_member = place.by in {"person", "session"} or place.keys == "password"
    if names_member and vault.person(_id(place.person)).row.client_id is not None:
        raise BadInput("whose", "is no member's", "a member, of today or earlier")
    if place.by == "client":
        vault.authority(_id(place.client))
    if place.by == "stolen" and place.keys not in KEYS:
        raise BadInput("keys", "are none of the choices", one_of(KEYS, place.keys))
    if place.by == "packet":
        digits = place.packet.replace("-", "").lower()
        if len(digits) < DIGITS_MIN or not set(digits) <= set("0123456789abcdef"):
            raise BadInput("packet", "is no number of one", "as on its pages: 5f0c-0a6e")
        place = msgspec.structs.replace(place, packet=digits)
    return place


def sessions_of(
    visit: Visit, person_id: bytes
) -> list[tuple[datetime.datetime, datetime.datetime]]:
    """When each session of a member began, and by when it was over; the newest first.

    With a line under whoever asks. A session without a sign-out ended at the latest after 12 hours.
    """
    vault, by = visit.vault, visit.person
    begun: list[tuple[datetime.datetime, datetime.datetime]] = []
    lines = vault.ledger.lines_of(person_id)
    outs = [one.at for one in lines if one.kind == "sign_out" and one.at]
    for one in lines:
        if one.kind == "sign_in" and one.at is not None and one.body.get("what") is None:
            end = one.at + LONGEST
            begun.append((one.at, min([end, visit.at, *(at for at in outs if at > one.at)])))
    body = {"by": by.described, "what": "sessions", "whom": vault.person(person_id).described}
    vault.record(by.person_id, "look", body, visit.at)
    return sorted(begun, reverse=True)


@dataclass(frozen=True, slots=True)
class Looking:
    """Places to look, with what is read once for all clients: lists had, lines held, posts."""

    vault: Vault
    places: tuple[Place, ...]
    listed: Mapping[int, tuple[tuple[datetime.datetime, ...], bool]]
    held: Mapping[str, tuple[OpenedLine, ...]]
    posts: Mapping[int, frozenset[str]]

    @classmethod
    def at(cls, vault: Vault, places: Iterable[Place]) -> Looking:
        """Read what does not stand under a client. Raises `Altered`."""
        found = tuple(places)
        listed = {
            number: _lists_had(vault, one)
            for number, one in enumerate(found)
            if one.by in {"person", "session"}
        }
        held: dict[str, tuple[OpenedLine, ...]] = {}
        for line in vault.ledger.lines_of(vault.practice_id):
            if line.kind == HELD and "client" in line.body:
                client = str(line.body["client"])
                held[client] = (*held.get(client, ()), line)
        posts = {
            number: _posts_ever(vault, one)
            for number, one in enumerate(found)
            if one.keys == "password"
        }
        return cls(vault, found, listed, held, posts)

    def of(self, client_id: bytes) -> Reached | None:
        """What the places reached of one client together; nothing where they did not."""
        found: Reached | None = None
        lines = list(_said(self.vault, client_id, self.held.get(client_id.hex(), ())))
        for number, place in enumerate(self.places):
            reached = self._in(number, place, client_id, lines)
            if reached is None:
                continue
            if found is None:
                found = reached
            else:
                found.join(reached)
        return found

    def _in(
        self, number: int, place: Place, client_id: bytes, lines: list[_Line]
    ) -> Reached | None:
        match place.by:
            case "person" | "session":
                return self._by_person(number, place, client_id, lines)
            case "packet":
                return _by_packet(place, client_id, lines)
            case "stolen":
                return _stolen(self.vault, place, client_id, self.posts.get(number, ()))
            case _:
                return _by_client(place, client_id, lines)

    def _by_person(
        self, number: int, place: Place, client_id: bytes, lines: list[_Line]
    ) -> Reached | None:
        reached = Reached(client_id)
        for one in lines:
            if one.by == place.person and place.since <= one.at <= place.until:
                reached.add(one.classes, one.at)
        moments, is_everybody = self.listed[number]
        authority = self.vault.authority(client_id)
        for at in moments:
            if _stood_in(authority, _id(place.person), at, is_everybody=is_everybody):
                reached.add((), at)
        return reached if reached.lines else None


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line about a client says that somebody saw."""

    at: datetime.datetime
    by: str
    classes: frozenset[str]
    names: tuple[str, ...]


def _said(vault: Vault, client_id: bytes, held: tuple[OpenedLine, ...]) -> Iterator[_Line]:
    """A client's lines, and those that are held, without what came to nothing."""
    lines = [one for one in vault.ledger.lines_of(client_id) if HAPPENED not in one.body]
    every = [(one.kind, one) for one in lines] + [(one.body[HELD], one) for one in held]
    nothing = {one.body.get("announced") for kind, one in every if kind == "failed"}
    packets = {
        str(one.body.get("announced")): str(one.body.get("packet", ""))
        for kind, one in every
        if kind == "handed_over"
    }
    for kind, one in every:
        digits = one.event_id.hex()
        if kind not in _SEEING or digits in nothing or one.at is None:
            continue
        by = one.body.get("by")
        yield _Line(
            one.at,
            str(by.get("id", "")) if isinstance(by, dict) else "",
            _classes(one.body),
            (digits, packets.get(digits, "")),
        )


def _classes(body: Mapping[str, Any]) -> frozenset[str]:
    what = body.get("what")
    if what == _LISTED:
        return frozenset()
    named = frozenset(str(one) for one in body.get("classes") or ())
    return named or frozenset({_OF_WHAT.get(str(what), "identity")})


def _lists_had(vault: Vault, place: Place) -> tuple[tuple[datetime.datetime, ...], bool]:
    """When somebody had names of clients listed, and whether they may have been everybody's."""
    lines = vault.ledger.lines_of(_id(place.person))
    moments = tuple(
        one.at
        for one in lines
        if one.kind == "look"
        and one.body.get("what") in _LISTS
        and one.at is not None
        and place.since <= one.at <= place.until
    )
    return moments, bool(_posts_ever(vault, place))


def _posts_ever(vault: Vault, place: Place) -> frozenset[str]:
    """The posts that somebody holds or has held: when each was taken away counts for nobody."""
    person_id = _id(place.person)
    lines = vault.ledger.lines_of(person_id)
    told = (one.body.get("posts", ()) for one in lines if one.kind == "member")
    return frozenset(vault.person(person_id).row.posts).union(*told)


def _stood_in(
    authority: Authority, person_id: bytes, at: datetime.datetime, *, is_everybody: bool
) -> bool:
    """Whether a client can have stood in a list that somebody had at a moment."""
    if is_everybody:
        return authority.client.since <= at
    return bool(authority.relations(person_id, at))


def _by_packet(place: Place, client_id: bytes, lines: list[_Line]) -> Reached | None:
    reached = Reached(client_id)
    for one in lines:
        if any(name.startswith(place.packet) for name in one.names):
            reached.add(one.classes, one.at)
    return reached if reached.lines else None


def _by_client(place: Place, client_id: bytes, lines: list[_Line]) -> Reached | None:
    if client_id.hex() != place.client:
        return None
    reached = Reached(client_id)
    for one in lines:
        if place.since <= one.at <= place.until:
            reached.add(one.classes, one.at)
    return reached


def _stolen(vault: Vault, place: Place, client_id: bytes, posts: Iterable[str]) -> Reached | None:
    """Everybody who was enrolled by then; what can be read of them, with the keys that went too."""
    authority = vault.authority(client_id)
    if authority.client.since > place.until:
        return None
    reached = Reached(client_id, is_sealed=place.keys == "none")
    if place.keys != "none":
        reached.classes |= READABLE
    if place.keys == "password":
        reached.classes |= _opened_by(authority, _id(place.person), place.until, posts)
    return reached


def _opened_by(
    authority: Authority, person_id: bytes, at: datetime.datetime, posts: Iterable[str]
) -> frozenset[str]:
    """The classes that a member's own keys open of a client's record, by ties and by posts."""
    names = {name for one in posts for name in BY_POST.get(one, ())}
    for tie in authority.ties.values():
        if tie.person_id == person_id and tie.since <= at and (tie.until is None or at < tie.until):
            names |= brought_by(
                tie.relation,
                person_id=person_id,
                client_id=authority.client_id,
                notes_of=tie.notes_of,
            )
    return classes_opened(names)


def members(visit: Visit) -> list[tuple[bytes, str]]:
    """Every member there ever was whose lines could be looked at: id and name, by name."""
    vault = visit.vault
    rows = vault.store.rows("people.all", practice_id=vault.practice_id)
    people = (vault.person(person_id) for person_id, *_ in rows)
    here = (one for one in people if one.row.client_id is None)
    named = (
        (one.person_id, one.row.name if works_here(one, visit.at) else f"{one.row.name} (has left)")
        for one in here
    )
    return sorted(named, key=lambda one: one[1].casefold())


def _id(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise Unknown from None
