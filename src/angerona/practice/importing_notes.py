"""What the rows of a file mean: session notes in our own form, or conversations as in AnnoMI.

Our own form has the columns client, date, class, heading and text, and may have born
(docs/IMPORTING.md). The AnnoMI form has session, quality, topic, turn, speaker and text: one client
and one session note for each session, its turns joined. Whatever does not fit is rejected by line.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, Protocol

from angerona.errors import BadInput
from angerona.practice.importing_rows import PLACE, Rejected, Row, Wrong, plain_line
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS, SHARED
from angerona.sealed.entries import HEADING_CHARACTERS_MAX, TEXT_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from angerona.practice.importing_rows import Table

OWN_COLUMNS: Final = ("client", "date", "class", "heading", "text")
OPTIONAL: Final = "born"
ANNOMI_COLUMNS: Final = ("session", "quality", "topic", "turn", "speaker", "text")
CLASSES_TAKEN: Final = tuple(
    name for name, kept_in in COMPARTMENT_OF.items() if kept_in not in {EVENTS, SHARED}
)
CLIENT_CHARACTERS_MAX: Final = 200
TURN_DIGITS_MAX: Final = 6
YEAR_LEAST: Final = 1900
_SPEAKERS: Final = {"therapist": "Therapist", "client": "Client"}


class BroughtFile(Protocol):
    """A file that is brought, wherever it lies: a path is one."""

    @property
    def name(self) -> str:
        """Its own name, without a folder."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """The file, to be read. Raises `OSError` where it cannot be any more."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Note:
    """One note as it was brought. `born` and `written` may be unknown; `client` is name or code.

    `written` without a zone is by the practice's clock.

    `file` is kept with it, under its own name. `client_id` says whose it is, whatever the name.
    """

    line: int
    client: str
    born: datetime.date | None
    written: datetime.datetime | None
    wanted: str
    heading: str
    text: str
    file: BroughtFile | None = None
    client_id: bytes | None = None


def notes_of(table: Table) -> Iterator[Note | Rejected]:
    """The notes of a table, in either form. Raises `BadInput` where its columns are neither's."""
    if not table.columns:
        return _each(table.rows, own_note)
    named = set(table.columns)
    if named == set(ANNOMI_COLUMNS):
        return _conversations(table.rows)
    if missing := [name for name in OWN_COLUMNS if name not in named]:
        raise BadInput(PLACE, f"a column is missing: {', '.join(missing)}", _allowed())
    if len(named) > len(OWN_COLUMNS) + (OPTIONAL in named):
        raise BadInput(PLACE, "has a column that would be lost", _allowed())
    return _each(table.rows, own_note)


def _allowed() -> str:
    return f"{', '.join(OWN_COLUMNS)}, and {OPTIONAL} if it is known"


def _each(rows: Iterable[Row | Rejected], read: Callable[[Row], Note]) -> Iterator[Note | Rejected]:
    for row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            yield read(row)
        except Wrong as wrong:
            yield Rejected(row.line, str(wrong))


def own_note(row: Row) -> Note:
    """A row of our own form. Raises `Wrong`."""
    found = row.fields
    if missing := [name for name in OWN_COLUMNS if name not in found]:
        raise Wrong(f"lacks {', '.join(missing)}")
    if len(found) > len(OWN_COLUMNS) + (OPTIONAL in found):
        raise Wrong("has a key that would be lost")
    wanted = found["class"].strip()
    if wanted not in CLASSES_TAKEN:
        raise Wrong("class is none of those that docs/IMPORTING.md lists")
    return Note(
        line=row.line,
        client=plain_line("client", found["client"], CLIENT_CHARACTERS_MAX),
        born=born_on(found.get(OPTIONAL, "")),
        written=_moment(found["date"]),
        wanted=wanted,
        heading=_heading("heading", found["heading"]),
        text=_text(found["text"]),
    )


def _conversations(rows: Iterable[Row | Rejected]) -> Iterator[Note | Rejected]:
    """One note for each session. A row that was rejected counts to the session it stands in."""
    session = _Session("", 0)
    done: set[str] = set()
    for row in rows:
        name = row.fields["session"] if isinstance(row, Row) else session.name
        if not session.line or name != session.name:
            if session.line:
                yield session.note()
            session = _Session(name, row.line)
            session.add(row)
            if name in done:
                session.broken = "the session stands in two places of the file"
            done.add(name)
        else:
            session.add(row)
    if session.line:
        yield session.note()


@dataclass(slots=True, repr=False)
class _Session:
    """The turns of one conversation. One that cannot be read spoils it: no note has a hole."""

    name: str
    line: int
    topic: str = ""
    broken: str = ""
    _last: int = -1
    _size: int = 0
    _said: list[str] = field(default_factory=list)

    def add(self, row: Row | Rejected) -> None:
        """Take the next turn."""
        if self.broken:
            return
        try:
            self._take(row)
        except Wrong as wrong:
            self.broken = f"the session is left out, for line {row.line}: {wrong}"

    def _take(self, row: Row | Rejected) -> None:
        if isinstance(row, Rejected):
            raise Wrong(row.reason)
        speaker, turn = _SPEAKERS.get(row.fields["speaker"]), _turn(row.fields["turn"])
        if speaker is None:
            raise Wrong(f"no such speaker; allowed: {', '.join(_SPEAKERS)}")
        if turn <= self._last:
            raise Wrong("its turn does not follow the one before")
        said = f"{speaker}: {' '.join(_text(row.fields['text']).split())}"
        self._last, self.topic = turn, row.fields["topic"]
        self._size += len(said.encode()) + 1
        if self._size > TEXT_BYTES_MAX:
            raise Wrong(f"the session is longer than {TEXT_BYTES_MAX} bytes")
        self._said.append(said)

    def note(self) -> Note | Rejected:
        """The conversation as one note, if it is whole."""
        if self.broken:
            return Rejected(self.line, self.broken)
        try:
            return Note(
                line=self.line,
                client=plain_line("session", f"AnnoMI {self.name}", CLIENT_CHARACTERS_MAX),
                born=None,
                written=None,
                wanted="progress_note",
                heading=_heading("topic", _capital(self.topic)),
                text="\n".join(self._said),
            )
        except Wrong as wrong:
            return Rejected(self.line, str(wrong))


def _turn(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= TURN_DIGITS_MAX):
        raise Wrong("its turn is no number")
    return int(given)


def _heading(name: str, given: str) -> str:
    return plain_line(name, given, HEADING_CHARACTERS_MAX, empty=True)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(given: str) -> str:
    text = given.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise Wrong("text is empty")
    if len(text.encode()) > TEXT_BYTES_MAX:
        raise Wrong(f"text is longer than {TEXT_BYTES_MAX} bytes")
    return text


def _moment(given: str) -> datetime.datetime:
    """A day or a moment of ISO 8601, with or without a zone."""
    try:
        found = datetime.datetime.fromisoformat(given.strip())
    except ValueError:
        raise Wrong("date is not a day such as 2026-03-04 or 2026-03-04T09:30") from None
    if found.year < YEAR_LEAST:
        raise Wrong(f"date lies before {YEAR_LEAST}")
    return found


def born_on(given: str) -> datetime.date | None:
    """A day of birth; nothing where none is given. Raises `Wrong`."""
    if not given.strip():
        return None
    try:
        return datetime.date.fromisoformat(given.strip())
    except ValueError:
        raise Wrong("born is not a day such as 1990-05-17") from None
