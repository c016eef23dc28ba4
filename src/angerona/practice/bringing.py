"""Bringing one's practice along: what became of each row and file, and batches in a session.

A batch that comes out of a browser is held in the session that sent it, sealed like everything
there, and worked off a slice at a time: each slice says how many are done, and a lost connection
goes on where it stopped. If the session ends, the batch is gone; sent once more, it adds what is
missing and nothing twice (`importing.py`). Nothing of it ever lies on a disk in clear.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput
from angerona.notices.csv_files import csv_of
from angerona.practice.caseload import known_to
from angerona.practice.importing import REJECTED_MAX, import_clients, import_notes
from angerona.practice.importing_clients import clients_of, matched, ways_written
from angerona.practice.importing_files import LIST, NOBODYS, Whose, check_class, listed_owners
from angerona.practice.importing_notes import notes_of
from angerona.practice.importing_packed import files_in, notes_of_packed, packed_up
from angerona.practice.importing_rows import PLACE, Rejected, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from angerona.gate.door import Door
    from angerona.practice.caseload import Known
    from angerona.practice.importing import Taken
    from angerona.practice.importing_packed import PackedFile
    from angerona.practice.importing_rows import Row
    from angerona.sealed.vault import Visit

BATCH_BYTES_MAX: Final = 50_000_000
"""How much one batch may hold as it is sent."""
SLICE: Final = 25
"""How many rows or files are worked off at a time."""
ROWS_SHOWN: Final = 5
CLIENTS: Final = "clients"
NOTES: Final = "notes"
FILES: Final = "files"
_STATE: Final = "the batch"
_CONTENT: Final = "what the batch holds"
_LEFT_OUT: Final = "its folder was left out"
_PACKED_ENDING: Final = ".zip"


class Reject(msgspec.Struct, frozen=True):
    """What could not be taken: the line or file it is, and why, without a word of its content."""

    where: str
    reason: str


class Tally(msgspec.Struct):
    """What became of what was brought so far: `kept`, `there` already, new `clients`, rejects."""

    kept: int = 0
    there: int = 0
    clients: int = 0
    rejected: list[Reject] = msgspec.field(default_factory=list)

    def add(self, taken: Taken | Rejected, where: str) -> None:
        """Count one; `where` is the line or the file that it is."""
        if isinstance(taken, Rejected):
            self.rejected.append(Reject(where, taken.reason))
            return
        self.kept += taken.kept
        self.there += not taken.kept
        self.clients += taken.enrolled

    def rejects(self, head: str) -> bytes:
        """The rejects as CSV, with this name above their lines or files."""
        return csv_of((head, "reason"), ((one.where, one.reason) for one in self.rejected))


class Batch(msgspec.Struct, kw_only=True):
    """A batch and how far it is. `chosen` says what each column is, or whose each folder is.

    `wanted` is the class of files, `level` how many folders lie around those of the clients,
    `dates` how a list writes days.
    """

    kind: str
    total: int
    wanted: str = ""
    level: int = 0
    chosen: dict[str, str] = msgspec.field(default_factory=dict)
    dates: str = ""
    has_begun: bool = False
    done: int = 0
    tally: Tally = msgspec.field(default_factory=Tally)

    @property
    def is_over(self) -> bool:
        """Whether everything was worked off."""
        return self.has_begun and self.done >= self.total


@dataclass(frozen=True, slots=True, repr=False)
class ListSeen:
    """A list before it is brought in: its columns with what they seem to say, its first rows.

    `dates`: in which of the ways most of its days of birth can be read.
    """

    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Folder:
    """A folder of a batch (`name` is empty for files in none), its files, whose it seems to be."""

    name: str
    files: int
    clients: tuple[Known, ...]


def take_up(visit: Visit, kind: str, data: bytes) -> Batch:
    """Hold a list of clients or a file of notes in this session, in place of any batch before.

    Raises `BadInput` for what cannot be used, or is too large for now.
    """
    table = read_table(io.BytesIO(data))
    if kind == CLIENTS:
        _check_list(table.columns)
        total = sum(1 for _ in table.rows)
    else:
        total = sum(1 for _ in notes_of(table))
    if not total:
        raise BadInput(PLACE, "holds no rows", "one row for each")
    batch = Batch(kind=kind, total=total, has_begun=kind == NOTES)
    return _held_from_now(visit, batch, data)


def take_up_files(visit: Visit, files: Sequence[tuple[str, bytes]], wanted: str) -> Batch:
    """Hold files, or one .zip of files, in this session; `wanted` is the class of all of them.

    Raises `BadInput` for a .zip or a list in it that cannot be used, or what is too large for now.
    """
    check_class(wanted)
    if not files:
        raise BadInput("files", "are missing", "a .zip, or the files themselves")
    is_packed = len(files) == 1 and files[0][0].lower().endswith(_PACKED_ENDING)
    data = files[0][1] if is_packed else packed_up(files)
    found = files_in(data)
    level = _level_of(found)
    batch = Batch(kind=FILES, total=0, wanted=wanted, level=level)
    batch.total = len(_Files(found, batch).files)
    if not batch.total:
        raise BadInput("the packed file", "holds no files", "a folder for each client")
    return _held_from_now(visit, batch, data)


def batch_of(visit: Visit) -> Batch | None:
    """The batch that this session holds, and how far it is."""
    found = visit.unlocked.carried(_STATE)
    return None if found is None else msgspec.msgpack.decode(found, type=Batch)


def let_go(visit: Visit) -> None:
    """Hold the batch no more; what was brought in stays."""
    visit.unlocked.put_down(_CONTENT)
    visit.unlocked.put_down(_STATE)


def list_seen(visit: Visit) -> ListSeen | None:
    """The list that waits for somebody to say what its columns are; nothing where none waits."""
    batch, data = batch_of(visit), visit.unlocked.carried(_CONTENT)
    if batch is None or data is None or batch.kind != CLIENTS or batch.has_begun:
        return None
    columns = matched(read_table(io.BytesIO(data)).columns)
    born = next((name for name, meaning in columns.items() if meaning == "born"), None)
    days = [row.fields[born] for row in _rows(data)] if born is not None else []
    first = [row.fields for row in islice(_rows(data), ROWS_SHOWN)]
    return ListSeen(columns, first, ways_written(days))


def folders_seen(visit: Visit) -> list[Folder] | None:
    """The folders that wait for somebody to say whose they are; nothing where none wait.

    Files that the list in the batch names are in none of them, nor those that cannot be taken.
    """
    batch, data = batch_of(visit), visit.unlocked.carried(_CONTENT)
    if batch is None or data is None or batch.kind != FILES or batch.has_begun:
        return None
    files = _Files(files_in(data), batch)
    counts: dict[str, int] = {}
    for file in files.files:
        if files.listed(file) is None and not file.wrong:
            name = files.folder(file)
            counts[name] = counts.get(name, 0) + 1
    named: dict[str, list[Known]] = {}
    for one in treated(visit):
        named.setdefault(one.name.casefold(), []).append(one)
    return [
        Folder(name, count, tuple(named.get(" ".join(name.split()).casefold(), ())))
        for name, count in sorted(counts.items())
    ]


def treated(visit: Visit) -> list[Known]:
    """The clients to whom something can be brought: those whom this person treats."""
    return [one for one in known_to(visit) if "treating" in one.relations]


def set_level(visit: Visit, level: int) -> None:
    """Say how many folders lie around those of the clients. Raises `BadInput`."""
    batch, data = batch_of(visit), visit.unlocked.carried(_CONTENT)
    if batch is None or data is None or batch.kind != FILES or batch.has_begun:
        return
    deepest = max((len(one.parts) for one in files_in(data)), default=1)
    if not 0 <= level < deepest:
        raise BadInput("folders", "lie no deeper", f"0 to {deepest - 1}")
    batch.level = level
    batch.total = len(_Files(files_in(data), batch).files)
    _keep(visit, batch)


def choose(visit: Visit, chosen: Mapping[str, str], *, dates: str = "") -> None:
    """Say what each column is and how days are written, or whose each folder is; then it begins.

    A folder is a name's, or the one of a client by the 32 digits of the id, or nobody's (empty).
    Raises `BadInput` for columns that do not fit, and for an id of nobody whom one treats.
    """
    batch, data = batch_of(visit), visit.unlocked.carried(_CONTENT)
    if batch is None or data is None or batch.has_begun:
        return
    if batch.kind == CLIENTS:
        clients_of(read_table(io.BytesIO(data)), chosen, dates=dates or "ymd")
    else:
        _check_folders(visit, chosen)
    batch.chosen, batch.dates, batch.has_begun = dict(chosen), dates, True
    _keep(visit, batch)


def go_on(door: Door, visit: Visit) -> Batch | None:
    """Work off the next slice of the batch; what became of it is in what this gives.

    The same person's slices go one after the other, also from two browsers. Raises `BadInput`
    where more than 10,000 rows cannot be taken, and what the store raises; what was taken stays.
    """
    with visit.vault.agent.alone(visit.unlocked.person_id):
        batch, data = batch_of(visit), visit.unlocked.carried(_CONTENT)
        if batch is None or data is None or not batch.has_begun or batch.is_over:
            return batch
        if len(batch.tally.rejected) >= REJECTED_MAX:
            raise BadInput(PLACE, f"{REJECTED_MAX} rows cannot be taken", "see to its form first")
        try:
            for taken, where in _worked_off(door, visit, batch, data):
                batch.tally.add(taken, where)
                batch.done += 1
        finally:
            if batch.done >= batch.total:
                visit.unlocked.put_down(_CONTENT)
            _keep(visit, batch)
    return batch


def _worked_off(
    door: Door, visit: Visit, batch: Batch, data: bytes
) -> Iterator[tuple[Taken | Rejected, str]]:
    if batch.kind == FILES:
        files = _Files(files_in(data), batch)
        now = files.files[batch.done : batch.done + SLICE]
        notes = notes_of_packed(now, batch.wanted, files.whose, visit.at)
        for taken in import_notes(door, visit, notes, clock=lambda: visit.at):
            yield taken, now[taken.line - 1].path
        return
    table, part = read_table(io.BytesIO(data)), slice(batch.done, batch.done + SLICE)
    if batch.kind == CLIENTS:
        listed = clients_of(table, batch.chosen, dates=batch.dates or "ymd")
        rows = islice(listed, part.start, part.stop)
        taking = import_clients(door, visit, rows, clock=lambda: visit.at)
    else:
        read = islice(notes_of(table), part.start, part.stop)
        taking = import_notes(door, visit, read, clock=lambda: visit.at)
    for taken in taking:
        yield taken, str(taken.line)


class _Files:
    """The files of a batch, as somebody said whose they are."""

    def __init__(self, found: Sequence[PackedFile], batch: Batch) -> None:
        self._level, self._chosen = batch.level, batch.chosen
        self._owners: dict[str, Whose] = {}
        self.files = [one for one in found if self._inside(one) != LIST]
        for one in found:
            if self._inside(one) == LIST:
                if one.wrong:
                    raise BadInput(LIST, f"cannot be read: {one.wrong}")
                self._owners = listed_owners(io.BytesIO(_read(one)))

    def listed(self, file: PackedFile) -> Whose | None:
        """Whose the list in the batch says a file is."""
        return self._owners.get(self._inside(file))

    def folder(self, file: PackedFile) -> str:
        """The folder of a client in which a file lies; empty for none."""
        parts = file.parts[self._level :]
        return parts[0] if len(parts) > 1 else ""

    def whose(self, file: PackedFile) -> Whose | str:
        """Whose a file is, or why it is nobody's."""
        if (listed := self.listed(file)) is not None:
            return listed
        folder = self.folder(file)
        chosen = self._chosen.get(folder, "")
        if not chosen:
            return _LEFT_OUT if folder else NOBODYS
        if chosen == folder:
            return Whose(folder)
        return Whose(folder, client_id=bytes.fromhex(chosen))

    def _inside(self, file: PackedFile) -> str:
        return "/".join(file.parts[self._level :])


