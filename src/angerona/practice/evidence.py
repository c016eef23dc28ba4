"""Evidence for an audit: a period of the ledger as tables, on paper or as CSV.

What left, each look past the usual way with its review, what was noticed and how it was settled,
how much each person looked, what is owed, and the law in use. Clients stand there by their short
id. What the law still holds back stands in no table. The ledger is read from the first line of the
period on, so that it costs what the period holds; that it was made is a line of its own.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted
from angerona.notices.csv_files import csv_of
from angerona.notices.paragraphs import moment
from angerona.notices.registers import register_pdf
from angerona.practice.caseload import short_id
from angerona.practice.members import OFFICER
from angerona.practice.oversight import law_in_use
from angerona.practice.unusual import KINDS
from angerona.practice.watching import BROKEN_GLASS, UNUSUAL
from angerona.practice.who_looked import who
from angerona.rules.because import listed
from angerona.sealed.duties import find
from angerona.sealed.held_lines import HAPPENED, delays_of, still_closed
from angerona.words import CLASSES, INSTRUMENTS, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from angerona.ledger.lines import OpenedLine
    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Vault, Visit

LINES_MAX: Final = 10_000
"""How many lines a period may hold: they are read within a second, so no page waits for longer."""
WHAT_LEFT: Final = "What left, or was to leave"
PAST_THE_USUAL_WAY: Final = "Looks and openings past the usual way"
REVIEWS: Final = "Reviews, and what was noticed"
_LEFT: Final = ("when", "record", "by", "to", "what", "for", "on", "what became of it")
_GLASS: Final = ("when", "record", "by", "how", "what")
_REVIEWED: Final = ("when", "record", "by", "what was owed", "how")
_NOTICED: Final = ("kind", "how often")
_PEOPLE: Final = ("person", "looks", "records", "refused")
_LAW: Final = ("pack", "as of", "text not seen, and so they bar", "contested")
_OWED: Final = ("what", "count")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the evidence: its title, its columns, its rows as text."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The tables of a period, its first and its last moment (aware), and who made them."""

    since: datetime.datetime
    until: datetime.datetime
    by: str
    tables: Sequence[Table]

    def as_csv(self) -> bytes:
        """All tables one below the other, in UTF-8; no cell runs as a formula."""
        head = ("table", "1", "2", "3", "4", "5", "6", "7", "8")
        rows: list[Sequence[str]] = []
        for one in self.tables:
            rows.append((one.title, *one.columns))
            rows += [(one.title, *row) for row in one.rows]
        return csv_of(head, rows)

    def as_pdf(self, visit: Visit, *, paper: str) -> bytes:
        """The same on paper. Raises `BadInput` for no paper, `MissingExtra`, `PrintFailure`."""
        practice = visit.vault.practice()
        return register_pdf(
            self.heading,
            self.entries(),
            practice=practice.row.name,
            at=practice.local(visit.at),
            paper=paper,
        )

    @property
    def heading(self) -> str:
        """What stands above all: the period, and who made it."""
        return f"Evidence from {moment(self.since)} to {moment(self.until)}, made by {self.by}"

    def entries(self) -> list[tuple[str, list[str]]]:
        """Each table as its title and a line for each row."""
        return [
            (
                one.title,
                [
                    "; ".join(
                        f"{name}: {cell}"
                        for name, cell in zip(one.columns, row, strict=True)
                        if cell
                    )
                    for row in one.rows
                ]
                or ["None."],
            )
            for one in self.tables
        ]


def evidence(
    visit: Visit, packs: Packs, since: datetime.datetime, until: datetime.datetime
) -> Evidence:
    """Read a period, from `since` up to before `until`; its own line is written first.

    Raises `NotPermitted` for anybody but the privacy officer, `BadInput` for no period or one that
    holds too many lines, `Altered`.
    """
    vault, person = visit.vault, visit.person
    if OFFICER not in person.row.posts:
        raise NotPermitted
    if since >= until:
        raise BadInput("until", "does not come after the beginning", "a later day")
    body = {
        "by": person.described,
        "what": "evidence",
        "since": since.isoformat(),
        "until": until.isoformat(),
    }
    vault.record(vault.practice_id, "look", body, visit.at)
    zone = vault.practice().zone
    reader = _Reader(vault, zone, visit.at)
    for count, (subject_id, line) in enumerate(_lines(vault, since, until)):
        if count >= LINES_MAX:
            raise BadInput("period", "holds too many lines", f"one of up to {LINES_MAX}")
        reader.read(subject_id, line)
    return Evidence(
        since.astimezone(zone),
        until.astimezone(zone),
        who(person.described),
        (*reader.tables(), _owed(vault, visit.at), _law(packs, vault)),
    )


def _lines(
    vault: Vault, since: datetime.datetime, until: datetime.datetime
) -> Iterator[tuple[bytes, OpenedLine]]:
    """The lines of a period with their subjects, first to last."""
    place = _first(vault, since)
    while True:
        lines, past = vault.ledger.lines_from(place)
        for subject_id, line in lines:
            if line.at is not None and line.at >= until:
                return
            if line.at is None or line.at >= since:
                yield subject_id, line
        if past == place:
            return
        place = past


def _first(vault: Vault, since: datetime.datetime) -> int:
    """A place of the ledger before which every line is older, found by halving."""
    low, high = 0, vault.ledger.size
    while low < high:
        middle = (low + high) // 2
        lines, past = vault.ledger.lines_from(middle)
        at = next((line.at for _, line in lines if line.at is not None), None)
        if at is not None and at < since:
            low = middle + 1
        elif past == middle or at is not None:
            high = middle
        else:
            return low  # a stretch of erased lines: what stands before it is read too
    return low


