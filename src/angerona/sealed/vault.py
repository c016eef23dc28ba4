"""One practice held open: its store, its keyset, its ledger, and what the ledger vouches for.

Whatever decides who may read is read through here and counts only if the ledger holds its digest:
the practice with its posts and seats, each person's public keys, each client's authority, the list
of a record's entries. What was checked is kept at hand under the digest it was checked against.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar, cast

from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.padding import padded
from angerona.ciphers.selftest import self_test
from angerona.ciphers.wraps import wrap
from angerona.errors import Altered, BadInput, Unknown
from angerona.ledger.aggregating import Repeats
from angerona.ledger.ledger import Ledger
from angerona.ledger.lines import ENTRIES, KEYS, NO_SLOT, Line
from angerona.sealed.authority import (
    Authority,
    erased_digest,
    opened_authority,
    stored_authority,
)
from angerona.sealed.challenges import Challenges
from angerona.sealed.entries import NONE_YET, EntryPlace, check_chain, row_digest
from angerona.sealed.event_keys import EventKeys
from angerona.sealed.key_holders import Seat
from angerona.sealed.people import KINDS, Credential, Lock, PublicKeys
from angerona.sealed.rows import (
    CredentialRow,
    Directory,
    PersonRow,
    PostRow,
    PracticeRow,
    SeatRow,
)
from angerona.sealed.tries import Tries
from angerona.sealed.zones import zone_named

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from angerona.ledger.ledger import Changes
    from angerona.ledger.lines import Written
    from angerona.sealed.boot import PracticeKeys
    from angerona.sealed.keyset import Keyset
    from angerona.sealed.sessions import Agent, Unlocked
    from angerona.store import Reading, Store, Writing

KEPT_MAX: Final = 4_096
"""How many clients' authority and lists of entries are kept at hand."""
GLANCES_MAX: Final = 16_384
"""Of how many duties it is known, without opening their rows anew, whom they could concern."""
SLOTS: Final[Mapping[str, int]] = {"": NO_SLOT, "keys": KEYS, "entries": ENTRIES}
REASON_CHARACTERS_MAX: Final = 4_000
WRONG_CODE: Final = "the right password, and a wrong code"
_TRIES: Final = 64
"""How often what decides is read again because others wrote meanwhile; each time most unlikely."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Post:
    """A post: its name, and the public key that its wraps are sealed to."""

    post_id: bytes
    name: str
    public: bytes
    generation: int


@dataclass(frozen=True, slots=True)
class Practice:
    """The practice as the ledger vouches for it."""

    row: PracticeRow
    posts: Mapping[str, Post]
    seats: tuple[Seat, ...]

    @property
    def zone(self) -> datetime.tzinfo:
        """Its own clock. Raises as `sealed.zones.zone_named`."""
        return zone_named(self.row.zone)

    def local(self, at: datetime.datetime) -> datetime.datetime:
        """A moment as its clock shows it. Raises as `zone`."""
        return at.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the ledger vouches for: public keys, roles, posts, ways to sign in.

    `known` holds what is known of each credential, by its id.
    """

    person_id: bytes
    public: PublicKeys
    row: PersonRow
    credentials: tuple[Credential, ...] = ()
    known: Mapping[bytes, CredentialRow] = field(default_factory=dict, hash=False)

    @property
    def described(self) -> dict[str, object]:
        """How a ledger line names the person: by id, name and roles at that time."""
        return {
            "id": self.person_id.hex(),
            "name": self.row.name,
            "roles": list(self.row.roles),
        }

    def at(self, moment: datetime.datetime) -> Person:
        """The same person without the roles and posts that have run out by then."""
        row = self.row.in_force(moment)
        return self if row is self.row else replace(self, row=row)


