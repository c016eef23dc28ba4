"""Records taken along from the browser: one file with JSON, pages and the files of the entries.

One record, or all of one's own with a folder for each; then nothing is left out without a word.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from angerona.errors import AngeronaError, BadInput, NotPermitted, PrintFailure
from angerona.gate.gathering import Wish
from angerona.notices.typesetting import is_installed
from angerona.practice.caseload import caseload, short_id
from angerona.practice.exporting import Copy, copy_record
from angerona.practice.paper import put_on_paper
from angerona.rules.answer import AskFirst, Refuse
from angerona.web.answers import answered, stated
from angerona.web.caseload import as_met
from angerona.web.paper import asked_what_for, what_for
from angerona.web.records import head_of
from angerona.web.turn import Download, Page, Route, Turn
from angerona.words import CLASSES

if TYPE_CHECKING:
    from angerona.practice.paper import Purpose
    from angerona.web.turn import Result

FILE_BYTES_MAX: Final = 200_000_000
"""What is put together in memory; `angerona export` writes more."""
PAPER: Final = "a4"
CONTENTS: Final = "contents.txt"
"""The file that says what is in a copy of all, and what is not and why."""
_MORE: Final = "angerona export, at the command line"
_LEFT_OUT: Final[dict[type, str]] = {
    AskFirst: "left out, because the rules ask questions first: take its copy on its own page",
    Refuse: "left out, because the rules do not let you read it",
}


def copy_page(turn: Turn, problem: BadInput | None = None) -> Page:
    """What a copy is, and the button that makes it, for whoever treats."""
    head = head_of(turn)
    if "treating" not in head.relations:
        raise NotPermitted
    says = {"head": head, "problem": problem, **asked_what_for(turn)}
    return Page("copy.html", says, 422 if problem else 200)


def copy(turn: Turn) -> Result:
    """Make the copy; each one is in the ledger before it is given."""
    head, facts, purpose = head_of(turn), stated(turn), what_for(turn)
    found = copy_record(turn.door, turn.visit, head.client_id, purpose=purpose, facts=facts)
    if not isinstance(found, Copy):
        wish = Wish(wants=tuple(CLASSES), purpose="treatment", facts=facts)
        return answered(turn, head.client_id, wish, found, head=head)
    if found.file_bytes > FILE_BYTES_MAX:
        raise BadInput("files", "are too many for a browser", _MORE)
    name = f"record-{short_id(head.client_id)}.zip"
    return Download(name, "application/zip", _packed(found))


def _packed(found: Copy) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        _add_texts(packed, found, "")
        for name in found.files:
            with packed.open(name, "w") as file:
                found.fetch(name, file)  # type: ignore[arg-type]  # it is written to, and no more
    return target.getvalue()


def _add_texts(packed: zipfile.ZipFile, found: Copy, folder: str) -> None:
    packed.writestr(f"{folder}record.json", found.as_json())
    if is_installed():
        with suppress(PrintFailure):  # what cannot be printed stands in the JSON all the same
            packed.writestr(f"{folder}record.pdf", found.as_pages(paper=PAPER))


def all_page(turn: Turn, problem: BadInput | None = None) -> Page:
    """What a copy of all one's records is, and the button that makes it."""
    says = {
        "most": FILE_BYTES_MAX // 1_000_000,
        "contents": CONTENTS,
        "problem": problem,
        **asked_what_for(turn),
    }
    return Page("export.html", says, 422 if problem else 200)


def copy_all(turn: Turn) -> Result:
    """Copy every record of one's own, each with its line; the contents say what became of each."""
    target, said, room = io.BytesIO(), list[str](), FILE_BYTES_MAX
    purpose, copied = what_for(turn), 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for known in as_met(turn, caseload(turn.visit)):
            became, taken = _added(turn, packed, known.client_id, room, purpose)
            copied += taken is not None
            said.append(f"{known.short_id}  {known.name}: {became}\n")
            room -= taken or 0
        packed.writestr(CONTENTS, "".join(said) or "No client.\n")
    put_on_paper(turn.visit, purpose, clients=copied)
    return Download("records.zip", "application/zip", target.getvalue())


def _added(
    turn: Turn, packed: zipfile.ZipFile, client_id: bytes, room: int, purpose: Purpose
) -> tuple[str, int | None]:
    """Add one record to a copy of all; what became of it, and how much room its files took.

    No room at all where it was left out.
    """
    try:
        found = copy_record(turn.door, turn.visit, client_id, purpose=purpose, is_one=False)
    except NotPermitted:
        return "left out, because you do not treat this client", None
    except AngeronaError as problem:
        return f"left out: {problem}", None
    if not isinstance(found, Copy):
        return _LEFT_OUT[type(found)], None
    folder = f"{short_id(client_id)}/"
    _add_texts(packed, found, folder)
    entries = f"{len(found.document['entries'])} entries"
    if found.file_bytes > room:
        return f"{entries}; its {len(found.files)} files are left out for want of room: {_MORE}", 0
    shut = [name for name in found.files if not _add_file(packed, found, folder, name)]
    left_out = f"; left out, because they do not open: {', '.join(shut)}" if shut else ""
    return f"{entries}, {len(found.files) - len(shut)} files{left_out}", found.file_bytes


def _add_file(packed: zipfile.ZipFile, found: Copy, folder: str, name: str) -> bool:
    """Add a file that opens as a whole; whether it does."""
    file = io.BytesIO()
    try:
        found.fetch(name, file)
    except AngeronaError:
        return False
    packed.writestr(folder + name, file.getbuffer())
    return True


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/copy", do=copy_page, face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/copy",
        do=copy,
        face="clinic",
        again=copy_page,
        step_up=True,
    ),
    Route(method="GET", path="/export", do=all_page, face="clinic"),
    Route(method="POST", path="/export", do=copy_all, face="clinic", again=all_page, step_up=True),
)
