"""Bringing one's practice along: a list of clients, notes, files of many clients, with progress.

What comes in is checked and worked off by `practice/bringing.py`; these pages ask what a column is
and whose a folder is, say how far it is, and hand out what could not be taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.practice.bringing import (
    BATCH_BYTES_MAX,
    CLIENTS,
    FILES,
    NOTES,
    batch_of,
    choose,
    folders_seen,
    go_on,
    let_go,
    list_seen,
    set_level,
    take_up,
    take_up_files,
    treated,
)
from angerona.practice.importing_clients import DATES, MEANINGS
from angerona.practice.importing_notes import CLASSES_TAKEN
from angerona.web.turn import Download, Moved, Page, Route, Turn
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from angerona.practice.bringing import Folder
    from angerona.practice.caseload import Known
    from angerona.web.turn import Result

UPLOADS_MAX: Final = 200
"""How many single files a form may hold; a .zip holds more."""
FOLDERS_SHOWN: Final = 300
REJECTS_SHOWN: Final = 50
USUAL_CLASS: Final = "correspondence"
_FIRST: Final = {CLIENTS: "/bring/columns", NOTES: "/bring/now", FILES: "/bring/folders"}
"""Where each kind of batch goes on from."""


def start(turn: Turn, problem: BadInput | None = None) -> Page:
    """What can be brought, and the batch that is on its way."""
    says = {
        "batch": batch_of(turn.visit),
        "first": _FIRST,
        "classes": {name: CLASSES[name] for name in CLASSES_TAKEN},
        "wanted": turn.form.text("class") or USUAL_CLASS,
        "most": BATCH_BYTES_MAX // 1_000_000,
        "uploads": UPLOADS_MAX,
        "problem": problem,
    }
    return Page("bring.html", says, 422 if problem else 200)


def send_rows(kind: str) -> Callable[[Turn], Result]:
    """Take a list of clients or a file of notes up."""

    def send(turn: Turn) -> Result:
        upload = turn.form.file("file")
        if upload is None:
            raise BadInput("file", "is missing", "a file to bring")
        take_up(turn.visit, kind, upload.data)
        return Moved(_FIRST[kind])

    return send


def send_files(turn: Turn) -> Result:
    """Take files, or a .zip of them, up."""
    files = [(one.name, one.data) for one in turn.form.files.get("file", ())]
    take_up_files(turn.visit, files, turn.form.choice("class", CLASSES_TAKEN))
    return Moved(_FIRST[FILES])


def columns(turn: Turn, problem: BadInput | None = None) -> Result:
    """What each column of the list seems to say, with its first rows, to be put right."""
    seen = list_seen(turn.visit)
    if seen is None:
        return Moved("/bring")
    typed, form = problem is not None, turn.form
    guessed = seen.dates[0] if len(seen.dates) == 1 else ""
    says = {
        "columns": [
            (
                f"column-{number}",
                name,
                form.text(f"column-{number}") if typed else meaning,
                [row[name] for row in seen.rows if row[name].strip()],
            )
            for number, (name, meaning) in enumerate(seen.columns.items())
        ],
        "rows": [tuple(row.values()) for row in seen.rows],
        "total": _total(turn),
        "meanings": MEANINGS,
        "has_born": "born" in seen.columns.values(),
        "dates": DATES,
        "chosen_dates": form.text("dates") if typed else guessed,
        "problem": problem,
    }
    return Page("bring_columns.html", says, 422 if problem else 200)


def columns_told(turn: Turn) -> Result:
    """Begin with what the columns are."""
    seen, form = list_seen(turn.visit), turn.form
    if seen is None:
        return Moved("/bring")
    told = {name: form.text(f"column-{number}") for number, name in enumerate(seen.columns)}
    dates = form.text("dates")
    if "born" in told.values() and not dates:
        raise BadInput("days of birth", "can be read in several ways", "one of the ways below")
    choose(turn.visit, told, dates=dates)
    return Moved("/bring/now")


def folders(turn: Turn, problem: BadInput | None = None) -> Result:
    """Whose each folder seems to be, to be put right."""
    seen = folders_seen(turn.visit)
    batch = batch_of(turn.visit)
    if seen is None or batch is None:
        return Moved("/bring")
    typed = problem is not None
    says = {
        "folders": [
            (
                f"folder-{number}",
                one,
                turn.form.text(f"folder-{number}") if typed else _suggested(one),
            )
            for number, one in enumerate(seen[:FOLDERS_SHOWN])
        ],
        "more": max(0, len(seen) - FOLDERS_SHOWN),
        "total": batch.total,
        "level": batch.level,
        "others": batch.total - sum(one.files for one in seen),
        "what": CLASSES[batch.wanted],
        "clients": sorted(treated(turn.visit), key=lambda one: (one.name.casefold(), one.short_id)),
        "problem": problem,
    }
    return Page("bring_folders.html", says, 422 if problem else 200)


def folders_told(turn: Turn) -> Result:
    """Begin with whose the folders are, or look for the clients one folder further in or out."""
    seen, batch = folders_seen(turn.visit), batch_of(turn.visit)
    if seen is None or batch is None:
        return Moved("/bring")
    act = turn.form.choice("act", ("begin", "in", "out"), default="begin")
    if act != "begin":
        set_level(turn.visit, batch.level + (1 if act == "in" else -1))
        return Moved(_FIRST[FILES])
    mine = treated(turn.visit)
    told = {
        one.name: _whose(turn, number, one, mine) for number, one in enumerate(seen[:FOLDERS_SHOWN])
    }
    told |= {one.name: one.name for one in seen[FOLDERS_SHOWN:]}
    choose(turn.visit, told)
    return Moved("/bring/now")


def _suggested(folder: Folder) -> str:
    """The client's name; the id where several have it, so that somebody says which."""
    return "" if len(folder.clients) > 1 else folder.name