@dataclass(slots=True)
class _Kept:
    """What was checked, under the digest it was checked against; the oldest goes first."""

    most: int
    _held: OrderedDict[Hashable, tuple[bytes, object]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, name: Hashable, bound: bytes) -> object | None:
        with self._lock:
            held = self._held.get(name)
            return held[1] if held is not None and held[0] == bound else None

    def last(self, name: Hashable) -> tuple[bytes, object] | None:
        """What was checked last, and the digest it was checked against."""
        with self._lock:
            return self._held.get(name)

    def put(self, name: Hashable, bound: bytes, value: object) -> None:
        with self._lock:
            self._held[name] = (bound, value)
            self._held.move_to_end(name)
            while len(self._held) > self.most:
                self._held.popitem(last=False)


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """Somebody signed in, in a practice, at a moment: who asks for anything below the pages."""

    vault: Vault
    unlocked: Unlocked
    at: datetime.datetime

    @property
    def person(self) -> Person:
        """Who it is, as the ledger vouches for, in the roles and posts of this moment."""
        return self.vault.person(self.unlocked.person_id).at(self.at)

    def saw(self, client_id: bytes, what: str) -> None:
        """Write that this person saw something of a client that is no entry, before it is shown.

        The first of a minute is written at once, the others are counted (`ledger/aggregating.py`).
        """
        body = {"by": self.person.described, "what": what}
        self.vault.repeats.write(Line(client_id, "look", body), self.at)


