"""A record taken along from the browser: one file with JSON, pages and the files of its entries."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted, PrintFailure
from angerona.gate.gathering import Wish
from angerona.notices.typesetting import is_installed
from angerona.practice.caseload import short_id
from angerona.practice.exporting import Copy, copy_record
from angerona.web.answers import answered, stated
from angerona.web.records import head_of
from angerona.web.turn import Download, Page, Route, Turn
from angerona.words import CLASSES

if TYPE_CHECKING:
    from angerona.web.turn import Result

FILE_BYTES_MAX: Final = 200_000_000
"""What is put together in memory; `angerona export` writes more."""
PAPER: Final = "a4"


def copy_page(turn: Turn, problem: BadInput | None = None) -> Page:
    """What a copy is, and the button that makes it, for whoever treats."""
    head = head_of(turn)
    if "treating" not in head.relations:
        raise NotPermitted
    says = {"head": head, "problem": problem}
    return Page("copy.html", says, 422 if problem else 200)


def copy(turn: Turn) -> Result:
    """Make the copy; each one is in the ledger before it is given."""
    head, facts = head_of(turn), stated(turn)
    found = copy_record(turn.door, turn.visit, head.client_id, facts=facts)
    if not isinstance(found, Copy):
        wish = Wish(wants=tuple(CLASSES), purpose="treatment", facts=facts)
        return answered(turn, head.client_id, wish, found, head=head)
    if found.file_bytes > FILE_BYTES_MAX:
        raise BadInput(
            "files", "are too many for a browser", "angerona export, at the command line"
        )
    name = f"record-{short_id(head.client_id)}.zip"
    return Download(name, "application/zip", _packed(found))


def _packed(found: Copy) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("record.json", found.as_json())
        if is_installed():
            with suppress(PrintFailure):  # what cannot be printed stands in the JSON all the same
                packed.writestr("record.pdf", found.as_pages(paper=PAPER))
        for name in found.files:
            with packed.open(name, "w") as file:
                found.fetch(name, file)  # type: ignore[arg-type]  # it is written to, and no more
    return target.getvalue()


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
)
