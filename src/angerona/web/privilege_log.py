"""The privilege log of a request, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import NotPermitted
from angerona.notices.packet_files import PAPERS
from angerona.practice.privilege_log import FORMS, log_csv, log_pdf, privilege_log
from angerona.practice.requests import request
from angerona.web.court_orders import paper
from angerona.web.turn import MEMBER, READS, Download, Route, Turn, faces_of

if TYPE_CHECKING:
    from angerona.web.turn import Result


def log(turn: Turn) -> Result:
    """What is kept back, entry by entry, with nothing of what stands in it."""
    if not READS & faces_of(turn.person):
        raise NotPermitted  # it names the kinds that stand in a record
    matter, form = request(turn.visit, turn.id_of("matter")), turn.form
    kind = form.choice("form", FORMS, default="pdf")
    chosen = form.choice("paper", PAPERS, default="a4")
    found = privilege_log(turn.door, turn.visit, matter)
    if kind == "csv":
        return Download("list.csv", "text/csv", log_csv(found))
    name = turn.door.vault.practice().row.name
    pdf = log_pdf(found, practice=name, at=turn.local, paper=chosen)
    return Download("list.pdf", "application/pdf", pdf)


ROUTES: Final = (
    Route(method="POST", path="/requests/{matter}/privilege-log", do=log, face=MEMBER, again=paper),
)