class Vault:
    """One practice, held open by the process that holds keys."""

    def __init__(self, store: Store, keys: PracticeKeys, keyset: Keyset, agent: Agent) -> None:
        """Try every suite, then open the ledger with its quick check.

        Raises `SuiteFailure` where a suite does not give what it should, `Altered` where the store
        does not hold what the ledger signed.
        """
        self_test()
        self.store = store
        self.practice_id = keyset.practice_id
        self.keyset = keyset
        self.agent = agent
        self.challenges = Challenges()
        self.tries = Tries()
        self.directory = Directory(keys.directory, self.practice_id)
        self.lock = Lock(self.practice_id, keys.pepper)
        self.event_keys = EventKeys(store, keyset)
        self._kept = _Kept(KEPT_MAX)
        self.glances = _Kept(GLANCES_MAX)
        """What `duties.sighted` knows of rows that it has opened."""
        self.ledger = Ledger(
            store=store,
            practice_id=self.practice_id,
            origin=origin_of(self.practice_id),
            signer=keyset.signer(),
            keys=self.event_keys,
            directory_key=keys.directory,
        )
        self.repeats = Repeats(self.ledger)

    @contextmanager
    def visit(
        self, cookie: bytes, at: datetime.datetime, *, is_use: bool = True
    ) -> Iterator[Visit]:
        """The session of a cookie while the block runs, as `Agent.unlocked`. Raises `SignedOut`."""
        with self.agent.unlocked(cookie, at, is_use=is_use) as unlocked:
            yield Visit(self, unlocked, at)

    def record(
        self,
        subject_id: bytes,
        kind: str,
        body: Mapping[str, object],
        at: datetime.datetime,
        *,
        authority: int | None = None,
        slot: str = "",
        changes: Changes | None = None,
    ) -> Written:
        """Write a ledger line with the changes it announces, and wait until both are durable.

        With a `slot`, `changes` gives what the line binds (32 bytes). Raises `AuthorityMoved`
        where the client's authority version is not `authority` any more, and whatever `changes`
        or the store raises; then neither is written.
        """
        line = Line(subject_id, kind, body, slot=SLOTS[slot])
        return self.ledger.append(line, at, authority=authority, changes=changes).result()

    def refused_sign_in(self, at: datetime.datetime) -> None:
        """Write that somebody was not let in, under the practice: there may be no such person.

        The first of a minute is written at once, the others are counted (`ledger/aggregating.py`).
        """
        self._refused("failed_sign_in", {}, at)

    def refused_code(self, person_id: bytes, at: datetime.datetime) -> None:
        """Count under a person that a wrong code came with the right password, for a line of later.

        Nothing is written now: how long an answer takes must not tell that the password was right.
        """
        body = {"what": WRONG_CODE}
        self.repeats.count(Line(person_id, "failed_sign_in", body), at)

    def refused_stranger(self, at: datetime.datetime) -> None:
        """Write a refusal under the practice, as above: there may be no such client."""
        self._refused("refusal", {"what": "look"}, at)

    def _refused(self, kind: str, body: Mapping[str, str], at: datetime.datetime) -> None:
        self.repeats.write(Line(self.practice_id, kind, body), at)

    def reason_sealed(self, client_id: bytes, reason: str) -> list[str]:
        """A reason in free text, sealed to the privacy officer and to the client (base64 each).

        Raises `BadInput` for one that is empty, too long or no text.
        """
        if not reason.strip() or len(reason) > REASON_CHARACTERS_MAX:
            allowed = f"1 to {REASON_CHARACTERS_MAX} characters"
            raise BadInput("reason", "is empty or too long", allowed)
        try:
            said = reason.encode()
        except UnicodeEncodeError:
            raise BadInput("reason", "holds half a character", "Unicode text") from None
        posts = self.practice().posts
        readers = [posts["privacy_officer"].public]
        person_id = self.authority(client_id).client.person_id
        if person_id is not None:
            readers.append(self.person(person_id).public.wrap)
        info = packed("angerona/reason/v1", self.practice_id, client_id)
        text = padded(said)
        return [base64.b64encode(wrap(public, info, text)).decode() for public in readers]

    def practice(self) -> Practice:
        """The practice with its posts and seats. Raises `Altered`."""
        return self._vouched(self.practice_id, "practice", slot="keys", read=self._practice)

    def person(self, person_id: bytes) -> Person:
        """A person's public keys and roles. Raises `Unknown`, `Altered`."""

        def read(reading: Reading, bound: bytes) -> Person:
            place = {"practice_id": self.practice_id, "person_id": person_id}
            found = reading.rows("people.by_key", **place)
            if not found:
                raise Unknown
            public, row = found[0]
            if person_digest(reading, self.practice_id, person_id) != bound:
                raise Altered("the keys, credentials or roles of a person")
            opened = self.directory.open(PersonRow, row, person_id)
            rows = reading.rows("credentials.of_person", **place)
            credentials = tuple(
                Credential(credential_id, person_id, KINDS[kind], *rest)
                for credential_id, kind, *rest, _ in rows
            )
            known = {
                credential_id: self.directory.open(CredentialRow, sealed, person_id, credential_id)
                for credential_id, *_, sealed in rows
            }
            return Person(person_id, PublicKeys.read(public), opened, credentials, known)

        return self._vouched(person_id, "person", slot="keys", read=read)

    def have_left(self, writing: Writing, people: Iterable[bytes]) -> frozenset[bytes]:
        """Inside a job: which of these have left, or were shut out, by now.

        Whoever left a moment after the one who asks came in has left all the same, so no moment is
        asked for. What is no person's id has not left: a post's, or somebody's who is enrolled now.
        """
        left = set()
        for person_id in people:
            place = {"practice_id": self.practice_id, "person_id": person_id}
            for _, row in writing.rows("people.by_key", **place):
                if self.directory.open(PersonRow, row, person_id).until is not None:
                    left.add(person_id)
        return frozenset(left)

    def authority(self, client_id: bytes) -> Authority:
        """What decides about a client's record. Raises `Unknown`, `Altered`."""

        def read(reading: Reading, bound: bytes) -> Authority:
            stored = stored_authority(reading, self.practice_id, client_id)
            return opened_authority(self.directory, client_id, stored, bound=bound)

        return self._vouched(client_id, "authority", slot="keys", read=read)

    def places(self, client_id: bytes) -> tuple[EntryPlace, ...]:
        """Every row of a record, in the order it was kept. Raises `Unknown`, `Altered`."""
        whose = self.authority(client_id).whose(self.practice_id)

        def read(reading: Reading, bound: bytes) -> tuple[EntryPlace, ...]:
            """Only what was kept since the list was last checked; the chain goes on from there."""
            held = self._kept.last((client_id, "entries")) or (NONE_YET, ())
            head, known = cast("tuple[bytes, tuple[EntryPlace, ...]]", held)
            rows = reading.rows(
                "entries.places",
                practice_id=self.practice_id,
                client_id=client_id,
                first=len(known),
            )
            places = (*known, *(EntryPlace(*row) for row in rows))
            check_chain(whose, places, after=(head, len(known)), bound=bound)
            return places

        return self._vouched(client_id, "entries", slot="entries", read=read)

    def check_entries(self, client_id: bytes) -> None:
        """Read every row of a record, unopened, and compare it with what the ledger vouches for.

        Raises `Unknown`, and `Altered` where a row was changed, removed or added.
        """
        place = {"practice_id": self.practice_id, "client_id": client_id}
        for one in self.places(client_id):
            rows = self.store.rows("entries.by_key", place=one.place, **place)
            if not rows or row_digest(rows[0][-1]) != one.digest:
                raise Altered("an entry")

    def _practice(self, reading: Reading, bound: bytes) -> Practice:
        if practice_digest(reading, self.practice_id) != bound:
            raise Altered("the practice, its posts or its key holders")
        place = {"practice_id": self.practice_id}
        [(row,)] = reading.rows("practices.by_key", **place)
        posts: dict[str, Post] = {}
        for post_id, public, sealed in reading.rows("posts.all", **place):
            post = self.directory.open(PostRow, sealed, post_id)
            posts[post.name] = Post(post_id, post.name, public, post.generation)
        seats: list[Seat] = []
        for seat_id, public, sealed in reading.rows("seats.all", **place):
            seat = self.directory.open(SeatRow, sealed, seat_id)
            held = (seat.number, seat.title, seat.kind, public, seat.person_id, seat.age)
            seats.append(Seat(seat_id, *held))
        seats.sort(key=lambda one: one.number)
        opened = self.directory.open(PracticeRow, row, self.practice_id)
        return Practice(opened, posts, tuple(seats))

    def _was_removed(self, subject_id: bytes, name: str, bound: bytes) -> bool:
        """Whether rows are gone that nobody erased; of whom somebody did, the ledger holds that."""
        if bound == erased_digest(self.practice_id, subject_id) or subject_id == self.practice_id:
            return False
        of_client = {"practice_id": self.practice_id, "client_id": subject_id}
        of_person = {"practice_id": self.practice_id, "person_id": subject_id}
        if name == "person":
            return not self.store.rows("clients.by_key", **of_client)
        return not self.store.rows("people.by_key", **of_person)

    def _vouched(
        self, subject_id: bytes, name: str, *, slot: str, read: Callable[[Reading, bytes], T]
    ) -> T:
        """What `read` gives, if it fits the digest the ledger holds; again if it just moved."""
        for _ in range(_TRIES):
            size = self.ledger.size
            state = self.ledger.state_of(subject_id)
            bound = state.keys if slot == "keys" else state.entries
            held = self._kept.get((subject_id, name), bound)
            if held is not None:
                return held  # type: ignore[return-value]  # put there by the same name, below
            try:
                with self.store.snapshot() as reading:
                    value = read(reading, bound)
            except Unknown:
                if self._was_removed(subject_id, name, bound):
                    raise Altered("somebody whom the ledger knows") from None
                raise
            except Altered:
                # A write may have come between the ledger's word and the rows.
                if self.ledger.is_still_at(size):
                    raise
                continue
            self._kept.put((subject_id, name), bound, value)
            return value
        raise Altered("rows")


