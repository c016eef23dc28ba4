"""Who could have seen what: the ledger, read once for what an incident may have reached.

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
from angerona.ledger.tree import Frontier
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
PAGES: Final = 4
"""How many pages of the ledger are read at a time."""
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


class Hit(msgspec.Struct, frozen=True):
    """A line that says that something of a client was seen, and in which places (by number)."""

    client_id: bytes
    at: datetime.datetime
    classes: tuple[str, ...]
    places: frozenset[int]


class Looking(msgspec.Struct, kw_only=True):
    """Places to look, how far the ledger was read for them, and what its lines said by then.

    `hits` and `released` by the id of the line in hexadecimal digits: what was seen in a place, and
    what left and can be in a packet. `lists`: when lists were had; `posts`: all that were ever
    held; both by the number of a place.
    """

    places: list[Place]
    size: int = 0
    peaks: bytes = b""
    hits: dict[str, Hit] = {}
    released: dict[str, Hit] = {}
    lists: dict[int, list[datetime.datetime]] = {}
    posts: dict[int, set[str]] = {}

    def read_on(self, vault: Vault) -> bool:
        """Read the next part of the ledger, for all clients at once; whether that was the rest.

        Raises `Altered` where it was not the ledger that was read, which its end tells.
        """
        edge, is_whole = Frontier.unpacked(self.size, self.peaks), False
        for _ in range(PAGES):
            lines, is_whole = vault.ledger.lines_after(edge)
            for subject_id, line in lines:
                self._read(vault.practice_id, subject_id, line)
            if is_whole:
                break
        self.size, self.peaks = edge.size, edge.packed()
        return is_whole

    def found(self, vault: Vault, clients: Iterable[bytes]) -> Iterator[Reached]:
        """What the places reached of each of these clients; nobody of whom they reached nothing.

        Raises `Unknown`, `Altered`.
        """
        for number, place in enumerate(self.places):
            if member := _member_in(place):
                held = vault.person(_id(member)).row.posts
                self.posts.setdefault(number, set()).update(held)
        hits = dict[bytes, list[Hit]]()
        for hit in self.hits.values():
            hits.setdefault(hit.client_id, []).append(hit)
        for client_id in clients:
            every = (
                self._reached(vault, number, client_id, hits.get(client_id, ()))
                for number in range(len(self.places))
            )
            there = [one for one in every if one is not None]
            for other in there[1:]:
                there[0].join(other)
            yield from there[:1]

    def _reached(
        self, vault: Vault, number: int, client_id: bytes, hits: Iterable[Hit]
    ) -> Reached | None:
        """What one place reached of a client."""
        place, posts = self.places[number], self.posts.get(number, set())
        if place.by == "stolen":
            return _stolen(vault, place, client_id, posts)
        reached = Reached(client_id)
        for hit in hits:
            if number in hit.places:
                reached.add(hit.classes, hit.at)
        for at in self.lists.get(number, ()):
            authority = vault.authority(client_id)
            if _stood_in(authority, _id(place.person), at, is_everybody=bool(posts)):
                reached.add((), at)
        return reached if reached.lines else None

    def _read(self, practice_id: bytes, subject_id: bytes, line: OpenedLine) -> None:
        kind, body, at = line.kind, line.body, line.at
        if subject_id == practice_id:
            if kind != HELD or "client" not in body:
                return
            kind, subject_id = body[HELD], _id(body["client"])
        elif HAPPENED in body:
            return
        if at is None:
            return
        announced = str(body.get("announced"))
        if kind == "failed":
            self.hits.pop(announced, None)
            self.released.pop(announced, None)
        elif kind == "handed_over":
            self._carried(announced, str(body.get("packet", "")))
        elif kind in _SEEING:
            self._seen(kind, subject_id, line, at)
        self._of_member(subject_id, line, at)

    def _seen(self, kind: str, client_id: bytes, line: OpenedLine, at: datetime.datetime) -> None:
        """Take in that somebody saw something of a client."""
        digits, by = line.event_id.hex(), line.body.get("by")
        who = str(by.get("id", "")) if isinstance(by, dict) else ""
        where = frozenset(
            number
            for number, place in enumerate(self.places)
            if (place.by == "packet" and digits.startswith(place.packet))
            or (place.since <= at <= place.until and _is_in(place, who, client_id))
        )
        hit = Hit(client_id, at, tuple(sorted(_classes(line.body))), where)
        if where:
            self.hits[digits] = hit
        elif kind == "disclosure" and any(place.by == "packet" for place in self.places):
            self.released[digits] = hit

    def _carried(self, announced: str, packet: str) -> None:
        """Take in that a packet carried what was announced."""
        hit = self.hits.get(announced) or self.released.get(announced)
        where = {
            number
            for number, place in enumerate(self.places)
            if place.by == "packet" and packet.startswith(place.packet)
        }
        if hit is not None and where:
            self.hits[announced] = msgspec.structs.replace(hit, places=hit.places | where)

    def _of_member(self, subject_id: bytes, line: OpenedLine, at: datetime.datetime) -> None:
        """Take in lists that a member had, and posts that were given."""
        for number, place in enumerate(self.places):
            if subject_id.hex() != _member_in(place):
                continue
            if line.kind == "member":
                self.posts.setdefault(number, set()).update(line.body.get("posts", ()))
            had_list = line.kind == "look" and line.body.get("what") in _LISTS
            if had_list and place.by != "stolen" and place.since <= at <= place.until:
                self.lists.setdefault(number, []).append(at)


def _member_in(place: Place) -> str:
    """The id of the member whose own lines count in a place; empty where nobody's do."""
    is_member_s = place.by in {"person", "session"} or place.keys == "password"
    return place.person if is_member_s else ""


def _is_in(place: Place, who: str, client_id: bytes) -> bool:
    """Whether what somebody saw of a client at the time of a place lies in it."""
    if place.by == "client":
        return client_id.hex() == place.client
    return place.by in {"person", "session"} and who == place.person


def _classes(body: Mapping[str, Any]) -> frozenset[str]:
    what = body.get("what")
    if what == _LISTED:
        return frozenset()
    named = frozenset(str(one) for one in body.get("classes") or ())
    return named or frozenset({_OF_WHAT.get(str(what), "identity")})


def _stood_in(
    authority: Authority, person_id: bytes, at: datetime.datetime, *, is_everybody: bool
) -> bool:
    """Whether a client can have stood in a list that somebody had at a moment."""
    if is_everybody:
        return authority.client.since <= at
    return bool(authority.relations(person_id, at))


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
