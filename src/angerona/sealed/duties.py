"""What is still owed: a row for each duty of an Answer, bound to the line that announced it.

A row is written with the line of its act and goes with the line that says it was done; another
takes its place under the same id only where one line names both. A line names under `owes` the
digest of each duty that it brings, and under `done` of each that it ends, so that a row that was
deleted, changed or added is found. A row stands under its client, and under the practice where its
line is held back (`held_lines.py`) or where it is the practice's own.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

import msgspec

from angerona.ciphers.encoding import digest
from angerona.errors import Unknown, Unopenable
from angerona.sealed.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from angerona.sealed.vault import Vault
    from angerona.store import Reading, Writing

OWES: Final = "owes"
DONE: Final = "done"
MATTER: Final = "own.matter."
"""How the id of a duty begins that is a matter: what somebody began and has not settled."""
PART_OF: Final = "part_of"
"""Under which key a duty names the kind of matter whose page alone ends it."""
REVIEW: Final = "own.review"
"""The review of an opening by key holders, and of a look in an emergency."""
REVIEWED_WITHIN: Final = datetime.timedelta(days=1)
_DUTY: Final = "angerona/duty/v1"


class DutyRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A duty: what is owed, after which act of whom, by when.

    `owed` is the duty as the rules gave it, as JSON. `due` and `not_before` are there where the
    moment that they run from was known; else the duty names the event that it runs from.
    """

    domain: ClassVar[str] = "angerona/row/duty/v1"
    client_id: bytes
    act: str
    by: bytes
    at: datetime.datetime
    owed: bytes
    due: datetime.datetime | None = None
    not_before: datetime.datetime | None = None
    held_until: datetime.datetime | None = None

    @property
    def duty(self) -> dict[str, Any]:
        """The duty in its parts: id, kind, mode, what, due, due_from, sure, cite and others."""
        duty: dict[str, Any] = msgspec.json.decode(self.owed)
        return duty