def _read(file: PackedFile) -> bytes:
    try:
        return b"" if file.wrong else file.read()
    except OSError:
        return b""


def _level_of(found: Sequence[PackedFile]) -> int:
    """1 where one folder lies around those of the clients, as when it was packed whole."""
    around = {one.parts[0] for one in found}
    deep = all(len(one.parts) > 2 or one.parts[1:] == (LIST,) for one in found)  # noqa: PLR2004 -- a folder in a folder
    return int(len(around) == 1 and deep)


def _rows(data: bytes) -> Iterator[Row]:
    return (one for one in read_table(io.BytesIO(data)).rows if not isinstance(one, Rejected))


def _check_list(columns: Sequence[str]) -> None:
    if not columns:
        raise BadInput(PLACE, "is no list with a line of column names", "CSV in UTF-8")


def _check_folders(visit: Visit, chosen: Mapping[str, str]) -> None:
    mine = {one.client_id.hex() for one in treated(visit)}
    if any(whose not in {"", folder, *mine} for folder, whose in chosen.items()):
        raise BadInput("folder", "is nobody's whom you treat", "its own name, an id, or nothing")


def _held_from_now(visit: Visit, batch: Batch, data: bytes) -> Batch:
    if len(data) > BATCH_BYTES_MAX:
        most = BATCH_BYTES_MAX // 1_000_000
        raise BadInput("the batch", "is too large", f"{most} MB at a time, or the command line")
    let_go(visit)
    if len(data) > visit.vault.agent.room(visit.at):
        raise BadInput("the batch", "finds no room, because others bring much at once", "later")
    visit.unlocked.carry(_CONTENT, data)
    _keep(visit, batch)
    return batch


def _keep(visit: Visit, batch: Batch) -> None:
    visit.unlocked.carry(_STATE, msgspec.msgpack.encode(batch))