@dataclass(slots=True)
class _Reader:
    """Reads lines one after the other into the rows of the tables."""

    vault: Vault
    zone: datetime.tzinfo
    at: datetime.datetime
    left: dict[str, list[str]] = field(default_factory=dict)
    glass: list[list[str]] = field(default_factory=list)
    reviewed: list[list[str]] = field(default_factory=list)
    noticed: Counter[str] = field(default_factory=Counter)
    looks: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    records: dict[str, set[bytes]] = field(default_factory=dict)

    def read(self, subject_id: bytes, line: OpenedLine) -> None:
        """Read one line; what the law still holds back, and what was erased, says nothing."""
        if line.held_until is not None:
            line = still_closed(line, delays_of(self.vault, subject_id))
        if line.kind is None or line.at is None or not line.is_open(self.at):
            return
        read: Mapping[str, Callable[[bytes, OpenedLine], None]] = {
            "look": self._look,
            "disclosure": self._disclosure,
            "handed_over": self._became,
            "failed": self._became,
            "emergency": self._past_the_usual_way,
            "opened": self._past_the_usual_way,
            "refusal": self._refusal,
            "done": self._done,
            "oversight": self._noticed,
        }
        if line.kind in read:
            read[line.kind](subject_id, line)

    def tables(self) -> tuple[Table, ...]:
        """What was read."""
        names = sorted(self.looks.keys() | self.refused.keys())
        people = [
            [one, str(self.looks[one]), str(len(self.records.get(one, ()))), str(self.refused[one])]
            for one in names
        ]
        noticed = [[KINDS[one].title, str(count)] for one, count in sorted(self.noticed.items())]
        return (
            Table(WHAT_LEFT, _LEFT, list(self.left.values())),
            Table(PAST_THE_USUAL_WAY, _GLASS, self.glass),
            Table(REVIEWS, _REVIEWED, self.reviewed),
            Table("What was noticed", _NOTICED, noticed),
            Table("Who looked how much", _PEOPLE, people),
        )

    def _when(self, line: OpenedLine) -> str:
        """When it happened, by the practice's clock; of a line that was held, when that was."""
        given = line.body.get(HAPPENED)
        at = datetime.datetime.fromisoformat(given) if given else line.at
        return moment(at.astimezone(self.zone)) if at else ""

    def _record(self, subject_id: bytes) -> str:
        """The short id of a record; empty for the practice and its people."""
        place = {"practice_id": self.vault.practice_id, "client_id": subject_id}
        known = self.vault.store.rows("clients.authority", **place)
        return short_id(subject_id) if known else ""

    def _look(self, subject_id: bytes, line: OpenedLine) -> None:
        by, body = who(line.body.get("by")), line.body
        self.looks[by] += 1 + int(body.get("more", 0))
        if self._record(subject_id):
            self.records.setdefault(by, set()).add(subject_id)
        if BROKEN_GLASS in body.get("rules", ()):
            self._past_the_usual_way(subject_id, line)

    def _past_the_usual_way(self, subject_id: bytes, line: OpenedLine) -> None:
        body = line.body
        how = {"look": "broken glass", "emergency": "in an emergency", "opened": "by key holders"}
        what = _classes(body.get("classes")) or ", ".join(body.get("compartments", ()))
        row = [self._when(line), self._record(subject_id), who(body.get("by"))]
        self.glass.append([*row, how[str(line.kind)], what])

    def _disclosure(self, subject_id: bytes, line: OpenedLine) -> None:
        body = line.body
        to, named = RECIPIENTS.get(str(body.get("to")), "someone"), str(body.get("what", ""))
        self.left[line.event_id.hex()] = [
            self._when(line),
            self._record(subject_id),
            who(body.get("by")),
            (f"{to} ({named})" if named else to)
            + (", for the judge alone" if body.get("in_camera") else ""),
            _classes(body.get("classes")),
            PURPOSES.get(str(body.get("purpose")), ""),
            INSTRUMENTS.get(str(body.get("instrument")), ""),
            "announced",
        ]

    def _became(self, _subject_id: bytes, line: OpenedLine) -> None:
        row = self.left.get(str(line.body.get("announced")))
        if row is not None:
            said = "handed over" if line.kind == "handed_over" else "came to nothing"
            row[-1] = f"{said}, {self._when(line)}"

    def _refusal(self, _subject_id: bytes, line: OpenedLine) -> None:
        by = who(line.body.get("by"))
        if by != who(None):
            self.refused[by] += 1

    def _done(self, subject_id: bytes, line: OpenedLine) -> None:
        body = line.body
        if "outcome" in body or body.get("rule") == UNUSUAL:
            row = [self._when(line), self._record(subject_id), who(body.get("by"))]
            self.reviewed.append([*row, str(body.get("what", "")), str(body.get("how", ""))])

    def _noticed(self, _subject_id: bytes, line: OpenedLine) -> None:
        kinds = line.body.get("kinds", {})
        self.noticed.update({one: count for one, count in kinds.items() if one in KINDS})


def _classes(names: object) -> str:
    found = [CLASSES.get(str(one), str(one)) for one in names] if isinstance(names, list) else []
    return listed(found) if found else ""


def _owed(vault: Vault, at: datetime.datetime) -> Table:
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.all")
    told = [one for one in there if one.row.held_until is None]
    late = sum(one.row.due is not None and one.row.due < at for one in told)
    return Table("Owed now", _OWED, [["owed", str(len(told))], ["late", str(late)]])


def _law(packs: Packs, vault: Vault) -> Table:
    rows = [
        [
            one.pack.title,
            one.pack.as_of.isoformat(),
            ", ".join(one.unverified),
            ", ".join(one.contested),
        ]
        for one in law_in_use(packs, vault.practice().row.packs)
    ]
    return Table("The law in use", _LAW, rows)