class Glance(NamedTuple):
    """What is kept at hand of a row that was opened: whom it could concern, and no more.

    `rule`, `kind`, `reader` and `kinds` are the parts `id` and so on of the duty.
    """

    rule: str
    kind: str
    act: str
    client_id: bytes
    by: bytes
    due: datetime.datetime | None
    reader: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty under its id (16 random bytes), which nobody can guess from its digest."""

    duty_id: bytes
    row: DutyRow

    def subject(self, practice_id: bytes) -> bytes:
        """Under whom its row and its line stand."""
        return practice_id if self.row.held_until is not None else self.row.client_id

    @property
    def glance(self) -> Glance:
        """What is told of it at a glance."""
        row, rule = self.row, self.row.duty
        return Glance(
            rule=rule["id"],
            kind=rule["kind"],
            act=row.act,
            client_id=row.client_id,
            by=row.by,
            due=row.due,
            reader=str(rule.get("reader", "")),
            kinds=tuple(rule.get("kinds", ())),
        )

    def digest(self, practice_id: bytes) -> str:
        """What a line of the ledger names it by, in hexadecimal digits."""
        return digest(_DUTY, practice_id, self.duty_id, msgspec.msgpack.encode(self.row)).hex()


def new_duty(row: DutyRow, **owed: object) -> Duty:
    """A duty of this practice's own making under a new id; `owed` are its parts (`DutyRow.duty`).

    What the row says of `owed` is replaced.
    """
    says = {"mode": "required", "due": None, "due_from": None, "sure": True, "cite": "", **owed}
    return Duty(os.urandom(16), msgspec.structs.replace(row, owed=msgspec.json.encode(says)))


def new_review(
    client_id: bytes,
    by: bytes,
    act: str,
    at: datetime.datetime,
    held_until: datetime.datetime | None = None,
) -> Duty:
    """The review that an act past the usual way leaves owed, as soon as the house's own pack says.

    `house.duty.break_glass_review` is its example: the privacy officer looks at each within a day.
    """
    row = DutyRow(
        client_id=client_id,
        act=act,
        by=by,
        at=at,
        owed=b"",
        due=at + REVIEWED_WITHIN,
        held_until=held_until,
    )
    return new_duty(row, id=REVIEW, kind="review", what="review what could not wait")


def insert(vault: Vault, duties: Iterable[Duty], writing: Writing) -> None:
    """Inside a job: write the rows of duties that a line brings."""
    for one in duties:
        subject_id = one.subject(vault.practice_id)
        writing.run(
            "duties.insert",
            practice_id=vault.practice_id,
            duty_id=one.duty_id,
            client_id=subject_id,
            row=vault.directory.seal(one.row, subject_id, one.duty_id),
        )


def delete(vault: Vault, duties: Iterable[Duty], writing: Writing) -> None:
    """Inside a job: take away the rows of duties that a line ends."""
    for one in duties:
        writing.run("duties.delete", practice_id=vault.practice_id, duty_id=one.duty_id)


def find(vault: Vault, reading: Reading, statement: str, **place: bytes) -> list[Duty]:
    """The duties that a statement of `duties.sql` finds. Raises `Unopenable`."""
    rows = reading.rows(statement, practice_id=vault.practice_id, **place)
    return [_opened(vault, *row) for row in rows]


def _opened(vault: Vault, duty_id: bytes, subject_id: bytes, sealed: bytes) -> Duty:
    return Duty(duty_id, vault.directory.open(DutyRow, sealed, subject_id, duty_id))


@dataclass(frozen=True, slots=True, repr=False)
class Sighted:
    """A row of a duty that is not opened unless somebody needs it whole."""

    duty_id: bytes
    subject_id: bytes
    sealed: bytes
    glance: Glance

    def opened(self, vault: Vault) -> Duty:
        """The whole duty. Raises `Unopenable`."""
        return _opened(vault, self.duty_id, self.subject_id, self.sealed)


def sighted(vault: Vault, reading: Reading, statement: str, **place: bytes) -> Iterator[Sighted]:
    """What a statement of `duties.sql` finds, at a glance, so that only what is needed is opened.

    A row is opened the first time that it is met. What is known of it then counts for exactly this
    row at this place, which a digest of it says; whatever else stands there is opened. Raises
    `Unopenable`.
    """
    for row in reading.rows(statement, practice_id=vault.practice_id, **place):
        yield _sighted(vault, *row)


def sighted_whole(
    vault: Vault, reading: Reading, statement: str, **place: bytes
) -> tuple[list[Sighted], bool]:
    """The same without the rows that do not open, and whether there are any.

    For rounds, in which one row that was altered must not stop all the rest.
    """
    found, is_altered = list[Sighted](), False
    for row in reading.rows(statement, practice_id=vault.practice_id, **place):
        try:
            found.append(_sighted(vault, *row))
        except Unopenable:
            is_altered = True
    return found, is_altered


def _sighted(vault: Vault, duty_id: bytes, subject_id: bytes, sealed: bytes) -> Sighted:
    version = hashlib.sha256(subject_id + sealed).digest()
    glance = vault.glances.get(duty_id, version)
    if not isinstance(glance, Glance):
        glance = _opened(vault, duty_id, subject_id, sealed).glance
        vault.glances.put(duty_id, version, glance)
    return Sighted(duty_id, subject_id, sealed, glance)


def sighted_of_client(vault: Vault, reading: Reading, client_id: bytes) -> Iterator[Sighted]:
    """A client's duties at a glance, also those that the client's list keeps silent of.

    Raises `Unopenable`.
    """
    for subject_id in (client_id, vault.practice_id):
        for one in sighted(vault, reading, "duties.of_client", client_id=subject_id):
            if one.glance.client_id == client_id:
                yield one


def owes_in(bodies: Iterable[Mapping[str, Any]]) -> set[str]:
    """The digests of the duties that the bodies of lines bring."""
    return {one for body in bodies for one in body.get(OWES, ())}


def done_in(bodies: Iterable[Mapping[str, Any]]) -> set[str]:
    """The digests of the duties that the bodies of lines end."""
    return {one for body in bodies for one in body.get(DONE, ())}


def is_owed(vault: Vault, duty: Duty) -> bool:
    """Whether the ledger leaves a duty owed: a line brought it, and none ended it.

    A row alone says nothing: one that served can be put back. Raises `Unknown`, `Altered`.
    """
    subjects = (duty.row.client_id, vault.practice_id)
    bodies = [one.body for subject in subjects for one in vault.ledger.lines_of(subject)]
    return duty.digest(vault.practice_id) in owes_in(bodies) - done_in(bodies)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the rows are not what the lines leave owed.

    `missing`: digests of duties that lines leave owed and that are not there; `extra`: the ids of
    rows that no line leaves owed, with their digests, empty for a row that does not open.
    """

    missing: frozenset[str]
    extra: Mapping[bytes, str]


def difference(vault: Vault, reading: Reading) -> Difference:
    """Compare every row with every line of every client. Raises `Altered`."""
    practice_id = vault.practice_id
    clients = [client_id for (client_id,) in reading.rows("clients.ids", practice_id=practice_id)]
    bodies: list[Mapping[str, Any]] = []
    for subject_id in (practice_id, *clients):
        with contextlib.suppress(Unknown):  # a client whom an older ledger does not know yet
            bodies += [one.body for one in vault.ledger.lines_of(subject_id)]
    owed, extra = owes_in(bodies) - done_in(bodies), dict[bytes, str]()
    for duty_id, subject_id, sealed in reading.rows("duties.all", practice_id=practice_id):
        try:
            row = vault.directory.open(DutyRow, sealed, subject_id, duty_id)
            named = Duty(duty_id, row).digest(practice_id)
        except Unopenable:
            named = ""
        if named not in owed:
            extra[duty_id] = named
        owed.discard(named)
    return Difference(frozenset(owed), extra)
