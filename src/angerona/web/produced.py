"""What was produced of a record: packet by packet, and each one's list to take to a court."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import Unknown
from angerona.notices.packet_files import PAPERS
from angerona.practice.produced import FORMS, produced_csv, produced_of, produced_pdf
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Download, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result


def produced(turn: Turn) -> Result:
    """Each packet that left, and beside it, for the practice, what stayed and why."""
    head = head_of(turn)
    packets = produced_of(turn.door, turn.visit, head.client_id)
    return Page("produced.html", {"head": head, "packets": packets})


def listed(turn: Turn) -> Result:
    """The list of one packet, as pages or as a table. It says what went, and nothing else."""
    client_id, packet_id, form = turn.id_of("client"), turn.id_of("packet"), turn.form
    kind = form.choice("form", FORMS, default="pdf")
    paper = form.choice("paper", PAPERS, default="a4")
    found = [
        one for one in produced_of(turn.door, turn.visit, client_id) if one.packet_id == packet_id
    ]
    if not found:
        raise Unknown
    if kind == "csv":
        return Download("list.csv", "text/csv", produced_csv(found[0]))
    name = turn.door.vault.practice().row.name
    pdf = produced_pdf(found[0], practice=name, zone=turn.zone, at=turn.at, paper=paper)
    return Download("list.pdf", "application/pdf", pdf)


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/produced", do=produced, face=MEMBER),
    Route(method="POST", path="/clients/{client}/produced/{packet}", do=listed, face=MEMBER),
)