def _whose(turn: Turn, number: int, folder: Folder, mine: Sequence[Known]) -> str:
    """A folder's owner as `choose` has it, from a name or an id that was typed."""
    typed = " ".join(turn.form.text(f"folder-{number}").split())
    if not typed:
        return ""
    fits = [one for one in mine if typed.casefold() in {one.name.casefold(), one.short_id}]
    if len(fits) == 1:
        return fits[0].client_id.hex()
    if fits or typed.casefold() != " ".join(folder.name.split()).casefold():
        wrong = "fits several" if fits else "names nobody whom you treat"
        allowed = "the id of a client, the folder's own name for a new one, or nothing"
        raise BadInput(f"folder {number + 1}", wrong, allowed)
    return folder.name


def now(turn: Turn, problem: BadInput | None = None) -> Result:
    """How far the batch is, what could not be taken, and how to go on."""
    batch = batch_of(turn.visit)
    if batch is None:
        return Moved("/bring")
    if not batch.has_begun:
        return Moved(_FIRST[batch.kind])
    says = {"batch": batch, "shown": REJECTS_SHOWN, "problem": problem}
    return Page("bring_now.html", says, 422 if problem else 200)


def next_slice(turn: Turn) -> Result:
    """Work off the next slice."""
    go_on(turn.door, turn.visit)
    return Moved("/bring/now")


def rejects(turn: Turn) -> Result:
    """What could not be taken, as a list to keep."""
    batch = batch_of(turn.visit)
    if batch is None:
        return Moved("/bring")
    head = "file" if batch.kind == FILES else "line"
    return Download("not-taken.csv", "text/csv; charset=utf-8", batch.tally.rejects(head))


def stop(turn: Turn) -> Result:
    """Hold the batch no more."""
    let_go(turn.visit)
    return Moved("/bring", done="batch-gone")


def _total(turn: Turn) -> int:
    batch = batch_of(turn.visit)
    return 0 if batch is None else batch.total


def _sent(path: str, do: Callable[[Turn], Result], files_max: int = 1) -> Route:
    return Route(
        method="POST",
        path=path,
        do=do,
        face="clinic",
        again=start,
        file_bytes_max=BATCH_BYTES_MAX,
        files_max=files_max,
    )


ROUTES: Final = (
    Route(method="GET", path="/bring", do=start, face="clinic"),
    _sent("/bring/clients", send_rows(CLIENTS)),
    _sent("/bring/notes", send_rows(NOTES)),
    _sent("/bring/files", send_files, UPLOADS_MAX),
    Route(method="GET", path="/bring/columns", do=columns, face="clinic"),
    Route(method="POST", path="/bring/columns", do=columns_told, face="clinic", again=columns),
    Route(method="GET", path="/bring/folders", do=folders, face="clinic"),
    Route(method="POST", path="/bring/folders", do=folders_told, face="clinic", again=folders),
    Route(method="GET", path="/bring/now", do=now, face="clinic"),
    Route(method="POST", path="/bring/now", do=next_slice, face="clinic", again=now),
    Route(method="POST", path="/bring/rejects", do=rejects, face="clinic"),
    Route(method="POST", path="/bring/stop", do=stop, face="clinic"),
)