def origin_of(practice_id: bytes) -> str:
    """The name of a practice's log in its checkpoints: it says nothing of who the practice is."""
    return f"angerona.invalid/{practice_id.hex()}"


def practice_digest(reading: Reading, practice_id: bytes) -> bytes:
    """What the ledger binds of the practice (32 bytes): its row, its posts, its seats."""
    statements = ("practices.by_key", "posts.all", "seats.all")
    return _digest_of(reading, "angerona/practice/v1", statements, practice_id=practice_id)


def person_digest(reading: Reading, practice_id: bytes, person_id: bytes) -> bytes:
    """What the ledger binds of a person (32 bytes): public keys, sealed row, credentials.

    So nobody can put a public key in another's place, nor an old password back.
    """
    statements = ("people.by_key", "credentials.of_person")
    place = {"practice_id": practice_id, "person_id": person_id}
    return _digest_of(reading, "angerona/person/v1", statements, **place)


def _digest_of(reading: Reading, domain: str, statements: Sequence[str], **place: bytes) -> bytes:
    """Over all columns of all rows of these statements, which give them in the order of ids."""
    parts: list[bytes | int] = []
    for statement in statements:
        rows = reading.rows(statement, **place)
        parts.append(len(rows))
        for row in rows:
            parts += [one if isinstance(one, int) else hashlib.sha256(one).digest() for one in row]
    return digest(domain, *place.values(), *parts)
